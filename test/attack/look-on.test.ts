// `retrace listen` and the app on one workspace, as real processes, while a MISP posts without a pause: the app shows what comes as it comes,
// comes and goes, and takes over when the listener is killed. No post that was acknowledged is lost.
import { once } from 'node:events'
import { request } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'undici'
import type { HostEvent } from '../../src/contract/events.ts'
import { socketPath, socketProtocol } from '../../src/contract/wire.ts'
import type { CaptureStatus } from '../../src/contract/workspace.ts'
import { CaptureService } from '../../src/host/capture/service.ts'
import { builtWorker } from '../unit/host/built-worker.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { accountForPosts, allAccounted } from './account-for-posts.ts'
import { start, startApp, type App } from './killed.ts'
import { scale } from './scale.ts'

const folder = temporaryFolders()
beforeAll(() => void builtWorker())
afterEach(() => void delete process.env['RETRACE_CAPTURE_PORT'])

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

/** A MISP whose workflow runs again and again: three posts a run, one after the other. */
class Misp {
  readonly acknowledged = new Set<string>()
  refused = 0
  #isOver = false
  #woken: (() => void)[] = []
  readonly #work: Promise<void>

  constructor(private readonly port: number) {
    this.#work = this.#run()
  }

  async #run(): Promise<void> {
    for (let run = 1; !this.#isOver; run++)
      for (const kind of ['init?type=blocking', 'exec/tag-if?result=success', 'end?outcome=success']) {
        const mark = `mark-${run}-${kind.slice(0, 3)}`
        if ((await this.#post(kind, run, mark)) === 200) this.acknowledged.add(mark)
        else this.refused++
        for (const wake of this.#woken.splice(0)) wake()
        // As fast as a MISP; thousands more would only keep the machine busy.
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
  }

  #post(kind: string, id: number, mark: string): Promise<number> {
    const data = { Event: { id: String(id), info: mark } }
    const body = JSON.stringify({ source: {}, timestamp: '2024-10-21T12:00:00+00:00', data })
    return new Promise((resolve) => {
      const options = { host: '127.0.0.1', port: this.port, path: `/event-publish/${kind}`, method: 'POST' }
      const sent = request(options, (answer) => {
        const { statusCode = 0 } = answer
        answer
          .on('error', () => resolve(0))
          .resume()
          .on('end', () => resolve(statusCode))
      })
      sent.on('error', () => setImmediate(() => resolve(0))).end(body)
    })
  }

  /** Waits until so many more posts were acknowledged. */
  async more(count: number): Promise<void> {
    const wanted = this.acknowledged.size + count
    while (this.acknowledged.size < wanted) await new Promise<void>((wake) => this.#woken.push(wake))
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await this.#work
  }
}

/** A page of the app, open. */
async function pageOf({ origin, token }: App) {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}${socketPath}`, {
    protocols: [socketProtocol, `token.${token}`]
  })
  const waiting: { fits: (event: HostEvent) => boolean; done: () => void }[] = []
  socket.addEventListener('message', ({ data }) => {
    const { m, a } = JSON.parse(String(data)) as { m: string; a: [HostEvent['name'], unknown] }
    if (m !== 'event') return
    const event = { name: a[0], data: a[1] } as HostEvent
    for (const one of waiting.filter(({ fits }) => fits(event))) {
      waiting.splice(waiting.indexOf(one), 1)
      one.done()
    }
  })
  await once(socket as never, 'open')
  return {
    hears: (fits: (event: HostEvent) => boolean): Promise<void> =>
      new Promise((done) => void waiting.push({ fits, done })),
    close: () => socket.close()
  }
}

const isRun = (event: HostEvent): boolean => event.name === 'runs.changed' && event.data.changed.length > 0

describe('the app beside retrace listen', () => {
  it('shows what comes, comes and goes, and takes over from one that is killed; no post is lost', async () => {
    const workspace = folder()
    const port = await freePort()
    process.env['RETRACE_CAPTURE_PORT'] = String(port)
    const some = scale(8, 500)
    const listen = await start(['listen', '--port', String(port), '--workspace', workspace], /^listening /)
    const misp = new Misp(port)
    await misp.more(some)
    // Posts arrive while the app starts, while it is there, and while it ends.
    const first = await startApp(workspace)
    expect(await first.call('workspace.info')).toMatchObject({ writable: true })
    expect(await first.call('capture.status')).toMatchObject({
      ...{
        state: 'listening',
        url: `http://127.0.0.1:${port}`,
        elsewhere: expect.stringMatching(/^process /) as string
      },
      debug: { posted: [{ trigger: 'event-publish', isNew: true }] }
    })
    const page = await pageOf(first)
    await page.hears(isRun)
    await page.hears(({ name }) => name === 'capture.changed')
    await first.call('workspace.set', { settings: { 'Plugin.Workflow_enable': true } })
    page.close()
    // The listener goes on: there is nothing to say about MISP.
    expect(await first.end()).toMatchObject({
      status: 0,
      errors: expect.not.stringContaining('nobody listens') as string
    })
    await misp.more(some)
    expect(misp.refused).toBe(0)

    const second = await startApp(workspace)
    expect(await second.call('workspace.settings')).toMatchObject({ 'Plugin.Workflow_enable': true })
    const other = await pageOf(second)
    await other.hears(isRun)
    const told = other.hears(
      ({ name, data }) => name === 'workspace.problem' && 'code' in data && data.code === 'HOST_LOST'
    )
    await listen.kill()
    await told
    await misp.more(some)
    await other.hears(isRun)
    const status = (await second.call('capture.status')) as CaptureStatus
    expect([status.state, status.elsewhere]).toEqual(['listening', undefined])
    other.close()
    await misp.stop()
    const { status: ended, errors } = await second.end()
    expect([ended, errors]).toEqual([0, expect.stringContaining('From now on nobody listens') as string])

    const service = await CaptureService.open(workspace, {}, false)
    const stored = new Set<string>()
    for await (const { seq } of service.reader.places(1))
      stored.add(/mark-\d+-\w+/.exec((await service.reader.readStored(seq)).body.toString())?.[0] ?? '')
    expect([...misp.acknowledged].filter((mark) => !stored.has(mark))).toEqual([])
    expect(await accountForPosts(service)).toMatchObject(allAccounted)
    await service.close()
  }, 120_000)
})

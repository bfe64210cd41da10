// An app whose workspace another process holds (here: another host of this one) works through it.
import { chmodSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, request } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { EventMap, EventName, HostEvent } from '../../../src/contract/events.ts'
import { watchPosts } from '../../../src/host/capture/parting.ts'
import type { AppHost } from '../../../src/host/host.ts'
import { ownIdentity } from '../../../src/host/ports/processes.ts'
import { encodeLock } from '../../../src/host/store/lock-file.ts'
import { createWorkspaces } from '../../../src/host/workspaces/workspaces.ts'
import { ask, finished, hosting } from './hosting.ts'
import { eventOf, guard } from './samples.ts'

const { folder, open, later } = hosting()

async function appOn(workspace: string, version = '0'): Promise<AppHost> {
  const app = await createWorkspaces({
    ...{ workspace, version, userFolder: folder(), shell: 'browser', workerUrl: null, listener: { port: 0 } }
  })
  later(() => app.close())
  return app
}

/** Resolves with the data of the next event of that name that fits. */
const next = <N extends EventName>(
  app: AppHost,
  name: N,
  fits: (data: EventMap[N]) => boolean = () => true
): Promise<EventMap[N]> =>
  new Promise((resolve) => {
    const stop = app.listen((event: HostEvent) => {
      if (event.name !== name || !fits(event.data as EventMap[N])) return
      stop()
      resolve(event.data as EventMap[N])
    })
  })

describe('an app on a workspace that is held elsewhere', () => {
  it('calls, runs and hears of everything through the holder, and its pages name no file', async () => {
    const workspace = folder()
    const holder = await open(workspace)
    const app = await appOn(workspace)
    expect(await ask(app, 'app.info', {})).toMatchObject({ shell: 'browser', workspace: { writable: true } })
    const heard = next(app, 'workflows.changed')
    const { id } = await ask(app, 'workflows.save', { workflow: guard, note: '' })
    expect((await heard).changed.map((one) => one.id)).toEqual([id])
    expect(holder.workspace.workflows.list().map((one) => one.id)).toEqual([id])
    const listed = next(app, 'runs.changed', ({ changed }) => changed.some(({ state }) => state !== 'running'))
    const { runId } = await ask(app, 'run.start', {
      workflow: { workflowId: id },
      data: { json: eventOf(1, ['tlp:red']) }
    })
    expect((await finished(app, runId)).summary.outcome).toBe('blocked')
    expect((await listed).changed.map((run) => run.id)).toContain(runId)
    for (const name of ['holder.upload', 'holder.watch', 'constructor', 'x'.repeat(5000)])
      expect(await app.call(name, { file: '/etc/passwd' })).toMatchObject({ error: { code: 'OPERATION_UNKNOWN' } })
    // A name or an id that is none of the wire's costs nobody the connection.
    expect(await app.call('workspace.info', {}, 'x'.repeat(5000))).toMatchObject({ ok: true })
  })

  it('passes files on, keeps no copy, and gives data sets back as they came', async () => {
    const workspace = folder()
    await open(workspace)
    const app = await appOn(workspace)
    const text = JSON.stringify(eventOf(7, []))
    const uploadId = await app.uploads.receive(Readable.from([text]))
    const set = await ask(app, 'data.import', { name: 'one.json', uploadId })
    expect(set).toMatchObject({ name: expect.stringContaining('one') as string })
    const file = join(folder(), 'two.json')
    writeFileSync(file, text)
    await ask(app, 'data.import', { name: 'two.json', uploadId: await app.uploads.take(file) })
    expect(await ask(app, 'data.list', {})).toHaveLength(2)
    expect(readdirSync(join(workspace, '.uploads'))).toEqual([])
    await expect(app.uploads.take(join(workspace, 'nothing'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    const id = (await ask(app, 'data.list', {}))[0]?.id ?? ''
    expect(app.dataFile(id)).toBe(join(workspace, 'data', `${id}.json`))
    expect(() => app.dataFile('../../etc/passwd')).toThrow(expect.objectContaining({ code: 'PARAMS_INVALID' }) as Error)
  })

  it('opens the workspace itself when the holder ends, says so, and takes posts', async () => {
    const workspace = folder()
    const holder = await open(workspace)
    const app = await appOn(workspace)
    const parting = watchPosts(app)
    expect(await ask(app, 'capture.status', {})).toMatchObject({
      elsewhere: expect.stringMatching(/^process \d+$/) as string
    })
    const told = next(app, 'workspace.problem', ({ code }) => code === 'HOST_LOST')
    await holder.close()
    expect((await told).message).toMatch(
      /^Process \d+, which had this workspace open, has ended\. .*posts are taken at http/
    )
    const status = await ask(app, 'capture.status', {})
    expect([status.state, status.elsewhere]).toEqual(['listening', undefined])
    expect(await ask(app, 'workflows.save', { workflow: guard, note: '' })).toMatchObject({ version: 1 })
    expect(parting()).toBeNull()
  })

  it('leaves a command’s listener where its command line put it, and has it read the sources anew', async () => {
    const workspace = folder()
    const holder = await open(workspace)
    await holder.capture.service()
    const refused = (): void => undefined
    const { url } = await holder.capture.listenFor({ host: '127.0.0.1', port: 0, onEvent: refused, refused })
    const post = (path: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const to = new URL(`${path}/event-publish/init?type=blocking`, url)
        request(to, { method: 'POST' }, ({ statusCode }) => resolve(statusCode))
          .on('error', reject)
          .end('{}')
      })
    expect(await post('')).toBe(200)
    const app = await appOn(workspace)
    const told = new Promise((resolve) => holder.listen(({ name }) => name === 'workspace.changed' && resolve(name)))
    const sources = [{ name: 'site', secret: 'hush' }]
    expect(await ask(app, 'capture.configure', { port: 5, sources })).toMatchObject({
      ...{ state: 'listening', url, elsewhere: expect.stringMatching(/^process/) as string }
    })
    await told
    expect(await ask(app, 'capture.settings', {})).toMatchObject({ port: 5, sources })
    expect([await post('/site'), await post('/site/hush')]).toEqual([401, 200])
    // What the settings say of posts that came holds for a command, too.
    const gone: string[] = []
    const other = createHttpServer((request, response) => (gone.push(request.url ?? ''), response.end()))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const forward = `http://127.0.0.1:${(other.address() as AddressInfo).port}/next`
    try {
      await ask(app, 'capture.configure', { forward })
      await post('/site/hush')
      await expect.poll(() => gone).toEqual([expect.stringMatching(/^\/next\/.*event-publish\/init/)])
    } finally {
      other.close()
    }
  })

  it('is read-only beside a holder of another version, and says why', async () => {
    const workspace = folder()
    await open(workspace)
    const app = await appOn(workspace, '99.0.0')
    const info = await ask(app, 'workspace.info', {})
    expect([info.writable, info.readOnly]).toEqual([
      false,
      expect.stringMatching(
        /^process \d+ has it open with version 0 of Retrace, and this is 99\.0\.0: end it to write here$/
      )
    ])
    expect(await app.call('workflows.save', { workflow: guard, note: '' })).toMatchObject({
      error: { code: 'WORKSPACE_READ_ONLY', message: expect.stringContaining('with version 0 of Retrace') as string }
    })
  })
})

describe.skipIf(process.platform === 'win32')('whoever is at the socket', () => {
  const hostile = [
    'garbage',
    'null',
    '[]',
    '{"t":"q","m":"call","i":"1","a":["workspace.info",{}]}',
    '{"t":"q","m":"event","a":["constructor",{}]}',
    '{"t":"q","m":"event","a":["runs.changed",null]}',
    '{"t":"s","i":"1","r":5}',
    '{"t":"s","i":"1","r":{"ok":false}}',
    `${'['.repeat(30_000)}${']'.repeat(30_000)}`
  ]
  it.each(hostile.map((text) => [text.slice(0, 60), text] as const))(
    'is left when it sends %s',
    async (_name, text) => {
      const workspace = folder()
      const path = join(workspace, 'workspace.sock')
      const sockets: Socket[] = []
      const server: Server = createServer((socket) => {
        sockets.push(socket)
        let asked = 0
        socket.on('error', () => undefined)
        socket.on('data', (chunk: Buffer) => {
          for (const line of chunk.toString().trim().split('\n')) {
            const { i } = JSON.parse(line) as { readonly i: string }
            const r = { ok: true, data: { version: '0', workspace: {} } }
            if (asked++ < 2) socket.write(`${JSON.stringify({ t: 's', i, r })}\n`)
            else socket.write(`${text}\n`)
          }
        })
      })
      await new Promise<void>((resolve) => server.listen(path, resolve))
      chmodSync(path, 0o600)
      const lock = { version: 1, ...ownIdentity(), nonce: 'n', beat: 1, socket: path } as const
      writeFileSync(join(workspace, 'workspace.lock'), encodeLock(lock))
      const app = await appOn(workspace)
      const heard: string[] = []
      app.listen(({ name }) => void heard.push(name))
      // It goes with its first wrong message: nobody is at the place any more, and the lock is that of nobody.
      const gone = new Promise((resolve) => sockets[0]!.once('close', resolve))
      server.close()
      writeFileSync(join(workspace, 'workspace.lock'), encodeLock({ ...lock, pid: 2 ** 22 + 1 }))
      expect(await app.call('workspace.info', {})).toMatchObject({ ok: false, error: { code: 'HOST_LOST' } })
      await gone
      expect(await app.call('workspace.info', {})).toMatchObject({ ok: true, data: { folder: workspace } })
      expect(heard).not.toContain('constructor')
    }
  )
})

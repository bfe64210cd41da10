// What nothing caught: a process that serves goes on, its listener takes posts, and it says what happened; one that starts ends with its status.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHost } from '../../src/host/host.ts'
import { createMistakeLog } from '../../src/host/ports/log.ts'
import { builtWorker } from '../unit/host/built-worker.ts'
import { talk } from '../unit/host/capture/raw-client.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { repeat, scale } from './scale.ts'
import { isUnix } from './unix.ts'

const folder = temporaryFolders()
const program = fileURLToPath(new URL('../../scripts/retrace.mjs', import.meta.url))
const children: ChildProcess[] = []
const times = repeat(200, 20_000)

/** Mistakes as a later version may make them, one after the other at each SIGUSR2. */
const mistakes = `
const socket = () => {
  const { createServer, connect } = process.getBuiltinModule('node:net')
  const server = createServer(() => { throw new Error('in a socket') }).listen(0, '127.0.0.1', () => {
    connect(server.address().port, '127.0.0.1').on('close', () => server.close()).on('error', () => undefined).end()
  })
}
let over = 0
const kinds = [
  () => setTimeout(() => { throw new Error('in a timer') }),
  () => void Promise.reject(new Error('in a promise')),
  () => new (process.getBuiltinModule('node:events').EventEmitter)().emit('error', new Error('of an emitter')),
  () => { throw null },
  () => { throw { toString() { throw new Error('cannot be told') } } },
  () => queueMicrotask(() => { throw 'text' }),
  () => new (process.getBuiltinModule('node:worker_threads').Worker)('throw new Error("in a thread")', { eval: true }),
  socket,
  () => { let n = 0; const timer = setInterval(() => { if (++n >= ${times}) { clearInterval(timer); console.error('over ' + ++over) } throw new Error('again and again') }) },
  () => { let n = 0; const timer = setInterval(() => { if (++n >= ${times}) { clearInterval(timer); console.error('over ' + ++over) } throw new Error('x'.repeat(100000) + n) }) }
]
process.on('SIGUSR2', () => { setTimeout(kinds.shift()); console.error('left ' + kinds.length) })
`

interface Running {
  readonly child: ChildProcess
  readonly out: () => string
  says(pattern: RegExp): Promise<RegExpExecArray>
  readonly exit: Promise<number | null>
}

function start(args: readonly string[], inject = mistakes): Running {
  const preload = `data:text/javascript,${encodeURIComponent(inject)}`
  const env = { ...process.env, RETRACE_NO_BUILD: '1', RETRACE_USER_FOLDER: folder() }
  const child = spawn(process.execPath, ['--import', preload, program, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  children.push(child)
  let text = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      for (const listener of listeners) listener()
    })
  const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  return {
    ...{ child, exit, out: () => text },
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(text)
          if (found) resolve(found)
        }
        listeners.add(look)
        look()
        void exit.then((code) => reject(new Error(`ended with ${code} before ${String(pattern)}: ${text}`)))
      })
  }
}

beforeAll(() => void builtWorker(), 120_000)
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

const post = async (port: number): Promise<number> =>
  (await talk(port, 'POST /default HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}')).status

async function makeThemAll(running: Running, port: number): Promise<void> {
  for (let left = 9; left >= 0; left--) {
    running.child.kill('SIGUSR2')
    await running.says(new RegExp(`left ${left}\\b`))
    expect(await post(port)).toBe(200)
  }
  await running.says(/over 2/)
}

/** Counted, not written again and again: at most two files of 2 MB. */
function expectSmallLog(workspace: string): string {
  const log = join(workspace, 'retrace.log')
  for (const file of [log, `${log}.1`])
    if (existsSync(file)) expect(statSync(file).size).toBeLessThan(2.2 * 1024 * 1024)
  return [`${log}.1`, log].map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')).join('')
}

describe.skipIf(!isUnix)('a process that serves', () => {
  it('goes on as a listener, and acknowledged posts are there afterwards', async () => {
    const workspace = folder()
    const running = start(['listen', '--port', '0', '--workspace', workspace])
    const port = Number((await running.says(/listening http:\/\/127\.0\.0\.1:(\d+)/))[1])
    await makeThemAll(running, port)
    await running.says(/error INTERNAL: /)
    running.child.kill('SIGTERM')
    expect(await running.exit).toBe(0)
    expectSmallLog(workspace)
    const host = await createHost({ workspace, shell: 'terminal', version: '0', workerUrl: null })
    expect(await host.call('posts.list', {})).toMatchObject({ ok: true, data: { total: 10 } })
    await host.close()
  }, 60_000)

  it('goes on as the app in the browser, which shows what happened', async () => {
    const workspace = folder()
    const running = start(['serve', '--no-open', '--workspace', workspace])
    const [, address, token] = await running.says(/open (http:\/\/[\d.:]+)\/#token=(\S+)/)
    const call = async (name: string, params: object): Promise<{ ok: boolean; data: Record<string, unknown> }> => {
      const answer = await fetch(`${address}/api/call/${name}`, {
        ...{ method: 'POST', body: JSON.stringify(params) },
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      })
      return (await answer.json()) as never
    }
    const { data } = await call('capture.configure', { port: 0 })
    await makeThemAll(running, Number(new URL(String(data.url)).port))
    const info = (await call('workspace.info', {})).data
    expect(info.problems).toEqual(
      expect.arrayContaining([expect.objectContaining({ file: 'retrace.log', code: 'INTERNAL' })])
    )
    // Of each kind once.
    expect((info.problems as unknown[]).length).toBeLessThan(6)
    expect(expectSmallLog(workspace)).toMatch(/in a timer[^]*in a promise[^]*of an emitter/)
    running.child.kill('SIGTERM')
    expect(await running.exit).toBe(0)
  }, 60_000)

  it('goes on when nobody reads what it prints any more', async () => {
    const running = start(['listen', '--port', '0', '--workspace', folder()])
    const port = Number((await running.says(/listening http:\/\/127\.0\.0\.1:(\d+)/))[1])
    running.child.stdout!.destroy()
    running.child.stderr!.destroy()
    for (let i = 0; i < 20; i++) expect(await post(port)).toBe(200)
    running.child.kill('SIGTERM')
    expect(await running.exit).toBe(0)
  })
})

describe.skipIf(!isUnix)('a process that starts', () => {
  it.each([
    ['a timer', 'throw new Error("early")'],
    ['a promise', 'void Promise.reject(new Error("early"))']
  ])('ends a short command with 5 for a mistake in %s, not with the 1 of a blocked run', async (_what, mistake) => {
    const deaf = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => deaf.once('listening', resolve))
    const posts = join(folder(), 'posts.ndjson')
    writeFileSync(
      posts,
      '{"at": "2024-10-21T12:00:00.000Z", "source": "a", "method": "POST", "target": "/", "headers": {}, "body": "{}"}\n'
    )
    const url = `http://127.0.0.1:${(deaf.address() as { port: number }).port}/`
    const running = start(['send', posts, '--to', url], `process.on('SIGUSR2', () => setTimeout(() => { ${mistake} }))`)
    await new Promise((resolve) => deaf.once('connection', resolve))
    running.child.kill('SIGUSR2')
    expect([await running.exit, running.out()]).toEqual([5, 'error INTERNAL: Internal error: a bug in Retrace.\n'])
    deaf.close()
  })

  it('ends with 3 for bad options and a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    for (const args of [
      ['listen', '--port', String(port)],
      ['serve', '--no-open', '--port', String(port)],
      ['serve', '--nonsense']
    ]) {
      const running = start([...args, ...(args.includes('--nonsense') ? [] : ['--workspace', folder()])])
      expect([args, await running.exit]).toEqual([args, 3])
      expect(running.out()).toMatch(/^error (COMMAND_INVALID|ADDRESS_IN_USE): /m)
    }
    server.close()
  }, 30_000)
})

describe('the log of mistakes', () => {
  it('stays small, and keeps the first of each', () => {
    const file = join(folder(), 'retrace.log')
    const log = createMistakeLog(file)
    for (let i = 0; i < 100_000; i++) log('timer', 'the same')
    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(20)
    expect(readFileSync(file, 'utf8')).toContain('(100000 times) timer: the same')
    for (let i = 0; i < scale(500, 5000); i++) log('timer', `${i} ${'x'.repeat(100_000)}`)
    expect(statSync(file).size).toBeLessThan(2.2 * 1024 * 1024)
    expect(statSync(`${file}.1`).size).toBeLessThan(2.2 * 1024 * 1024)
  })
})

// Whatever comes over an authenticated wire: no crash, no mistake in the log, the others go on, and the listener takes posts meanwhile.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WebSocket } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { socketPath, socketProtocol } from '../../src/contract/wire.ts'
import { connectShell } from '../../src/host/connect-shell.ts'
import { createHost } from '../../src/host/host.ts'
import type { Host } from '../../src/host/host.ts'
import { startServer } from '../../src/server/server.ts'
import type { RunningServer } from '../../src/server/server.ts'
import { talk } from '../unit/host/capture/raw-client.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { repeat, seeded } from './scale.ts'

const folder = temporaryFolders()
let host: Host
let server: RunningServer
let workspace = ''
let listener = 0

beforeEach(async () => {
  workspace = folder()
  mkdirSync(workspace, { recursive: true })
  host = await createHost({ workspace, shell: 'browser', version: '0', workerUrl: null })
  server = await startServer({ host, pageFolder: null })
  const status = (await host.call('capture.configure', { port: 0 })) as { data: { url: string } }
  listener = Number(new URL(status.data.url).port)
})
afterEach(async () => {
  await server.close()
  await host.close()
})

const log = (): string => {
  const file = join(workspace, 'retrace.log')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

const post = async (): Promise<number> =>
  (await talk(listener, 'POST /default HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}')).status

interface Client {
  readonly socket: WebSocket
  readonly closed: Promise<number>
  readonly answers: string[]
}

function connect(): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${socketPath}`, [socketProtocol, `token.${server.token}`])
  const answers: string[] = []
  socket.addEventListener('message', ({ data }) => answers.push(String(data)))
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve({ socket, closed, answers }))
    socket.addEventListener('error', () => reject(new Error('not opened')))
  })
}

/** Answered once everything before it was looked at. */
async function isAnswered({ socket, closed }: Client, id: string): Promise<boolean> {
  if (socket.readyState !== WebSocket.OPEN) return false
  const answered = new Promise<true>((resolve) =>
    socket.addEventListener('message', ({ data }) => String(data).includes(`"i":"${id}"`) && resolve(true))
  )
  socket.send(JSON.stringify({ t: 'q', i: id, m: 'call', a: ['calls.cancel', { callId: 'none' }] }))
  return Promise.race([answered, closed.then(() => false)])
}

const valid = (more: object = {}): Record<string, unknown> => ({
  ...{ t: 'q', i: 'abc', m: 'call', a: ['calls.cancel', { callId: 'none' }] },
  ...more
})

/** Each breaks the connection of its sender. */
const broken: readonly (readonly [string, string | Uint8Array])[] = [
  ...['null', 'true', '0', '"text"', '[]', '{}', '[[]]', '', ' ', '{', 'undefined', 'NaN'].map(
    (text) => [text, text] as const
  ),
  ['a binary frame', new TextEncoder().encode(JSON.stringify(valid()))],
  ['bytes', new Uint8Array([0, 255, 1, 254])],
  ...(
    [
      ['an unknown type', { t: 'x' }],
      ['no type', { t: undefined }],
      ['a type that is an object', { t: { toString: 'q' } }],
      ['another function', { m: 'event' }],
      ['a function of every object', { m: 'constructor' }],
      ['the prototype', { m: '__proto__' }],
      ['valueOf', { m: 'valueOf', a: [] }],
      ['__defineGetter__', { m: '__defineGetter__', a: ['call', 'call'] }],
      ['birpc’s own', { m: '$close', a: [] }],
      ['a function that is no name', { m: { length: 1 } }],
      ['a function that is a list', { m: ['call'] }],
      ['no id', { i: undefined }],
      ['an id that is a number', { i: 1 }],
      ['an empty id', { i: '' }],
      ['a huge id', { i: 'x'.repeat(1_000_000) }],
      ['a huge name', { a: ['x'.repeat(1_000_000), {}] }],
      ['no arguments', { a: undefined }],
      ['arguments that are no list', { a: { length: 2, 0: 'app.info', 1: {} } }],
      ['arguments that are null', { a: null }],
      ['a name that is no text', { a: [{}, {}] }],
      ['a name that is a list', { a: [['app.info'], {}] }],
      ['a call id that is no text', { a: ['app.info', {}, { toString: 1 }] }],
      ['too many arguments', { a: ['app.info', {}, 'id', 'more'] }],
      ['an answer without id', { t: 's', i: undefined }]
    ] as const
  ).map(([what, more]) => [what, JSON.stringify(valid(more))] as const)
]

describe('a message that is none', () => {
  it('costs its sender the connection, nobody else anything', async () => {
    const good = await connect()
    for (const [i, [what, message]] of broken.entries()) {
      const bad = await connect()
      bad.socket.send(message)
      expect([what, await bad.closed, await isAnswered(good, `good-${i}`), await post()]).toEqual([
        what,
        1003,
        true,
        200
      ])
    }
    expect(log()).toBe('')
    good.socket.close()
  })

  it('nothing is read after it', async () => {
    const bad = await connect()
    bad.socket.send('null')
    bad.socket.send(JSON.stringify(valid({ a: ['workspace.set', { settings: { theme: 'dark' } }] })))
    await bad.closed
    expect(host.workspace.settings.theme).toBeUndefined()
  })
})

describe('a message that asks for nothing', () => {
  it('changes nothing', async () => {
    const client = await connect()
    for (const [what, message] of [
      ['never made', { t: 's', i: 'never', r: { x: 1 } }],
      ['an error', { t: 's', i: 'never', e: { message: 'x' } }],
      ['the prototype', { t: 's', i: '__proto__', r: null }]
    ] as const) {
      client.socket.send(JSON.stringify(message))
      expect(await isAnswered(client, what)).toBe(true)
    }
    expect(log()).toBe('')
    client.socket.close()
  })

  it('is answered with a code', async () => {
    for (const [what, name, params, code] of [
      ['no operation', 'nothing', {}, 'OPERATION_UNKNOWN'],
      ['a name of every object', '__proto__', {}, 'OPERATION_UNKNOWN'],
      ['another', 'hasOwnProperty', {}, 'OPERATION_UNKNOWN'],
      ['params that are null', 'runs.get', null, 'PARAMS_INVALID'],
      ['params with a prototype', 'runs.get', JSON.parse('{"__proto__": {"runId": "x"}}'), 'PARAMS_INVALID'],
      ['params as deep as the stack', 'workspace.set', { settings: deep(20_000) }, 'INPUT_TOO_DEEP']
    ] as const)
      expect([what, await host.call(name, params)]).toMatchObject([what, { ok: false, error: { code } }])
    expect(log()).toBe('')
  })
})

function deep(levels: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value }
  return value
}

/** Texts as nobody sends them; some are messages. */
function createTexts(random: () => number): () => string | Uint8Array {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const names = ['app.info', 'runs.list', 'calls.cancel', 'data.value', '__proto__', 'constructor', '', 'x'.repeat(300)]
  const keys = ['t', 'i', 'm', 'a', 'o', 'r', 'e', '__proto__', 'constructor', 'toJSON', 'then', 'length', 'callId']
  const words = ['q', 's', 'call', 'event', '$close', 'then', 'valueOf', '', '\u0000', '\ud800', '𝒳', ...names, ...keys]
  const json = (depth: number): unknown => {
    const kind = Math.floor(random() * (depth > 3 ? 5 : 8))
    if (kind === 0) return null
    if (kind === 1) return random() < 0.5
    if (kind === 2) return pick([0, -1, 1e308, 0.1, 2 ** 53, random()])
    if (kind < 5) return pick(words)
    const items = Array.from({ length: Math.floor(random() * 4) }, () => json(depth + 1))
    return kind === 5 ? items : Object.fromEntries(items.map((item) => [pick(keys), item]))
  }
  const near = (): unknown => {
    const message = valid({
      i: `${Math.floor(random() * 1000)}`,
      a: [pick(names), json(2), pick([null, undefined, 'id', 1])]
    })
    for (let i = Math.floor(random() * 3); i > 0; i--) message[pick(keys)] = json(1)
    if (random() < 0.2) delete message[pick(['t', 'i', 'm', 'a'])]
    return message
  }
  const cut = (text: string): string => {
    const at = Math.floor(random() * text.length)
    return pick([
      () => text.slice(0, at),
      () => text.slice(0, at) + pick(['"', '{', ',', '\u0000', '9']) + text.slice(at + 1),
      () => text + text,
      () => text.replace(/"[^"]*":/, '"__proto__":')
    ])()
  }
  return () => {
    const kind = random()
    if (kind < 0.15) return Uint8Array.from({ length: Math.floor(random() * 60) }, () => random() * 256)
    if (kind < 0.25)
      return String.fromCharCode(...Array.from({ length: Math.floor(random() * 60) }, () => random() * 65536))
    if (kind < 0.5) return JSON.stringify(json(0))
    if (kind < 0.75) return JSON.stringify(near())
    return cut(JSON.stringify(near()))
  }
}

describe('random messages', () => {
  const seed = Number(process.env.RETRACE_SEED ?? 20241021)

  it(`end nothing, over a socket (seed ${seed})`, async () => {
    const text = createTexts(seeded(seed))
    const count = repeat(1000, 100_000)
    const good = await connect()
    let bad = await connect()
    for (let sent = 0; sent < count; sent++) {
      bad.socket.send(text())
      if (sent % 5 === 0 && !(await isAnswered(bad, `still-${sent}`))) bad = await connect()
      if (sent % 500 === 0) expect([sent, await post()]).toEqual([sent, 200])
      if (good.answers.length > 1000) good.answers.length = 0
    }
    expect(await isAnswered(good, 'good')).toBe(true)
    expect([await post(), log()]).toEqual([200, ''])
    for (const { socket } of [good, bad]) socket.close()
  }, 3_600_000)

  it(`end nothing, over any wire (seed ${seed})`, async () => {
    const text = createTexts(seeded(seed + 1))
    let answers = 0
    let broken = 0
    const shell = connectShell(host, { post: () => answers++, broken: () => broken++ })
    for (let sent = 0; sent < repeat(1000, 100_000); sent++) {
      shell.receive(text())
      if (sent % 200 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await post()).toBe(200)
    expect([log(), broken > 100, answers > 100]).toEqual(['', true, true])
    shell.close()
  }, 600_000)
})

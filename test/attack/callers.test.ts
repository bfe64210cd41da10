// Who fills the app's own server: connections that say nothing, half a head, requests without the token, sockets that nobody asked for. The page of the
// person goes on working; who has to go is told; nothing grows with those who come.
import { connect, type Socket } from 'node:net'
import { WebSocket } from 'undici'
import { describe, expect, it } from 'vitest'
import { socketPath, socketProtocol } from '../../src/contract/wire.ts'
import type { CallerLimits } from '../../src/server/callers.ts'
import { startServer, type RunningServer } from '../../src/server/server.ts'
import { talk } from '../unit/host/capture/raw-client.ts'
import { hosting } from '../unit/host/hosting.ts'
import { scale } from './scale.ts'

const { open, later } = hosting()

async function serving(limits: Partial<CallerLimits> = {}): Promise<RunningServer> {
  const server = await startServer({ host: await open(), pageFolder: null, limits })
  later(() => server.close())
  return server
}

interface Peer {
  readonly socket: Socket
  text: string
  error: string | null
  closed: boolean
  readonly end: Promise<void>
}

function sitting(port: number, text = ''): Promise<Peer> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      if (text !== '') socket.write(text)
      resolve(peer)
    })
    const end = new Promise<void>((ended) => socket.on('close', () => ended()))
    const peer: Peer = { socket, text: '', error: null, closed: false, end }
    socket.on('data', (data) => (peer.text += data.toString('latin1')))
    socket.on('error', (error: NodeJS.ErrnoException) => (peer.error ??= error.code ?? error.message))
    socket.on('close', () => (peer.closed = true))
    later(() => socket.destroy())
  })
}

async function many(count: number, make: (i: number) => Promise<Peer>): Promise<Peer[]> {
  const made: Peer[] = []
  for (let i = 0; i < count; i += 100)
    made.push(...(await Promise.all(Array.from({ length: Math.min(100, count - i) }, (_, n) => make(i + n)))))
  return made
}

async function until(what: string, is: () => boolean): Promise<void> {
  for (let i = 0; i < 1500; i++) {
    if (is()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`never: ${what}`)
}

const call = ({ port, token }: RunningServer): string =>
  `POST /api/call/app.info HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
  'Content-Length: 2\r\nConnection: close\r\n\r\n{}'

/** Of the person: a page that has its socket. */
async function page(
  { port, token }: RunningServer,
  given = token
): Promise<{ socket: WebSocket; closed: Promise<number> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${socketPath}`, [socketProtocol, `token.${given}`])
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('not opened')))
  })
  later(() => socket.close())
  return { socket, closed }
}

const count = scale(350, 3000)
const strangers: readonly (readonly [what: string, text: (server: RunningServer) => string])[] = [
  ['say nothing', () => ''],
  ['begin a request', ({ port }) => `POST /api/upload HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-A: `],
  ['ask without the token', ({ port }) => `GET /api/data/x HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`],
  [
    'send bodies without end',
    ({ port }) =>
      `POST /api/upload HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 99999999\r\n\r\n${'x'.repeat(1000)}`
  ],
  [
    'open sockets with another token',
    ({ port }) =>
      `GET ${socketPath} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${socketProtocol}, token.x\r\n\r\n`
  ]
]

describe('callers of the app’s server', () => {
  it.each(strangers)('that %s do not keep the page out, and are let go with an answer', async (_what, text) => {
    const limits = { connections: 100, waitingPerPeer: 50, lingerMs: 100 }
    const server = await serving(limits)
    const mine = await page(server)
    const peers = await many(count, () => sitting(server.port, text(server)))
    for (let i = 0; i < 20; i++) expect((await talk(server.port, call(server))).status).toBe(200)
    await until('few are left', () => peers.filter(({ closed }) => !closed).length <= 2 * limits.connections)
    const gone = peers.filter(({ closed }) => closed)
    expect(gone.length).toBeGreaterThan(0)
    for (const { text: got, error } of gone) {
      expect(got).toMatch(/^HTTP\/1\.1 (?:101|401|503) /)
      expect(error).toBeNull()
    }
    expect(mine.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('that never finish a head are told so', async () => {
    const { port } = await serving({ headMs: 200 })
    const peers = await many(5, () => sitting(port, 'GET / HTTP/1.1\r\nHost: '))
    await Promise.all(peers.map(({ end }) => end))
    expect(peers.map(({ text, error }) => [text.slice(0, 12), error])).toEqual(Array(5).fill(['HTTP/1.1 408', null]))
  })

  it('that ask for a proxy, an endless head or what is no request are answered', async () => {
    const { port } = await serving()
    expect((await talk(port, `CONNECT 10.0.0.1:25 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)).status).toBe(405)
    expect((await talk(port, `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`)).status).toBe(431)
    expect((await talk(port, 'EHLO you\r\n\r\n')).status).toBe(400)
  })

  it('that hold the token open so many pages and no more', async () => {
    const server = await serving({ pages: 3 })
    const pages = await Promise.all(Array.from({ length: 3 }, () => page(server)))
    const more = await page(server)
    expect(await more.closed).toBe(1013)
    pages[0]!.socket.close()
    await pages[0]!.closed
    const again = await page(server)
    await new Promise((resolve) => setImmediate(resolve))
    expect(again.socket.readyState).toBe(WebSocket.OPEN)
  })
})

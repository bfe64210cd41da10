// More peers, and larger and slower ones, than anybody has memory or descriptors for. Whoever posts is answered; whoever only sits there gets an
// answer before it has to go; what is held stays within its bounds and is given back.
import { execFileSync } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { HeadBuffer } from '../../src/host/capture/listen/head-buffer.ts'
import { IncomingBody } from '../../src/host/capture/listen/incoming-body.ts'
import { Listener, type ListenerOptions } from '../../src/host/capture/listen/listener.ts'
import { Journal } from '../../src/host/capture/journal/journal.ts'
import { PostReader } from '../../src/host/capture/journal/segments-reader.ts'
import { request, talk } from '../unit/host/capture/raw-client.ts'
import { hosting } from '../unit/host/hosting.ts'
import { isLong, scale } from './scale.ts'

const { folder, later } = hosting()
const target = '/event-publish/exec/webhook?result=success'

async function listening(limits: ListenerOptions['limits'] = {}, dir = folder()) {
  const { journal } = await Journal.open(dir)
  const listener = await Listener.start(journal, { port: 0, limits })
  later(async () => {
    await listener.stop({ quietMs: 0, graceMs: 50 })
    await journal.close()
  })
  return { listener, port: listener.address.port }
}

interface Peer {
  readonly socket: Socket
  /** What it got so far. */
  text: string
  error: string | null
  closed: boolean
}

/** Connects, sends, and stays. */
function sitting(port: number, text: string | Buffer = ''): Promise<Peer> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true }, () => {
      if (text.length > 0) socket.write(text)
      resolve(peer)
    })
    const peer: Peer = { socket, text: '', error: null, closed: false }
    socket.on('data', (data) => (peer.text += data.toString('latin1')))
    socket.on('error', (error: NodeJS.ErrnoException) => (peer.error ??= error.code ?? error.message))
    socket.on('close', () => (peer.closed = true))
    later(() => socket.destroy())
  })
}

async function many<T>(count: number, make: (i: number) => Promise<T>, atOnce = 200): Promise<T[]> {
  const made: T[] = []
  for (let i = 0; i < count; i += atOnce)
    made.push(...(await Promise.all(Array.from({ length: Math.min(atOnce, count - i) }, (_, n) => make(i + n)))))
  return made
}

async function until(what: string, is: () => boolean): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    if (is()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`never: ${what}`)
}

const posts = async (port: number, count: number): Promise<string[]> =>
  (await Promise.all(Array.from({ length: count }, (_, i) => talk(port, request(target, `{"n":${i}}`))))).map(
    ({ status, error }) => error ?? String(status)
  )
const all200 = (count: number): string[] => Array<string>(count).fill('200')

/** Nobody was cut off: who has gone had a whole answer. */
const expectAnswered = (peers: readonly Peer[], status = 503): void => {
  const wrong = peers.filter(
    ({ text, error, closed }) =>
      error !== null || (text !== '' && !text.startsWith(`HTTP/1.1 ${status} `)) || (closed && text === '')
  )
  expect(wrong.map(({ text, error, closed }) => ({ text, error, closed }))).toEqual([])
}

const descriptors = (): number => {
  if (process.platform === 'win32') return 10_000
  const text = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim()
  return text === 'unlimited' ? 1_000_000 : Number(text)
}

describe('too many connections', () => {
  it.runIf(!isLong || descriptors() > 10_000)(
    'that say nothing do not keep posts of the same address out',
    async () => {
      const idle = scale(200, 4000)
      const { listener, port } = await listening(isLong ? {} : { connections: 100, waitingPerPeer: 50 })
      const starts = ['', '', 'P', `POST ${target} HTTP/1.1\r\nHost: x\r\n`]
      const peers = await many(idle, (i) => sitting(port, starts[i % starts.length]))
      const more = many(idle / 4, () => sitting(port))
      const count = scale(60, 500)
      expect(await posts(port, count)).toEqual(all200(count))
      peers.push(...(await more))
      // A second later those that still say nothing are too many.
      listener.now += 5000
      expect(await posts(port, count)).toEqual(all200(count))
      await until('sent away', () => listener.usage.connections <= listener.limits.connections)
      expect(peers.filter(({ text }) => text !== '').length).toBeGreaterThanOrEqual(idle - listener.limits.connections)
      expectAnswered(peers)
      for (const { socket } of peers) socket.destroy()
      await until('all gone', () => listener.usage.connections === 0)
      expect(listener.usage).toEqual({ connections: 0, headBytes: 0, bodyBytes: 0 })
    },
    120_000
  )

  it('are never more than there are descriptors for, and each gets an answer', async () => {
    const { listener, port } = await listening({ connections: 10, waitingPerPeer: 5 })
    const peers = await many(1200, () => sitting(port), 1200)
    await until('relieved', () => listener.usage.connections <= 20)
    expectAnswered(peers)
    expect(await posts(port, 50)).toEqual(all200(50))
  }, 60_000)

  it('of one address go before those of another, and a post in the middle of its body stays', async () => {
    const { listener, port } = await listening({ connections: 40, waitingPerPeer: 20 })
    const slow = await sitting(port, request(target, 'ab', ['Content-Length: 4']))
    await many(60, () => sitting(port))
    listener.now += 5000
    expect(await posts(port, 40)).toEqual(all200(40))
    slow.socket.write('cd')
    await until('answered', () => slow.text !== '')
    expect(slow.text).toMatch(/^HTTP\/1\.1 200/)
  })

  it('with bodies that hardly come make room for those that post', async () => {
    const { listener, port } = await listening({ connections: 30, waitingPerPeer: 20 })
    const peers = await many(50, () => sitting(port, request(target, 'ab', ['Content-Length: 4000'])))
    await until('read', () => listener.usage.bodyBytes === 100)
    expect(await posts(port, 30)).toEqual(all200(30))
    expectAnswered(peers)
    listener.now += 15_000
    expect(await posts(port, 30)).toEqual(all200(30))
    await until('sent away', () => peers.filter(({ text }) => text !== '').length >= 20)
    expectAnswered(peers)
  })

  it('that were refused and go on sending a little do not stay for ever', async () => {
    const { listener, port } = await listening({ connections: 20, waitingPerPeer: 20 })
    const peers = await many(60, () => sitting(port, 'hello\r\n\r\n'))
    await until('refused', () => peers.every(({ text }) => text.startsWith('HTTP/1.1 400')))
    for (const { socket } of peers) socket.write('x')
    listener.now += 5000
    expect(await posts(port, 20)).toEqual(all200(20))
    await until('closed', () => listener.usage.connections <= 20)
  })
})

describe('memory', () => {
  it('for heads without end is bounded, and small heads get through', async () => {
    const { listener, port } = await listening()
    const size = 200_000
    const count = 200
    const peers = await many(count, () => sitting(port, `POST ${target} HTTP/1.1\r\nX: ${'h'.repeat(size)}`), 20)
    await until('refused', () => peers.filter(({ text }) => text !== '').length >= count / 2)
    expect(listener.usage.headBytes).toBeLessThanOrEqual(listener.heads.max)
    expect(listener.usage.headBytes).toBeGreaterThan(0)
    expectAnswered(peers)
    expect(await posts(port, 20)).toEqual(all200(20))
    // A large head that is complete gets through, too.
    expect((await talk(port, request(`${target}&message=${'m'.repeat(100_000)}`, '{}'))).status).toBe(200)
    for (const { socket } of peers) socket.destroy()
    await until('given back', () => listener.usage.headBytes === 0)
  }, 30_000)

  it('for bodies is bounded; the rest is on disk', async () => {
    const { listener, port } = await listening()
    const body = Buffer.alloc(3_500_000, 120)
    const chunk = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')])
    const head = request(target, '', ['Transfer-Encoding: chunked'])
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, listener.usage.bodyBytes)), 1)
    const count = scale(30, 100)
    const peers = await many(count, () => sitting(port, Buffer.concat([head, chunk])), 10)
    expect(await posts(port, 20)).toEqual(all200(20))
    for (const { socket } of peers) socket.write('0\r\n\r\n')
    await until('taken', () => peers.every(({ text }) => text !== ''))
    clearInterval(watch)
    expectAnswered(peers, 200)
    expect(most).toBeLessThan(listener.budget.max + 8_000_000)
    await until('given back', () => listener.usage.bodyBytes === 0)
  }, 60_000)

  it('and work grow with the bytes and not with their square, also byte by byte', () => {
    const copied = (bytes: number): number => {
      const head = new HeadBuffer()
      let [sum, last] = [0, 0]
      for (let i = 0; i < bytes; i++) {
        head.add(Buffer.from('h'))
        if (head.size !== last) sum += last
        last = head.size
      }
      return sum
    }
    expect(copied(80_000)).toBeLessThan(5 * copied(20_000))
    const budget = { used: 0, max: 1e9 }
    const limits = { bodyBytes: 1e9, memoryBytes: 1e9 }
    const flow = { pause: () => undefined, resume: () => undefined, failed: () => undefined }
    const body = new IncomingBody({ budget, limits, spoolPath: () => '' }, null, flow)
    const text = Buffer.alloc(500_000, 'abcdefghijk')
    for (let i = 0; i < text.length;) {
      const size = i % 40_000 === 0 ? 20_000 : 1 + (i % 3)
      body.take(text.subarray(i, i + size))
      i += size
    }
    expect(budget.used).toBe(text.length)
    body.finish((parts) => {
      expect(Buffer.concat(parts).equals(text)).toBe(true)
      expect(parts.length).toBeLessThan(200)
    })
    body.drop()
    expect(budget.used).toBe(0)
  })
})

describe('a clock that jumps', () => {
  it('ends no post that is on its way, and does not mix up when it was opened', async () => {
    const dir = folder()
    const { port, listener } = await listening({ idleMs: 2000, lingerMs: 200 }, dir)
    const peer = await sitting(port, request(target, 'ab', ['Content-Length: 4']))
    await until('read', () => listener.usage.bodyBytes === 2)
    const day = 86_400_000
    const real = Date.now()
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => real + day)
    later(() => clock.mockRestore())
    // Looked at at least once since.
    const before = listener.now
    await until('a step', () => listener.now > before)
    peer.socket.write('cd')
    await until('answered', () => peer.text !== '')
    expect(peer.text).toMatch(/^HTTP\/1\.1 200/)
    const reader = new PostReader(dir)
    const { meta } = (await reader.read(1))!
    await reader.close()
    expect(meta.at - meta.opened!).toBeLessThan(day / 2)
  })

  it('nor does a process that stood still', async () => {
    const { port, listener } = await listening({ idleMs: 300 })
    const peer = await sitting(port, request(target, 'ab', ['Content-Length: 4']))
    await until('read', () => listener.usage.bodyBytes === 2)
    peer.socket.write('cd')
    // As a laptop asleep: when it wakes, the clock is looked at before what has arrived meanwhile.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
    await until('answered', () => peer.text !== '')
    expect(peer.text).toMatch(/^HTTP\/1\.1 200/)
  })
})

// Peers that mean harm, against the whole app: what they send is kept or refused, and nobody else notices. Kept bytes come back exactly.
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parsePostLine } from '../../../../src/host/capture/understand/ndjson.ts'
import type { Host } from '../../../../src/host/host.ts'
import { ask, hosting } from '../hosting.ts'
import { recordedRuns } from './recorded-runs.ts'
import { request, talk } from './raw-client.ts'

const { open, later } = hosting()
const run = recordedRuns().find(({ id }) => id === 'run-022-long-chain')!
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

const listen = async (host: Host): Promise<number> =>
  Number(new URL((await ask(host, 'capture.configure', { port: 0 })).url!).port)

async function settled(host: Host, posts: number): Promise<void> {
  for (let i = 0; i < 400; i++) {
    const { total } = await ask(host, 'posts.list', { limit: 1 })
    const { runs } = await ask(host, 'runs.list', {})
    if (total >= posts && runs.some(({ state, outcome }) => state === 'done' && outcome === 'success')) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Sends a byte now and then, and never the whole request. */
function dripper(port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port })
  const text = request('/event-publish/init', 'x'.repeat(10_000)).toString('latin1')
  let at = 0
  const timer = setInterval(() => socket.write(text[at++ % text.length]!), 50)
  socket.on('error', () => undefined).on('close', () => clearInterval(timer))
  return socket
}

const deep = (open: string, close: string, times: number): string => `${open.repeat(times)}1${close.repeat(times)}`
const exec = '/event-publish/exec/webhook?result=success'
const bodies: readonly (readonly [name: string, body: Buffer | string, headers?: readonly string[]])[] = [
  ['lists 100,000 deep', `{"source":{},"timestamp":"x","data":${deep('[', ']', 100_000)}}`],
  ['maps 50,000 deep', `{"source":{},"timestamp":"x","data":${deep('{"a":', '}', 50_000)}}`],
  [
    '__proto__',
    '{"__proto__":{"polluted":1},"source":{"__proto__":{"polluted":1}},"data":{"__proto__":{"polluted":1}}}'
  ],
  ['constructor', '{"source":{"constructor":{"prototype":{"polluted":1}}},"timestamp":"x","data":{}}'],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc3, 0x22, 0x3a, 0x31, 0x7d])],
  ['lone surrogates', '{"source":{},"timestamp":"x","data":"\\ud800"}'],
  ['no JSON', 'hello'],
  ['nothing', ''],
  ['a list', '[1,2,3]'],
  ['wrong types', '{"source":[],"timestamp":{},"data":7,"errors":"x"}'],
  ['gzip that is none', Buffer.from('not packed'), ['Content-Encoding: gzip']],
  ['a bomb', gzipSync(Buffer.alloc(50_000_000, 32)), ['Content-Encoding: gzip']],
  ['100,000 header bytes', '{}', Array.from({ length: 100 }, (_, i) => `X-Long-${i}: ${'h'.repeat(990)}`)]
]

describe('hostile peers', () => {
  it('have no effect on a run that comes in meanwhile, nor on what is shown', async () => {
    const host = await open()
    const port = await listen(host)
    const drippers = Array.from({ length: 50 }, () => dripper(port))
    later(() => drippers.forEach((socket) => socket.destroy()))
    const before = process.memoryUsage().rss
    for (const [name, body, headers] of bodies) {
      const { status, error } = await talk(port, request(exec, body, headers ?? []))
      expect([name, error ?? status]).toEqual([name, 200])
    }
    const startedAt = performance.now()
    for (const post of run.posts) expect((await talk(port, request(post.target, post.body))).status).toBe(200)
    expect((performance.now() - startedAt) / run.posts.length).toBeLessThan(500)
    const total = bodies.length + run.posts.length
    await settled(host, total)
    expect((await ask(host, 'posts.list', {})).total).toBe(total)
    for (const [i, [name, body]] of bodies.entries()) {
      const shown = await ask(host, 'posts.get', { postId: String(i + 1) })
      expect([name, shown.sha256]).toEqual([name, sha256(body)])
    }
    const { runs } = await ask(host, 'runs.list', {})
    const good = runs.find(({ outcome, steps }) => outcome === 'success' && steps > 5)
    expect(good).toBeDefined()
    for (const { id } of runs) {
      const { runId } = { runId: id }
      expect(await host.call('runs.get', { runId })).toMatchObject({ ok: true })
      await host.call('run.value', { runId, step: 1, which: 'output' })
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(400)
    expect(drippers.every((socket) => !socket.destroyed)).toBe(true)
  }, 60_000)
})

describe('bytes that were captured', () => {
  it('come back exactly from an export, also after compaction', async () => {
    const host = await open()
    const port = await listen(host)
    for (const post of run.posts) await talk(port, request(post.target, post.body))
    await settled(host, run.posts.length)
    const runId = (await ask(host, 'runs.list', {})).runs[0]!.id
    const exported = async (): Promise<string[]> => {
      const { text } = await ask(host, 'runs.export', { runId, unmasked: true })
      return text
        .trim()
        .split('\n')
        .map((line, i) => sha256(parsePostLine(line, 'export', i + 1).body))
    }
    const sent = run.posts.map(({ body }) => sha256(body))
    expect(await exported()).toEqual(sent)
    const { before, after } = await ask(host, 'storage.compact', {})
    expect(after).toBeLessThan(before)
    expect(await exported()).toEqual(sent)
    for (const [i, hash] of sent.entries())
      expect((await ask(host, 'posts.get', { postId: String(i + 1) })).sha256).toBe(hash)
  }, 30_000)
})

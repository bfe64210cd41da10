// Posts of every kind of wrong, over real sockets, against the whole app: what is acknowledged is kept byte for byte and accounted for, in a run or
// with the reason why not; valid posts are taken meanwhile; nothing is reported that has no code.
import { createHash } from 'node:crypto'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { errorTable } from '../../src/contract/errors.ts'
import { maskPost } from '../../src/host/capture/understand/mask.ts'
import { ParseThread } from '../../src/host/capture/understand/parse-thread.ts'
import { parsePost } from '../../src/host/capture/understand/post-parse.ts'
import { CaptureService } from '../../src/host/capture/service.ts'
import type { Host } from '../../src/host/host.ts'
import { builtWorker } from '../unit/host/built-worker.ts'
import { recordedRuns } from '../unit/host/capture/recorded-runs.ts'
import { request, talk } from '../unit/host/capture/raw-client.ts'
import { ask, hosting } from '../unit/host/hosting.ts'
import { isLong, repeat, scale, seeded } from './scale.ts'

const { open, folder, later } = hosting()
const recorded = recordedRuns().flatMap(({ posts }) => posts)
const valid = recorded.filter(({ body }) => body.length < 20_000)
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')
const target = '/event-publish/exec/webhook?result=success'

const listen = async (host: Host): Promise<number> =>
  Number(new URL((await ask(host, 'capture.configure', { port: 0 })).url!).port)

/** Every post is in a run or listed as unassigned. */
async function grouped(host: Host, count: number): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    const { posts } = await ask(host, 'posts.list', { limit: 200 })
    if (posts.length === count && posts.every(({ kind, runId }) => kind === 'unknown' || runId !== null)) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('never grouped')
}

const nested = (levels: number, open = '[', close = ']'): string =>
  `{"source":{},"timestamp":"x","data":${open.repeat(levels)}1${close.repeat(levels)}}`
const debug = (data: string): string =>
  `{"source":{"module_id":"webhook","node_id":1},"timestamp":"2024-01-01T00:00:00+00:00","data":${data},"errors":[]}`
const bomb = Buffer.alloc(68_000_000, 32)
const packed = (encoding: string, body: Buffer): readonly [Buffer, readonly string[]] => [
  body,
  [`Content-Encoding: ${encoding}`]
]

const wrong: readonly (readonly [
  name: string,
  post: readonly [Buffer | string, readonly string[]],
  code: string | null
])[] = [
  ['JSON of 20,000 levels', [nested(20_000), []], 'INPUT_TOO_DEEP'],
  ['maps of 20,000 levels', [nested(20_000, '{"a":', '}'), []], 'INPUT_TOO_DEEP'],
  ['20,000 levels around', ['['.repeat(20_000) + ']'.repeat(20_000), []], 'INPUT_TOO_DEEP'],
  ['20,000 levels, packed', packed('gzip', gzipSync(nested(20_000))), 'INPUT_TOO_DEEP'],
  ['20,000 levels that do not close', ['{"a":'.repeat(20_000), []], 'INPUT_NOT_JSON'],
  ['nothing', ['', []], 'INPUT_NOT_JSON'],
  ['NUL', [Buffer.from('{"source":{},"data":"\0"}'), []], 'INPUT_NOT_JSON'],
  ['no UTF-8', [Buffer.from([0xff, 0xfe, 0x00, 0x80]), []], 'INPUT_NOT_JSON'],
  ['a list', ['[1,2]', []], 'POST_NOT_UNDERSTOOD'],
  ['a number', ['5', []], 'POST_NOT_UNDERSTOOD'],
  ['null', ['null', []], 'POST_NOT_UNDERSTOOD'],
  ['no data', ['{"source":{}}', []], 'POST_NOT_UNDERSTOOD'],
  ['a gzip bomb', packed('gzip', gzipSync(bomb, { level: 1 })), 'INPUT_TOO_LARGE'],
  ['a deflate bomb', packed('deflate', deflateSync(bomb, { level: 1 })), 'INPUT_TOO_LARGE'],
  ['a raw deflate bomb', packed('deflate', deflateRawSync(bomb, { level: 1 })), 'INPUT_TOO_LARGE'],
  ['a br bomb', packed('br', brotliCompressSync(bomb, { params: { 1: 1 } })), 'INPUT_TOO_LARGE'],
  ['gzip that is none', packed('gzip', Buffer.from('{}')), 'POST_ENCODING_INVALID'],
  ['gzip that is cut', packed('gzip', gzipSync(debug('1')).subarray(0, 30)), 'POST_ENCODING_INVALID'],
  ['br that is none', packed('br', Buffer.from('{}')), 'POST_ENCODING_INVALID'],
  ['deflate that is none', packed('deflate', Buffer.from('{}')), 'POST_ENCODING_INVALID'],
  ['zstd', packed('zstd', Buffer.from(debug('1'))), 'POST_ENCODING_INVALID'],
  ['gzip in gzip', packed('gzip, gzip', gzipSync(gzipSync(debug('1')))), 'POST_ENCODING_INVALID'],
  ['an encoding called constructor', packed('constructor', Buffer.from('{}')), 'POST_ENCODING_INVALID'],
  ['gzip', packed('gzip', gzipSync(debug('{}'))), null],
  ['x-gzip', packed('x-gzip', gzipSync(debug('{}'))), null],
  ['br', packed('BR', brotliCompressSync(debug('{}'))), null],
  ['deflate', packed('deflate', deflateSync(debug('{}'))), null],
  ['raw deflate', packed('deflate', deflateRawSync(debug('{}'))), null],
  ['identity', packed('identity', Buffer.from(debug('{}'))), null],
  ['lone surrogates', [debug('"\\ud800\\udfff"'), []], null],
  ['huge numbers', [debug(`[1e400,-1e400,${'9'.repeat(5000)},1e-400]`), []], null],
  ['the same key twice', [debug('{"Event":{"id":"1"},"Event":7}'), []], null],
  ['__proto__', [debug('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'), []], null]
]

describe('a post that is not what it should be', () => {
  it.each([() => null, builtWorker])(
    'is kept as it came, and says with a code why it is not understood',
    async (workerUrl) => {
      const url = workerUrl()
      const host = await open(undefined, { workerUrl: url })
      const port = await listen(host)
      // What unpacks is the same in both: all bombs by one of them in the short form.
      const given = wrong.filter(([name]) => isLong || url !== null || !/bomb/.test(name))
      for (const [name, [body, headers]] of given) {
        const { status, error } = await talk(port, request(target, body, headers))
        expect([name, error ?? status]).toEqual([name, 200])
      }
      await grouped(host, given.length)
      for (const [i, [name, [body], code]] of given.entries()) {
        const shown = await ask(host, 'posts.get', { postId: String(i + 1) })
        expect([name, shown.sha256]).toEqual([name, sha256(body)])
        expect([name, shown.kind]).toEqual([name, code === null ? 'exec' : 'unknown'])
        if (code !== null) expect([name, shown.reason]).toEqual([name, expect.stringContaining(code)])
        else expect([name, shown.runId]).toEqual([name, expect.any(String)])
      }
      const { posts } = await ask(host, 'posts.list', { unassigned: true, limit: 100 })
      const listed = posts.find(({ id }) => id === '1')
      expect(listed).toMatchObject({ kind: 'unknown', reason: expect.any(String) as string })
      expect(({} as { polluted?: number }).polluted).toBeUndefined()
    },
    60_000
  )
})

describe('a post that takes more memory to understand than there is', () => {
  // JSON.parse cannot be stopped: whoever lets it run out of memory loses the process, also in a thread.
  it.each([
    ['empty lists', '[],'],
    ['lists in lists', '[[[[1]]]],'],
    ['maps', '{"a":{}},']
  ])(
    'is not parsed, and says so: %s',
    async (_, part) => {
      const thread = new ParseThread(folder(), new URL('parse-worker.mjs', builtWorker()), 64)
      later(() => thread.stop())
      const meta = { at: 0, source: 'default', method: 'POST', target, headers: [] }
      const large = { meta, body: Buffer.from(debug(`[${part.repeat(scale(3_000_000, 6_000_000))}1]`)) }
      const small = { meta, body: Buffer.from(debug('{}')) }
      const asked = [thread.parseRaw(1, large, {}), thread.parseRaw(2, small, {})]
      expect((await asked[0])?.summary).toMatchObject({ seq: 1, kind: 'unknown' })
      expect((await asked[1])?.summary).toMatchObject({ seq: 2, kind: 'exec' })
    },
    60_000
  )

  it('is masked without being parsed when it is shown', () => {
    const deep = nested(20_000).replace(
      '"source":{}',
      `"source":{"parameters":{"bot_token":"hush","api_key":${'['.repeat(20_000)}"quiet"${']'.repeat(20_000)}}}`
    )
    const { body } = maskPost({
      meta: { at: 0, source: 'default', method: 'POST', target, headers: [] },
      body: Buffer.from(deep)
    })
    expect(body.toString()).not.toContain('hush')
  })
})

type Random = () => number
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!
const bytesOf = (random: Random, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, () => Math.floor(random() * 256)))

/** A valid post of one of many sources: shuffled posts of one would take long to tell apart, which is not what is asked here. */
function anyPost(random: Random): { readonly target: string; readonly body: string } {
  const { target, body } = pick(random, valid)
  return { target: `/s${Math.floor(random() * 1000)}${target}`, body }
}

/** A valid post with some of its bytes changed, removed, doubled, or its frame broken. */
function mutated(random: Random): Buffer {
  const { target, body } = anyPost(random)
  let text = Buffer.from(request(target, body))
  for (let n = 1 + random() * 4; n > 0; n--) {
    const at = Math.floor(random() ** 3 * text.length)
    const to = at + Math.floor(random() * 40)
    const parts = [
      [text.subarray(0, at), bytesOf(random, 1 + random() * 5), text.subarray(to)],
      [text.subarray(0, at), text.subarray(to)],
      [text.subarray(0, to), text.subarray(at)],
      [
        text.subarray(0, at),
        Buffer.from(
          pick(random, [
            '\0',
            '\r\n',
            '\n\n',
            '\\ud800',
            '"',
            '{',
            '9'.repeat(400),
            '__proto__',
            '%2e%2e/',
            '\u202e',
            ' HTTP/1.1'
          ])
        ),
        text.subarray(at)
      ]
    ]
    text = Buffer.concat(pick(random, parts))
  }
  return text
}

function framed(random: Random): Buffer {
  const { target, body } = anyPost(random)
  const encoding = pick(random, ['gzip', 'deflate', 'br', 'zstd', 'identity'])
  const pack = pick(random, [gzipSync, deflateSync, (text: string) => Buffer.from(text)])
  return pick(random, [
    () => request(target, body, [`Content-Length: ${Math.floor(random() * 2 * body.length)}`]),
    () =>
      request(target, body, [
        `Content-Length: ${pick(random, ['-1', '1e3', '', '99999999999999999999', '0x10', '3, 3'])}`
      ]),
    () => request(target, `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`, ['Transfer-Encoding: chunked']),
    () =>
      request(target, `${Math.floor(random() * 9999).toString(16)}\r\n${body}\r\n0\r\n\r\n`, [
        'Transfer-Encoding: chunked'
      ]),
    () => request(target, pack(body), [`Content-Encoding: ${encoding}`]),
    () =>
      request(
        pick(random, ['/', '/x', '/event-publish/init', '/a/b/c/end?outcome=success', '/%00/exec/%ff?result=error']),
        body
      ),
    () =>
      request(target, `{"source":{},"timestamp":"${Math.floor(random() * 1e6)}","data":${'['.repeat(random() * 2000)}`),
    () => request(target, bytesOf(random, random() * 3000))
  ])()
}

const kinds: readonly ((random: Random) => Buffer)[] = [
  (random) => bytesOf(random, random() * 2000),
  mutated,
  mutated,
  framed,
  framed,
  (random) => {
    const { target, body } = anyPost(random)
    return request(target, body)
  }
]

/** Posts `from` to `to` of all random ones, each with a seed of its own, against a workspace of their own. */
async function attack(from: number, to: number): Promise<void> {
  const problems: string[] = []
  const service = await CaptureService.open(folder(), { events: { problem: (text) => problems.push(text) } })
  const port = (await service.listen({ port: 0 })).address.port
  const statuses = new Map<number, number>()
  const count = (status: number): unknown => statuses.set(status, (statuses.get(status) ?? 0) + 1)
  let next = from
  const one = async (): Promise<void> => {
    while (next < to) {
      const seed = next++
      const random = seeded(seed)
      const bytes = pick(random, kinds)(random)
      const { status, error } = await talk(port, { parts: [bytes], end: true })
      // No byte, no question, no answer.
      if (bytes.length === 0) continue
      if (error !== null || status === 0) expect.fail(`seed ${seed}: ${error ?? 'no answer'}`)
      if (![200, 400, 401, 403, 405, 413, 431].includes(status)) expect.fail(`seed ${seed}: ${status}`)
      count(status)
      if (seed % 100 !== 0) continue
      const good = anyPost(random)
      expect((await talk(port, request(good.target, good.body))).status).toBe(200)
      count(200)
    }
  }
  await Promise.all(Array.from({ length: 20 }, one))
  await service.idle()
  const acknowledged = statuses.get(200) ?? 0
  const { total, inRuns, unassigned, waiting } = await service.accounts()
  const sum = inRuns + unassigned
  expect({ from, total, waiting, sum }).toEqual({ from, total: acknowledged, waiting: 0, sum: acknowledged })
  for await (const { seq } of service.reader.places()) {
    const { meta, body } = (await service.reader.read(seq))!
    const { kind, problem } = parsePost(meta, body)
    expect([from, seq, service.isUnassigned(seq)]).toEqual([from, seq, kind === 'unknown'])
    expect(service.runOf(seq) !== null || (problem !== undefined && problem.code in errorTable)).toBe(true)
  }
  expect(problems).toEqual([])
  await service.close()
}

describe('random posts', () => {
  it(
    'end nothing; those that were acknowledged are in a run or listed with the reason',
    async () => {
      const uncaught: unknown[] = []
      const note = (error: unknown): void => void uncaught.push(error)
      process.on('uncaughtException', note).on('unhandledRejection', note)
      later(() => process.off('uncaughtException', note).off('unhandledRejection', note))
      const count = repeat(200, 100_000)
      for (let from = 0; from < count; from += 2500) await attack(from, Math.min(count, from + 2500))
      expect(uncaught).toEqual([])
    },
    scale(60_000, 1_200_000)
  )
})

// A megabyte of brackets takes V8 a quarter of a second to parse, a hundred take minutes: what nests too deep is refused before it is parsed.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nestsDeeper } from '../../src/contract/json-depth.ts'
import { decodeWire } from '../../src/contract/wire.ts'
import { decodeJson } from '../../src/engine/php/decode.ts'
import { parsePostLine } from '../../src/host/capture/understand/ndjson.ts'
import { readJson } from '../../src/host/capture/understand/post-body.ts'
import { parseBytes } from '../../src/host/worker/runs/input.ts'
import { createApp } from '../../src/server/server.ts'
import { hosting } from '../unit/host/hosting.ts'
import { expectLinear } from './work.ts'

const { folder, open } = hosting()
afterEach(() => vi.restoreAllMocks())

const deep = (size: number): string => '['.repeat(size / 2) + ']'.repeat(size / 2)
const texts: Readonly<Record<string, string>> = {
  lists: deep(200_000),
  maps: '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000),
  'never closed': '['.repeat(200_000),
  'behind a text with quotation marks': `["${'\\\\\\"['.repeat(1000)}",${deep(200_000)}]`
}
const ways: Readonly<Record<string, (text: string) => unknown>> = {
  decodeJson: (text) => decodeJson(text, { name: 'it' }),
  parseBytes: (text) => parseBytes(Buffer.from(text), 'it'),
  'a post': (text) => readJson({ headers: [] } as never, Buffer.from(text)),
  'a line of posts': (text) => parsePostLine(text, 'it', 1),
  'a message': (text) => decodeWire(text)
}

describe('a text that nests deep', () => {
  it.each(Object.keys(ways).flatMap((way) => Object.keys(texts).map((text) => [way, text])))(
    'is not parsed: %s, %s',
    (way, text) => {
      const parse = vi.spyOn(JSON, 'parse')
      expect(() => ways[way]!(texts[text]!)).toThrow(way === 'a message' ? RangeError : /deeper|JSON/)
      expect(parse.mock.calls.filter(([given]) => given.length > 1000)).toEqual([])
    }
  )
  it('is not parsed as the body of a request either', async () => {
    const host = await open()
    const guard = { token: 'k'.repeat(32), hosts: new Set(['127.0.0.1']) }
    const app = await createApp({ host, pageFolder: folder() }, guard)
    const parse = vi.spyOn(JSON, 'parse')
    const headers = { authorization: `Bearer ${guard.token}`, 'content-type': 'application/json', host: '127.0.0.1' }
    const answer = await app.inject({ method: 'POST', url: '/api/call/app.info', headers, payload: deep(200_000) })
    expect(parse.mock.calls.filter(([given]) => given.length > 1000)).toEqual([])
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { ok: false, error: { code: 'INPUT_TOO_DEEP' } }])
    await app.close()
  })
  it('is told apart from one that has brackets in its texts, in time that grows with it', () => {
    expect(nestsDeeper(JSON.stringify({ a: '['.repeat(200_000), b: '\\' }), 512)).toBe(false)
    expect(nestsDeeper(`[${'{"a":[1]},'.repeat(20_000)}1]`, 3)).toBe(false)
    expect(nestsDeeper(`[${'{"a":[1]},'.repeat(20_000)}1]`, 2)).toBe(true)
    const makes = [
      (n: number) => '[]'.repeat(n),
      (n: number) => `"${'\\'.repeat(2 * n)}"`.repeat(4),
      (n: number) => '"'.repeat(n)
    ]
    for (const make of makes)
      expectLinear(
        (n) => make(40_000 * n),
        (text) => nestsDeeper(text, 512),
        2
      )
  })
})

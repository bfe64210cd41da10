// A file of posts comes from anywhere: what it holds is refused with its line, or kept so that it can be read again, and what it is no list of
// posts at all (compressed, cut, endless) is told at once.
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { postsOfFile } from '../../src/host/capture/import/file.ts'
import { parsePostLine } from '../../src/host/capture/understand/ndjson.ts'
import { readImport } from '../../src/host/capture/import/source.ts'
import { encodeRecordHead, parseMeta } from '../../src/host/capture/journal/segments.ts'
import { ask, hosting } from '../unit/host/hosting.ts'
import { eventOf } from '../unit/host/samples.ts'
import { isLong, scale } from './scale.ts'

const { open, folder } = hosting()
const body = JSON.stringify({
  timestamp: '2024-10-21T12:00:00+00:00',
  source: { module_id: 'tag-if', node_id: 2 },
  data: eventOf(1)
})
const post = {
  at: '2024-10-21T12:00:00.000Z',
  source: 's',
  method: 'POST',
  target: '/event-publish/exec/tag-if?result=success',
  headers: {},
  body
}
const line = (more: object = {}): string => JSON.stringify({ ...post, ...more })
const raw = (name: string, text: string): string => line({ here: 1 }).replace('"here":1', `"${name}":${text}`)

const refused: Readonly<Record<string, string>> = {
  'a time beyond all dates': raw('at', '1e300'),
  'no number': raw('at', '1e999'),
  'a time before all clocks': raw('at', '-1'),
  'a year before all clocks': line({ at: '1969-12-31T23:59:59Z' }),
  'a time that is a map': line({ at: { valueOf: 1 } }),
  'a target of five megabytes': line({ target: `/${'x'.repeat(5_000_000)}` }),
  'heads of five megabytes': line({
    headers: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`h${i}`, 'y'.repeat(100_000)]))
  }),
  'a source of five megabytes': line({ source: 'z'.repeat(5_000_000) }),
  'a body that is a number': line({ body: 5 }),
  'a list': '[]'.padEnd(4),
  'a text': '"post"',
  'half of it': line().slice(0, -20),
  'trailing garbage': `${line()}\0\0`
}

const taken: Readonly<Record<string, string>> = {
  'an opening beyond all dates': line({ opened: '+275760-09-13T00:00:00.001Z' }),
  'an opening before all clocks': line({ opened: '1900-01-01T00:00:00Z' }),
  'a source that leads out': line({ source: '../../..' }),
  'a source of no text': line({ source: { toString: 1 } }),
  'a method with a line': line({ method: 'GET /x HTTP/1.1\r\nHost: y\r\n\r\n' }),
  'a head with a line': line({ headers: { 'a\r\nb': 'c\r\nd: e', x: 5, __proto__: 'p' } }),
  'half a character': line({ target: '/\ud800', source: '\udfff' }),
  'a file name as its body': line({ bodyFile: '../../../../etc/passwd', sha256: 'x' })
}

describe('a post of a file', () => {
  it.each(Object.entries(refused))('with %s is refused with its line', async (name, text) => {
    expect(() => parsePostLine(text, 'f.ndjson', 7)).toThrow(
      expect.objectContaining({
        name: 'CodedError',
        message: expect.stringMatching(/f\.ndjson.*line 7/) as string
      }) as Error
    )
    if (name.includes('megabytes') && !isLong) return
    const host = await open()
    await ask(host, 'capture.import', { name: 'good', text: line() })
    const answer = await host.call('capture.import', { name: 'f.ndjson', text: `${line()}\n${text}\n` })
    expect(answer).toMatchObject({ ok: false })
    expect(JSON.stringify(answer)).toMatch(/INPUT_\w+/)
    // Nothing of it is left.
    expect((await ask(host, 'posts.list', {})).total).toBe(1)
  })

  it.each(Object.entries(taken))('with %s is kept and can be read again', async (_name, text) => {
    const { meta } = parsePostLine(text, 'f.ndjson', 1)
    const head = encodeRecordHead(1, meta, 0)
    expect(parseMeta(JSON.parse(head.subarray(32).toString()))).toMatchObject({ at: meta.at })
    expect(meta).not.toHaveProperty('bodyFile')
    expect(() => new Date(meta.opened ?? 0).toISOString()).not.toThrow()
  })

  it('is there again after a restart, whatever stands in it', async () => {
    const host = await open()
    await ask(host, 'capture.import', { name: 'f', text: Object.values(taken).join('\n') })
    const before = await ask(host, 'posts.list', {})
    await host.close()
    const again = await open(host.workspace.folder)
    const after = await ask(again, 'posts.list', {})
    expect(after.total).toBe(before.total)
    for (const { id } of after.posts) await ask(again, 'posts.get', { postId: id })
    expect((await ask(again, 'workspace.info', {})).problems).toEqual([])
  })
})

describe('a file that is imported', () => {
  const zip = Buffer.concat([Buffer.from('PK\u0003\u0004'), deflateRawSync(Buffer.alloc(1e6))])
  const files: Readonly<Record<string, Buffer>> = {
    'compressed posts': gzipSync(line()),
    'a bomb': gzipSync(Buffer.alloc(scale(1e6, 1e9))),
    'half of a gzip': gzipSync(line()).subarray(0, 100),
    'a zip': zip,
    'a zip with posts before it': Buffer.concat([Buffer.from(`${line()}\n`), zip]),
    'zeros after the posts': Buffer.concat([Buffer.from(`${line()}\n`), Buffer.alloc(1000)])
  }
  it.each(Object.entries(files))('and is %s is refused by name', async (_name, bytes) => {
    const dir = folder()
    mkdirSync(dir, { recursive: true })
    const file = join(dir, 'posts.gz')
    writeFileSync(file, bytes)
    const read = async (): Promise<void> => {
      for await (const _batch of readImport(file, 'posts.gz'));
    }
    await expect(read()).rejects.toMatchObject({
      code: 'INPUT_NOT_JSON',
      message: expect.stringContaining('posts.gz') as string
    })
  })

  it.each([
    ['of one line without an end', ''],
    ['of a log without an end', '[{"Log":{'],
    ['of a run without an end', '{"format":"retrace-captured-run",']
  ])('%s is refused before it fills the memory', async (_name, begin) => {
    const dir = folder()
    mkdirSync(dir, { recursive: true })
    const file = join(dir, 'endless')
    writeFileSync(file, begin)
    truncateSync(file, 5_000_000_000)
    const read = async (): Promise<void> => {
      if (begin !== '') for await (const _batch of readImport(file, 'endless'));
      else for await (const _list of postsOfFile(file, 'endless', isLong ? {} : { most: 1_000_000 }));
    }
    await expect(read()).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
      message: expect.stringContaining('endless') as string
    })
  })
})

// A file that is imported is parsed in a thread of its own: the listener's thread, which answers MISP, only gets the posts.
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { importBatches, packBatch, unpackBatch } from '../../../../src/host/capture/import/thread.ts'
import { understand } from '../../../../src/host/capture/understand/understand.ts'
import { builtWorker } from '../built-worker.ts'
import { ask, hosting } from '../hosting.ts'

const { folder, open } = hosting()
let workerUrl: URL
beforeAll(() => void (workerUrl = builtWorker()))
afterEach(() => vi.restoreAllMocks())

const padding = 'x'.repeat(400)
const line = (i: number): string =>
  JSON.stringify({
    at: new Date(Date.UTC(2024, 0, 1) + i).toISOString(),
    source: '',
    method: 'POST',
    target: '/what',
    headers: {},
    body: `${i} ${padding}`
  })
const lines = Array.from({ length: 1000 }, (_, i) => line(i))
const runFile = (posts: readonly string[]): string =>
  `{"format":"retrace-captured-run","version":1,"run":{},"posts":[${posts.join(',')}]}`
const bytesOf = (dir: string): number =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.seg'))
    .reduce((sum, name) => sum + statSync(join(dir, name)).size, 0)

/** Characters of files that this thread parsed. */
function watchParsing(): () => number {
  let parsed = 0
  const parse = JSON.parse
  vi.spyOn(JSON, 'parse').mockImplementation((text: string, reviver?: Parameters<typeof JSON.parse>[1]): unknown => {
    if (text.includes(padding.slice(0, 100))) parsed += text.length
    return parse(text, reviver)
  })
  return () => parsed
}

describe('a batch on its way between threads', () => {
  it.each([1, 40, 1000, 3000, 5000])('has the bodies as they were, with %i bytes each', (length) => {
    // Small Buffers are parts of a larger one.
    Buffer.from('something else')
    const bodies = ['a', 'b', 'c'].map((letter) => Buffer.from(letter.repeat(length)))
    const meta = { at: 0, source: '', method: 'POST', target: '/what', headers: [] }
    const packed = packBatch(
      { kind: 'posts', posts: bodies.map((body, i) => ({ meta, number: i + 1, body })), share: 1 },
      {}
    )
    const { bytes } = packed as Extract<typeof packed, { readonly bytes: Uint8Array }>
    expect([bytes.byteOffset, bytes.byteLength, bytes.buffer.byteLength]).toEqual([0, 3 * length, 3 * length])
    expect(Buffer.from(bytes).toString()).toBe(bodies.join(''))
  })

  it('arrives as it was', () => {
    const meta = { at: 1.5, opened: 1, source: 'a', method: 'POST', headers: [['x', '\ud800 “']] as [string, string][] }
    const node = '{"id":3,"data":{"id":"x","module_type":"action","indexed_params":{"most":1e999,"__proto__":-0}}}'
    const none =
      '"timestamp":"2024-10-01T00:00:00Z","source":{"node_id":"","module_id":"","filters":"","parameters":""}'
    const source = '"source":{"node_id":3,"module_id":"webhook"}'
    const posts = [
      ['/event-publish/init?type=blocking', `{"data":{"original":{"Event":{"id":"1","info":"\ud800"}}}}`],
      ['/event-publish/exec/webhook?result=success', `{${source},"data":{"Event":{"id":"1"}}}`],
      ['/event-publish/end?outcome=success', `{${none},"data":{"executed_nodes":[${node}],"blocking_nodes":[]}}`],
      ['/what', 'no JSON']
    ].map(([target = '', body = ''], i) => ({ meta: { ...meta, target }, number: i + 1, body: Buffer.from(body) }))
    const [there] = [structuredClone(packBatch({ kind: 'posts', posts, share: 0.5 }, {}))]
    const back = unpackBatch(there)
    const expected = posts.map((post) => {
      const understood = understand(0, post, {})
      return { ...post, understood: understood.summary.kind === 'unknown' ? null : understood }
    })
    expect(back).toEqual({ kind: 'posts', posts: expected, share: 0.5 })
    expect(expected.map(({ understood }) => understood?.end === undefined)).toEqual([true, true, false, true])
  })
})

describe('capture.import and posts.import', () => {
  it.each([
    ['a list of posts', lines.join('\n'), lines.length],
    ['a run file', runFile(lines), lines.length]
  ])(
    'parse %s elsewhere',
    async (_name, text, posts) => {
      const host = await open(folder(), { workerUrl })
      const file = join(folder(), 'file')
      writeFileSync(file, text)
      const parsed = watchParsing()
      const uploadId = await host.uploads.take(file)
      expect(await ask(host, 'capture.import', { name: 'file', uploadId })).toMatchObject({ posts })
      const again = await host.uploads.take(file)
      await ask(host, 'posts.import', { name: 'file', uploadId: again, graphs: [] })
      expect(parsed()).toBe(0)
    },
    60_000
  )

  it.each(['capture.import', 'posts.import'] as const)('%s parses a log once', async (operation) => {
    const host = await open()
    const row = (id: number, title: string) => ({
      Log: { id, created: '2024-01-01 00:00:00', model: 'Workflow', model_id: 4, action: 'execute_workflow', title }
    })
    const text = JSON.stringify([
      row(1, `Started executing workflow for trigger \`event-publish\` (4) ${padding}`),
      row(2, 'Finished executing workflow for trigger `event-publish` (4). Outcome: success')
    ])
    const file = join(folder(), 'log.json')
    writeFileSync(file, text)
    const uploadId = await host.uploads.take(file)
    const parsed = watchParsing()
    await ask(host, operation, { name: 'log.json', uploadId })
    expect((await ask(host, 'runs.rows', {})).runs).toMatchObject([{ outcome: 'success', origin: 'imported' }])
    expect(parsed()).toBe(text.length)
  })

  it('has stored the first posts before the last one is read', async () => {
    const workspace = folder()
    const host = await open(workspace)
    const file = join(folder(), 'file')
    const count = 6000
    writeFileSync(file, Array.from({ length: count }, (_, i) => line(i)).join('\n'))
    const uploadId = await host.uploads.take(file)
    const parse = JSON.parse
    let stored = -1
    vi.spyOn(JSON, 'parse').mockImplementation((text: string): unknown => {
      if (text === line(count - 1)) stored = bytesOf(join(workspace, 'capture'))
      return parse(text)
    })
    await ask(host, 'capture.import', { name: 'file', uploadId })
    expect(stored).toBeGreaterThan(count * 200)
  }, 60_000)

  it('refuse what is wrong with the same code and leave nothing behind', async () => {
    for (const more of [{ workerUrl }, {}]) {
      const host = await open(folder(), more)
      for (const [text, code] of [
        [[...lines.slice(0, 50), 'garbage'].join('\n'), 'INPUT_NOT_JSON'],
        [runFile(['{"at":"2024-01-01T00:00:00Z"}']), 'INPUT_WRONG_TYPE'],
        [runFile(lines.slice(0, 5)).slice(0, -5), 'INPUT_WRONG_TYPE']
      ] as const) {
        for (const name of ['capture.import', 'posts.import'] as const) {
          const file = join(folder(), 'file')
          writeFileSync(file, text)
          const uploadId = await host.uploads.take(file)
          expect(await host.call(name, { name: 'the-file', uploadId })).toMatchObject({
            error: { code, message: expect.stringContaining('the-file') }
          })
        }
      }
      expect((await ask(host, 'runs.rows', {})).accounts).toMatchObject({ inRuns: 0, unassigned: 0 })
    }
  }, 60_000)
})

describe('importBatches', () => {
  it('gives the same posts from the thread as without it, in pieces', async () => {
    const file = join(folder(), 'file')
    writeFileSync(file, [...lines, ...lines, ...lines].join('\n'))
    const read = async (url: URL | null): Promise<string[][]> => {
      const batches: string[][] = []
      for await (const batch of importBatches({ file, name: 'file', limits: {}, dir: folder() }, { url }))
        if (batch.kind === 'posts')
          batches.push(batch.posts.map(({ number, meta, body }) => `${number} ${meta.at} ${body.toString('utf8')}`))
      return batches
    }
    const there = await read(new URL('parse-worker.mjs', workerUrl))
    expect(there.map((batch) => batch.join())).toEqual((await read(null)).map((batch) => batch.join()))
    expect(there.length).toBeGreaterThan(1)
  })
})

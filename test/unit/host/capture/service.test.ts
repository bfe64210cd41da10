import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RawPost } from '../../../../src/host/capture/understand/ndjson.ts'
import { sendPost } from '../../../../src/host/capture/listen/send.ts'
import { Grouping } from '../../../../src/host/capture/group/all.ts'
import { CaptureService } from '../../../../src/host/capture/service.ts'
import { planRemoval } from '../../../../src/host/capture/journal/retention.ts'
import { interleave } from './interleave.ts'
import { recordedRuns, type StreamPost } from './recorded-runs.ts'

let folder: string
let service: CaptureService
const problems: string[] = []
const files: (string | undefined)[] = []
const open = async (): Promise<CaptureService> => {
  const problem = (message: string, file?: string): void => {
    problems.push(message)
    files.push(file)
  }
  service = await CaptureService.open(folder, { events: { problem } })
  return service
}
const raw = (post: StreamPost): RawPost => ({
  meta: { at: post.at, source: 'default', method: 'POST', target: post.target, headers: [] },
  body: Buffer.from(post.body)
})
const named = (id: string) => recordedRuns().find((run) => run.id === id)!
const stream = interleave({
  seed: 4,
  runs: [named('run-207-enrich-nested-pass'), named('run-114-stop-default-event-after-save')],
  atOnce: 2
})
const shape = (s: CaptureService) =>
  [...s.runs.values()]
    .map((run) => ({
      id: run.id,
      posts: run.posts.map(([seq]) => seq),
      parent: run.parent?.runId ?? null,
      outcome: run.outcome
    }))
    .sort((a, b) => a.id.localeCompare(b.id))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'retrace-service-'))
  problems.length = files.length = 0
})
afterEach(async () => {
  await service.close()
  rmSync(folder, { recursive: true })
})

describe('capture', () => {
  it('writes the posts of an import together', async () => {
    await open()
    const posts = Array.from({ length: 900 }, () => raw(stream.posts[0] as StreamPost))
    const looks = vi.spyOn(service.journal!, 'refusal')
    expect(await service.importPosts(posts)).toEqual(posts.map((_, i) => i + 1))
    // The journal looks at the folder before each write.
    expect(looks.mock.calls.length).toBeLessThan(30)
  })

  it('looks at posts twice as long as their workflow shows something new, and finds all runs', async () => {
    await open()
    const tried = vi.spyOn(Grouping.prototype, 'trying')
    const none = { node_id: '', module_id: '', filters: '', parameters: '' }
    const timestamp = '2024-10-01T00:00:00+00:00'
    const run = (i: number, nodeId: number): RawPost[] => {
      const data = { Event: { id: String(i), info: `event ${i}` } }
      const post = (path: string, body: object): RawPost =>
        raw({ at: 1_700_000_000_000 + i * 1000, target: path, body: JSON.stringify({ timestamp, ...body }) })
      const parameters = { nodeId }
      const saved = { id: nodeId, data: { id: 'push-zmq', module_type: 'action', indexed_params: parameters } }
      const ends = { blocking_nodes: [], executed_nodes: [saved], blocked_paths: [] }
      return [
        post('/event-publish/init?type=blocking', { source: none, data: { original: data, normalized: data } }),
        post('/event-publish/exec/push-zmq?result=success', {
          source: { node_id: nodeId, module_id: 'push-zmq', filters: '', parameters },
          data
        }),
        post('/event-publish/end?outcome=success', { source: none, data: ends })
      ]
    }
    const count = 2700
    const posts = Array.from({ length: count }, (_, i) => run(i, i < count - 20 ? 2 : 5)).flat()
    await service.importPosts(posts)
    const found = [...service.runs.values()].map(({ posts: own }) => own.map(([seq]) => seq))
    expect(found).toEqual(Array.from({ length: count }, (_, i) => [3 * i + 1, 3 * i + 2, 3 * i + 3]))
    // The first posts, and those of the batch in which another workflow comes.
    expect(tried.mock.calls.length).toBeLessThan(posts.length - 1000)
  }, 60_000)

  it('groups what arrives and finds the same runs again after a restart', async () => {
    await open()
    const listener = await service.listen({ port: 0 })
    const to = { host: '127.0.0.1', port: listener.address.port, path: '', authorization: null }
    for (const post of stream.posts) expect(await sendPost(to, raw(post))).toBe(200)
    await service.idle()
    const found = shape(service)
    expect(found.map(({ posts }) => posts).sort()).toEqual(stream.runs.map(({ lines }) => lines).sort())
    const nested = found.find(({ parent }) => parent !== null)
    expect(nested?.posts).toEqual(stream.runs.find(({ parent }) => parent !== null)?.lines)
    await service.close()
    await open()
    expect(shape(service)).toEqual(found)
  })

  it('finds runs again when the index is lost or cut', async () => {
    await open()
    await service.importPosts(stream.posts.map(raw))
    const found = shape(service)
    await service.close()
    const index = join(folder, 'capture', 'runs.ndjson')
    writeFileSync(index, readFileSync(index, 'utf8').slice(0, -30))
    await open()
    expect(shape(service)).toEqual(found)
    expect(problems.length).toBe(1)
    expect(files).toEqual(['capture/runs.ndjson'])
    await service.close()
    rmSync(index)
    await open()
    expect(shape(service)).toEqual(found)
  })

  it('goes on with runs that were open', async () => {
    await open()
    await service.importPosts(stream.posts.slice(0, 4).map(raw))
    await service.close()
    await open()
    await service.importPosts(stream.posts.slice(4).map(raw))
    expect(
      shape(service)
        .map(({ posts }) => posts)
        .sort()
    ).toEqual(stream.runs.map(({ lines }) => lines).sort())
  })

  it('moves, splits and merges by hand, keeps it over a restart, and takes it back', async () => {
    await open()
    await service.importPosts(stream.posts.map(raw))
    const before = shape(service)
    const [a, b] = [...service.runs.values()]
    await service.mergeRuns(b!.id, a!.id)
    expect(service.runs.has(b!.id)).toBe(false)
    expect(service.runs.get(a!.id)).toMatchObject({ confidence: 1, corrected: true })
    expect(service.runs.get(a!.id)!.posts.length).toBe(a!.posts.length + b!.posts.length)
    const split = await service.splitRun(a!.id, a!.posts.at(-1)![0])
    const after = shape(service)
    await service.close()
    await open()
    expect(shape(service)).toEqual(after)
    expect((await service.undoCorrection())?.id).toBe(split.id)
    await service.undoCorrection()
    expect(shape(service)).toEqual(before)
    expect(await service.undoCorrection()).toBeNull()
    await service.close()
    appendFileSync(join(folder, 'capture', 'corrections.ndjson'), 'not json\n')
    await open()
    expect(shape(service)).toEqual(before)
    expect(problems.at(-1)).toContain('corrections.ndjson')
    expect(files.at(-1)).toBe('capture/corrections.ndjson')
  })

  it('compacts and removes runs without touching the others', async () => {
    await open()
    await service.importPosts(stream.posts.map(raw))
    const rules = { maxAgeDays: null, maxRuns: 1, maxBytes: null }
    const going = planRemoval(service.runs.values(), rules, () => false, Date.now()).going.map(({ id }) => id)
    expect(going.length).toBe(2)
    expect(planRemoval(service.runs.values(), rules, () => true, Date.now())).toEqual({ going: [], keptPinned: 2 })
    const off = { ...rules, maxRuns: null }
    expect(planRemoval(service.runs.values(), off, () => false, Date.now()).going).toEqual([])
    const kept = shape(service).filter(({ id }) => !going.includes(id))
    await service.removeRuns(going)
    expect(shape(service)).toEqual(kept)
    await service.close()
    await open()
    expect(shape(service)).toEqual(kept)
    for (const seq of kept[0]!.posts)
      expect((await service.reader.read(seq))!.body.toString()).toBe(stream.posts[seq - 1]!.body)
    const [fresh] = await service.importPosts([raw(stream.posts[0]!)])
    expect(fresh).toBe(stream.posts.length + 1)
  })
})

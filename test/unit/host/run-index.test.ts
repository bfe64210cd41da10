import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../../src/contract/run-views.ts'
import { RunIndex } from '../../../src/host/runs/run-index.ts'
import { temporaryFolders } from './temporary.ts'
import { blankSummary } from '../../../src/engine/replay/run-facts.ts'

const folder = temporaryFolders()
const openIndex = (path: string, writable = true): Promise<RunIndex> =>
  RunIndex.open({ folder: path, onChange: () => undefined }, { writable: () => writable, report: () => undefined })

const run = (n: number, more: Partial<RunSummary> = {}): RunSummary => ({
  ...blankSummary(`run-${String(n).padStart(6, '0')}`, new Date(1_700_000_000_000 + n * 1000).toISOString()),
  origin: 'captured',
  state: 'done',
  outcome: n % 3 === 0 ? 'blocked' : 'success',
  trigger: n % 2 === 0 ? 'event-publish' : 'event-after-save',
  words: `tag-if webhook attribute ${n}`,
  ...more
})

describe('the index of runs', () => {
  it('pages through 100,000 runs, newest first, while new ones arrive', async () => {
    const index = await openIndex(folder())
    index.putDerived(Array.from({ length: 100_000 }, (_, i) => run(i)))
    const first = index.list({}, '', null, 100)
    expect([first.total, first.runs[0]?.id, first.runs[99]?.id]).toEqual([100_000, 'run-099999', 'run-099900'])
    await index.put(run(100_000), false)
    const second = index.list({}, '', first.cursor, 100)
    expect([second.runs[0]?.id, second.runs[99]?.id]).toEqual(['run-099899', 'run-099800'])
    const last = index.list({}, '', `${run(50).startedAt}|${run(50).id}`, 100)
    expect([last.runs.length, last.cursor]).toEqual([50, null])
  })

  it('pages through 100,000 runs in the order of any column, each once, while new ones arrive', async () => {
    const index = await openIndex(folder())
    const runs = Array.from({ length: 100_000 }, (_, i) =>
      run(i, { steps: i % 7, durationMs: i % 3 === 0 ? null : i % 5 })
    )
    index.putDerived(runs)
    const first = index.list({}, '', null, 1000, { by: 'steps', down: true })
    expect(first.total).toBe(100_000)
    // What is equal: newest first.
    expect(first.runs.slice(0, 2).map(({ id, steps }) => [id, steps])).toEqual([
      ['run-099994', 6],
      ['run-099987', 6]
    ])
    await index.put(run(100_001, { steps: 6 }), false)
    const second = index.list({}, '', first.cursor, 1000, { by: 'steps', down: true })
    expect(second.runs[0]?.id).toBe('run-092994')
    // What has no value stands last, up and down.
    for (const down of [true, false]) {
      const { runs: found } = index.list({}, '', null, 40_000, { by: 'time', down })
      expect(found[0]?.durationMs).toBe(down ? 4 : 0)
    }
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = index.list({ outcome: ['blocked'] }, 'attribute 99', cursor, 100, { by: 'trigger', down: false })
      seen.push(...page.runs.map(({ id }) => id))
      cursor = page.cursor
    } while (cursor !== null)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(index.list({ outcome: ['blocked'] }, 'attribute 99', null, 1).total)
    expect(() => index.list({}, '', 'nonsense', 10, { by: 'size', down: true })).toThrow('cursor')
  })

  it('finds the runs of a module, not those of one whose name holds its name', async () => {
    const index = await openIndex(folder())
    index.putDerived([
      run(1, { words: 'webhook Sent to webhook-proxy' }),
      run(2, { words: 'ms-teams-webhook my-webhook' })
    ])
    expect(index.list({ module: 'webhook' }, '', null, 10).runs.map(({ id }) => id)).toEqual(['run-000001'])
    expect(index.list({ module: 'Webhook' }, '', null, 10).total).toBe(0)
  })

  it('filters and searches', async () => {
    const index = await openIndex(folder())
    index.putDerived(Array.from({ length: 30 }, (_, i) => run(i)))
    expect(index.list({ outcome: ['blocked'], trigger: ['event-publish'] }, '', null, 100).total).toBe(5)
    expect(index.list({}, 'WEBHOOK 29', null, 100).runs.map(({ id }) => id)).toEqual(['run-000029'])
    expect(index.list({ origin: ['local'] }, '', null, 100).total).toBe(0)
  })

  it('remembers names, pins and the bin of any run over a restart', async () => {
    const path = folder()
    const index = await openIndex(path)
    index.putDerived([run(1), run(2), run(3)])
    await index.remark(['run-000001'], { name: 'the odd one', pinned: true })
    await index.remark(['run-000002'], { deletedAt: '2024-10-21T12:00:00.000Z' })
    const again = await openIndex(path)
    again.putDerived([run(1), run(2), run(3)])
    expect(again.get('run-000001')).toMatchObject({ name: 'the odd one', pinned: true })
    expect(again.list({}, '', null, 10).runs.map(({ id }) => id)).toEqual(['run-000003', 'run-000001'])
    expect(again.list({ deleted: true }, '', null, 10).total).toBe(1)
    await again.remark(['run-000002'], { deletedAt: null })
    expect(again.list({}, '', null, 10).total).toBe(3)
  })

  it('refuses remarks on unknown runs and changes nothing', async () => {
    const index = await openIndex(folder())
    index.putDerived([run(1)])
    await expect(index.remark(['run-000001', 'none'], { pinned: true })).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND'
    })
    expect(index.get('run-000001')?.pinned).toBe(false)
  })

  it('keeps good lines of a torn file and sets the file aside', async () => {
    const path = folder()
    const index = await openIndex(path)
    index.putDerived([run(1)])
    await index.remark(['run-000001'], { name: 'kept' })
    appendFileSync(join(path, 'index.ndjson'), '{"remark":{"id":"run-0000')
    const again = await openIndex(path)
    again.putDerived([run(1)])
    expect(again.get('run-000001')?.name).toBe('kept')
    expect(readFileSync(join(path, 'index.ndjson.bad'), 'utf8')).toContain('{"remark":{"id":"run-0000')
  })

  it('writes nothing when it may not', async () => {
    const path = folder()
    writeFileSync(join(path, 'index.ndjson'), '{"format":"retrace.run-index","version":1}\n{"torn')
    const index = await openIndex(path, false)
    index.putDerived([run(1)])
    await index.remark(['run-000001'], { pinned: true })
    expect(readFileSync(join(path, 'index.ndjson'), 'utf8')).toBe('{"format":"retrace.run-index","version":1}\n{"torn')
  })
})

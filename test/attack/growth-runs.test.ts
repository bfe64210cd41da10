// Lines of files, lists of runs, runs that are printed, masked and shown: each costs what grows with it. Work is counted, see work.ts, which
// comes first.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectLinear, workOf, workOfWaiting } from './work.ts'
import { sample, scale } from './scale.ts'
import { RunPrinter } from '../../src/cli/print-run.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import type { RunSummary } from '../../src/contract/run-views.ts'
import { RunFold } from '../../src/engine/replay/fold.ts'
import { postsOfFile } from '../../src/host/capture/import/file.ts'
import { rowsOf } from '../../src/host/runs/log-rows.ts'
import { RunIndex } from '../../src/host/runs/run-index.ts'
import { readLines } from '../../src/host/store/reading.ts'
import { createMask } from '../../src/host/worker/mask/run.ts'
import { timeScale } from '../../src/renderer/views/run/time-scale.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { blankSummary } from '../../src/engine/replay/run-facts.ts'

const folder = temporaryFolders()
const list = <T>(n: number, part: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => part(i))

describe('a file of lines', () => {
  const line = (body: string): string => JSON.stringify({ at: '2024-01-01T00:00:00Z', source: '', target: '/a', body })
  const contents: Readonly<Record<string, (n: number) => string>> = {
    'one very long line': (n) => line('x'.repeat(1000 * n)),
    'many lines': (n) => list(n, () => line('x'.repeat(900))).join('\n'),
    'many empty lines': (n) => '\n'.repeat(10 * n),
    'a long line of blanks': (n) => `${' '.repeat(500 * n)}\n${line('x')}`
  }
  const drain = async (lines: AsyncIterable<unknown>): Promise<number> => {
    let count = 0
    for await (const one of lines) if (one !== null) count++
    return count
  }
  const readers: Readonly<Record<string, (file: string) => Promise<number>>> = {
    posts: (file) => drain(postsOfFile(file)),
    'a file of the workspace': (file) => drain(readLines(file)),
    'a run': (file) => drain(rowsOf(file, 'it', () => true))
  }
  // Each reader and each content once, at least.
  it.each(
    sample(
      Object.keys(readers).flatMap((reader) => Object.keys(contents).map((content) => [content, reader] as const)),
      5
    )
  )('with %s, read as %s', async (content, reader) => {
    const dir = folder()
    const work: number[] = []
    for (const n of [1, 1000, 4000]) {
      const file = join(dir, `${n}`)
      writeFileSync(file, contents[content!]!(n))
      work.push(await workOfWaiting(() => readers[reader!]!(file)))
    }
    expect(work[2]! / work[1]!, work.join()).toBeLessThanOrEqual(6)
  })
})

const summary = (i: number, parent: number | null): RunSummary => ({
  ...blankSummary(`r-${i}`, new Date(Date.UTC(2024, 0, 1) + i * 1000).toISOString()),
  ...{ state: 'done', origin: 'local', words: `webhook word${i}` },
  parent: parent === null ? null : { runId: `r-${parent}`, nodeId: 1, relation: 'nested' }
})

describe('all pages of a list of runs', () => {
  const parents: Readonly<Record<string, (i: number) => number | null>> = {
    'side by side': () => null,
    'each in the one before': (i) => (i === 0 ? null : i - 1),
    'all in one': (i) => (i === 0 ? null : 0)
  }
  const queries = {
    all: {},
    searched: { search: 'word' },
    trees: { filter: { roots: true } },
    'of a module': { filter: { module: 'webhook' } }
  } as const
  it.each(
    sample(
      Object.keys(parents).flatMap((parent) =>
        Object.entries(queries).map(([name, query]) => [parent, name, query] as const)
      ),
      5
    )
  )('%s: %s', async (parent, _name, query) => {
    const { filter = {}, search = '' } = { ...query } as { filter?: object; search?: string }
    const indexes = new Map<number, RunIndex>()
    for (const n of [8, 400, 1600]) {
      const index = await RunIndex.open(
        { folder: folder(), onChange: () => undefined },
        { report: () => undefined, writable: () => false }
      )
      index.putDerived(list(n, (i) => summary(i, parents[parent]!(i))))
      indexes.set(n, index)
    }
    const seen = new Map<number, number>()
    expectLinear(
      (n) => n,
      (n) => {
        let count = 0
        for (let cursor: string | null = null, more = true; more;) {
          const page = indexes.get(n)!.list(filter, search, cursor, 20)
          count += page.runs.length
          cursor = page.cursor
          more = cursor !== null
        }
        seen.set(n, count)
      },
      400
    )
    expect(seen.get(1600)).toBe(_name === 'trees' && parent !== 'side by side' ? 1 : 1600)
    // A run that comes or changes is in the next page that is asked for.
    const index = indexes.get(400)!
    await index.put({ ...summary(9999, null), words: 'webhook word' }, false)
    expect(index.list(filter, search, null, 5).runs[0]!.id).toBe('r-9999')
    await index.remove('r-9999', false)
    expect(index.list(filter, search, null, 5).runs[0]!.id).not.toBe('r-9999')
  })
})

/** A run whose every node has a secret, sends, errs and adds an attribute. */
function eventsOf(n: number, isDataLarge: boolean): readonly RunEvent[] {
  const events: unknown[] = []
  const emit = (type: string, nodeId: number | null, data: object): void =>
    void events.push({ runId: 'r', seq: events.length + 1, at: events.length, nodeId, type, data })
  emit('run.started', null, {
    workflowId: '1',
    workflowName: 'a',
    triggerId: 'event-publish',
    pathType: 'blocking',
    profile: '2.5.1',
    assumptions: []
  })
  const event = (i: number): object => ({
    Event: { id: '1', info: `${i}`, Attribute: isDataLarge ? [] : [{ id: `${i}`, value: `v${i}` }] }
  })
  for (let i = 0; i < n; i++) {
    const ref = { nodeId: i, moduleId: 'webhook', moduleType: 'action' }
    emit('node.started', i, { ...ref, path: [] })
    const effect = {
      kind: 'http',
      method: 'POST',
      url: `https://a.example/${i}?token=secret-${i}`,
      headers: [['Authorization', `key-${i}-of-it`]],
      body: ''
    }
    emit('effect', i, { effect, answer: { status: 200, body: `secret-${i}` }, by: 'record' })
    emit('log', i, { line: `[2024-01-01 00:00:00] Workflow(a:1). secret-${i} key-${i}-of-it` })
    emit('note', i, { code: 'x', text: `about secret-${i}`, nodeId: i })
    const params = { url: `https://a.example/${i}`, headers: `Authorization: key-${i}-of-it` }
    emit('node.finished', i, {
      ...ref,
      result: 'error',
      success: false,
      errors: [`not secret-${i}`],
      message: `not key-${i}-of-it`,
      before: event(i),
      after: event(i + 1),
      view: null,
      params,
      derived: [],
      path: []
    })
  }
  emit('run.finished', null, { outcome: 'failure', outcomeText: 'x', success: false, walk: null, blockingErrors: [] })
  return events as RunEvent[]
}

describe('a run', () => {
  it('is printed', () => {
    expectLinear(
      (n) => eventsOf(n, false),
      (events) => {
        const printer = new RunPrinter(() => undefined, false, { Workflow: { data: {} } })
        for (const event of events) printer.event(event, 'r')
        const fold = new RunFold()
        for (const event of events) fold.apply(event)
        printer.end(fold.detail(fold.summary(blankSummary('r', '2024-01-01T00:00:00.000Z'))))
      },
      scale(60, 150)
    )
  })
  it('is masked', () => {
    expectLinear(
      (n) => eventsOf(n, false),
      (events) => events.map(createMask()),
      scale(60, 150)
    )
  })
  it('has a timeline', () => {
    const steps = (n: number, at: (i: number) => number): Parameters<typeof timeScale>[0] =>
      list(n, (i) => ({ at: at(i), ms: i % 3 })) as never
    const orders: readonly ((i: number, n: number) => number)[] = [(i) => i, (i, n) => n - i, () => 0, (i) => i * 1e6]
    for (const order of orders)
      expectLinear(
        (n) => steps(n, (i) => order(i, n)),
        (given) => {
          const times = timeScale(given)
          for (const { at } of given) times.position(at)
        },
        500
      )
    expect(workOf(() => timeScale([]))).toBeLessThan(1000)
  })
})

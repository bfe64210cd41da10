// Sharing hostile posts among runs must not cost time that grows with the square of them. Work is counted, not time: see work.ts, which
// comes first.
import { describe, expect, it } from 'vitest'
import { expectLinear, leastOf, workOf } from './work.ts'
import { isLong, scale, seeded } from './scale.ts'
import { recordedRuns } from '../unit/host/capture/recorded-runs.ts'
import { Grouping, groupPosts } from '../../src/host/capture/group/all.ts'
import { buildGraph, nodeKeyOf, type GraphIndex } from '../../src/host/capture/group/graph.ts'
import type { CapturedRun } from '../../src/host/capture/derive/captured-run.ts'
import { CorrectionBook } from '../../src/host/capture/group/correction-book.ts'
import { WorkflowNames } from '../../src/host/capture/group/fitting-workflow.ts'
import { graphsOf } from '../../src/host/capture/import/file.ts'
import { findParents } from '../../src/host/capture/group/parents.ts'
import { understand, type Understood } from '../../src/host/capture/understand/understand.ts'

interface Sent {
  readonly target: string
  readonly body: string
}

const list = <T>(count: number, one: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => one(i))
const understood = (posts: readonly Sent[]): Understood[] =>
  posts.map(({ target, body }, i) => {
    const meta = { at: 1_700_000_000_000 + i, source: 'default', method: 'POST', target, headers: [] }
    return understand(i + 1, { meta, body: Buffer.from(body) }, {})
  })

/** As posts are taken in, and looked at after each `look` of them. */
function groupLive(
  posts: readonly Understood[],
  look = Number.POSITIVE_INFINITY,
  known?: ReadonlyMap<string, readonly GraphIndex[]>
): number {
  const grouping = new Grouping(known)
  let found = 0
  for (const [i, { summary, end }] of posts.entries()) {
    grouping.add(summary, end)
    if (i % look !== look - 1) continue
    const { settled, open } = grouping.news()
    found += settled.length
    findParents([...settled, ...open])
  }
  return found + grouping.finish().length
}

const data = (id: number | string): string => `{"Event":{"id":"${id}","uuid":"u-${id}"}}`
const post = (kind: string, node: number | string, content: string, more = ''): Sent => ({
  target: `${more}/event-publish/${kind}`,
  body: `{"source":{"module_id":"","node_id":"${node}","filters":"","parameters":""},"timestamp":"2024-01-01T00:00:00+00:00","data":${content},"errors":[]}`
})
const init = (id: number | string, more = ''): Sent =>
  post('init?is_blocking=0', '', `{"normalized":${data(id)},"raw":{}}`, more)
const exec = (node: number | string, id: number | string, module = 'webhook', more = ''): Sent =>
  post(`exec/${module}?result=success`, node, data(id), more)
const end = (executed: readonly unknown[], more = ''): Sent =>
  post('end?outcome=success', '', JSON.stringify({ executed_nodes: executed, blocking_nodes: [] }), more)
const saved = (
  id: number | string,
  module: string,
  from: readonly number[] = [],
  to: readonly number[] = []
): unknown => ({
  id,
  data: { id: module, module_type: 'action', saved_filters: '', indexed_params: '' },
  inputs: { input_1: { connections: from.map((node) => ({ node: String(node) })) } },
  outputs: { output_1: { connections: to.map((node) => ({ node: String(node) })) } }
})

const valid = recordedRuns()
  .flatMap(({ posts }) => posts)
  .filter(({ body }) => body.length < 4000)
const shuffled = (seed: number, count: number, sources: number): Sent[] => {
  const random = seeded(seed)
  return list(count, () => {
    const { target, body } = valid[Math.floor(random() * valid.length)]!
    return { target: `/s${Math.floor(random() * sources)}${target}`, body }
  })
}

const streams: Readonly<Record<string, (n: number) => Sent[]>> = {
  'runs that never end': (n) => list(n, (i) => init(i)),
  'runs that never end, over one event': (n) => list(n, () => init(1)),
  'ends without runs': (n) => list(n, (i) => end([saved(i, 'webhook')])),
  'nodes without runs': (n) => list(n, (i) => exec(i, i)),
  'one run over ever new nodes': (n) => [init(1), ...list(n, (i) => exec(i, 1))],
  'one run over ever new logic nodes': (n) => [init(1), ...list(n, (i) => exec(i, 1, 'generic-if'))],
  'one run over few nodes': (n) => [init(1), ...list(n, (i) => exec(i % 7, 1))],
  'one run whose nodes all come twice': (n) => [init(1), ...list(n, (i) => exec(i % Math.ceil(n / 2), 1))],
  'one long run, and ends that do not fit': (n) => [
    init(1),
    ...list(n, (i) => exec(i % 9, 1)),
    ...list(n, (i) => end([saved(i, 'webhook')]))
  ],
  'one long run of unknown nodes, and ends that do not fit': (n) => [
    init(1),
    ...list(n, (i) => exec(i % 9, 1, 'of-mine')),
    ...list(n, () => end([]))
  ],
  'one long run of logic nodes, and ends that do not fit': (n) => [
    init(1),
    ...list(n, (i) => exec(i % 9, 1, 'generic-if')),
    ...list(n, () => end([saved(1, 'webhook')]))
  ],
  'concurrent tasks': (n) => [init(1), ...list(n, () => exec(1, 1, 'concurrent-task'))],
  'concurrent tasks and their branches': (n) => [
    init(1),
    ...list(n, (i) => [exec(i, 1, 'concurrent-task'), exec(`b${i}`, 1)]).flat()
  ],
  'ends that teach many neighbours': (n) => [
    end([
      saved(
        1,
        'webhook',
        list(n, (i) => i),
        list(n, (i) => i + 1e6)
      )
    ]),
    init(1),
    ...list(n, () => exec(1, 1))
  ],
  'ends that teach ever new nodes': (n) =>
    list(n, (i) => [init(i), exec(i, i), end([saved(i, 'webhook', [i - 1], [i + 1])])]).flat(),
  'what follows one node is ever another': (n) =>
    list(n, (i) => [init(i), exec('a', i), exec(i, i), end([saved('a', 'webhook'), saved(i, 'webhook')])]).flat(),
  'ever new sources': (n) => list(n, (i) => [init(1, `/s${i}`), exec(1, 1, 'webhook', `/s${i}`)]).flat(),
  'shuffled posts of one source': (n) => shuffled(7, n, 1),
  'shuffled posts of many sources': (n) => shuffled(8, n, n)
}

describe('grouping costs what grows with the posts', () => {
  // The others take seconds each, for counting makes them slow.
  const short = /over one event|ends without|ends that teach ever|ever new sources|unknown nodes/
  it.each(Object.entries(streams).filter(([name]) => isLong || short.test(name)))(
    '%s',
    (name, make) => {
      // As many runs as can be open are open in both.
      const size = /never end|shuffled/.test(name) ? 500 : /unknown nodes/.test(name) ? scale(50, 100) : 100
      expectLinear(
        (n) => understood(make(n)),
        (posts) => groupLive(posts),
        size
      )
    },
    120_000
  )

  it.each(['shuffled posts of many sources', 'ever new sources', 'nodes without runs'].slice(0, scale(1, 3)))(
    'looked at all the time: %s',
    (name) => {
      expectLinear(
        (n) => understood(streams[name]!(n)),
        (posts) => groupLive(posts, 20),
        scale(100, 200)
      )
    }
  )

  it('in a graph that is given', () => {
    const prepare = (n: number): readonly [Understood[], Map<string, GraphIndex[]>] => {
      const nodes = Object.fromEntries(
        list(n + 1, (i) => [
          i,
          {
            id: i,
            data: { id: i === 0 ? 'event-publish' : 'webhook', module_type: i === 0 ? 'trigger' : 'action' },
            outputs: { output_1: { connections: i < n ? [{ node: String(i + 1) }] : [] } }
          }
        ])
      )
      const { trigger, graph } = buildGraph(nodes)!
      return [understood([init(1), ...list(n, (i) => exec(i + 1, 1))]), new Map([[trigger, [graph]]])]
    }
    expectLinear(prepare, ([posts, known]) => groupLive(posts, undefined, known), 100)
  })
  it('beside thousands of workflows of the same trigger', () => {
    const posts = (salt: string): Understood[] =>
      understood([init(1), ...list(20, (i) => exec(i + 1, 1)), end(list(20, (i) => saved(i + 1, `webhook${salt}`)))])
    // Alike, or with nodes of their own: both are dear to compare with each post.
    const workflow = (i: number, isAlike: boolean): unknown =>
      Object.fromEntries(
        list(21, (at) => [
          at,
          {
            id: at,
            data: {
              ...{ id: at === 0 ? 'event-publish' : 'webhook', module_type: at === 0 ? 'trigger' : 'action' },
              ...(isAlike ? {} : { indexed_params: { url: `${i}` } })
            },
            outputs: { output_1: { connections: at < 20 ? [{ node: String(at + 1) }] : [] } }
          }
        ])
      )
    for (const isAlike of [true, false]) {
      const at = (count: number): number => {
        const known = graphsOf(list(count, (i) => workflow(i, isAlike)))
        // What is made once of the workflows does not count.
        groupLive(posts(''), 5, known)
        const again = posts('')
        return workOf(() => groupLive(again, 5, known))
      }
      const few = at(100)
      const many = leastOf(() => at(scale(200, 2000)), 1.5 * few)
      expect(many / few, `${few} with 100, ${many}`).toBeLessThan(1.5)
    }
  })
  it('of runs that are named after one of thousands of workflows', () => {
    const workflow = (i: number, n: number): unknown => ({
      Workflow: {
        id: `${i}`,
        data: {
          1: { id: 1, data: { id: 'event-publish', module_type: 'trigger' } },
          2: { id: 2, data: { id: 'webhook', indexed_params: { url: `${i % n}` } } }
        }
      }
    })
    for (const isAlike of [true, false]) {
      const at = (count: number): number => {
        const all = new Map(list(count, (i) => [`${i}`, workflow(i, isAlike ? 1 : count)]))
        const names = new WorkflowNames({
          list: () => [...all.keys()].map((id) => ({ id, name: id, trigger: 'event-publish' })),
          get: (id: string) => ({ workflow: all.get(id) })
        } as never)
        const nodes = (i: number): string => nodeKeyOf('2', 'webhook', '', { url: `${i}` })
        names.of({ trigger: 'event-publish', nodes: nodes(3), steps: 1 })
        return workOf(() => list(50, (i) => names.of({ trigger: 'event-publish', nodes: nodes(i), steps: 1 })))
      }
      const few = at(100)
      const many = leastOf(() => at(scale(400, 2000)), 1.5 * few)
      expect(many / few, `${few} with 100, ${many}`).toBeLessThan(1.5)
    }
  })
  it('under corrections, also of a run that grows and grows', async () => {
    const run = (n: number): CapturedRun =>
      ({ id: 'c-1', posts: list(n, (i) => [i + 1, 0] as const), corrected: false }) as unknown as CapturedRun
    const book = async (
      n: number
    ): Promise<{ readonly book: CorrectionBook; readonly runs: readonly CapturedRun[] }> => {
      const index = { addCorrection: () => Promise.resolve() } as never
      const made = new CorrectionBook(index, new Map(), () => Promise.resolve(null))
      await made.add(
        'move',
        list(n, (i) => 1_000_000 + i),
        'x'
      )
      return { book: made, runs: list(n / 10, (i) => run(10 * (i + 1))) }
    }
    const prepared = new Map<number, Awaited<ReturnType<typeof book>>>()
    for (const n of [8, 400, 1600]) prepared.set(n, await book(n))
    expectLinear(
      (n) => prepared.get(n)!,
      ({ book, runs }) => runs.map((one) => book.regrouped(new Map([[one.id, one]]), [])),
      400
    )
    const { book: last } = prepared.get(1600)!
    const moved = { ...run(2000), posts: [...run(2000).posts, [1_000_001, 0] as const] }
    expect(last.regrouped(new Map([['c-1', moved]]), [])).toBe(true)
    expect(last.regrouped(new Map([['c-1', run(2000)]]), [])).toBe(false)
  })
  it('as a whole', () => {
    const prepare = (n: number): Understood[] => understood(shuffled(9, n, n))
    expectLinear(prepare, (posts) => groupPosts(posts.map(({ summary }) => summary)), 150)
  })
  it('for the parents of nested runs', () => {
    const run = (i: number): Sent[] => [
      { ...init(i), target: '/event-before-save/init?is_blocking=1' },
      { ...end([]), target: '/event-before-save/end?outcome=success' }
    ]
    // Runs without an end beside nested ones, and wide gaps around them.
    const cut = (n: number): Understood[] => understood([...list(n, (i) => init(i)), ...list(n, (i) => run(i)).flat()])
    const wide = (n: number): Understood[] =>
      understood([
        ...list(n, (i) => init(i, `/s${i}`)),
        ...list(n, (i) => run(i)).flat(),
        ...list(n, (i) => exec(1, i, 'attribute-edition-operation', `/s${i}`))
      ])
    for (const make of [cut, wide])
      expectLinear(
        (n) => {
          const grouping = new Grouping()
          for (const { summary, end } of make(n)) grouping.add({ ...summary, from: '' }, end)
          return grouping.finish()
        },
        (runs) => findParents(runs),
        scale(80, 150)
      )
  })
  it('with data that is full of ids', () => {
    const ids = (n: number, of: number): string =>
      `{${list(Math.ceil(n / 3), (i) => `"a${i}":{"id":"${of}","uuid":"${of}","event_id":"${of}"}`).join()}}`
    const prepare = (n: number): Understood[] =>
      understood(list(30, (i) => post(`exec/webhook?result=success`, 1, ids(Math.min(n, 150), i))))
    expect(workOf(() => groupLive(prepare(150)))).toBeLessThan(20 * workOf(() => groupLive(prepare(15))))
  })
})

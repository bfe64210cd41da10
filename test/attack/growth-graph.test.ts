// Hostile workflows, runs, posts and paths must not cost work that grows with their square. Work is counted, see work.ts, which comes first.
import { describe, expect, it } from 'vitest'
import { isLong, sample } from './scale.ts'
import { expectLinear } from './work.ts'
import { chain, graph, workflow, type NodeSpec } from '../unit/engine/graph/build.ts'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import { checkWorkflow } from '../../src/engine/check/check.ts'
import { importReport } from '../../src/engine/check/import-report.ts'
import { diffWorkflows } from '../../src/engine/graph/diff-workflows.ts'
import { dot } from '../../src/engine/graph/dot.ts'
import { moveNodes, removeNodes } from '../../src/engine/graph/edit.ts'
import { fragmentOf, paste } from '../../src/engine/graph/fragment.ts'
import { modulesOf } from '../../src/engine/modules/table.ts'
import { attachLabels } from '../../src/engine/graph/labels.ts'
import { mermaid } from '../../src/engine/graph/mermaid.ts'
import { assertRunnable, parseWorkflow } from '../../src/engine/graph/parse.ts'
import { combine } from '../../src/engine/hash/combine.ts'
import { completePath } from '../../src/engine/hash/complete.ts'
import { explainExtract } from '../../src/engine/hash/explain.ts'
import { extract, insert, remove } from '../../src/engine/hash/hash.ts'
import { locateItems, locateSteps } from '../../src/engine/hash/locate.ts'
import { createBudget, PregSubject } from '../../src/engine/hash/regex/preg.ts'
import { diff } from '../../src/engine/replay/diff.ts'
import { RunFold } from '../../src/engine/replay/fold.ts'
import { sprintf } from '../../src/engine/php/cast.ts'
import { mergeChanges } from '../../src/engine/world/changes.ts'
import { compilePattern } from '../../src/engine/world/patterns.ts'
import { WarninglistChecker } from '../../src/engine/world/warninglists.ts'
import { renderTemplate } from '../../src/engine/jinja/render.ts'
import {
  parseExecutionLog,
  parseLogExport,
  runsOfLog,
  type LogEntry
} from '../../src/host/capture/import/execution-log.ts'
import { buildGraph } from '../../src/host/capture/group/graph.ts'
import { rebuildWorkflow } from '../../src/host/capture/derive/rebuild-workflow.ts'
import { structuralHash } from '../../src/host/capture/understand/structural-hash.ts'
import { sniff } from '../../src/host/takeover/sniff.ts'
import { changesBetween } from '../../src/host/worker/values/changes.ts'
import { drawingOf, tighten } from '../../src/renderer/components/workflow-graph/graph-model.ts'

type Nodes = { [key: number]: NodeSpec }
const list = <T>(n: number, part: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => part(i))
const fan = (n: number, module = 'webhook', behind: readonly number[] = []): Nodes => ({
  1: { module: 'event-publish', to: [[2]] },
  2: { module: 'concurrent-task', to: [list(n, (i) => i + 3)] },
  ...Object.fromEntries(list(n, (i) => [i + 3, { module, to: [behind] }]))
})
/** All of `n` nodes lead to one. */
const funnel = (n: number): Nodes => ({ ...fan(n, 'webhook', [n + 3]), [n + 3]: { module: 'stop-execution' } })
const filters = (n: number): Nodes =>
  Object.fromEntries(
    Object.entries(chain(n, [], 'generic-filter-data')).map(([key, node]) => [
      key,
      { ...node, params: { 'filtering-label': 'A', selector: 'Event', value: 'x', operator: 'in', hash_path: 'a' } }
    ])
  )
const firing = (n: number): Nodes => ({ ...fan(n, 'tag_operation'), 1: { module: 'event-after-save', to: [[2]] } })
const shapes: Readonly<Record<string, (n: number) => Nodes>> = {
  'a chain': (n) => chain(n),
  'a cycle': (n) => chain(n, [2]),
  'a fan': (n) => fan(n),
  'a funnel': funnel,
  'a chain of concurrent tasks': (n) => chain(n, [], 'concurrent-task'),
  'concurrent tasks before one that blocks': (n) => ({
    ...chain(n, [n + 1], 'concurrent-task'),
    [n + 1]: { module: 'stop-execution' }
  }),
  'a chain of conditions': (n) => chain(n, [], 'generic-if'),
  'filters of one label': filters,
  'modules that nobody knows': (n) => chain(n, [], 'unknown'),
  'modules that fire': firing
}
const asJson = (value: unknown): Json => value as Json

describe('a workflow costs what grows with its nodes', () => {
  const questions: Readonly<Record<string, (nodes: Nodes) => unknown>> = {
    parse: (nodes) => parseWorkflow(graph(nodes), 'it'),
    run: (nodes) => {
      try {
        assertRunnable(workflow(nodes), 'it')
      } catch {
        // A cycle is refused.
      }
    },
    check: (nodes) => checkWorkflow(workflow(nodes), { workflows: [workflow(firing(10))] }),
    report: (nodes) => importReport(graph(nodes), modulesOf('2.5.1').find),
    mermaid: (nodes) => mermaid(graph(nodes), modulesOf('2.5.1').find),
    dot: (nodes) => dot(graph(nodes)),
    difference: (nodes) => diffWorkflows(asJson(graph(nodes)), asJson(graph({ ...nodes, 2: { module: 'other' } }))),
    move: (nodes) => moveNodes(graph(nodes), new Map(Object.keys(nodes).map((key) => [key, { x: 1, y: 2 }]))),
    remove: (nodes) => removeNodes(graph(nodes), Object.keys(nodes).slice(1)),
    paste: (nodes) => paste(graph(nodes), fragmentOf(graph(nodes), Object.keys(nodes)), { uid: String }),
    grouping: (nodes) => buildGraph({ Workflow: { data: graph(nodes) } })
  }
  for (const [row, [shape, make]] of Object.entries(shapes).entries())
    // Each question of a quarter of the shapes in the short form.
    it.each(Object.entries(questions).filter((_, column) => isLong || (row + column) % 4 === 0))(
      `${shape}: %s`,
      (name, ask) => {
        // Labels of a chain of filters add up, as in MISP; so do the edges of paths that block, up to a limit.
        if ((shape.startsWith('filters') || shape.endsWith('blocks')) && name === 'check') return
        expectLinear(make, ask, 60)
      }
    )
  it('labels of one node with many connections', () => {
    expectLinear(
      (n) =>
        graph({
          ...fan(n, 'webhook', [n + 3]),
          2: { module: 'generic-filter-data', to: [list(n, (i) => i + 3)], params: { 'filtering-label': 'A' } },
          [n + 3]: { module: 'webhook' }
        }),
      (given) => attachLabels(given, modulesOf('2.5.1').labelRules),
      60
    )
  })
  it('loops through other workflows', () => {
    expectLinear(
      (n) =>
        [
          workflow(firing(n)),
          workflow({ ...firing(n), 1: { module: 'tag-attached-after-save', type: 'trigger', to: [[2]] } })
        ] as const,
      ([one, other]) =>
        checkWorkflow(one, {
          workflows: [other],
          settings: { 'Plugin.ZeroMQ_enable': true, 'Plugin.ZeroMQ_tag_notifications_enable': true }
        }),
      60
    )
  })
  it('its picture, drawn closer together', () => {
    const placed = (n: number): Json =>
      asJson(
        Object.fromEntries(
          Object.entries(graph(chain(n)) as JsonMap).map(([key, node], i) => [
            key,
            { ...(node as JsonMap), pos_x: (i % 20) * 400, pos_y: Math.floor(i / 20) * 300 }
          ])
        )
      )
    expectLinear(placed, (given) => tighten(drawingOf(given)), 200)
  })
})

describe('a difference costs what grows with what differs', () => {
  const pairs: Readonly<Record<string, (n: number) => readonly [Json, Json]>> = {
    'equal values in another order': (n) => [list(n, () => 'a'), ['b', ...list(n, () => 'a'), 'c']],
    'items of one name': (n) => [list(n, (i) => ({ name: 'a', i })), ['x', ...list(n, (i) => ({ name: 'a', i: -i }))]],
    'items without a name': (n) => [list(n, (i) => ({ i })), list(n, (i) => ({ i: -i }))],
    'a turned list': (n) => [list(n, (i) => ({ id: String(i) })), list(n, (i) => ({ id: String(n - i), b: 1 }))],
    maps: (n) => [Object.fromEntries(list(n, (i) => [`a${i}`, 1])), Object.fromEntries(list(n, (i) => [`b${i}`, 1]))]
  }
  it.each(sample(Object.entries(pairs), 2))('%s', (_, make) => {
    expectLinear(make, ([before, after]) => diff(before, after), 200)
    expectLinear(make, ([before, after]) => changesBetween(before, after, 1000), 200)
  })
  it('takes as many additions as there are', () => {
    expect(
      diff(
        [],
        list(300_000, (i) => i)
      )
    ).toHaveLength(300_000)
  })
  it('of tables', () => {
    const changes = (n: number): Json =>
      list(n, (i) => ({ table: 'events', op: 'changed', id: String(i % 3), fields: { [`f${i}`]: [1, 2] } })) as Json
    expectLinear(changes, (given) => mergeChanges(given as never), 200)
  })
})

const event = (type: string, nodeId: number | null, data: JsonMap, runId = 'r'): RunEvent =>
  ({ type, runId, nodeId, seq: 1, at: 1, data: { nodeId, ...data } }) as never
describe('the fold of a run costs what grows with its events', () => {
  const runs: Readonly<Record<string, (n: number) => RunEvent[]>> = {
    'effects of one node': (n) => [
      event('node.started', 1, { path: [] }),
      ...list(n, (i) =>
        event('effect', 1, { effect: { kind: 'zmq', topic: 't', message: i }, answer: { sent: true }, by: 'record' })
      )
    ],
    'notes of one node': (n) => [event('node.started', 1, { path: [] }), ...list(n, (i) => event('note', 1, { i }))],
    'notes of no node': (n) => [
      ...list(n, (i) => event('node.started', i, { path: [] })),
      ...list(n, () => event('note', null, {}))
    ],
    'late ends': (n) => [
      ...list(n, (i) => event('node.started', i, { path: [] })),
      ...list(n, (i) => event('node.finished', i, { params: {}, errors: [] }))
    ],
    'nested runs': (n) => [
      ...list(n, (i) => event('run.started', null, {}, `r${i}`)),
      ...list(n, (i) => event('run.finished', null, { outcome: 'success' }, `r${i}`))
    ],
    jobs: (n) => [
      ...list(n, (i) => event('job.queued', null, { job: `j${i}` })),
      ...list(n, (i) => event('job.finished', null, { job: `j${n - i - 1}` }))
    ]
  }
  it.each(sample(Object.entries(runs), 2))('%s', (_, make) => {
    expectLinear(
      make,
      (events) => {
        const fold = new RunFold({ secretsOf: () => [] })
        for (const one of events) fold.apply(one)
      },
      200
    )
  })
})

const attributes = (n: number): JsonMap => ({
  Event: { Attribute: list(n, (i) => ({ id: `${i}`, type: 'ip-src', value: `v${i}`, Tag: [{ name: 'tlp:red' }] })) }
})
describe('a hash path costs what grows with the data', () => {
  const questions: Readonly<Record<string, (data: Json) => unknown>> = {
    extract: (data) => extract(data, 'Event.Attribute.{n}.Tag.{n}.name'),
    condition: (data) => extract(data, 'Event.Attribute.{n}[type=ip-src][value=/v[0-9]+$/].value'),
    insert: (data) => insert(data, 'Event.Attribute.{n}.comment', 'a'),
    'insert where': (data) => insert(data, 'Event.Attribute.{n}[type=ip-src].comment', 'a'),
    remove: (data) => remove(data, 'Event.Attribute.{n}[type=ip-src]'),
    'remove keys': (data) => remove(data, 'Event.Attribute.{n}.Tag.{n}.name'),
    combine: (data) => combine(data, 'Event.Attribute.{n}.id', 'Event.Attribute.{n}.value', 'Event.Attribute.{n}.type'),
    'combine ids': (data) =>
      combine(data, 'Event.Attribute.{n}.id', ['%s-%s', 'Event.Attribute.{n}.id', 'Event.Attribute.{n}.value']),
    'combine groups': (data) =>
      combine(data, 'Event.Attribute.{n}.type', 'Event.Attribute.{n}.value', 'Event.Attribute.{n}.id'),
    explain: (data) => explainExtract(data, 'Event.Attribute.{n}[type=domain].value'),
    locate: (data) => locateSteps(data, 'Event.Attribute.{n}.Tag.{n}.name', 1e9),
    items: (data) => locateItems(data, 'Event.Attribute.{n}', 1e9)
  }
  it.each(sample(Object.entries(questions), 2))('%s', (_, ask) => {
    expectLinear(attributes, ask, 200)
  })
  it('completion', () => {
    expectLinear(attributes, (data) => completePath(data, 'Event.Attribute.{n}.', undefined, String), 200)
  })
  it('many keys where a path stops', () => {
    const wide = (n: number): Json => ({ a: Object.fromEntries(list(n, (i) => [`key${i}`, i])) })
    expectLinear(wide, (data) => explainExtract(data, 'a.kay'), 400)
  })
  it('a long path', () => {
    expectLinear(
      (n) => list(n, () => 'a').join('.'),
      (path) => extract({ a: { a: 1 } }, path),
      300
    )
    expectLinear(
      (n) => `a.${'[a=1]'.repeat(n)}`,
      (path) => extract({ a: { a: 1 } }, path),
      300
    )
    expectLinear(
      (n) => `a.{n}${'[a='.repeat(n)}`,
      (path) => extract({ a: { a: 1 } }, path),
      300
    )
  })
})

const started = (id: string): LogEntry => ({
  time: '2024-01-01 00:00:00',
  trigger: 't',
  workflowId: id,
  message: 'Started executing workflow for trigger `t` (1)'
})
describe('what comes in costs what grows with it', () => {
  it('runs of a log that never end', () => {
    const entries = (n: number): LogEntry[] => [
      ...list(n, (i) => started(`${i}`)),
      ...list(n, () => ({ ...started('0'), message: 'x' }))
    ]
    expectLinear(entries, runsOfLog, 200)
  })
  it('runs of a log that end in another order', () => {
    const end = (id: string): LogEntry => ({
      ...started(id),
      message: 'Finished executing workflow for trigger `t` (1). Outcome: success'
    })
    const entries = (n: number): LogEntry[] => list(n, (i) => [started(`${i % 7}`), end(`${(i * 3) % 7}`)]).flat()
    expectLinear(entries, runsOfLog, 200)
    expect(runsOfLog([started('1'), started('2'), end('1'), end('2')]).map(({ outcome }) => outcome)).toEqual([
      'success',
      'no end',
      'success'
    ])
  })
  it('lines of a log without a head', () => {
    expectLinear((n) => `[2024-01-01 00:00:00] Workflow(t:1). a\n${'b\n'.repeat(n)}`, parseExecutionLog, 300)
    expectLinear(
      (n) => list(n, (i) => ({ Log: { model: 'Workflow', action: 'execute_workflow', id: i, title: 'a' } })),
      parseLogExport,
      300
    )
  })
  it('a rebuilt workflow', () => {
    const posts = (n: number): unknown[] => {
      const saved = (i: number): JsonMap => ({
        id: i,
        data: { id: 'webhook' },
        outputs: { output_1: { connections: [{ node: '1' }] } },
        inputs: { input_1: { connections: [{ node: `${i - 1}` }] } }
      })
      return [{ post: { kind: 'end', data: { executed_nodes: list(n, saved) } }, branch: null, job: 0 }]
    }
    expectLinear(posts, (given) => rebuildWorkflow('event-publish', given as never), 100)
    const order = (n: number): unknown[] =>
      list(n, (i) => ({
        post: { kind: 'exec', nodeId: `${i}`, moduleId: 'generic-if', parameters: {}, filters: {} },
        branch: 'output_1',
        job: 0
      }))
    expectLinear(order, (given) => rebuildWorkflow('event-publish', given as never), 100)
  })
  it('outputs that a post makes up', () => {
    const saved = { id: 1, data: { id: 'webhook' }, outputs: { output_999999999: { connections: [{ node: '2' }] } } }
    const end = { post: { kind: 'end', data: { executed_nodes: [saved] } }, branch: null, job: 0 }
    expect(JSON.stringify(rebuildWorkflow('event-publish', [end as never])).length).toBeLessThan(5000)
  })
  it('sniffing and hashing', () => {
    expectLinear(
      (n) => list(n, (i) => ({ Tag: { id: i, name: 'a' } })) as Json,
      (given) => sniff(given, 'it'),
      200
    )
    expectLinear(attributes, (given) => structuralHash(given), 200)
  })
})

describe('formats', () => {
  it('have widths up to PHP’s bound, and no more than fits', () => {
    expect(() => sprintf('%9999999999s', 'a')).toThrow(/Width must be greater than zero and less than 2147483647/)
    expect(() => sprintf('%.2147483647f', 1)).toThrow(/Precision must be greater than zero/)
    expect(() => sprintf('%999999999s', 'a')).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }))
    expect(() => sprintf('%9999999s'.repeat(100), ...list(100, () => 'a'))).toThrow(
      expect.objectContaining({ code: 'INPUT_TOO_LARGE' })
    )
    expect(sprintf('%.60f', 0.5)).toBe(`0.5${'0'.repeat(52)}`)
  })
  it.each([
    "{{ '%999999999s' % 'a' }}",
    "{{ '{:999999999}'.format('a') }}",
    "{{ '{:0999999999,}'.format(1) }}",
    "{{ '%.999999999f' % 1.5 }}",
    "{{ '{:.999999999f}'.format(1.5) }}",
    "{{ '%*d' % (999999999, 1) }}",
    "{{ 'a'.ljust(999999999) }}",
    "{{ 'a' | center(999999999) }}"
  ])('are bounded in a template: %s', (text) => {
    expect(renderTemplate(text, {}).error).toMatchObject({ type: 'LIMIT' })
  })
  it('with separators', () => {
    expectLinear(
      (n) => `{{ '{:0${n},}'.format(1) | length }}`,
      (text) => renderTemplate(text, {}),
      3000
    )
    expect(list(12, (i) => renderTemplate(`{{ '{:0${i + 1},}'.format(1234) }}`, {}).output)).toEqual([
      '1,234',
      '1,234',
      '1,234',
      '1,234',
      '1,234',
      '01,234',
      '001,234',
      '0,001,234',
      '0,001,234',
      '00,001,234',
      '000,001,234',
      '0,000,001,234'
    ])
  })
})

describe('warninglists', () => {
  it('share one budget over all values, and say so', () => {
    const test = compilePattern('/^(a|b)*c$/')!
    const budget = { ...createBudget(), steps: 2000 }
    expect(() => list(1000, () => test(new PregSubject('ababab'), budget))).toThrow(
      expect.objectContaining({ code: 'REGEX_TOO_COMPLEX' })
    )
    const plain = compilePattern('/b/')!
    const a = new PregSubject('a')
    expect(() => list(1000, () => plain(a, { ...createBudget(), steps: 500 }))).not.toThrow()
    const few = { steps: 500 }
    expect(() => list(1000, () => plain(a, few))).toThrow(expect.objectContaining({ code: 'REGEX_TOO_COMPLEX' }))
  })
  it.each(sample(['string', 'substring', 'hostname', 'cidr', 'regex'], 2))(
    'grow with their entries and the values: %s',
    (type) => {
      const row = {
        id: '1',
        name: 'a',
        type,
        category: 'b',
        description: '',
        version: '1',
        enabled: true,
        default: true,
        types: ['ALL']
      }
      const prepare = (n: number): readonly [WarninglistChecker, JsonMap[]] => {
        const all = list(type === 'regex' ? 5 : n, (i) =>
          type === 'cidr' ? `10.${i >> 8}.${i & 255}.0/24` : type === 'regex' ? `/^a${i}$/` : `a${i}.example.org`
        )
        return [
          new WarninglistChecker([{ row, entries: () => all }], true),
          list(n, (i) => ({ type: 'domain', value: type === 'cidr' ? `11.1.1.${i & 255}` : `b${i}.example.net` }))
        ]
      }
      expectLinear(prepare, ([checker, values]) => values.map((value) => checker.check(value)), 100)
    }
  )
})

// Who wrote a value: through filters, edits, pins, lists that are renumbered and copies; and never more than the run shows.
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { RunEvent } from '../../../../src/contract/run.ts'
import { extract, insert } from '../../../../src/engine/hash/hash.ts'
import { defineAction } from '../../../../src/engine/modules/define.ts'
import { blame } from '../../../../src/engine/replay/blame.ts'
import { RunFold } from '../../../../src/engine/replay/fold.ts'
import { RunIndex } from '../../../../src/engine/replay/run-index.ts'
import type { CustomModule } from '../../../../src/engine/run/environment.ts'
import { deriveEvents } from '../../../../src/host/capture/derive/derive.ts'
import { postsOf } from '../../../conformance/posts-of.ts'
import { event as row, runAll, start, workflow } from '../run/builders.ts'
import type { NodeInput } from '../run/builders.ts'

const action = (
  id: string,
  params: readonly string[],
  change: (data: JsonMap, params: JsonMap) => Json
): CustomModule => ({
  definition: defineAction({
    ...{ id, name: id, description: id, inputs: 1, outputs: 1 },
    params: params.map((name) => ({ id: name, label: name, type: 'input' as const }))
  }),
  execute: function* (ctx) {
    ctx.setData(change(ctx.getData(), yield* ctx.params()) as never)
    return true
  }
})
const list = (data: JsonMap): readonly JsonMap[] =>
  Object.values((data['Event'] as JsonMap)['_AttributeFlattened'] ?? {}) as JsonMap[]
const withList = (data: JsonMap, attributes: readonly Json[]): JsonMap => ({
  ...data,
  Event: { ...(data['Event'] as JsonMap), _AttributeFlattened: attributes }
})

const customModules: readonly CustomModule[] = [
  action('put', ['path', 'value'], (data, { path, value }) => insert(data, path ?? '', value ?? null)),
  action('copy', ['from', 'to'], (data, { from, to }) =>
    insert(data, to ?? '', Object.values(extract(data, from ?? '') ?? {})[0] ?? null)
  ),
  action('hidden-copy', [], (data) =>
    insert(data, 'Event.copied', Object.values(extract(data, 'Event.info') ?? {})[0] ?? null)
  ),
  action('hidden-move', [], (data) => insert(data, 'Event.moved', (data['Event'] as JsonMap)['Orgc'] ?? null)),
  action('first', [], (data) => withList(data, list(data).slice(1))),
  action('unset', ['key'], (data, { key }) => {
    const { [String(key)]: _gone, ...event } = data['Event'] as JsonMap
    return { ...data, Event: event }
  })
]

const { Event: blank, Orgc = null, Org = null } = row
const data: JsonMap = {
  Event: {
    ...(blank as JsonMap),
    ...{ Orgc, Org, Object: [] },
    Attribute: [0, 1, 2].map((i) => ({
      ...{ id: String(i), uuid: `c99506a6-1255-4b71-afa5-7b8ba48c3b1${i}`, type: 'ip-dst', value: `198.51.100.${i}` }
    }))
  }
}
const inRow = (nodes: readonly NodeInput[]): JsonMap =>
  workflow(nodes.map((node, i) => ({ ...node, to: i + 1 < nodes.length ? [[i + 3]] : [[]] })))

function folded(events: readonly RunEvent[]): RunFold {
  const fold = new RunFold()
  for (const one of events) if (one.runId === 'run') fold.apply(one)
  return fold
}

const told = (fold: RunFold, graph: JsonMap, path: string, at = fold.steps.length - 1): Json[] =>
  blame(
    fold,
    new RunIndex(fold.steps, graph),
    path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
    { at }
  ).map(({ step, op, from }) => [step, op, from])

function ran(nodes: readonly NodeInput[]) {
  const graph = inRow(nodes)
  const events = runAll({ workflow: graph, data, customModules })
  const captured = deriveEvents(postsOf(events), { runId: 'run', workflow: graph })
  return { graph, fold: folded(events), captured: folded(captured) }
}

const put = (path: string, value: string): NodeInput => ({ id: 'put', params: { path, value } })

describe('who wrote a value', () => {
  it('finds who removed it, also when later steps changed other things', () => {
    const { graph, fold, captured } = ran([
      put('Event.extra', 'x1'),
      { id: 'unset', params: { key: 'extra' } },
      put('Event.other', 'y1'),
      put('Event.other', 'y2')
    ])
    for (const one of [fold, captured])
      expect(told(one, graph, 'Event.extra')).toEqual([
        [2, 'removed', null],
        [1, 'added', 'parameter value']
      ])
  })

  it('tells which item of a list is gone, and not the one whose position is empty', () => {
    const { graph, fold, captured } = ran([{ id: 'first' }, put('Event.other', 'y1')])
    for (const one of [fold, captured]) {
      const [removed] = blame(one, new RunIndex(one.steps, graph), ['Event', '_AttributeFlattened', 2], { at: 1 })
      expect(removed).toMatchObject({ step: 1, op: 'removed', before: { value: '198.51.100.0' } })
      expect(removed?.path).toEqual(['Event', '_AttributeFlattened', 0])
    }
  })

  it('goes on through the copy that filters keep', () => {
    const filter = { selector: 'Event._AttributeFlattened.{n}', operator: 'equals', hash_path: 'value' }
    const { graph, fold, captured } = ran([
      put('Event._AttributeFlattened.1.comment', 'planted'),
      { id: 'generic-filter-data', params: { 'filtering-label': 'A', ...filter, value: '198.51.100.2' } },
      put('Event.info', 'while filtered'),
      { id: 'generic-filter-reset', params: { 'filtering-label': 'all' } },
      put('Event.other', 'y1')
    ])
    for (const one of [fold, captured]) {
      const steps = told(one, graph, 'Event._AttributeFlattened.1.comment')
      expect(steps).toContainEqual([4, 'added', '_unfilteredData.Event._AttributeFlattened.1.comment'])
      expect(steps.at(-1)).toEqual([1, 'added', 'parameter value'])
      expect(told(one, graph, 'Event.info')).toEqual([
        [4, 'changed', '_unfilteredData.Event.info'],
        [3, 'changed', 'parameter value'],
        [2, 'added', 'Event.info'],
        [0, 'added', null]
      ])
    }
  })

  it('says where a value came from only where the step shows it', () => {
    const { graph, fold } = ran([
      put('Event.info', 'told once'),
      { id: 'hidden-copy' },
      { id: 'hidden-move' },
      { id: 'copy', params: { from: 'Event.info', to: 'Event.own' } },
      put('Event.long', 'a text that has told once in it'),
      { id: 'put', params: { path: 'Event.both', value: 'Event.both' } }
    ])
    // Equal to Event.info, and nothing of the step says that it was taken from there.
    expect(told(fold, graph, 'Event.copied')).toEqual([[2, 'added', null]])
    // The same map, not an equal one.
    expect(told(fold, graph, 'Event.moved.name')).toEqual([
      [3, 'added', 'Event.Orgc.name'],
      [0, 'added', null]
    ])
    expect(told(fold, graph, 'Event.own')).toEqual([
      [4, 'added', 'Event.info'],
      [1, 'changed', 'parameter value'],
      [0, 'added', null]
    ])
    // Two parameters hold it.
    expect(told(fold, graph, 'Event.both')).toEqual([[6, 'added', null]])
  })

  it('says that a reload brought it from the database', () => {
    const graph = inRow([put('Event.info', 'changed here'), { id: 'reload-full-event' }])
    // MISP reloads only where the trigger's node says that it gives core format.
    const { 1: trigger } = graph['data'] as { readonly [id: string]: JsonMap }
    const core = { ...trigger, data: { ...(trigger?.['data'] as JsonMap), misp_core_format: true } }
    const marked = { ...graph, data: { ...(graph['data'] as JsonMap), 1: core } }
    const fold = folded(runAll({ workflow: marked, data, customModules }))
    expect(told(fold, graph, 'Event.info')).toEqual([
      [2, 'changed', 'the database'],
      [1, 'changed', 'parameter value'],
      [0, 'added', null]
    ])
  })

  it('does not take an edit or a pinned output for the work of a node', () => {
    const graph = inRow([put('Event.info', 'first'), put('Event.other', 'y1'), put('Event.last', 'z1')])
    const pins = { '4': { data: { ...row, pinned: 'by hand' }, success: true, errors: [] } }
    const { run, events } = start({ workflow: graph, data, customModules, pins })
    run.setBreakpoints(new Set([3]))
    run.next({ type: 'run' })
    const { after } = events.findLast(({ type }) => type === 'node.finished')?.data as { after: JsonMap }
    run.next({
      type: 'set data',
      data: { ...after, Event: { ...(after['Event'] as JsonMap), info: 'edited' } }
    })
    run.next({ type: 'run' })
    const fold = folded(events)
    expect(fold.steps).toHaveLength(3)
    expect(told(fold, graph, 'Event.info', 1)).toEqual([
      [2, 'changed', 'an edit before this node'],
      [1, 'changed', 'parameter value'],
      [0, 'added', null]
    ])
    expect(told(fold, graph, 'pinned')).toEqual([[3, 'added', 'the pinned output']])
  })

  it('does not take what stands behind a missing post for the work of the node', () => {
    const graph = inRow([put('Event.info', 'first'), put('Event.info', 'second'), put('Event.other', 'y1')])
    const posts = postsOf(runAll({ workflow: graph, data, customModules }))
    const lost = posts.map((post, i) => (i === 2 ? { seq: post.seq, job: 0, why: 'damaged' } : post))
    const fold = folded(deriveEvents(lost, { runId: 'run', workflow: graph }))
    const [entry] = blame(fold, new RunIndex(fold.steps, graph), ['Event', 'info'], { at: fold.steps.length - 1 })
    expect(entry).toMatchObject({ step: 2, nodeId: null, between: 'gap', before: 'first', after: 'second', from: null })
  })
})

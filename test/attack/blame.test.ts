// Planted writes: a text that nothing else holds is written by one node of a made-up run, then handed on, filtered, renumbered, forked and
// removed by others. Blame finds the node that planted it, executed and captured, and every entry is true of the run's data.
import { describe, expect, it } from 'vitest'
import type { BlameEntry } from '../../src/contract/chain.ts'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import type { ValuePath } from '../../src/contract/values.ts'
import { extract, insert } from '../../src/engine/hash/hash.ts'
import { defineAction } from '../../src/engine/modules/define.ts'
import { blame } from '../../src/engine/replay/blame.ts'
import { valueAt } from '../../src/engine/format/values.ts'
import { isSame } from '../../src/engine/replay/diff.ts'
import { RunFold } from '../../src/engine/replay/fold.ts'
import { RunIndex } from '../../src/engine/replay/run-index.ts'
import type { CustomModule } from '../../src/engine/run/environment.ts'
import { deriveEvents } from '../../src/host/capture/derive/derive.ts'
import { postsOf } from '../conformance/posts-of.ts'
import { event as row, runAll, workflow } from '../unit/engine/run/builders.ts'
import type { NodeInput } from '../unit/engine/run/builders.ts'
import { scale, seeded } from './scale.ts'

type Random = () => number
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T

const action = (
  id: string,
  params: readonly string[],
  change: (data: JsonMap, params: JsonMap) => Json
): CustomModule => ({
  definition: defineAction({
    ...{ id, name: id, description: id, inputs: 1, outputs: 1 },
    params: params.map((name) => ({ id: name, label: name, type: 'input' as const, jinja_supported: name === 'value' }))
  }),
  execute: function* (ctx) {
    ctx.setData(change(ctx.getData(), yield* ctx.params()) as never)
    return true
  }
})
const listed = (data: JsonMap, change: (list: readonly JsonMap[]) => readonly Json[]): JsonMap => {
  const event = data['Event'] as JsonMap
  const list = Object.values(event['_AttributeFlattened'] ?? {}) as JsonMap[]
  return { ...data, Event: { ...event, _AttributeFlattened: change(list) } }
}
const customModules: readonly CustomModule[] = [
  action('put', ['path', 'value'], (data, { path, value }) => insert(data, path ?? '', value ?? null)),
  action('copy', ['from', 'to'], (data, { from, to }) =>
    insert(data, to ?? '', Object.values(extract(data, from ?? '') ?? {})[0] ?? null)
  ),
  action('turn', [], (data) => listed(data, (list) => list.toReversed())),
  action('first', [], (data) => listed(data, (list) => list.slice(1))),
  action('add', ['name'], (data, { name }) =>
    listed(data, (list) => [{ uuid: name ?? '', value: name ?? '' }, ...list])
  )
]

const event: JsonMap = {
  Event: {
    ...(row['Event'] as JsonMap),
    ...{ Orgc: row['Orgc'] ?? null, Org: row['Org'] ?? null, Object: [] },
    Attribute: [0, 1, 2, 3].map((i) => ({
      ...{ id: String(i), uuid: `c99506a6-1255-4b71-afa5-7b8ba48c3b1${i}`, type: i < 2 ? 'ip-dst' : 'domain' },
      value: `v${i}`
    }))
  }
}

const places = [
  'Event.info',
  'Event.own.deep.value',
  'Event._AttributeFlattened.0.comment',
  'Event._AttributeFlattened.1.comment',
  'Event.odd.__proto__x',
  'constructor'
]
const filter = { selector: 'Event._AttributeFlattened.{n}', operator: 'equals', hash_path: 'type', value: 'ip-dst' }

function noise(random: Random, i: number): NodeInput {
  return pick<() => NodeInput>(random, [
    () => ({ id: 'turn' }),
    () => ({ id: 'first' }),
    () => ({ id: 'add', params: { name: `new${i}` } }),
    () => ({ id: 'put', params: { path: `Event.other${i}`, value: 'x' } }),
    () => ({ id: 'put', params: { path: pick(random, places), value: `over${i}` } }),
    () => ({ id: 'concurrent-task' }),
    () => ({ id: 'generic-filter-data', params: { 'filtering-label': 'A', ...filter } }),
    () => ({ id: 'generic-filter-reset', params: { 'filtering-label': 'all' } })
  ])()
}

interface Case {
  readonly graph: JsonMap
  readonly planted: number
  readonly text: string
}

function caseOf(seed: number): Case {
  const random = seeded(seed)
  const text = `planted-${seed}`
  const count = 3 + Math.floor(random() * 12)
  const planted = Math.floor(random() * count)
  const place = pick(random, places)
  const nodes: NodeInput[] = []
  let [hasFilter, last] = [false, place]
  for (let i = 0; i < count; i++) {
    if (i === planted) {
      nodes.push({ id: 'put', params: { path: place, value: text } })
      continue
    }
    if (i > planted && random() < 0.3) {
      const to = `Event.handed${i}`
      const isTemplate = random() < 0.5 && /^Event\.(info|handed\d+)$/.test(last)
      nodes.push(
        isTemplate
          ? { id: 'put', params: { path: to, value: `{{ ${last} }}` } }
          : { id: 'copy', params: { from: last, to } }
      )
      last = to
      continue
    }
    const one = noise(random, i)
    // Without a filter before it MISP aborts there.
    nodes.push(one.id === 'generic-filter-reset' && !hasFilter ? { id: 'turn' } : one)
    hasFilter ||= one.id === 'generic-filter-data'
    if (one.id === 'generic-filter-reset') hasFilter = false
  }
  return {
    graph: workflow(nodes.map((node, i) => ({ ...node, to: i + 1 < count ? [[i + 3]] : [] }))),
    planted,
    text
  }
}

/** Every place where the text stands, without the copy that filters keep. */
function placesOf(value: Json, text: string, path: ValuePath = []): ValuePath[] {
  if (value === text) return [path]
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  return Object.entries(value).flatMap(([key, item]) =>
    key === '_unfilteredData' || key === 'enabledFilters'
      ? []
      : placesOf(item as Json, text, [...path, isList ? Number(key) : key])
  )
}

/** What is false of an entry; null when it is true. */
function wrong(fold: RunFold, { step, nodeId, op, before, after, path }: BlameEntry): string | null {
  const data = fold.data[step - 1]
  if (step === 0) return isSame(valueAt(fold.normalized, path), after) ? null : 'the input has it not'
  if (!data || fold.steps[step - 1]?.nodeId !== nodeId) return 'another node'
  if (op === 'removed') return isSame(valueAt(data.input, path), before) ? null : 'it was not there'
  if (!isSame(valueAt(data.output, path), after)) return 'it is not there'
  return op === 'changed' && isSame(before, after) ? 'nothing changed' : null
}

function check(fold: RunFold, { graph, planted, text }: Case): string {
  const index = new RunIndex(fold.steps, graph)
  const tellsText = ({ after }: BlameEntry): boolean => after === text
  let asked = ''
  for (const [at, { output, input }] of fold.data.entries()) {
    for (const path of placesOf(output, text)) {
      const entries = blame(fold, index, path, { at })
      const first = entries.findLast(tellsText)
      expect([first?.nodeId, first?.from], `at step ${at + 1}, ${path.join('.')}`).toEqual([
        planted + 2,
        'parameter value'
      ])
      expect(entries.map((entry) => wrong(fold, entry)).filter(Boolean)).toEqual([])
      asked = 'found'
    }
    for (const path of placesOf(input, text)) {
      // Removed here, and nothing else stands in its place.
      if (valueAt(output, path) !== undefined || placesOf(output, text).length > 0) continue
      const [first] = blame(fold, index, path, { at })
      expect(first, `removed at step ${at + 1}, ${path.join('.')}`).toMatchObject({ step: at + 1, op: 'removed' })
      asked = 'removed'
    }
  }
  return asked
}

function folded(events: readonly RunEvent[]): RunFold {
  const fold = new RunFold()
  for (const one of events) if (one.runId === 'run') fold.apply(one)
  return fold
}

describe('planted writes', () => {
  it('are found each, executed and captured', () => {
    const told = new Set<string>()
    for (let seed = 1; seed <= scale(50, 1000); seed++) {
      const planted = caseOf(seed)
      const events = runAll({ workflow: planted.graph, data: event, customModules })
      try {
        told.add(check(folded(events), planted))
        const posts = postsOf(events.filter(({ runId }) => runId === 'run'))
        if (posts.length > 0) check(folded(deriveEvents(posts, { runId: 'run', workflow: planted.graph })), planted)
      } catch (error) {
        throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : ''}`, { cause: error })
      }
    }
    expect([...told]).toEqual(expect.arrayContaining(['found', 'removed']))
  }, 300_000)
})

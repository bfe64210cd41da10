// Causes of made-up runs: random workflows of conditions, filters, jobs and writes over random events. Every link of the chain is true of the
// run's own events, a planted write is found by blame, and a long run is not walked again and again.
import { describe, expect, it } from 'vitest'
import { chainText } from '../../src/contract/chain.ts'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import { extract, insert } from '../../src/engine/hash/hash.ts'
import { defineAction } from '../../src/engine/modules/define.ts'
import { blame } from '../../src/engine/replay/blame.ts'
import { chainOf } from '../../src/engine/replay/chain.ts'
import { notReachedChain } from '../../src/engine/replay/unreached.ts'
import { RunFold } from '../../src/engine/replay/fold.ts'
import { RunIndex } from '../../src/engine/replay/run-index.ts'
import type { CustomModule } from '../../src/engine/run/environment.ts'
import { deriveEvents } from '../../src/host/capture/derive/derive.ts'
import { expectTrue, truthOf } from '../conformance/chain-truth.ts'
import { postsOf } from '../conformance/posts-of.ts'
import { event as row, runAll, workflow } from '../unit/engine/run/builders.ts'
import type { NodeInput } from '../unit/engine/run/builders.ts'
import { repeat, scale, seeded } from './scale.ts'

type Random = () => number
/** As MISP exports it: with its attributes and tags inside. */
const { Event: blank, Orgc = null, Org = null } = row
const event = { Event: { ...(blank as JsonMap), Orgc, Org, Object: [] } } satisfies JsonMap
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
const tags = ['tlp:red', 'tlp:green', 'PAP:RED', 'x']
const param = (id: string) => ({ id, label: id, type: 'input' as const })
const action = (
  id: string,
  params: readonly string[],
  change: (data: JsonMap, params: JsonMap) => Json
): CustomModule => ({
  definition: defineAction({ id, name: id, description: id, inputs: 1, outputs: 1, params: params.map(param) }),
  execute: function* (ctx) {
    ctx.setData(change(ctx.getData(), yield* ctx.params()) as never)
    return true
  }
})

interface Attribute extends JsonMap {
  readonly Tag: readonly JsonMap[]
}
const inEvent = (data: JsonMap, change: (event: JsonMap) => JsonMap): JsonMap => ({
  ...data,
  Event: change(data['Event'] as JsonMap)
})
const eachList = (data: JsonMap, change: (list: readonly Attribute[]) => readonly JsonMap[]): JsonMap =>
  inEvent(data, (own) => ({
    ...own,
    _AttributeFlattened: change(Object.values(own['_AttributeFlattened'] ?? {}) as unknown as readonly Attribute[])
  }))
const without = (list: Json | undefined, name: Json | undefined): Json =>
  (Object.values(list ?? []) as JsonMap[]).filter((tag) => tag['name'] !== name)

const customModules: readonly CustomModule[] = [
  action('put', ['path', 'value'], (data, { path, value }) => insert(data, path ?? '', value ?? null)),
  action('untag', ['tag'], (data, { tag }) =>
    inEvent(
      eachList(data, (list) =>
        list.map((one) => ({ ...one, Tag: without(one.Tag, tag), _allTags: without(one['_allTags'], tag) }))
      ),
      (own) => ({ ...own, Tag: without(own['Tag'], tag) })
    )
  ),
  action('copy', ['from', 'to'], (data, { from, to }) =>
    insert(data, to ?? '', Object.values(extract(data, from ?? '') ?? {})[0] ?? null)
  ),
  action('turn', [], (data) => eachList(data, (list) => list.toReversed())),
  action('first', [], (data) => eachList(data, (list) => list.slice(1))),
  {
    definition: defineAction({
      ...{ id: 'render', name: 'render', description: 'render', inputs: 1, outputs: 1 },
      params: [param('path'), { ...param('value'), jinja_supported: true }]
    }),
    execute: function* (ctx) {
      const { path, value } = (yield* ctx.params()) as JsonMap
      ctx.setData(insert(ctx.getData(), String(path), value ?? null) as never)
      return true
    }
  },
  {
    definition: defineAction({ id: 'fail', name: 'fail', description: 'fails', inputs: 1, outputs: 1, params: [] }),
    execute: (ctx) => {
      ctx.addError('failed')
      return false
    }
  }
]

function conditionOf(random: Random): NodeInput {
  const [tag, other] = [pick(random, tags), pick(random, tags)]
  const operator = pick(random, ['in_or', 'in_and', 'not_in_or', 'not_in_and'])
  const path = pick(random, ['Event.Tag.{n}.name', 'Event._AttributeFlattened.{n}.type', 'Event.info', 'Event.nothing'])
  return pick<() => NodeInput>(random, [
    () => ({
      id: 'tag-if',
      params: {
        scope: pick(random, ['event', 'attribute', 'event_attribute']),
        condition: operator,
        tags: [tag, other]
      }
    }),
    () => ({
      id: 'generic-if',
      params: {
        operator: pick(random, ['in', 'not_in', 'equals', 'not_equals', 'any_value']),
        hash_path: path,
        value: pick(random, [tag, 'ip-dst', 'Test'])
      }
    }),
    () => ({ id: 'generic-if', params: { operator: 'in_or', hash_path: path, value_list: [tag, 'domain'] } }),
    () => ({ id: 'published-if', params: { condition: pick(random, ['equals', 'not_equals']) } }),
    () => ({
      id: 'generic-filter-data',
      params: {
        'filtering-label': 'A',
        selector: 'Event._AttributeFlattened.{n}',
        operator: 'in',
        value: tag,
        hash_path: 'Tag.{n}.name'
      }
    })
  ])()
}

const actionOf = (random: Random): NodeInput =>
  pick<NodeInput>(random, [
    { id: 'put', params: { path: 'Event.info', value: pick(random, ['Test', 'tlp:red', 'new']) } },
    { id: 'untag', params: { tag: pick(random, tags) } },
    { id: 'turn' },
    { id: 'first' },
    { id: 'fail' },
    { id: 'stop-execution', params: { message: 'stopped' } },
    { id: 'concurrent-task' }
  ])

/** A graph without cycles: connections lead to later nodes only. */
function workflowOf(random: Random): JsonMap {
  const count = 3 + Math.floor(random() * 8)
  const nodes = Array.from({ length: count }, (_, i): NodeInput => {
    const one = random() < 0.5 ? conditionOf(random) : actionOf(random)
    const outputs = [
      'put',
      'untag',
      'turn',
      'first',
      'fail',
      'stop-execution',
      'concurrent-task',
      'generic-filter-data'
    ].includes(one.id)
      ? 1
      : 2
    const later = Array.from({ length: count - i - 1 }, (_, j) => i + 3 + j)
    const to = Array.from({ length: outputs }, () =>
      later.length === 0 || random() < 0.15
        ? []
        : Array.from({ length: one.id === 'concurrent-task' ? 2 : 1 }, () => pick(random, later))
    )
    return { ...one, to }
  })
  return workflow(nodes)
}

const eventOf = (random: Random): JsonMap => ({
  ...event,
  Event: {
    ...(event['Event'] as JsonMap),
    Tag: tags.filter(() => random() < 0.4).map((name, id) => ({ id: String(id), name })),
    Attribute: Array.from({ length: Math.floor(random() * 5) }, (_, i) => ({
      ...{
        id: String(i),
        uuid: `c99506a6-1255-4b71-afa5-7b8ba48c3b${10 + i}`,
        type: pick(random, ['ip-dst', 'domain']),
        value: `v${i}`
      },
      ...{
        to_ids: true,
        distribution: '5',
        Tag: tags.filter(() => random() < 0.3).map((name, id) => ({ id: String(id), name }))
      }
    }))
  }
})

function folded(events: readonly RunEvent[]): RunFold {
  const fold = new RunFold()
  for (const one of events) fold.apply(one)
  return fold
}

const own = (events: readonly RunEvent[]): readonly RunEvent[] => events.filter(({ runId }) => runId === 'run')

function check(events: readonly RunEvent[], graph: JsonMap, seed: number): string {
  const fold = folded(events)
  const chain = chainOf(fold, graph)
  const truth = truthOf(events, graph)
  try {
    expectTrue(truth, chain)
    for (const nodeId of truth.nodes.keys())
      if (nodeId !== 1 && !truth.steps.some((step) => step.nodeId === nodeId))
        expectTrue({ ...truth, end: { ...truth.end, outcome: 'success' } }, notReachedChain(fold, graph, nodeId))
  } catch (error) {
    throw new Error(
      `seed ${seed}: ${chain ? chainText(chain) : 'no chain'}\n${error instanceof Error ? error.message : ''}`,
      { cause: error }
    )
  }
  return chainText(chain!)
}

describe('the chain of made-up runs', () => {
  it('is true, executed and captured', () => {
    const outcomes = new Set<string>()
    for (let seed = 1; seed <= repeat(80, 2000); seed++) {
      const random = seeded(seed)
      const [graph, data] = [workflowOf(random), eventOf(random)]
      const events = own(runAll({ workflow: graph, data, customModules }))
      outcomes.add(check(events, graph, seed).split(' ')[0] ?? '')
      const posts = postsOf(events)
      if (posts.length > 0) check(deriveEvents(posts, { runId: 'run', workflow: graph }), graph, seed)
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(['Passed:', 'Blocked']))
  })

  it('finds the step of every planted write', () => {
    for (let seed = 1; seed <= repeat(60, 1000); seed++) {
      const random = seeded(seed)
      const count = 4 + Math.floor(random() * 20)
      const planted = Math.floor(random() * count)
      const place = pick(random, [
        'Event.info',
        'Event.own.deep.value',
        'Event._AttributeFlattened.1.comment',
        'Event._AttributeFlattened.0.Tag'
      ])
      const steps = Array.from({ length: count }, (_, i): NodeInput => {
        const to = i + 1 < count ? [[i + 3]] : [[]]
        if (i === planted) return { id: 'put', params: { path: place, value: `planted ${seed}` }, to }
        const other = pick(random, [{ id: 'turn' }, { id: 'put', params: { path: `Event.other${i}`, value: 'x' } }])
        return { ...other, to }
      })
      const graph = workflow(steps)
      const data = {
        ...event,
        Event: {
          ...(event['Event'] as JsonMap),
          Attribute: [0, 1, 2].map((i) => ({
            uuid: `c99506a6-1255-4b71-afa5-7b8ba48c3b${10 + i}`,
            type: 'ip-dst',
            value: `v${i}`,
            id: String(i)
          }))
        }
      }
      const fold = folded(own(runAll({ workflow: graph, data, customModules })))
      const turned = fold.steps.slice(planted + 1).filter(({ moduleId }) => moduleId === 'turn').length
      const at = place
        .split('.')
        .map((key) => (/^\d+$/.test(key) ? (turned % 2 === 0 ? Number(key) : 2 - Number(key)) : key))
      const [first] = blame(fold, new RunIndex(fold.steps, graph), at, { at: fold.steps.length - 1 })
      expect([seed, first?.step, first?.after, first?.from]).toEqual([
        seed,
        planted + 1,
        `planted ${seed}`,
        'parameter value'
      ])
    }
  })

  it('follows copies and templates that only name a place to where the value came from', () => {
    for (let seed = 1; seed <= repeat(40, 800); seed++) {
      const random = seeded(seed)
      const hops = 1 + Math.floor(random() * 3)
      // A value is planted or came with the event, then handed on from place to place.
      const [isPlanted, value] = [random() < 0.5, `handed on ${seed}`]
      const ways = Array.from({ length: hops }, () => pick(random, ['copy', 'dots', 'brackets']))
      const places = ['Event.info', ...ways.map((_, i) => `Event.own.place${i}`)]
      const given = ways.map((way, i): NodeInput => {
        const [from = '', to = ''] = [places[i], places[i + 1]]
        const [first = '', ...keys] = from.split('.')
        const template = way === 'dots' ? `{{ ${from} }}` : `{{${first}${keys.map((key) => `['${key}']`).join('')}}}`
        return way === 'copy'
          ? { id: 'copy', params: { from, to } }
          : { id: 'render', params: { path: to, value: template } }
      })
      const noise = { id: 'put', params: { path: 'Event.noise', value: 'x' } }
      const last = { id: 'generic-if', params: { operator: 'equals', hash_path: places.at(-1) ?? '', value } }
      const first = isPlanted ? { id: 'put', params: { path: 'Event.info', value } } : noise
      const nodes = [first, ...given.flatMap((node) => (random() < 0.5 ? [noise, node] : [node])), last]
      const graph = workflow(
        nodes
          .map((node, i): NodeInput => ({ ...node, to: [[i + 3]] }))
          .with(-1, { ...last, to: [[nodes.length + 2], []] })
          .concat({ id: 'stop-execution', params: { message: 'x' } })
      )
      const info = isPlanted ? 'before' : value
      const data = { ...event, Event: { ...(event['Event'] as JsonMap), info, own: {} } }
      const fold = folded(own(runAll({ workflow: graph, data, customModules })))
      const index = new RunIndex(fold.steps, graph)
      const at = nodes.length - 2
      const found = blame(fold, index, (places.at(-1) ?? '').split('.'), { at })
      const steps = given.map((node) => nodes.indexOf(node) + 1).toReversed()
      const origin = isPlanted ? [1, 0] : [0]
      expect([seed, ...found.map(({ step }) => step)], `seed ${seed}`).toEqual([seed, ...steps, ...origin])
      expect(found[steps.length], `seed ${seed}`).toMatchObject({ after: value, path: ['Event', 'info'] })
      const told = check(own(runAll({ workflow: graph, data, customModules })), graph, seed)
      expect(told.match(/which was added by/g)?.length ?? 0, told).toBe(hops - 1)
      expect(told, `seed ${seed}`).toContain(isPlanted ? 'which was changed by put' : 'which came with the input')
    }
  })

  it('looks at few steps of a long run', () => {
    const count = scale(1500, 4_900)
    const chain = Array.from({ length: count }, (_, i): NodeInput => {
      const to = i + 1 < count ? [[i + 3], []] : [[], []]
      if (i === count - 1) return { id: 'stop-execution', params: { message: 'stopped' } }
      return i % 3 === 0
        ? { id: 'tag-if', params: { scope: 'event', condition: 'in_or', tags: ['tlp:red'] }, to }
        : { id: 'put', params: { path: 'Event.info', value: `${i}` }, to: to.slice(0, 1) }
    })
    const graph = workflow(chain)
    const data = { ...event, Event: { ...(event['Event'] as JsonMap), Tag: [{ id: '1', name: 'tlp:red' }] } }
    const fold = folded(own(runAll({ workflow: graph, data, customModules })))
    expect(fold.steps).toHaveLength(count)
    let looks = 0
    const counted = new Proxy(fold.data, {
      get: (list, key) => (typeof key === 'string' && /^\d+$/.test(key) && looks++, Reflect.get(list, key) as unknown)
    })
    const seen = Object.assign(Object.create(fold) as RunFold, { data: counted })
    const told = chainOf(seen, graph)
    expect(chainText(told!)).toMatch(/^Blocked by .* more conditions before that\.$/)
    // The three conditions that it names, each back to the input once.
    expect(looks).toBeLessThan(5 * count)
  })
})

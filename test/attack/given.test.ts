// Data that people give to a run is anything: every place of each of MISP's things holds every type, and what comes of it is data or a coded error.
import { expectLinear } from './work.ts'
import { describe, expect, it } from 'vitest'
import { CodedError } from '../../src/contract/errors.ts'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { bringInput } from '../../src/engine/run/given/bring.ts'
import { kindOf } from '../../src/engine/run/given/kinds.ts'
import type { WorldData } from '../../src/engine/world/world.ts'
import { scale, seeded } from './scale.ts'

const attribute = { id: '5', type: 'ip-src', value: '1.2.3.4', uuid: 'a', Tag: [{ name: 'tlp:red' }], event_id: '1' }
const object = {
  id: '3',
  name: 'file',
  'meta-category': 'file',
  Attribute: [attribute],
  ObjectReference: [{ uuid: 'r' }]
}
const event = {
  id: '1',
  info: 'x',
  uuid: 'u',
  date: '2024-01-01',
  Org: { id: '1', name: 'o' },
  Orgc: { name: 'p', uuid: 'q' },
  Attribute: [attribute, { type: 'domain', value: 'b' }],
  Object: [object, { name: 'y', Attribute: [{ type: 'text', value: '1', deleted: true }] }],
  Tag: [{ name: 'a' }, { name: 'A' }],
  EventTag: [{ Tag: { name: 'z' } }],
  EventReport: [{ name: 'r', content: 'c' }]
}
const things: Readonly<Record<string, Json>> = {
  event: { Event: event },
  bare: event,
  beside: { Event: { id: '1', info: 'x' }, Attribute: [attribute], Object: [object] },
  attribute: {
    Attribute: attribute,
    Event: { id: '1' },
    Object: { id: '3', name: 'o' },
    AttributeTag: [{ tag_id: 1 }]
  },
  object: { Object: object, Event: { id: '1' } },
  sighting: { Sighting: { attribute_id: '5', event_id: '1', value: 'v', Attribute: attribute } },
  proposal: { ShadowAttribute: { type: 'text', value: 'x', event_id: '1', old_id: '5' } },
  report: { EventReport: { name: 'r', content: 'c', event_id: '1' } },
  tag: { Tag: { name: 'tlp:red', attribute_id: '5', event_id: '1' }, Event: { id: '1', Attribute: [attribute] } },
  post: { Post: { contents: 'c', thread_id: '1' }, Thread: { id: '1', event_id: '1' }, Event: { id: '1' } },
  user: { User: { email: 'a@b', org_id: '1' } },
  log: { Log: { model: 'Event', action: 'add', title: 't' } },
  note: { Note: { object_uuid: 'a', object_type: 'Attribute' }, Attribute: attribute },
  response: { response: [{ Event: event }, { Event: event }] },
  list: [attribute, attribute],
  stix: { type: 'bundle', objects: [] },
  error: { message: 'no', name: 'x', url: '/events' },
  taxonomy: { namespace: 'x', predicates: [] },
  galaxy: { values: [], type: 't', name: {} },
  settings: { finalSettings: [] },
  modules: { results: [] }
}
const world = {
  events: [{ Event: { ...event, Object: [object] } }],
  organisations: [{ Organisation: { id: '2', name: 'o', uuid: 'q' } }],
  tags: [{ Tag: { id: '4', name: 'a' } }]
}
const strange: readonly (Json | undefined)[] = [
  undefined,
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e300,
  9007199254740991,
  '',
  '0',
  '-1',
  'x',
  '1e5',
  '9007199254740993',
  'NaN',
  '2024-13-45',
  '\ud800',
  [],
  {},
  [null],
  [[]],
  [{}],
  ['x'],
  { a: 1 },
  { '0': { id: 1 }, '2': null },
  JSON.parse('{"__proto__":{"id":1},"constructor":{"name":5},"toString":1,"valueOf":2}') as Json,
  { name: { toString: 1 } },
  [JSON.parse('{"toString":1,"valueOf":2,"length":5,"__proto__":null}') as Json],
  'constructor',
  '__proto__'
]
const triggers = [
  null,
  'event-publish',
  'event-before-save',
  'attribute-after-save',
  'object-after-save',
  'sighting-after-save',
  'shadow-attribute-after-save',
  'event-report-after-save',
  'tag-attached-after-save',
  'post-after-save',
  'analyst-data-after-save',

  'enrichment-before-query',
  '__proto__'
]

function* places(value: Json, path: readonly string[] = []): Generator<readonly string[]> {
  yield path
  if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) yield* places(inner, [...path, key])
}
function put(value: Json, [key, ...rest]: readonly string[], value1: Json | undefined): Json {
  if (key === undefined) return value1 as Json
  const copy = (Array.isArray(value) ? [...(value as Json[])] : { ...(value as JsonMap) }) as Record<string, Json>
  const inner = put(copy[key] as Json, rest, value1)
  if (inner === undefined) Reflect.deleteProperty(copy, key)
  else Object.defineProperty(copy, key, { value: inner, enumerable: true, configurable: true, writable: true })
  return copy
}

/** Data and a world of which one value is something else. */
function* attempts(): Generator<readonly [value: Json, world: JsonMap]> {
  for (const thing of Object.values(things))
    for (const path of places(thing)) for (const one of strange) yield [put(thing, path, one), {}]
  for (const path of places(world))
    for (const one of strange)
      for (const thing of Object.values(things).slice(0, 9)) yield [thing, put(world, path, one) as JsonMap]
}

describe('data of a run', () => {
  it('is brought or refused with a code, whatever stands where', { timeout: 120_000 }, () => {
    const all = [...attempts()]
    const random = seeded(7)
    for (let i = 0; i < scale(1000, 60_000); i++) {
      const [value, known] = all[Math.floor(random() * all.length)]!
      const trigger = triggers[Math.floor(random() * triggers.length)]!
      try {
        bringInput(value, { trigger, profile: '2.5.1', name: 'x', world: known as WorldData })
      } catch (error) {
        const told = error instanceof CodedError ? '' : `${trigger} ${JSON.stringify([value, known]).slice(0, 500)}`
        expect(told, String((error as Error).stack)).toBe('')
      }
    }
  })

  it('reads lists that PHP wrote as maps as lists', () => {
    const row = { type: 'text', value: 'a' }
    for (const name of ['Attribute', 'Object', 'Tag'])
      expect(kindOf({ Event: { id: '1', info: 'x' }, [name]: { '0': row, '2': row } })?.kind).toBe('event')
  })
})

describe('the event that the database holds', () => {
  const bring = (given: JsonMap, events: Json[], trigger = 'object-after-save'): JsonMap | undefined =>
    bringInput(given, { trigger, profile: '2.5.1', name: 'x', world: { events } as WorldData }).shown

  it('holds the thing also beside rows that say nothing of themselves', () => {
    for (const row of [null, 'x', 5, [], {}, { comment: 'y' }] as Json[]) {
      const events = [{ Event: { id: '1', info: 'x', Object: [row], Attribute: [row] } }]
      const object = bring({ Object: { comment: 'y', event_id: '1' } }, events)
      expect((object?.Event as JsonMap).Object).toHaveLength(2)
      const own = { type: 'text', value: 'new', event_id: '1' }
      const attributes = (bring({ Attribute: own }, events, 'attribute-after-save')?.Event as JsonMap).Attribute
      expect(attributes).toMatchObject([row, { value: 'new' }])
    }
  })

  it('gets the attributes of an object in time that grows with their number', () => {
    const rows = (from: number, size: number): Json[] =>
      Array.from({ length: size }, (_, i) => ({ id: String(from + i), type: 'text', value: 'a' }))
    expectLinear(
      (size) => size,
      (size) => {
        const known = { Event: { id: '1', info: 'x', Object: [{ id: '3', name: 'f', Attribute: rows(0, size) }] } }
        bring({ Object: { id: '3', name: 'f', event_id: '1', Attribute: rows(size, size) } }, [known])
      },
      100
    )
  })
})

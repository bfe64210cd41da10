// What people have as data, brought to the state in which MISP hands it to a trigger: MISP's own exports and lists, feeds, PyMISP, converters,
// single rows; and what is refused, with what it looks like.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import { CodedError } from '../../../../src/contract/errors.ts'
import { asTrigger } from '../../../../src/engine/run/given/as-trigger.ts'
import { bringInput, type BroughtInput } from '../../../../src/engine/run/given/bring.ts'
import { parseWorkflow } from '../../../../src/engine/graph/parse.ts'
import { extractTriggerId } from '../../../../src/engine/graph/walk-helpers.ts'
import { decodeJson } from '../../../../src/engine/php/decode.ts'
import { createWorld } from '../../../../src/engine/world/create.ts'
import type { WorldData } from '../../../../src/engine/world/world.ts'

const fixture = (name: string): Json =>
  decodeJson(readFileSync(new URL(`../../../fixtures/cases/${name}`, import.meta.url), 'utf8'))

const bring = (value: Json, trigger: string | null = 'event-publish', more: object = {}): BroughtInput =>
  bringInput(value, { trigger, profile: '2.5.1', name: 'the data', ...more })

function refusal(value: Json, trigger: string | null = 'event-publish', more: object = {}): CodedError {
  try {
    bring(value, trigger, more)
  } catch (error) {
    if (error instanceof CodedError) return error
    throw error
  }
  throw new Error('it was not refused')
}

const said = ({ assumptions }: BroughtInput): string => assumptions.join('\n')
const inside = (value: Json | undefined): JsonMap => value as JsonMap
const listed = (value: Json | undefined): readonly JsonMap[] => value as readonly JsonMap[]
const eventIn = (brought: BroughtInput): JsonMap => inside((brought.shown ?? brought.data).Event)

/** The same value with the keys of every map the other way round. */
function turned(value: Json): Json {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return (value as readonly Json[]).map(turned)
  return Object.fromEntries(
    Object.entries(value as JsonMap)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)])
  )
}

const sorted = (value: Json): Json => {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted)
  return Object.fromEntries(
    Object.entries(value as JsonMap)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)])
  )
}

const feed = fixture('F01-feed-event-without-ids/event.json')
const exported = { Event: fixture('F02-unwrapped-event/event.json') } as JsonMap

const pymisp: JsonMap = {
  info: 'From PyMISP',
  date: '2024-05-06',
  analysis: 0,
  threat_level_id: 2,
  uuid: '5adf0000-0000-4000-8000-0000000000aa',
  published: false,
  Tag: [{ name: 'tlp:green' }],
  Attribute: [
    { type: 'ip-dst', value: '198.51.100.7', to_ids: 1, Tag: [{ name: 'tlp:green' }, { name: 'misp-galaxy:x="y"' }] },
    { type: 'text', value: 443, disable_correlation: '0' }
  ],
  Object: [
    {
      name: 'file',
      'meta-category': 'file',
      Attribute: [{ type: 'filename', object_relation: 'filename', value: 'a.exe' }],
      ObjectReference: [{ referenced_uuid: '5adf0000-0000-4000-8000-0000000000bb', relationship_type: 'drops' }]
    }
  ]
}

describe('an event as MISP exports it', () => {
  it('is handed over as it is, and nothing is said to be made up', () => {
    const brought = bring(exported)
    expect(brought.data).toBe(exported)
    expect(brought.assumptions).toEqual([])
  })

  it('keeps every row that is complete, however many are not', () => {
    const event = inside(exported.Event)
    const [first, second] = listed(event.Attribute)
    const brought = bring({ Event: { ...event, Attribute: [first, { ...second, id: '' }] } } as JsonMap)
    const attributes = listed(eventIn(brought).Attribute)
    expect(attributes[0]).toBe(first)
    expect(attributes[1]).toMatchObject({ id: '2', value: 'a.example.org' })
    expect(said(brought)).toBe('Made up, as saving in MISP gives them: the ids of 1 attribute.')
  })
})

describe('an event that was never saved', () => {
  it('gets ids, references, defaults and dates, and says how many', () => {
    const brought = bring(feed)
    const event = eventIn(brought)
    expect(event).toMatchObject({ id: '1', org_id: '1', orgc_id: '2', distribution: '0', Org: { id: '1' } })
    expect(event.Orgc).toMatchObject({ id: '2', name: 'CIRCL' })
    expect(listed(event.Attribute)[0]).toMatchObject({ id: '1', event_id: '1', object_id: '0', distribution: '5' })
    expect(listed(event.Tag)[0]).toMatchObject({ id: '1', name: 'tlp:white', local: false })
    expect(said(brought)).toContain('the ids of 1 event, 1 attribute, 1 tag.')
  })

  it('is the same every time, whatever the order of keys', () => {
    for (const value of [feed, { Event: pymisp } as JsonMap, pymisp]) {
      expect(sorted(bring(turned(value)).data)).toEqual(sorted(bring(value).data))
      expect(bring(value).data).toEqual(bring(structuredClone(value)).data)
    }
  })

  it('is read without its Event key, with attributes of objects below their object', () => {
    const brought = bring(pymisp)
    const event = eventIn(brought)
    const [own, text] = listed(event.Attribute)
    const [object] = listed(event.Object)
    expect(own).toMatchObject({ id: '1', category: 'Network activity', to_ids: true, timestamp: '1714953600' })
    expect(text).toMatchObject({ value: '443', to_ids: false, disable_correlation: false })
    expect(object).toMatchObject({ id: '1', event_id: '1', template_version: '1' })
    expect(listed(object?.Attribute)[0]).toMatchObject({ id: '3', object_id: '1', event_id: '1' })
    expect(listed(object?.ObjectReference)[0]).toMatchObject({ object_id: '1', event_id: '1' })
    expect([event.analysis, event.threat_level_id, event.attribute_count]).toEqual(['0', '2', '3'])
    const tags = [...listed(event.Tag), ...listed(own?.Tag)]
    expect(tags.map(({ id, name }) => [id, name])).toEqual([
      ['1', 'tlp:green'],
      ['1', 'tlp:green'],
      ['2', 'misp-galaxy:x="y"']
    ])
    expect(tags[2]).toMatchObject({ is_galaxy: true })
    expect(said(brought)).toContain('The data has no `Event` around it; it is read as an event.')
    expect(said(brought)).toContain('2 tags')
  })

  it('takes the ids of the world for what the world has already, and new ones after all of its', () => {
    const world: WorldData = {
      events: [
        { Event: { id: '40', uuid: 'eeeeeeee-0000-4000-8000-000000000010' }, Attribute: [{ id: '90', uuid: 'x' }] },
        { Event: { id: '41' } }
      ],
      tags: [{ Tag: { id: '7', name: 'TLP:White' } }],
      organisations: [{ Organisation: { id: '5', name: 'CIRCL', uuid: '55f6ea5e-2c60-40e5-964f-47a8950d210f' } }]
    }
    const event = eventIn(bring(feed, 'event-publish', { world }))
    expect([event.id, event.orgc_id]).toEqual(['40', '5'])
    expect(listed(event.Attribute)[0]?.id).toBe('91')
    expect(listed(event.Tag)[0]?.id).toBe('7')
    expect(eventIn(bring(pymisp, 'event-publish', { world })).id).toBe('42')
  })

  it('has no ids before MISP has saved it', () => {
    const brought = bring(feed, 'event-before-save')
    const event = inside(brought.data.Event)
    expect([event.id, listed(event.Attribute)[0]?.id, event.locked]).toEqual([undefined, undefined, false])
    expect(said(brought)).toContain('MISP asks `event-before-save` before it saves, so no ids are made up.')
  })

  it('survives whatever stands in its lists', () => {
    const event = {
      info: 'odd',
      uuid: 'x',
      Attribute: [null, 7, 'text', [], {}],
      Object: [{}, null],
      Tag: [null, {}, 'a']
    }
    expect(() => bring({ Event: event } as unknown as JsonMap)).not.toThrow()
    expect(() =>
      bring({ Event: { info: 'odd', Attribute: { type: 'text' }, Tag: 'x', Org: [], Orgc: null } })
    ).not.toThrow()
  })

  it('keeps keys that are names of JavaScript', () => {
    const event = decodeJson(
      '{"Event":{"info":"x","__proto__":{"a":1},"constructor":"c","Attribute":[{"type":"text","value":"v","__proto__":1}]}}'
    )
    const brought = eventIn(bring(event))
    expect(Object.hasOwn(brought, '__proto__')).toBe(true)
    expect(Object.hasOwn(listed(brought.Attribute)[0] ?? {}, '__proto__')).toBe(true)
  })
})

describe('lists of events', () => {
  const index = (count: number): Json =>
    Array.from({ length: count }, (_, i) => ({
      ...{ id: String(i + 5), info: `Event ${i}`, date: '2024-01-01', uuid: `u-${i}`, attribute_count: '12' },
      EventTag: [{ id: '1', event_id: String(i + 5), tag_id: '3', local: false, Tag: { id: '3', name: 'tlp:red' } }]
    }))

  it('are picked from by place, UUID, id or info, and say how many there are', () => {
    const error = refusal(index(3))
    expect([error.code, error.details?.count]).toEqual(['INPUT_SEVERAL', 3])
    expect(error.message).toContain('the data holds 3 entries; pick one')
    for (const pick of [1, '1', 'u-1', 'U-1', '6', 'Event 1'])
      expect(eventIn(bring(index(3), 'event-publish', { pick })).id).toBe('6')
    expect(refusal(index(3), 'event-publish', { pick: 'nothing' }).code).toBe('INPUT_SEVERAL')
    expect(refusal(index(3), 'event-publish', { pick: 3 }).message).toContain('it has 3 entries')
  })

  it('are read from restSearch and feeds alike; a single one is taken', () => {
    const event = exported.Event as JsonMap
    for (const value of [[exported], [event], { response: [exported] }, { response: exported }, { Event: [event] }])
      expect(eventIn(bring(value as Json)).id).toBe('10')
    expect(refusal({ response: [exported, exported] } as JsonMap).code).toBe('INPUT_SEVERAL')
  })

  it('say that attributes are missing, and keep the tags of /events/index', () => {
    const brought = bring(index(1))
    expect(brought.data.EventTag).toHaveLength(1)
    expect(said(brought)).toContain('The event comes from a list: its 12 attributes are not in it.')
  })
})

describe('what is no event', () => {
  const attribute = { type: 'ip-dst', value: '1.2.3.4', category: 'Network activity' }
  const uuid = '5adf0000-0000-4000-8000-000000000001'
  const cases: readonly (readonly [name: string, value: Json, says: RegExp])[] = [
    ['an API error', fixture('F02-no-event-at-all/event.json'), /error of MISP’s API \(“Invalid event”\)/],
    [
      'an API error with a code',
      { name: 'Authentication failed', message: 'Authentication failed', url: '/' },
      /Authentication failed/
    ],
    ['errors of validation', { saved: false, errors: { Event: { info: ['missing'] } } }, /with errors/],
    ['errors alone', { errors: ['no'] }, /with errors/],
    ['a message alone', { message: 'not found' }, /“not found”/],
    ['an error of a proxy', { error: 'Bad gateway' }, /Bad gateway/],
    [
      'a STIX 2.1 bundle',
      { type: 'bundle', id: `bundle--${uuid}`, objects: [{}, {}] },
      /STIX 2 bundle of 2 objects.*misp-stix/
    ],
    ['a STIX 2.0 bundle', { type: 'bundle', spec_version: '2.0', objects: [] }, /STIX 2\.0 bundle/],
    ['a STIX object', { type: 'indicator', id: `indicator--${uuid}`, pattern: 'x' }, /STIX object \(indicator\)/],
    ['a list of STIX objects', [{ type: 'indicator', id: `indicator--${uuid}`, value: 'x' }, {}], /STIX object|list/],
    ['a STIX 1 package', { 'stix:STIX_Package': {} }, /STIX 1/],
    ['a feed manifest', { [uuid]: { info: 'a', Orgc: {} } }, /manifest of a feed, which lists 1 event/],
    [
      'an object template',
      { name: 'file', 'meta-category': 'file', attributes: {}, uuid, version: 1 },
      /template of the object “file”/
    ],
    ['a taxonomy', { namespace: 'tlp', predicates: [], description: '' }, /taxonomy “tlp”/],
    ['galaxy clusters', { type: 'tool', values: [{ value: 'x' }], uuid, name: 'Tool' }, /galaxy/],
    [
      'a warninglist',
      { name: 'Top', type: 'hostname', list: ['a'], version: 1, description: 'd' },
      /warninglist “Top”/
    ],
    ['a workflow', fixture('F02-no-event-at-all/workflow.json'), /a workflow/],
    ['an answer of misp-modules', { results: [] }, /misp-modules/],
    ['settings', { finalSettings: [] }, /settings of MISP/],
    ['tags of the instance', { Tag: [{ id: '1', name: 'a' }] }, /World/],
    ['a list of attributes', [attribute, attribute], /a list of 2 attributes/],
    ['attributes of a search', { response: { Attribute: [attribute, attribute] } }, /a list of 2 attributes/],
    ['attributes alone', { Attribute: [attribute, attribute, attribute] }, /a list of 3 attributes/],
    ['one attribute', { Attribute: attribute }, /an attribute.*--as attribute-after-save/],
    ['a bare attribute', attribute, /an attribute/],
    ['an object', { Object: { name: 'file', Attribute: [] } }, /an object.*--as object-after-save/],
    ['a sighting', { Sighting: { id: '1' } }, /a sighting/],
    ['an empty object', {}, /an empty object or list/],
    ['an empty list', [], /an empty object or list/],
    ['a search without hits', { response: [] }, /empty object or list/],
    ['an empty event', { Event: {} }, /with nothing in it/],
    ['an event that is a list', { Event: [] }, /with nothing in it/],
    ['an event that is null', { Event: null }, /with nothing/],
    ['an event of unknown keys', { Event: { a: 1 } }, /with nothing in it/],
    ['an unknown object', { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 }, /an object with `a`, `b`, `c`, `d`, `e` and more/],
    ['a galaxy of an event', { name: 'Tool', type: 'tool', namespace: 'misp', GalaxyCluster: [] }, /galaxy/],
    [
      'objects and attributes alone',
      { Object: [{}], Attribute: [attribute] },
      /a list of 1 object and 1 attribute, without/
    ],
    ['a captured post', { at: '2024-01-01', target: '/init', body: '{}', method: 'POST' }, /captured debug post/]
  ]
  it.each(cases)('is refused: %s', (_name, value, says) => {
    const error = refusal(value)
    expect(error.code).toBe('INPUT_OTHER_KIND')
    expect(error.message).toMatch(says)
    expect(error.message).toContain('`event-publish` gets an event')
  })

  it.each([null, 7, 'text', true])('is no object: %s', (value) => {
    expect(refusal(value).code).toBe('INPUT_NOT_OBJECT')
  })

  it('is refused by a module alone, too, which takes any other object', () => {
    expect(refusal({ name: 'x', message: 'Invalid event', url: '/events/view/1' }, null).code).toBe('INPUT_OTHER_KIND')
    expect(bring({ a: 1 }, null).data).toEqual({ a: 1 })
    expect(bring({}, null).data).toEqual({})
  })
})

describe('rows of other triggers', () => {
  it('object-after-save: the database holds the attributes of the same save', () => {
    const brought = bring(fixture('F03-object-attribute-not-found/event.json'), 'object-after-save')
    expect(eventIn(brought)).toMatchObject({
      id: '10',
      Object: [{ id: '5', Attribute: [{ id: '7', object_id: '5' }] }]
    })
  })

  it('object-after-save: an object of misp-objects tools without any id', () => {
    const brought = bring(
      { name: 'file', 'meta-category': 'file', Attribute: [{ type: 'md5', value: 'x' }] },
      'object-after-save'
    )
    expect(brought.data.Object).toMatchObject({
      id: '1',
      event_id: '1',
      Attribute: [{ id: '1', event_id: '1', object_id: '1' }]
    })
    expect(said(brought)).toContain('The event is made up: the data only refers to it.')
  })

  it('sighting-after-save: event and attribute are those of the sighting', () => {
    const brought = bring(fixture('F03-sighting-not-started/event.json'), 'sighting-after-save')
    expect(eventIn(brought)).toMatchObject({ id: '10', Attribute: [{ id: '1', value: '198.51.100.7' }] })
  })

  it('sighting-after-save: a sighting by ids, or by its value alone', () => {
    const byId = bring({ Sighting: { attribute_id: '7', event_id: '3' } }, 'sighting-after-save')
    expect(byId.data.Sighting).toMatchObject({ id: '1', Event: { id: '3' }, Attribute: { id: '7', event_id: '3' } })
    const byValue = bring({ value: '1.2.3.4', date_sighting: 1700000000 }, 'sighting-after-save')
    expect(eventIn(byValue)).toMatchObject({ Attribute: [{ value: '1.2.3.4', type: 'text' }] })
    expect(said(byValue)).toContain('The attribute is made up')
  })

  it('attribute-after-save: an attribute of a search, in its event', () => {
    const attribute = { id: '4', type: 'ip-dst', value: '1.2.3.4', event_id: '9', Event: { id: '9', info: 'x' } }
    const brought = bring({ response: { Attribute: [attribute] } }, 'attribute-after-save')
    expect(brought.data).toMatchObject({ Attribute: { id: '4', event_id: '9' }, Event: { id: '9', info: 'x' } })
    expect(eventIn(brought)).toMatchObject({ id: '9', Attribute: [{ id: '4' }] })
    const two = { response: { Attribute: [attribute, { ...attribute, id: '5' }] } }
    expect(refusal(two, 'attribute-after-save').code).toBe('INPUT_SEVERAL')
    expect(bring(two, 'attribute-after-save', { pick: 1 }).data).toMatchObject({ Attribute: { id: '5' } })
  })

  it('attribute-after-save: an attribute in its object, and a whole event', () => {
    const data = {
      Attribute: { type: 'md5', value: 'x' },
      Object: { id: '6', name: 'file' },
      Event: { id: '2', info: 'x' }
    }
    expect(eventIn(bring(data, 'attribute-after-save'))).toMatchObject({
      Object: [{ id: '6', Attribute: [{ object_id: '6' }] }]
    })
    expect(said(bring(exported, 'attribute-after-save'))).toContain('here it gets the whole event')
  })

  it('proposals: what they change is there', () => {
    const add = bring(
      { ShadowAttribute: { type: 'ip-dst', value: '1.2.3.4', event_id: '3' } },
      'shadow-attribute-after-save'
    )
    expect(eventIn(add)).toMatchObject({ id: '3', ShadowAttribute: [{ id: '1', old_id: '0', event_id: '3' }] })
    const edit = bring(
      { ShadowAttribute: { old_id: '8', type: 'ip-dst', value: '5.6.7.8' } },
      'shadow-attribute-before-save'
    )
    expect(inside(edit.data.ShadowAttribute).id).toBeUndefined()
    expect(eventIn(edit)).toMatchObject({ Attribute: [{ id: '8', value: '5.6.7.8' }] })
    expect(said(edit)).toContain('The attribute that the proposal changes is made up')
  })

  it('reports, tags, posts, users and log entries', () => {
    const report = bring({ EventReport: { name: 'r', content: '# x', event_id: '3' } }, 'event-report-after-save')
    expect(eventIn(report)).toMatchObject({ id: '3', EventReport: [{ id: '1', event_id: '3' }] })
    const tag = bring({ Tag: { name: 'tlp:red', event_id: '3', attribute_id: '9' } }, 'tag-attached-after-save')
    expect(eventIn(tag)).toMatchObject({ id: '3', Attribute: [{ id: '9', Tag: [{ name: 'tlp:red' }] }] })
    const onEvent = bring({ Tag: { name: 'tlp:red' }, Event: { info: 'x' } }, 'tag-attached-after-save')
    expect(onEvent.data.Tag).toMatchObject({ id: '1', event_id: '1', local: false })
    expect(eventIn(onEvent)).toMatchObject({ id: '1', info: 'x', Tag: [{ name: 'tlp:red' }] })
    const post = bring(
      { Post: { contents: 'hello', thread_id: '4' }, Event: { id: '3', info: 'x' } },
      'post-after-save'
    )
    expect(post.threads).toMatchObject([{ id: '4', event_id: '3' }])
    expect(eventIn(post)).toMatchObject({ id: '3' })
    expect(bring({ Post: { contents: 'hello' } }, 'post-after-save').threads).toMatchObject([
      { id: '1', event_id: '0' }
    ])
    expect(bring({ User: { id: '3', email: 'a@b.c' } }, 'user-after-save').data).toEqual({ id: '3', email: 'a@b.c' })
    expect(bring({ id: '3', email: 'a@b.c', org_id: '1' }, 'user-before-save').data).toMatchObject({ id: '3' })
    expect(bring({ model: 'Event', action: 'add', title: 't' }, 'log-after-save').data).toMatchObject({
      Log: { title: 't' }
    })
  })

  it('refuse an event, and name the trigger that gets one', () => {
    for (const trigger of [
      'sighting-after-save',
      'shadow-attribute-after-save',
      'event-report-after-save',
      'user-after-save',
      'post-after-save'
    ])
      expect(refusal(exported, trigger).message).toMatch(/looks like an event;.*--as event-publish/)
  })
})

describe('a world of its own', () => {
  const world: WorldData = {
    events: [
      { Event: { id: '10', info: 'known', Object: [{ id: '5', name: 'file', Attribute: [{ id: '6' }] }] } },
      { Event: { id: '11', info: 'other' } }
    ]
  }

  it('gets what the data tells of, into the event that it has', () => {
    const brought = bring(fixture('F03-object-attribute-not-found/event.json'), 'object-after-save', { world })
    expect(eventIn(brought)).toMatchObject({
      info: 'known',
      Object: [{ id: '5', Attribute: [{ id: '6' }, { id: '7' }] }]
    })
    const held = createWorld(world, brought.shown)
    expect(held.attributeRow('7')).toMatchObject({ event_id: '10', value: '198.51.100.7' })
    expect([held.attributeRow('6')?.id, held.eventRow('11')?.info]).toEqual(['6', 'other'])
  })

  it('gets an event that it does not have, and keeps its own of one that it has', () => {
    expect(createWorld(world, bring(feed, 'event-publish', { world }).shown).eventRow('12')).toMatchObject({
      info: 'Feed event'
    })
    expect(bring(exported, 'event-publish', { world }).shown).toBeUndefined()
  })
})

describe('what is deleted', () => {
  it('is left out where MISP fetches the event, and nowhere else', () => {
    const gone = { id: '3', type: 'text', value: 'x', deleted: true }
    const event = inside(exported.Event)
    const data = {
      Event: {
        ...event,
        Attribute: [...listed(event.Attribute), gone],
        Object: [
          { id: '1', name: 'file', deleted: '1', Attribute: [] },
          { id: '2', name: 'file', Attribute: [gone] }
        ]
      }
    } as JsonMap
    const brought = bring(data)
    expect(listed(eventIn(brought).Attribute).map(({ id }) => id)).toEqual(['1', '2'])
    expect(eventIn(brought).Object).toMatchObject([{ id: '2', Attribute: [] }])
    expect(said(brought)).toContain('Left out, as MISP does not hand over what is deleted: 2 attributes, 1 object.')
    expect(listed(inside(bring(data, null).data.Event).Attribute)).toHaveLength(3)
  })
})

describe('a workflow', () => {
  it('of a list is picked by place, UUID or name; one alone is taken', () => {
    const index = fixture('F17-workflow-index/workflow.json') as readonly Json[]
    expect(() => parseWorkflow(index, 'index.json')).toThrow(/index\.json holds 2 workflows; pick one/)
    expect(parseWorkflow(index, 'index.json', '1').data).toBeDefined()
    const named = [
      { Workflow: { id: '8', uuid: 'a', name: 'one', trigger_id: 'event-publish', data: {} } },
      { Workflow: { id: '9', uuid: 'b', name: 'two', trigger_id: 'event-publish', data: {} } }
    ]
    for (const pick of ['1', 'b', 'two', '9']) expect(parseWorkflow(named, 'x', pick).name).toBe('two')
    expect(() => parseWorkflow(named, 'x', 'three')).toThrow(/has no entry “three”/)
    expect(parseWorkflow({ response: [named[0]] }, 'x').name).toBe('one')
    const twins = named.map(({ Workflow }) => ({ Workflow: { ...Workflow, uuid: 'same' } }))
    expect(() => parseWorkflow(twins, 'x', 'SAME')).toThrow(
      'x has 2 entries “SAME”; pick one by its place (from 0): 0, 1.'
    )
    for (const pick of ['0', 'b', 'two', '9', undefined]) expect(parseWorkflow(named[1], 'x', pick).name).toBe('two')
    for (const pick of ['1', 'one', '8'])
      expect(() => parseWorkflow(named[1], 'x', pick)).toThrow(`x has no entry “${pick}”; it has 1 entry.`)
  })

  it('runs as if another trigger had fired it; only its trigger differs', () => {
    const own = parseWorkflow(fixture('F08-adhoc-trigger/workflow.json'), 'x')
    const other = asTrigger(own, 'event-publish')
    expect([extractTriggerId(own.data), extractTriggerId(other.data)]).toEqual(['adhoc_1', 'event-publish'])
    expect(inside(inside(other.data as Json)['2'])).toBe(inside(inside(own.data as Json)['2']))
  })
})

// Generated events for the benchmark: a fifth of the attributes in objects of two, tags on every attribute, shaped as MISP's
// export in core format. The same number gives the same event.
import type { Json, JsonMap } from '../../src/contract/json.ts'

const types = [
  'ip-dst',
  'ip-src',
  'domain',
  'url',
  'md5',
  'sha256',
  'filename',
  'comment',
  'email-src',
  'hostname'
] as const
const tagNames = [
  'tlp:red',
  'tlp:amber',
  'tlp:green',
  'PAP:RED',
  'type:OSINT',
  'false-positive:risk="high"',
  'priority:low',
  'kind:test'
]

/** A small deterministic generator (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const uuid = (next: () => number): string => {
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`
}

const tag = (id: number): JsonMap => ({
  ...{
    id: String(id + 1),
    name: tagNames[id] ?? 'other',
    colour: '#ff0000',
    exportable: true,
    user_id: '0',
    hide_tag: false
  },
  ...{
    numerical_value: null,
    is_galaxy: false,
    is_custom_galaxy: false,
    local_only: false,
    local: false,
    relationship_type: null
  }
})

function attribute(i: number, objectId: number, next: () => number): JsonMap {
  const type = types[i % types.length] ?? 'comment'
  const tags = Array.from({ length: i % 3 }, () => tag(Math.floor(next() * tagNames.length)))
  return {
    ...{ id: String(i + 1), event_id: '1', object_id: String(objectId), object_relation: objectId ? 'domain' : null },
    ...{ category: 'Network activity', type, to_ids: i % 2 === 1, uuid: uuid(next), timestamp: String(1729500000 + i) },
    ...{
      distribution: '5',
      sharing_group_id: '0',
      comment: `comment ${i}`,
      deleted: false,
      disable_correlation: false
    },
    ...{ first_seen: null, last_seen: null, value: valueOf(type, i), Galaxy: [], ShadowAttribute: [], Tag: tags }
  }
}

function valueOf(type: string, i: number): string {
  if (type.startsWith('ip-')) return `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`
  return type === 'domain' ? `host${i}.example` : `value-${type}-${i}`
}

function object(id: number, first: number, next: () => number): JsonMap {
  return {
    ...{
      id: String(id),
      name: 'domain-ip',
      'meta-category': 'network',
      description: 'd',
      event_id: '1',
      uuid: uuid(next)
    },
    ...{ template_uuid: '43b3b146-77eb-4931-b4cc-b66c60f28734', template_version: '9', timestamp: '1729500000' },
    ...{ distribution: '5', sharing_group_id: '0', comment: '', deleted: false, first_seen: null, last_seen: null },
    ...{ ObjectReference: [], Attribute: [attribute(first, id, next), attribute(first + 1, id, next)] }
  }
}

/** The event's JSON text. */
export function eventText(attributes: number): string {
  const next = random(attributes)
  const org = { id: '1', name: 'ORGNAME', uuid: '56ef3277-1ad4-42f6-b90b-04e5c0a83832', local: true }
  const own: Json[] = []
  const objects: Json[] = []
  for (let i = 0; i < attributes; i++) {
    if (i % 10 === 8 && i + 1 < attributes) objects.push(object(objects.length + 1, i++, next))
    else own.push(attribute(i, 0, next))
  }
  const event: JsonMap = {
    ...{ id: '1', orgc_id: '1', org_id: '1', date: '2024-10-20', threat_level_id: '2', info: `bench ${attributes}` },
    ...{
      published: false,
      uuid: uuid(next),
      attribute_count: String(attributes),
      analysis: '1',
      timestamp: '1729500000'
    },
    ...{ distribution: '1', proposal_email_lock: false, locked: false, publish_timestamp: '0', sharing_group_id: '0' },
    ...{ disable_correlation: false, extends_uuid: '', Org: org, Orgc: org, Attribute: own, ShadowAttribute: [] },
    ...{ RelatedEvent: [], Galaxy: [], Object: objects, EventReport: [], Tag: [tag(1)] }
  }
  return JSON.stringify({ Event: event })
}

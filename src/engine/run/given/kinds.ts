// Which of MISP's things a value is, told by its shape. MISP hands its triggers rows under their model's name; PyMISP, converters and
// MISP's lists write the row alone.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { isMap } from '../../php/values.ts'

export type Kind =
  | 'event'
  | 'attribute'
  | 'object'
  | 'sighting'
  | 'proposal'
  | 'event report'
  | 'tag'
  | 'post'
  | 'user'
  | 'log entry'
  | 'analyst data'

/** The key under which MISP hands over each kind. */
export const keyOf = {
  event: 'Event',
  attribute: 'Attribute',
  object: 'Object',
  sighting: 'Sighting',
  proposal: 'ShadowAttribute',
  'event report': 'EventReport',
  tag: 'Tag',
  post: 'Post',
  user: 'User',
  'log entry': 'Log',
  'analyst data': 'Note'
} as const satisfies Record<Kind, string>

export interface Found {
  readonly kind: Kind
  /** Under its model's name, as MISP hands it over. */
  readonly data: JsonMap
  /** It stood there without the name. */
  readonly isBare: boolean
}

/** PHP writes a list that lost one of its rows as a map of places: it is no row. */
const filled = (value: Json | undefined): boolean =>
  isMap(value) && Object.keys(value).some((key) => !/^\d+$/.test(key))

/** What an event can have: something of it makes it one. */
const eventParts = new Set(
  'id uuid info date orgc_id org_id threat_level_id analysis published timestamp publish_timestamp attribute_count distribution sharing_group_id extends_uuid Attribute Object Tag EventTag Org Orgc Galaxy ShadowAttribute EventReport RelatedEvent'.split(
    ' '
  )
)

const isEvent = (value: Json | undefined): boolean =>
  isMap(value) && Object.keys(value).some((key) => eventParts.has(key) || key.startsWith('_'))

/** A wrapped thing: the innermost of MISP's models that stands there as one row. */
const wrapped: readonly (readonly [string, Kind])[] = [
  ['Sighting', 'sighting'],
  ['ShadowAttribute', 'proposal'],
  ['EventReport', 'event report'],
  ['Post', 'post'],
  ['Note', 'analyst data'],
  ['Opinion', 'analyst data'],
  ['Relationship', 'analyst data'],
  ['Attribute', 'attribute'],
  ['Object', 'object'],
  ['Tag', 'tag']
]

export function kindOf(value: Json): Found | null {
  if (!isMap(value)) return null
  const found = (kind: Kind): Found => ({ kind, data: value, isBare: false })
  const bare = (kind: Kind): Found => ({ kind, data: { [keyOf[kind]]: value }, isBare: true })
  // What an event has itself stands in lists.
  for (const [key, kind] of wrapped) if (filled(value[key])) return found(kind)
  // Searches put the event of an attribute into it.
  if (isBareAttribute(value)) return bare('attribute')
  if (isEvent(value.Event)) return found('event')
  if (filled(value.Log)) return found('log entry')
  if (filled(value.User)) return found('user')
  const kind = bareKind(value)
  return kind === null ? null : bare(kind)
}

const has = (row: JsonMap, ...names: readonly string[]): boolean => names.every((name) => name in row)
const isText = (value: Json | undefined): boolean => typeof value === 'string'

const isScalar = (value: Json | undefined): boolean =>
  isText(value) || typeof value === 'number' || typeof value === 'boolean'

const isBareAttribute = (row: JsonMap): boolean =>
  isText(row.type) &&
  isScalar(row.value) &&
  !['setting', 'tag_name', 'old_id', 'proposal_to_delete'].some((name) => name in row) &&
  !isStix(row)

function bareKind(row: JsonMap): Kind | null {
  if ('Event' in row || 'errors' in row || isStix(row)) return null
  const of = (...names: readonly string[]): boolean => names.some((name) => name in row)
  if (isText(row.info) && of(...bareEventMarks)) return 'event'
  if (isText(row.uuid) && of('Orgc', 'orgc_id') && of('Attribute', 'Object', 'date')) return 'event'
  if (has(row, 'meta-category', 'name') && !('attributes' in row)) return 'object'
  if (isText(row.type) && of('old_id', 'proposal_to_delete')) return 'proposal'
  if (of('date_sighting')) return 'sighting'
  if (has(row, 'object_uuid', 'object_type')) return 'analyst data'
  if (has(row, 'contents', 'thread_id')) return 'post'
  if (has(row, 'content', 'name') && of('event_id', 'uuid')) return 'event report'
  if (has(row, 'name', 'colour') && !of('namespace')) return 'tag'
  if (has(row, 'email') && of('org_id', 'role_id', 'autoalert')) return 'user'
  return has(row, 'model', 'action', 'title') ? 'log entry' : null
}

const bareEventMarks = 'uuid date Attribute Object analysis threat_level_id orgc_id Orgc Tag timestamp published'.split(
  ' '
)

/** An object of STIX 2: its id starts with its type. */
export const isStix = (row: JsonMap): boolean =>
  isText(row.type) && isText(row.id) && (row.id as string).startsWith(`${row.type as string}--`)

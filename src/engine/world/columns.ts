// Tables of MISP's database: columns in their order, and the types that CakePHP gives their values.
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import { idText } from '../php/cast.ts'
import { at, type MutableMap } from '../php/values.ts'

export const eventColumns =
  'id org_id date info user_id uuid published analysis attribute_count orgc_id timestamp distribution sharing_group_id proposal_email_lock locked threat_level_id publish_timestamp sighting_timestamp disable_correlation extends_uuid protected'.split(
    ' '
  )
export const attributeColumns =
  'id event_id object_id object_relation category type value1 value2 to_ids uuid timestamp distribution sharing_group_id comment deleted disable_correlation first_seen last_seen'.split(
    ' '
  )
const objectColumns =
  'id name meta-category description template_uuid template_version event_id uuid timestamp distribution sharing_group_id comment deleted first_seen last_seen'.split(
    ' '
  )
/** Columns of attributes as Event::fetchEvent lists them. */
export const fetchedAttributeColumns =
  'id type category to_ids uuid event_id distribution timestamp comment sharing_group_id deleted disable_correlation object_id object_relation first_seen last_seen value'.split(
    ' '
  )
export const tagColumns =
  'id name colour exportable user_id hide_tag numerical_value is_galaxy is_custom_galaxy local_only'.split(' ')

const booleans = new Set(
  'published proposal_email_lock locked disable_correlation protected to_ids deleted proposal_to_delete exportable hide_tag is_galaxy is_custom_galaxy local_only local'.split(
    ' '
  )
)

const eventDefaults: JsonMap = {
  published: false,
  analysis: '0',
  attribute_count: '0',
  timestamp: '0',
  distribution: '0',
  sharing_group_id: '0',
  proposal_email_lock: false,
  locked: false,
  threat_level_id: '4',
  publish_timestamp: '0',
  sighting_timestamp: '0',
  disable_correlation: false,
  extends_uuid: '',
  protected: null
}
const objectDefaults: JsonMap = {
  distribution: '5',
  sharing_group_id: '0',
  comment: '',
  deleted: false,
  first_seen: null,
  last_seen: null
}
const tagDefaults: JsonMap = {
  exportable: true,
  user_id: '0',
  hide_tag: false,
  numerical_value: null,
  is_galaxy: false,
  is_custom_galaxy: false,
  local_only: false
}

/** A value as CakePHP reads the column: tinyint(1) is a boolean, numbers are strings. */
export function asColumn(column: string, value: Json): Json {
  if (value === null) return null
  if (booleans.has(column)) return value === true || value === '1' || value === 1
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'number' ? String(value) : value
}

/** A value as the database shows it. */
export function databaseText(value: Json | undefined): Json {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'string' ? value : plainText(value as number)
}

function pick(from: JsonMap, columns: readonly string[], defaults: JsonMap): JsonMap {
  const row: MutableMap = {}
  for (const column of columns) {
    const value = at(from, column) ?? at(defaults, column)
    if (value !== undefined) row[column] = asColumn(column, value)
  }
  return row
}

export const eventRowOf = (event: JsonMap): JsonMap => pick(event, eventColumns, eventDefaults)
export const objectRowOf = (object: JsonMap): JsonMap => pick(object, objectColumns, objectDefaults)
export const tagRowOf = (tag: JsonMap): JsonMap => pick(tag, tagColumns, tagDefaults)

/** MISP's composite types store their two parts in value1 and value2. */
const isComposite = (type: Json | undefined): boolean =>
  typeof type === 'string' && (type.includes('|') || type === 'malware-sample')

export function splitValue(type: Json | undefined, value: Json | undefined): readonly [string, string] {
  const text =
    typeof value === 'string' ? value : value === undefined || value === null ? '' : plainText(value as number)
  const at = isComposite(type) ? text.indexOf('|') : -1
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

const flag = (value: Json | undefined): boolean => value === true || value === '1' || value === 1
const number = (value: Json | undefined, otherwise: string): Json =>
  value === undefined || value === null ? otherwise : typeof value === 'number' ? String(value) : value

const attributeRows = new WeakMap<JsonMap, JsonMap>()

/** The attributes row, then the virtual column `value`. Written as a literal and kept, because it is asked for often. */
export function attributeRowOf(attribute: JsonMap): JsonMap {
  const known = attributeRows.get(attribute)
  if (known !== undefined) return known
  const [value1, value2] = splitValue(attribute.type, attribute.value)
  const row: JsonMap = {
    id: number(attribute.id, ''),
    event_id: number(attribute.event_id, '0'),
    object_id: number(attribute.object_id, '0'),
    object_relation: attribute.object_relation ?? null,
    category: attribute.category ?? '',
    type: attribute.type ?? '',
    value1,
    value2,
    to_ids: flag(attribute.to_ids),
    uuid: attribute.uuid ?? '',
    timestamp: number(attribute.timestamp, '0'),
    distribution: number(attribute.distribution, '5'),
    sharing_group_id: number(attribute.sharing_group_id, '0'),
    comment: attribute.comment ?? '',
    deleted: flag(attribute.deleted),
    disable_correlation: flag(attribute.disable_correlation),
    first_seen: attribute.first_seen ?? null,
    last_seen: attribute.last_seen ?? null,
    value: attribute.value ?? null
  }
  attributeRows.set(attribute, row)
  return row
}

/** Row columns that a table's change lists: texts of the database. */
export function databaseRow(row: JsonMap, columns: readonly string[]): JsonMap {
  const out: MutableMap = {}
  for (const column of columns) {
    const value = at(row, column)
    if (value !== undefined) out[column] = databaseText(value)
  }
  return out
}

/** MySQL's reading of an id column's value: leading digits. */
export function idKey(value: Json | undefined): string {
  const text = idText(value)
  if (/^[1-9]\d*$/.test(text)) return text
  const digits = /^\s*0*(\d+)/.exec(text)
  return digits?.[1] ?? ''
}

// Events as found (rows of Event::fetchEvent, or core format as exports and triggers have it) -> rows of Event::fetchEvent.
import type { Json, JsonMap } from '../../contract/json.ts'
import { asColumn, eventColumns, fetchedAttributeColumns, splitValue } from './columns.ts'
import { asMap, entries, isMap, put, at, values, type MutableMap } from '../php/values.ts'
import { idText } from '../php/cast.ts'

/** What lies beside `Event` in the rows, in the order of Event::fetchEvent. */
const besideEvent =
  'ThreatLevel Attribute ShadowAttribute Object EventTag EventReport CryptographicKey Galaxy Orgc Org SharingGroup User RelatedEvent Sighting'.split(
    ' '
  )
const alwaysThere = new Set(
  'Attribute ShadowAttribute Object EventTag EventReport CryptographicKey Galaxy RelatedEvent Sighting'.split(' ')
)

export type TagIds = (tag: JsonMap) => string

/** A tag as Event::fetchEvent puts it below EventTag and AttributeTag: with its locality and relationship. */
export function tagBelow(tag: JsonMap, local: boolean, relationship: string | null): JsonMap {
  return { ...tag, local, relationship_type: relationship === null || relationship === '' ? null : relationship }
}

const isTrue = (value: Json | undefined): boolean => value === true || value === '1' || value === 1

function tagRows(tags: Json | undefined, owner: JsonMap, tagIds: TagIds): JsonMap[] {
  return values(tags)
    .filter(isMap)
    .map((tag) => {
      const relationship = idText(tag.relationship_type)
      const tag_id = tagIds(tag)
      return {
        id: '',
        ...owner,
        tag_id,
        local: isTrue(tag.local),
        relationship_type: relationship,
        Tag: { ...tag, id: tag_id }
      }
    })
}

/** Whether an attribute shows its tags as rows. */
export const isInRows = (attribute: JsonMap): boolean =>
  attribute.AttributeTag !== undefined && attribute.Tag === undefined && attribute._allTags === undefined

/** The tag rows of an attribute, however it shows its tags. */
export function attributeTagRows(attribute: JsonMap, tagIds: TagIds): readonly JsonMap[] {
  const rows = attribute.AttributeTag
  if (rows !== undefined && rows !== null) return values(rows).filter(isMap)
  return tagRows(attribute.Tag, { attribute_id: attribute.id ?? '' }, tagIds)
}

/** An attribute in rows, its keys in the order of Event::fetchEvent; one that is in rows already is answered as it is. */
export function attributeRows(attribute: JsonMap, tags: readonly JsonMap[]): JsonMap {
  if (isInRows(attribute)) return attribute
  const out: MutableMap = {}
  for (const key in attribute) {
    if (key === 'Tag' || key === '_allTags' || key === 'AttributeTag') continue
    if (key === 'Galaxy') out.AttributeTag = tags
    const value = attribute[key] as Json
    put(out, key, attributeColumn.has(key) ? asColumn(key, value) : value)
  }
  out.AttributeTag ??= tags
  out.Galaxy ??= []
  out.ShadowAttribute ??= []
  return out
}

/** Where an event keeps a part: beside `Event`, or in it. */
export function partOf(event: JsonMap, name: string): Json | undefined {
  return at(event, name) ?? at(event.Event, name)
}

/** The tag rows of an event, however it shows its tags. */
export function eventTagRows(event: JsonMap, tagIds: TagIds): readonly JsonMap[] {
  const rows = partOf(event, 'EventTag')
  if (rows !== undefined && rows !== null) return values(rows).filter(isMap)
  return tagRows(partOf(event, 'Tag'), { event_id: at(event.Event, 'id') ?? '' }, tagIds)
}

const eventColumn = new Set(eventColumns)
const attributeColumn = new Set(fetchedAttributeColumns)

/** The event's own fields as CakePHP reads their columns (0 is false where the column is a boolean), without what belongs beside it. */
export function eventFields(event: JsonMap): JsonMap {
  const fields: MutableMap = {}
  for (const [key, value] of entries(event.Event)) {
    if (besideEvent.includes(key) || key === 'Tag' || key.startsWith('_')) continue
    put(fields, key, eventColumn.has(key) ? asColumn(key, value) : value)
  }
  return fields
}

/** Event::fetchEvent's rows of an event, without its attributes, objects and tags changed in any way. */
export function eventRows(event: JsonMap): JsonMap {
  const rows: MutableMap = { Event: eventFields(event) }
  for (const name of besideEvent) {
    const value = partOf(event, name)
    if (value !== undefined && value !== null) rows[name] = value
    else if (alwaysThere.has(name)) rows[name] = []
  }
  return rows
}

/** The attributes of an event with the index of their object, -1 for the event's own. */
export function* attributesOf(event: JsonMap): Generator<readonly [JsonMap, JsonMap | null]> {
  for (const attribute of values(partOf(event, 'Attribute'))) if (isMap(attribute)) yield [attribute, null]
  for (const object of values(partOf(event, 'Object'))) {
    for (const attribute of values(at(object, 'Attribute'))) if (isMap(attribute)) yield [attribute, asMap(object)]
  }
}

/** Some columns of a row, in the given order. */
export const only = (row: JsonMap, columns: readonly string[]): JsonMap => {
  const out: MutableMap = {}
  for (const column of columns) {
    const value = at(row, column)
    if (value !== undefined) out[column] = value
  }
  return out
}
/** Event::fetchEvent leaves out tags that may not be exported. */
export const exportable = (row: JsonMap): boolean => at(row.Tag, 'exportable') !== false

/** What makes two attributes of an event the same for MispAttribute::findAttributeByValue. */
export const valueKey = (attribute: JsonMap): string => {
  const [value1, value2] = splitValue(attribute.type, attribute.value)
  return `${idText(attribute.type)}\0${idText(attribute.category)}\0${value1}\0${value2}`
}

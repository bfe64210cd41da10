// MISP's WorkflowFormatConverterTool: whatever a trigger receives -> core format. An attribute or object is wrapped in its
// event from the database, which the world answers for.
import type { Json, JsonMap } from '../../contract/json.ts'
import { asMap, isEmpty, isSet, put, at, values, withKey, type MutableMap } from '../php/values.ts'
import { idText } from '../php/cast.ts'
import { markTags } from './attributes.ts'
import { convertAttributeRow, convertEvent, convertObjectRow, flattenAttributes } from './json-converter.ts'
import type { FormatRules } from './json-converter.ts'
import { badArgument } from '../php/bad-argument.ts'
import { writable } from './php-write.ts'

export type Scope = '' | 'event' | 'attribute' | 'object'

/** What the conversion looks up in the database. */
export interface FormatLookups {
  /** Event::fetchSimpleEvent with its tags: `{Event, EventTag}`, null when there is none. */
  simpleEvent(id: string): JsonMap | null
  /** MispObject::fetchObjectSimple by id: the `Object` row, null when there is none. */
  objectRow(id: string): JsonMap | null
}

/** WorkflowFormatConverterTool::__guessScopeFromData; null where MISP's function falls through. */
function guessScope(data: JsonMap): Exclude<Scope, ''> | null {
  if (isSet(data, 'Object') && !isSet(data, 'Attribute')) return 'object'
  if (!isSet(data, 'Attribute')) return 'event'
  if (!isSet(data, 'Event')) return 'attribute'
  if (isSet(data, 'RelatedEvent') || isSet(data, 'Orgc') || isSet(data, 'Org')) return 'event'
  return isEmpty(data.Attribute) ? null : 'attribute'
}

/** `$data['Attribute']['event_id'] ?? $data['Object']['event_id']`: only the first is read with care. */
function eventIdOf(data: JsonMap): Json {
  const first = at(data.Attribute, 'event_id')
  if (first !== undefined && first !== null) return first
  if (typeof data.Object === 'string') {
    badArgument('Cannot access offset of type string on string')
    return data.Object.charAt(0)
  }
  return at(data.Object, 'event_id') ?? null
}

const isUuid = (id: string): boolean =>
  /^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[0-5][a-fA-F0-9]{3}-[089aAbB][a-fA-F0-9]{3}-[a-fA-F0-9]{12}$/.test(id)
const isNumeric = (id: string): boolean => /^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/.test(id)

/** __encapsulateEntityWithEvent: nothing when there is no such event. */
function encapsulate(data: JsonMap, lookups: FormatLookups, rules: FormatRules): JsonMap {
  const id = idText(eventIdOf(data))
  const rows = isNumeric(id) || isUuid(id) ? lookups.simpleEvent(id) : null
  if (rows === null) return {}
  const type = 'Attribute' in data ? 'Attribute' : 'Object'
  return convertEvent({ ...rows, Event: withKey(asMap(rows.Event), type, [data[type] as Json]) }, rules)
}

function allTagsOfAttribute(data: JsonMap): Json[] {
  const tagsOf = (rows: Json | undefined): Json[] =>
    isEmpty(rows) ? [] : values(rows).map((row) => at(row, 'Tag') ?? null)
  return [...markTags(tagsOf(data.AttributeTag), false), ...markTags(tagsOf(data.EventTag), true)]
}

function convertAttributeScope(data: JsonMap, lookups: FormatLookups, rules: FormatRules): JsonMap {
  const tags = allTagsOfAttribute(data)
  const row = convertAttributeRow(data)
  const attribute: JsonMap = withKey(writable(row.Attribute, '_allTags'), '_allTags', tags)
  const objectId = attribute.object_id
  const object = isZero(objectId) ? null : lookups.objectRow(idText(objectId))
  if (object === null) return encapsulate({ Attribute: attribute }, lookups, rules)
  const attributes = [...values(object.Attribute), attribute]
  return encapsulate({ Object: withKey(object, 'Attribute', attributes) }, lookups, rules)
}

/** PHP's `$id == 0`. */
function isZero(id: Json | undefined): boolean {
  if (id === undefined || id === null || id === false) return true
  if (typeof id === 'string') return isNumeric(id) && Number(id) === 0
  return typeof id === 'number' && id === 0
}

/**
 * WorkflowFormatConverterTool::convert. `scope` '' guesses from the keys. The answer always has `Event._AttributeFlattened`; keys of
 * the input that start with `_` are kept. Throws what PHP throws on values of other types.
 */
export function convert(data: JsonMap, lookups: FormatLookups, rules: FormatRules, scope: Scope = ''): JsonMap {
  const converted = convertScope(data, scope === '' ? guessScope(data) : scope, lookups, rules)
  const out: MutableMap = { ...converted }
  for (const key in data) if (key.startsWith('_')) put(out, key, data[key] as Json)
  const event = out.Event
  const flat = flattenAttributes(event)
  out.Event = withKey(writable(event, '_AttributeFlattened'), '_AttributeFlattened', flat)
  return out
}

function convertScope(
  data: JsonMap,
  scope: Exclude<Scope, ''> | null,
  lookups: FormatLookups,
  rules: FormatRules
): JsonMap {
  switch (scope) {
    case 'event':
      return convertEvent(data, rules)
    case 'attribute':
      return convertAttributeScope(data, lookups, rules)
    case 'object':
      return encapsulate({ Object: convertObjectRow(data).Object }, lookups, rules)
    case null:
      return {}
  }
}

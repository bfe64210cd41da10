// MISP's JSONConverterTool: rows as models give them -> MISP's JSON format. Only what workflows use of it.
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import { EMPTY_OBJECT } from '../php/values.ts'
import { badArgument } from '../php/bad-argument.ts'
import {
  entries,
  isEmpty,
  isMap,
  isArray,
  isSet,
  mapValues,
  phpType,
  fromEntries,
  at,
  values,
  withKey,
  withoutKeys
} from '../php/values.ts'
import {
  cleanAttributes,
  convertAttributes,
  inheritanceOf,
  mergeTags,
  ofEvent,
  ofObject,
  propagateTags,
  type Sightings
} from './attributes.ts'
import type { Profile } from '../profiles/profile.ts'
import { copyRow } from './shapes.ts'
import { checkUnset, writable } from './php-write.ts'

const movedOfEvent =
  'Org Orgc SharingGroup Attribute ShadowAttribute RelatedAttribute RelatedEvent Galaxy Object EventReport CryptographicKey Note Opinion Relationship'.split(
    ' '
  )
const movedOfObject = 'SharingGroup Attribute ShadowAttribute Event CryptographicKey Note Opinion Relationship'.split(
  ' '
)
const analystData = ['Note', 'Opinion', 'Relationship'] as const

/** JSONConverterTool::convertAttribute, raw: the row with its cleaned `Attribute`. */
export function convertAttributeRow(data: JsonMap): JsonMap {
  let row = data
  if (isSet(row, 'AttributeTag')) {
    const attribute = { ...writable(row.Attribute, 'AttributeTag'), AttributeTag: row.AttributeTag as Json }
    row = withKey(withoutKeys(row, ['AttributeTag']), 'Attribute', attribute)
  }
  const cleaned = cleanAttributes([row.Attribute ?? null])
  return withKey(row, 'Attribute', values(cleaned)[0] ?? null)
}

/** JSONConverterTool::convertObject, raw: `Object` with what lay beside it. */
export function convertObjectRow(data: JsonMap): { readonly Object: Json } {
  let object: Json = data.Object ?? null
  for (const name of movedOfObject) {
    if (isSet(data, name)) object = withKey(writable(object, name), name, data[name] as Json)
    if (name === 'SharingGroup' && isSet(object, name) && isEmpty(at(object, name)))
      object = withoutKeys(object as JsonMap, [name])
  }
  return { Object: object }
}

/** `cluster.meta` becomes `{}` where it is empty. */
function convertGalaxies(galaxies: Json): Json {
  if (!isArray(galaxies)) return galaxies
  return mapValues(galaxies, (galaxy) => {
    const clusters = at(galaxy, 'GalaxyCluster')
    if (!values(clusters).some((cluster) => isEmpty(at(cluster, 'meta')))) return galaxy
    const converted = mapValues(clusters, (cluster) =>
      isEmpty(at(cluster, 'meta')) ? withKey(writable(cluster, 'meta'), 'meta', EMPTY_OBJECT as Json) : cluster
    )
    return withKey(galaxy as JsonMap, 'GalaxyCluster', converted)
  })
}

function groupSightings(sightings: Json | undefined): Sightings {
  const byAttribute = new Map<string, Json[]>()
  for (const sighting of values(sightings)) {
    const id = plainText((at(sighting, 'attribute_id') ?? '') as string)
    const group = byAttribute.get(id)
    if (group === undefined) byAttribute.set(id, [sighting])
    else group.push(sighting)
  }
  return byAttribute
}

const correlation = (found: Json): JsonMap => ({
  id: at(found, 'attribute_id') ?? null,
  value: at(found, 'value') ?? null,
  org_id: at(found, 'org_id') ?? null,
  info: at(found, 'info') ?? null,
  event_id: at(found, 'id') ?? null
})

function related(attribute: Json, correlations: Json): Json[] {
  const found = at(correlations, plainText((at(attribute, 'id') ?? '') as string))
  return found === undefined || found === null ? [] : values(found).map(correlation)
}

const append = (list: Json | undefined, items: readonly Json[]): Json =>
  Array.isArray(list) ? [...(list as Json[]), ...items] : [...values(list), ...items]

function relateAttributes(attributes: Json, correlations: Json): Json {
  return mapValues(attributes, (attribute) => {
    const items = related(attribute, correlations)
    return items.length === 0
      ? attribute
      : withKey(attribute as JsonMap, 'RelatedAttribute', append(at(attribute, 'RelatedAttribute'), items))
  })
}

/**
 * JSONConverterTool::convert gives the correlations of the event's own attributes to the attributes of each object that have the
 * same position, and makes such attributes up where there are none. Imitated.
 */
function relateObjects(objects: Json, attributes: Json | undefined, correlations: Json): Json {
  const wanted = entries(attributes).flatMap(([key, attribute]) => {
    const items = related(attribute, correlations)
    return items.length === 0 ? [] : [[key, items] as const]
  })
  if (wanted.length === 0) return objects
  return mapValues(objects, (object) => {
    const own = new Map(entries(at(object, 'Attribute')))
    for (const [key, items] of wanted) {
      const attribute = own.get(key)
      own.set(
        key,
        withKey(
          writable(attribute, 'RelatedAttribute'),
          'RelatedAttribute',
          append(at(attribute, 'RelatedAttribute'), items)
        )
      )
    }
    return withKey(object as JsonMap, 'Attribute', fromEntries([...own]))
  })
}

const ownArray = (value: Json): null =>
  badArgument(`array_values(): Argument #1 ($array) must be of type array, ${phpType(value)} given`)

/** JSONConverterTool::__cleanObjects: objects without attributes are left out. */
function keepObjects(objects: Json): Json[] | null {
  // PHP 7's array_values() answers null, which then stands there.
  if (!isArray(objects)) return ownArray(objects)
  return values(objects).filter((object) => !isEmpty(at(object, 'Attribute')))
}

const mapKept = (objects: readonly Json[] | null, change: (object: Json) => Json): Json =>
  objects === null ? null : objects.map(change)

function cleanAnalystData(data: Json): Json {
  const cleaned = mapValues(data, (entry) => {
    if (!isEmpty(at(entry, 'SharingGroup'))) return entry
    if (isMap(entry)) return withoutKeys(entry, ['SharingGroup'])
    checkUnset(entry)
    return entry
  })
  if (!isArray(data)) return ownArray(data)
  return [...values(cleaned)]
}

/** The event of rows with everything moved into it, before its attributes are touched. */
function gather(rows: JsonMap): Map<string, Json> | Json {
  const inner = rows.Event ?? null
  const moved = movedOfEvent.filter((name) => isSet(rows, name))
  if (moved.length > 0 && !isArray(inner)) writable(inner, moved[0] as string)
  if (!isArray(inner) && moved.length === 0) {
    checkUnset(inner)
    if (entries(rows.EventTag).length > 0) writable(inner, 'Tag')
    else return inner
  }
  const event = new Map<string, Json>(Object.entries(isArray(inner) ? inner : {}) as [string, Json][])
  for (const name of moved) event.set(name, rows[name] as Json)
  return event
}

function convertHeader(event: Map<string, Json>, rows: JsonMap): void {
  if (isEmpty(event.get('SharingGroup'))) event.delete('SharingGroup')
  const galaxies = event.get('Galaxy')
  if (galaxies !== undefined && !isEmpty(galaxies)) event.set('Galaxy', convertGalaxies(galaxies))
  if (isSet(rows, 'EventTag')) {
    const tags = mergeTags(event.get('Tag'), rows.EventTag)
    if (tags !== undefined) event.set('Tag', tags)
  }
  for (const name of analystData) {
    const data = event.get(name)
    if (data !== undefined && data !== null) event.set(name, cleanAnalystData(data))
  }
}

function convertRelated(event: Map<string, Json>, sightings: Sightings): void {
  const correlations = event.get('RelatedAttribute') as Json
  const tags = inheritanceOf(event.get('Tag'))
  const attributes = event.get('Attribute')
  const cleaned = isArray(attributes) ? cleanAttributes(attributes, sightings) : attributes
  if (isArray(attributes))
    event.set('Attribute', propagateTags(relateAttributes(cleaned as Json, correlations), tags, ofEvent))
  const objects = event.get('Object')
  if (objects === undefined || objects === null) return
  const kept = mapKept(keepObjects(objects), (object) =>
    withKey(object as JsonMap, 'Attribute', cleanAttributes(at(object, 'Attribute'), sightings))
  )
  const withRelated = relateObjects(kept, cleaned, correlations)
  event.set(
    'Object',
    mapValues(withRelated, (object) =>
      withKey(object as JsonMap, 'Attribute', propagateTags(at(object, 'Attribute'), tags, ofObject))
    )
  )
}

function convertPlain(event: Map<string, Json>, sightings: Sightings): void {
  const tags = inheritanceOf(event.get('Tag'))
  const attributes = event.get('Attribute')
  if (isArray(attributes) && !isEmpty(attributes))
    event.set('Attribute', convertAttributes(attributes, sightings, tags, ofEvent))
  const objects = event.get('Object')
  if (objects === undefined || objects === null) return
  event.set(
    'Object',
    mapKept(keepObjects(objects), (object) => {
      const copy = copyRow(object as JsonMap)
      copy.Attribute = convertAttributes(copy.Attribute, sightings, tags, ofObject)
      return copy
    })
  )
}

/** What versions of MISP do differently here. */
export type FormatRules = Pick<Profile, 'reportsHaveTags'>

/** JSONConverterTool::__cleanEventReports and the tags that reports inherit. */
function convertReports(event: Map<string, Json>): void {
  const reports = event.get('EventReport')
  if (reports === undefined || reports === null) return
  const cleaned = mapValues(reports, cleanReport)
  const tags = inheritanceOf(event.get('Tag'))
  event.set('EventReport', isEmpty(cleaned) ? cleaned : propagateTags(cleaned, tags, ofEvent))
}

function cleanReport(report: Json): Json {
  if (!isMap(report)) return report
  const owned = isEmpty(report['SharingGroup']) ? withoutKeys(report, ['SharingGroup']) : report
  if (!isSet(owned, 'EventReportTag')) return owned
  const tags = mergeTags(owned['Tag'], owned['EventReportTag'])
  const rest = withoutKeys(owned, ['EventReportTag'])
  return tags === undefined ? rest : withKey(rest, 'Tag', tags)
}

/**
 * An event in MISP's rows (`{Event, Attribute, Object, EventTag, Orgc…}`) or already in core format -> `{Event: {…}}` with
 * `_allTags` on every attribute (JSONConverterTool::convert, then WorkflowFormatConverterTool::__convertEvent).
 * Throws what PHP throws on values of other types.
 */
export function convertEvent(rows: JsonMap, rules: FormatRules): { readonly [key: string]: Json } {
  const gathered = gather(rows)
  const errors: JsonMap = isSet(rows, 'errors') ? { errors: rows.errors as Json } : {}
  if (!(gathered instanceof Map)) return { Event: gathered, ...errors }
  const event = gathered
  convertHeader(event, rows)
  const sightings = groupSightings(isEmpty(rows.Sighting) ? [] : rows.Sighting)
  if (isEmpty(event.get('RelatedAttribute'))) convertPlain(event, sightings)
  else convertRelated(event, sightings)
  if (rules.reportsHaveTags) convertReports(event)
  event.delete('RelatedAttribute')
  event.delete('user_id')
  return { Event: fromEntries([...event]), ...errors }
}

/** array_merge() of an event's own attributes and those of its objects. */
export function flattenAttributes(event: Json | undefined): Json {
  const attributes = at(event, 'Attribute') ?? []
  if (!isArray(attributes)) return badArgument('array_merge(): Argument #1 must be of type array, string given')
  const objects = values(at(event, 'Object'))
  const named = isMap(attributes) ? entries(attributes).filter(([key]) => !/^(0|-?[1-9]\d*)$/.test(key)) : []
  const own = named.length === 0 ? values(attributes) : numbered(attributes)
  const flat: Json = objects.length === 0 ? own : mergeObjectAttributes(own, objects)
  return named.length === 0 ? flat : { ...(flat as readonly Json[]), ...Object.fromEntries(named) }
}

function mergeObjectAttributes(own: readonly Json[], objects: readonly Json[]): Json[] {
  const flat = own.slice()
  for (const object of objects) {
    const attributes = at(object, 'Attribute')
    for (const attribute of isMap(attributes) ? numbered(attributes) : values(attributes)) flat.push(attribute)
  }
  return flat
}

const numbered = (value: Json): Json[] =>
  entries(value)
    .filter(([key]) => /^(0|-?[1-9]\d*)$/.test(key))
    .map(([, item]) => item)

const withoutAllTags = (list: Json | undefined): Json =>
  mapValues(list, (item) => (isMap(item) ? withoutKeys(item, ['_allTags']) : item))

/** An event as MISP's JSON export has it (JSONConverterTool::convert): without what only workflows add. */
export function exportEvent(rows: JsonMap, rules: FormatRules): JsonMap {
  const event = convertEvent(rows, rules).Event
  if (!isMap(event)) return { Event: event ?? null }
  let out = event
  for (const name of ['Attribute', 'EventReport'])
    if (isSet(out, name)) out = withKey(out, name, withoutAllTags(out[name]))
  if (!isSet(out, 'Object')) return { Event: out }
  const objects = mapValues(out.Object, (object) =>
    isMap(object) ? withKey(object, 'Attribute', withoutAllTags(object.Attribute)) : object
  )
  return { Event: withKey(out, 'Object', objects) }
}

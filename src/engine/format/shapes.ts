// Fast copies of the rows that MISP 2.5.1 makes by the ten thousand. V8 copies an object and adds a key slowly with spread (each
// copy gets a hidden class of its own), quickly with Object.assign, and fastest as a literal. So the two rows that make up nearly
// all of an event are written as literals when their keys are the expected ones; everything else takes the general way.
import type { Json, JsonMap } from '../../contract/json.ts'
import { put, type MutableMap } from '../php/values.ts'

const hasKeys = (row: JsonMap, keys: readonly string[]): boolean => {
  let at = 0
  for (const key in row) if (key !== keys[at++]) return false
  return at === keys.length
}

/** A copy that may be extended. */
export const copyRow = (row: JsonMap): MutableMap =>
  // Object.assign would take an own `__proto__` for the prototype.
  Object.hasOwn(row, '__proto__') ? { ...row } : Object.assign({}, row)

const tagKeys =
  'id name colour exportable user_id hide_tag numerical_value is_galaxy is_custom_galaxy local_only local relationship_type'.split(
    ' '
  )
const ownedTagKeys =
  'id name colour exportable org_id user_id hide_tag numerical_value is_galaxy is_custom_galaxy local_only local relationship_type'.split(
    ' '
  )

/** A tag as Event::fetchEvent gives it, without org_id; null for a tag of another shape. */
export function withoutOwner(tag: JsonMap): JsonMap | null {
  if (!hasKeys(tag, ownedTagKeys)) return null
  const t = tag as Record<string, Json>
  return {
    id: t.id as Json,
    name: t.name as Json,
    colour: t.colour as Json,
    exportable: t.exportable as Json,
    user_id: t.user_id as Json,
    hide_tag: t.hide_tag as Json,
    numerical_value: t.numerical_value as Json,
    is_galaxy: t.is_galaxy as Json,
    is_custom_galaxy: t.is_custom_galaxy as Json,
    local_only: t.local_only as Json,
    local: t.local as Json,
    relationship_type: t.relationship_type as Json
  }
}

/** Tags of the usual shape that have been marked, by their id: an event has few tags, on very many attributes. */
export type MarkedTags = Map<Json, JsonMap>

/** Is a tag of the usual shape what another one of its id was before it was marked? */
function isSameTag(tag: JsonMap, marked: JsonMap): boolean {
  const m = marked as Record<string, Json>
  const t = tag as Record<string, Json>
  return (
    t.name === m.name &&
    t.colour === m.colour &&
    t.exportable === m.exportable &&
    t.user_id === m.user_id &&
    t.hide_tag === m.hide_tag &&
    t.numerical_value === m.numerical_value &&
    t.is_galaxy === m.is_galaxy &&
    t.is_custom_galaxy === m.is_custom_galaxy &&
    t.local_only === m.local_only &&
    t.local === m.local &&
    t.relationship_type === m.relationship_type
  )
}

/** `$tag['inherited'] = …`. */
export function inheritedTag(tag: JsonMap, inherited: boolean, known: MarkedTags): JsonMap {
  if (!hasKeys(tag, tagKeys)) {
    const copy = copyRow(tag)
    copy.inherited = inherited
    return copy
  }
  const same = known.get(tag.id as Json)
  if (same !== undefined && isSameTag(tag, same)) return same
  const marked = markedTag(tag, inherited)
  known.set(tag.id as Json, marked)
  return marked
}

function markedTag(tag: JsonMap, inherited: boolean): JsonMap {
  const t = tag as Record<string, Json>
  return {
    id: t.id as Json,
    name: t.name as Json,
    colour: t.colour as Json,
    exportable: t.exportable as Json,
    user_id: t.user_id as Json,
    hide_tag: t.hide_tag as Json,
    numerical_value: t.numerical_value as Json,
    is_galaxy: t.is_galaxy as Json,
    is_custom_galaxy: t.is_custom_galaxy as Json,
    local_only: t.local_only as Json,
    local: t.local as Json,
    relationship_type: t.relationship_type as Json,
    inherited
  }
}

const fetchedKeys =
  'id type category to_ids uuid event_id distribution timestamp comment sharing_group_id deleted disable_correlation object_id object_relation first_seen last_seen value AttributeTag Galaxy ShadowAttribute'.split(
    ' '
  )
const exportedKeys = fetchedKeys.filter((key) => key !== 'AttributeTag')
const storedKeys =
  'id event_id object_id object_relation category type to_ids uuid timestamp distribution sharing_group_id comment deleted disable_correlation first_seen last_seen value Galaxy ShadowAttribute'.split(
    ' '
  )

/** An attribute in the order of Event::fetchEvent and of MISP's exports. */
function exportedAttribute(attribute: JsonMap): MutableMap {
  const a = attribute as Record<string, Json>
  return {
    id: a.id as Json,
    type: a.type as Json,
    category: a.category as Json,
    to_ids: a.to_ids as Json,
    uuid: a.uuid as Json,
    event_id: a.event_id as Json,
    distribution: a.distribution as Json,
    timestamp: a.timestamp as Json,
    comment: a.comment as Json,
    sharing_group_id: a.sharing_group_id as Json,
    deleted: a.deleted as Json,
    disable_correlation: a.disable_correlation as Json,
    object_id: a.object_id as Json,
    object_relation: a.object_relation as Json,
    first_seen: a.first_seen as Json,
    last_seen: a.last_seen as Json,
    value: a.value as Json,
    Galaxy: a.Galaxy as Json,
    ShadowAttribute: a.ShadowAttribute as Json
  }
}

/** An attribute in the order of the database's columns. */
function storedAttribute(attribute: JsonMap): MutableMap {
  const a = attribute as Record<string, Json>
  return {
    id: a.id as Json,
    event_id: a.event_id as Json,
    object_id: a.object_id as Json,
    object_relation: a.object_relation as Json,
    category: a.category as Json,
    type: a.type as Json,
    to_ids: a.to_ids as Json,
    uuid: a.uuid as Json,
    timestamp: a.timestamp as Json,
    distribution: a.distribution as Json,
    sharing_group_id: a.sharing_group_id as Json,
    comment: a.comment as Json,
    deleted: a.deleted as Json,
    disable_correlation: a.disable_correlation as Json,
    first_seen: a.first_seen as Json,
    last_seen: a.last_seen as Json,
    value: a.value as Json,
    Galaxy: a.Galaxy as Json,
    ShadowAttribute: a.ShadowAttribute as Json
  }
}

/** An attribute as Event::fetchEvent gives it, without its AttributeTag; null for an attribute of another shape. */
export const withoutTagRows = (attribute: JsonMap): MutableMap | null =>
  hasKeys(attribute, fetchedKeys) ? exportedAttribute(attribute) : null

/** How many keys a row has when it starts with the given ones, else 0. */
function startsWith(row: JsonMap, keys: readonly string[]): number {
  let at = 0
  for (const key in row) {
    if (at < keys.length && key !== keys[at]) return 0
    at++
  }
  return at < keys.length ? 0 : at
}

function addRest(copy: MutableMap, row: JsonMap, from: number): MutableMap {
  let at = 0
  for (const key in row) if (at++ >= from) put(copy, key, row[key] as Json)
  return copy
}

/** How an attribute with tags is written: as Event::fetchEvent gives it, as MISP exports it, as an older MISP or its database does. */
type TaggedShape = 'fetched' | 'exported' | 'stored'

const exportedTaggedKeys = [...exportedKeys, 'Tag']
const storedTaggedKeys = [...storedKeys, 'Tag']

/** Null for an attribute with other keys. */
export function taggedShape(attribute: JsonMap): TaggedShape | null {
  if (hasKeys(attribute, exportedTaggedKeys)) return 'exported'
  if (hasKeys(attribute, storedTaggedKeys)) return 'stored'
  return hasKeys(attribute, fetchedKeys) ? 'fetched' : null
}

/** A copy of such an attribute with all its tags. A key that is added to an object later costs it a second piece of memory. */
export const withAllTags = (attribute: JsonMap, shape: TaggedShape, tags: Json, allTags: Json): JsonMap =>
  shape === 'stored' ? storedTagged(attribute, tags, allTags) : exportedTagged(attribute, tags, allTags)

function exportedTagged(attribute: JsonMap, tags: Json, allTags: Json): MutableMap {
  const a = attribute as Record<string, Json>
  return {
    id: a.id as Json,
    type: a.type as Json,
    category: a.category as Json,
    to_ids: a.to_ids as Json,
    uuid: a.uuid as Json,
    event_id: a.event_id as Json,
    distribution: a.distribution as Json,
    timestamp: a.timestamp as Json,
    comment: a.comment as Json,
    sharing_group_id: a.sharing_group_id as Json,
    deleted: a.deleted as Json,
    disable_correlation: a.disable_correlation as Json,
    object_id: a.object_id as Json,
    object_relation: a.object_relation as Json,
    first_seen: a.first_seen as Json,
    last_seen: a.last_seen as Json,
    value: a.value as Json,
    Galaxy: a.Galaxy as Json,
    ShadowAttribute: a.ShadowAttribute as Json,
    Tag: tags,
    _allTags: allTags
  }
}

function storedTagged(attribute: JsonMap, tags: Json, allTags: Json): MutableMap {
  const a = attribute as Record<string, Json>
  return {
    id: a.id as Json,
    event_id: a.event_id as Json,
    object_id: a.object_id as Json,
    object_relation: a.object_relation as Json,
    category: a.category as Json,
    type: a.type as Json,
    to_ids: a.to_ids as Json,
    uuid: a.uuid as Json,
    timestamp: a.timestamp as Json,
    distribution: a.distribution as Json,
    sharing_group_id: a.sharing_group_id as Json,
    comment: a.comment as Json,
    deleted: a.deleted as Json,
    disable_correlation: a.disable_correlation as Json,
    first_seen: a.first_seen as Json,
    last_seen: a.last_seen as Json,
    value: a.value as Json,
    Galaxy: a.Galaxy as Json,
    ShadowAttribute: a.ShadowAttribute as Json,
    Tag: tags,
    _allTags: allTags
  }
}

/** A copy of an attribute that may be extended. */
export function copyAttribute(attribute: JsonMap): MutableMap {
  const exported = startsWith(attribute, exportedKeys)
  const known = exported > 0 ? exported : startsWith(attribute, storedKeys)
  if (known === 0) return copyRow(attribute)
  const copy = exported > 0 ? exportedAttribute(attribute) : storedAttribute(attribute)
  return known === storedKeys.length ? copy : addRest(copy, attribute, storedKeys.length)
}

// The attributes of an event in core format: what JSONConverterTool::__cleanAttributes and
// WorkflowFormatConverterTool::__propagateTagToAttributes do to each, in one pass with one shallow copy per attribute.
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import {
  entries,
  isEmpty,
  isMap,
  isArray,
  mapValues,
  fromEntries,
  put,
  values,
  type MutableMap
} from '../php/values.ts'
import {
  copyAttribute,
  inheritedTag,
  taggedShape,
  withAllTags,
  withoutOwner,
  withoutTagRows,
  type MarkedTags
} from './shapes.ts'
import { checkUnset, requireArray, rowOf, writable } from './php-write.ts'

/** Sightings of the event by attribute id. */
export type Sightings = ReadonlyMap<string, readonly Json[]>
const noSightings: Sightings = new Map()

/** `$tag['inherited'] = …` for each tag of a list, after the ones before. Tags that are equal to a known one share it. */
export function markTags(
  tags: Json | undefined,
  inherited: boolean,
  before: readonly Json[] = [],
  known: MarkedTags = new Map()
): Json[] {
  const list = values(tags)
  // Of its right length at once: a list that grows is given room for many more.
  const out = new Array<Json>(before.length + list.length)
  for (let i = 0; i < before.length; i++) out[i] = before[i] as Json
  for (let i = 0; i < list.length; i++) out[before.length + i] = markTag(list[i] as Json, inherited, known)
  return out
}

function markTag(tag: Json, inherited: boolean, known: MarkedTags): Json {
  if (!isMap(tag)) {
    const copy = writable(tag, 'inherited')
    copy.inherited = inherited
    return copy
  }
  return inheritedTag(tag, inherited, known)
}

/** The Tag of an EventTag or AttributeTag row, without its owner (`unset($tag['Tag']['org_id'])`). */
function tagOf(row: Json | undefined): Json {
  const tag = isMap(row) ? row.Tag : undefined
  if (tag === undefined) {
    if (!isArray(row)) checkUnset(row)
    return null
  }
  if (!isMap(tag)) {
    checkUnset(tag)
    return tag
  }
  if (tag.org_id === undefined) return tag
  const shown = withoutOwner(tag)
  if (shown !== null) return shown
  const copy: MutableMap = {}
  for (const key in tag) if (key !== 'org_id') put(copy, key, tag[key] as Json)
  return copy
}

/** `$target[$key] = $rows[$key]['Tag']` for each row; the target's other keys stay. */
export function mergeTags(target: Json | undefined, rows: Json | undefined): Json | undefined {
  if ((target === undefined || target === null) && Array.isArray(rows)) {
    return rows.length === 0 ? target : (rows as Json[]).map(tagOf)
  }
  const given = entries(rows)
  if (given.length === 0) return target
  const merged = new Map<string, Json>(Object.entries(writable(target, 'Tag')))
  for (const [key, row] of given) merged.set(key, tagOf(row))
  return fromEntries([...merged])
}

function copyClean(attribute: JsonMap, dropSharingGroup: boolean, dropTags: boolean): MutableMap {
  const copy: MutableMap = {}
  for (const key in attribute) {
    if (key === 'value1' || key === 'value2') continue
    if (dropSharingGroup && key === 'SharingGroup') continue
    if (dropTags && key === 'AttributeTag') continue
    put(copy, key, attribute[key] as Json)
  }
  return copy
}

/** A cleaned attribute, always a new object that the caller may still extend. */
function clean(attribute: JsonMap, sightings: Sightings): MutableMap {
  const rows = attribute.AttributeTag
  const dropTags = rows !== undefined && rows !== null
  const dropSharingGroup = attribute.SharingGroup !== undefined && isEmpty(attribute.SharingGroup)
  const copies = dropTags || dropSharingGroup || attribute.value1 !== undefined || attribute.value2 !== undefined
  const out: MutableMap = copies
    ? ((dropTags ? withoutTagRows(attribute) : null) ?? copyClean(attribute, dropSharingGroup, dropTags))
    : copyAttribute(attribute)
  if (dropTags) {
    const tags = mergeTags(attribute.Tag, rows)
    if (tags !== undefined) out.Tag = tags
  }
  if (sightings.size > 0) {
    const id = attribute.id
    const own = sightings.get(id === undefined || id === null ? '' : plainText(id as string))
    if (own !== undefined) out.Sighting = own
  }
  return out
}

/** JSONConverterTool::__cleanAttributes without the tags: for the callers that propagate later. */
export function cleanAttributes(attributes: Json | undefined, sightings: Sightings = noSightings): Json {
  return mapValues(attributes, (attribute) => {
    if (isArray(attribute)) return clean(rowOf(attribute), sightings)
    checkUnset(attribute)
    return attribute
  })
}

/** What an event passes on to its attributes. */
export interface Inheritance {
  /** The event's tags, as found. */
  readonly eventTags: Json
  /** The same with `inherited: true`; shared by all attributes without tags of their own. */
  inherited: readonly Json[] | null
  /** The attributes' own tags with `inherited: false`. */
  readonly own: MarkedTags
}

export const inheritanceOf = (tags: Json | undefined): Inheritance => ({
  eventTags: isEmpty(tags) ? [] : (tags as Json),
  inherited: null,
  own: new Map()
})

function inheritedTags(from: Inheritance, line: number): readonly Json[] {
  if (!isArray(from.eventTags)) {
    const what = line === ofEvent ? attributeFunction : objectFunction
    requireArray(from.eventTags, `${what}: Argument #2 ($eventTags)`, calledIn(line))
  }
  from.inherited ??= markTags(from.eventTags, true)
  return from.inherited
}

function allTags(own: Json | undefined, from: Inheritance, line: number): readonly Json[] {
  const inherited = inheritedTags(from, line)
  return isEmpty(own) ? inherited : markTags(own, false, inherited, from.own)
}

const attributeFunction = 'WorkflowFormatConverterTool::__propagateTagToAttributes()'
const objectFunction = 'WorkflowFormatConverterTool::__propagateTagToObjectAttributes()'
/** Where MISP calls __propagateTagToAttributes: PHP's message says so. */
export const ofEvent = 50
export const ofObject = 137
const calledIn = (line: number): string =>
  `, called in app/Lib/Tools/WorkflowFormatConverterTool.php on line ${line === ofEvent ? 50 : 55}`

function rowToConvert(attribute: Json, line: number): JsonMap {
  if (!isArray(attribute)) checkUnset(attribute)
  const where = `, called in app/Lib/Tools/WorkflowFormatConverterTool.php on line ${line}`
  return rowOf(requireArray(attribute, `${attributeFunction}: Argument #1 ($attribute)`, where))
}

/** Cleans attributes and gives each its `_allTags`. `line` tells attributes of the event from those of an object. */
export function convertAttributes(
  attributes: Json | undefined,
  sightings: Sightings,
  from: Inheritance,
  line: number
): Json {
  return mapValues(attributes, (attribute) => {
    const row = rowToConvert(attribute, line)
    const shape = sightings.size === 0 ? taggedShape(row) : null
    const tags = shape === 'fetched' ? ownTags(row) : row.Tag
    if (shape !== null && tags !== undefined) return withAllTags(row, shape, tags, allTags(tags, from, line) as Json)
    const out = clean(row, sightings)
    out._allTags = allTags(out.Tag, from, line) as Json
    return out
  })
}

/** Undefined where the attribute's rows of tags give it none. */
const ownTags = (row: JsonMap): Json | undefined =>
  row.AttributeTag === null ? undefined : mergeTags(undefined, row.AttributeTag)

/** Gives each of some cleaned attributes its `_allTags`. */
export function propagateTags(attributes: Json | undefined, from: Inheritance, line: number): Json {
  return mapValues(attributes, (attribute) => {
    const row = rowToConvert(attribute, line)
    const out = copyAttribute(row)
    out._allTags = allTags(row.Tag, from, line) as Json
    return out
  })
}

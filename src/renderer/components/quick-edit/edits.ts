// Small changes of MISP's data: a tag, the IDS flag, a distribution, a type, a value. Copies of what is changed that MISP keeps in the same
// data (`_AttributeFlattened`, `_allTags`) change with it. Pure.
import { mapOrNull, type Json, type JsonMap } from '../../../contract/json.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { valueAt } from '../../../engine/format/values.ts'

export interface Thing {
  readonly kind: 'event' | 'attribute'
  readonly path: ValuePath
  readonly map: JsonMap
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])
const own = (map: JsonMap, key: string): Json | undefined => (Object.hasOwn(map, key) ? map[key] : undefined)

function kindOf(map: JsonMap): Thing['kind'] | null {
  if (['type', 'value', 'to_ids'].every((key) => Object.hasOwn(map, key))) return 'attribute'
  const isEvent =
    Object.hasOwn(map, 'info') &&
    ['Attribute', 'Tag', 'EventTag', 'Orgc', 'orgc_id'].some((key) => own(map, key) !== undefined)
  return isEvent ? 'event' : null
}

/** The attribute or event that a place is in; else the event of the data. */
export function thingAt(root: Json, path: ValuePath): Thing | null {
  for (let depth = path.length; depth >= 0; depth--) {
    const map = mapOrNull(valueAt(root, path.slice(0, depth)))
    const kind = map && kindOf(map)
    if (map && kind) return { kind, path: path.slice(0, depth), map }
  }
  const event = mapOrNull(valueAt(root, ['Event']))
  return event && kindOf(event) ? { kind: 'event', path: ['Event'], map: event } : null
}

/** The value with another one at a place; what is not on the way there is shared. */
export function withAt(root: Json, path: ValuePath, change: (value: Json | undefined) => Json): Json {
  const [key, ...rest] = path
  if (key === undefined) return change(root)
  if (Array.isArray(root)) {
    const list = [...(root as readonly Json[])]
    list[Number(key)] = withAt(list[Number(key)] ?? null, rest, change)
    return list
  }
  const map = mapOrNull(root) ?? {}
  return { ...map, [key]: withAt(map[key] ?? null, rest, change) }
}

export interface TagName {
  readonly name: string
  readonly colour: string | null
}

const nameOfTag = (row: Json): string | null => {
  const map = mapOrNull(row)
  if (!map) return null
  const name = own(map, 'name')
  return typeof name === 'string' ? name : nameOfTag(own(map, 'Tag') ?? null)
}

const colourOf = (row: Json): string | null => {
  const map = mapOrNull(row)
  const colour = map && (own(map, 'colour') ?? own(mapOrNull(own(map, 'Tag')) ?? {}, 'colour'))
  return typeof colour === 'string' && /^#[0-9a-f]{6}$/i.test(colour) ? colour : null
}

/** Where MISP keeps the tags of a thing: its own lists, and rows that wrap them. */
const tagLists = ['Tag', 'EventTag', 'AttributeTag'] as const

/** Of the thing itself; those that an attribute has from its event are the event's. */
export function tagsOf({ map }: Thing): readonly TagName[] {
  const found = new Map<string, TagName>()
  for (const key of tagLists)
    for (const row of listOf(own(map, key))) {
      const name = nameOfTag(row)
      if (name !== null && !found.has(name)) found.set(name, { name, colour: colourOf(row) })
    }
  return [...found.values()]
}

/** Every tag that is somewhere in the data, for suggestions. */
export function tagsIn(root: Json): readonly string[] {
  const names = new Set<string>()
  const visit = (value: Json, depth: number): void => {
    if (depth > 12 || names.size > 200 || typeof value !== 'object' || value === null) return
    const map = mapOrNull(value)
    if (map) for (const key of tagLists) for (const row of listOf(own(map, key))) names.add(nameOfTag(row) ?? '')
    for (const inner of Array.isArray(value) ? (value as readonly Json[]) : Object.values(value as JsonMap))
      visit(inner, depth + 1)
  }
  visit(root, 0)
  names.delete('')
  return [...names].sort()
}

const without = (list: Json | undefined, name: string, wanted: (row: Json) => boolean = () => true): readonly Json[] =>
  listOf(list).filter((row) => nameOfTag(row) !== name || !wanted(row))

const isInherited = (row: Json): boolean => {
  const inherited = own(mapOrNull(row) ?? {}, 'inherited')
  return inherited === true || inherited === 1 || inherited === '1'
}

function untagged(map: JsonMap, name: string): JsonMap {
  const next = { ...map }
  for (const key of tagLists) if (Array.isArray(next[key])) next[key] = without(next[key], name)
  if (Array.isArray(next._allTags)) next._allTags = without(next._allTags, name, (row) => !isInherited(row))
  return next
}

function tagged(map: JsonMap, kind: Thing['kind'], tag: JsonMap): JsonMap {
  const next = { ...untagged(map, String(tag.name)) }
  const rows = kind === 'event' ? 'EventTag' : 'AttributeTag'
  if (Array.isArray(next[rows]) && !Array.isArray(next.Tag)) next[rows] = [...listOf(next[rows]), { Tag: tag }]
  else next.Tag = [...listOf(next.Tag), tag]
  if (Array.isArray(next._allTags)) next._allTags = [...listOf(next._allTags), { ...tag, inherited: false }]
  return next
}

/** Changes the tags that attributes have from their event. */
function inherit(event: JsonMap, change: (list: readonly Json[]) => readonly Json[]): JsonMap {
  const each = (list: Json | undefined): Json =>
    listOf(list).map((row) => {
      const map = mapOrNull(row)
      if (!map) return row
      if (!Array.isArray(map.Attribute) && !Array.isArray(map._allTags)) return row
      const next = { ...map }
      if (Array.isArray(map.Attribute)) next.Attribute = each(map.Attribute)
      if (Array.isArray(map._allTags)) next._allTags = change(listOf(map._allTags))
      return next
    })
  const next = { ...event }
  for (const key of ['Attribute', 'Object', '_AttributeFlattened'])
    if (Array.isArray(next[key])) next[key] = each(next[key])
  return next
}

const sameAs = (a: JsonMap, b: JsonMap): boolean => {
  const key = typeof a.uuid === 'string' && a.uuid !== '' ? 'uuid' : 'id'
  return a[key] !== undefined && a[key] !== null && String(a[key] as string) === String(b[key] as string)
}

/** Changes the thing, and each copy of an attribute in the same data. */
function changed(root: Json, thing: Thing, change: (map: JsonMap) => JsonMap): Json {
  const here = withAt(root, thing.path, () => change(thing.map))
  if (thing.kind === 'event') return here
  const at = thing.path.findIndex((key) => ['Attribute', 'Object', '_AttributeFlattened'].includes(String(key)))
  if (at < 0) return here
  const owner = thing.path.slice(0, at)
  const copy = (list: Json | undefined): Json =>
    listOf(list).map((row) => {
      const map = mapOrNull(row)
      if (!map) return row
      if (Array.isArray(map.Attribute)) return { ...map, Attribute: copy(map.Attribute) }
      return sameAs(thing.map, map) ? change(map) : row
    })
  return withAt(root, owner, (value) => {
    const map = mapOrNull(value)
    if (!map) return value ?? null
    const next = { ...map }
    for (const key of ['Attribute', 'Object', '_AttributeFlattened'])
      if (Array.isArray(next[key])) next[key] = copy(next[key])
    // Without an id it is only known by its place.
    return withAt(next, thing.path.slice(at), () => change(thing.map))
  })
}

export function addTag(root: Json, thing: Thing, name: string, colour = '#888888'): Json {
  const tag: JsonMap = { name, colour, exportable: true, local: 0, relationship_type: '' }
  const added = changed(root, thing, (map) => tagged(map, thing.kind, tag))
  if (thing.kind === 'attribute') return added
  return withAt(added, thing.path, (event) =>
    inherit(mapOrNull(event) ?? {}, (list) => [...without(list, name, isInherited), { ...tag, inherited: true }])
  )
}

export function removeTag(root: Json, thing: Thing, name: string): Json {
  const removed = changed(root, thing, (map) => untagged(map, name))
  if (thing.kind === 'attribute') return removed
  return withAt(removed, thing.path, (event) =>
    inherit(mapOrNull(event) ?? {}, (list) => without(list, name, isInherited))
  )
}

export const isOn = (value: Json | undefined): boolean => value === true || value === 1 || value === '1'

/** Truth as the data writes it: true, 1 or "1". */
const written = (on: boolean, before: Json | undefined): Json =>
  typeof before === 'string' ? (on ? '1' : '0') : typeof before === 'number' ? Number(on) : on

export const setFlag = (root: Json, thing: Thing, key: string, on: boolean): Json =>
  changed(root, thing, (map) => ({ ...map, [key]: written(on, own(map, key)) }))

/** A text or number as the data writes that field: ids and distributions may be either. */
export const setField = (root: Json, thing: Thing, key: string, text: string): Json =>
  changed(root, thing, (map) => ({
    ...map,
    [key]:
      typeof own(map, key) === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
  }))

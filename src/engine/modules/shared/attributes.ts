// What the actions on attributes share: the items that a node works on, MISP's look-up of attributes by id, and putting many
// changed attributes back into the roaming data at once (WorkflowBaseActionModule).
import type { Json, JsonMap } from '../../../contract/json.ts'
import { phpError } from '../../php/exceptions.ts'
import { isArray, isList, listIndex, phpType, toArrayKey, values, withKeys } from '../../php/values.ts'
import type { PhpArray } from '../../php/values.ts'
import type { ModuleContext } from '../context.ts'
import { buildLookup, mergeLookups, type Lookup } from './lookup.ts'
import { offset, offsetOrNull } from './params.ts'

/**
 * WorkflowBaseActionModule::exec: adds the attributes of the roaming data to the module instance's look-up. MISP never clears it,
 * so attributes that have gone since an earlier execution are still found at their old places.
 */
export function rememberAttributes(ctx: ModuleContext): Lookup {
  const key = `WorkflowBaseActionModule ${ctx.definition.id}`
  const fresh = buildLookup(ctx.getData())
  const known = ctx.world.process.get(key) as Lookup | undefined
  const lookup = known === undefined ? fresh : mergeLookups(known, fresh)
  ctx.world.process.set(key, lookup)
  return lookup
}

/** An item of a filter's result as a method that declares an array takes it. */
export function rowArgument(item: Json, method: string): JsonMap {
  if (isArray(item)) return isList(item) ? { ...Object.fromEntries(Object.entries(item)) } : item
  throw phpError('TypeError', `${method} must be of type array, ${phpType(item)} given`)
}

function setAll(array: Json, changes: ReadonlyMap<string, Json>): PhpArray {
  const base: PhpArray = isArray(array) ? array : []
  if (isList(base)) {
    const indexes = [...changes.keys()].map(listIndex)
    if (indexes.every((index) => index >= 0 && index < base.length)) {
      const copy = base.slice()
      for (const [key, value] of changes) copy[listIndex(key)] = value
      return copy
    }
    return withKeys(base, changes)
  }
  return { ...base, ...Object.fromEntries(changes) }
}

const changesUnder = <T>(all: Map<string, Map<string, T>>, key: string): Map<string, T> => {
  const known = all.get(key) ?? new Map<string, T>()
  all.set(key, known)
  return known
}

/**
 * WorkflowBaseActionModule::_overrideAttribute for many: each attribute replaces the one of its old id, in Event.Attribute or its
 * object, and in Event._AttributeFlattened. An id that the look-up does not know ends up under the key "".
 */
export function overrideAttributes(
  data: JsonMap,
  lookup: Lookup,
  changes: readonly (readonly [old: JsonMap, now: JsonMap])[]
): JsonMap {
  if (changes.length === 0) return data
  const flattened = new Map<string, Json>()
  const own = new Map<string, Json>()
  const objects = new Map<string, Map<string, Json>>()
  for (const [old, now] of changes) {
    const id = toArrayKey(offsetOrNull(old, 'id'))
    flattened.set(lookup.flattened.get(id) ?? '', now)
    const [first = '', second] = lookup.core.get(id) ?? []
    if (second === undefined) own.set(first, now)
    else changesUnder(objects, first).set(second, now)
  }
  const before = offset(data, 'Event')
  const event: [string, Json][] = [
    ['_AttributeFlattened', setAll(offsetOrNull(before, '_AttributeFlattened'), flattened) as Json]
  ]
  if (own.size > 0) event.push(['Attribute', setAll(offsetOrNull(before, 'Attribute'), own) as Json])
  if (objects.size > 0) event.push(['Object', overrideInObjects(offsetOrNull(before, 'Object'), objects)])
  return withKeys(data, [['Event', withKeys(isArray(before) ? before : [], event) as Json]]) as JsonMap
}

function overrideInObjects(objects: Json, changes: ReadonlyMap<string, ReadonlyMap<string, Json>>): Json {
  const changed = new Map<string, Json>()
  for (const [key, attributes] of changes) {
    const object = offsetOrNull(objects, key)
    const list = setAll(offsetOrNull(object, 'Attribute'), attributes)
    changed.set(key, withKeys(isArray(object) ? object : [], [['Attribute', list as Json]]) as Json)
  }
  return setAll(objects, changed) as Json
}

/** The items of a filter's result, in order. */
export const itemsOf = (items: Json): readonly Json[] => (isArray(items) ? values(items) : [])

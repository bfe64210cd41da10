// What the actions on attributes share: the items that a node works on, MISP's look-up of attributes by id, and putting many
// changed attributes back into the roaming data at once (WorkflowBaseActionModule).
import type { Json, JsonMap } from '../../../contract/json.ts'
import { phpError } from '../../php/exceptions.ts'
import { isArray, isEmpty, isList, listIndex, phpType, toArrayKey, values, withKeys } from '../../php/values.ts'
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
  const known = ctx.world.process.get(key) as Lookup | undefined
  const lookup = laterLookup(ctx, known)
  ctx.world.process.set(key, lookup)
  return lookup
}

/**
 * WorkflowBaseActionModule::_buildFastLookupForRoamingData: a look-up of the data as it is now, written over the one that the execution began
 * with. What only those in between had is not kept: they would grow with the square of the attributes.
 */
export function laterLookup(ctx: ModuleContext, known: Lookup | undefined): Lookup {
  const fresh = buildLookup(ctx.getData(), ctx.profile.changesReachUnfiltered)
  return known === undefined ? fresh : mergeLookups(known, fresh)
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

/** An id that the look-up does not know ends up under the key "". */
interface Changes {
  readonly flattened: Map<string, Json>
  readonly own: Map<string, Json>
  readonly objects: Map<string, Map<string, Json>>
}

const noChanges = (): Changes => ({ flattened: new Map(), own: new Map(), objects: new Map() })

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
  const shown = noChanges()
  const unfiltered = lookup.unfiltered !== null && !isEmpty(offsetOrNull(data, 'enabledFilters')) ? noChanges() : null
  for (const [old, now] of changes) {
    const id = toArrayKey(offsetOrNull(old, 'id'))
    shown.flattened.set(lookup.flattened.get(id) ?? '', now)
    const place = lookup.core.get(id)
    put(shown, place, now)
    if (unfiltered === null || lookup.unfiltered === null) continue
    unfiltered.flattened.set(lookup.unfiltered.flattened.get(id) ?? '', now)
    const whole = lookup.unfiltered.core.get(id)
    // MISP's slip: an attribute outside of objects is written at its place among the filtered ones.
    put(unfiltered, whole !== undefined && whole.length === 2 ? whole : [String(place?.[0] ?? '')], now)
  }
  const changed = withKeys(data, [['Event', changedEvent(offset(data, 'Event'), shown)]]) as JsonMap
  if (unfiltered === null) return changed
  const before = offset(changed, '_unfilteredData')
  const event = changedEvent(offsetOrNull(before, 'Event'), unfiltered)
  return { ...changed, _unfilteredData: withKeys(isArray(before) ? before : [], [['Event', event]]) as Json }
}

function put({ own, objects }: Changes, place: readonly string[] | undefined, now: JsonMap): void {
  const [first = '', second] = place ?? []
  if (second === undefined) own.set(first, now)
  else changesUnder(objects, first).set(second, now)
}

function changedEvent(before: Json, { flattened, own, objects }: Changes): Json {
  const event: [string, Json][] = [
    ['_AttributeFlattened', setAll(offsetOrNull(before, '_AttributeFlattened'), flattened) as Json]
  ]
  if (own.size > 0) event.push(['Attribute', setAll(offsetOrNull(before, 'Attribute'), own) as Json])
  if (objects.size > 0) event.push(['Object', overrideInObjects(offsetOrNull(before, 'Object'), objects)])
  return withKeys(isArray(before) ? before : [], event) as Json
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

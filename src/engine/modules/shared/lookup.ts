// Where an attribute stands in the roaming data, by its id, and how both of its places are changed
// (WorkflowBaseActionModule::_buildFastLookupForRoamingData and what uses it).
import type { Json, JsonMap } from '../../../contract/json.ts'
import { isArray, isEmpty, toArrayKey, values, withKey } from '../../php/values.ts'
import type { PhpArray } from '../../php/values.ts'
import { each, offset, offsetOrNull } from './params.ts'

type CorePlace = readonly [string] | readonly [string, string]

export interface Lookup {
  /** Keys in Event.Attribute, or object and attribute keys in Event.Object. */
  readonly core: { get(id: string): CorePlace | undefined }
  readonly flattened: { get(id: string): string | undefined }
  /** The same in the unfiltered data, of versions that change that too. */
  readonly unfiltered: Pick<Lookup, 'core' | 'flattened'> | null
}

const idOf = (attribute: Json): string => toArrayKey(offset(attribute, 'id'))

/**
 * Lists whose attributes, or whose objects' attributes, all have an id that PHP takes for a key; values are immutable, so one look is enough.
 */
const sound = new WeakSet<object>()

function checkOnce(list: Json, check: (item: Json) => void): void {
  if (!isArray(list) || sound.has(list)) return
  checkEach(list, check)
  sound.add(list)
}

function checkEach(list: Json, check: (item: Json) => void): void {
  const items = values(list)
  for (let i = 0; i < items.length; i++) check(items[i] as Json)
}

/** Throws the TypeErrors that PHP throws while it reads the id of an attribute. */
function checkId(attribute: Json): void {
  const isPlain = typeof attribute === 'object' && attribute !== null && typeof (attribute as JsonMap).id === 'string'
  if (!isPlain) idOf(attribute)
}

// An object has few attributes: remembering each of its lists would cost more than looking again.
const checkObject = (object: Json): void => checkEach(offset(object, 'Attribute'), checkId)

/**
 * The look-up of some roaming data. What PHP would throw while it builds it is thrown now; the maps are made when they are asked for,
 * which most actions never do.
 */
export function buildLookup(data: Json, withUnfiltered = false): Lookup {
  const unfiltered = withUnfiltered && !isEmpty(offsetOrNull(data, 'enabledFilters'))
  return {
    ...placesOf(offset(data, 'Event')),
    unfiltered: unfiltered ? placesOf(offset(offset(data, '_unfilteredData'), 'Event')) : null
  }
}

function placesOf(event: Json): Pick<Lookup, 'core' | 'flattened'> {
  const [attributes, objects] = [offset(event, 'Attribute'), offset(event, 'Object')]
  const flattened = offset(event, '_AttributeFlattened')
  checkOnce(attributes, checkId)
  checkOnce(objects, checkObject)
  checkOnce(flattened, checkId)
  return { core: lazily(() => coreMap(attributes, objects)), flattened: lazily(() => keysById(flattened)) }
}

function lazily<T>(build: () => ReadonlyMap<string, T>): { get(id: string): T | undefined } {
  let built: ReadonlyMap<string, T> | undefined
  return { get: (id) => (built ??= build()).get(id) }
}

function coreMap(attributes: Json, objects: Json): ReadonlyMap<string, CorePlace> {
  const core = new Map<string, CorePlace>()
  for (const [key, attribute] of each(attributes)) core.set(idOf(attribute), [key])
  for (const [objectKey, object] of each(objects)) {
    for (const [key, attribute] of each(offset(object, 'Attribute'))) core.set(idOf(attribute), [objectKey, key])
  }
  return core
}

function keysById(attributes: Json): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  for (const [key, attribute] of each(attributes)) keys.set(idOf(attribute), key)
  return keys
}

type Places = Pick<Lookup, 'core' | 'flattened'>

const mergePlaces = (known: Places, fresh: Places): Places => ({
  core: { get: (id) => fresh.core.get(id) ?? known.core.get(id) },
  flattened: { get: (id) => fresh.flattened.get(id) ?? known.flattened.get(id) }
})

/** An earlier look-up with a later one written over it. */
export const mergeLookups = (known: Lookup, fresh: Lookup): Lookup => ({
  ...mergePlaces(known, fresh),
  unfiltered:
    known.unfiltered && fresh.unfiltered
      ? mergePlaces(known.unfiltered, fresh.unfiltered)
      : (fresh.unfiltered ?? known.unfiltered)
})

/** A change of the value at a path of keys; what is missing on the way is made, as PHP does. */
export function updateAt(value: Json, path: readonly string[], change: (value: Json) => Json): Json {
  const [key, ...rest] = path
  if (key === undefined) return change(value)
  const array: PhpArray = isArray(value) ? value : []
  return withKey(array, key, updateAt(offsetOrNull(array, key), rest, change))
}

/** Changes an attribute in its two places. An id that the look-up does not know ends up under the key "", as in PHP. */
export function updateAttribute(data: JsonMap, lookup: Lookup, id: Json, change: (attribute: Json) => Json): JsonMap {
  const key = toArrayKey(id)
  const flattened = ['Event', '_AttributeFlattened', lookup.flattened.get(key) ?? '']
  const [first = '', second] = lookup.core.get(key) ?? []
  const core = second === undefined ? ['Event', 'Attribute', first] : ['Event', 'Object', first, 'Attribute', second]
  return updateAt(updateAt(data, flattened, change), core, change) as JsonMap
}

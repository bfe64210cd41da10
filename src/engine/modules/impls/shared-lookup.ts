// Where an attribute stands in the roaming data, by its id, and how both of its places are changed
// (WorkflowBaseActionModule::_buildFastLookupForRoamingData and what uses it).
import type { Json, JsonMap } from '../../../contract/json.ts'
import { toArrayKey, withKey } from '../../php/values.ts'
import type { PhpArray } from '../../php/values.ts'
import { isArray } from '../../php/values.ts'
import { each, offset, offsetOrNull } from './shared-params.ts'

export interface Lookup {
  /** Keys in Event.Attribute, or object and attribute keys in Event.Object. */
  readonly core: ReadonlyMap<string, readonly [string] | readonly [string, string]>
  readonly flattened: ReadonlyMap<string, string>
}

const idOf = (attribute: Json): string => toArrayKey(offset(attribute, 'id'))

/** Throws the TypeErrors of PHP for attributes that are no maps. */
export function buildLookup(data: Json): Lookup {
  const event = offset(data, 'Event')
  const core = new Map<string, readonly [string] | readonly [string, string]>()
  for (const [key, attribute] of each(offset(event, 'Attribute'))) core.set(idOf(attribute), [key])
  for (const [objectKey, object] of each(offset(event, 'Object'))) {
    for (const [key, attribute] of each(offset(object, 'Attribute'))) core.set(idOf(attribute), [objectKey, key])
  }
  const flattened = new Map<string, string>()
  for (const [key, attribute] of each(offset(event, '_AttributeFlattened'))) flattened.set(idOf(attribute), key)
  return { core, flattened }
}

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

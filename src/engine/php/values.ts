// PHP values in JavaScript: null, boolean, number, string; a PHP array is a JavaScript array when its keys are exactly
// 0..n-1 in order and a plain object otherwise (so an empty one is always []). Everything here is immutable: a function that
// "changes" an array returns a new one that shares the rest.
import type { Json, JsonArray, JsonMap } from '../../contract/json.ts'
import { badArgument } from './bad-argument.ts'
import { phpError } from './exceptions.ts'

/** PHP's `stdClass` without properties: not an array, not empty(), printed `{}`. Told by identity. */
export const EMPTY_OBJECT: JsonMap = Object.freeze({})

export type PhpArray = JsonArray | JsonMap

/** A map under construction. */
export type MutableMap = { [key: string]: Json }

/** is_array(). */
export const isArray = (value: Json | undefined): value is PhpArray =>
  typeof value === 'object' && value !== null && value !== EMPTY_OBJECT

/** A PHP array with the keys 0..n-1 in order (also the empty one). */
export const isList = (value: Json | undefined): value is JsonArray => Array.isArray(value)

/** A PHP array that is not a list. */
export const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && value !== EMPTY_OBJECT

const integerKey = /^(?:0|-?[1-9][0-9]{0,18})$/
const longMax = 9223372036854775807n

/** True when PHP would store this array key as an integer ("5", "-3"; not "05", "1.5", "-0"). */
export const isIntegerKey = (key: string): boolean => {
  const first = key.charCodeAt(0)
  if (!(first <= 57 && (first >= 48 || first === 45)) || !integerKey.test(key)) return false
  if (key.length < 19) return true
  const value = BigInt(key)
  return value <= longMax && value >= -longMax - 1n
}

/** The position that a key means in a list, or -1 when a list cannot hold it. */
export const listIndex = (key: string): number => {
  const first = key.charCodeAt(0)
  if (!(first >= 48 && first <= 57)) return -1
  if (key.length === 1) return first - 48
  if (first === 48 || key.length > 10) return -1
  const n = Number(key)
  return Number.isInteger(n) && String(n) === key ? n : -1
}

/** count() of an array. */
export const count = (array: PhpArray): number => (isList(array) ? array.length : Object.keys(array).length)

/** The values in PHP's order, nothing for what is no array (foreach only warns). A list is returned as it is. */
export const values = (value: Json | undefined): JsonArray =>
  isList(value) ? value : isArray(value) ? Object.values(value) : []

/** Keys and values in PHP's order, nothing for what is no array (foreach only warns); keys are text, see isIntegerKey. */
export const entries = (value: Json | undefined): [string, Json][] => (isArray(value) ? Object.entries(value) : [])

/** PHP's empty(): null, false, 0, 0.0, "", "0" and []. */
export const isEmpty = (value: Json | undefined): boolean => {
  if (!value || value === '0') return true
  return typeof value === 'object' && value !== EMPTY_OBJECT && isArray(value) && isEmptyArray(value)
}

export const isEmptyArray = (array: PhpArray): boolean => {
  if (isList(array)) return array.length === 0
  for (const key in array) if (Object.hasOwn(array, key)) return false
  return true
}

/** `$value[$key]` without a warning: undefined when the key does not exist, or for what is no array. Foreign keys are safe. */
export const at = (array: Json | undefined, key: string): Json | undefined => {
  if (!isArray(array)) return undefined
  if (isList(array)) {
    const index = listIndex(key)
    return index < 0 ? undefined : array[index]
  }
  return Object.hasOwn(array, key) ? array[key] : undefined
}

/** `$value[a][b]… ?? null`: null when something on the way is missing, null or no array. */
export const dig = (value: Json | undefined, ...path: readonly (string | number)[]): Json => {
  let here: Json | undefined = value
  for (const key of path) {
    if (!isArray(here)) return null
    here = at(here, typeof key === 'number' ? String(key) : key)
    if (here === undefined) return null
  }
  return here ?? null
}

/** isset($value[$key]): the key exists and its value is not null. */
export const isSet = (array: Json | undefined, key: string): boolean => {
  const value = at(array, key)
  return value !== undefined && value !== null
}

/** array_key_exists(). */
const hasKey = (array: PhpArray, key: string): boolean => at(array, key) !== undefined

const lastPosition = 4294967294

/**
 * Are a map's keys all positions of a list, as of a list that lost items? JavaScript puts positions before all other keys, so the last
 * one tells.
 */
export const arePositions = (keys: readonly string[]): boolean => {
  const last = listIndex(keys[keys.length - 1] ?? '')
  return last >= 0 && last <= lastPosition
}

/** True when the keys of a map are exactly 0..n-1 in order. */
const hasListKeys = (map: JsonMap): boolean => {
  let expected = 0
  for (const key in map) {
    if (!Object.hasOwn(map, key)) continue
    if (key !== String(expected)) return false
    expected++
  }
  return true
}

/** A map as the convention wants it: a list when its keys are 0..n-1, else itself. */
const toArray = (map: JsonMap): PhpArray => (hasListKeys(map) ? Object.values(map) : map)

/** An array from keys and values in order; a later entry with the same key overwrites the value and keeps the place. */
export const fromEntries = (pairs: Iterable<readonly [string, Json]>): PhpArray => toArray(Object.fromEntries(pairs))

/**
 * `$array[$key] = $value`. The array itself when that changes nothing. A hole that is filled does not make a list: PHP puts the new
 * key last, and json_encode goes on printing an object.
 */
export function withKey(array: JsonMap, key: string, value: Json): JsonMap
export function withKey(array: PhpArray, key: string, value: Json): PhpArray
export function withKey(array: PhpArray, key: string, value: Json): PhpArray {
  if (isList(array)) {
    const index = listIndex(key)
    if (index >= 0 && index <= array.length) {
      if (index < array.length && array[index] === value) return array
      const copy = array.slice()
      copy[index] = value
      return copy
    }
    return { ...array, [key]: value }
  }
  return Object.hasOwn(array, key) && array[key] === value ? array : { ...array, [key]: value }
}

/** Writes an own property of a map under construction, also under the key `__proto__`. */
export function put(target: MutableMap, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

/** The map of a PHP array: a list becomes a map with the keys "0", "1", …; what is no array becomes an empty one. */
export const asMap = (value: Json | undefined): JsonMap =>
  isMap(value) ? value : isArray(value) ? Object.fromEntries(Object.entries(value)) : {}

/** Sets several keys at once. */
export const withKeys = (array: PhpArray, pairs: Iterable<readonly [string, Json]>): PhpArray => {
  let next = array
  for (const [key, value] of pairs) next = withKey(next, key, value)
  return next
}

/** unset($array[$key]). A list loses its last item or becomes a map with holes. */
export const withoutKey = (array: PhpArray, key: string): PhpArray =>
  hasKey(array, key) ? withoutKeys(array, new Set([key])) : array

/** unset() of several keys. The array itself when none of them exists. (Of a map with names as keys a map is left.) */
export function withoutKeys(array: JsonMap, drop: ReadonlySet<string> | readonly string[]): JsonMap
export function withoutKeys(array: PhpArray, drop: ReadonlySet<string> | readonly string[]): PhpArray
export function withoutKeys(array: PhpArray, drop: ReadonlySet<string> | readonly string[]): PhpArray {
  const dropped = new Set(drop)
  const kept = entries(array).filter(([key]) => !dropped.has(key))
  return kept.length === count(array) ? array : fromEntries(kept)
}

/** `$array[] = $value`: the key after the highest integer key. */
export const append = (array: PhpArray, value: Json): PhpArray => {
  if (isList(array)) return [...array, value]
  let next = 0
  for (const key of Object.keys(array)) if (isIntegerKey(key) && Number(key) >= next) next = Number(key) + 1
  return withKey(array, String(next), value)
}

/** Replaces the values of an array, keys and places kept; [] for what is no array. The array itself when every value is the same. */
export const mapValues = (array: Json | undefined, change: (value: Json) => Json): PhpArray => {
  if (!isArray(array)) return []
  if (isList(array)) {
    let copy: Json[] | null = null
    for (let i = 0; i < array.length; i++) {
      const before = array[i] as Json
      const after = change(before)
      if (after !== before) (copy ??= array.slice())[i] = after
    }
    return copy ?? array
  }
  let changed = false
  const pairs = entries(array).map(([key, before]): [string, Json] => {
    const after = change(before)
    if (after !== before) changed = true
    return [key, after]
  })
  return changed ? Object.fromEntries(pairs) : array
}

/** array_filter(): keys are kept, so a list may become a map with holes. The array itself when nothing is dropped. */
export const filterValues = (array: PhpArray, keep: (value: Json) => boolean): PhpArray => {
  if (isList(array)) return filterList(array, keep)
  const names = Object.keys(array)
  if (arePositions(names)) return filterPositions(array, names, keep)
  const kept = names.filter((key) => keep(array[key] as Json))
  if (kept.length === names.length) return array
  return fromEntries(kept.map((key) => [key, array[key] as Json] as const))
}

const filterList = (list: JsonArray, keep: (value: Json) => boolean): PhpArray => {
  const kept: number[] = []
  for (let i = 0; i < list.length; i++) if (keep(list[i] as Json)) kept.push(i)
  return kept.length === list.length ? list : atPositions(list, kept, kept)
}

/** The same for a list that has holes already. */
const filterPositions = (map: JsonMap, names: readonly string[], keep: (value: Json) => boolean): PhpArray => {
  const items = Object.values(map)
  const kept: number[] = []
  for (let i = 0; i < items.length; i++) if (keep(items[i] as Json)) kept.push(i)
  if (kept.length === items.length) return map
  return atPositions(
    items,
    kept,
    kept.map((i) => Number(names[i]))
  )
}

/** Some items at positions that ascend. When those are the first ones, they are a list again. */
const atPositions = (items: JsonArray, chosen: readonly number[], positions: readonly number[]): PhpArray => {
  if (positions.length === 0 || positions[positions.length - 1] === positions.length - 1)
    return chosen.map((i) => items[i] as Json)
  const map: { [position: number]: Json } = {}
  for (let i = 0; i < chosen.length; i++) map[positions[i] as number] = items[chosen[i] as number] as Json
  return map
}

/** array_merge(): integer keys are renumbered, later string keys overwrite. What is no array is a bad argument. */
export const arrayMerge = (...arrays: readonly Json[]): PhpArray => {
  const bad = arrays.findIndex((array) => !isArray(array))
  if (bad >= 0) {
    const what = `array_merge(): Argument #${bad + 1} must be of type array, ${phpType(arrays[bad])} given`
    // PHP 7's null stands where an array is meant; whoever reads it finds nothing.
    return badArgument(what) as unknown as PhpArray
  }
  if (arrays.every(isList)) return (arrays as readonly JsonArray[]).flat()
  const pairs: [string, Json][] = []
  let next = 0
  for (const array of arrays as readonly PhpArray[])
    for (const [key, value] of entries(array)) pairs.push([isIntegerKey(key) ? String(next++) : key, value])
  return fromEntries(pairs)
}

/** `(array) $value`. */
export const toArrayCast = (value: Json): PhpArray => {
  if (value === null || value === EMPTY_OBJECT) return []
  return isArray(value) ? value : [value]
}

/** The type as PHP's error messages name it. */
export const phpType = (value: Json | undefined): string => {
  if (value === null || value === undefined) return 'null'
  if (value === EMPTY_OBJECT) return 'stdClass'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return isPhpInt(value) ? 'int' : 'float'
  return typeof value === 'string' ? 'string' : 'array'
}

/**
 * JSON numbers carry no type in JavaScript: a whole number within PHP's 64 bits is taken for an int, so 1.0 is one too. (MISP's
 * encoder prints both as 1.)
 */
export const isPhpInt = (value: number): boolean =>
  Number.isInteger(value) && value < 9223372036854775808 && value >= -9223372036854775808 && !Object.is(value, -0)

/** A value as an array key, as `$array[$value]` casts it. Throws a TypeError for arrays and objects. */
export const toArrayKey = (value: Json, message = 'Illegal offset type'): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return isPhpInt(value) ? String(BigInt(value)) : floatKey(value)
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (value === null) return ''
  throw phpError('TypeError', message)
}

// A float outside of PHP's 64 bits wraps; such keys do not occur, 0 is what PHP gives for infinities.
const floatKey = (value: number): string =>
  Number.isFinite(value) ? String(BigInt.asIntN(64, BigInt(Math.trunc(value)))) : '0'

/** A value of a declared `array` parameter; throws the TypeError that PHP throws for others. */
export const expectArray = (value: Json | undefined, where: string): PhpArray => {
  if (isArray(value)) return value
  throw phpError('TypeError', `${where} must be of type array, ${phpType(value)} given`)
}

// PHP arrays as plain JSON: lists are arrays, maps are objects, a list with holes is an object with integer-like keys.
// These helpers keep that convention; the value rules of PHP itself (loose comparison, casts) live in engine/php.
import type { Json, JsonMap } from '../../contract/json.ts'

export type MutableMap = { [key: string]: Json }

/** A PHP array that is not a list: `{…}`. */
export const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A PHP array of any kind. */
export const isPhpArray = (value: Json | undefined): value is JsonMap | readonly Json[] =>
  typeof value === 'object' && value !== null

/** PHP's empty(): also true for what is not there. */
export const isEmpty = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  value === '0' ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0)

/** `$value[$key]` where PHP reads without complaint (isset, ??): undefined when there is nothing. Foreign keys are safe. */
export function read(value: Json | undefined, key: string): Json | undefined {
  if (!isPhpArray(value)) return undefined
  return Object.hasOwn(value, key) ? (value as JsonMap)[key] : undefined
}

/** PHP's isset($value[$key]): there and not null. */
export const isSet = (value: Json | undefined, key: string): boolean => {
  const found = read(value, key)
  return found !== undefined && found !== null
}

/** Writes an own property, also under the key `__proto__`. */
export function put(target: MutableMap, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

/** The entries of a PHP array; nothing for any other value (PHP's foreach only warns). */
export function entriesOf(value: Json | undefined): [string, Json][] {
  return isPhpArray(value) ? (Object.entries(value) as [string, Json][]) : []
}

/** The values of a PHP array in order, without copying a list. */
export function valuesOf(value: Json | undefined): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[]
  return isPhpArray(value) ? (Object.values(value) as Json[]) : []
}

/** A PHP array from its entries: a list when the keys are exactly 0..n-1 in order. */
export function phpArray(entries: readonly (readonly [string, Json])[]): Json {
  for (let i = 0; i < entries.length; i++) {
    if (entries[i]?.[0] !== String(i)) return Object.fromEntries(entries) as JsonMap
  }
  return entries.map((entry) => entry[1])
}

/** Maps the values of a PHP array and keeps its keys. */
export function mapValues(value: Json | undefined, change: (item: Json, key: string) => Json): Json {
  if (Array.isArray(value)) return (value as Json[]).map((item, index) => change(item, String(index)))
  return phpArray(entriesOf(value).map(([key, item]) => [key, change(item, key)]))
}

/** A copy of a map with one key set (at its place when it was there, else last). */
export function withKey(value: JsonMap, key: string, item: Json): JsonMap {
  const copy: MutableMap = { ...value }
  put(copy, key, item)
  return copy
}

/** A copy of a map without some keys; the map itself when it has none of them. */
export function withoutKeys(value: JsonMap, keys: readonly string[]): JsonMap {
  if (!keys.some((key) => Object.hasOwn(value, key))) return value
  const copy: MutableMap = {}
  for (const key in value) if (!keys.includes(key)) put(copy, key, value[key] as Json)
  return copy
}

/** The map of a PHP array: a list becomes a map with the keys "0", "1", … */
export const asMap = (value: Json | undefined): JsonMap =>
  isMap(value) ? value : isPhpArray(value) ? (Object.fromEntries(Object.entries(value)) as JsonMap) : {}

/** The text of an id: MISP's ids are strings in the database's answers and sometimes numbers elsewhere. */
export function idText(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

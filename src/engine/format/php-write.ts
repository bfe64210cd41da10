// What PHP does when MISP writes or removes a key of something that is no array.
import type { Json, JsonMap } from '../../contract/json.ts'
import { isPhp7 } from '../php/version.ts'
import { phpError } from '../php/exceptions.ts'
import { isMap, isArray, type MutableMap } from '../php/values.ts'

/** The map that `$value[$key] = …` writes to: null and false become an array, anything else but an array is an Error. */
export function writable(value: Json | undefined, key: string): MutableMap {
  if (value === undefined || value === null || value === false) return {}
  if (isArray(value)) return { ...(value as JsonMap) }
  if (typeof value === 'string') throw phpError('TypeError', `Cannot access offset of type string on string (${key})`)
  // PHP 7 warns and writes nothing; what is read from it later is nothing either.
  if (isPhp7()) return {}
  throw phpError('Error', 'Cannot use a scalar value as an array')
}

/** `unset($value[$key])` on what is no array. */
export function checkUnset(value: Json | undefined): void {
  if (typeof value === 'string') throw phpError('Error', 'Cannot unset string offsets')
  if (typeof value === 'number' || value === true)
    throw phpError('Error', 'Cannot unset offset in a non-array variable')
}

const phpType = (value: Json | undefined): string => {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  return typeof value === 'number' ? (Number.isInteger(value) ? 'int' : 'float') : 'array'
}

/** A parameter declared `array`. */
export function requireArray(value: Json | undefined, what: string, where = ''): JsonMap | readonly Json[] {
  if (isArray(value)) return value
  throw phpError('TypeError', `${what} must be of type array, ${phpType(value)} given${where}`)
}

/** An item that MISP takes for a row: a list is a map with numeric keys. */
export const rowOf = (value: JsonMap | readonly Json[]): JsonMap =>
  isMap(value) ? value : Object.fromEntries(Object.entries(value))

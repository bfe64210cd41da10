// How PHP reads what a module is given: offsets of values that may not be there, loops over what may be no array.
import type { Json } from '../../../contract/json.ts'
import type { RawNode } from '../../../contract/workflow.ts'
import { phpError } from '../../php/exceptions.ts'
import { at, entries, isArray, isIntegerKey } from '../../php/values.ts'

/**
 * `$value[$key]`: null where nothing is (PHP only warns); a text with a key that is no number is a TypeError.
 */
export function offset(value: Json | undefined, key: string): Json {
  if (isArray(value)) return at(value, key) ?? null
  if (typeof value !== 'string') return null
  if (!isIntegerKey(key)) throw phpError('TypeError', 'Cannot access offset of type string on string')
  return value.at(Number(key)) ?? ''
}

/** `$value[$key] ?? null`: never complains. */
export const offsetOrNull = (value: Json | undefined, key: string): Json =>
  isArray(value) ? (at(value, key) ?? null) : null

/** `foreach ($value as …)`: what is no array is skipped (PHP only warns). */
export const each = (value: Json | undefined): [string, Json][] => (isArray(value) ? entries(value) : [])

/** A node as plain data, for functions that read it as PHP does. */
export const nodeData = (node: RawNode): Json => node as unknown as Json

// Hash::combine and what it needs.
import type { Json } from '../../contract/json.ts'
import { phpException } from '../php/exceptions.ts'
import { phpString, vsprintf } from '../php/cast.ts'
import {
  at,
  count,
  expectArray,
  fromEntries,
  isArray,
  isEmpty,
  isEmptyArray,
  toArrayKey,
  values as valuesOf
} from '../php/values.ts'
import type { PhpArray } from '../php/values.ts'
import { extract } from './hash.ts'

/**
 * Hash::combine: an array of keys and values found by two paths, grouped by a third one. A list as path is a format and the paths of
 * its arguments. Throws CakeException when there are not as many values as keys.
 */
export const combine = (data: Json, keyPath: Json, valuePath: Json = null, groupPath: Json = null): PhpArray => {
  const array = expectArray(data, 'Hash::combine(): Argument #1 ($data)')
  if (isEmptyArray(array)) return []
  const keys = column(array, keyPath)
  if (keys === null || isEmptyArray(keys)) return []
  let found = isEmpty(valuePath) ? null : column(array, valuePath)
  if (found === null || isEmptyArray(found)) found = Array.from({ length: count(keys) }, () => null)
  if (count(keys) !== count(found)) {
    throw phpException('CakeException', 'Hash::combine() needs an equal number of keys + values.')
  }
  if (groupPath !== null) {
    const groups = extract(array, groupPath)
    if (!isEmptyArray(groups)) return grouped(keys, found, groups)
  }
  const list = valuesOf(found)
  // array_combine casts its keys to text first.
  return fromEntries(valuesOf(keys).map((key, i) => [phpString(key), list[i] as Json]))
}

const column = (data: PhpArray, path: Json): PhpArray | null => {
  if (!isArray(path)) return extract(data, path)
  const [format, ...paths] = valuesOf(path)
  return formatted(data, paths, format ?? null)
}

/** Hash::format. */
const formatted = (data: PhpArray, paths: readonly Json[], format: Json): PhpArray | null => {
  if (paths.length === 0) return null
  const columns = paths.map((path) => extract(data, path))
  return Array.from({ length: count(columns[0] as PhpArray) }, (_, row) => {
    const args = columns.map((found) => at(found, String(row))).filter((value) => value !== undefined)
    return vsprintf(phpString(format), args)
  })
}

const grouped = (keys: PhpArray, found: PhpArray, groups: PhpArray): PhpArray => {
  const out = new Growing<Growing<Json>>()
  for (let i = 0; i < count(keys); i++) {
    const group = toArrayKey(at(groups, String(i)) ?? 0, 'Illegal offset type in isset or empty')
    const inner = out.get(group) ?? new Growing<Json>()
    inner.set(toArrayKey(at(keys, String(i)) ?? null), at(found, String(i)) ?? null)
    out.set(group, inner)
  }
  return out.toArray((inner) => inner.toArray((value) => value))
}

/** A PHP array that grows key by key: a list for as long as each new key is the next number, as withKey has it. */
class Growing<T> {
  readonly #values = new Map<string, T>()
  #isList = true

  get(key: string): T | undefined {
    return this.#values.get(key)
  }

  set(key: string, value: T): void {
    if (!this.#values.has(key) && key !== String(this.#values.size)) this.#isList = false
    this.#values.set(key, value)
  }

  toArray(convert: (value: T) => Json): PhpArray {
    const entries = [...this.#values].map(([key, value]) => [key, convert(value)] as const)
    return this.#isList ? entries.map(([, value]) => value) : Object.fromEntries(entries)
  }
}

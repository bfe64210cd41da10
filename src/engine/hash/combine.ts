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
  values as valuesOf,
  withKey
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
  let out: PhpArray = []
  for (let i = 0; i < count(keys); i++) {
    const group = toArrayKey(at(groups, String(i)) ?? 0, 'Illegal offset type in isset or empty')
    const inner: Json = at(out, group) ?? []
    const key = toArrayKey(at(keys, String(i)) ?? null)
    out = withKey(out, group, withKey(isArray(inner) ? inner : [], key, at(found, String(i)) ?? null))
  }
  return out
}

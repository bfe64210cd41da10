// PHP's comparisons: ==, <=>, ===, and what is built on them.
import type { Json, JsonArray } from '../../contract/json.ts'
import {
  EMPTY_OBJECT,
  at,
  count,
  entries,
  filterValues,
  isArray,
  isEmpty,
  isEmptyArray,
  isList,
  isPhpInt,
  values
} from './values.ts'
import type { PhpArray } from './values.ts'
import { numberToString, parseNumeric, parseNumericPrefix } from './numbers.ts'
import { isPhp7 } from './version.ts'
import type { Numeric } from './numbers.ts'
import { zendSort } from './sort.ts'
import { phpString } from './cast.ts'

type Order = -1 | 0 | 1
const order = (a: number | bigint, b: number | bigint): Order => (a < b ? -1 : a > b ? 1 : 0)

/** strcmp() on the UTF-8 bytes, as -1, 0 or 1. */
export const compareBytes = (a: string, b: string): Order => {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    // A surrogate stands for a code point above U+FFFF, whose bytes sort after those of U+E000 to U+FFFF.
    if (x >= 0xd800 && y >= 0xd800)
      return order(x >= 0xe000 ? x - 0x2000 : x + 0x2000, y >= 0xe000 ? y - 0x2000 : y + 0x2000)
    return x < y ? -1 : 1
  }
  return order(a.length, b.length)
}

const compareNumeric = (a: Numeric, b: Numeric, text: () => Order): Order => {
  if (a.int !== null && b.int !== null) return order(a.int, b.int)
  // Both integers too big for PHP and equal as floats: PHP compares them as text.
  if (a.overflow !== 0 && a.overflow === b.overflow && a.value - b.value === 0) return text()
  if (a.int !== null && b.overflow) return b.overflow === 1 ? -1 : 1
  if (b.int !== null && a.overflow) return a.overflow
  if (a.int === null && b.int === null && a.value === b.value && !Number.isFinite(a.value)) return text()
  return order(a.value, b.value)
}

const compareStrings = (a: string, b: string): Order => {
  if (a === b) return 0
  const x = parseNumeric(a)
  const y = x && parseNumeric(b)
  return x && y ? compareNumeric(x, y, () => compareBytes(a, b)) : compareBytes(a, b)
}

/** PHP 7 takes the number that a text begins with, else 0: every text without one equals 0. */
const compareWithPrefix = (number: number, text: string): Order => {
  const prefix = parseNumericPrefix(text)
  if (prefix?.int !== undefined && prefix.int !== null && isPhpInt(number)) return order(BigInt(number), prefix.int)
  return order(number, prefix?.value ?? 0)
}

const compareNumberToString = (number: number, text: string): Order => {
  const numeric = parseNumeric(text)
  if (!numeric) return isPhp7() ? compareWithPrefix(number, text) : compareBytes(numberToString(number), text)
  if (numeric.int !== null && isPhpInt(number)) return order(BigInt(number), numeric.int)
  return order(number, numeric.value)
}

/** PHP's zend_hash_compare: by number of items, then the first array's items by key; a missing key is "uncomparable", 1. */
const compareArrays = (a: PhpArray, b: PhpArray): Order => {
  if (a === b) return 0
  const difference = order(count(a), count(b))
  if (difference !== 0) return difference
  if (isList(a) && isList(b)) {
    for (let i = 0; i < a.length; i++) {
      const result = compare(a[i] as Json, b[i] as Json)
      if (result !== 0) return result
    }
    return 0
  }
  for (const [key, value] of entries(a)) {
    const other = at(b, key)
    if (other === undefined) return 1
    const result = compare(value, other)
    if (result !== 0) return result
  }
  return 0
}

const truthy = (value: Json): number => (isEmpty(value) ? 0 : 1)

/**
 * `$a <=> $b`. Arrays that cannot be compared answer 1 whichever way round, as in PHP; `$a > $b` is therefore
 * `compare($b, $a) < 0`.
 */
export const compare = (a: Json, b: Json): Order => {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  if (typeof a === 'number' && typeof b === 'number') return order(a, b)
  if (typeof a === 'boolean' || typeof b === 'boolean') return order(truthy(a), truthy(b))
  if (a === null && typeof b === 'string') return b === '' ? 0 : -1
  if (b === null && typeof a === 'string') return a === '' ? 0 : 1
  if (a === null || b === null) return order(truthy(a), truthy(b))
  if (typeof a === 'number' && typeof b === 'string') return compareNumberToString(a, b)
  if (typeof a === 'string' && typeof b === 'number') return -compareNumberToString(b, a) as Order
  if (isArray(a) && isArray(b)) return compareArrays(a, b)
  return compareMixed(a, b)
}

/** An array or an object against something else: objects are 1 as numbers, else uncomparable; arrays are always greater. */
const compareMixed = (a: Json, b: Json): Order => {
  if (a === b) return 0
  if (a === EMPTY_OBJECT) return typeof b === 'number' ? order(1, b) : 1
  if (b === EMPTY_OBJECT) return typeof a === 'number' ? order(a, 1) : -1
  return isArray(a) ? 1 : -1
}

/** `$a == $b`. */
export const looseEquals = (a: Json, b: Json): boolean => a === b || compare(a, b) === 0

/** `$a === $b`: arrays with the same keys and values in the same order. Ints and floats are not told apart. */
export const strictEquals = (a: Json, b: Json): boolean => {
  if (a === b) return true
  if (!isArray(a) || !isArray(b) || isList(a) !== isList(b)) return false
  const x = entries(a)
  const y = entries(b)
  return (
    x.length === y.length && x.every(([key, value], i) => key === y[i]?.[0] && strictEquals(value, y[i]?.[1] as Json))
  )
}

/** `$a < $b`, `<=`, `>`, `>=` with PHP's order of operands. */
export const lessThan = (a: Json, b: Json): boolean => compare(a, b) < 0
export const lessOrEqual = (a: Json, b: Json): boolean => compare(a, b) <= 0
export const greaterThan = (a: Json, b: Json): boolean => compare(b, a) < 0
export const greaterOrEqual = (a: Json, b: Json): boolean => compare(b, a) <= 0

/** in_array(). */
export const inArray = (needle: Json, haystack: PhpArray, strict = false): boolean => {
  const list = values(haystack)
  const same = strict ? strictEquals : looseEquals
  for (let i = 0; i < list.length; i++) if (same(list[i] as Json, needle)) return true
  return false
}

/** sort(): PHP 8's stable hybrid sort with `<=>`, also where the comparisons contradict each other. */
export const sort = (array: PhpArray): JsonArray => zendSort(values(array), compare)

/** array_diff(): the first array's entries whose text is not among the others'. Keys are kept. */
export const arrayDiff = (array: PhpArray, ...others: readonly PhpArray[]): PhpArray => {
  const drop = new Set(others.flatMap((other) => values(other).map(phpString)))
  return isEmptyArray(array) || drop.size === 0 ? array : filterValues(array, (value) => !drop.has(phpString(value)))
}

/** array_unique(): compares as text, keeps the first key. */
export const arrayUnique = (array: PhpArray): PhpArray => {
  const seen = new Set<string>()
  return filterValues(array, (value) => {
    const text = phpString(value)
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
}

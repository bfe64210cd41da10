// iter(), len(), list() and `in`.
import { equal, hashKey, same, setKeys } from './compare.ts'
import { PyError, typeError, valueError } from './errors.ts'
import { KEPT_STEPS, PAIR_STEPS, checkItems, claimItems, claimScan, tick } from './limits.ts'
import { asInt } from './numbers.ts'
import { latin1, lengthOf } from './text.ts'
import type { PyDict } from './values.ts'
import {
  DONE,
  PyFloat,
  PyIter,
  PyTuple,
  isObject,
  textOf,
  typeName,
  type Next,
  type Py,
  type PyList,
  type PyRange,
  type PyView
} from './values.ts'

function notIterable(value: Py): PyError {
  return typeError(`'${typeName(value)}' object is not iterable`)
}

/** iter(value), as a function that gives the next item or DONE. Every item costs one step. */
export function iterate(value: Py): Next {
  const next = tryIterate(value)
  if (next === undefined) throw notIterable(value)
  return next
}

export function tryIterate(value: Py): Next | undefined {
  const text = textOf(value)
  if (text !== undefined) return overText(text)
  if (!isObject(value)) return undefined
  switch (value.kind) {
    case 'list':
      return overList(value)
    case 'tuple':
      return overItems(value.items)
    case 'dict':
      return overDict(value, () => value.keys())
    case 'view':
      return overView(value)
    case 'set':
      return overItems([...value.map.values()])
    case 'range':
      return overRange(value)
    case 'iter':
      return value.next
    case 'undefined':
      return () => DONE
    case 'bytes':
      return overItems(Array.from(value.data))
    case 'special':
      return value.iterate()
    default:
      return undefined
  }
}

function overText(text: string): Next {
  const points = text[Symbol.iterator]()
  return () => {
    tick()
    const step = points.next()
    return step.done === true ? DONE : step.value
  }
}

function overItems(items: readonly Py[]): Next {
  let index = 0
  return () => {
    tick()
    return index < items.length ? (items[index++] as Py) : DONE
  }
}

// Live, as Python's: what is appended while looping is reached, and an exhausted iterator stays exhausted.
function overList(list: PyList): Next {
  let index = 0
  return () => {
    tick()
    if (index >= 0 && index < list.length) return list.items[index++] as Py
    index = -1
    return DONE
  }
}

function overDict(dict: PyDict, read: () => readonly Py[]): Next {
  const items = read()
  const size = dict.size
  let index = 0
  return () => {
    tick()
    if (dict.size !== size) throw new PyError('RuntimeError', 'dictionary changed size during iteration')
    return index < items.length ? (items[index++] as Py) : DONE
  }
}

function overView(view: PyView): Next {
  const dict = view.dict
  if (view.of === 'keys') return overDict(dict, () => dict.keys())
  if (view.of === 'values') return overDict(dict, () => dict.values())
  const keys = dict.keys()
  const values = dict.values()
  let index = 0
  return () => {
    tick(PAIR_STEPS)
    if (dict.size !== keys.length) throw new PyError('RuntimeError', 'dictionary changed size during iteration')
    if (index >= keys.length) return DONE
    return new PyTuple([keys[index] as Py, values[index++] as Py])
  }
}

function overRange(range: PyRange): Next {
  let index = 0
  return () => {
    tick()
    return index < range.length ? range.at(index++) : DONE
  }
}

/** list(value) as an array of its own. */
export function toArray(value: Py): Py[] {
  if (isObject(value)) {
    if (value.kind === 'list' || value.kind === 'tuple') {
      claimItems(value.items.length)
      return value.items.slice()
    }
    if (value.kind === 'range') claimItems(value.length)
  }
  return drain(iterate(value))
}

function drain(next: Next): Py[] {
  const items: Py[] = []
  for (let item = next(); item !== DONE; item = next()) {
    items.push(item)
    tick(KEPT_STEPS)
    if ((items.length & 1023) === 0) checkItems(items.length)
  }
  return items
}

/** len(value) */
export function size(value: Py): number {
  const known = trySize(value)
  if (known === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`)
  return known
}

export function trySize(value: Py): number | undefined {
  const text = textOf(value)
  if (text !== undefined) return lengthOf(text)
  if (!isObject(value)) return undefined
  switch (value.kind) {
    case 'list':
    case 'range':
      return value.length
    case 'tuple':
      return value.items.length
    case 'dict':
      return value.size
    case 'view':
      return value.dict.size
    case 'set':
      return value.map.size
    case 'bytes':
      return value.data.length
    case 'undefined':
      return 0
    case 'special':
      return value.size()
    default:
      return undefined
  }
}

/** needle in haystack */
export function contains(haystack: Py, needle: Py): boolean {
  const text = textOf(haystack)
  if (text !== undefined) {
    const part = textOf(needle)
    claimScan(text.length)
    if (part !== undefined) return text.includes(part)
    throw typeError(`'in <string>' requires string as left operand, not ${typeName(needle)}`)
  }
  if (isObject(haystack)) {
    if (haystack.kind === 'dict') return haystack.get(hashKey(needle)) !== undefined
    if (haystack.kind === 'set') return haystack.map.has(hashKey(needle))
    if (haystack.kind === 'view' && haystack.of === 'keys') return haystack.dict.get(hashKey(needle)) !== undefined
    if (haystack.kind === 'view' && haystack.of === 'items') {
      return isObject(needle) && needle.kind === 'tuple' && (setKeys(haystack)?.has(hashKey(needle)) ?? false)
    }
    if (haystack.kind === 'range') return rangeHas(haystack, needle)
    if (haystack.kind === 'bytes') return bytesHave(haystack.data, needle)
  }
  const next = tryIterate(haystack)
  if (next === undefined) throw typeError(`argument of type '${typeName(haystack)}' is not iterable`)
  for (let item = next(); item !== DONE; item = next()) if (same(needle, item)) return true
  return false
}

function bytesHave(data: Uint8Array, needle: Py): boolean {
  const byte = asInt(needle)
  if (byte !== undefined) {
    if (byte < 0 || byte > 255) throw new PyError('ValueError', 'byte must be in range(0, 256)')
    return data.includes(Number(byte))
  }
  if (isObject(needle) && needle.kind === 'bytes') {
    return latin1(data).includes(latin1(needle.data))
  }
  throw typeError(`a bytes-like object is required, not '${typeName(needle)}'`)
}

export function rangeIndex(range: PyRange, value: Py): number {
  const number = value instanceof PyFloat ? value.value : asInt(value)
  if (number === undefined) return -1
  const offset = (Number(number) - range.start) / range.step
  return Number.isInteger(offset) && offset >= 0 && offset < range.length && equal(range.at(offset), value)
    ? offset
    : -1
}

function rangeHas(range: PyRange, needle: Py): boolean {
  return rangeIndex(range, needle) >= 0
}

/** A lazily run generator, as Python's filters return them; `name` is what its repr shows. */
export function generator(name: string, steps: Generator<Py, void, undefined>): PyIter {
  return new PyIter(
    'generator',
    () => {
      const step = steps.next()
      return step.done === true ? DONE : step.value
    },
    name
  )
}

/** Items of any iterable for `for … of` inside a generator. */
export function* each(value: Py): Generator<Py, void, undefined> {
  const next = iterate(value)
  for (let item = next(); item !== DONE; item = next()) yield item
}

/** Exactly `count` items of value, or Python's error. */
export function unpack(value: Py, count: number): Py[] {
  const next = tryIterate(value)
  if (next === undefined) throw typeError(`cannot unpack non-iterable ${typeName(value)} object`)
  const items: Py[] = []
  for (let item = next(); item !== DONE; item = next()) {
    if (items.length === count) throw valueError(`too many values to unpack (expected ${count})`)
    items.push(item)
  }
  if (items.length < count) {
    throw valueError(`not enough values to unpack (expected ${count}, got ${items.length})`)
  }
  return items
}

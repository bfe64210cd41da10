// Equality, hashing, truth and ordering of Python values.
import { PyError, recursionError, typeError } from './errors.ts'
import { claimScan, claimText, enterFrames, leaveFrames, tick } from './limits.ts'
import { shortRepr } from './repr.ts'
import { compareText } from './text.ts'
import {
  PyTuple,
  isObject,
  normalInt,
  textOf,
  typeName,
  undefinedMessage,
  type HashKey,
  type Py,
  type PyDict,
  type PyObject,
  type PySet,
  type PyView,
  type Undefined
} from './values.ts'

export function undefinedError(value: Undefined): PyError {
  return new PyError(value.exception, undefinedMessage(value, shortRepr))
}

/** bool(value) */
export function truth(value: Py): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return value !== ''
  if (value === null) return false
  if (typeof value === 'number' || typeof value === 'bigint') return value != 0
  switch (value.kind) {
    case 'float':
      return value.value !== 0
    case 'markup':
      return value.text !== ''
    case 'undefined':
      return false
    case 'list':
    case 'range':
      return value.length > 0
    case 'tuple':
      return value.items.length > 0
    case 'dict':
      return value.size > 0
    case 'set':
      return value.map.size > 0
    case 'view':
      return value.dict.size > 0
    case 'bytes':
      return value.data.length > 0
    case 'special':
      return value.size() !== 0
    default:
      return true
  }
}

/** A number for comparing; NaN compares unequal to everything by itself. */
function numberOf(value: Py): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  return isObject(value) && value.kind === 'float' ? value.value : undefined
}

/** left == right */
export function equal(left: Py, right: Py): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length === right.length) claimScan(left.length)
    return left === right
  }
  if (left === right) return !(isObject(left) && left.kind === 'float' && Number.isNaN(left.value))
  const a = numberOf(left)
  if (a !== undefined) {
    const b = numberOf(right)
    return b !== undefined && a == b
  }
  const text = textOf(left)
  if (text !== undefined) return text === textOf(right)
  if (!isObject(left) || !isObject(right)) return false
  return equalObjects(left, right)
}

// In containers Python compares identity first: a NaN is found in the list that holds it.
export function same(left: Py, right: Py): boolean {
  return left === right || equal(left, right)
}

function equalObjects(left: PyObject, right: PyObject): boolean {
  tick()
  if (!enterFrames(1)) throw recursionError()
  const result = equalByKind(left, right)
  leaveFrames(1)
  return result
}

function equalByKind(left: PyObject, right: PyObject): boolean {
  if (left.kind === 'list' && right.kind === 'list') return equalItems(left.items, right.items)
  if (left.kind === 'tuple' && right.kind === 'tuple') return equalItems(left.items, right.items)
  if (left.kind === 'dict' && right.kind === 'dict') return equalDicts(left, right)
  if (left.kind === 'undefined') return right.kind === 'undefined'
  if (left.kind === 'range' && right.kind === 'range') {
    if (left.length !== right.length || left.length === 0) return left.length === right.length
    return left.start === right.start && (left.length === 1 || left.step === right.step)
  }
  if (left.kind === 'bytes' && right.kind === 'bytes') {
    return left.data.length === right.data.length && left.data.every((byte, index) => byte === right.data[index])
  }
  if (left.kind === 'function' && right.kind === 'function') {
    return left.owner !== undefined && left.owner === right.owner && left.name === right.name
  }
  const a = setKeys(left)
  const b = setKeys(right)
  if (a !== undefined && b !== undefined) return a.size === b.size && [...a.keys()].every((key) => b.has(key))
  return false
}

/** The members of what Python treats as a set: sets, dict.keys() and dict.items(). */
export function setKeys(value: PyObject): Map<HashKey, Py> | undefined {
  if (value.kind === 'set') return value.map
  if (value.kind !== 'view' || value.of === 'values') return undefined
  return keyedMembers(viewMembers(value))
}

function viewMembers(view: PyView): Py[] {
  if (view.of === 'keys') return [...view.dict.keys()]
  if (view.of === 'values') return view.dict.values()
  const values = view.dict.values()
  return view.dict.keys().map((key, index) => new PyTuple([key, values[index] as Py]))
}

export function keyedMembers(members: readonly Py[]): Map<HashKey, Py> {
  const map = new Map<HashKey, Py>()
  for (const member of members) {
    const key = hashKey(member)
    if (!map.has(key)) map.set(key, member)
  }
  return map
}

function equalItems(left: readonly Py[], right: readonly Py[]): boolean {
  if (left.length !== right.length) return false
  for (let index = 0; index < left.length; index++) {
    if (!same(left[index] as Py, right[index] as Py)) return false
  }
  return true
}

function equalDicts(left: PyDict, right: PyDict): boolean {
  if (left.size !== right.size) return false
  const values = left.values()
  return left.keys().every((key, index) => {
    const other = right.get(hashKey(key))
    return other !== undefined && same(values[index] as Py, other)
  })
}

const UNDEFINED_KEY: object = {}
// A tuple hashes by its members; the prefix holds lone surrogates, which no text that can be printed contains.
const TUPLE_PREFIX = '\udc00\udc01tuple:'

/** What a dict looks a key up by; throws TypeError for unhashable values. */
export function hashKey(value: Py): HashKey {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value === null) {
    return value
  }
  if (typeof value === 'boolean') return value ? 1 : 0
  switch (value.kind) {
    case 'float':
      return floatKey(value.value, value)
    case 'markup':
      return value.text
    case 'undefined':
      return UNDEFINED_KEY
    case 'list':
    case 'dict':
    case 'set':
      throw typeError(`unhashable type: '${typeName(value)}'`)
    case 'tuple':
      return tupleKey(value)
    case 'bytes':
      return `\udc00\udc03bytes:${Array.from(value.data).join()}`
    case 'range':
      return `\udc00\udc04range:${value.length}:${value.length > 0 ? value.start : ''}:${value.length > 1 ? value.step : ''}`
    case 'view':
      if (value.of === 'values') return value
      throw typeError(`unhashable type: '${typeName(value)}'`)
    default:
      return value
  }
}

function tupleKey(value: PyTuple): HashKey {
  if (!enterFrames(1)) throw recursionError()
  const key = TUPLE_PREFIX + value.items.map((item) => keyText(hashKey(item))).join('\udc02')
  leaveFrames(1)
  claimText(key.length)
  return key
}

function floatKey(value: number, object: object): HashKey {
  if (Number.isNaN(value)) return object
  if (!Number.isInteger(value)) return value
  return Number.isSafeInteger(value) ? value + 0 : normalInt(BigInt(value))
}

const objectIds = new WeakMap<object, number>()
let lastObjectId = 0

function keyText(key: HashKey): string {
  if (key === null) return 'n'
  if (typeof key === 'string') return `s${key.length}:${key}`
  if (typeof key !== 'object') return `i${String(key)}`
  let id = objectIds.get(key)
  if (id === undefined) {
    id = ++lastObjectId
    objectIds.set(key, id)
  }
  return `o${id}`
}

export type Order = '<' | '<=' | '>' | '>='

/** left < right and the like; throws TypeError for what Python does not order. */
export function ordered(order: Order, left: Py, right: Py): boolean {
  tick()
  const a = numberOf(left)
  const b = numberOf(right)
  if (a !== undefined && b !== undefined) return byOrder(order, a, b)
  const textA = textOf(left)
  const textB = textOf(right)
  if (textA !== undefined && textB !== undefined) return byOrder(order, compareText(textA, textB), 0)
  if (isObject(left) && left.kind === 'undefined') throw undefinedError(left)
  if (isObject(right) && right.kind === 'undefined') throw undefinedError(right)
  if (isObject(left) && isObject(right)) {
    const result = orderedObjects(order, left, right)
    if (result !== undefined) return result
  }
  throw typeError(`'${order}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`)
}

function byOrder(order: Order, a: number | bigint, b: number | bigint): boolean {
  switch (order) {
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}

function orderedObjects(order: Order, left: PyObject, right: PyObject): boolean | undefined {
  if ((left.kind === 'list' && right.kind === 'list') || (left.kind === 'tuple' && right.kind === 'tuple')) {
    return orderedItems(order, left.items, right.items)
  }
  if (left.kind === 'bytes' && right.kind === 'bytes') {
    return orderedItems(order, Array.from(left.data), Array.from(right.data))
  }
  const a = setKeys(left)
  const b = setKeys(right)
  if (a === undefined || b === undefined) return undefined
  return orderedSets(order, a, b)
}

function orderedSets(order: Order, a: PySet['map'], b: PySet['map']): boolean {
  const [small, large] = order.startsWith('<') ? [a, b] : [b, a]
  if (order.length === 1 && small.size === large.size) return false
  return [...small.keys()].every((key) => large.has(key))
}

function orderedItems(order: Order, left: readonly Py[], right: readonly Py[]): boolean {
  if (!enterFrames(1)) throw recursionError()
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const a = left[index] as Py
    const b = right[index] as Py
    if (same(a, b)) continue
    const result = ordered(order, a, b)
    leaveFrames(1)
    return result
  }
  leaveFrames(1)
  return byOrder(order, left.length, right.length)
}

/** sorted(): stable, with `<` only, as Python compares. Keys are computed once, in order. */
export function sortByKeys(items: readonly Py[], keys: readonly Py[], reverse: boolean): Py[] {
  const order = items.map((_, index) => index)
  // Python reverses before and after, so equal items keep their order in a reversed sort too.
  const compare = (a: number, b: number): number => {
    const x = keys[a] as Py
    const y = keys[b] as Py
    if (typeof x === 'string' && typeof y === 'string') {
      tick()
      return compareText(x, y)
    }
    if (ordered('<', x, y)) return -1
    return ordered('<', y, x) ? 1 : 0
  }
  if (order.length === 1) return [...items]
  order.sort(reverse ? (a, b) => compare(b, a) : compare)
  return order.map((index) => items[index] as Py)
}

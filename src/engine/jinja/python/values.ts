// Python's values. None, bool and str are JSON's; an int is a safe integer or, beyond that, a bigint; everything else is
// one of the classes below. A JSON number is never a Python float by itself: floats are PyFloat, always.
import type { Json, JsonArray, JsonMap } from '../../../contract/json.ts'
import { PyError } from './errors.ts'
import { KEPT_STEPS, checkItems, tick } from './limits.ts'

export type Py = null | boolean | number | bigint | string | PyObject
export type PyObject =
  | PyFloat
  | PyList
  | PyTuple
  | PyDict
  | PySet
  | Markup
  | Undefined
  | PyBytes
  | PyRange
  | PyView
  | PyIter
  | PyFunction
  | PySpecial

export const DONE: unique symbol = Symbol('done')
/** One step of an iterator. */
export type Next = () => Py | typeof DONE

export type Kwargs = Map<string, Py>
export type Call = (args: readonly Py[], kwargs: Kwargs) => Py
export const NO_KWARGS: Kwargs = new Map()

export class PyFloat {
  readonly kind = 'float'
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** A str that is safe to print in HTML (markupsafe.Markup, a subclass of str). */
export class Markup {
  readonly kind = 'markup'
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export class PyBytes {
  readonly kind = 'bytes'
  readonly data: Uint8Array
  constructor(data: Uint8Array) {
    this.data = data
  }
}

/** A list; over JSON data it wraps its items when they are first asked for, one level at a time. */
export class PyList {
  readonly kind = 'list'
  #raw: JsonArray | null
  #items: Py[]
  constructor(items: Py[], raw: JsonArray | null = null) {
    this.#items = items
    this.#raw = raw
  }
  get length(): number {
    return this.#raw === null ? this.#items.length : this.#raw.length
  }
  get items(): Py[] {
    if (this.#raw !== null) {
      const raw = this.#raw
      this.#raw = null
      this.#items = raw.map(fromJson)
    }
    return this.#items
  }
  replace(items: Py[]): void {
    this.#raw = null
    this.#items = items
  }
}

/** A tuple; `names` are the field names of a named tuple (groupby's). */
export class PyTuple {
  readonly kind = 'tuple'
  readonly items: readonly Py[]
  readonly names: readonly string[] | null
  constructor(items: readonly Py[], names: readonly string[] | null = null) {
    this.items = items
    this.names = names
  }
}

/** What a key is compared by: equal keys of Python give equal HashKeys. */
export type HashKey = string | number | bigint | null | object

export interface Entry {
  readonly key: Py
  value: Py
}

/** A dict; over JSON data it reads the object itself until something is written. */
export class PyDict {
  readonly kind = 'dict'
  #raw: JsonMap | null
  #rawKeys: readonly string[] | null = null
  #wrapped: Map<string, Py> | null = null
  #map: Map<HashKey, Entry> | null
  constructor(raw: JsonMap | null = null) {
    this.#raw = raw
    this.#map = raw === null ? new Map() : null
  }
  /** Entries for writing; turns a view of JSON data into a dict of its own. */
  get map(): Map<HashKey, Entry> {
    if (this.#map === null) {
      const map = new Map<HashKey, Entry>()
      for (const key of this.#keysOfRaw()) map.set(key, { key, value: this.text(key) ?? null })
      this.#map = map
      this.#raw = null
      this.#wrapped = null
    }
    return this.#map
  }
  get size(): number {
    return this.#map === null ? this.#keysOfRaw().length : this.#map.size
  }
  #keysOfRaw(): readonly string[] {
    this.#rawKeys ??= Object.keys(this.#raw ?? {})
    return this.#rawKeys
  }
  /** The value under a str key. */
  text(key: string): Py | undefined {
    if (this.#map !== null) return this.#map.get(key)?.value
    const raw = this.#raw as JsonMap
    if (!Object.hasOwn(raw, key)) return undefined
    const value = raw[key] as Json
    if (typeof value === 'string' || value === null || typeof value === 'boolean') return value
    // Two reads of one path must give one Python object, so wrapped values are kept.
    const known = this.#wrapped?.get(key)
    if (known !== undefined) return known
    const fresh = fromJson(value)
    this.#wrapped ??= new Map()
    this.#wrapped.set(key, fresh)
    return fresh
  }
  get(key: HashKey): Py | undefined {
    if (this.#map !== null) return this.#map.get(key)?.value
    return typeof key === 'string' ? this.text(key) : undefined
  }
  set(hash: HashKey, key: Py, value: Py): void {
    const found = this.map.get(hash)
    if (found !== undefined) found.value = value
    else {
      this.map.set(hash, { key, value })
      tick(KEPT_STEPS)
      if ((this.map.size & 1023) === 0) checkItems(this.map.size)
    }
  }
  keys(): readonly Py[] {
    return this.#map === null ? this.#keysOfRaw() : Array.from(this.#map.values(), (entry) => entry.key)
  }
  values(): Py[] {
    if (this.#map !== null) return Array.from(this.#map.values(), (entry) => entry.value)
    return this.#keysOfRaw().map((key) => this.text(key) as Py)
  }
}

export class PySet {
  readonly kind = 'set'
  readonly map: Map<HashKey, Py>
  constructor(map: Map<HashKey, Py>) {
    this.map = map
  }
}

/** jinja2.runtime.Undefined: prints nothing, is false and empty, and fails with `exception` when it is used. */
export class Undefined {
  readonly kind = 'undefined'
  readonly hint: string | null
  readonly owner: Py | undefined
  readonly name: Py
  readonly exception: string
  constructor(name: Py, owner?: Py, hint: string | null = null, exception = 'UndefinedError') {
    this.name = name
    this.owner = owner
    this.hint = hint
    this.exception = exception
  }
}

export class PyRange {
  readonly kind = 'range'
  readonly start: number
  readonly stop: number
  readonly step: number
  readonly length: number
  constructor(start: number, stop: number, step: number) {
    this.start = start
    this.stop = stop
    this.step = step
    const span = step > 0 ? stop - start : start - stop
    this.length = span <= 0 ? 0 : Math.floor((span - 1) / Math.abs(step)) + 1
  }
  at(index: number): number {
    return this.start + index * this.step
  }
}

/** dict.keys(), dict.values(), dict.items(). */
export class PyView {
  readonly kind = 'view'
  readonly dict: PyDict
  readonly of: 'keys' | 'values' | 'items'
  constructor(dict: PyDict, of: 'keys' | 'values' | 'items') {
    this.dict = dict
    this.of = of
  }
}

/** An iterator that is consumed once: a generator of a filter, reversed(), cycle of a view. */
export class PyIter {
  readonly kind = 'iter'
  readonly typeName: string
  readonly label: string
  next: Next
  constructor(typeName: string, next: Next, label = '') {
    this.typeName = typeName
    this.next = next
    this.label = label
  }
}

export class PyFunction {
  readonly kind = 'function'
  readonly name: string
  readonly typeName: 'function' | 'builtin_function_or_method' | 'type' | 'method'
  readonly call: Call
  /** What a bound method belongs to, or the module-like text of a class. */
  readonly owner: Py | undefined
  readonly members: ReadonlyMap<string, Py> | null
  constructor(
    name: string,
    typeName: PyFunction['typeName'],
    call: Call,
    owner?: Py,
    members: ReadonlyMap<string, Py> | null = null
  ) {
    this.name = name
    this.typeName = typeName
    this.call = call
    this.owner = owner
    this.members = members
  }
}

/** Objects of Jinja's own classes: loop, macros, namespaces, cyclers, joiners, self. */
export abstract class PySpecial {
  readonly kind = 'special'
  abstract readonly typeName: string
  abstract readonly module: string
  /** Attributes that begin with an underscore and exist, as far as the sandbox tells them from missing ones. */
  readonly hidden: readonly string[] = []
  abstract attribute(name: string): Py | undefined
  abstract repr(): string
  item(_key: Py): Py | undefined {
    return undefined
  }
  call: Call | null = null
  size(): number | undefined {
    return undefined
  }
  iterate(): Next | undefined {
    return undefined
  }
}

/** A Python value over JSON data. Arrays and objects are wrapped, not copied. */
export function fromJson(value: Json): Py {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return fromJsonNumber(value)
  if (Array.isArray(value)) return new PyList([], value as JsonArray)
  return new PyDict(value as JsonMap)
}

// JSON of PHP writes whole floats below 1e15 as integers and larger ones with an exponent, so the size tells them apart.
function fromJsonNumber(value: number): Py {
  if (!Number.isInteger(value) || Object.is(value, -0)) return new PyFloat(value)
  if (Number.isSafeInteger(value)) return value
  return Math.abs(value) < 9.3e18 ? BigInt(value) : new PyFloat(value)
}

/** The text of a str or Markup. */
export function textOf(value: Py): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof Markup ? value.text : undefined
}

export function isObject(value: Py): value is PyObject {
  return typeof value === 'object' && value !== null
}

export function isIntLike(value: Py): value is number | bigint | boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
}

const SMALL_MAX = BigInt(Number.MAX_SAFE_INTEGER)

/** An int in its one form: number when safe, bigint beyond. */
export function normalInt(value: bigint): number | bigint {
  return value <= SMALL_MAX && value >= -SMALL_MAX ? Number(value) : value
}

/** type(value).__name__ */
export function typeName(value: Py): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'string') return 'str'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number' || typeof value === 'bigint') return 'int'
  switch (value.kind) {
    case 'markup':
      return 'Markup'
    case 'undefined':
      return 'Undefined'
    case 'tuple':
      return value.names === null ? 'tuple' : '_GroupTuple'
    case 'view':
      return `dict_${value.of}`
    case 'iter':
    case 'function':
    case 'special':
      return value.typeName
    default:
      return value.kind
  }
}

/** How Undefined messages name a value: builtins by class, Jinja's own classes with their module. */
function objectTypeRepr(value: Py): string {
  if (value === null) return 'None'
  if (isObject(value)) {
    if (value.kind === 'special') return `${value.module}.${value.typeName} object`
    if (value.kind === 'markup') return 'markupsafe.Markup object'
    if (value.kind === 'undefined') return 'jinja2.runtime.Undefined object'
    if (value.kind === 'tuple' && value.names !== null) return 'jinja2.filters._GroupTuple object'
  }
  return `${typeName(value)} object`
}

export function undefinedMessage(value: Undefined, repr: (value: Py) => string): string {
  if (value.hint !== null && value.hint !== '') return value.hint
  if (value.owner === undefined) return `${repr(value.name)} is undefined`
  const owner = objectTypeRepr(value.owner)
  if (typeof value.name !== 'string') return `${owner} has no element ${repr(value.name)}`
  return `${repr(owner)} has no attribute ${repr(value.name)}`
}

export function stopIteration(): PyError {
  return new PyError('StopIteration', '')
}

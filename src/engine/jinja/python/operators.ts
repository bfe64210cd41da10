// Arithmetic, concatenation and subscripts.
import { keyedMembers, setKeys, undefinedError } from './compare.ts'
import { PyError, typeError } from './errors.ts'
import { toArray } from './iterate.ts'
import { claimBits, claimItems, claimJoined, claimText } from './limits.ts'
import { asDouble, asInt, bitLength, powFloat, powInt } from './numbers.ts'
import { formatPercent } from './percent-format.ts'
import { str } from './repr.ts'
import { escapeHtml } from './text.ts'
import {
  Markup,
  PyBytes,
  PyFloat,
  PyList,
  PySet,
  PyTuple,
  Undefined,
  isObject,
  normalInt,
  textOf,
  typeName,
  type Py
} from './values.ts'

function failUndefined(left: Py, right: Py): void {
  if (left instanceof Undefined) throw undefinedError(left)
  if (right instanceof Undefined) throw undefinedError(right)
}

function unsupported(sign: string, left: Py, right: Py): PyError {
  return typeError(`unsupported operand type(s) for ${sign}: '${typeName(left)}' and '${typeName(right)}'`)
}

/** markupsafe.escape(value) */
export function escapeValue(value: Py): Markup {
  if (typeof value === 'string') return new Markup(escapeHtml(value))
  return value instanceof Markup ? value : new Markup(escapeHtml(str(value)))
}

function concatText(left: Py, right: Py): Py | undefined {
  const a = textOf(left)
  const b = textOf(right)
  if (a === undefined || b === undefined) return undefined
  claimJoined(a.length + b.length, Math.max(a.length, b.length))
  if (typeof left === 'string' && typeof right === 'string') return a + b
  return new Markup(escapeValue(left).text + escapeValue(right).text)
}

/** left + right; `sign` is += where Python's own message says so. */
export function add(left: Py, right: Py, sign = '+'): Py {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right
    return Number.isSafeInteger(sum) ? sum : normalInt(BigInt(left) + BigInt(right))
  }
  const text = concatText(left, right)
  if (text !== undefined) return text
  const result = arithmetic(
    left,
    right,
    (a, b) => a + b,
    (a, b) => a + b
  )
  if (result !== undefined) return result
  failUndefined(left, right)
  return addSequences(left, right, sign)
}

function addSequences(left: Py, right: Py, sign: string): Py {
  if (left instanceof PyList && right instanceof PyList) {
    claimItems(left.length + right.length)
    return new PyList(left.items.concat(right.items))
  }
  if (left instanceof PyTuple && right instanceof PyTuple) {
    claimItems(left.items.length + right.items.length)
    return new PyTuple(left.items.concat(right.items))
  }
  if (left instanceof PyBytes && right instanceof PyBytes) {
    claimText(left.data.length + right.data.length)
    return new PyBytes(Uint8Array.from([...left.data, ...right.data]))
  }
  const name = sequenceName(left)
  if (name !== undefined && !(left instanceof Markup)) {
    const other = typeName(right)
    throw typeError(`can only concatenate ${name} (not "${other}") to ${name}`)
  }
  throw unsupported(sign, left, right)
}

function sequenceName(value: Py): string | undefined {
  if (typeof value === 'string') return 'str'
  if (value instanceof PyList) return 'list'
  return value instanceof PyTuple ? 'tuple' : undefined
}

function arithmetic(
  left: Py,
  right: Py,
  ints: (a: bigint, b: bigint) => bigint,
  floats: (a: number, b: number) => number
): Py | undefined {
  const a = asInt(left)
  const b = asInt(right)
  if (a !== undefined && b !== undefined) {
    const x = BigInt(a)
    const y = BigInt(b)
    if (typeof a === 'bigint' || typeof b === 'bigint') claimBits(bitLength(x) + bitLength(y))
    return normalInt(ints(x, y))
  }
  const x = asDouble(left)
  const y = x === undefined ? undefined : asDouble(right)
  return x === undefined || y === undefined ? undefined : new PyFloat(floats(x, y))
}

export function subtract(left: Py, right: Py): Py {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right
    return Number.isSafeInteger(difference) ? difference : normalInt(BigInt(left) - BigInt(right))
  }
  const result = arithmetic(
    left,
    right,
    (a, b) => a - b,
    (a, b) => a - b
  )
  if (result !== undefined) return result
  failUndefined(left, right)
  return subtractSets(left, right)
}

function subtractSets(left: Py, right: Py): Py {
  const a = isObject(left) ? setKeys(left) : undefined
  if (a === undefined || !isObject(left)) throw unsupported('-', left, right)
  const other = isObject(right) ? setKeys(right) : undefined
  if (left.kind === 'set' && other === undefined) throw unsupported('-', left, right)
  const rest = new Map(a)
  if (other !== undefined) for (const key of other.keys()) rest.delete(key)
  else for (const key of keyedMembers(toArray(right)).keys()) rest.delete(key)
  return new PySet(rest)
}

export function multiply(left: Py, right: Py): Py {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right
    if (Number.isSafeInteger(product)) return product + 0
    return normalInt(BigInt(left) * BigInt(right))
  }
  const result = arithmetic(
    left,
    right,
    (a, b) => a * b,
    (a, b) => a * b
  )
  if (result !== undefined) return result
  failUndefined(left, right)
  const count = asInt(right)
  if (count !== undefined && isSequence(left)) return repeat(left, count)
  const before = asInt(left)
  if (before !== undefined && isSequence(right)) return repeat(right, before)
  if (isSequence(left)) throw typeError(`can't multiply sequence by non-int of type '${typeName(right)}'`)
  if (isSequence(right)) throw typeError(`can't multiply sequence by non-int of type '${typeName(left)}'`)
  throw unsupported('*', left, right)
}

function isSequence(value: Py): boolean {
  if (textOf(value) !== undefined) return true
  return value instanceof PyList || value instanceof PyTuple || value instanceof PyBytes
}

function repeat(value: Py, by: number | bigint): Py {
  if (typeof by === 'bigint' && BigInt.asIntN(64, by) !== by) {
    throw new PyError('OverflowError', "cannot fit 'int' into an index-sized integer")
  }
  const times = by > 0 ? Number(by) : 0
  const text = textOf(value)
  if (text !== undefined) {
    claimText(text.length * times)
    const repeated = text === '' ? '' : text.repeat(times)
    return typeof value === 'string' ? repeated : new Markup(repeated)
  }
  if (value instanceof PyBytes) {
    claimText(value.data.length * times)
    const data = new Uint8Array(value.data.length * times)
    for (let index = 0; index < times; index++) data.set(value.data, index * value.data.length)
    return new PyBytes(data)
  }
  const items = value instanceof PyList || value instanceof PyTuple ? value.items : []
  claimItems(items.length * times)
  const repeated: Py[] = []
  if (items.length > 0) for (let index = 0; index < times; index++) for (const item of items) repeated.push(item)
  return value instanceof PyList ? new PyList(repeated) : new PyTuple(repeated)
}

/** left / right: always a float. */
export function divide(left: Py, right: Py): Py {
  const a = asInt(left)
  const b = asInt(right)
  if (a !== undefined && b !== undefined) {
    if (b == 0) throw new PyError('ZeroDivisionError', 'division by zero')
    return new PyFloat(divideInts(a, b))
  }
  const x = asDouble(left)
  const y = x === undefined ? undefined : asDouble(right)
  if (x !== undefined && y !== undefined) {
    if (y === 0) throw new PyError('ZeroDivisionError', 'float division by zero')
    return new PyFloat(x / y)
  }
  failUndefined(left, right)
  throw unsupported('/', left, right)
}

function divideInts(a: number | bigint, b: number | bigint): number {
  if (typeof a === 'number' && typeof b === 'number') return a / b
  const x = Number(a)
  const y = Number(b)
  if (Number.isFinite(x) && Number.isFinite(y)) return x / y
  const scaled = Number((BigInt(a) * (1n << 64n)) / BigInt(b)) / 2 ** 64
  if (!Number.isFinite(scaled)) throw new PyError('OverflowError', 'integer division result too large for a float')
  return scaled
}

export function floorDivide(left: Py, right: Py): Py {
  const a = asInt(left)
  const b = asInt(right)
  if (a !== undefined && b !== undefined) {
    if (b == 0) throw new PyError('ZeroDivisionError', 'integer division or modulo by zero')
    return floorInts(a, b)
  }
  const x = asDouble(left)
  const y = x === undefined ? undefined : asDouble(right)
  if (x !== undefined && y !== undefined) {
    if (y === 0) throw new PyError('ZeroDivisionError', 'float floor division by zero')
    return new PyFloat(floorFloats(x, y))
  }
  failUndefined(left, right)
  throw unsupported('//', left, right)
}

function floorInts(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const quotient = (a - moduloNumbers(a, b)) / b
    return quotient + 0
  }
  const x = BigInt(a)
  const y = BigInt(b)
  const quotient = x / y
  return normalInt(x % y !== 0n && x < 0n !== y < 0n ? quotient - 1n : quotient)
}

function floorFloats(x: number, y: number): number {
  if (!Number.isFinite(x)) return NaN
  const remainder = moduloNumbers(x, y)
  const quotient = (x - remainder) / y
  if (quotient === 0) return x / y < 0 || Object.is(x / y, -0) ? -0 : 0
  const floored = Math.floor(quotient)
  return quotient - floored > 0.5 ? floored + 1 : floored
}

// Python's remainder has the sign of the divisor.
function moduloNumbers(a: number, b: number): number {
  const remainder = a % b
  if (remainder === 0) return b < 0 ? -0 : 0
  return remainder < 0 !== b < 0 ? remainder + b : remainder
}

export function modulo(left: Py, right: Py): Py {
  const text = textOf(left)
  if (text !== undefined) return formatPercent(left as string | Markup, right)
  const a = asInt(left)
  const b = asInt(right)
  if (a !== undefined && b !== undefined) {
    if (b == 0) throw new PyError('ZeroDivisionError', 'integer modulo by zero')
    if (typeof a === 'number' && typeof b === 'number') return moduloNumbers(a, b) + 0
    const remainder = BigInt(a) % BigInt(b)
    return normalInt(remainder !== 0n && remainder < 0n !== b < 0 ? remainder + BigInt(b) : remainder)
  }
  const x = asDouble(left)
  const y = x === undefined ? undefined : asDouble(right)
  if (x !== undefined && y !== undefined) {
    if (y === 0) throw new PyError('ZeroDivisionError', 'float modulo')
    return new PyFloat(moduloNumbers(x, y))
  }
  failUndefined(left, right)
  throw unsupported('%', left, right)
}

export function power(left: Py, right: Py): Py {
  const a = asInt(left)
  const b = asInt(right)
  if (a !== undefined && b !== undefined) return powInt(a, b)
  const x = asDouble(left)
  const y = x === undefined ? undefined : asDouble(right)
  if (x !== undefined && y !== undefined) return powFloat(x, y)
  failUndefined(left, right)
  throw typeError(`unsupported operand type(s) for ** or pow(): '${typeName(left)}' and '${typeName(right)}'`)
}

export function negate(value: Py): Py {
  const int = asInt(value)
  if (typeof int === 'number') return int === 0 ? 0 : -int
  if (int !== undefined) return -int
  if (value instanceof PyFloat) return new PyFloat(-value.value)
  if (value instanceof Undefined) throw undefinedError(value)
  throw typeError(`bad operand type for unary -: '${typeName(value)}'`)
}

export function positive(value: Py): Py {
  const int = asInt(value)
  if (int !== undefined) return int
  if (value instanceof PyFloat) return value
  if (value instanceof Undefined) throw undefinedError(value)
  throw typeError(`bad operand type for unary +: '${typeName(value)}'`)
}

/** The `~` operator and what is printed: str() of each, escaped where `escape` says so. */
export function concat(values: readonly Py[], escape: boolean): Py {
  if (escape) return joinMarkup(values)
  let text = ''
  let longest = 0
  let total = 0
  for (const value of values) {
    const part = str(value)
    total += part.length
    longest = Math.max(longest, part.length)
    text += part
  }
  claimJoined(total, longest)
  return text
}

// markup_join of Jinja: plain until the first safe string, from then on everything is escaped.
function joinMarkup(values: readonly Py[]): Py {
  const parts = values.map((value) => (value instanceof Markup ? value : str(value)))
  claimText(parts.reduce((sum, part) => sum + (typeof part === 'string' ? part : part.text).length, 0))
  if (parts.every((part) => typeof part === 'string')) return parts.join('')
  return new Markup(parts.map((part) => escapeValue(part).text).join(''))
}

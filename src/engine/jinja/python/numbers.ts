// Python's int and float: printing, parsing, rounding, arithmetic of mixed kinds.
import { PyError, overflowError, typeError, valueError } from './errors.ts'
import { claimBits } from './limits.ts'
import { asciiDigits } from './text.ts'
import { PyFloat, normalInt, type Py } from './values.ts'

const MAX_DIGITS = 4300

/** repr(float) */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa, power] = value.toExponential().split('e') as [string, string]
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16) return `${mantissa}e${exponentText(exponent)}`
  const plain = plainDecimal(mantissa, exponent)
  return plain.includes('.') ? plain : `${plain}.0`
}

export function exponentText(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function plainDecimal(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  if (digits.length <= exponent + 1) return sign + digits + '0'.repeat(exponent + 1 - digits.length)
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}

/** repr(int); Python refuses to print more than 4300 digits. */
export function intRepr(value: number | bigint): string {
  if (typeof value === 'number') return String(value)
  const bits = bitLength(value)
  if (bits > MAX_DIGITS * 3.33) throw digitsError()
  if (bits > MAX_DIGITS * 3) {
    const text = value.toString()
    if (text.length - (value < 0n ? 1 : 0) > MAX_DIGITS) throw digitsError()
    return text
  }
  return value.toString()
}

function digitsError(): PyError {
  return valueError(
    `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit`
  )
}

export function bitLength(value: bigint): number {
  const hex = (value < 0n ? -value : value).toString(16)
  return hex === '0' ? 0 : (hex.length - 1) * 4 + (32 - Math.clz32(parseInt(hex[0] as string, 16)))
}

/** The exact value of a finite double as mantissa * 2 ** exponent. */
function decompose(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(value))
  const bits = view.getBigUint64(0)
  const biased = Number(bits >> 52n)
  const fraction = bits & 0xfffffffffffffn
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 }
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  const twice = (numerator % denominator) * 2n
  if (twice > denominator || (twice === denominator && (quotient & 1n) === 1n)) return quotient + 1n
  return quotient
}

/** abs(value) * 10 ** places, rounded half to even on the exact binary value. */
function scaled(value: number, places: number): bigint {
  const { mantissa, exponent } = decompose(value)
  let numerator = mantissa
  let denominator = 1n
  if (exponent >= 0) numerator <<= BigInt(exponent)
  else denominator <<= BigInt(-exponent)
  if (places >= 0) numerator *= 10n ** BigInt(places)
  else denominator *= 10n ** BigInt(-places)
  return divideHalfEven(numerator, denominator)
}

/** Digits of abs(value) with `places` decimals, as '%.Nf' prints them. */
export function fixedText(value: number, places: number): string {
  const digits = scaled(value, places)
    .toString()
    .padStart(places + 1, '0')
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** `count` significant digits of abs(value) and the exponent of the first one. */
export function significantDigits(value: number, count: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 }
  const exponent = Number(Math.abs(value).toExponential().split('e')[1])
  const digits = scaled(value, count - 1 - exponent).toString()
  // 9.96 to two digits becomes 10: one digit too many, one power more.
  return digits.length > count ? { digits: digits.slice(0, count), exponent: exponent + 1 } : { digits, exponent }
}

/** round(float, places) */
export function roundFloat(value: number, places: number): number {
  if (!Number.isFinite(value) || value === 0) return value
  if (places > 330) return value
  if (places < -310) return value < 0 ? -0 : 0
  const digits = scaled(value, places).toString()
  const rounded = Number(`${digits}e${-places}`)
  if (!Number.isFinite(rounded)) throw overflowError('rounded value too large to represent')
  return value < 0 ? -rounded : rounded
}

/** round(int, places) for negative places: half to even. */
export function roundInt(value: number | bigint, places: number): number | bigint {
  if (places >= 0) return value
  if (places < -10000) return 0
  const unit = 10n ** BigInt(-places)
  const big = BigInt(value)
  const rounded = divideHalfEven(big < 0n ? -big : big, unit) * unit
  return normalInt(big < 0n ? -rounded : rounded)
}

const digitPatterns = new Map<number, RegExp>()

function digitsOf(base: number): RegExp {
  const known = digitPatterns.get(base)
  if (known !== undefined) return known
  const decimals = base < 10 ? `0-${base - 1}` : '0-9'
  const letters = base <= 10 ? '' : `a-${String.fromCharCode(86 + base)}`
  const pattern = new RegExp(`^[${decimals}${letters}]+(_[${decimals}${letters}]+)*$`)
  digitPatterns.set(base, pattern)
  return pattern
}

/** int(text, base); throws ValueError as Python does. `shown` is the text's repr for the message. */
export function parseInteger(text: string, base: number, shown: string): number | bigint {
  if (base !== 0 && (base < 2 || base > 36)) throw valueError('int() base must be >= 2 and <= 36, or 0')
  // Only when it is thrown: an error notes the stack, which takes longer than reading a number.
  const bad = (): Error => valueError(`invalid literal for int() with base ${base}: ${shown}`)
  const match = /^([+-]?)(0[box]_?)?(.*)$/s.exec(asciiDigits(text).trim().toLowerCase())
  if (match === null) throw bad()
  const [, sign, prefix = '', rest = ''] = match
  const prefixBase = { b: 2, o: 8, x: 16 }[prefix[1] ?? '']
  let radix = base
  let digits = rest
  if (prefixBase !== undefined && (base === 0 || base === prefixBase)) radix = prefixBase
  else digits = prefix + rest
  if (base === 0 && prefixBase === undefined) {
    radix = 10
    if (/^0[0_]*[1-9]/.test(digits)) throw bad()
  }
  if (!digitsOf(radix).test(digits)) throw bad()
  const clean = digits.replace(/_/g, '')
  if (clean.length > MAX_DIGITS && (radix & (radix - 1)) !== 0) throw digitsError()
  const value = toBigInt(clean, radix)
  return normalInt(sign === '-' ? -value : value)
}

function toBigInt(digits: string, radix: number): bigint {
  if (radix === 10) return BigInt(digits)
  if (radix === 16) return BigInt(`0x${digits}`)
  if (radix === 8) return BigInt(`0o${digits}`)
  if (radix === 2) return BigInt(`0b${digits}`)
  let value = 0n
  for (const digit of digits) value = value * BigInt(radix) + BigInt(parseInt(digit, radix))
  return value
}

const FLOAT_TEXT = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/
const FLOAT_WORD = /^([+-]?)(inf|infinity|nan)$/

/** float(text); throws ValueError as Python does. */
export function parseFloating(text: string, shown: string): number {
  const clean = asciiDigits(text).trim().toLowerCase()
  const word = FLOAT_WORD.exec(clean)
  if (word !== null) {
    if (word[2] === 'nan') return NaN
    return word[1] === '-' ? -Infinity : Infinity
  }
  if (!FLOAT_TEXT.test(clean)) throw valueError(`could not convert string to float: ${shown}`)
  return Number(clean.replace(/_/g, ''))
}

function bigToFloat(value: number | bigint): number {
  const result = Number(value)
  if (!Number.isFinite(result)) throw overflowError('int too large to convert to float')
  return result
}

/** int(float): towards zero. */
export function floatToInt(value: number): number | bigint {
  if (Number.isNaN(value)) throw valueError('cannot convert float NaN to integer')
  if (!Number.isFinite(value)) throw overflowError('cannot convert float infinity to integer')
  const whole = Math.trunc(value)
  return Number.isSafeInteger(whole) ? whole + 0 : normalInt(BigInt(whole))
}

/** Any number as a double; undefined for what is not a number. */
export function asDouble(value: Py): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return bigToFloat(value)
  return value instanceof PyFloat ? value.value : undefined
}

/** An int or bool as number or bigint; undefined for everything else. */
export function asInt(value: Py): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  return typeof value === 'boolean' ? (value ? 1 : 0) : undefined
}

export function powInt(base: number | bigint, exponent: number | bigint): Py {
  if (exponent < 0) {
    if (base == 0) throw new PyError('ZeroDivisionError', '0.0 cannot be raised to a negative power')
    return powFloat(bigToFloat(base), bigToFloat(exponent))
  }
  const big = BigInt(base)
  if (big === 0n || big === 1n) return exponent == 0 ? 1 : normalInt(big)
  if (big === -1n) return BigInt(exponent) % 2n === 0n ? 1 : -1
  claimBits(bitLength(big) * Number(exponent))
  return normalInt(big ** BigInt(exponent))
}

export function powFloat(base: number, exponent: number): Py {
  if (base === 0 && exponent < 0) {
    throw new PyError('ZeroDivisionError', '0.0 cannot be raised to a negative power')
  }
  if (base === 1 || exponent === 0) return new PyFloat(1)
  if (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) return new PyFloat(1)
  if (base < 0 && Number.isFinite(base) && Number.isFinite(exponent) && !Number.isInteger(exponent)) {
    // Python answers a complex number here, which nothing else in a template can make.
    throw typeError('complex numbers are not supported')
  }
  const result = base ** exponent
  if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent)) {
    throw overflowError("(34, 'Numerical result out of range')")
  }
  return new PyFloat(result)
}

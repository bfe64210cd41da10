// Numbers as PHP reads them from text and prints them.
import { isPhpInt } from './values.ts'
import { isPhp7 } from './version.ts'

/** A numeric string. `int`: the exact value when PHP reads an int; `overflow`: an integer too big for 64 bits (its sign). */
export interface Numeric {
  readonly int: bigint | null
  readonly value: number
  readonly overflow: -1 | 0 | 1
}

const numericPattern = /^[ \t\n\r\v\f]*([+-]?(?:[0-9]+(\.[0-9]*)?|(\.[0-9]+))([eE][+-]?[0-9]+)?)[ \t\n\r\v\f]*$/
const prefixPattern = /^[ \t\n\r\v\f]*([+-]?(?:[0-9]+(\.[0-9]*)?|(\.[0-9]+))([eE][+-]?[0-9]+)?)/

const toNumeric = (match: RegExpMatchArray): Numeric => {
  const text = match[1] as string
  const isFloat = match[2] !== undefined || match[3] !== undefined || match[4] !== undefined
  const value = Number(text)
  if (isFloat) return { int: null, value, overflow: 0 }
  if (text.length < 16) return { int: BigInt(value), value, overflow: 0 }
  const int = BigInt(text.startsWith('+') ? text.slice(1) : text)
  if (int > 9223372036854775807n) return { int: null, value, overflow: 1 }
  if (int < -9223372036854775808n) return { int: null, value, overflow: -1 }
  return { int, value, overflow: 0 }
}

/** A numeric string, or null. White space before it is allowed, in PHP 8 behind it too. */
export const parseNumeric = (text: string): Numeric | null => {
  const first = text.charCodeAt(0)
  // Digits, sign, point and white space all sort before ':'; this turns down most text at once.
  if (!(first < 58)) return null
  const match = numericPattern.exec(text)
  if (match === null || (isPhp7() && match[0].length > match[0].trimEnd().length)) return null
  return toNumeric(match)
}

/** The leading number of a text ("12abc" is 12), or null. */
export const parseNumericPrefix = (text: string): Numeric | null => {
  const match = prefixPattern.exec(text)
  return match && toNumeric(match)
}

/** The digits and the decimal exponent of a finite positive number: value = 0.DIGITS * 10^point. */
const digitsOf = (value: number, precision: number | null): { digits: string; point: number } => {
  const text = precision === null ? value.toExponential() : value.toExponential(precision - 1)
  const [mantissa = '', exponent = '0'] = text.split('e')
  return { digits: mantissa.replace('.', '').replace(/(?<!0)0+$/, '') || '0', point: Number(exponent) + 1 }
}

/** PHP's zend_gcvt: `precision` significant digits (null: as few as give the number back, at most `limit`). */
const formatFloat = (value: number, precision: number | null, limit: number, exponentMark: string): string => {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const sign = value < 0 ? '-' : ''
  const { digits, point } = digitsOf(Math.abs(value), precision)
  if (point < -3 || point > limit) {
    const exponent = point - 1
    const mark = `${exponentMark}${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
    return `${sign}${digits[0]}.${digits.slice(1) || '0'}${mark}`
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (digits.length <= point) return sign + digits + '0'.repeat(point - digits.length)
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** (string) of a number: ints exactly, floats with PHP's `precision` of 14 digits, "1.0E+25". */
export const numberToString = (value: number): string => {
  if (isPhpInt(value)) return Number.isSafeInteger(value) ? String(value) : String(BigInt(value))
  if (Number.isNaN(value)) return 'NAN'
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF'
  return formatFloat(value, 14, 14, 'E')
}

/** A number as json_encode prints it (serialize_precision -1): 0.1, 1.0e+25, 1.0e-7. */
export const numberToJson = (value: number): string => {
  if (isPhpInt(value)) return Number.isSafeInteger(value) ? String(value) : String(BigInt(value))
  return formatFloat(value, null, 17, 'e')
}

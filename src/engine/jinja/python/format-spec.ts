// format(value, spec): Python's format specification language for str, int, bool and float.

import { rtrim } from '../../php/cast.ts'
import { PyError, typeError, valueError } from './errors.ts'
import { claimText } from './limits.ts'
import { exponentText, fixedText, floatRepr, intRepr, significantDigits } from './numbers.ts'
import { repr, str } from './repr.ts'
import { lengthOf, points } from './text.ts'
import { PyFloat, Undefined, textOf, typeName, type Py } from './values.ts'

interface FormatSpec {
  readonly fill: string
  readonly align: string
  /** The alignment was written out, not implied by a zero. */
  readonly explicit: boolean
  readonly sign: string
  readonly noNegativeZero: boolean
  readonly alternate: boolean
  readonly zero: boolean
  readonly width: number
  readonly grouping: string
  readonly precision: number | null
  readonly type: string
}

const SPEC = /^(?:(.)?([<>=^]))?([ +-])?(z)?(#)?(0)?(\d+)?([,_])?([,_])?(?:\.(\d+)?)?(.*)/su
const HUGE = 2147483647

function badSpec(text: string, value: Py): PyError {
  return valueError(`Invalid format specifier '${text}' for object of type '${typeName(value)}'`)
}

function parseSpec(text: string, value: Py): FormatSpec {
  // The fill may be any character, so an alignment in second place is looked for first.
  const chars = points(text)
  const filled = chars.length >= 2 && '<>=^'.includes(chars[1] as string)
  const match = SPEC.exec(filled ? chars.slice(1).join('') : text)
  if (match === null) throw badSpec(text, value)
  const [, , align = '', sign = '', z, hash, zero, width, grouping = '', second, precision, type = ''] = match
  const dot = /\.$/.test(text.slice(0, text.length - type.length))
  if (dot && precision === undefined) throw valueError('Format specifier missing precision')
  if (second !== undefined)
    throw valueError(
      grouping === second ? `Cannot specify '${second}' with '${grouping}'.` : "Cannot specify both ',' and '_'."
    )
  if (lengthOf(type) > 1) throw badSpec(text, value)
  if (Number(width ?? 0) > HUGE || Number(precision ?? 0) > HUGE) {
    throw valueError('Too many decimal digits in format string')
  }
  const fill = filled ? (chars[0] as string) : zero !== undefined && align === '' ? '0' : ' '
  return {
    fill: !filled && zero !== undefined ? '0' : fill,
    explicit: align !== '',
    align: align !== '' ? align : zero !== undefined ? '=' : '',
    sign,
    noNegativeZero: z !== undefined,
    alternate: hash !== undefined,
    zero: zero !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? null : Number(precision),
    type
  }
}

/** format(value, spec) */
export function formatValue(value: Py, specText: string): string {
  if (specText === '') return value instanceof Undefined ? '' : str(value)
  const text = textOf(value)
  if (text !== undefined) return formatText(text, parseSpec(specText, value), value)
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return formatInt(typeof value === 'boolean' ? Number(value) : value, parseSpec(specText, value), value)
  }
  if (value instanceof PyFloat) return formatFloat(value.value, parseSpec(specText, value), value)
  throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`)
}

function unknownCode(spec: FormatSpec, value: Py): PyError {
  return valueError(`Unknown format code '${spec.type}' for object of type '${typeName(value)}'`)
}

function formatText(text: string, spec: FormatSpec, value: Py): string {
  if (spec.type !== '' && spec.type !== 's') throw unknownCode(spec, value)
  if (spec.sign !== '') throw valueError('Sign not allowed in string format specifier')
  if (spec.noNegativeZero) throw valueError('Negative zero coercion (z) not allowed in string format specifier')
  if (spec.alternate) throw valueError('Alternate form (#) not allowed in string format specifier')
  if (spec.grouping !== '') throw valueError(`Cannot specify '${spec.grouping}' with 's'.`)
  // A zero before the width only fills here; '=' written out is refused.
  if (spec.align === '=' && spec.explicit) throw valueError("'=' alignment not allowed in string format specifier")
  const cut = spec.precision === null ? text : points(text).slice(0, spec.precision).join('')
  return pad(cut, '', spec, spec.align === '' || spec.align === '=' ? '<' : spec.align)
}

/** Pads `body` (after `sign`) to the width. */
function pad(body: string, sign: string, spec: FormatSpec, align: string): string {
  const missing = spec.width - lengthOf(sign) - lengthOf(body)
  if (missing <= 0) return sign + body
  claimText(spec.width)
  if (align === '<') return sign + body + spec.fill.repeat(missing)
  if (align === '=') return sign + spec.fill.repeat(missing) + body
  if (align === '>') return spec.fill.repeat(missing) + sign + body
  const left = missing >> 1
  return spec.fill.repeat(left) + sign + body + spec.fill.repeat(missing - left)
}

function padNumber(whole: string, rest: string, sign: string, spec: FormatSpec, every: number): string {
  const align = spec.align === '' ? '>' : spec.align
  if (spec.grouping === '') return pad(whole + rest, sign, spec, align)
  // Zeros that fill up are grouped too.
  const fillsZeros = spec.fill === '0' && align === '='
  const room = fillsZeros ? spec.width - sign.length - rest.length : 0
  claimText(room)
  return pad(group(whole, spec.grouping, every, room) + rest, sign, spec, align)
}

function group(digits: string, separator: string, every: number, room: number): string {
  let padded = digits
  // As many digits as, with a separator for each group, reach the room.
  const wanted = room - Math.floor(Math.max(0, room - 1) / (every + 1))
  if (padded.length < wanted) padded = padded.padStart(wanted, '0')
  const parts: string[] = []
  for (let end = padded.length; end > 0; end -= every) parts.push(padded.slice(Math.max(0, end - every), end))
  return parts.reverse().join(separator)
}

function signText(negative: boolean, sign: string): string {
  if (negative) return '-'
  return sign === '-' ? '' : sign
}

const BASES: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 }

function formatInt(value: number | bigint, spec: FormatSpec, original: Py): string {
  if ('eEfFgG%'.includes(spec.type) && spec.type !== '') return formatFloat(Number(value), spec, original)
  if (spec.type === 'c') return formatChar(value, spec)
  if (spec.precision !== null) throw valueError('Precision not allowed in integer format specifier')
  if (spec.noNegativeZero) throw valueError('Negative zero coercion (z) not allowed in format specifier with integer')
  if (spec.type !== '' && !'dnbxXo'.includes(spec.type)) throw unknownCode(spec, original)
  if (spec.grouping === ',' && spec.type in BASES) throw valueError(`Cannot specify ',' with '${spec.type}'.`)
  if (spec.grouping !== '' && spec.type === 'n') throw valueError(`Cannot specify '${spec.grouping}' with 'n'.`)
  const base = BASES[spec.type]
  const magnitude = value < 0 ? -value : value
  let digits = base === undefined ? intRepr(magnitude) : magnitude.toString(base)
  if (spec.type === 'X') digits = digits.toUpperCase()
  const prefix = spec.alternate && base !== undefined ? `0${spec.type}` : ''
  return padNumber(digits, '', signText(value < 0, spec.sign) + prefix, spec, base === undefined ? 3 : 4)
}

function formatChar(value: number | bigint, spec: FormatSpec): string {
  if (spec.sign !== '') throw valueError("Sign not allowed with integer format specifier 'c'")
  if (spec.alternate) throw valueError("Alternate form (#) not allowed with integer format specifier 'c'")
  if (spec.grouping !== '') throw valueError(`Cannot specify '${spec.grouping}' with 'c'.`)
  if (spec.precision !== null) throw valueError('Precision not allowed in integer format specifier')
  if (value < 0 || value > 0x10ffff) throw new PyError('OverflowError', '%c arg not in range(0x110000)')
  return pad(String.fromCodePoint(Number(value)), '', spec, spec.align === '' ? '>' : spec.align)
}

function formatFloat(value: number, spec: FormatSpec, original: Py): string {
  if (spec.type !== '' && !'eEfFgGn%'.includes(spec.type)) throw unknownCode(spec, original)
  if (spec.grouping !== '' && spec.type === 'n') throw valueError(`Cannot specify '${spec.grouping}' with 'n'.`)
  claimText(spec.precision ?? 0)
  const negative = value < 0 || Object.is(value, -0)
  let text = floatBody(value, spec)
  const vanished = spec.noNegativeZero && /^[0.]*$/.test(text.split(/e/i, 1)[0] as string)
  if (spec.type === '%') text += '%'
  const [, whole = '', rest = ''] = /^(\d*)(.*)/s.exec(text) ?? []
  return padNumber(whole, rest, signText(negative && !vanished, spec.sign), spec, 3)
}

function floatBody(value: number, spec: FormatSpec): string {
  const kind = spec.type.toLowerCase()
  const scaled = kind === '%' ? value * 100 : value
  if (!Number.isFinite(scaled)) {
    const word = Number.isNaN(scaled) ? 'nan' : 'inf'
    return spec.type !== kind ? word.toUpperCase() : word
  }
  let text: string
  if (kind === '' && spec.precision === null) text = shortestBody(scaled, spec.alternate)
  else if (kind === 'f' || kind === '%') text = fixedBody(scaled, spec.precision ?? 6, spec.alternate)
  else if (kind === 'e') text = exponentBody(scaled, spec.precision ?? 6, spec.alternate)
  else text = generalBody(scaled, spec.precision ?? 6, spec.alternate, kind === '' ? 1 : 0)
  return spec.type !== kind ? text.toUpperCase() : text
}

// The alternate form keeps a decimal point even where no digit follows it.
function shortestBody(value: number, alternate: boolean): string {
  const text = floatRepr(Math.abs(value))
  return alternate && !text.includes('.') ? text.replace('e', '.e') : text
}

export function fixedBody(value: number, precision: number, alternate: boolean): string {
  return fixedText(value, precision) + (alternate && precision === 0 ? '.' : '')
}

export function exponentBody(value: number, precision: number, alternate: boolean): string {
  const { digits, exponent } = significantDigits(value, precision + 1)
  const point = precision > 0 || alternate ? '.' : ''
  return `${digits[0] ?? '0'}${point}${digits.slice(1)}e${exponentText(exponent)}`
}

/** 'g'; `extra` is 1 for a format without a type, which keeps at least one decimal and turns to exponents earlier. */
export function generalBody(value: number, precision: number, alternate: boolean, extra: 0 | 1): string {
  const count = precision === 0 ? 1 : precision
  const { digits, exponent } = significantDigits(value, count)
  const trimmed = alternate ? digits : rtrim(digits, '0')
  if (exponent < -4 || exponent >= count - extra) {
    const rest = trimmed.slice(1)
    const point = rest !== '' || alternate ? '.' : ''
    return `${digits[0] as string}${point}${rest}e${exponentText(exponent)}`
  }
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${trimmed}`.replace(/\.$/, '.0')
  const whole = digits.slice(0, exponent + 1)
  const rest = trimmed.slice(exponent + 1)
  if (rest === '' && !alternate) return extra === 1 ? `${whole}.0` : whole
  return `${whole}.${rest}`
}

/** value!r, value!s, value!a and the error for others. */
export function convertField(value: Py, conversion: string): string {
  switch (conversion) {
    case 's':
      return str(value)
    case 'r':
      return repr(value)
    case 'a':
      return asciiText(repr(value))
    default:
      throw valueError(`Unknown conversion specifier ${conversion}`)
  }
}

/** ascii(): everything beyond ASCII escaped. */
export function asciiText(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, (char) => {
    const code = char.codePointAt(0) as number
    const hex = code.toString(16)
    if (code < 0x100) return `\\x${hex}`
    return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
  })
}

// str % args.
import { undefinedError } from './compare.ts'
import { overflowError, typeError, valueError } from './errors.ts'
import { asciiText, exponentBody, fixedBody, generalBody } from './format-spec.ts'
import { claimText } from './limits.ts'
import { asDouble, asInt, floatToInt, intRepr, parseFloating, parseInteger } from './numbers.ts'
import { repr, str } from './repr.ts'
import { subscript } from './subscript.ts'
import { escapeHtml, lengthOf, points } from './text.ts'
import { Markup, PyFloat, PyTuple, Undefined, isObject, textOf, typeName, type Py } from './values.ts'

interface Conversion {
  readonly flags: string
  readonly width: number
  readonly precision: number | null
  readonly type: string
}

/** Gives the arguments one after the other, as the format asks for them. */
class Arguments {
  readonly #args: Py
  readonly #items: readonly Py[] | null
  #used = 0
  #keyed: Py | undefined
  constructor(args: Py) {
    this.#args = args
    this.#items = args instanceof PyTuple ? args.items : null
  }
  byKey(key: string): void {
    if (!isMapping(this.#args)) throw typeError('format requires a mapping')
    this.#keyed = subscript(this.#args, key)
  }
  next(): Py {
    if (this.#keyed !== undefined) {
      const value = this.#keyed
      this.#keyed = undefined
      return value
    }
    const value = this.#items === null ? (this.#used === 0 ? this.#args : undefined) : this.#items[this.#used]
    this.#used++
    if (value === undefined) throw typeError('not enough arguments for format string')
    return value
  }
  finish(): void {
    const given = this.#items === null ? 1 : this.#items.length
    if (this.#used < given && !isMapping(this.#args)) {
      throw typeError('not all arguments converted during string formatting')
    }
  }
}

// What has __getitem__ counts as a mapping, except tuple and str.
function isMapping(value: Py): boolean {
  if (!isObject(value)) return false
  return ['dict', 'list', 'range', 'bytes', 'undefined'].includes(value.kind)
}

/** format % args; a Markup escapes what it takes in. */
export function formatPercent(format: string | Markup, args: Py): Py {
  const escape = format instanceof Markup
  const text = escape ? format.text : format
  const source = new Arguments(args)
  const chars = points(text)
  let result = ''
  let at = 0
  while (at < chars.length) {
    const char = chars[at] as string
    at++
    if (char !== '%') {
      result += char
      continue
    }
    // Only %% itself is a percent sign; with anything between the two it is an unknown conversion.
    if (chars[at] === '%') {
      result += '%'
      at++
      continue
    }
    const parsed = parseConversion(chars, at, source)
    at = parsed.next
    result += convert(parsed.conversion, source, escape, at)
    claimText(result.length >> 4)
  }
  source.finish()
  return escape ? new Markup(result) : result
}

function parseConversion(
  chars: readonly string[],
  start: number,
  source: Arguments
): { conversion: Conversion; next: number } {
  let at = start
  if (chars[at] === '(') {
    const end = keyEnd(chars, at)
    source.byKey(chars.slice(at + 1, end).join(''))
    at = end + 1
  }
  let flags = ''
  while (at < chars.length && '-+ #0'.includes(chars[at] as string)) flags += chars[at++] as string
  let width = 0
  ;({ value: width, next: at } = readCount(chars, at, source, 'width'))
  if (width < 0) flags += '-'
  let precision: number | null = null
  if (chars[at] === '.') ({ value: precision, next: at } = readCount(chars, at + 1, source, 'precision'))
  if (at < chars.length && 'hlL'.includes(chars[at] as string)) at++
  const type = chars[at]
  if (type === undefined) throw valueError('incomplete format')
  const conversion = {
    flags,
    width: Math.abs(width),
    precision: precision === null ? null : Math.max(0, precision),
    type
  }
  return { conversion, next: at + 1 }
}

function keyEnd(chars: readonly string[], open: number): number {
  let depth = 0
  for (let at = open; at < chars.length; at++) {
    if (chars[at] === '(') depth++
    else if (chars[at] === ')' && --depth === 0) return at
  }
  throw valueError('incomplete format key')
}

function readCount(
  chars: readonly string[],
  start: number,
  source: Arguments,
  what: string
): { value: number; next: number } {
  if (chars[start] === '*') {
    const value = asInt(source.next())
    if (value === undefined) throw typeError('* wants int')
    if (value > 2147483647) throw overflowError('Python int too large to convert to C int')
    return { value: Number(value), next: start + 1 }
  }
  let at = start
  while (at < chars.length && /[0-9]/.test(chars[at] as string)) at++
  const value = Number(chars.slice(start, at).join('') || '0')
  if (value > 2147483647) throw valueError(`${what} too big`)
  return { value, next: at }
}

function convert(conversion: Conversion, source: Arguments, escape: boolean, position: number): string {
  const { type, precision } = conversion
  claimText(conversion.width + (precision ?? 0))
  if (!'diuoxXeEfFgGcrsa'.includes(type)) {
    source.next()
    const code = (type.codePointAt(0) as number).toString(16)
    throw valueError(`unsupported format character '${type}' (0x${code}) at index ${position - 1}`)
  }
  const value = source.next()
  if ('sra'.includes(type)) {
    const text = textConversion(value, type, escape)
    return padText(precision === null ? text : points(text).slice(0, precision).join(''), conversion)
  }
  if (type === 'c') return padText(charConversion(value), conversion)
  return 'eEfFgG'.includes(type) ? floatConversion(value, conversion, escape) : intConversion(value, conversion, escape)
}

function textConversion(value: Py, type: string, escape: boolean): string {
  if (type === 's') return escape && !(value instanceof Markup) ? escapeHtml(str(value)) : str(value)
  const text = type === 'r' ? repr(value) : asciiText(repr(value))
  return escape ? escapeHtml(text) : text
}

function charConversion(value: Py): string {
  const text = textOf(value)
  if (text !== undefined && lengthOf(text) === 1) return text
  const code = asInt(value)
  if (code === undefined) throw typeError('%c requires int or char')
  if (code < 0 || code > 0x10ffff) throw overflowError('%c arg not in range(0x110000)')
  return String.fromCodePoint(Number(code))
}

function padText(text: string, conversion: Conversion): string {
  const missing = conversion.width - lengthOf(text)
  if (missing <= 0) return text
  return conversion.flags.includes('-') ? text + ' '.repeat(missing) : ' '.repeat(missing) + text
}

function padNumber(sign: string, prefix: string, body: string, conversion: Conversion, zeros: boolean): string {
  const missing = conversion.width - sign.length - prefix.length - body.length
  if (missing <= 0) return sign + prefix + body
  if (conversion.flags.includes('-')) return sign + prefix + body + ' '.repeat(missing)
  if (zeros && conversion.flags.includes('0')) return sign + prefix + '0'.repeat(missing) + body
  return ' '.repeat(missing) + sign + prefix + body
}

function signOf(negative: boolean, flags: string): string {
  if (negative) return '-'
  if (flags.includes('+')) return '+'
  return flags.includes(' ') ? ' ' : ''
}

function wholeNumber(value: Py, type: string, escape: boolean): number | bigint {
  const int = asInt(value)
  if (int !== undefined) return int
  const decimal = 'diu'.includes(type)
  if (value instanceof Undefined && decimal) throw undefinedError(value)
  if (value instanceof PyFloat && decimal) return floatToInt(value.value)
  const text = textOf(value)
  // The wrapper that a Markup puts around its arguments has __int__, so digits in a str are taken.
  if (escape && decimal && text !== undefined) return parseInteger(text, 10, repr(value))
  const wanted = decimal ? 'a real number is required' : 'an integer is required'
  throw typeError(`%${type} format: ${wanted}, not ${typeName(value)}`)
}

const BASES: Readonly<Record<string, number>> = { o: 8, x: 16, X: 16 }

function intConversion(value: Py, conversion: Conversion, escape: boolean): string {
  const { type, flags, precision } = conversion
  const number = wholeNumber(value, type, escape)
  const magnitude = number < 0 ? -number : number
  const base = BASES[type]
  let digits = base === undefined ? intRepr(magnitude) : magnitude.toString(base)
  if (type === 'X') digits = digits.toUpperCase()
  if (precision !== null) digits = digits.padStart(precision, '0')
  const prefix = flags.includes('#') && base !== undefined ? `0${type}` : ''
  return padNumber(signOf(number < 0, flags), prefix, digits, conversion, true)
}

function realNumber(value: Py, escape: boolean): number {
  const number = asDouble(value)
  if (number !== undefined) return number
  if (value instanceof Undefined) throw undefinedError(value)
  const text = textOf(value)
  if (escape && text !== undefined) return parseFloating(text, repr(value))
  throw typeError(`must be real number, not ${typeName(value)}`)
}

function floatConversion(value: Py, conversion: Conversion, escape: boolean): string {
  const { type, flags } = conversion
  const number = realNumber(value, escape)
  const precision = conversion.precision ?? 6
  const sign = signOf(number < 0 || Object.is(number, -0), flags)
  const kind = type.toLowerCase()
  let body: string
  if (!Number.isFinite(number)) body = Number.isNaN(number) ? 'nan' : 'inf'
  else if (kind === 'f') body = fixedBody(number, precision, flags.includes('#'))
  else if (kind === 'e') body = exponentBody(number, precision, flags.includes('#'))
  else body = generalBody(number, precision, flags.includes('#'), 0)
  return padNumber(sign, '', type === kind ? body : body.toUpperCase(), conversion, true)
}

// PHP's casts and the text functions that MISP's modules use.
import { CodedError } from '../../contract/errors.ts'
import type { Json } from '../../contract/json.ts'
import { phpError } from './exceptions.ts'
import { numberToString, parseNumeric, parseNumericPrefix } from './numbers.ts'
import { EMPTY_OBJECT, isArray, isEmpty, isEmptyArray, phpType, values } from './values.ts'
import { badArgument } from './bad-argument.ts'
import type { PhpArray } from './values.ts'

/** (string) $value. An array is "Array" (PHP warns and goes on); an object cannot be converted: Error. */
export const phpString = (value: Json): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberToString(value)
  if (value === null || value === false) return ''
  if (value === true) return '1'
  if (value === EMPTY_OBJECT) throw phpError('Error', 'Object of class stdClass could not be converted to string')
  return 'Array'
}

/** A value given to a built-in function's `string` parameter: scalars are cast, null is "", arrays are a TypeError. */
export const stringArgument = (value: Json, where: string): string => {
  if (typeof value === 'object' && value !== null) {
    return badArgument(`${where} must be of type string, ${phpType(value)} given`) ?? ''
  }
  return phpString(value)
}

const wrapInt = (value: number): number => {
  if (!Number.isFinite(value)) return 0
  const whole = Math.trunc(value)
  return (Math.abs(whole) < 9223372036854775808 ? whole : Number(BigInt.asIntN(64, BigInt(whole)))) + 0
}

/** (int) $value, intval(); what is missing is 0. */
export const phpInt = (value: Json | undefined): number => {
  if (typeof value === 'number') return wrapInt(value)
  if (typeof value === 'string') return intOfText(value)
  if (value === null || value === undefined || typeof value === 'boolean') return value ? 1 : 0
  return value === EMPTY_OBJECT || !isEmptyArray(value as PhpArray) ? 1 : 0
}

const intOfText = (text: string): number => {
  const numeric = parseNumericPrefix(text)
  if (!numeric) return 0
  // An integer too big for 64 bits becomes the largest one, a float wraps.
  if (numeric.overflow) return numeric.overflow > 0 ? Number(9223372036854775807n) : Number(-9223372036854775808n)
  return numeric.int === null ? wrapInt(numeric.value) : Number(numeric.int)
}

/** (float) $value. */
export const phpFloat = (value: Json): number => {
  if (typeof value === 'string') return parseNumericPrefix(value)?.value ?? 0
  return typeof value === 'number' ? value : phpInt(value)
}

/** (bool) $value. */
export const phpBool = (value: Json): boolean => !isEmpty(value)

/** is_numeric(). */
export const isNumeric = (value: Json | undefined): boolean =>
  typeof value === 'number' || (typeof value === 'string' && parseNumeric(value) !== null)

/** Bytes of a text in UTF-8. */
export const utf8Length = (text: string): number => {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // A surrogate pair is four bytes: two for each of its halves.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}

/** strlen(): bytes; arrays are a TypeError. */
export const strlen = (value: Json): number => utf8Length(stringArgument(value, 'strlen(): Argument #1 ($string)'))

/** implode(). */
export const implode = (glue: string, array: Json): string => {
  if (!isArray(array))
    return badArgument('implode(): Argument #2 ($array) must be of type ?array, ' + phpType(array) + ' given') ?? ''
  return values(array).map(phpString).join(glue)
}

/** explode() with a non-empty separator. */
export const explode = (separator: string, text: string): string[] => text.split(separator)

const blanks = ' \t\n\r\0\v'

/** trim(), ltrim(), rtrim(). An expression such as /x+$/ would begin anew at each x of a text that does not end so. */
const ltrim = (text: string, characters = blanks): string => {
  let begin = 0
  while (begin < text.length && characters.includes(text[begin] as string)) begin++
  return text.slice(begin)
}
export const rtrim = (text: string, characters = blanks): string => {
  let end = text.length
  while (end > 0 && characters.includes(text[end - 1] as string)) end--
  return text.slice(0, end)
}
export const trim = (text: string, characters = blanks): string => ltrim(rtrim(text, characters), characters)

const directive = /%(?:(%)|(?:(\d+)\$)?((?:[-+ 0]|'.)*)([1-9]\d*)?(?:\.(\d+))?([bcdeEfFgGosuxX]))/gs

/**
 * sprintf() for the directives that MISP uses: %s %d %u %f %F %x %X %o %b %c %e with padding, precision and argument numbers. Throws
 * ArgumentCountError when arguments are missing.
 */
export const sprintf = (format: string, ...args: readonly Json[]): string =>
  formatAll(format, args, (needed) =>
    phpError('ArgumentCountError', `${needed + 1} arguments are required, ${args.length + 1} given`)
  )

/** vsprintf(): as sprintf, but throws ValueError. */
export const vsprintf = (format: string, args: readonly Json[]): string =>
  formatAll(format, args, (needed) =>
    phpError('ValueError', `The arguments array must contain ${needed} items, ${args.length} given`)
  )

/** How many arguments a format needs. */
const argumentsOf = (format: string): number => {
  let next = 0
  let most = 0
  for (const [, percent, position] of format.matchAll(directive)) {
    if (percent) continue
    const index = position ? Number(position) : ++next
    if (index > most) most = index
  }
  return most
}

const formatAll = (format: string, args: readonly Json[], tooFew: (needed: number) => Error): string => {
  const needed = argumentsOf(format)
  if (needed > args.length) throw tooFew(needed)
  let next = 0
  let length = 0
  return format.replace(directive, (_, percent, position, flags: string, width, precision, kind: string) => {
    if (percent) return '%'
    const value = args[position ? Number(position) - 1 : next++] as Json
    const digits = boundedPrecision(kind, precision as string | undefined)
    const text = pad(convert(kind, value, digits, flags), flags, boundedWidth(width as string | undefined))
    length += text.length
    if (length > mostFormatted) throw outOfMemory(length)
    return text
  })
}

/** PHP's own bound; above it is a ValueError. */
const mostInt = 2_147_483_647
/** Digits behind the point that PHP gives at most (PHP_SPRINTF_MAX_PRECISION); above it is a notice. */
const mostPrecision = 53
/** Characters of one formatted text; PHP's own bound is its memory_limit. */
const mostFormatted = 64 * 1024 * 1024

/** Whether PHP would have the memory is not known. */
const outOfMemory = (length: number): Error =>
  new CodedError('INPUT_TOO_LARGE', `A format makes a text of ${length} characters; the limit is ${mostFormatted}.`)

const boundedWidth = (width: string | undefined): number => {
  const wanted = Number(width ?? 0)
  if (wanted >= mostInt) throw phpError('ValueError', `Width must be greater than zero and less than ${mostInt}`)
  if (wanted > mostFormatted) throw outOfMemory(wanted)
  return wanted
}

const boundedPrecision = (kind: string, precision: string | undefined): string | undefined => {
  if (Number(precision ?? 0) >= mostInt)
    throw phpError('ValueError', `Precision must be greater than zero and less than ${mostInt}`)
  return precision === undefined || kind === 's' ? precision : String(Math.min(Number(precision), mostPrecision))
}

const convert = (kind: string, value: Json, precision: string | undefined, flags: string): string => {
  const plus = flags.replace(/'./gs, '').includes('+')
  switch (kind) {
    case 's':
      return precision === undefined ? phpString(value) : phpString(value).slice(0, Number(precision))
    case 'd':
      return signed(numberToString(phpInt(value)), plus)
    case 'f':
    case 'F':
      return signed(phpFloat(value).toFixed(Number(precision ?? 6)), plus)
    case 'e':
    case 'E':
      return phpFloat(value).toExponential(Number(precision ?? 6))
    case 'c':
      return String.fromCharCode(phpInt(value))
    case 'g':
    case 'G':
      return numberToString(phpFloat(value))
    default:
      return unsigned(kind, BigInt.asUintN(64, BigInt(phpInt(value))))
  }
}

const unsigned = (kind: string, value: bigint): string => {
  if (kind === 'u') return value.toString()
  if (kind === 'X') return value.toString(16).toUpperCase()
  return value.toString(kind === 'x' ? 16 : kind === 'o' ? 8 : 2)
}

const signed = (text: string, plus: boolean): string => (plus && !text.startsWith('-') ? `+${text}` : text)

const pad = (text: string, flags: string, width: number): string => {
  const length = utf8Length(text)
  if (length >= width) return text
  const custom = /'(.)/s.exec(flags)?.[1]
  const plain = flags.replace(/'./gs, '')
  const fill = (custom ?? (plain.includes('0') ? '0' : ' ')).repeat(width - length)
  if (plain.includes('-')) return text + fill
  return fill.startsWith('0') && /^[-+]/.test(text) ? text.slice(0, 1) + fill + text.slice(1) : fill + text
}

/** The text of an id: MISP's ids are strings in the database's answers and sometimes numbers elsewhere; anything else is none. */
export const idText = (value: Json | undefined): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

// Python's str is a sequence of code points. Strings without surrogates, nearly all of them, take the short way.
import { KEPT_STEPS, checkItems, claimPoints, claimScan, claimText, tick } from './limits.ts'
import { CASE_FOLD, DECIMAL_ZEROS, DIGITS, NUMERIC_LETTERS, TITLE_CASE } from '../data/unicode-tables.ts'

const SURROGATE = /[\ud800-\udfff]/
export const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const SPACES = new RegExp(`^[${SPACE}]+$`)
const LEADING = new RegExp(`^[${SPACE}]+`)
const SPACE_RUN = new RegExp(`[${SPACE}]+`)
const IS_SPACE = new RegExp(`[${SPACE}]`)

export function isPlain(text: string): boolean {
  claimScan(text.length)
  return !SURROGATE.test(text)
}

export function lengthOf(text: string): number {
  claimScan(text.length)
  if (!SURROGATE.test(text)) return text.length
  tick(text.length >> 2)
  let count = 0
  for (const _ of text) count++
  return count
}

/** Code points as strings. */
export function points(text: string): string[] {
  claimPoints(text.length)
  return Array.from(text)
}

/** The code point at `index` counted in code points; undefined outside. */
function pointAt(text: string, index: number): string | undefined {
  return SURROGATE.test(text) ? points(text)[index] : text[index]
}

export function substring(text: string, start: number, end: number): string {
  return SURROGATE.test(text) ? points(text).slice(start, end).join('') : text.slice(start, end)
}

/** The index in code points of an index in UTF-16 units. */
export function pointIndex(text: string, unit: number): number {
  return unit <= 0 ? unit : lengthOf(text.slice(0, unit))
}

const parsePairs = (table: string): Map<string, string> => {
  const map = new Map<string, string>()
  for (const pair of table.trim().split(/\s+/)) {
    const [from, to] = pair.split('=') as [string, string]
    map.set(
      String.fromCodePoint(parseInt(from, 16)),
      to
        .split('+')
        .map((code) => String.fromCodePoint(parseInt(code, 16)))
        .join('')
    )
  }
  return map
}

const parseRanges = (table: string): [number, number][] =>
  table
    .trim()
    .split(/\s+/)
    .map((range) => {
      const [from, to] = range.split('-') as [string, string?]
      return [parseInt(from, 16), parseInt(to ?? from, 16)]
    })

const titleTable = parsePairs(TITLE_CASE)
const foldTable = parsePairs(CASE_FOLD)
const digitRanges = parseRanges(DIGITS)
const numericRanges = parseRanges(NUMERIC_LETTERS)
const zeros = DECIMAL_ZEROS.trim()
  .split(/\s+/)
  .map((code) => parseInt(code, 16))

const inRanges = (ranges: [number, number][], code: number): boolean =>
  ranges.some(([from, to]) => code >= from && code <= to)

const LOWER = /\p{Lowercase}/u
const UPPER = /\p{Uppercase}/u
const TITLE = /\p{Lt}/u
const DECIMAL = /\p{Nd}/u
const NUMBER = /\p{N}/u
const ALPHA = /\p{L}/u
const UNPRINTABLE = /[\p{C}\p{Z}]/u

export const isLower = (char: string): boolean => LOWER.test(char)
export const isUpper = (char: string): boolean => UPPER.test(char)
export const isTitle = (char: string): boolean => TITLE.test(char)
export const isCased = (char: string): boolean => isLower(char) || isUpper(char) || isTitle(char)
export const isAlpha = (char: string): boolean => ALPHA.test(char)
export const isDecimal = (char: string): boolean => DECIMAL.test(char)
export const isSpace = (char: string): boolean => IS_SPACE.test(char)
export const isPrintable = (char: string): boolean => char === ' ' || !UNPRINTABLE.test(char)
export const isDigit = (char: string): boolean =>
  isDecimal(char) || inRanges(digitRanges, char.codePointAt(0) as number)
export const isNumeric = (char: string): boolean =>
  NUMBER.test(char) || inRanges(numericRanges, char.codePointAt(0) as number)
export const isAlnum = (char: string): boolean => isAlpha(char) || isNumeric(char)

/** The value of a decimal digit of any script. */
function digitValue(char: string): number {
  const code = char.codePointAt(0) as number
  const zero = zeros.find((start) => code >= start && code <= start + 9)
  return zero === undefined ? -1 : code - zero
}

/** The same text with every decimal digit as ASCII and every other space as ' ', as int() and float() read it. */
export function asciiDigits(text: string): string {
  claimScan(text.length * 4)
  return text.replace(/[^\x00-\x7f]/gu, (char) => {
    if (isDecimal(char)) return String(digitValue(char))
    return isSpace(char) ? ' ' : char
  })
}

function titleChar(char: string): string {
  const code = char.codePointAt(0) as number
  if (code >= 0x10d0 && code <= 0x10ff) return char
  return titleTable.get(char) ?? char.toUpperCase()
}

export function capitalize(text: string): string {
  const first = pointAt(text, 0)
  if (first === undefined) return ''
  // Lowering the whole keeps the rule for a final sigma; the first character may be lowered to several.
  return titleChar(first) + text.toLowerCase().slice(first.toLowerCase().length)
}

// A sigma at the end of a word is lowered to its final form; the text around it has to be seen for that.
function lowerAt(chars: readonly string[], index: number): string {
  const char = chars[index] as string
  if (char !== '\u03a3') return char.toLowerCase()
  tick(64)
  // The rule looks past marks to the next letters; thirty characters are more than any word needs.
  const before = chars.slice(Math.max(0, index - 30), index).join('')
  const lowered = (before + char + chars.slice(index + 1, index + 31).join('')).toLowerCase()
  const start = before.toLowerCase().length
  return lowered.slice(start, start + 1)
}

export function titleCase(text: string): string {
  const chars = points(text)
  let inWord = false
  let result = ''
  for (let index = 0; index < chars.length; index++) {
    const char = chars[index] as string
    result += inWord ? lowerAt(chars, index) : titleChar(char)
    inWord = isCased(char)
  }
  return result
}

export function swapCase(text: string): string {
  const chars = points(text)
  let result = ''
  for (let index = 0; index < chars.length; index++) {
    const char = chars[index] as string
    if (isUpper(char)) result += lowerAt(chars, index)
    else result += isLower(char) ? char.toUpperCase() : char
  }
  return result
}

export function caseFold(text: string): string {
  let result = ''
  for (const char of text) {
    const code = char.codePointAt(0) as number
    if (code >= 0xab70 && code <= 0xabbf) result += char.toUpperCase()
    else if (code >= 0x13a0 && code <= 0x13f5) result += char
    else result += foldTable.get(char) ?? char.toLowerCase()
  }
  return result
}

/** str.split() without a separator. */
export function splitSpaces(text: string, limit: number): string[] {
  const words: string[] = []
  let rest = text.replace(LEADING, '')
  while (rest !== '') {
    keep(words)
    if (limit >= 0 && words.length === limit) {
      words.push(rest)
      return words
    }
    const match = SPACE_RUN.exec(rest)
    if (match === null) {
      words.push(rest)
      return words
    }
    words.push(rest.slice(0, match.index))
    rest = rest.slice(match.index + match[0].length)
  }
  return words
}

export function rsplitSpaces(text: string, limit: number): string[] {
  const words: string[] = []
  let end = rstripEnd(text)
  while (end > 0) {
    keep(words)
    if (limit >= 0 && words.length === limit) {
      words.push(text.slice(0, end))
      break
    }
    let start = end
    while (start > 0 && !isSpace(text[start - 1] as string)) start--
    words.push(text.slice(start, end))
    end = rstripEnd(text.slice(0, start))
  }
  return words.reverse()
}

function rstripEnd(text: string): number {
  let end = text.length
  while (end > 0 && isSpace(text[end - 1] as string)) end--
  return end
}

function keep(words: readonly string[]): void {
  tick(KEPT_STEPS)
  if ((words.length & 1023) === 0) checkItems(words.length)
}

export function stripStart(text: string, chars: ReadonlySet<string> | null): string {
  if (chars === null) return text.replace(LEADING, '')
  let start = 0
  for (const char of text) {
    if (!chars.has(char)) break
    start += char.length
  }
  return text.slice(start)
}

export function stripEnd(text: string, chars: ReadonlySet<string> | null): string {
  if (chars === null) return text.slice(0, rstripEnd(text))
  const all = points(text)
  let end = all.length
  while (end > 0 && chars.has(all[end - 1] as string)) end--
  return end === all.length ? text : all.slice(0, end).join('')
}

export const isAllSpace = (text: string): boolean => SPACES.test(text)

const LINE_BREAK = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g

export function splitLines(text: string, keepEnds: boolean): string[] {
  const lines: string[] = []
  let start = 0
  claimScan(text.length * 4)
  for (const match of text.matchAll(LINE_BREAK)) {
    keep(lines)
    const end = match.index + match[0].length
    lines.push(text.slice(start, keepEnds ? end : match.index))
    start = end
  }
  if (start < text.length) lines.push(text.slice(start))
  return lines
}

/** Compares by code points, as Python orders str. */
export function compareText(left: string, right: string): number {
  claimScan(Math.min(left.length, right.length))
  if (left === right) return 0
  if (!SURROGATE.test(left) && !SURROGATE.test(right)) return left < right ? -1 : 1
  const a = points(left)
  const b = points(right)
  for (let index = 0; index < a.length && index < b.length; index++) {
    const difference = (a[index] as string).codePointAt(0)! - (b[index] as string).codePointAt(0)!
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

const ENTITIES = /[&<>'"]/g
const ENTITY: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;'
}

/** markupsafe.escape of plain text. */
export function escapeHtml(text: string): string {
  claimScan(text.length * 2)
  const escaped = text.replace(ENTITIES, (char) => ENTITY[char] as string)
  if (escaped.length > text.length) claimText(escaped.length)
  return escaped
}

export function utf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const char of text) {
    const code = char.codePointAt(0) as number
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    }
  }
  return Uint8Array.from(bytes)
}

/** One character a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

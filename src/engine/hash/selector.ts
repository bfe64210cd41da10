// The attribute matchers of a token: `[a]`, `[a=b]`, `[a!=b]`, `[a>=1]`, `[a=/re/]`, read as Hash::_matches reads them.
import type { Json } from '../../contract/json.ts'
import { isNumeric, stringArgument } from '../php/cast.ts'
import { greaterOrEqual, greaterThan, lessOrEqual, lessThan, looseEquals } from '../php/compare.ts'
import { at } from '../php/values.ts'
import type { PhpArray } from '../php/values.ts'
import { assertKnown, pregMatch } from './regex/preg.ts'
import { isPhp7 } from '../php/version.ts'
import { isArray } from '../php/values.ts'
import type { HashScope } from './report.ts'

export interface Condition {
  readonly attribute: string
  /** null: a presence test. */
  readonly operator: string | null
  readonly value: string | null
}

/**
 * Finds the conditions in a selector. Text that does not read as a condition is skipped, as MISP's preg_match_all skips it. Each
 * `[` is looked at once; the look-ahead positions are found by indexOf, so hostile paths stay cheap.
 */
export const parseConditions = (selector: string): Condition[] => readSelector(selector).conditions

interface Selector {
  readonly conditions: Condition[]
  /** What is no condition, in one piece; empty when all of it was read. */
  readonly skipped: string
}

export const readSelector = (selector: string): Selector => {
  const conditions: Condition[] = []
  const skipped: string[] = []
  let end = 0
  let from = selector.indexOf('[')
  while (from >= 0) {
    if (selector.indexOf(']', from) < 0) break
    const match = readCondition(selector, from)
    if (match) {
      conditions.push(match.condition)
      skipped.push(selector.slice(end, from))
      end = match.end
    }
    from = selector.indexOf('[', match ? match.end : from + 1)
  }
  return { conditions, skipped: [...skipped, selector.slice(end)].join('').trim() }
}

interface Found {
  readonly condition: Condition
  readonly end: number
}

const isBlank = (char: string | undefined): boolean => char !== undefined && ' \t\n\v\f\r'.includes(char)
const isOperator = (char: string | undefined): boolean => char === '=' || char === '<' || char === '>'

const readCondition = (text: string, start: number): Found | null => {
  // The attribute is the shortest text (at least one character) before a blank-and-operator or a `]`.
  let i = start + 1
  for (; i < text.length; i++) {
    const char = text[i]
    if (i > start + 1 && char === ']') {
      return { condition: { attribute: text.slice(start + 1, i), operator: null, value: null }, end: i + 1 }
    }
    if (char === '!' || isOperator(char)) break
  }
  if (i >= text.length || i === start + 1) return null
  let end = i
  while (end > start + 2 && isBlank(text[end - 1])) end--
  const match = readOperator(text, i)
  if (!match) return null
  return {
    condition: { attribute: text.slice(start + 1, end), operator: match.operator, value: match.value },
    end: match.end
  }
}

const readOperator = (text: string, at: number): { operator: string; value: string; end: number } | null => {
  const first = text[at] as string
  const candidates =
    text[at + 1] === '='
      ? first === '='
        ? ['=']
        : first === '!'
          ? ['!=']
          : [`${first}=`, first]
      : first === '!'
        ? []
        : [first]
  for (const operator of candidates) {
    const value = readValue(text, at + operator.length)
    if (value) return { operator, ...value }
  }
  return null
}

const readValue = (text: string, from: number): { value: string; end: number } | null => {
  let start = from
  while (isBlank(text[start])) start++
  // The blanks belong to the value only when nothing else is left for it.
  for (; start >= from; start--) {
    const slash = text[start] === '/' ? closingSlash(text, start) : -1
    if (slash >= 0) return { value: text.slice(start, slash + 1), end: slash + 2 }
    const close = text.indexOf(']', start)
    if (close > start) return { value: text.slice(start, close), end: close + 1 }
  }
  return null
}

/** The first `/` after the opening one that stands right before a `]`, on the same line. */
const closingSlash = (text: string, start: number): number => {
  const close = text.indexOf('/]', start + 1)
  const line = text.indexOf('\n', start)
  return close >= 0 && (line < 0 || line > close) ? close : -1
}

/** Hash::_matches: do all conditions hold for this array? A regular expression on an array or object is a TypeError. */
export const matchesConditions = (data: PhpArray, conditions: readonly Condition[], scope?: HashScope): boolean => {
  for (let i = 0; i < conditions.length; i++) if (!matchesOne(data, conditions[i] as Condition, scope)) return false
  return true
}

const matchesOne = (data: PhpArray, { attribute, operator, value }: Condition, scope?: HashScope): boolean => {
  const found = at(data, attribute)
  if (operator === null || value === null) return found !== undefined && found !== null
  if (found === undefined) return false
  const prop = typeof found === 'boolean' ? boolText(found, value) : found
  if (operator === '=' && value.startsWith('/')) return matchesPattern(value, prop, scope)
  switch (operator) {
    case '=':
      return looseEquals(prop, value)
    case '!=':
      return !looseEquals(prop, value)
    // Negated as in Cake: values that cannot be compared are neither.
    case '>':
      return !lessOrEqual(prop, value)
    case '<':
      return !greaterOrEqual(prop, value)
    case '>=':
      return !lessThan(prop, value)
    default:
      return !greaterThan(prop, value)
  }
}

/** A boolean compares as '1' or '0' with numbers and as 'true' or 'false' with everything else. */
const boolText = (found: boolean, value: string): string => (isNumeric(value) ? (found ? '1' : '0') : String(found))

const matchesPattern = (pattern: string, subject: Json, scope?: HashScope): boolean => {
  // PHP 7 only warns about an array, and nothing matches.
  if (isArray(subject) && isPhp7()) return false
  const text = stringArgument(subject, 'preg_match(): Argument #2 ($subject)')
  const result = pregMatch(pattern, text, scope?.budget)
  assertKnown(result, pattern)
  if (result.problem) scope?.warn?.({ code: result.problem, text: result.message, pattern })
  return result.matched
}

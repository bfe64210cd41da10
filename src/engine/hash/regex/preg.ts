// preg_match(): delimiters, modifiers, and the choice between plain text search and the machine.
import type { Json } from '../../../contract/json.ts'
import { fromEntries } from '../../php/values.ts'
import type { PhpArray } from '../../php/values.ts'
import { CodedError } from '../../../contract/errors.ts'
import { PatternError } from './ast.ts'
import type { Flags } from './ast.ts'
import { TooComplex, search } from './machine.ts'
import type { Budget } from './machine.ts'
import { parsePattern } from './parser.ts'
import { buildProgram } from './program.ts'
import type { Program } from './program.ts'
import { fromUtf8, toUtf8 } from './utf8.ts'

export type { Budget } from './machine.ts'

/** What kept a pattern from being matched: PHP warns and goes on (no match), or Retrace cannot say (the other two; see `assertKnown`). */
export type RegexProblem = 'REGEX_INVALID' | 'REGEX_UNSUPPORTED' | 'REGEX_TOO_COMPLEX'

export interface PregResult {
  readonly matched: boolean
  readonly problem: RegexProblem | null
  readonly message: string
  /** PHP's `$matches`: groups by number and name; empty when nothing matched. */
  readonly groups: () => PhpArray
}

/** The steps that one operation (a path over all of an event) may use; about two seconds. */
export const createBudget = (operations = 1): Budget => ({ steps: 60_000_000 * operations })

interface Compiled {
  readonly program: Program | null
  readonly literal: string | null
  readonly unicode: boolean
  readonly anchored: boolean
  readonly problem: RegexProblem | null
  readonly message: string
}

/** Throws REGEX_TOO_COMPLEX or REGEX_UNSUPPORTED where nobody knows whether PHP's preg_match() would have matched: no match is not the same. */
export function assertKnown({ problem, message }: PregResult, pattern: string): void {
  if (problem !== null && problem !== 'REGEX_INVALID') throw new CodedError(problem, message, { pattern })
}

const cache = new Map<string, Compiled>()
const cacheSize = 200
const noGroups = (): PhpArray => []
const none = (problem: RegexProblem | null, message: string): PregResult => ({
  matched: false,
  problem,
  message,
  groups: noGroups
})
const noMatch = none(null, '')

/**
 * preg_match($pattern, $subject). Never throws and always ends: a pattern that exceeds its limit (or the budget, shared by the matches of one
 * operation) is answered as REGEX_TOO_COMPLEX, as PHP answers false beyond pcre.backtrack_limit.
 */
export const pregMatch = (pattern: string, subject: string, budget: Budget = createBudget()): PregResult =>
  matchCompiled(compile(pattern), pattern, new PregSubject(subject), budget)

/** As pregMatch, for who matches one pattern often among many others. */
export const compilePreg = (pattern: string): ((subject: PregSubject, budget: Budget) => PregResult) => {
  const compiled = compile(pattern)
  return (subject, budget) => matchCompiled(compiled, pattern, subject, budget)
}

/** A text that patterns are matched against: for all of them together it is taken apart once. */
export class PregSubject {
  private utf8: Uint8Array | undefined
  private points: ArrayLike<number> | undefined

  constructor(readonly text: string) {}

  codes(unicode: boolean): ArrayLike<number> {
    return unicode ? (this.points ??= toCodePoints(this.text)) : (this.utf8 ??= toUtf8(this.text))
  }
}

const matchCompiled = (compiled: Compiled, pattern: string, subject: PregSubject, budget: Budget): PregResult => {
  if (compiled.literal !== null) return matchLiteral(compiled.literal, subject.text)
  if (!compiled.program) return none(compiled.problem, compiled.message)
  const codes = subject.codes(compiled.unicode)
  try {
    const slots = search(compiled.program, { codes, length: codes.length }, budget, compiled.anchored)
    if (!slots) return noMatch
    const { names } = compiled.program
    return { matched: true, problem: null, message: '', groups: () => groupsOf(slots, codes, names, compiled.unicode) }
  } catch (error) {
    if (error instanceof TooComplex)
      return none('REGEX_TOO_COMPLEX', `The regular expression ${pattern} did not finish within the limit.`)
    throw error
  }
}

const matchLiteral = (literal: string, subject: string): PregResult =>
  subject.includes(literal) ? { matched: true, problem: null, message: '', groups: () => [literal] } : noMatch

const toCodePoints = (text: string): ArrayLike<number> => {
  const codes: number[] = []
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number
    codes.push(code)
    if (code > 0xffff) i++
  }
  return codes
}

/** `$matches`: a group that took no part is "", and left out when no later one did. */
const groupsOf = (slots: Int32Array, codes: ArrayLike<number>, names: Program['names'], unicode: boolean): PhpArray => {
  const nameOf = new Map(
    [...names].flatMap(([name, indexes]) => indexes.map((index): [number, string] => [index, name]))
  )
  let last = slots.length / 2 - 1
  while (last > 0 && (slots[last * 2 + 1] as number) < 0) last--
  const pairs: [string, Json][] = []
  for (let index = 0; index <= last; index++) {
    const [from, to] = [slots[index * 2] as number, slots[index * 2 + 1] as number]
    const part = to < 0 ? [] : Array.from({ length: to - from }, (_, i) => codes[from + i] as number)
    const text = unicode ? part.map((code) => String.fromCodePoint(code)).join('') : fromUtf8(part)
    const name = nameOf.get(index)
    if (name !== undefined) pairs.push([name, text])
    pairs.push([String(index), text])
  }
  return fromEntries(pairs)
}

const compile = (pattern: string): Compiled => {
  const known = cache.get(pattern)
  if (known) return known
  if (cache.size >= cacheSize) cache.clear()
  const compiled = build(pattern)
  cache.set(pattern, compiled)
  return compiled
}

const build = (pattern: string): Compiled => {
  const failed = (problem: RegexProblem, message: string): Compiled => ({
    program: null,
    literal: null,
    unicode: false,
    anchored: false,
    problem,
    message: `preg_match(): ${message}`
  })
  const parts = splitPattern(pattern)
  if (typeof parts === 'string') return failed('REGEX_INVALID', parts)
  const flags = readFlags(parts.modifiers)
  if (typeof flags === 'string') return failed('REGEX_INVALID', flags)
  const anchored = parts.modifiers.includes('A')
  const base = { unicode: flags.unicode, anchored, problem: null, message: '' }
  // Plain text is the usual case and needs no machine.
  if (!anchored && !flags.ignoreCase && !flags.extended && /^[\w :@,;"'<>&%~`=!/-]+$/.test(parts.body)) {
    return { ...base, program: null, literal: parts.body }
  }
  try {
    const codes = Array.from(flags.unicode ? toCodePoints(parts.body) : toUtf8(parts.body))
    return { ...base, program: buildProgram(parsePattern(codes, flags)), literal: null }
  } catch (error) {
    if (error instanceof PatternError) return failed(error.kind, `Compilation failed: ${error.message}`)
    throw error
  }
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }

/** Pattern and modifiers, or PHP's warning. */
const splitPattern = (pattern: string): { body: string; modifiers: string } | string => {
  const text = pattern.replace(/^[ \t\n\v\f\r]+/, '')
  const open = text[0]
  if (open === undefined) return 'Empty regular expression'
  if (/[A-Za-z0-9\\\0]/.test(open)) return 'Delimiter must not be alphanumeric, backslash, or NUL'
  const close = closing[open] ?? open
  let depth = 1
  for (let i = open.length; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === close && --depth === 0) return { body: text.slice(1, i), modifiers: text.slice(i + 1) }
    else if (text[i] === open && close !== open) depth++
  }
  return close === open ? `No ending delimiter '${open}' found` : `No ending matching delimiter '${close}' found`
}

const readFlags = (modifiers: string): Flags | string => {
  const unknown = /[^imsxnADSUXJu \r\n]/.exec(modifiers)
  if (unknown) return unknown[0] === '\0' ? 'NUL byte is not a valid modifier' : `Unknown modifier '${unknown[0]}'`
  const has = (letter: string): boolean => modifiers.includes(letter)
  return {
    ignoreCase: has('i'),
    multiline: has('m'),
    dotAll: has('s'),
    extended: has('x'),
    ungreedy: has('U'),
    dollarEndOnly: has('D'),
    noCapture: has('n'),
    unicode: has('u')
  }
}

// Hash paths, compiled once. CakePHP splits a path anew for each call and each level; what a path means at a level follows
// from the text that is left there, so a compiled path knows its tokens and, for insert and remove, the path of the rest.
import { isNumeric, phpFloat, trim } from '../php/cast.ts'
import { parseConditions } from './selector.ts'
import type { Condition } from './selector.ts'

/** How a token chooses keys: {n}, {s}, {*}, a literal key, or a number-like key, which matches loosely (Hash::_matchToken). */
type TokenKind = 'n' | 's' | '*' | 'key' | 'numeric'

export interface Token {
  readonly kind: TokenKind
  /** The part before `[`. */
  readonly key: string
  /** A literal key that is no property of every JavaScript object (`constructor`…). */
  readonly plainKey: boolean
  /** The number that a number-like key means. */
  readonly number: number
  /** null: no `[`. An unreadable `[…` gives an empty list, which only lets arrays pass. */
  readonly conditions: readonly Condition[] | null
  readonly text: string
}

export interface CompiledPath {
  readonly text: string
  /** Neither `{` nor `[`: insert and remove work on the keys as they are written. */
  readonly plain: boolean
  /** The keys of a plain path. */
  readonly keys: readonly string[]
  readonly tokens: readonly Token[]
  /** The path after the first token, as insert and remove go on with it. */
  readonly rest: () => CompiledPath
}

const cache = new Map<string, CompiledPath>()
const cacheSize = 500
const cachedLength = 2000

/** Compiles a path. Every text is a path; nothing is an error. */
export const compilePath = (text: string): CompiledPath => {
  const known = cache.get(text)
  if (known) return known
  const compiled = build(text)
  if (text.length <= cachedLength) {
    if (cache.size >= cacheSize) cache.clear()
    cache.set(text, compiled)
  }
  return compiled
}

const build = (text: string): CompiledPath => {
  const parts = text.includes('[') ? tokenize(text) : text.split('.')
  const plain = !text.includes('{') && !text.includes('[')
  let tokens: readonly Token[] | null = null
  let rest: CompiledPath | null = null
  return {
    text,
    plain,
    keys: parts,
    get tokens() {
      return (tokens ??= parts.map(buildToken))
    },
    rest: () => (rest ??= compilePath(parts.slice(1).join('.')))
  }
}

const kindOf = (key: string): TokenKind | null =>
  key === '{n}' ? 'n' : key === '{s}' ? 's' : key === '{*}' ? '*' : null

const buildToken = (text: string): Token => {
  const bracket = text.indexOf('[')
  const key = bracket < 0 ? text : text.slice(0, bracket)
  const numeric = isNumeric(key)
  const kind = kindOf(key) ?? (numeric ? 'numeric' : 'key')
  return {
    kind,
    key,
    plainKey: kind === 'key' && !(key in Object.prototype),
    number: numeric ? phpFloat(key) : NaN,
    conditions: bracket < 0 ? null : parseConditions(text.slice(bracket)),
    text
  }
}

/**
 * CakeText::tokenize($path, '.', '[', ']'): splits at dots outside of brackets and trims. A `]` too many makes the depth
 * negative, and then no dot splits any more.
 */
const tokenize = (text: string): string[] => {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '.' && depth === 0) {
      parts.push(text.slice(start, i))
      start = i + 1
    } else if (char === '[') depth++
    else if (char === ']') depth--
  }
  parts.push(text.slice(start))
  return parts.map((part) => trim(part))
}

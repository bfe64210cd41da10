// Jinja's tokenizer for the default delimiters. It is lazy on purpose: an error of the parser on an earlier token must
// come before an error of the tokenizer on a later one, as it does in Python.
import { PyError, syntaxError } from '../python/errors.ts'
import { claimScan, tick } from '../python/limits.ts'
import { asciiDigits, lengthOf, SPACE, stripEnd } from '../python/text.ts'
import { decodeLiteral } from './literals.ts'
import { parseInteger } from '../python/numbers.ts'
import { textRepr } from '../python/repr.ts'
import { PyFloat, type Py } from '../python/values.ts'

export type TokenType =
  | 'data'
  | 'variable_begin'
  | 'variable_end'
  | 'block_begin'
  | 'block_end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'eof'
  | OperatorType

export interface Token {
  readonly line: number
  readonly type: TokenType
  /** Text of data and names, the value of literals. */
  readonly value: Py
  /** Where it begins in the template, in UTF-16 units of the text with normalised line ends. */
  readonly offset: number
}

const OPERATORS = {
  '+': 'add',
  '-': 'sub',
  '/': 'div',
  '//': 'floordiv',
  '*': 'mul',
  '%': 'mod',
  '**': 'pow',
  '~': 'tilde',
  '[': 'lbracket',
  ']': 'rbracket',
  '(': 'lparen',
  ')': 'rparen',
  '{': 'lbrace',
  '}': 'rbrace',
  '==': 'eq',
  '!=': 'ne',
  '>': 'gt',
  '>=': 'gteq',
  '<': 'lt',
  '<=': 'lteq',
  '=': 'assign',
  '.': 'dot',
  ':': 'colon',
  '|': 'pipe',
  ',': 'comma',
  ';': 'semicolon'
} as const

type Operator = keyof typeof OPERATORS
type OperatorType = (typeof OPERATORS)[Operator]

const SIGNS = new Map<string, string>(Object.entries(OPERATORS).map(([sign, type]) => [type, sign]))

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  block_begin: 'begin of statement block',
  block_end: 'end of statement block',
  variable_begin: 'begin of print statement',
  variable_end: 'end of print statement',
  data: 'template data / text',
  eof: 'end of template'
}

export function describeType(type: string): string {
  return SIGNS.get(type) ?? DESCRIPTIONS[type] ?? type
}

export function describeToken(token: Token): string {
  return token.type === 'name' ? String(token.value) : describeType(token.type)
}

const WHITESPACE = new RegExp(`[${SPACE}]+`, 'y')
const FLOAT =
  /(?<!\.)(?:\p{Nd}+_)*\p{Nd}+(?:(?:\.(?:\p{Nd}+_)*\p{Nd}+)?e[+-]?(?:\p{Nd}+_)*\p{Nd}+|\.(?:\p{Nd}+_)*\p{Nd}+)/iuy
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\p{Nd})*|0(?:_?0)*/iuy
const NAME =
  /[\p{L}\p{N}\p{M}_\u00b7\u0387\u1369-\u1371\u19da\u2118\u212e\u203f\u2040\u2054\u30fb\ufe33\ufe34\ufe4d-\ufe4f\uff3f\uff65]+/uy
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u
const STRING = /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/suy
const OPERATOR = /\/\/|\*\*|[=!<>]=|[-+/*%~[\](){}<>=.:|,;]/y
const VARIABLE_END = new RegExp(`-\\}\\}[${SPACE}]*|\\}\\}`, 'y')
const BLOCK_END = new RegExp(`\\+%\\}|-%\\}[${SPACE}]*|%\\}`, 'y')
const RAW_BEGIN = new RegExp(`\\{%([-+]?)[${SPACE}]*raw[${SPACE}]*(?:-%\\}[${SPACE}]*|%\\})`, 'y')
const RAW_END = new RegExp(`\\{%([-+]?)[${SPACE}]*endraw[${SPACE}]*(?:\\+%\\}|-%\\}[${SPACE}]*|%\\})`, 'g')
const COMMENT_END = new RegExp(`\\+#\\}|-#\\}[${SPACE}]*|#\\}`, 'g')
const OPENING = /\{[{%#]/g

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' }

/** Line ends become \n, and one at the very end is dropped. */
function normaliseLines(source: string): string {
  const text = source.replace(/\r\n?/g, '\n')
  return text.endsWith('\n') ? text.slice(0, -1) : text
}

const newlines = (text: string): number => {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** Splits a template into tokens, one at a time; throws TemplateSyntaxError when it gets to something wrong. */
export class Lexer {
  readonly #source: string
  #at = 0
  #line = 1
  constructor(template: string) {
    this.#source = normaliseLines(template)
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    return pattern.exec(this.#source)
  }

  #advance(to: number): void {
    claimScan(to - this.#at)
    this.#line += newlines(this.#source.slice(this.#at, to))
    this.#at = to
  }

  #token(type: TokenType, value: Py, offset = this.#at): Token {
    tick()
    return { line: this.#line, type, value, offset }
  }

  *tokens(): Generator<Token, void, undefined> {
    while (this.#at < this.#source.length) {
      const opening = this.#match(OPENING)
      if (opening === null) {
        yield this.#token('data', this.#source.slice(this.#at))
        this.#advance(this.#source.length)
        break
      }
      const raw = this.#rawAt(opening.index)
      const sign = raw?.[1] ?? this.#source[opening.index + 2] ?? ''
      yield* this.#data(opening.index, sign === '-')
      if (raw !== null) {
        this.#advance(opening.index + raw[0].length)
        yield* this.#rawBody()
      } else {
        yield* this.#tag(opening[0], sign === '-' || sign === '+' ? 3 : 2)
      }
    }
    yield this.#token('eof', '')
  }

  #rawAt(index: number): RegExpExecArray | null {
    RAW_BEGIN.lastIndex = index
    return RAW_BEGIN.exec(this.#source)
  }

  *#data(end: number, strip: boolean): Generator<Token, void, undefined> {
    const text = this.#source.slice(this.#at, end)
    const kept = strip ? stripEnd(text, null) : text
    if (kept !== '') yield this.#token('data', kept)
    this.#advance(end)
  }

  *#tag(opening: string, length: number): Generator<Token, void, undefined> {
    if (opening === '{#') {
      this.#advance(this.#at + length)
      this.#skipComment()
      return
    }
    yield this.#token(opening === '{{' ? 'variable_begin' : 'block_begin', opening)
    this.#advance(this.#at + length)
    yield* this.#expression(opening === '{{')
  }

  #skipComment(): void {
    const end = this.#match(COMMENT_END)
    if (end !== null) this.#advance(end.index + end[0].length)
    else if (this.#at < this.#source.length) throw syntaxError('Missing end of comment tag', this.#line)
  }

  *#rawBody(): Generator<Token, void, undefined> {
    const end = this.#match(RAW_END)
    if (end === null) {
      if (this.#at < this.#source.length) throw syntaxError('Missing end of raw directive', this.#line)
      return
    }
    yield* this.#data(end.index, end[1] === '-')
    this.#advance(end.index + end[0].length)
  }

  *#expression(variable: boolean): Generator<Token, void, undefined> {
    const open: string[] = []
    for (;;) {
      if (open.length === 0) {
        const end = this.#match(variable ? VARIABLE_END : BLOCK_END)
        if (end !== null) {
          yield this.#token(variable ? 'variable_end' : 'block_end', end[0])
          this.#advance(this.#at + end[0].length)
          return
        }
      }
      const space = this.#match(WHITESPACE)
      if (space !== null) {
        this.#advance(this.#at + space[0].length)
        continue
      }
      if (this.#at >= this.#source.length) return
      const token = this.#literal() ?? this.#operator(open)
      yield token.token
      this.#advance(this.#at + token.length)
    }
  }

  #literal(): { token: Token; length: number } | null {
    const float = this.#match(FLOAT)
    if (float !== null) {
      const value = Number(asciiDigits(float[0]).replace(/_/g, ''))
      return { token: this.#token('float', new PyFloat(value)), length: float[0].length }
    }
    const integer = this.#match(INTEGER)
    if (integer !== null) {
      const value = parseInteger(integer[0].replace(/_/g, ''), 0, integer[0])
      return { token: this.#token('integer', value), length: integer[0].length }
    }
    const name = this.#match(NAME)
    if (name !== null) {
      if (!IDENTIFIER.test(name[0])) throw syntaxError('Invalid character in identifier', this.#line)
      return { token: this.#token('name', name[0]), length: name[0].length }
    }
    const string = this.#match(STRING)
    if (string === null) return null
    return { token: this.#token('string', this.#stringValue(string[0])), length: string[0].length }
  }

  #stringValue(literal: string): string {
    try {
      return decodeLiteral(literal.slice(1, -1))
    } catch (error) {
      if (error instanceof PyError) throw syntaxError(error.message, this.#line)
      throw error
    }
  }

  #operator(open: string[]): { token: Token; length: number } {
    const match = this.#match(OPERATOR)
    if (match === null) {
      const char = String.fromCodePoint(this.#source.codePointAt(this.#at) as number)
      const position = lengthOf(this.#source.slice(0, this.#at))
      throw syntaxError(`unexpected char ${textRepr(char)} at ${position}`, this.#line)
    }
    const sign = match[0] as Operator
    const closing = CLOSING[sign]
    if (closing !== undefined) open.push(closing)
    else if (sign === '}' || sign === ')' || sign === ']') {
      const expected = open.pop()
      if (expected === undefined) throw syntaxError(`unexpected '${sign}'`, this.#line)
      if (expected !== sign) throw syntaxError(`unexpected '${sign}', expected '${expected}'`, this.#line)
    }
    return { token: this.#token(OPERATORS[sign], sign), length: sign.length }
  }
}

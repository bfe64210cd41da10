// One token of look-ahead over the lazy tokenizer, with Jinja's words for what was expected.
import { syntaxError } from '../python/errors.ts'
import { describeToken, describeType, Lexer, type Token } from './lexer.ts'
import { textRepr } from '../python/repr.ts'

/** A token type, or `name:word` for a certain name. */
export type TokenTest = string

export function describeTest(test: TokenTest): string {
  return test.startsWith('name:') ? test.slice(5) : describeType(test)
}

export class TokenStream {
  readonly #tokens: Generator<Token, void, undefined>
  #pushed: Token | null = null
  current: Token
  constructor(template: string) {
    this.#tokens = new Lexer(template).tokens()
    this.current = { line: 1, type: 'data', value: '', offset: 0 }
    this.next()
  }

  /** Goes one token on and returns the one that was current. */
  next(): Token {
    const token = this.current
    if (this.#pushed !== null) {
      this.current = this.#pushed
      this.#pushed = null
    } else if (token.type !== 'eof') {
      const step = this.#tokens.next()
      // The tokenizer ends silently inside an unfinished tag; the end then counts as on the last token's line.
      this.current =
        step.done === true ? { line: token.line, type: 'eof', value: '', offset: token.offset } : step.value
      if (this.current.type === 'eof') this.current = { ...this.current, line: token.line }
    }
    return token
  }

  look(): Token {
    const before = this.next()
    const ahead = this.current
    this.#pushed = ahead
    this.current = before
    return ahead
  }

  is(test: TokenTest): boolean {
    if (test.startsWith('name:')) return this.current.type === 'name' && this.current.value === test.slice(5)
    return this.current.type === test
  }

  skipIf(test: TokenTest): boolean {
    if (!this.is(test)) return false
    this.next()
    return true
  }

  expect(test: TokenTest): Token {
    if (this.is(test)) return this.next()
    const wanted = textRepr(describeTest(test))
    if (this.current.type === 'eof') {
      throw syntaxError(`unexpected end of template, expected ${wanted}.`, this.current.line)
    }
    throw syntaxError(`expected token ${wanted}, got ${textRepr(describeToken(this.current))}`, this.current.line)
  }

  /** expect() for names, as their text. */
  expectName(): { name: string; line: number } {
    const token = this.expect('name')
    return { name: String(token.value), line: token.line }
  }
}

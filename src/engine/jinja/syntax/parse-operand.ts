// Operands of expressions: names, literals, containers, and what may follow them: attributes, items, calls, filters, tests.
import type { CallArguments, Expression, FilterNode } from './ast.ts'
import { recursionError, syntaxError } from '../python/errors.ts'
import { describeToken } from './lexer.ts'
import { textRepr } from '../python/repr.ts'
import type { TokenStream } from './token-stream.ts'

export const CONSTANTS: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null
}
const TEST_ARGUMENT = ['name', 'string', 'integer', 'float', 'lparen', 'lbracket', 'lbrace']
const NO_ARGUMENTS: CallArguments = { args: [], kwargs: [], dynArgs: null, dynKwargs: null }

// Python's parser stops at 1000 frames: about 13 to an opened parenthesis, 1 to a `not` or sign. One unit is a frame.
const MAX_FRAMES = 930

export interface TupleOptions {
  readonly simplified?: boolean
  readonly condition?: boolean
  readonly explicit?: boolean
  readonly namespace?: boolean
}

export abstract class OperandParser {
  readonly stream: TokenStream
  #frames = 0
  constructor(stream: TokenStream) {
    this.stream = stream
  }

  /** Runs `parse` some Python frames deeper. */
  protected deeper<T>(frames: number, parse: () => T): T {
    this.#frames += frames
    if (this.#frames > MAX_FRAMES) throw recursionError()
    const result = parse()
    this.#frames -= frames
    return result
  }

  abstract expression(condition?: boolean): Expression
  abstract tuple(options?: TupleOptions): Expression

  primary(namespace: boolean): Expression {
    const token = this.stream.current
    const { line } = token
    switch (token.type) {
      case 'name':
        return this.#name(namespace)
      case 'string':
        return this.#strings()
      case 'integer':
      case 'float':
        this.stream.next()
        return { kind: 'const', value: token.value, line }
      case 'lparen': {
        this.stream.next()
        const inner = this.tuple({ explicit: true })
        this.stream.expect('rparen')
        return inner
      }
      case 'lbracket':
        return this.#list()
      case 'lbrace':
        return this.#dict()
      default:
        throw syntaxError(`unexpected ${textRepr(describeToken(token))}`, line)
    }
  }

  #name(namespace: boolean): Expression {
    const { name, line } = this.stream.expectName()
    if (Object.hasOwn(CONSTANTS, name)) return { kind: 'const', value: CONSTANTS[name] as boolean | null, line }
    if (namespace && this.stream.skipIf('dot')) {
      return { kind: 'nsref', name, attribute: this.stream.expectName().name, line }
    }
    return { kind: 'name', name, context: 'load', line }
  }

  #strings(): Expression {
    const { line } = this.stream.current
    let value = ''
    while (this.stream.is('string')) value += String(this.stream.next().value)
    return { kind: 'const', value, line }
  }

  #list(): Expression {
    const { line } = this.stream.expect('lbracket')
    const items: Expression[] = []
    while (!this.stream.is('rbracket')) {
      if (items.length > 0) this.stream.expect('comma')
      if (this.stream.is('rbracket')) break
      items.push(this.expression())
    }
    this.stream.expect('rbracket')
    return { kind: 'list', items, line }
  }

  #dict(): Expression {
    const { line } = this.stream.expect('lbrace')
    const pairs: { key: Expression; value: Expression }[] = []
    while (!this.stream.is('rbrace')) {
      if (pairs.length > 0) this.stream.expect('comma')
      if (this.stream.is('rbrace')) break
      const key = this.expression()
      this.stream.expect('colon')
      pairs.push({ key, value: this.expression() })
    }
    this.stream.expect('rbrace')
    return { kind: 'dict', pairs, line }
  }

  protected postfix(start: Expression): Expression {
    let node = start
    for (;;) {
      if (this.stream.is('dot') || this.stream.is('lbracket')) node = this.#subscript(node)
      else if (this.stream.is('lparen')) node = this.#call(node)
      else return node
    }
  }

  protected filters(start: Expression): Expression {
    let node = start
    for (;;) {
      if (this.stream.is('pipe')) node = this.filter(node) ?? node
      else if (this.stream.is('name:is')) node = this.#test(node)
      else if (this.stream.is('lparen')) node = this.#call(node)
      else return node
    }
  }

  #subscript(node: Expression): Expression {
    const { type, line } = this.stream.next()
    if (type === 'dot') {
      const token = this.stream.next()
      if (token.type === 'name') return { kind: 'attribute', node, name: String(token.value), line }
      if (token.type !== 'integer') throw syntaxError('expected name or number', token.line)
      return { kind: 'item', node, key: { kind: 'const', value: token.value, line: token.line }, line }
    }
    const keys: Expression[] = []
    while (!this.stream.is('rbracket')) {
      if (keys.length > 0) this.stream.expect('comma')
      keys.push(this.#subscribed())
    }
    this.stream.expect('rbracket')
    const key: Expression = keys.length === 1 ? (keys[0] as Expression) : { kind: 'tuple', items: keys, line }
    return { kind: 'item', node, key, line }
  }

  #subscribed(): Expression {
    const { line } = this.stream.current
    let start: Expression | null = null
    if (!this.stream.is('colon')) {
      start = this.expression()
      if (!this.stream.is('colon')) return start
    }
    this.stream.next()
    const part = (): Expression | null =>
      this.stream.is('colon') || this.stream.is('rbracket') || this.stream.is('comma') ? null : this.expression()
    const stop = part()
    let step: Expression | null = null
    if (this.stream.skipIf('colon')) {
      step = this.stream.is('rbracket') || this.stream.is('comma') ? null : this.expression()
    }
    return { kind: 'slice', start, stop, step, line }
  }

  #call(node: Expression): Expression {
    const { line } = this.stream.current
    return { kind: 'call', node, ...this.callArguments(), line }
  }

  callArguments(): CallArguments {
    const { line } = this.stream.expect('lparen')
    const args: Expression[] = []
    const kwargs: { key: string; value: Expression }[] = []
    let dynArgs: Expression | null = null
    let dynKwargs: Expression | null = null
    const ensure = (fits: boolean): void => {
      if (!fits) throw syntaxError('invalid syntax for function call expression', line)
    }
    let comma = false
    while (!this.stream.is('rparen')) {
      if (comma) {
        this.stream.expect('comma')
        if (this.stream.is('rparen')) break
      }
      comma = true
      if (this.stream.is('mul')) {
        ensure(dynArgs === null && dynKwargs === null)
        this.stream.next()
        dynArgs = this.expression()
      } else if (this.stream.is('pow')) {
        ensure(dynKwargs === null)
        this.stream.next()
        dynKwargs = this.expression()
      } else if (this.stream.is('name') && this.stream.look().type === 'assign') {
        ensure(dynKwargs === null)
        const key = String(this.stream.next().value)
        this.stream.next()
        kwargs.push({ key, value: this.expression() })
      } else {
        ensure(dynArgs === null && dynKwargs === null && kwargs.length === 0)
        args.push(this.expression())
      }
    }
    this.stream.expect('rparen')
    return { args, kwargs, dynArgs, dynKwargs }
  }

  #dotted(): { name: string; line: number } {
    const first = this.stream.expectName()
    let { name } = first
    while (this.stream.skipIf('dot')) name += `.${this.stream.expectName().name}`
    return { name, line: first.line }
  }

  /** A chain of filters; `inline` is a filter block's, whose first filter has no bar before it. */
  filter(start: Expression | null, inline = false): FilterNode | null {
    let node: Expression | null = start
    let result: FilterNode | null = null
    let first = inline
    while (first || this.stream.is('pipe')) {
      if (!first) this.stream.next()
      first = false
      const { name, line } = this.#dotted()
      const given = this.stream.is('lparen') ? this.callArguments() : NO_ARGUMENTS
      result = { kind: 'filter', node, name, ...given, line }
      node = result
    }
    return result
  }

  #test(node: Expression): Expression {
    const { line } = this.stream.next()
    const negated = this.stream.skipIf('name:not')
    const { name } = this.#dotted()
    const test: Expression = { kind: 'test', node, name, ...this.#testArguments(), line }
    return negated ? { kind: 'unary', operator: 'not', node: test, line } : test
  }

  #testArguments(): CallArguments {
    if (this.stream.is('lparen')) return this.callArguments()
    if (!TEST_ARGUMENT.includes(this.stream.current.type)) return NO_ARGUMENTS
    if (['name:else', 'name:or', 'name:and'].some((word) => this.stream.is(word))) return NO_ARGUMENTS
    if (this.stream.is('name:is')) {
      throw syntaxError('You cannot chain multiple tests with is', this.stream.current.line)
    }
    return { ...NO_ARGUMENTS, args: [this.postfix(this.primary(false))] }
  }
}

// Expressions, with Jinja's precedence: `~` binds tighter than +, ** groups from the left, filters bind to the operand.
import type { BinaryOperator, Comparison, Expression, NameNode } from './ast.ts'
import { syntaxError } from '../python/errors.ts'
import { describeToken } from './lexer.ts'
import { CONSTANTS, OperandParser, type TupleOptions } from './parse-operand.ts'
import { textRepr } from '../python/repr.ts'

const COMPARISONS: Readonly<Partial<Record<string, Comparison>>> = {
  eq: '==',
  ne: '!=',
  gt: '>',
  gteq: '>=',
  lt: '<',
  lteq: '<='
}
const MATH2: Readonly<Partial<Record<string, BinaryOperator>>> = { mul: '*', div: '/', floordiv: '//', mod: '%' }

const FRAMES_EXPRESSION = 13

export class ExpressionParser extends OperandParser {
  expression(condition = true): Expression {
    return this.deeper(FRAMES_EXPRESSION, () => (condition ? this.#condition() : this.#or()))
  }

  #condition(): Expression {
    let line = this.stream.current.line
    let then = this.#or()
    while (this.stream.skipIf('name:if')) {
      const test = this.#or()
      const otherwise = this.stream.skipIf('name:else') ? this.deeper(1, () => this.#condition()) : null
      then = { kind: 'condition', test, then, otherwise, line }
      line = this.stream.current.line
    }
    return then
  }

  #binary(operand: () => Expression, operator: () => BinaryOperator | undefined): Expression {
    let line = this.stream.current.line
    let left = operand()
    for (let sign = operator(); sign !== undefined; sign = operator()) {
      this.stream.next()
      const right = operand()
      left = { kind: 'binary', operator: sign, left, right, line }
      line = this.stream.current.line
    }
    return left
  }

  #or(): Expression {
    return this.#binary(
      () => this.#and(),
      () => (this.stream.is('name:or') ? 'or' : undefined)
    )
  }

  #and(): Expression {
    return this.#binary(
      () => this.#not(),
      () => (this.stream.is('name:and') ? 'and' : undefined)
    )
  }

  #not(): Expression {
    if (!this.stream.is('name:not')) return this.#compare()
    const { line } = this.stream.next()
    return { kind: 'unary', operator: 'not', node: this.deeper(1, () => this.#not()), line }
  }

  #compare(): Expression {
    let line = this.stream.current.line
    const first = this.#math1()
    const rest: { operator: Comparison; node: Expression }[] = []
    for (let operator = this.#comparison(); operator !== undefined; operator = this.#comparison()) {
      rest.push({ operator, node: this.#math1() })
      line = this.stream.current.line
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest, line }
  }

  #comparison(): Comparison | undefined {
    const simple = COMPARISONS[this.stream.current.type]
    if (simple !== undefined) {
      this.stream.next()
      return simple
    }
    if (this.stream.skipIf('name:in')) return 'in'
    if (!this.stream.is('name:not')) return undefined
    const ahead = this.stream.look()
    if (ahead.type !== 'name' || ahead.value !== 'in') return undefined
    this.stream.next()
    this.stream.next()
    return 'notin'
  }

  #math1(): Expression {
    return this.#binary(
      () => this.#concat(),
      () => (this.stream.is('add') ? '+' : this.stream.is('sub') ? '-' : undefined)
    )
  }

  #concat(): Expression {
    const { line } = this.stream.current
    const nodes = [this.#math2()]
    while (this.stream.skipIf('tilde')) nodes.push(this.#math2())
    return nodes.length === 1 ? (nodes[0] as Expression) : { kind: 'concat', nodes, line }
  }

  #math2(): Expression {
    return this.#binary(
      () => this.#pow(),
      () => MATH2[this.stream.current.type]
    )
  }

  #pow(): Expression {
    return this.#binary(
      () => this.#unary(true),
      () => (this.stream.is('pow') ? '**' : undefined)
    )
  }

  #unary(withFilter: boolean): Expression {
    const { type, line } = this.stream.current
    let node: Expression
    if (type === 'sub' || type === 'add') {
      this.stream.next()
      const operand = this.deeper(1, () => this.#unary(false))
      node = { kind: 'unary', operator: type === 'sub' ? '-' : '+', node: operand, line }
    } else node = this.primary(false)
    node = this.postfix(node)
    return withFilter ? this.filters(node) : node
  }

  // Jinja means to end a loop's target at `in` too, but hands the rule over in a way that never matches.
  #isTupleEnd(): boolean {
    const { type } = this.stream.current
    return type === 'variable_end' || type === 'block_end' || type === 'rparen'
  }

  /** One expression, or a tuple where commas follow. */
  tuple(options: TupleOptions = {}): Expression {
    let { line } = this.stream.current
    const items: Expression[] = []
    let isTuple = false
    for (;;) {
      if (items.length > 0) this.stream.expect('comma')
      if (this.#isTupleEnd()) break
      items.push(
        options.simplified === true
          ? this.primary(options.namespace === true)
          : this.deeper(2, () => this.expression(options.condition !== false))
      )
      if (!this.stream.is('comma')) break
      isTuple = true
      line = this.stream.current.line
    }
    if (!isTuple) {
      if (items[0] !== undefined) return items[0]
      if (options.explicit !== true) {
        const got = textRepr(describeToken(this.stream.current))
        throw syntaxError(`Expected an expression, got ${got}`, this.stream.current.line)
      }
    }
    return { kind: 'tuple', items, line }
  }

  /** What may stand left of an assignment; names in it become stored ones. */
  target(options: { namespace?: boolean } = {}): Expression {
    const target = this.tuple({ simplified: true, ...options })
    markStored(target, 'store')
    if (!canAssign(target))
      throw syntaxError(`can't assign to '${NODE_NAMES[target.kind] ?? target.kind}'`, target.line)
    return target
  }

  nameTarget(context: 'store' | 'param'): NameNode {
    const { name, line } = this.stream.expectName()
    if (Object.hasOwn(CONSTANTS, name)) throw syntaxError("can't assign to 'name'", line)
    return { kind: 'name', name, context, line }
  }
}

const NODE_NAMES: Readonly<Record<string, string>> = { item: 'getitem', attribute: 'getattr', condition: 'condexpr' }

export function markStored(node: Expression, context: 'store' | 'param'): void {
  if (node.kind === 'name') node.context = context
  else if (node.kind === 'tuple') for (const item of node.items) markStored(item, context)
}

function canAssign(node: Expression): boolean {
  if (node.kind === 'name' || node.kind === 'nsref') return true
  return node.kind === 'tuple' && node.items.every(canAssign)
}

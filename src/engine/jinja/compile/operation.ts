// Operators become closures over those of their operands.
import type { Comparison, Expression } from '../syntax/ast.ts'
import type { Ex } from './frame.ts'
import { equal, ordered, truth } from '../python/compare.ts'
import { contains } from '../python/iterate.ts'
import * as operators from '../python/operators.ts'
import type { Py } from '../python/values.ts'

export function compileBinary(operator: Operation<'binary'>, left: Ex, right: Ex): Ex {
  switch (operator) {
    case '+':
      return (a) => operators.add(left(a), right(a))
    case '-':
      return (a) => operators.subtract(left(a), right(a))
    case '*':
      return (a) => operators.multiply(left(a), right(a))
    case '/':
      return (a) => operators.divide(left(a), right(a))
    case '//':
      return (a) => operators.floorDivide(left(a), right(a))
    case '%':
      return (a) => operators.modulo(left(a), right(a))
    case '**':
      return (a) => operators.power(left(a), right(a))
    case 'and':
      return (a) => {
        const value = left(a)
        return truth(value) ? right(a) : value
      }
    case 'or':
      return (a) => {
        const value = left(a)
        return truth(value) ? value : right(a)
      }
  }
}

export function compileUnary(operator: Operation<'unary'>, operand: Ex): Ex {
  if (operator === 'not') return (a) => !truth(operand(a))
  return operator === '-' ? (a) => operators.negate(operand(a)) : (a) => operators.positive(operand(a))
}

type Operation<K extends 'binary' | 'unary'> = Extract<Expression, { kind: K }>['operator']

const COMPARE: Readonly<Record<Comparison, (left: Py, right: Py) => boolean>> = {
  '==': equal,
  '!=': (left, right) => !equal(left, right),
  '<': (left, right) => ordered('<', left, right),
  '<=': (left, right) => ordered('<=', left, right),
  '>': (left, right) => ordered('>', left, right),
  '>=': (left, right) => ordered('>=', left, right),
  in: (left, right) => contains(right, left),
  notin: (left, right) => !contains(right, left)
}

interface Compared {
  readonly operator: Comparison
  readonly value: Ex
}

export function compileCompare(first: Ex, others: readonly Compared[]): Ex {
  const rest = others.map(({ operator, value }) => ({ compare: COMPARE[operator], value }))
  const [only] = rest
  if (rest.length === 1 && only !== undefined) return (a) => only.compare(first(a), only.value(a))
  return (a) => {
    let left = first(a)
    for (const { compare, value } of rest) {
      const right = value(a)
      if (!compare(left, right)) return false
      left = right
    }
    return true
  }
}

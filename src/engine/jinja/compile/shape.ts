// How deep an expression nests, for the two ways in which Python gives up on deep ones: the recursion of Jinja's
// visitors, and CPython's limit of 200 open parentheses in the source that Jinja generates.
import { children, type Expression } from '../syntax/ast.ts'
import { PyError, recursionError } from '../python/errors.ts'
import { tick } from '../python/limits.ts'

const MAX_DEPTH = 330
const MAX_PARENS = 199

// Parentheses that the generated source opens around the operands of a node.
const OPENS: Readonly<Partial<Record<Expression['kind'], number>>> = {
  const: 0,
  data: 0,
  slice: 0,
  nsref: 0,
  concat: 2,
  name: 2
}

interface Shape {
  readonly depth: number
  readonly parens: number
  readonly constant: boolean
}

function shapeOf(node: Expression, level: number): Shape {
  tick()
  if (level > MAX_DEPTH) throw recursionError()
  let depth = 0
  let parens = 0
  let constant = node.kind !== 'name' && node.kind !== 'call' && node.kind !== 'nsref'
  for (const child of children(node)) {
    const inner = shapeOf(child as Expression, level + 1)
    depth = Math.max(depth, inner.depth)
    parens = Math.max(parens, inner.parens)
    constant = constant && inner.constant
  }
  // What is constant is computed while compiling and leaves no parentheses behind.
  return { depth: depth + 1, parens: constant ? 0 : parens + (OPENS[node.kind] ?? 1), constant }
}

/** Whether the expression is constant; throws RecursionError or SyntaxError for an expression that Python cannot compile. */
export function checkShape(node: Expression, line: number): { constant: boolean } {
  if (node.kind === 'name' || node.kind === 'const' || node.kind === 'data') return { constant: node.kind !== 'name' }
  const shape = shapeOf(node, 0)
  if (shape.parens >= MAX_PARENS) throw new PyError('SyntaxError', 'too many nested parentheses', line)
  return shape
}

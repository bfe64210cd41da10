// Filter blocks and set blocks: what their body prints is taken instead of printed.
import type { Expression, Statement } from '../syntax/ast.ts'
import { entry, type Compiler, type Frame, type St } from './frame.ts'
import { compileFilter } from './expression.ts'
import { compileTarget } from './target.ts'
import { str } from '../python/repr.ts'
import { Output, markIf, type Activation } from '../runtime/runtime.ts'
import { analyzeAll } from './symbols.ts'
import { textOf, type Py } from '../python/values.ts'

/** Runs `body` into a buffer of its own and answers its text. */
function captured(a: Activation, body: St): string {
  const outer = a.output
  const buffer = new Output()
  a.output = buffer
  body(a)
  a.output = outer
  return buffer.text()
}

function bufferedFilter(
  node: Extract<Expression, { kind: 'filter' }>,
  frame: Frame
): (a: Activation, text: string) => Py {
  let text = ''
  const { escaping } = frame.shared
  const filter = compileFilter(node, frame, (a) =>
    markIf(escaping === 'volatile' ? a.context.autoescape : escaping, text)
  )
  return (a, input) => {
    // Set right before its only use: the innermost filter reads it before anything else can run this statement again.
    text = input
    return filter(a)
  }
}

export function compileFilterBlock(
  node: Extract<Statement, { kind: 'filterblock' }>,
  outer: Frame,
  compiler: Compiler
): St {
  const frame = outer.inner()
  analyzeAll([...node.body, node.filter], frame.symbols)
  const enter = entry(frame)
  const body = compiler.body(node.body, frame)
  const filter = bufferedFilter(node.filter, frame)
  const { line } = node
  return (a) => {
    enter?.(a)
    const text = captured(a, body)
    a.line = line
    a.output.pushValue(filter(a, text))
  }
}

export function compileAssignBlock(
  node: Extract<Statement, { kind: 'assignblock' }>,
  outer: Frame,
  compiler: Compiler
): St {
  const frame = outer.inner()
  analyzeAll(node.body, frame.symbols)
  const enter = entry(frame)
  const body = compiler.body(node.body, frame)
  const filter = node.filter === null ? null : bufferedFilter(node.filter, frame)
  const assign = compileTarget(node.target, outer)
  const { line } = node
  return (a) => {
    enter?.(a)
    const text = captured(a, body)
    a.line = line
    const value = filter === null ? text : filter(a, text)
    assign(a, a.context.autoescape ? escapeSafe(value) : value)
  }
}

// Markup(value): text is taken as safe, everything else as its str().
function escapeSafe(value: Py): Py {
  const text = textOf(value)
  return markIf(true, text ?? str(value))
}

// for loops: plain ones over an iterator, those that use `loop`, filtered and recursive ones.
import { descendants, type Expression, type ForNode } from '../syntax/ast.ts'
import { truth } from '../python/compare.ts'
import { entry, type Compiler, type Ex, type Frame, type St } from './frame.ts'
import { compileExpression } from './expression.ts'
import { checkShape } from './shape.ts'
import { compileTarget, type Assign } from './target.ts'
import { assertionError } from '../python/errors.ts'
import { iterate, unpack } from '../python/iterate.ts'
import { LoopContext, type LoopRender } from '../runtime/loop-context.ts'
import { str } from '../python/repr.ts'
import { Activation, Output, inFrames, markIf } from '../runtime/runtime.ts'
import { FunctionScope, analyzeLoop, undeclared } from './symbols.ts'
import { DONE, PyIter, PyTuple, type Next, type Py } from '../python/values.ts'

// Frames that Python spends on one level of a recursive loop.
const RECURSION_FRAMES = 4

interface Parts {
  readonly filter: ((a: Activation, items: Py) => Py) | null
  readonly assign: Assign
  readonly enter: St | null
  readonly body: St
  readonly otherwise: St | null
  readonly loopSlot: number
  readonly line: number
}

export function compileFor(node: ForNode, outer: Frame, compiler: Compiler): St {
  const scope = node.recursive ? new FunctionScope(outer.symbols.scope) : outer.symbols.scope
  const frame = outer.inner({ scope, loops: 1, indent: 1 })
  for (const name of descendants([node])) {
    if (name.kind === 'name' && name.context === 'store' && name.name === 'loop') {
      throw assertionError("Can't assign to special loop variable in for-loop target", name.line)
    }
  }
  const extended = node.recursive || undeclared(node.body, ['loop']).has('loop') || hasScopedBlock(node)
  const loopSlot = extended ? frame.symbols.declare('loop').slot : -1
  analyzeLoop(node, 'body', frame.symbols)
  checkShape(node.iter, node.line)
  const items = compileExpression(node.iter, outer)
  const parts: Parts = {
    filter: node.test === null ? null : compileCondition(node, node.test, outer, scope),
    assign: compileTarget(node.target, frame),
    enter: entry(frame),
    body: compiler.body(node.body, frame),
    otherwise: compileElse(node, outer, scope, compiler),
    loopSlot,
    line: node.line
  }
  return node.recursive ? recursiveLoop(parts, items, frame) : plainLoop(parts, items)
}

function hasScopedBlock(node: ForNode): boolean {
  for (const inner of descendants([node])) if (inner.kind === 'block' && inner.scoped) return true
  return false
}

function compileElse(node: ForNode, outer: Frame, scope: FunctionScope, compiler: Compiler): St | null {
  if (node.otherwise.length === 0) return null
  const frame = outer.inner({ scope })
  analyzeLoop(node, 'else', frame.symbols)
  const enter = entry(frame)
  const body = compiler.body(node.otherwise, frame)
  return (a) => {
    enter?.(a)
    body(a)
  }
}

/** `for … if test`: a generator over the items that pass, run between the rounds of the loop. */
function compileCondition(
  node: ForNode,
  condition: Expression,
  outer: Frame,
  scope: FunctionScope
): (a: Activation, items: Py) => Py {
  const frame = outer.inner({ scope })
  analyzeLoop(node, 'test', frame.symbols)
  const enter = entry(frame)
  const assign = compileTarget(node.target, frame)
  const test = compileExpression(condition, frame)
  const repacks = node.target.kind === 'tuple' ? node.target.items.length : 0
  return (a, items) => {
    const next = iterate(items)
    let entered = false
    const filtered: Next = () => {
      if (!entered) enter?.(a)
      entered = true
      for (let item = next(); item !== DONE; item = next()) {
        // The target is written back as a tuple, so an item of any iterable kind comes out as one.
        const value = repacks === 0 ? item : new PyTuple(unpack(item, repacks))
        assign(a, value)
        if (truth(test(a))) return value
      }
      return DONE
    }
    return new PyIter('generator', filtered)
  }
}

function plainLoop(parts: Parts, items: Ex): St {
  const { line, filter } = parts
  return (a) => {
    a.line = line
    const iterable = items(a)
    run(parts, a, filter === null ? iterable : filter(a, iterable), null, 0)
  }
}

/** One run over the items in the variables of `a`. */
function run(parts: Parts, a: Activation, items: Py, recurse: LoopRender | null, depth: number): void {
  const { assign, enter, body, otherwise, loopSlot, line } = parts
  let next: Next
  if (loopSlot < 0) next = iterate(items)
  else {
    const loop = new LoopContext(items, recurse, depth)
    a.slots[loopSlot] = loop
    next = () => loop.advance()
  }
  let ran = false
  for (let item = next(); item !== DONE; item = next()) {
    ran = true
    assign(a, item)
    if (enter !== null) enter(a)
    body(a)
    a.line = line
  }
  if (!ran && otherwise !== null) otherwise(a)
}

function recursiveLoop(parts: Parts, items: Ex, frame: Frame): St {
  const { line, filter } = parts
  const { scope } = frame.symbols
  const { escaping } = frame.shared
  return (outer) => {
    outer.line = line
    const recurse: LoopRender = (iterable, depth) => {
      const output = new Output()
      const a = new Activation(scope.size, outer, outer.context, output, line)
      inFrames(RECURSION_FRAMES, a, () =>
        run(parts, a, filter === null ? iterable : filter(a, iterable), recurse, depth)
      )
      return markIf(escaping === 'volatile' ? a.context.autoescape : escaping, output.text())
    }
    outer.output.push(str(recurse(items(outer), 0)))
  }
}

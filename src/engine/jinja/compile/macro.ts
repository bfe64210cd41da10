// Macros and call blocks: a body of its own function, called with bound arguments.
import type { CallBlockNode, MacroNode } from '../syntax/ast.ts'
import { entry, runAll, type Compiler, type Ex, type Frame, type St } from './frame.ts'
import { compileCall, compileExpression } from './expression.ts'
import { PyError, assertionError } from '../python/errors.ts'
import { MACRO_FRAMES, Macro } from '../runtime/macro.ts'
import { textRepr } from '../python/repr.ts'
import { Activation, MISSING, Output, inFrames, type Slot } from '../runtime/runtime.ts'
import { FunctionScope, analyzeAll, undeclared } from './symbols.ts'
import { Undefined } from '../python/values.ts'

interface CompiledMacro {
  readonly make: (a: Activation) => Macro
}

function compileMacroBody(node: MacroNode | CallBlockNode, outer: Frame, compiler: Compiler): CompiledMacro {
  const frame = outer.inner({ scope: new FunctionScope(outer.symbols.scope) })
  const { symbols } = frame
  const nodes = [...node.params, ...node.defaults, ...node.body]
  analyzeAll(nodes, symbols)
  const params = node.params.map(({ name }) => name)
  const special = undeclared(node.body, ['caller', 'kwargs', 'varargs'])
  if (new Set(params).size < params.length) {
    throw new PyError('SyntaxError', 'duplicate argument in function definition', node.line)
  }
  const slots = params.map((name) => frame.ref(name).slot)
  const explicit = params.indexOf('caller')
  if (special.has('caller') && explicit < 0) slots.push(symbols.declare('caller').slot)
  else if (special.has('caller') && explicit < params.length - node.defaults.length) {
    throw assertionError(
      'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
      node.line
    )
  }
  const catchKwargs = special.has('kwargs') && !params.includes('kwargs')
  const catchVarargs = special.has('varargs') && !params.includes('varargs')
  if (catchKwargs) slots.push(symbols.declare('kwargs').slot)
  if (catchVarargs) slots.push(symbols.declare('varargs').slot)
  analyzeAll(nodes, symbols)
  const enter = entry(frame)
  const defaults = compileDefaults(node, frame)
  const body = compiler.body(node.body, frame)
  const { scope } = symbols
  const { line } = node
  const name = node.kind === 'macro' ? node.name : null
  const shape = { name, params, catchKwargs, catchVarargs, caller: special.has('caller') }
  const run = (parent: Activation, values: readonly Slot[]): { text: string; activation: Activation } => {
    const output = new Output()
    const a = new Activation(scope.size, parent, parent.context, output, line)
    inFrames(MACRO_FRAMES, a, () => {
      values.forEach((value, index) => (a.slots[slots[index] as number] = value))
      enter?.(a)
      defaults(a)
      body(a)
    })
    return { text: output.text(), activation: a }
  }
  return { make: (a) => new Macro(shape, (values) => run(a, values), a.context) }
}

function compileDefaults(node: MacroNode | CallBlockNode, frame: Frame): St {
  const first = node.params.length - node.defaults.length
  const steps = node.params.map(({ name }, index) => {
    const { slot } = frame.ref(name)
    const fallback = node.defaults[index - first]
    const value: Ex =
      index < first || fallback === undefined
        ? () => new Undefined(name, undefined, `parameter ${textRepr(name)} was not provided`)
        : compileExpression(fallback, frame)
    return (a: Activation): void => {
      if (a.slots[slot] === MISSING) a.slots[slot] = value(a)
    }
  })
  return (a) => runAll(steps, a)
}

export function compileMacro(node: MacroNode, frame: Frame, compiler: Compiler): St {
  const { make } = compileMacroBody(node, frame, compiler)
  const { slot } = frame.ref(node.name)
  const { name } = node
  const exported = frame.toplevel
  return (a) => {
    const macro = make(a)
    a.slots[slot] = macro
    if (exported) a.context.vars.set(name, macro)
  }
}

export function compileCallBlock(node: CallBlockNode, frame: Frame, compiler: Compiler): St {
  const { make } = compileMacroBody(node, frame, compiler)
  const call = compileCall(node.call, frame, make)
  const { line } = node
  return (a) => {
    a.line = line
    a.output.pushValue(call(a))
  }
}

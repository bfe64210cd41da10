// Blocks: bodies of their own, printed where they stand.
import type { BlockNode } from '../syntax/ast.ts'
import { Frame, entry, slotReader, type Compiler, type Shared, type St } from './frame.ts'
import { PyError } from '../python/errors.ts'
import { KEPT_STEPS, tick } from '../python/limits.ts'
import { TemplateReference, noParentBlock } from '../runtime/objects.ts'
import { textRepr } from '../python/repr.ts'
import { Activation, MISSING, inFrames, type BlockBody, type Slot } from '../runtime/runtime.ts'
import { FunctionScope, Symbols, analyzeAll, undeclared } from './symbols.ts'
import type { Py } from '../python/values.ts'

export function compileBlockUse(node: BlockNode, frame: Frame): St {
  const { name, required, line } = node
  const locals = node.scoped
    ? [...storedNames(frame.symbols)].map((local) => {
        // Each block hands on every variable around it.
        tick(KEPT_STEPS)
        return [local, slotReader(frame, frame.ref(local))] as const
      })
    : null
  return (a) => {
    a.line = line
    if (required) throw new PyError('TemplateRuntimeError', `Required block ${textRepr(name)} not found`)
    const context = locals === null ? a.context : a.context.derived(present(locals, a))
    a.context.blocks.get(name)?.(context, a.output)
  }
}

function present(locals: readonly (readonly [string, (a: Activation) => Slot])[], a: Activation): Map<string, Py> {
  const values = new Map<string, Py>()
  for (const [name, read] of locals) {
    const value = read(a)
    if (value !== MISSING) values.set(name, value)
  }
  return values
}

function storedNames(symbols: Symbols): Set<string> {
  const names = new Set<string>()
  for (let level: Symbols | null = symbols; level !== null; level = level.parent) {
    for (const name of level.stored()) names.add(name)
  }
  return names
}

export function compileBlock(node: BlockNode, shared: Shared, compiler: Compiler): BlockBody {
  const symbols = new Symbols(null, new FunctionScope(null))
  const frame = new Frame(symbols, shared)
  const special = undeclared(node.body, ['self', 'super'])
  const self = special.has('self') ? symbols.declare('self').slot : -1
  const parent = special.has('super') ? symbols.declare('super').slot : -1
  analyzeAll(node.body, symbols)
  const enter = entry(frame)
  const body = compiler.body(node.body, frame)
  const { line, name } = node
  return (context, output) => {
    const a = new Activation(symbols.scope.size, null, context, output, line)
    inFrames(2, a, () => {
      if (self >= 0) a.slots[self] = new TemplateReference(a)
      if (parent >= 0) a.slots[parent] = noParentBlock(name)
      enter?.(a)
      body(a)
    })
  }
}

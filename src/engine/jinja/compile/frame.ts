// The scopes of the compiler, and reading and writing their variables.
import type { Statement } from '../syntax/ast.ts'
import { PyError } from '../python/errors.ts'
import type { FunctionScope } from './symbols.ts'
import { Symbols, type Ref } from './symbols.ts'
import type { Activation } from '../runtime/runtime.ts'
import { MISSING, type Slot } from '../runtime/runtime.ts'
import { Undefined, type Py } from '../python/values.ts'

export type Ex = (a: Activation) => Py
export type St = (a: Activation) => void

/** Compiles the statements of a body; passed to the parts so that they need not import the whole. */
export interface Compiler {
  readonly body: (body: readonly Statement[], frame: Frame) => St
}

/** Whether output is escaped: known while compiling, or only known while running. */
type Escaping = boolean | 'volatile'

export interface Shared {
  readonly blocks: Map<string, unknown>
  escaping: Escaping
  /** Inside a constant that is printed: Jinja computes it while compiling, where a bad slice is only undefined. */
  folding: boolean
}

export class Frame {
  readonly symbols: Symbols
  readonly shared: Shared
  readonly toplevel: boolean
  /** In a branch that may not run: unknown filters there fail when they are reached, not before. */
  readonly soft: boolean
  readonly loops: number
  readonly indent: number
  constructor(
    symbols: Symbols,
    shared: Shared,
    options: Partial<Pick<Frame, 'toplevel' | 'soft' | 'loops' | 'indent'>> = {}
  ) {
    this.symbols = symbols
    this.shared = shared
    this.toplevel = options.toplevel ?? false
    this.soft = options.soft ?? false
    this.loops = options.loops ?? 0
    this.indent = options.indent ?? 1
  }

  /** A scope inside this one; in another `scope`, the function that it belongs to. */
  inner(options: { scope?: FunctionScope; loops?: number; indent?: number } = {}): Frame {
    const scope = options.scope ?? this.symbols.scope
    const own = scope !== this.symbols.scope
    const loops = (own ? 0 : this.loops) + (options.loops ?? 0)
    const indent = this.indent + (own ? 1 : 0) + (options.indent ?? 0)
    this.#check(loops, indent)
    return new Frame(new Symbols(this.symbols, scope), this.shared, { loops, indent })
  }

  softened(): Frame {
    this.#check(this.loops, this.indent + 1)
    return new Frame(this.symbols.copy(), this.shared, { ...this, soft: true, indent: this.indent + 1 })
  }

  // CPython's own bounds on the source that Jinja generates.
  #check(loops: number, indent: number): void {
    if (indent >= 99) throw new PyError('IndentationError', 'too many levels of indentation')
    if (loops > 20) throw new PyError('SyntaxError', 'too many statically nested blocks')
  }

  ref(name: string): Ref {
    const ref = this.symbols.find(name)
    if (ref !== null) return ref
    throw new PyError(
      'AssertionError',
      `Tried to resolve a name to a reference that was unknown to the frame ('${name}')`
    )
  }
}

function hops(from: FunctionScope, to: FunctionScope): number {
  let count = 0
  for (let scope: FunctionScope | null = from; scope !== null && scope !== to; scope = scope.parent) count++
  return count
}

/** The raw variable, MISSING included. */
export function slotReader(frame: Frame, ref: Ref): (a: Activation) => Slot {
  const { slot } = ref
  const up = hops(frame.symbols.scope, ref.scope)
  if (up === 0) return (a) => a.slots[slot] as Slot
  if (up === 1) return (a) => (a.parent as Activation).slots[slot] as Slot
  return (a) => {
    let from = a
    for (let count = 0; count < up; count++) from = from.parent as Activation
    return from.slots[slot] as Slot
  }
}

export function nameReader(frame: Frame, name: string): Ex {
  const ref = frame.ref(name)
  const { slot } = ref
  if (ref.scope === frame.symbols.scope) {
    return (a) => {
      const value = a.slots[slot] as Slot
      return value === MISSING ? new Undefined(name) : value
    }
  }
  const read = slotReader(frame, ref)
  return (a) => {
    const value = read(a)
    return value === MISSING ? new Undefined(name) : value
  }
}

/** Gives the variables of a scope their first values; null when there are none. */
export function entry(frame: Frame): St | null {
  const steps: St[] = []
  for (const [ref, load] of frame.symbols.loads) {
    const { slot } = ref
    if (load.kind === 'resolve') {
      const { name } = load
      steps.push((a) => {
        a.slots[slot] = a.context.resolve(name)
      })
    } else if (load.kind === 'alias') {
      const read = slotReader(frame, load.of)
      steps.push((a) => {
        a.slots[slot] = read(a)
      })
    } else if (load.kind === 'missing') {
      steps.push((a) => {
        a.slots[slot] = MISSING
      })
    }
  }
  if (steps.length === 0) return null
  return steps.length === 1 ? (steps[0] as St) : (a) => runAll(steps, a)
}

export function runAll(steps: readonly St[], a: Activation): void {
  for (let index = 0; index < steps.length; index++) (steps[index] as St)(a)
}

export function evaluateAll(list: readonly Ex[], a: Activation): Py[] {
  const values = new Array<Py>(list.length)
  for (let index = 0; index < list.length; index++) values[index] = (list[index] as Ex)(a)
  return values
}

// Which variable a name means. Jinja decides that before rendering: every scope reads the names it uses from the scope
// around it, or from the context, when it is entered, and assignments stay inside. Imitates jinja2.idtracking.
import { tick } from '../python/limits.ts'
import { children, type Expression, type ForNode, type IfNode, type Node, type WithNode } from '../syntax/ast.ts'

/** The variables of one function (the template, a block, a macro, a recursive loop): slots of its activation. */
export class FunctionScope {
  readonly parent: FunctionScope | null
  readonly #slots = new Map<string, number>()
  constructor(parent: FunctionScope | null) {
    this.parent = parent
  }
  get size(): number {
    return this.#slots.size
  }
  slot(name: string): number {
    const known = this.#slots.get(name)
    if (known !== undefined) return known
    const fresh = this.#slots.size
    this.#slots.set(name, fresh)
    return fresh
  }
}

export interface Ref {
  readonly scope: FunctionScope
  readonly slot: number
}

export type Load =
  | { readonly kind: 'param' }
  | { readonly kind: 'resolve'; readonly name: string }
  | { readonly kind: 'alias'; readonly of: Ref }
  | { readonly kind: 'missing' }

export class Symbols {
  readonly parent: Symbols | null
  readonly scope: FunctionScope
  readonly level: number
  /** What this one was copied from: its names stand here too, and only what is new or other is kept below. */
  readonly #base: Symbols | null
  readonly #refs = new Map<string, Ref>()
  readonly loads = new Map<Ref, Load>()
  readonly #stores = new Set<string>()
  constructor(parent: Symbols | null, scope: FunctionScope, base: Symbols | null = null) {
    this.parent = parent
    this.scope = scope
    this.#base = base
    this.level = base?.level ?? (parent === null ? 0 : parent.level + 1)
  }

  /** A copy, which costs nothing: nobody adds to the original while the copy is in use. */
  copy(): Symbols {
    return new Symbols(this.parent, this.scope, this)
  }

  #own(name: string): Ref | undefined {
    const ref = this.#refs.get(name)
    return ref !== undefined || this.#base === null ? ref : this.#base.#own(name)
  }

  #isStored(name: string): boolean {
    return this.#stores.has(name) || (this.#base !== null && this.#base.#isStored(name))
  }

  /** Names that are assigned here. */
  *stored(): Generator<string, void, undefined> {
    if (this.#base !== null) yield* this.#base.stored()
    yield* this.#stores
  }

  #define(name: string, load: Load): Ref {
    const slot = this.scope.slot(`${this.level} ${name}`)
    let ref = this.#own(name)
    if (ref === undefined || ref.slot !== slot) ref = { scope: this.scope, slot }
    this.#refs.set(name, ref)
    this.loads.set(ref, load)
    return ref
  }

  find(name: string): Ref | null {
    return this.#own(name) ?? this.parent?.find(name) ?? null
  }

  store(name: string): void {
    this.#stores.add(name)
    if (this.#own(name) !== undefined) return
    const outer = this.parent?.find(name) ?? null
    this.#define(name, outer === null ? { kind: 'missing' } : { kind: 'alias', of: outer })
  }

  declare(name: string): Ref {
    this.#stores.add(name)
    return this.#define(name, { kind: 'param' })
  }

  load(name: string): void {
    if (this.find(name) === null) this.#define(name, { kind: 'resolve', name })
  }

  /** Takes over what the branches of an `if`, copies of this one, found; what only a branch stores is read from outside before. */
  merge(branches: readonly Symbols[]): void {
    const fresh = new Set<string>()
    for (const branch of branches) for (const name of branch.#stores) if (!this.#isStored(name)) fresh.add(name)
    for (const branch of branches) {
      for (const [name, ref] of branch.#refs) {
        const known = this.#own(name)
        // Both branches may have made their own reference to one slot.
        if (known === undefined) this.#refs.set(name, ref)
        const target = known ?? ref
        const load = branch.loads.get(ref)
        if (load !== undefined) this.loads.set(target, load)
      }
      for (const name of branch.#stores) this.#stores.add(name)
    }
    for (const name of fresh) {
      const outer = this.parent?.find(name) ?? null
      this.loads.set(this.find(name) as Ref, outer === null ? { kind: 'resolve', name } : { kind: 'alias', of: outer })
    }
  }
}

/** Enters the names that `node` uses in the scope of `symbols`; what has its own scope is left for later. */
export function analyze(node: Node, symbols: Symbols): void {
  tick()
  switch (node.kind) {
    case 'name':
      if (node.context === 'param') symbols.declare(node.name)
      else if (node.context === 'store') symbols.store(node.name)
      else symbols.load(node.name)
      return
    case 'nsref':
      symbols.load(node.name)
      return
    case 'if':
      analyzeIf(node, symbols)
      return
    case 'macro':
      symbols.store(node.name)
      return
    case 'import':
      analyze(node.template, symbols)
      for (const name of node.names) symbols.store(name)
      return
    case 'assign':
      analyze(node.node, symbols)
      analyze(node.target, symbols)
      return
    case 'for':
      analyze(node.iter, symbols)
      return
    case 'callblock':
      analyze(node.call, symbols)
      return
    case 'filterblock':
      analyze(node.filter, symbols)
      return
    case 'with':
      for (const value of node.values) analyze(value, symbols)
      return
    case 'assignblock':
      analyze(node.target, symbols)
      return
    case 'autoescape':
    case 'block':
      return
    default:
      for (const child of children(node)) analyze(child, symbols)
  }
}

function analyzeIf(node: IfNode, symbols: Symbols): void {
  analyze(node.test, symbols)
  const branch = (nodes: readonly Node[]): Symbols => {
    const copy = symbols.copy()
    for (const child of nodes) analyze(child, copy)
    return copy
  }
  symbols.merge([branch(node.body), branch(node.elifs), branch(node.otherwise)])
}

export function analyzeAll(nodes: readonly Node[], symbols: Symbols): void {
  for (const node of nodes) analyze(node, symbols)
}

function declareTargets(target: Expression, symbols: Symbols): void {
  if (target.kind === 'name') symbols.declare(target.name)
  else for (const child of children(target)) declareTargets(child as Expression, symbols)
}

export function analyzeLoop(node: ForNode, part: 'body' | 'else' | 'test', symbols: Symbols): void {
  if (part !== 'else') declareTargets(node.target, symbols)
  if (part === 'test') {
    if (node.test !== null) analyze(node.test, symbols)
  } else analyzeAll(part === 'body' ? node.body : node.otherwise, symbols)
}

export function analyzeWith(node: WithNode, symbols: Symbols): void {
  analyzeAll(node.targets, symbols)
  analyzeAll(node.body, symbols)
}

/**
 * Which of `names` the nodes read before they assign them. Blocks are not entered, and any other use of such a name
 * ends the search for it, as in jinja2.compiler.UndeclaredNameVisitor.
 */
export function undeclared(nodes: readonly Node[], names: readonly string[]): Set<string> {
  const open = new Set(names)
  const found = new Set<string>()
  const visit = (node: Node): void => {
    tick()
    if (found.size === open.size) return
    if (node.kind === 'block') return
    if (node.kind === 'name') {
      if (node.context === 'load' && open.has(node.name)) found.add(node.name)
      else open.delete(node.name)
      return
    }
    for (const child of children(node)) visit(child)
  }
  for (const node of nodes) visit(node)
  return found
}

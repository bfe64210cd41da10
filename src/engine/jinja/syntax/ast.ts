// The syntax tree, with the fields of Jinja's own nodes in their order: looking for undeclared names depends on it.
import type { Py } from '../python/values.ts'

interface At {
  readonly line: number
}

export interface NameNode extends At {
  readonly kind: 'name'
  readonly name: string
  context: 'load' | 'store' | 'param'
}
interface NamespaceRefNode extends At {
  readonly kind: 'nsref'
  readonly name: string
  readonly attribute: string
}
interface ConstNode extends At {
  readonly kind: 'const'
  readonly value: Py
}
interface DataNode extends At {
  readonly kind: 'data'
  readonly text: string
}
interface TupleNode extends At {
  readonly kind: 'tuple'
  readonly items: readonly Expression[]
}
interface ListNode extends At {
  readonly kind: 'list'
  readonly items: readonly Expression[]
}
interface DictNode extends At {
  readonly kind: 'dict'
  readonly pairs: readonly { readonly key: Expression; readonly value: Expression }[]
}
interface ConditionNode extends At {
  readonly kind: 'condition'
  readonly test: Expression
  readonly then: Expression
  readonly otherwise: Expression | null
}
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | 'and' | 'or'
interface BinaryNode extends At {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
}
interface UnaryNode extends At {
  readonly kind: 'unary'
  readonly operator: 'not' | '-' | '+'
  readonly node: Expression
}
interface ConcatNode extends At {
  readonly kind: 'concat'
  readonly nodes: readonly Expression[]
}
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'notin'
interface CompareNode extends At {
  readonly kind: 'compare'
  readonly first: Expression
  readonly rest: readonly { readonly operator: Comparison; readonly node: Expression }[]
}
export interface CallArguments {
  readonly args: readonly Expression[]
  readonly kwargs: readonly { readonly key: string; readonly value: Expression }[]
  readonly dynArgs: Expression | null
  readonly dynKwargs: Expression | null
}
interface CallNode extends At, CallArguments {
  readonly kind: 'call'
  readonly node: Expression
}
export interface FilterNode extends At, CallArguments {
  readonly kind: 'filter'
  readonly node: Expression | null
  readonly name: string
}
export interface TestNode extends At, CallArguments {
  readonly kind: 'test'
  readonly node: Expression
  readonly name: string
}
interface AttributeNode extends At {
  readonly kind: 'attribute'
  readonly node: Expression
  readonly name: string
}
interface ItemNode extends At {
  readonly kind: 'item'
  readonly node: Expression
  readonly key: Expression
}
interface SliceNode extends At {
  readonly kind: 'slice'
  readonly start: Expression | null
  readonly stop: Expression | null
  readonly step: Expression | null
}

export type Expression =
  | NameNode
  | NamespaceRefNode
  | ConstNode
  | DataNode
  | TupleNode
  | ListNode
  | DictNode
  | ConditionNode
  | BinaryNode
  | UnaryNode
  | ConcatNode
  | CompareNode
  | CallNode
  | FilterNode
  | TestNode
  | AttributeNode
  | ItemNode
  | SliceNode

interface OutputNode extends At {
  readonly kind: 'output'
  readonly nodes: readonly Expression[]
}
export interface ForNode extends At {
  readonly kind: 'for'
  readonly target: Expression
  readonly iter: Expression
  readonly body: readonly Statement[]
  readonly otherwise: readonly Statement[]
  readonly test: Expression | null
  readonly recursive: boolean
}
export interface IfNode extends At {
  readonly kind: 'if'
  readonly test: Expression
  readonly body: readonly Statement[]
  readonly elifs: readonly IfNode[]
  readonly otherwise: readonly Statement[]
}
export interface MacroNode extends At {
  readonly kind: 'macro'
  readonly name: string
  readonly params: readonly NameNode[]
  readonly defaults: readonly Expression[]
  readonly body: readonly Statement[]
}
export interface CallBlockNode extends At {
  readonly kind: 'callblock'
  readonly call: CallNode
  readonly params: readonly NameNode[]
  readonly defaults: readonly Expression[]
  readonly body: readonly Statement[]
}
interface FilterBlockNode extends At {
  readonly kind: 'filterblock'
  readonly body: readonly Statement[]
  readonly filter: FilterNode
}
export interface WithNode extends At {
  readonly kind: 'with'
  readonly targets: readonly Expression[]
  readonly values: readonly Expression[]
  readonly body: readonly Statement[]
}
export interface BlockNode extends At {
  readonly kind: 'block'
  readonly name: string
  readonly body: readonly Statement[]
  readonly scoped: boolean
  readonly required: boolean
}
interface ExtendsNode extends At {
  readonly kind: 'extends'
  readonly template: Expression
}
export interface IncludeNode extends At {
  readonly kind: 'include'
  readonly template: Expression
  readonly ignoreMissing: boolean
}
interface ImportNode extends At {
  readonly kind: 'import'
  readonly template: Expression
  /** Names that the import assigns. */
  readonly names: readonly string[]
}
interface AssignNode extends At {
  readonly kind: 'assign'
  readonly target: Expression
  readonly node: Expression
}
interface AssignBlockNode extends At {
  readonly kind: 'assignblock'
  readonly target: Expression
  readonly filter: FilterNode | null
  readonly body: readonly Statement[]
}
interface AutoescapeNode extends At {
  readonly kind: 'autoescape'
  readonly value: Expression
  readonly body: readonly Statement[]
}

export type Statement =
  | OutputNode
  | ForNode
  | IfNode
  | MacroNode
  | CallBlockNode
  | FilterBlockNode
  | WithNode
  | BlockNode
  | ExtendsNode
  | IncludeNode
  | ImportNode
  | AssignNode
  | AssignBlockNode
  | AutoescapeNode

export type Node = Expression | Statement

const present = <T>(values: readonly (T | null)[]): T[] => values.filter((value): value is T => value !== null)

function callChildren(node: CallArguments): Node[] {
  return [...node.args, ...node.kwargs.map(({ value }) => value), ...present([node.dynArgs, node.dynKwargs])]
}

function expressionChildren(node: Expression): Node[] {
  switch (node.kind) {
    case 'tuple':
    case 'list':
      return [...node.items]
    case 'dict':
      return node.pairs.flatMap(({ key, value }) => [key, value])
    case 'condition':
      return present([node.test, node.then, node.otherwise])
    case 'binary':
      return [node.left, node.right]
    case 'unary':
    case 'attribute':
      return [node.node]
    case 'concat':
      return [...node.nodes]
    case 'compare':
      return [node.first, ...node.rest.map((operand) => operand.node)]
    case 'call':
    case 'test':
      return [node.node, ...callChildren(node)]
    case 'filter':
      return [...present([node.node]), ...callChildren(node)]
    case 'item':
      return [node.node, node.key]
    case 'slice':
      return present([node.start, node.stop, node.step])
    default:
      return []
  }
}

/** The nodes directly below, in the order of Jinja's fields. */
export function children(node: Node): Node[] {
  switch (node.kind) {
    case 'output':
      return [...node.nodes]
    case 'for':
      return [node.target, node.iter, ...node.body, ...node.otherwise, ...present([node.test])]
    case 'if':
      return [node.test, ...node.body, ...node.elifs, ...node.otherwise]
    case 'macro':
      return [...node.params, ...node.defaults, ...node.body]
    case 'callblock':
      return [node.call, ...node.params, ...node.defaults, ...node.body]
    case 'filterblock':
      return [...node.body, node.filter]
    case 'with':
      return [...node.targets, ...node.values, ...node.body]
    case 'block':
      return [...node.body]
    case 'extends':
    case 'include':
    case 'import':
      return [node.template]
    case 'assign':
      return [node.target, node.node]
    case 'assignblock':
      return [node.target, ...present([node.filter]), ...node.body]
    case 'autoescape':
      return [node.value, ...node.body]
    default:
      return expressionChildren(node)
  }
}

/** Every node below the given ones, parents first. */
export function* descendants(nodes: readonly Node[]): Generator<Node, void, undefined> {
  const queue: Node[] = [...nodes].reverse()
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    yield node
    // One by one: a call takes only so many arguments.
    for (const child of children(node).reverse()) queue.push(child)
  }
}

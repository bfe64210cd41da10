// Expressions become closures over an activation. Each is compiled once and holds no state of a rendering.
import { getAttribute, getItem } from '../runtime/access.ts'
import type { CallArguments, Comparison, Expression, FilterNode, TestNode } from '../syntax/ast.ts'
import { collectionMethodNames } from '../python/collection-methods.ts'
import { nameReader, type Ex, type Frame } from './frame.ts'
import { equal, hashKey, ordered, truth, undefinedError } from '../python/compare.ts'
import { PyError, assertionError, typeError } from '../python/errors.ts'
import { filters, type FilterCall } from '../filters/filters.ts'
import { contains, toArray, tryIterate } from '../python/iterate.ts'
import { CONTAINER_STEPS, claimItems, tick } from '../python/limits.ts'
import * as operators from '../python/operators.ts'
import { slice } from '../python/slicing.ts'
import { repr, textRepr } from '../python/repr.ts'
import { callValue, type Activation } from '../runtime/runtime.ts'
import { tests } from '../filters/tests.ts'
import {
  NO_KWARGS,
  PyDict,
  PyList,
  PyTuple,
  Undefined,
  textOf,
  typeName,
  type Kwargs,
  type Py
} from '../python/values.ts'

export function compileExpression(node: Expression, frame: Frame): Ex {
  tick()
  switch (node.kind) {
    case 'name':
      return nameReader(frame, node.name)
    case 'const': {
      const { value } = node
      return () => value
    }
    case 'data': {
      const { text } = node
      return () => text
    }
    case 'tuple':
      return compileTuple(node.items, frame)
    case 'list': {
      const items = compileAll(node.items, frame)
      return (a) => {
        tick(CONTAINER_STEPS)
        return new PyList(evaluateAll(items, a))
      }
    }
    case 'dict':
      return compileDict(node, frame)
    case 'condition':
      return compileCondition(node, frame)
    case 'binary':
      return compileBinary(node, frame)
    case 'unary':
      return compileUnary(node, frame)
    case 'concat':
      return compileConcat(node.nodes, frame)
    case 'compare':
      return compileCompare(node, frame)
    case 'call':
      return compileCall(node, frame)
    case 'filter':
      return compileFilter(node, frame, null)
    case 'test':
      return compileTest(node, frame)
    case 'attribute':
      return compileAttribute(compileExpression(node.node, frame), node.name)
    case 'item':
      return compileItem(node, frame)
    case 'slice':
    case 'nsref':
      throw new PyError('SyntaxError', 'invalid syntax', node.line)
  }
}

function compileAll(nodes: readonly Expression[], frame: Frame): Ex[] {
  return nodes.map((node) => compileExpression(node, frame))
}

function evaluateAll(list: readonly Ex[], a: Activation): Py[] {
  const values = new Array<Py>(list.length)
  for (let index = 0; index < list.length; index++) values[index] = (list[index] as Ex)(a)
  return values
}

function compileTuple(nodes: readonly Expression[], frame: Frame): Ex {
  const items = compileAll(nodes, frame)
  return (a) => {
    tick(CONTAINER_STEPS)
    return new PyTuple(evaluateAll(items, a))
  }
}

function compileDict(node: Extract<Expression, { kind: 'dict' }>, frame: Frame): Ex {
  const pairs = node.pairs.map(({ key, value }) => ({
    key: compileExpression(key, frame),
    value: compileExpression(value, frame)
  }))
  return (a) => {
    tick(CONTAINER_STEPS)
    const dict = new PyDict()
    for (const pair of pairs) {
      const key = pair.key(a)
      const value = pair.value(a)
      dict.set(hashKey(key), key, value)
    }
    return dict
  }
}

function compileCondition(node: Extract<Expression, { kind: 'condition' }>, outer: Frame): Ex {
  const frame = outer.softened()
  const then = compileExpression(node.then, frame)
  const test = compileExpression(node.test, frame)
  if (node.otherwise === null) {
    const hint = `the inline if-expression on line ${node.line} evaluated to false and no else section was defined.`
    return (a) => (truth(test(a)) ? then(a) : new Undefined(null, undefined, hint))
  }
  const otherwise = compileExpression(node.otherwise, frame)
  return (a) => (truth(test(a)) ? then(a) : otherwise(a))
}

function compileBinary(node: Extract<Expression, { kind: 'binary' }>, frame: Frame): Ex {
  const left = compileExpression(node.left, frame)
  const right = compileExpression(node.right, frame)
  switch (node.operator) {
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

function compileUnary(node: Extract<Expression, { kind: 'unary' }>, frame: Frame): Ex {
  const operand = compileExpression(node.node, frame)
  if (node.operator === 'not') return (a) => !truth(operand(a))
  return node.operator === '-' ? (a) => operators.negate(operand(a)) : (a) => operators.positive(operand(a))
}

function compileConcat(nodes: readonly Expression[], frame: Frame): Ex {
  const parts = compileAll(nodes, frame)
  const { escaping } = frame.shared
  // Jinja asks `eval_ctx.volatile` at run time here, which a volatile part has set.
  const escape = escaping !== false
  return (a) => operators.concat(evaluateAll(parts, a), escape)
}

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

function compileCompare(node: Extract<Expression, { kind: 'compare' }>, frame: Frame): Ex {
  const first = compileExpression(node.first, frame)
  const rest = node.rest.map((operand) => ({
    compare: COMPARE[operand.operator],
    value: compileExpression(operand.node, frame)
  }))
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

const DICT_METHODS = new Set(collectionMethodNames.dict)

function compileAttribute(owner: Ex, name: string): Ex {
  if (DICT_METHODS.has(name) || name.startsWith('_') || name === 'mro') return (a) => getAttribute(owner(a), name)
  // A dict has no other public attributes than its methods, so the key can be read at once.
  return (a) => {
    const value = owner(a)
    if (!(value instanceof PyDict)) return getAttribute(value, name)
    const found = value.text(name)
    return found === undefined ? new Undefined(name, value) : found
  }
}

function compileItem(node: Extract<Expression, { kind: 'item' }>, frame: Frame): Ex {
  const owner = compileExpression(node.node, frame)
  const { key } = node
  if (key.kind === 'slice') {
    const [start, stop, step] = [key.start, key.stop, key.step].map((part) =>
      part === null ? null : compileExpression(part, frame)
    ) as [Ex | null, Ex | null, Ex | null]
    const cut = frame.shared.folding ? leniently : slice
    return (a) => cut(owner(a), start?.(a) ?? null, stop?.(a) ?? null, step?.(a) ?? null)
  }
  const index = compileExpression(key, frame)
  return (a) => getItem(owner(a), index(a))
}

function leniently(value: Py, start: Py, stop: Py, step: Py): Py {
  try {
    return slice(value, start, stop, step)
  } catch (error) {
    if (error instanceof PyError && (error.type === 'TypeError' || error.type === 'KeyError')) {
      return new Undefined(null, value, 'slice')
    }
    throw error
  }
}

interface CompiledArguments {
  readonly args: (a: Activation, first?: Py) => Py[]
  readonly kwargs: (a: Activation) => Kwargs
}

function compileArguments(node: CallArguments, frame: Frame): CompiledArguments {
  const seen = new Set<string>()
  for (const { key } of node.kwargs) {
    if (seen.has(key)) throw new PyError('SyntaxError', `keyword argument repeated: ${key}`)
    seen.add(key)
  }
  const positional = compileAll(node.args, frame)
  const named = node.kwargs.map(({ key, value }) => ({ key, value: compileExpression(value, frame) }))
  const spread = node.dynArgs === null ? null : compileExpression(node.dynArgs, frame)
  const spreadNamed = node.dynKwargs === null ? null : compileExpression(node.dynKwargs, frame)
  const args = (a: Activation, first?: Py): Py[] => {
    const values = evaluateAll(positional, a)
    if (first !== undefined) values.unshift(first)
    if (spread !== null) addSpread(values, spread(a))
    return values
  }
  const kwargs = (a: Activation): Kwargs => {
    if (named.length === 0 && spreadNamed === null) return NO_KWARGS
    const values = new Map<string, Py>()
    for (const { key, value } of named) values.set(key, value(a))
    if (spreadNamed !== null) addNamed(values, spreadNamed(a))
    return values
  }
  return { args, kwargs }
}

function addSpread(values: Py[], spread: Py): void {
  if (tryIterate(spread) === undefined) {
    throw typeError(`Value after * must be an iterable, not ${typeName(spread)}`)
  }
  for (const item of toArray(spread)) values.push(item)
  claimItems(values.length)
}

function addNamed(values: Map<string, Py>, spread: Py): void {
  if (spread instanceof Undefined) throw undefinedError(spread)
  if (!(spread instanceof PyDict)) {
    throw typeError(`argument after ** must be a mapping, not ${typeName(spread)}`)
  }
  const given = spread.values()
  spread.keys().forEach((key, index) => {
    const name = textOf(key)
    if (name === undefined) throw typeError('keywords must be strings')
    if (values.has(name)) throw typeError(`got multiple values for keyword argument ${repr(name)}`)
    values.set(name, given[index] as Py)
  })
}

/** A call; `caller` is the body of a call block. */
export function compileCall(
  node: Extract<Expression, { kind: 'call' }>,
  frame: Frame,
  caller: ((a: Activation) => Py) | null = null
): Ex {
  const callee = compileExpression(node.node, frame)
  const { args, kwargs } = compileArguments(node, frame)
  if (caller === null) return (a) => callValue(callee(a), args(a), kwargs(a))
  return (a) => {
    const value = callee(a)
    const positional = args(a)
    const named = new Map(kwargs(a))
    if (named.has('caller')) throw typeError("got multiple values for keyword argument 'caller'")
    named.set('caller', caller(a))
    return callValue(value, positional, named)
  }
}

function missing(kind: 'filter' | 'test', name: string, line: number, frame: Frame): Ex {
  if (!frame.soft) throw assertionError(`No ${kind} named ${textRepr(name)}.`, line)
  return () => {
    throw new PyError('TemplateRuntimeError', `No ${kind} named ${textRepr(name)} found.`)
  }
}

/** A filter; `input` is what the innermost one of a filter block or set block works on. */
export function compileFilter(node: FilterNode, frame: Frame, input: Ex | null): Ex {
  const filter = filters.get(node.name)
  const fail = filter === undefined ? missing('filter', node.name, node.line, frame) : null
  const value = compileFilterInput(node, frame, input)
  const { args, kwargs } = compileArguments(node, frame)
  if (filter === undefined) {
    return (a) => {
      args(a, value(a))
      kwargs(a)
      return (fail as Ex)(a)
    }
  }
  return (a) => {
    tick()
    const first = value(a)
    return filter(args(a, first), kwargs(a), a.context as FilterCall)
  }
}

function compileFilterInput(node: FilterNode, frame: Frame, input: Ex | null): Ex {
  if (node.node === null) return input ?? (() => '')
  if (input !== null && node.node.kind === 'filter') return compileFilter(node.node, frame, input)
  return compileExpression(node.node, frame)
}

function compileTest(node: TestNode, frame: Frame): Ex {
  const test = tests.get(node.name)
  const fail = test === undefined ? missing('test', node.name, node.line, frame) : null
  const value = compileExpression(node.node, frame)
  const { args, kwargs } = compileArguments(node, frame)
  return (a) => {
    tick()
    const all = args(a, value(a))
    return test === undefined ? (fail as Ex)(a) : test(all, kwargs(a))
  }
}

// Expressions become closures over an activation. Each is compiled once and holds no state of a rendering.
import { getAttribute, getItem } from '../runtime/access.ts'
import type { Expression, FilterNode, TestNode } from '../syntax/ast.ts'
import { collectionMethodNames } from '../python/collection-methods.ts'
import { evaluateAll, nameReader, type Ex, type Frame } from './frame.ts'
import { hashKey, truth } from '../python/compare.ts'
import { PyError, assertionError, typeError } from '../python/errors.ts'
import { filters, type FilterCall } from '../filters/filters.ts'
import { CONTAINER_STEPS, tick } from '../python/limits.ts'
import * as operators from '../python/operators.ts'
import { slice } from '../python/slicing.ts'
import { textRepr } from '../python/repr.ts'
import { callValue, type Activation } from '../runtime/runtime.ts'
import { tests } from '../filters/tests.ts'
import { PyDict, PyList, PyTuple, Undefined, type Py } from '../python/values.ts'
import { compileBinary, compileCompare, compileUnary } from './operation.ts'
import { compileArguments } from './arguments.ts'

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
      return compileBinary(node.operator, compileExpression(node.left, frame), compileExpression(node.right, frame))
    case 'unary':
      return compileUnary(node.operator, compileExpression(node.node, frame))
    case 'concat':
      return compileConcat(node.nodes, frame)
    case 'compare':
      return compileCompare(
        compileExpression(node.first, frame),
        node.rest.map((operand) => ({ ...operand, value: compileExpression(operand.node, frame) }))
      )
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

function compileConcat(nodes: readonly Expression[], frame: Frame): Ex {
  const parts = compileAll(nodes, frame)
  const { escaping } = frame.shared
  // Jinja asks `eval_ctx.volatile` at run time here, which a volatile part has set.
  const escape = escaping !== false
  return (a) => operators.concat(evaluateAll(parts, a), escape)
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

/** A call; `caller` is the body of a call block. */
export function compileCall(
  node: Extract<Expression, { kind: 'call' }>,
  frame: Frame,
  caller: ((a: Activation) => Py) | null = null
): Ex {
  const callee = compileExpression(node.node, frame)
  const { args, kwargs } = compileArguments(node, (one) => compileExpression(one, frame))
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
  const { args, kwargs } = compileArguments(node, (one) => compileExpression(one, frame))
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
  const { args, kwargs } = compileArguments(node, (one) => compileExpression(one, frame))
  return (a) => {
    tick()
    const all = args(a, value(a))
    return test === undefined ? (fail as Ex)(a) : test(all, kwargs(a))
  }
}

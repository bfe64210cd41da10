// The arguments of calls, filters and tests become closures.
import type { CallArguments, Expression } from '../syntax/ast.ts'
import { evaluateAll, type Ex } from './frame.ts'
import { undefinedError } from '../python/compare.ts'
import { PyError, typeError } from '../python/errors.ts'
import { toArray, tryIterate } from '../python/iterate.ts'
import { claimItems } from '../python/limits.ts'
import { repr } from '../python/repr.ts'
import type { Activation } from '../runtime/runtime.ts'
import { NO_KWARGS, PyDict, Undefined, textOf, typeName, type Kwargs, type Py } from '../python/values.ts'

interface CompiledArguments {
  readonly args: (a: Activation, first?: Py) => Py[]
  readonly kwargs: (a: Activation) => Kwargs
}

export function compileArguments(node: CallArguments, compile: (node: Expression) => Ex): CompiledArguments {
  const seen = new Set<string>()
  for (const { key } of node.kwargs) {
    if (seen.has(key)) throw new PyError('SyntaxError', `keyword argument repeated: ${key}`)
    seen.add(key)
  }
  const positional = node.args.map(compile)
  const named = node.kwargs.map(({ key, value }) => ({ key, value: compile(value) }))
  const spread = node.dynArgs === null ? null : compile(node.dynArgs)
  const spreadNamed = node.dynKwargs === null ? null : compile(node.dynKwargs)
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

// What filters and tests are called with.
import { bind, signature } from '../python/signature.ts'
import type { Context } from './runtime.ts'
import type { Kwargs, Py } from '../python/values.ts'

/** The context that a filter sees: whether output is escaped. */
export type FilterCall = Pick<Context, 'autoescape'>
export type Filter = (args: readonly Py[], kwargs: Kwargs, call: FilterCall) => Py
export type Test = (args: readonly Py[], kwargs: Kwargs) => boolean
type Bound = readonly (Py | undefined)[]

/** A filter with named parameters; `text` as in signature(), the value being filtered first. */
export function filter(name: string, text: string, run: (args: Bound, call: FilterCall) => Py): Filter {
  const to = signature(name, text)
  return (args, kwargs, call) => run(bind(to, args, kwargs), call)
}

export function test(name: string, text: string, run: (args: Bound) => boolean): Test {
  const to = signature(name, text)
  return (args, kwargs) => run(bind(to, args, kwargs))
}

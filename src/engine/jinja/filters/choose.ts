// select, reject and map: what is done with each item is named by the template.
import type { Filter, FilterCall } from '../runtime/calls.ts'
import { hashKey, truth } from '../python/compare.ts'
import { PyError, filterArgumentError, typeError } from '../python/errors.ts'
import { attributeGetter, type Getter } from './help.ts'
import { generator, iterate } from '../python/iterate.ts'
import { repr } from '../python/repr.ts'
import { tests } from './tests.ts'
import { DONE, type Kwargs, type Py } from '../python/values.ts'

/** A test by name, as select() and its kin call it. */
function namedTest(name: Py, args: readonly Py[], kwargs: Kwargs): Getter {
  const test = typeof name === 'string' ? tests.get(name) : undefined
  return (item) => {
    hashKey(name)
    if (test === undefined) throw new PyError('TemplateRuntimeError', `No test named ${repr(name)}.`)
    return test([item, ...args], kwargs)
  }
}

function* selected(
  args: readonly Py[],
  kwargs: Kwargs,
  keep: boolean,
  byAttribute: boolean
): Generator<Py, void, undefined> {
  const [value, ...rest] = args as [Py, ...Py[]]
  if (!truth(value)) return
  let get: Getter = (item) => item
  if (byAttribute) {
    const attribute = rest.shift()
    if (attribute === undefined) throw filterArgumentError('Missing parameter for attribute name')
    get = attributeGetter(attribute)
  }
  const name = rest.shift()
  const check: Getter = name === undefined ? truth : namedTest(name, rest, kwargs)
  const next = iterate(value)
  for (let item = next(); item !== DONE; item = next()) if (truth(check(get(item))) === keep) yield item
}

/** select, reject, selectattr and rejectattr. */
export const selecting =
  (name: string, keep: boolean, byAttribute: boolean): Filter =>
  (args, kwargs) => {
    if (args.length === 0) throw typeError(`${name}() missing 1 required positional argument: 'value'`)
    return generator('select_or_reject', selected(args, kwargs, keep, byAttribute))
  }

type FilterTable = ReadonlyMap<string, Filter>

function mapper(rest: readonly Py[], kwargs: Kwargs, call: FilterCall, table: FilterTable): Getter {
  if (rest.length === 0 && kwargs.has('attribute')) {
    const unexpected = [...kwargs.keys()].find((name) => name !== 'attribute' && name !== 'default')
    if (unexpected !== undefined) throw filterArgumentError(`Unexpected keyword argument ${repr(unexpected)}`)
    return attributeGetter(kwargs.get('attribute') as Py, kwargs.get('default') ?? null)
  }
  const [name, ...args] = rest
  if (name === undefined) throw filterArgumentError('map requires a filter argument')
  const filter = typeof name === 'string' ? table.get(name) : undefined
  return (item) => {
    hashKey(name)
    if (filter === undefined) throw new PyError('TemplateRuntimeError', `No filter named ${repr(name)}.`)
    return filter([item, ...args], kwargs, call)
  }
}

function* mapped(
  args: readonly Py[],
  kwargs: Kwargs,
  call: FilterCall,
  table: FilterTable
): Generator<Py, void, undefined> {
  const [value, ...rest] = args as [Py, ...Py[]]
  if (!truth(value)) return
  const change = mapper(rest, kwargs, call, table)
  const next = iterate(value)
  for (let item = next(); item !== DONE; item = next()) yield change(item)
}

/** The filter map, over the table that it is part of. */
export const mapFilter =
  (table: FilterTable): Filter =>
  (args, kwargs, call) => {
    if (args.length === 0) throw typeError("sync_do_map() missing 1 required positional argument: 'value'")
    return generator('sync_do_map', mapped(args, kwargs, call, table))
  }

// Methods of list, tuple, dict, its views, set and range.
import { hashKey, keyedMembers, same, setKeys, sortByKeys, undefinedError } from './compare.ts'
import { PyError, typeError, valueError } from './errors.ts'
import { iterate, rangeIndex, toArray } from './iterate.ts'
import { KEPT_STEPS, checkItems, claimItems, tick } from './limits.ts'
import { boundMethod, methods, needFlag, needIndex, type Methods } from './methods.ts'
import { repr } from './repr.ts'
import { sliceBounds } from './slicing.ts'
import { keyError } from './subscript.ts'
import type { PyRange } from './values.ts'
import {
  DONE,
  PyDict,
  PyFunction,
  PyList,
  PySet,
  PyTuple,
  PyView,
  Undefined,
  isObject,
  typeName,
  type Kwargs,
  type Py
} from './values.ts'

function countOf(items: readonly Py[], value: Py): number {
  tick(items.length)
  return items.filter((item) => same(item, value)).length
}

function indexIn(items: readonly Py[], value: Py, start: Py | undefined, end: Py | undefined, message: string): number {
  const bounds = sliceBounds(start ?? null, end ?? null, null, items.length)
  for (let index = bounds.start; index < bounds.stop; index++) {
    tick()
    if (same(items[index] as Py, value)) return index
  }
  throw valueError(message)
}

function sortedInPlace(list: PyList, args: readonly Py[], kwargs: Kwargs): Py {
  if (args.length > 0) throw typeError('sort() takes no positional arguments')
  for (const name of kwargs.keys()) {
    if (name !== 'key' && name !== 'reverse') throw typeError(`'${name}' is an invalid keyword argument for sort()`)
  }
  const key = kwargs.get('key') ?? null
  const reverse = needFlag(kwargs.get('reverse'))
  const items = list.items.slice()
  const keys = key === null ? items : items.map((item) => callKey(key, item))
  list.replace(sortByKeys(items, keys, reverse))
  return null
}

function callKey(key: Py, item: Py): Py {
  if (isObject(key) && (key.kind === 'function' || key.kind === 'special') && key.call !== null) {
    return key.call([item], new Map())
  }
  if (key instanceof Undefined) throw undefinedError(key)
  throw typeError(`'${typeName(key)}' object is not callable`)
}

const listMethods: Methods<PyList> = methods('list', {
  'append object /': (self, [item]) => {
    self.items.push(item as Py)
    tick(KEPT_STEPS)
    checkItems(self.length)
    return null
  },
  clear: (self) => {
    self.replace([])
    return null
  },
  copy: (self) => new PyList(toArray(self)),
  'count value /': (self, [value]) => countOf(self.items, value as Py),
  'extend iterable /': (self, [items]) => {
    const added = toArray(items as Py)
    checkItems(self.length + added.length)
    for (const item of added) self.items.push(item)
    return null
  },
  'index value start? stop? /': (self, [value, start, stop]) =>
    indexIn(self.items, value as Py, start, stop, `${repr(value as Py)} is not in list`),
  'insert index object /': (self, [index, item]) => {
    self.items.splice(needIndex(index, 0), 0, item as Py)
    tick(KEPT_STEPS + (self.length >> 4))
    checkItems(self.length)
    return null
  },
  'pop index? /': (self, [index]) => {
    const at = needIndex(index, -1)
    if (self.length === 0) throw new PyError('IndexError', 'pop from empty list')
    const position = at < 0 ? at + self.length : at
    if (position < 0 || position >= self.length) throw new PyError('IndexError', 'pop index out of range')
    return (position === self.length - 1 ? self.items.pop() : self.items.splice(position, 1)[0]) as Py
  },
  'remove value /': (self, [value]) => {
    const at = self.items.findIndex((item) => same(item, value as Py))
    if (at < 0) throw valueError('list.remove(x): x not in list')
    self.items.splice(at, 1)
    return null
  },
  reverse: (self) => {
    self.items.reverse()
    return null
  },
  'sort *': (self, args, kwargs) => sortedInPlace(self, args as readonly Py[], kwargs)
})

const tupleMethods: Methods<PyTuple> = methods('tuple', {
  'count value /': (self, [value]) => countOf(self.items, value as Py),
  'index value start? stop? /': (self, [value, start, stop]) =>
    indexIn(self.items, value as Py, start, stop, 'tuple.index(x): x not in tuple')
})

/** Fills `target` as dict.update and dict() do: a mapping or an iterable of pairs, then keywords. */
export function updateDict(target: PyDict, args: readonly Py[], kwargs: Kwargs, caller: string): void {
  if (args.length > 1) throw typeError(`${caller} expected at most 1 argument, got ${args.length}`)
  const source = args[0]
  if (source !== undefined) mergeInto(target, source)
  for (const [key, value] of kwargs) target.set(key, key, value)
}

function mergeInto(target: PyDict, source: Py): void {
  if (source instanceof PyDict) {
    const values = source.values()
    claimItems(values.length)
    source.keys().forEach((key, index) => target.set(hashKey(key), key, values[index] as Py))
    return
  }
  // dict() asks for a `keys` attribute first, which an undefined value answers with its error.
  if (source instanceof Undefined) throw undefinedError(source)
  const next = iterate(source)
  let index = 0
  for (let item = next(); item !== DONE; item = next()) {
    if (!isObject(item) && typeof item !== 'string') {
      throw typeError(`cannot convert dictionary update sequence element #${index} to a sequence`)
    }
    const pair = toArray(item)
    if (pair.length !== 2) {
      throw valueError(`dictionary update sequence element #${index} has length ${pair.length}; 2 is required`)
    }
    target.set(hashKey(pair[0] as Py), pair[0] as Py, pair[1] as Py)
    index++
  }
}

function fromKeys(items: Py, value: Py): PyDict {
  const dict = new PyDict()
  for (const key of toArray(items)) dict.set(hashKey(key), key, value)
  return dict
}

function copyDict(self: PyDict): PyDict {
  const copy = new PyDict()
  mergeInto(copy, self)
  return copy
}

const dictMethods: Methods<PyDict> = methods('dict', {
  clear: (self) => {
    self.map.clear()
    return null
  },
  copy: copyDict,
  'fromkeys iterable value? /': (_self, [items, value]) => fromKeys(items as Py, value ?? null),
  'get key default? /': (self, [key, fallback]) => {
    const value = self.get(hashKey(key as Py))
    return value === undefined ? (fallback ?? null) : value
  },
  items: (self) => new PyView(self, 'items'),
  keys: (self) => new PyView(self, 'keys'),
  'pop key default? /': (self, [key, fallback]) => {
    const hash = hashKey(key as Py)
    const value = self.get(hash)
    if (value !== undefined) self.map.delete(hash)
    else if (fallback === undefined) throw keyError(key as Py)
    return value === undefined ? (fallback ?? null) : value
  },
  popitem: (self) => {
    tick(self.map.size)
    const last = [...self.map].at(-1)
    if (last === undefined) throw new PyError('KeyError', "'popitem(): dictionary is empty'")
    self.map.delete(last[0])
    return new PyTuple([last[1].key, last[1].value])
  },
  'setdefault key default? /': (self, [key, fallback]) => {
    const hash = hashKey(key as Py)
    const known = self.get(hash)
    if (known !== undefined) return known
    self.set(hash, key as Py, fallback ?? null)
    return fallback ?? null
  },
  'update *': (self, args, kwargs) => {
    updateDict(self, args as readonly Py[], kwargs, 'update')
    return null
  },
  values: (self) => new PyView(self, 'values')
})

const others = (args: readonly (Py | undefined)[]): Map<ReturnType<typeof hashKey>, Py>[] =>
  args.map((arg) => (isObject(arg as Py) ? setKeys(arg as PySet) : undefined) ?? keyedMembers(toArray(arg as Py)))

const isDisjoint = (own: PySet['map'], other: Py): boolean =>
  [...(others([other])[0] as PySet['map']).keys()].every((key) => !own.has(key))

const setMethods: Methods<PySet> = methods('set', {
  'add element /': (self, [value]) => {
    self.map.set(hashKey(value as Py), value as Py)
    return null
  },
  copy: (self) => new PySet(new Map(self.map)),
  'difference *': (self, args) => {
    const rest = new Map(self.map)
    for (const other of others(args)) for (const key of other.keys()) rest.delete(key)
    return new PySet(rest)
  },
  'discard element /': (self, [value]) => {
    self.map.delete(hashKey(value as Py))
    return null
  },
  'intersection *': (self, args) => {
    const all = others(args)
    return new PySet(new Map([...self.map].filter(([key]) => all.every((other) => other.has(key)))))
  },
  'isdisjoint other /': (self, [other]) => isDisjoint(self.map, other as Py),
  'issubset other /': (self, args) => [...self.map.keys()].every((key) => (others(args)[0] as PySet['map']).has(key)),
  'issuperset other /': (self, args) => [...(others(args)[0] as PySet['map']).keys()].every((key) => self.map.has(key)),
  'union *': (self, args) => new PySet(new Map([...self.map, ...others(args).flatMap((other) => [...other])]))
})

const rangeMethods: Methods<PyRange> = methods('range', {
  'count value /': (self, [value]) => (rangeIndex(self, value as Py) >= 0 ? 1 : 0),
  'index value /': (self, [value]) => {
    const index = rangeIndex(self, value as Py)
    if (index < 0) throw valueError(`${repr(value as Py)} is not in range`)
    return index
  }
})

/** The method or attribute `name` of a container, or undefined. */
export function collectionAttribute(
  self: PyList | PyTuple | PyDict | PyView | PySet | PyRange,
  name: string
): Py | undefined {
  switch (self.kind) {
    case 'list':
      return boundMethod(listMethods, self, name)
    case 'dict':
      return boundMethod(dictMethods, self, name)
    case 'set':
      return boundMethod(setMethods, self, name)
    case 'tuple': {
      const field = self.names?.indexOf(name) ?? -1
      return field >= 0 ? self.items[field] : boundMethod(tupleMethods, self, name)
    }
    case 'range':
      if (name === 'start' || name === 'stop' || name === 'step') return self[name]
      return boundMethod(rangeMethods, self, name)
    case 'view':
      if (name === 'mapping') return self.dict
      if (name !== 'isdisjoint' || self.of === 'values') return undefined
      return new PyFunction(
        name,
        'builtin_function_or_method',
        ([other]) => isDisjoint(setKeys(self) as PySet['map'], other ?? null),
        self
      )
  }
}

/** The class `dict` itself: a constructor whose methods take the dict first. */
export function dictClass(): PyFunction {
  const members = new Map<string, Py>()
  for (const name of dictMethods.keys()) {
    members.set(
      name,
      new PyFunction(name, 'builtin_function_or_method', (args, kwargs) => {
        if (name === 'fromkeys') return fromKeys(args[0] ?? null, args[1] ?? null)
        const self = args[0]
        if (!(self instanceof PyDict)) {
          throw typeError(
            `descriptor '${name}' for 'dict' objects doesn't apply to a '${typeName(self ?? null)}' object`
          )
        }
        return (boundMethod(dictMethods, self, name) as PyFunction).call(args.slice(1), kwargs)
      })
    )
  }
  const make = (args: readonly Py[], kwargs: Kwargs): Py => {
    const dict = new PyDict()
    updateDict(dict, args, kwargs, 'dict')
    return dict
  }
  return new PyFunction('dict', 'type', make, undefined, members)
}

export const collectionMethodNames: Readonly<Record<'list' | 'dict' | 'tuple', readonly string[]>> = {
  list: [...listMethods.keys()],
  dict: [...dictMethods.keys()],
  tuple: [...tupleMethods.keys()]
}

// Filters over lists and dicts, the lazy ones as generators.
import { attributeOnly } from '../runtime/access.ts'
import { filter, type Filter } from '../runtime/calls.ts'
import { equal, hashKey, ordered, sortByKeys, truth, undefinedError } from '../python/compare.ts'
import { filterArgumentError, typeError } from '../python/errors.ts'
import { attributeGetter, ignoreCase, multiGetters, type Getter } from './help.ts'
import { callMethod } from './text.ts'
import { each, generator, iterate, size, toArray, tryIterate } from '../python/iterate.ts'
import { claimItems, tick } from '../python/limits.ts'
import { needFlag } from '../python/methods.ts'
import { asInt } from '../python/numbers.ts'
import { add, floorDivide, modulo, multiply, subtract } from '../python/operators.ts'
import { slice } from '../python/slicing.ts'
import { subscript, trySubscript } from '../python/subscript.ts'
import { points } from '../python/text.ts'
import {
  DONE,
  PyBytes,
  PyDict,
  PyFloat,
  PyIter,
  PyList,
  PyRange,
  PyTuple,
  PyView,
  Undefined,
  textOf,
  typeName,
  type Py
} from '../python/values.ts'
import { selecting } from './choose.ts'

const caseKey = (sensitive: Py | undefined): Getter | null => (truth(sensitive ?? false) ? null : ignoreCase)

function sort(value: Py, reverse: Py, sensitive: Py | undefined, attribute: Py): Py {
  const items = toArray(value)
  const backwards = needFlag(reverse)
  const getters = multiGetters(attribute, caseKey(sensitive))
  const first = getters[0] as Getter
  // Python compares lists of keys; for one key of plain text that is the text's own order.
  const keys: Py[] = getters.length === 1 ? items.map(first) : []
  const simple = getters.length === 1 && keys.every((key) => typeof key === 'string' || typeof key === 'number')
  const lists = simple
    ? keys
    : items.map(
        (item, index) =>
          new PyList(getters.map((get, at) => (at === 0 && keys.length > 0 ? (keys[index] as Py) : get(item))))
      )
  return new PyList(sortByKeys(items, lists, backwards))
}

function* unique(value: Py, sensitive: Py | undefined, attribute: Py): Generator<Py, void, undefined> {
  const get = attributeGetter(attribute, null, caseKey(sensitive))
  const seen = new Set<unknown>()
  for (const item of each(value)) {
    const key = hashKey(get(item))
    if (seen.has(key)) continue
    seen.add(key)
    yield item
  }
}

function extreme(value: Py, order: '<' | '>', sensitive: Py | undefined, attribute: Py): Py {
  const next = iterate(value)
  let best: Py | typeof DONE = next()
  if (best === DONE) return new Undefined(null, undefined, 'No aggregated item, sequence was empty.')
  const get = attributeGetter(attribute, null, caseKey(sensitive))
  let bestKey = get(best)
  for (let item = next(); item !== DONE; item = next()) {
    const key = get(item)
    if (ordered(order, key, bestKey)) {
      best = item
      bestKey = key
    }
  }
  return best
}

function sum(value: Py, attribute: Py, start: Py): Py {
  if (textOf(start) !== undefined) throw typeError("sum() can't sum strings [use ''.join(seq) instead]")
  if (start instanceof PyBytes) throw typeError("sum() can't sum bytes [use b''.join(seq) instead]")
  const get = attribute === null ? null : attributeGetter(attribute)
  const next = iterate(value)
  let total: Py = start
  // Python 3.12 adds floats with a running compensation (Neumaier), which shows in the last digits.
  let compensation = 0
  for (let item = next(); item !== DONE; item = next()) {
    const part = get === null ? item : get(item)
    if (total instanceof PyFloat && part instanceof PyFloat) {
      const x = part.value
      const t: number = total.value + x
      compensation += Math.abs(total.value) >= Math.abs(x) ? total.value - t + x : x - t + total.value
      total = new PyFloat(t)
    } else {
      if (compensation !== 0 && asInt(part) === undefined) {
        total = settle(total, compensation)
        compensation = 0
      }
      total = add(total, part)
    }
  }
  return settle(total, compensation)
}

function settle(total: Py, compensation: number): Py {
  if (!(total instanceof PyFloat) || compensation === 0 || !Number.isFinite(compensation)) return total
  return new PyFloat(total.value + compensation)
}

/** reversed(value), or undefined where Python raises TypeError. */
function reversed(value: Py): PyIter | undefined {
  const backwards = (items: readonly Py[], name: string): PyIter => {
    let at = items.length
    return new PyIter(name, () => {
      tick()
      return at > 0 ? (items[--at] as Py) : DONE
    })
  }
  const text = textOf(value)
  if (text !== undefined) return backwards(points(text), 'reversed')
  if (value instanceof PyList) return backwards(value.items, 'list_reverseiterator')
  if (value instanceof PyTuple) return backwards(value.items, 'reversed')
  if (value instanceof PyRange) {
    const last = value.start + (value.length - 1) * value.step
    return new PyIter('range_iterator', iterate(new PyRange(last, value.start - value.step, -value.step)))
  }
  if (value instanceof PyDict) return backwards(value.keys(), 'dict_reversekeyiterator')
  if (value instanceof PyView) return backwards(toArray(value), `dict_reverse${value.of.slice(0, -1)}iterator`)
  if (value instanceof PyBytes) return backwards(Array.from(value.data), 'reversed')
  return value instanceof Undefined ? backwards([], 'reversed') : undefined
}

function reverse(value: Py): Py {
  if (textOf(value) !== undefined) return slice(value, null, null, -1)
  const iterator = reversed(value)
  if (iterator !== undefined) return iterator
  if (tryIterate(value) === undefined) throw filterArgumentError('argument must be iterable')
  return new PyList(toArray(value).reverse())
}

function last(value: Py): Py {
  const iterator = reversed(value)
  if (iterator === undefined) throw typeError(`'${typeName(value)}' object is not reversible`)
  const item = iterator.next()
  return item === DONE ? new Undefined(null, undefined, 'No last item, sequence was empty.') : item
}

function first(value: Py): Py {
  const item = iterate(value)()
  return item === DONE ? new Undefined(null, undefined, 'No first item, sequence was empty.') : item
}

// Python draws at random; a preview that changes at every look would help nobody, so it is always the first.
function random(value: Py): Py {
  if (size(value) === 0) return new Undefined(null, undefined, 'No random item, sequence was empty.')
  if (value instanceof Undefined) throw undefinedError(value)
  return trySubscript(value, 0) ?? subscript(value, 0)
}

function* slices(value: Py, count: Py, fill: Py): Generator<Py, void, undefined> {
  const items = toArray(value)
  const each = Number(asInt(floorDivide(items.length, count)) ?? Number.NaN)
  const extra = Number(asInt(modulo(items.length, count)) ?? Number.NaN)
  const total = asInt(count)
  if (total === undefined) throw typeError(`'${typeName(count)}' object cannot be interpreted as an integer`)
  let offset = 0
  for (let number = 0; number < total; number++) {
    tick()
    const start = offset + number * each
    if (number < extra) offset++
    const part = items.slice(start, offset + (number + 1) * each)
    if (fill !== null && number >= extra) part.push(fill)
    yield new PyList(part)
  }
}

function* batches(value: Py, count: Py, fill: Py): Generator<Py, void, undefined> {
  let batch: Py[] = []
  for (const item of each(value)) {
    if (equal(batch.length, count)) {
      yield new PyList(batch)
      batch = []
    }
    batch.push(item)
  }
  if (batch.length === 0) return
  if (fill !== null && ordered('<', batch.length, count)) {
    const rest = multiply(new PyList([fill]), subtract(count, batch.length))
    batch = batch.concat(toArray(rest))
  }
  yield new PyList(batch)
}

function groupBy(value: Py, attribute: Py, fallback: Py, sensitive: Py | undefined): Py {
  const get = attributeGetter(attribute, fallback, caseKey(sensitive))
  const items = toArray(value)
  const sorted = sortByKeys(items, items.map(get), false)
  const plain = attributeGetter(attribute, fallback)
  const groups: { key: Py; items: Py[] }[] = []
  for (const item of sorted) {
    const key = get(item)
    const group = groups.at(-1)
    if (group !== undefined && equal(group.key, key)) group.items.push(item)
    else groups.push({ key, items: [item] })
  }
  return new PyList(
    groups.map(({ key, items }) => {
      const shown = truth(sensitive ?? false) ? key : plain(items[0] as Py)
      return new PyTuple([shown, new PyList(items)], ['grouper', 'list'])
    })
  )
}

function dictSort(value: Py, sensitive: Py | undefined, by: Py, backwards: Py): Py {
  const kind = textOf(by)
  if (kind !== 'key' && kind !== 'value') throw filterArgumentError('You can only sort by either "key" or "value"')
  const pairs = toArray(callMethod(value, 'items'))
  const reverse = needFlag(backwards)
  const fold = caseKey(sensitive)
  const keys = pairs.map((pair) => {
    const part = toArray(pair)[kind === 'key' ? 0 : 1] as Py
    return fold === null ? part : fold(part)
  })
  return new PyList(sortByKeys(pairs, keys, reverse))
}

function* pairsOf(value: Py): Generator<Py, void, undefined> {
  if (value instanceof Undefined) return
  if (!(value instanceof PyDict)) throw typeError('Can only get item pairs from a mapping.')
  yield* each(new PyView(value, 'items'))
}

function defaultFilter(value: Py, fallback: Py, boolean: Py): Py {
  return value instanceof Undefined || (truth(boolean) && !truth(value)) ? fallback : value
}

export const sequenceFilters: Readonly<Record<string, Filter>> = {
  attr: filter('do_attr', 'obj name', ([value, name]) => {
    const text = textOf(name as Py)
    if (text === undefined) throw typeError(`attribute name must be string, not '${typeName(name as Py)}'`)
    return attributeOnly(value as Py, text)
  }),
  default: filter('do_default', 'value default_value? boolean?', ([value, fallback, boolean]) =>
    defaultFilter(value as Py, fallback === undefined ? '' : fallback, boolean ?? false)
  ),
  length: filter('len', 'obj /', ([value]) => size(value as Py)),
  list: filter('sync_do_list', 'value', ([value]) => {
    const items = toArray(value as Py)
    claimItems(items.length)
    return new PyList(items)
  }),
  first: filter('sync_do_first', 'seq', ([value]) => first(value as Py)),
  last: filter('do_last', 'seq', ([value]) => last(value as Py)),
  random: filter('do_random', 'seq', ([value]) => random(value as Py)),
  reverse: filter('do_reverse', 'value', ([value]) => reverse(value as Py)),
  sort: filter('do_sort', 'value reverse? case_sensitive? attribute?', ([value, backwards, sensitive, attribute]) =>
    sort(value as Py, backwards ?? false, sensitive, attribute ?? null)
  ),
  unique: filter('sync_do_unique', 'value case_sensitive? attribute?', ([value, sensitive, attribute]) =>
    generator('sync_do_unique', unique(value as Py, sensitive, attribute ?? null))
  ),
  min: filter('do_min', 'value case_sensitive? attribute?', ([value, sensitive, attribute]) =>
    extreme(value as Py, '<', sensitive, attribute ?? null)
  ),
  max: filter('do_max', 'value case_sensitive? attribute?', ([value, sensitive, attribute]) =>
    extreme(value as Py, '>', sensitive, attribute ?? null)
  ),
  sum: filter('sync_do_sum', 'iterable attribute? start?', ([value, attribute, start]) =>
    sum(value as Py, attribute ?? null, start === undefined ? 0 : start)
  ),
  slice: filter('sync_do_slice', 'value slices fill_with?', ([value, count, fill]) =>
    generator('sync_do_slice', slices(value as Py, count as Py, fill ?? null))
  ),
  batch: filter('do_batch', 'value linecount fill_with?', ([value, count, fill]) =>
    generator('do_batch', batches(value as Py, count as Py, fill ?? null))
  ),
  groupby: filter(
    'sync_do_groupby',
    'value attribute default? case_sensitive?',
    ([value, attribute, fallback, sensitive]) => groupBy(value as Py, attribute as Py, fallback ?? null, sensitive)
  ),
  dictsort: filter('do_dictsort', 'value case_sensitive? by? reverse?', ([value, sensitive, by, backwards]) =>
    dictSort(value as Py, sensitive, by === undefined ? 'key' : by, backwards ?? false)
  ),
  items: filter('do_items', 'value', ([value]) => generator('do_items', pairsOf(value as Py))),
  select: selecting('sync_do_select', true, false),
  reject: selecting('sync_do_reject', false, false),
  selectattr: selecting('sync_do_selectattr', true, true),
  rejectattr: selecting('sync_do_rejectattr', false, true)
}

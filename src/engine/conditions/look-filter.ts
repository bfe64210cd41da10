// What a node filter keeps and drops, item by item, for the editor's bench.
import type { FilterItem, FilterLook } from '../../contract/authoring.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { counting, numbering, say, theirs } from '../../contract/sentence.ts'
import type { Sentence } from '../../contract/sentence.ts'
import { locateItems } from '../hash/locate.ts'
import { createScope } from '../hash/report.ts'
import { PhpThrow } from '../php/exceptions.ts'
import { count, isArray } from '../php/values.ts'
import { phpString } from '../php/cast.ts'
import { extractData, filtersEnabled, getFilters, getItemsMatchingCondition } from './conditions.ts'
import type { ConditionRules, NodeFilters } from './conditions.ts'
import { asVerdict, explainCondition } from './explain-condition.ts'
import type { ValueType } from '../../contract/values.ts'

const typeOf = (value: Json): ValueType =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : (typeof value as ValueType)
const looked = 2000

/** Applies a node's saved filters to data. What MISP throws is told, not thrown. */
export function lookAtFilter(
  data: Json,
  saved: JsonMap,
  limit: number,
  preview: (value: Json) => string,
  rules: ConditionRules
): FilterLook {
  const node: Json = { data: { saved_filters: saved } }
  const filters = getFilters(node)
  if (!filtersEnabled(node)) {
    return {
      enabled: false,
      items: 0,
      kept: 0,
      shown: [],
      failure: null,
      summary: say`No filter is set: an action applies to every attribute (Event._AttributeFlattened).`
    }
  }
  try {
    const items = extractData(data, filters.selector)
    if (items === false)
      return failed(say`The selector is not a path MISP can read: the action aborts with a TypeError.`)
    const kept = getItemsMatchingCondition(items, filters.value, filters.operator, filters.path, rules, createScope())
    const total = isArray(items) ? count(items) : 0
    const left = isArray(kept) ? count(kept) : 0
    const places = locateItems(data, phpString(filters.selector), looked)
    const judged = places.map(({ path, value }): FilterItem => {
      const why = explainCondition({
        data: value,
        path: filters.path,
        operator: filters.operator,
        value: filters.value,
        reading: 'item',
        rules,
        from,
        within: path
      })
      return { path, type: typeOf(value), preview: preview(value), kept: why.result, reason: asVerdict(why) }
    })
    return {
      enabled: true,
      items: total,
      kept: left,
      shown: some(judged, limit),
      failure: null,
      summary: summarise(filters, total, left)
    }
  } catch (error) {
    if (!(error instanceof PhpThrow)) throw error
    return failed(say`MISP aborts here: ${theirs(error.message)}`)
  }
}

const failed = (failure: Sentence): FilterLook => ({
  enabled: true,
  items: 0,
  kept: 0,
  shown: [],
  failure: failure.text,
  summary: failure
})

/** Both kinds are shown, however rare one is. */
function some(judged: readonly FilterItem[], limit: number): FilterItem[] {
  const half = Math.ceil(limit / 2)
  const kept = judged.filter((item) => item.kept)
  const dropped = judged.filter((item) => !item.kept)
  const room = limit - Math.min(half, kept.length)
  return [...kept.slice(0, Math.max(half, limit - dropped.length)), ...dropped.slice(0, room)]
}

const from = {
  path: { kind: 'filter', name: 'path' },
  operator: { kind: 'filter', name: 'operator' },
  value: { kind: 'filter', name: 'value' }
} as const

function summarise({ selector, ...pass }: NodeFilters, total: number, kept: number): Sentence {
  if (total === 0) return say`The selector matches no items, so nothing passes.`
  const found = { in: 'view', path: phpString(selector) } as const
  const items = counting(total, found, 'item')
  if (kept === 0) return say`None of ${items} passes.`
  if (kept === total) return say`All ${items} pass.`
  return say`${numbering(kept, { ...found, pass })} of ${items} ${kept === 1 ? 'passes' : 'pass'}.`
}

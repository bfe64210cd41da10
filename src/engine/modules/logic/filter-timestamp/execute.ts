import type { Json, JsonMap } from '../../../../contract/json.ts'
import { isNumeric } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import { toArrayKey } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { enableFilters } from '../../shared/filters.ts'
import { resolveTimestamp } from '../../shared/time-delta.ts'

const selectors: readonly (readonly [target: string, selector: string])[] = [
  ['object', 'Event.Object'],
  ['attribute', 'Event._AttributeFlattened'],
  ['event_report', 'Event.EventReport']
]

/** Module_filter_timestamp::exec. The filter is only noted: what reads the data next has to evaluate it. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { target = '', operator: given = '', value = '', ...params } = yield* ctx.params()
  const since = looseEquals(given, 'since')
  if (since && !isNumeric(value)) return false
  const selector: Json = selectors.find(([name]) => looseEquals(target, name))?.[1] ?? null
  const filter: JsonMap = {
    selector,
    path: 'timestamp',
    operator: since ? 'greater' : given,
    value: resolveTimestamp(value, ctx.now())
  }
  const label = toArrayKey(params['filtering-label'] ?? '')
  const filters: [string, JsonMap][] = [[label, filter]]
  if (looseEquals(target, 'attribute')) filters.push([`${label}_2`, { ...filter, selector: 'Event.Attribute' }])
  ctx.setData(enableFilters(data, filters))
  return true
}

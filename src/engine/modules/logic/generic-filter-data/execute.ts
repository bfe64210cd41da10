import { looseEquals } from '../../../php/compare.ts'
import { toArrayKey } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { enableFilters } from '../../shared/filters.ts'

/**
 * Module_generic_filter_data::exec: the filter is only noted; reading the data applies it. The data is read through the
 * filters that are on already, and stored so.
 */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const params = yield* ctx.params()
  const { selector = '', hash_path: path = '', operator = '', value = '', value_list = '' } = params
  const filter = { selector, path, operator, value: looseEquals(operator, 'in_or') ? value_list : value }
  ctx.setData(enableFilters(data, [[toArrayKey(params['filtering-label'] ?? ''), filter]]))
  return true
}

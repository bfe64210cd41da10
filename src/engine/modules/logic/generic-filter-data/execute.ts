import type { JsonMap } from '../../../../contract/json.ts'
import { looseEquals } from '../../../php/compare.ts'
import { isArray, isEmpty, toArrayKey, withKey } from '../../../php/values.ts'
import type { PhpArray } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { offsetOrNull } from '../../shared/params.ts'

/**
 * Module_generic_filter_data::exec: the filter is only noted; reading the data applies it. The data is read through the
 * filters that are on already, and stored so.
 */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const params = yield* ctx.params()
  const { selector = '', hash_path: path = '', operator = '', value = '', value_list = '' } = params
  const filter = { selector, path, operator, value: looseEquals(operator, 'in_or') ? value_list : value }
  let next: PhpArray = data
  if (isEmpty(offsetOrNull(data, '_unfilteredData'))) next = withKey(next, '_unfilteredData', data)
  const enabled = offsetOrNull(next, 'enabledFilters')
  const label = toArrayKey(params['filtering-label'] ?? '')
  next = withKey(next, 'enabledFilters', withKey(isArray(enabled) ? enabled : [], label, filter))
  ctx.setData(next as JsonMap)
  return true
}

// How filter modules note their filters in the roaming data; reading the data applies them.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { isArray, isEmpty, withKey } from '../../php/values.ts'
import type { PhpArray } from '../../php/values.ts'
import { offsetOrNull } from './params.ts'

/** The data with filters by label, and once a copy of what it was before the first one. */
export function enableFilters(data: JsonMap, filters: readonly (readonly [label: string, filter: JsonMap])[]): JsonMap {
  let next: PhpArray = data
  if (isEmpty(offsetOrNull(data, '_unfilteredData'))) next = withKey(next, '_unfilteredData', data)
  for (const [label, filter] of filters) {
    const enabled = offsetOrNull(next as Json, 'enabledFilters')
    next = withKey(next, 'enabledFilters', withKey(isArray(enabled) ? enabled : [], label, filter) as Json)
  }
  return next as JsonMap
}

import type { Json, JsonMap } from '../../../../contract/json.ts'
import { inArray } from '../../../php/compare.ts'
import { entries, expectArray, isArray, toArrayKey, withKey, withoutKey, withoutKeys } from '../../../php/values.ts'
import type { PhpArray } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { offset, offsetOrNull } from '../../shared/params.ts'

const labels = ['A', 'B', 'C', 'D', 'E', 'F']

/**
 * Module_generic_filter_reset::exec: starts again from the copy made before the first filter, so every filter and every
 * change since is gone. Without a copy, `all` leaves nothing but an empty list of filters; a label is a TypeError.
 */
const reset = (alsoLonger: boolean): Execute =>
  function* (ctx) {
    const data = ctx.getData()
    const params = yield* ctx.params()
    const label = params['filtering-label'] ?? ''
    let next = offset(data, '_unfilteredData')
    if (inArray(label, labels)) {
      const enabled = offsetOrNull(next, 'enabledFilters')
      if (isArray(next) && isArray(enabled)) {
        next = withKey(next, 'enabledFilters', withoutLabel(enabled, toArrayKey(label), alsoLonger))
      }
    } else if (label === 'all') {
      next = withKey(isArray(next) ? next : [], 'enabledFilters', [])
    }
    ctx.setData(expectArray(next, 'WorkflowRoamingData::setData(): Argument #1 ($data)') as JsonMap)
    return true
  }

/** filter-tag and filter-timestamp add a second label (`A_2`). */
function withoutLabel(enabled: PhpArray, label: string, alsoLonger: boolean): PhpArray {
  if (!alsoLonger) return withoutKey(enabled, label)
  return withoutKeys(
    enabled,
    entries(enabled as Json).flatMap(([key]) => (key.startsWith(label) ? [key] : []))
  )
}

export const execute = reset(false)
export const versions = { '2.5.19': { execute: reset(true) } }

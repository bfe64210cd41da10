import type { Json, JsonMap } from '../../../../contract/json.ts'
import { phpString } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import { phpError } from '../../../php/exceptions.ts'
import { arrayMerge, isArray, isEmpty, mapValues, phpType, toArrayKey } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { enableFilters } from '../../shared/filters.ts'

const onAttributes = ['attribute', 'event_attribute']
const onReports = ['event_report', 'inherited_report']

/**
 * Module_filter_tag::exec. Attributes are filtered in both of their places, the second under the label with `_2`. The scope `event`, once the
 * default, sets nothing: MISP means to correct it and compares instead.
 */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { tags = '', clusters = '', condition: operator = '', scope = '', ...params } = yield* ctx.params()
  const groups = isEmpty(clusters) ? [] : clusters
  if (!isArray(groups)) {
    throw phpError('TypeError', `array_map(): Argument #2 ($array) must be of type array, ${phpType(groups)} given`)
  }
  const value = arrayMerge(
    isEmpty(tags) ? [] : tags,
    mapValues(groups, (name) => `misp-galaxy:${phpString(name)}`) as Json
  ) as Json
  const label = toArrayKey(params['filtering-label'] ?? '')
  const inherited = looseEquals(scope, 'event_attribute') || looseEquals(scope, 'inherited_report')
  const filter = (selector: string): JsonMap => ({
    selector,
    path: inherited ? '_allTags.{n}.name' : 'Tag.{n}.name',
    operator,
    value
  })
  const filters: [string, JsonMap][] = []
  if (onAttributes.some((one) => looseEquals(scope, one)))
    filters.push([label, filter('Event._AttributeFlattened')], [`${label}_2`, filter('Event.Attribute')])
  else if (onReports.some((one) => looseEquals(scope, one))) filters.push([label, filter('Event.EventReport')])
  ctx.setData(enableFilters(data, filters))
  return true
}

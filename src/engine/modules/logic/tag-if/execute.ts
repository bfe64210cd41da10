import type { Json, JsonMap } from '../../../../contract/json.ts'
import { extract } from '../../../hash/hash.ts'
import { looseEquals } from '../../../php/compare.ts'
import { phpString } from '../../../php/cast.ts'
import { phpError } from '../../../php/exceptions.ts'
import { arrayMerge, isArray, isEmpty, mapValues, phpType } from '../../../php/values.ts'
import { evaluateCondition } from '../../../conditions/conditions.ts'
import type { Execute } from '../../context.ts'

/** Module_tag_if::__getTagFromScope: any other scope means the event. */
function tagNames(scope: Json, data: JsonMap): Json {
  if (looseEquals(scope, 'attribute')) return extract(data, 'Event._AttributeFlattened.{n}.Tag.{n}.name')
  if (looseEquals(scope, 'event_attribute')) return extract(data, 'Event._AttributeFlattened.{n}._allTags.{n}.name')
  return extract(data, 'Event.Tag.{n}.name')
}

/** Module_tag_if::exec. Clusters are saved without "misp-galaxy:". A text instead of a list is a TypeError. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { tags = '', clusters = '', condition = '', scope = '' } = yield* ctx.params()
  const selected = isEmpty(clusters) ? [] : clusters
  if (!isArray(selected)) {
    throw phpError('TypeError', `array_map(): Argument #2 ($array) must be of type array, ${phpType(selected)} given`)
  }
  const clusterTags = mapValues(selected, (name) => `misp-galaxy:${phpString(name)}`)
  const all = arrayMerge(isEmpty(tags) ? [] : tags, clusterTags)
  return evaluateCondition(tagNames(scope, data), condition, all)
}

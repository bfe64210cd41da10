import type { Json } from '../../../../contract/json.ts'
import { say } from '../../../../contract/sentence.ts'
import { looseEquals } from '../../../php/compare.ts'
import { phpString } from '../../../php/cast.ts'
import { badArgument } from '../../../php/bad-argument.ts'
import { arrayMerge, isArray, isEmpty, mapValues, phpType } from '../../../php/values.ts'
import { holdsAt } from '../../../conditions/conditions.ts'
import type { Profile } from '../../../profiles/profile.ts'
import type { Execute } from '../../context.ts'
import { explainCondition } from '../../../conditions/explain-condition.ts'
import { listOf, operatorWords, textOf } from '../../describe/reason.ts'
import type { Reasoning } from '../../describe/reason.ts'

/** Module_tag_if::__getTagFromScope: any other scope means the event. */
function pathOf(scope: Json, { reportsHaveTags }: Profile): string {
  if (looseEquals(scope, 'attribute')) return 'Event._AttributeFlattened.{n}.Tag.{n}.name'
  if (looseEquals(scope, 'event_attribute')) return 'Event._AttributeFlattened.{n}._allTags.{n}.name'
  if (reportsHaveTags && looseEquals(scope, 'event_report')) return 'Event.EventReport.{n}.Tag.{n}.name'
  if (reportsHaveTags && looseEquals(scope, 'inherited_report')) return 'Event.EventReport.{n}._allTags.{n}.name'
  return 'Event.Tag.{n}.name'
}

/** Module_tag_if::exec. Clusters are saved without "misp-galaxy:". A text instead of a list is a TypeError. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { tags = '', clusters = '', condition = '', scope = '' } = yield* ctx.params()
  const selected = isEmpty(clusters) ? [] : clusters
  const clusterTags = isArray(selected)
    ? mapValues(selected, (name) => `misp-galaxy:${phpString(name)}`)
    : badArgument(`array_map(): Argument #2 ($array) must be of type array, ${phpType(selected)} given`)
  const all = arrayMerge(isEmpty(tags) ? [] : tags, clusterTags)
  return holdsAt(data, pathOf(scope, ctx.profile), condition, all, ctx.profile)
}

export const reason: Reasoning = ({ tags, clusters, condition = '', scope = '' }, data, rules) => {
  const path = pathOf(scope, rules)
  const value = [...listOf(tags), ...listOf(clusters).map((name) => `misp-galaxy:${textOf(name)}`)]
  const from = { operator: { kind: 'setting', name: 'condition' } } as const
  const question = { data, path, operator: condition, value, reading: 'if', rules, from, noun: 'tag' } as const
  const { found, because } = explainCondition(question)
  const said = say`${because}${operatorWords('condition', condition)}`
  return { path, operator: condition, value, found: [...new Set(listOf(found))], because: said }
}

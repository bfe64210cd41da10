import { greaterOrEqual, lessOrEqual, looseEquals } from '../../../php/compare.ts'
import type { Execute } from '../../context.ts'
import { offset } from '../../shared/params.ts'
import type { Json } from '../../../../contract/json.ts'
import { say, shownValue } from '../../../../contract/sentence.ts'
import { get } from '../../../hash/hash.ts'
import { foundAt, operatorWords, settingAs, textOf } from '../../describe/reason.ts'
import type { Reasoning } from '../../describe/reason.ts'

/** Module_threat_level_if::exec: a high level has a low id, so "greater or equal" is `<=`. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { condition = '', threatlevel = '' } = yield* ctx.params()
  const level = offset(offset(data, 'Event'), 'threat_level_id')
  if (looseEquals(condition, 'equals')) return looseEquals(level, threatlevel)
  if (looseEquals(condition, 'not_equals')) return !looseEquals(level, threatlevel)
  if (looseEquals(condition, 'greater_or_equal_than')) return lessOrEqual(level, threatlevel)
  if (looseEquals(condition, 'less_or_equal_than')) return greaterOrEqual(level, threatlevel)
  return false
}

const threatLevels: Readonly<Record<string, string>> = { 1: 'high', 2: 'medium', 3: 'low', 4: 'undefined' }

export const reason: Reasoning = ({ condition = '', threatlevel = '' }, data) => {
  const path = 'Event.threat_level_id'
  const found = get(data, path, null)
  const name = (id: Json): string => threatLevels[textOf(id)] ?? shownValue(id)
  const chosen = settingAs('threatlevel', threatlevel, name(threatlevel))
  const because = say`the threat level is ${foundAt(path, found, name(found))}, compared with ${chosen}${operatorWords('condition', condition)}`
  return { path, operator: condition, value: threatlevel, found, because }
}

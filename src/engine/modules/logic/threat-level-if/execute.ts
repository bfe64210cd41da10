import { greaterOrEqual, lessOrEqual, looseEquals } from '../../../php/compare.ts'
import type { Execute } from '../../context.ts'
import { offset } from '../../shared/params.ts'

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

import { get } from '../../../hash/hash.ts'
import { isEmpty } from '../../../php/values.ts'
import { evaluateCondition } from '../../../conditions/conditions.ts'
import type { Execute } from '../../context.ts'

/** Module_published_if::exec. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { condition = '' } = yield* ctx.params()
  const published = !isEmpty(get(data, 'Event.published', null))
  return evaluateCondition(published, condition, true)
}

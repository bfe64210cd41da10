import { get } from '../../../hash/hash.ts'
import { isEmpty } from '../../../php/values.ts'
import { evaluateCondition } from '../../../conditions/conditions.ts'
import type { Execute } from '../../context.ts'
import { operatorWords } from '../../describe/reason.ts'
import type { Explanation } from '../../describe/reason.ts'

const path = 'Event.published'

/** Module_published_if::exec. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { condition = '' } = yield* ctx.params()
  const published = !isEmpty(get(data, path, null))
  return evaluateCondition(published, condition, true, ctx.profile)
}

export const reason: Explanation = ({ condition = '' }, data) => {
  const found = get(data, path, null)
  const text = `the event is ${isEmpty(found) ? 'not ' : ''}published, compared with \`published\` (${operatorWords(condition)})`
  return { path, operator: condition, value: true, found, text }
}

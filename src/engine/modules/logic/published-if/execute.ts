import { claiming, say, shownValue } from '../../../../contract/sentence.ts'
import { get } from '../../../hash/hash.ts'
import { isEmpty } from '../../../php/values.ts'
import { evaluateCondition } from '../../../conditions/conditions.ts'
import type { Execute } from '../../context.ts'
import { operatorWords } from '../../describe/reason.ts'
import type { Reasoning } from '../../describe/reason.ts'

const path = 'Event.published'

/** Module_published_if::exec. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { condition = '' } = yield* ctx.params()
  const published = !isEmpty(get(data, path, null))
  return evaluateCondition(published, condition, true, ctx.profile)
}

export const reason: Reasoning = ({ condition = '' }, data) => {
  const found = get(data, path, null)
  const is = claiming(isEmpty(found) ? 'is not published' : 'is published', {
    ...{ kind: 'value', in: 'view', path: path.split('.'), value: shownValue(found) }
  })
  const because = say`the event ${is}, compared with \`published\`${operatorWords('condition', condition)}`
  return { path, operator: condition, value: true, found, because }
}

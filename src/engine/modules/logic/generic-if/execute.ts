import { extract, get } from '../../../hash/hash.ts'
import { looseEquals } from '../../../php/compare.ts'
import { isEmpty } from '../../../php/values.ts'
import { evaluateCondition } from '../../../conditions/conditions.ts'
import { explainCondition } from '../../../conditions/explain-condition.ts'
import type { Execute } from '../../context.ts'
import type { Explanation } from '../../describe/reason.ts'

/** Module_generic_if::exec. With equals and not_equals the path is read by Hash::get, which knows no `{n}`. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { hash_path: path = '', operator = '', value = '', value_list = '' } = yield* ctx.params()
  const expected = looseEquals(operator, 'in_or') ? value_list : value
  const one = looseEquals(operator, 'equals') || looseEquals(operator, 'not_equals')
  const found = one ? get(data, path, []) : extract(data, path)
  if (looseEquals(operator, 'any_value') && !isEmpty(found)) return true
  return evaluateCondition(found, operator, expected, ctx.profile)
}

export const reason: Explanation = (params, data, rules) => {
  const { hash_path: path = '', operator = '', value: one = '', value_list: list = '' } = params
  const value = looseEquals(operator, 'in_or') ? list : one
  const why = explainCondition({ data, path, operator, value, reading: 'if', rules })
  const warnings = why.warnings.map(({ text }) => text)
  return { path, operator: why.operator, value, found: why.found, text: why.sentence, isSentence: true, warnings }
}

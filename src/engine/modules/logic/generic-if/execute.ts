import { extract, get } from '../../../hash/hash.ts'
import { looseEquals } from '../../../php/compare.ts'
import { isEmpty } from '../../../php/values.ts'
import { evaluateCondition, holdsAt } from '../../../conditions/conditions.ts'
import { explainCondition } from '../../../conditions/explain-condition.ts'
import type { Execute } from '../../context.ts'
import type { Reasoning } from '../../describe/reason.ts'

/** Module_generic_if::exec. With equals and not_equals the path is read by Hash::get, which knows no `{n}`. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { hash_path: path = '', operator = '', value = '', value_list = '' } = yield* ctx.params()
  const expected = looseEquals(operator, 'in_or') ? value_list : value
  const one = looseEquals(operator, 'equals') || looseEquals(operator, 'not_equals')
  const any = looseEquals(operator, 'any_value')
  if (!one && !any) return holdsAt(data, path, operator, expected, ctx.profile)
  const found = one ? get(data, path, []) : extract(data, path)
  return (any && !isEmpty(found)) || evaluateCondition(found, operator, expected, ctx.profile)
}

export const reason: Reasoning = (params, data, rules) => {
  const { hash_path: path = '', operator = '', value: one = '', value_list: list = '' } = params
  const value = looseEquals(operator, 'in_or') ? list : one
  const from = {
    path: { kind: 'setting', name: 'hash_path' },
    operator: { kind: 'setting', name: 'operator' },
    value: { kind: 'setting', name: looseEquals(operator, 'in_or') ? 'value_list' : 'value' }
  } as const
  const { because, found, ...why } = explainCondition({ data, path, operator, value, reading: 'if', rules, from })
  return { path, operator: why.operator, value, found, because, warnings: why.warnings.map(({ text }) => text) }
}

import type { Json } from '../../../../contract/json.ts'
import { extract } from '../../../hash/hash.ts'
import { greaterOrEqual, greaterThan, lessOrEqual, lessThan, looseEquals } from '../../../php/compare.ts'
import { count, isArray } from '../../../php/values.ts'
import { badArgument } from '../../../php/bad-argument.ts'
import type { Execute } from '../../context.ts'
import { operatorWords, setting, textOf } from '../../describe/reason.ts'
import type { Reasoning } from '../../describe/reason.ts'
import { counting, say } from '../../../../contract/sentence.ts'

const tests: readonly [operator: string, test: (amount: Json, value: Json) => boolean][] = [
  ['equals', looseEquals],
  ['not_equals', (amount, value) => !looseEquals(amount, value)],
  ['greater', greaterThan],
  ['greater_equals', greaterOrEqual],
  ['less', lessThan],
  ['less_equals', lessOrEqual]
]

/** PHP 7 counts what is no array as one, and null as nothing. */
function countOther(found: Json): number {
  badArgument('count(): Argument #1 ($value) must be of type Countable|array')
  return found === null ? 0 : 1
}

/** Module_count_if::exec. An empty selector counts the top keys of the data. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { selector = '', operator = '', value = '' } = yield* ctx.params()
  const found = extract(data, selector) ?? []
  const amount = isArray(found) ? count(found) : countOther(found)
  const test = tests.find(([name]) => looseEquals(operator, name))?.[1]
  return test !== undefined && test(amount, value)
}

export const reason: Reasoning = ({ selector = '', operator = '', value = '' }, data) => {
  const items = extract(data, selector)
  const found = isArray(items) ? count(items) : 0
  const of = { in: 'view', path: textOf(selector) } as const
  const counted =
    textOf(selector) === ''
      ? say`the data has ${counting(found, of, 'top-level entry', 'top-level entries')}`
      : say`${setting('selector', selector)} finds ${counting(found, of, 'value')}`
  const because = say`${counted}, compared with ${setting('value', value)}${operatorWords('operator', operator)}`
  return { path: selector, operator, value, found, because }
}

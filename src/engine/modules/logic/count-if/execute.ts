import type { Json } from '../../../../contract/json.ts'
import { extract } from '../../../hash/hash.ts'
import { greaterOrEqual, greaterThan, lessOrEqual, lessThan, looseEquals } from '../../../php/compare.ts'
import { count, isArray } from '../../../php/values.ts'
import { badArgument } from '../../../php/bad-argument.ts'
import type { Execute } from '../../context.ts'
import { operatorWords, textOf } from '../../describe/reason.ts'
import type { Explanation } from '../../describe/reason.ts'
import { plural } from '../../../../contract/words.ts'

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

export const reason: Explanation = ({ selector = '', operator = '', value = '' }, data) => {
  const items = extract(data, selector)
  const found = isArray(items) ? count(items) : 0
  const text = `\`${textOf(selector)}\` finds ${plural(found, 'value')}, compared with \`${textOf(value)}\` (${operatorWords(operator)})`
  return { path: selector, operator, value, found, text }
}

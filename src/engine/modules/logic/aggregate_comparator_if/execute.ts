import type { Json } from '../../../../contract/json.ts'
import { evaluateCondition } from '../../../conditions/conditions.ts'
import { coded, counting, say } from '../../../../contract/sentence.ts'
import { extract } from '../../../hash/hash.ts'
import { phpFloat, phpString } from '../../../php/cast.ts'
import { phpError } from '../../../php/exceptions.ts'
import { values } from '../../../php/values.ts'
import type { Execute } from '../../context.ts'
import { setting, textOf } from '../../describe/reason.ts'
import type { Reasoning } from '../../describe/reason.ts'

function extreme(pick: 'min' | 'max'): (numbers: readonly number[]) => Json {
  return (numbers) => {
    if (numbers.length === 0)
      throw phpError('ValueError', `${pick}(): Argument #1 ($value) must contain at least one element`)
    return numbers.reduce((a, b) => Math[pick](a, b))
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

function median(numbers: readonly number[]): Json {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return null
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}

/** Module_aggregate_comparator_if::aggregate. */
const aggregates: { readonly [type: string]: (numbers: readonly number[]) => Json } = {
  count: (numbers) => numbers.length,
  sum,
  avg: (numbers) => (numbers.length === 0 ? 0 : sum(numbers) / numbers.length),
  min: extreme('min'),
  max: extreme('max'),
  unique_count: (numbers) => new Set(numbers).size,
  median
}

const numbersAt = (data: Json, path: Json): readonly number[] =>
  values(extract(data, path))
    .filter((value) => value !== null)
    .map(phpFloat)

/** Module_aggregate_comparator_if::exec. An unknown aggregation is an error, and false is compared. */
export const execute: Execute = function* (ctx) {
  const data = ctx.getData()
  const { aggregation_path = '', aggregation_type = '', operator = '', value = '' } = yield* ctx.params()
  const numbers = numbersAt(data, aggregation_path)
  const type = textOf(aggregation_type)
  const aggregate = Object.hasOwn(aggregates, type) ? aggregates[type] : undefined
  if (aggregate === undefined) ctx.addError(`Unknown aggregation type: ${phpString(aggregation_type)}`)
  return evaluateCondition(aggregate?.(numbers) ?? (aggregate ? null : false), operator, value, ctx.profile)
}

export const reason: Reasoning = (params, data) => {
  const { aggregation_path: path = '', aggregation_type: type = '', operator = '', value = '' } = params
  const aggregate = aggregates[textOf(type)]
  const numbers = numbersAt(data, path)
  const found = aggregate === undefined ? false : aggregate(numbers)
  const of = counting(numbers.length, { in: 'view', path: textOf(path), only: 'not null' }, 'value')
  const result = coded(found, (shown) => ({ kind: 'result', of: textOf(type), path: textOf(path), value: shown }))
  const because = say`the ${setting('aggregation_type', type)} of ${of} at ${textOf(path) === '' ? 'the top level of the data' : setting('aggregation_path', path)} is ${result}, compared with ${setting('value', value)} by ${setting('operator', operator)}`
  return { path, operator, value, found, because }
}

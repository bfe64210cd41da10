// Why a condition holds or not, in one sentence.
import type { Json } from '../../contract/json.ts'
import { extract, get } from '../hash/hash.ts'
import { createScope } from '../hash/report.ts'
import type { HashWarning } from '../hash/report.ts'
import { inArray, looseEquals } from '../php/compare.ts'
import { phpString } from '../php/cast.ts'
import { count, isArray, isEmpty, values as valuesOf } from '../php/values.ts'
import { evaluateCondition, extractData, resolveOperator } from './conditions.ts'
import type { ConditionRules, Operator } from './conditions.ts'
import { plural } from '../../contract/words.ts'

export interface ConditionQuestion {
  readonly data: Json
  readonly path: Json
  readonly operator: Json
  readonly value: Json
  /**
   * `if`: as generic-if reads (equals and not_equals by Hash::get); `item`: as filters read one item (equals and not_equals take the first
   * value found).
   */
  readonly reading: 'if' | 'item'
  readonly rules: ConditionRules
}

export interface ConditionExplanation {
  /** What was compared: one value, or the values found. */
  readonly found: Json
  readonly operator: string
  readonly value: Json
  readonly result: boolean
  readonly sentence: string
  readonly warnings: readonly HashWarning[]
}

/** Evaluates a condition and says why it came out so. Throws what MISP throws. */
export const explainCondition = (question: ConditionQuestion): ConditionExplanation => {
  const warnings: HashWarning[] = []
  const found = read(question, (warning) => void warnings.push(warning))
  const any = looseEquals(question.operator, 'any_value')
  const result = (any && !isEmpty(found)) || evaluateCondition(found, question.operator, question.value, question.rules)
  const reason = any ? reasonOfAny(found, question) : reasonOf(found, resolveOperator(question.operator), question)
  return {
    found,
    operator: phpString(question.operator),
    value: question.value,
    result,
    sentence: `${result ? 'True' : 'False'}: ${reason}.`,
    warnings
  }
}

const read = (question: ConditionQuestion, warn: (warning: HashWarning) => void): Json => {
  const { data, path, operator, reading } = question
  const scope = createScope(warn)
  const one = inArray(operator, ['equals', 'not_equals'])
  if (reading === 'if') return one ? get(data, path, []) : extract(data, path, scope)
  const found = extractData(data, path, scope)
  if (!one || isEmpty(found)) return found
  return isArray(found) ? get(found, '0') : typeof found === 'string' ? found.slice(0, 1) : null
}

const brief = (value: Json): string => {
  if (typeof value === 'string') return `\`${clip(value)}\``
  if (!isArray(value)) return JSON.stringify(value)
  const list = valuesOf(value)
  const first = list.slice(0, 3).map((item) => (isArray(item) ? 'a list' : brief(item)))
  return `${first.join(', ')}${list.length > 3 ? ` and ${list.length - 3} more` : ''}`
}
const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text)

const pathName = (path: Json): string =>
  isEmpty(path) ? 'the data' : `\`${clip(isArray(path) ? brief(path) : phpString(path))}\``
const number = (found: Json): string => {
  const n = isArray(found) ? count(found) : 0
  return plural(n, 'value')
}

const reasonOfAny = (found: Json, { path }: ConditionQuestion): string =>
  isEmpty(found) ? `${pathName(path)} finds nothing` : `${pathName(path)} finds something (${brief(found)})`

const reasonOf = (found: Json, operator: Operator | null, question: ConditionQuestion): string => {
  const { path, value, rules } = question
  if (operator === null) return `MISP has no operator ${brief(question.operator)} here, so the condition is never true`
  if (operator === 'equals' || operator === 'not_equals') return reasonOfOne(found, operator, question)
  if (!isArray(found)) return `\`${operator}\` needs a list, and ${pathName(path)} gives ${brief(found)}`
  const list = isEmpty(found)
    ? `${pathName(path)} finds nothing`
    : `${pathName(path)} finds ${number(found)} (${brief(found)})`
  if (operator === 'in' || operator === 'not_in') {
    return isEmpty(found) ? list : `${list}, and ${brief(value)} is ${inArray(value, found) ? '' : 'not '}among them`
  }
  if (!isArray(value)) return `\`${operator}\` needs a list of values to compare with, but has ${brief(value)}`
  const matching = valuesOf(found).filter((item) => inArray(item, value))
  const among = matching.length === 0 ? 'none of them is' : `${brief(matching)} ${matching.length === 1 ? 'is' : 'are'}`
  const text = isEmpty(found) ? list : `${list}, and ${among} in the list of ${count(value)} given`
  if (operator === 'in_and')
    return `${text}; \`in_and\` requires exactly the whole list, in ${rules.inAndSorts ? 'any' : 'its'} order`
  return operator === 'not_in_and'
    ? `${text}; \`not_in_and\` is true unless they are exactly the list, in its order`
    : text
}

const reasonOfOne = (found: Json, operator: Operator, { path, value, reading }: ConditionQuestion): string => {
  if (isArray(found)) {
    if (reading === 'if' && /[{[]/.test(isArray(path) ? '' : phpString(path))) {
      return `\`${operator}\` reads a single value and does not evaluate the expression ${pathName(path)}`
    }
    return isEmpty(found)
      ? `${pathName(path)} finds nothing`
      : `\`${operator}\` compares a single value, and ${pathName(path)} gives a list or map`
  }
  const equal = looseEquals(found, value)
  const loosely = equal && found !== value ? ' in PHP’s loose comparison' : ''
  return `${pathName(path)} is ${brief(found)}, which ${equal ? `equals${loosely}` : 'does not equal'} ${brief(value)}`
}

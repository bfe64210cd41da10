// Why a condition holds or not, in one sentence: what decided first and whole, then how much there is of it.
import type { Json } from '../../contract/json.ts'
import { say, withVerdict } from '../../contract/sentence.ts'
import type { Sentence } from '../../contract/sentence.ts'
import { extract, get } from '../hash/hash.ts'
import { createScope } from '../hash/report.ts'
import type { HashWarning } from '../hash/report.ts'
import { inArray, looseEquals } from '../php/compare.ts'
import { phpString } from '../php/cast.ts'
import { isArray, isEmpty } from '../php/values.ts'
import { evaluateCondition, extractData, resolveOperator } from './conditions.ts'
import { ConditionWords } from './condition-words.ts'
import type { ConditionQuestion } from './condition-words.ts'

export interface ConditionExplanation {
  /** What was compared: one value, or the values found. */
  readonly found: Json
  readonly operator: string
  readonly value: Json
  readonly result: boolean
  /** Without "True: " and the full stop; its verdict is the result. */
  readonly because: Sentence
  readonly warnings: readonly HashWarning[]
}

/** Evaluates a condition and says why it came out so. Throws what MISP throws. */
export const explainCondition = (question: ConditionQuestion): ConditionExplanation => {
  const warnings: HashWarning[] = []
  const found = read(question, (warning) => void warnings.push(warning))
  const any = looseEquals(question.operator, 'any_value')
  const result = (any && !isEmpty(found)) || evaluateCondition(found, question.operator, question.value, question.rules)
  const words = new ConditionWords(question, found)
  const because = any ? words.any() : words.of(resolveOperator(question.operator))
  return {
    found,
    operator: phpString(question.operator),
    value: question.value,
    result,
    because: withVerdict(result ? 'true' : 'false', because),
    warnings
  }
}

/** "True: …." */
export const asVerdict = ({ result, because }: Pick<ConditionExplanation, 'result' | 'because'>): Sentence =>
  withVerdict(because.verdict, say`${result ? 'True' : 'False'}: ${because}.`)

const read = (question: ConditionQuestion, warn: (warning: HashWarning) => void): Json => {
  const { data, path, operator, reading } = question
  const scope = createScope(warn)
  const one = inArray(operator, ['equals', 'not_equals'])
  if (reading === 'if') return one ? get(data, path, []) : extract(data, path, scope)
  const found = extractData(data, path, scope)
  if (!one || isEmpty(found)) return found
  return isArray(found) ? get(found, '0') : typeof found === 'string' ? found.slice(0, 1) : null
}

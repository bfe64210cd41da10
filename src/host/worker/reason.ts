// Why a step of a run came out as it did: for conditions, the values that were found and compared.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { StepReason } from '../../contract/run-views.ts'
import { CodedError } from '../../contract/errors.ts'
import { PhpThrow } from '../../engine/php/exceptions.ts'
import { looseEquals } from '../../engine/php/compare.ts'
import { explainCondition } from '../../engine/conditions/explain-condition.ts'
import { reasonOfLogic } from './reason-logic.ts'
import { maskErrors } from './mask-value.ts'
import type { OpenRun } from './run-book.ts'
import { previewOf } from './values.ts'

/** Null where there is nothing to tell beyond the step itself. */
export function reasonOf({ fold }: OpenRun, number: number): StepReason | null {
  const step = fold.steps[number - 1]
  const data = fold.data[number - 1]
  if (!step || !data) throw new CodedError('STEP_NOT_FOUND', `The run has no step ${number}.`)
  if (step.message) return { text: String(maskErrors(step.message, data.params)), facts: [] }
  if (step.moduleType !== 'logic') return null
  const params = (data.params ?? {}) as JsonMap
  const result = step.branch === 'output_1' ? true : step.branch === 'output_2' ? false : null
  const told = withThrown(() =>
    step.moduleId === 'generic-if'
      ? reasonOfIf(params, data.view)
      : reasonOfLogic(step.moduleId, params, data.view, result)
  )
  if (told) return told
  const facts = Object.entries(params).map(([name, value]) => ({ name, value: previewOf(value) }))
  return step.explain === null ? null : { text: step.explain, facts }
}

function reasonOfIf(params: JsonMap, data: Json): StepReason {
  const { hash_path: path = '', operator = '', value = '', value_list: list = '' } = params
  const expected = looseEquals(operator, 'in_or') ? list : value
  const why = explainCondition({ data, path, operator, value: expected, reading: 'if' })
  const facts = [
    { name: 'path', value: previewOf(path) },
    { name: 'found', value: previewOf(why.found) },
    { name: 'operator', value: why.operator },
    { name: 'value', value: previewOf(expected) },
    { name: 'result', value: String(why.result) },
    ...why.warnings.map(({ text }) => ({ name: 'warning', value: text }))
  ]
  return { text: why.sentence, facts }
}

/** What MISP throws here is the reason. */
function withThrown(tell: () => StepReason | undefined): StepReason | undefined {
  try {
    return tell()
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    return { text: `${thrown.phpClass}: ${thrown.message}`, facts: [] }
  }
}

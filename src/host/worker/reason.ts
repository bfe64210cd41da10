// Why a step of a run came out as it did: for conditions, the values that were found and compared.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { StepReason } from '../../contract/run-views.ts'
import { CodedError } from '../../contract/errors.ts'
import { codeOf } from '../../engine/modules/implementations.ts'
import type { ProfileId } from '../../engine/profiles/profiles.ts'
import { profiles } from '../../engine/profiles/profiles.ts'
import { PhpThrow } from '../../engine/php/exceptions.ts'
import { isArray, isEmpty } from '../../engine/php/values.ts'
import { maskErrors } from './mask-value.ts'
import type { OpenRun } from './open-run.ts'
import { underPhp } from '../../engine/php/version.ts'
import { previewOf } from '../../engine/format/preview.ts'

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
    underPhp(profiles[fold.profile].php, () => reasonOfLogic(fold.profile, step.moduleId, params, data.view, result))
  )
  if (told) return told
  const facts = Object.entries(params).map(([name, value]) => ({ name, value: previewOf(value) }))
  return step.explain === null ? null : { text: step.explain, facts }
}

/** Undefined for modules without a condition. `result`: the branch that was taken, the one thing that is not worked out here. */
function reasonOfLogic(
  profile: ProfileId,
  moduleId: string,
  params: JsonMap,
  data: Json,
  result: boolean | null
): StepReason | undefined {
  const reason = codeOf(profile).reason(moduleId)
  if (!reason) return undefined
  const { path, operator, value, found, text, isSentence, warnings = [] } = reason(params, data, profiles[profile])
  const taken = result === null ? '' : result ? 'True: ' : 'False: '
  const sentence = taken === '' ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : `${taken}${text}`
  return {
    text: isSentence ? text : `${sentence}.`,
    facts: [
      { name: 'path', value: previewOf(path) },
      { name: 'found', value: isArray(found) && isEmpty(found) ? 'nothing' : previewOf(found) },
      { name: 'operator', value: previewOf(operator) },
      { name: 'value', value: previewOf(value) },
      ...(result === null ? [] : [{ name: 'result', value: String(result) }]),
      ...warnings.map((warning) => ({ name: 'warning', value: warning }))
    ]
  }
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

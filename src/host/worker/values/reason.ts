// Why a step of a run came out as it did: for conditions, the values that were found and compared.
import type { JsonMap } from '../../../contract/json.ts'
import type { RunStep, StepReason } from '../../../contract/run-views.ts'
import { CodedError } from '../../../contract/errors.ts'
import { capital, say, theirs, withVerdict } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import { lookAtFilter } from '../../../engine/conditions/look-filter.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import { withDefaults } from '../../../engine/modules/describe/settings.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { codeOf } from '../../../engine/modules/implementations.ts'
import { PhpThrow } from '../../../engine/php/exceptions.ts'
import { isArray, isEmpty } from '../../../engine/php/values.ts'
import { underPhp } from '../../../engine/php/version.ts'
import type { Profile } from '../../../engine/profiles/profile.ts'
import { profiles } from '../../../engine/profiles/profiles.ts'
import type { StepData } from '../../../engine/replay/fold.ts'
import { explainerOf, filtersOf, keyOf } from './explain-node.ts'
import { maskErrors } from '../mask/value.ts'
import type { OpenRun } from '../runs/open-run.ts'

/** Null where there is nothing to tell beyond the step itself. */
export function reasonOf({ fold, workflow }: Pick<OpenRun, 'fold' | 'workflow'>, number: number): StepReason | null {
  const step = fold.steps[number - 1]
  const data = fold.data[number - 1]
  if (!step || !data) throw new CodedError('STEP_NOT_FOUND', `The run has no step ${number}.`)
  const definition = modulesOf(fold.profile).find(step.moduleType, step.moduleId)
  const params = withDefaults((data.params ?? {}) as JsonMap, definition)
  if (step.message) return { ...saidBy(String(maskErrors(step.message, params))), facts: [] }
  const asked: Asked = { fold, workflow, step, data, params, rules: profiles[fold.profile] }
  const why = step.moduleType === 'logic' ? whyOfLogic : whyOfAction
  return withThrown(() => underPhp(asked.rules.php, () => why(asked)))
}

interface Asked extends Pick<OpenRun, 'fold' | 'workflow'> {
  readonly step: RunStep
  readonly data: StepData
  readonly params: JsonMap
  readonly rules: Profile
}

/** MISP's own words are the reason. */
const saidBy = (message: string): Sentence => withVerdict('failure', theirs(message))

/** The branch that was taken is the one thing that is not worked out here. */
function whyOfLogic({ fold, workflow, step, data, params, rules }: Asked): StepReason | null {
  const result = step.branch === 'output_1' ? true : step.branch === 'output_2' ? false : null
  const reason = codeOf(fold.profile).reason(step.moduleId)
  if (!reason) {
    const facts = Object.entries(params).map(([name, value]) => ({ name, value: previewOf(value) }))
    const said = explainerOf(workflow)(fold.profile, { ...step, params, before: data.input, view: data.view })
    return said && { ...said, facts }
  }
  const { path, operator, value, found, because, warnings = [] } = reason(params, data.view, rules)
  return {
    ...(result === null
      ? withVerdict('unknown', say`${capital(because)}.`)
      : withVerdict(result ? 'true' : 'false', say`${result ? 'True' : 'False'}: ${because}.`)),
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

/** What the node's own filter left it; null without one. */
function whyOfAction({ workflow, step, data, rules }: Asked): StepReason | null {
  const filters = filtersOf(workflow).get(keyOf(step.nodeId, step.moduleId))
  if (step.moduleType !== 'action' || filters === undefined) return null
  const { enabled, summary } = lookAtFilter(data.view, filters, 0, previewOf, rules)
  if (!enabled) return null
  return { ...withVerdict(step.success ? 'success' : 'failure', say`Its own filter: ${summary}`), facts: [] }
}

/** What MISP throws here is the reason. */
function withThrown(tell: () => StepReason | null): StepReason | null {
  try {
    return tell()
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    return { ...saidBy(`${thrown.phpClass}: ${thrown.message}`), facts: [] }
  }
}

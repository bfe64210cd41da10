// Why a step of a run came out as it did: for conditions, the values that were found and compared.
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import type { RunEventMap } from '../../../contract/run.ts'
import { isPinned } from '../../../contract/run-views.ts'
import type { RunStep, StepReason } from '../../../contract/run-views.ts'
import { CodedError } from '../../../contract/errors.ts'
import { capital, say, theirs, withVerdict } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import { withDefaults } from '../../../engine/modules/describe/settings.ts'
import { whyAction } from '../../../engine/modules/describe/why-action.ts'
import type { ActionRun } from '../../../engine/modules/describe/why-action.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { codeOf } from '../../../engine/modules/implementations.ts'
import { PhpThrow } from '../../../engine/php/exceptions.ts'
import { isArray, isEmpty, values } from '../../../engine/php/values.ts'
import { underPhp } from '../../../engine/php/version.ts'
import type { Profile } from '../../../engine/profiles/profile.ts'
import { profiles } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import type { StepData } from '../../../engine/replay/fold.ts'
import { viewBefore } from '../../../engine/replay/view-before.ts'
import { explainerOf, keyOf, paramsOf, savedNodes, workflowOrNode } from './explain-node.ts'
import { maskErrors } from '../mask/value.ts'
import type { OpenRun } from '../runs/open-run.ts'

/** Null where there is nothing to tell beyond the step itself. */
export function reasonOf(
  { fold, workflow: known, options = {} }: Pick<OpenRun, 'fold' | 'workflow'> & Partial<Pick<OpenRun, 'options'>>,
  number: number
): StepReason | null {
  const workflow = workflowOrNode(known, options)
  const step = fold.steps[number - 1]
  const data = fold.data[number - 1]
  if (!step || !data) throw new CodedError('STEP_NOT_FOUND', `The run has no step ${number}.`)
  const definition = modulesOf(fold.profile).find(step.moduleType, step.moduleId)
  const params = withDefaults((data.params ?? {}) as JsonMap, definition)
  if (step.message) return { ...saidBy(String(maskErrors(step.message, params))), facts: [] }
  if (isPinned(step)) return { ...pinned(step), facts: [] }
  const asked: Asked = { fold, workflow, step, data, params, rules: profiles[fold.profile] }
  const why = step.moduleType === 'logic' ? whyOfLogic : whyOfAction
  return withThrown(() => underPhp(asked.rules.php, () => why(asked)))
}

function pinned({ branch, success }: RunStep): Sentence {
  const isTrue = branch === null ? success : branch === 'output_1'
  const verdict = branch === null ? (success ? 'success' : 'failure') : isTrue ? 'true' : 'false'
  return withVerdict(verdict, say`Not executed: its pinned output was used.`)
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
    const said = explainerOf(workflow)(fold.profile, {
      ...{ nodeId: step.nodeId, moduleId: step.moduleId, derived: step.derived },
      ...{ params, before: data.input, view: data.view }
    })
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

function whyOfAction({ fold, workflow, step, data, params, rules }: Asked): StepReason | null {
  if (step.moduleType !== 'action') return null
  const own = savedNodes(workflow).get(keyOf(step.nodeId, step.moduleId))
  const node = {
    ...{ moduleId: step.moduleId, success: step.success, derived: step.derived, changed: step.changed },
    ...{ errors: maskErrors(step.errors, params, data.effects), params, filters: own?.filters ?? {} },
    ...{ before: data.input, after: data.output, view: data.view, effects: data.effects },
    changes: fold.changes.flatMap(({ step: of, change }) => (of === step.step ? [change] : []))
  }
  return { ...toldAction(node, fold.profile, rules), facts: [] }
}

interface ActionNode extends Pick<ActionRun, 'success' | 'params' | 'filters' | 'effects' | 'changes' | 'changed'> {
  readonly moduleId: string
  readonly derived: readonly string[]
  readonly errors: Json
  readonly before: Json
  readonly after: Json
  readonly view: Json
}

function toldAction(node: ActionNode, profile: ProfileId, rules: Profile): Sentence {
  const { errors, before, derived } = node
  const run: ActionRun = {
    ...node,
    errors: isArray(errors) ? values(errors).map((error) => plainText(error)) : [],
    stored: before,
    view: viewBefore(node, profile),
    isCaptured: derived.includes('duration')
  }
  return whyAction(run, modulesOf(profile).facts('action', node.moduleId), rules)
}

/** Why an action failed of which MISP says nothing; null for any other node. */
export function silentFailure(
  { workflow, profile }: { readonly workflow: Json; readonly profile: ProfileId },
  node: RunEventMap['node.finished'],
  effects: ActionRun['effects']
): Sentence | null {
  const { moduleType, result, errors, derived = [], before, after } = node
  if (moduleType !== 'action' || result !== 'partial-success' || isPinned({ derived })) return null
  if (isArray(errors) && !isEmpty(errors)) return null
  const own = savedNodes(workflow).get(keyOf(node.nodeId, node.moduleId))
  const params = withDefaults(paramsOf(node, own), modulesOf(profile).find(moduleType, node.moduleId))
  const asked = {
    ...node,
    derived,
    params,
    filters: own?.filters ?? {},
    effects,
    changes: [],
    changed: before !== after
  }
  const rules = profiles[profile]
  return withThrown(() => underPhp(rules.php, () => ({ ...toldAction(asked, profile, rules), facts: [] })))
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

import type { JsonMap } from '../../contract/json.ts'
import type { RunOptionsInput } from '../../contract/operations.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import { checkWorkflow } from '../../engine/graph/check.ts'
import { extractTriggerId } from '../../engine/graph/walk-helpers.ts'
import { buildEnvironment } from './run-input.ts'

/** Errors (MISP refuses to save it) first, then warnings, under the settings that a run would have. */
export function problemsOf(
  workflow: RawWorkflow,
  options: RunOptionsInput,
  settings: JsonMap = {},
  workflows: readonly RawWorkflow[] = []
): readonly WorkflowProblem[] {
  const trigger = extractTriggerId(workflow.data)
  const environment = buildEnvironment({ options, settings }, typeof trigger === 'string' ? trigger : null)
  const { errors, warnings } = checkWorkflow(workflow, { ...environment, workflows })
  return [...errors, ...warnings]
}

import { noSettings } from '../../../contract/misp-settings.ts'
import type { MispSettings } from '../../../contract/misp-settings.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import type { WorkflowProblem } from '../../../contract/workspace.ts'
import { checkWorkflow } from '../../../engine/check/check.ts'
import { templateFault } from '../../../engine/jinja/check.ts'
import type { AddedModules } from '../../../engine/modules/table.ts'
import { triggerIdOf } from '../../../engine/graph/walk-helpers.ts'
import type { WorldData } from '../../../engine/world/world.ts'
import { askingNodes } from '../../../engine/run/assumed-service.ts'
import { buildEnvironment, parseProfile, withService } from './run-input.ts'

/** Errors (MISP refuses to save it) first, then warnings, under the settings that a run would have. */
export function problemsOf(
  workflow: RawWorkflow,
  options: RunOptionsInput,
  settings: MispSettings = noSettings,
  workflows: readonly RawWorkflow[] = [],
  added: AddedModules = new Map()
): readonly WorkflowProblem[] {
  const environment = withService(
    { options, own: new Set(added.keys()) },
    buildEnvironment({ options, settings }, triggerIdOf(workflow.data)),
    askingNodes([workflow])
  )
  const { errors, warnings } = checkWorkflow(workflow, {
    ...environment,
    ...{ profile: parseProfile(options.profile), workflows, added, templateFault },
    ...(options.world ? { world: options.world as WorldData } : {})
  })
  return [...errors, ...warnings]
}

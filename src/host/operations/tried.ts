// A workflow over the runs and data of the workspace: what a change would have changed, and what of it has ever run.
import type { Json } from '../../contract/json.ts'
import type { WorkflowSource } from '../../contract/operations.ts'
import { workflowGraph } from '../../engine/graph/document.ts'
import { extractTriggerId } from '../../engine/graph/walk-helpers.ts'
import type { Handlers } from '../registry/registry.ts'
import { inputsOfData, inputsOfTrigger, reportCoverage, reportImpact, runsOfWorkflow } from '../tried-report.ts'
import type { EngineClient } from '../worker/thread/engine-client.ts'
import { askingWorker, mostRows, telling } from './asking.ts'
import type { Services } from './services.ts'

export function triedHandlers(services: Services, engine: EngineClient): Handlers<'impact.report' | 'coverage.report'> {
  const { workspace, capture } = services
  const rows = async () => {
    await capture.known()
    return workspace.runs.list({}, '', null, mostRows).runs
  }
  const triggerOf = (source: WorkflowSource): string | null => {
    if ('runId' in source) return workspace.runs.get(source.runId)?.trigger ?? null
    const workflow: Json =
      'json' in source ? source.json : workspace.workflows.get(source.workflowId, source.version).workflow
    const trigger = extractTriggerId(workflowGraph(workflow))
    return typeof trigger === 'string' ? trigger : null
  }
  return {
    'impact.report': async ({ runs, data, ...question }, call) => {
      const events = data ? inputsOfData(workspace.data.list()) : []
      const inputs = [...inputsOfTrigger(triggerOf(question.workflow), await rows(), runs), ...events]
      return reportImpact(askingWorker(services, engine, call), question, inputs, telling(call))
    },
    'coverage.report': async ({ workflow, workflowId, runs, data }, call) => {
      const { name, trigger, id } = workspace.workflows.list().find((one) => one.id === workflowId) ?? {
        ...{ id: workflowId, name: workflowId, trigger: triggerOf(workflow) }
      }
      const events = data ? inputsOfData(workspace.data.list()) : []
      const inputs = [...runsOfWorkflow({ id, name, trigger }, await rows(), runs), ...events]
      return reportCoverage(askingWorker(services, engine, call), { workflow, options: {} }, inputs, telling(call))
    }
  }
}

// What an update of MISP changes for the workflows of the workspace.
import type { Handlers } from '../registry/registry.ts'
import { inputsOfWorkflow } from '../tried/inputs.ts'
import { reportUpgrade, type UpgradeSubject } from '../tried/upgrade.ts'
import type { EngineClient } from '../worker/thread/engine-client.ts'
import { askingWorker, telling } from './asking.ts'
import type { Services } from './services.ts'

export const upgradeHandlers = (services: Services, engine: EngineClient): Handlers<'upgrade.report'> => ({
  'upgrade.report': async ({ from, to, workflowIds }, call) => {
    const { workspace, capture } = services
    await capture.known()
    const data = workspace.data.list()
    const { runs } = workspace.runs.list({}, '', null, Infinity)
    const subjects = workspace.workflows
      .list()
      .filter(({ id }) => workflowIds?.includes(id) ?? true)
      .map((workflow): UpgradeSubject => ({
        ...{ id: workflow.id, name: workflow.name, source: { workflowId: workflow.id } },
        inputs: inputsOfWorkflow(workflow, data, runs)
      }))
    return reportUpgrade(askingWorker(services, engine, call), { from, to, subjects }, telling(call))
  }
})

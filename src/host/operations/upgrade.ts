// What an update of MISP changes for the workflows of the workspace.
import type { OperationName, Params, Result } from '../../contract/operations.ts'
import type { Handlers } from '../registry/registry.ts'
import { inputsOf, reportUpgrade, type Ask, type UpgradeSubject } from '../upgrade-report.ts'
import type { EngineClient } from '../worker/thread/engine-client.ts'
import { forwardedHandlers } from './forward.ts'
import type { Services } from './services.ts'

/** Runs are looked at from the newest on. */
const mostRows = 5000

export const upgradeHandlers = (services: Services, engine: EngineClient): Handlers<'upgrade.report'> => ({
  'upgrade.report': async ({ from, to, workflowIds }, call) => {
    const { workspace, capture } = services
    await capture.known()
    const handlers = forwardedHandlers(services, engine)
    const ask = (<N extends OperationName>(name: N, params: Params<N>) =>
      (handlers as unknown as Record<N, (params: Params<N>, call: unknown) => Promise<Result<N>>>)[name](
        params,
        call
      )) as Ask
    const data = workspace.data.list()
    const { runs } = workspace.runs.list({}, '', null, mostRows)
    const subjects = workspace.workflows
      .list()
      .filter(({ id }) => workflowIds?.includes(id) ?? true)
      .map((workflow): UpgradeSubject => ({
        ...{ id: workflow.id, name: workflow.name, source: { workflowId: workflow.id } },
        inputs: inputsOf(workflow, data, runs)
      }))
    return reportUpgrade(ask, { from, to, subjects }, (label, done, total) => {
      call.signal.throwIfAborted()
      call.tell(label, done, total)
    })
  }
})

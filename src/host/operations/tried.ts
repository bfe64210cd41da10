// A workflow over the runs, data and cases of the workspace, and files that a person chose: what a change would have changed, and what of it has
// ever run.
import type { Json } from '../../contract/json.ts'
import type { ParsedParams, WorkflowSource } from '../../contract/operations.ts'
import { workflowGraph } from '../../engine/graph/document.ts'
import { triggerIdOf } from '../../engine/graph/walk-helpers.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Ask } from '../tried/ask.ts'
import { reportCoverage } from '../tried/coverage.ts'
import { reportImpact } from '../tried/impact.ts'
import { inputsOfData, inputsOfFiles, inputsOfTrigger, runsOfWorkflow, type Touching } from '../tried/inputs.ts'
import type { EngineClient } from '../worker/thread/engine-client.ts'
import { askingWorker, telling } from './asking.ts'
import type { Services } from './services.ts'

/** How many cases are asked of the worker at once. */
const casesAtOnce = 10

export function triedHandlers(services: Services, engine: EngineClient): Handlers<'impact.report' | 'coverage.report'> {
  const { workspace, capture, uploads } = services
  const rows = async () => {
    await capture.known()
    return workspace.runs.list({}, '', null, Infinity).runs
  }
  const triggerOf = (source: WorkflowSource): string | null => {
    if ('runId' in source) return workspace.runs.get(source.runId)?.trigger ?? null
    const workflow: Json =
      'json' in source ? source.json : workspace.workflows.get(source.workflowId, source.version).workflow
    return triggerIdOf(workflowGraph(workflow))
  }
  const brought = ({ data, files }: Pick<ParsedParams<'impact.report'>, 'data' | 'files'>) => [
    ...(data ? inputsOfData(workspace.data.list()) : []),
    ...inputsOfFiles(files)
  ]
  /** With its world out of uploads, which are gone with the files once there is an answer. */
  const withUploads = async <T>(
    { options, files, world }: Pick<ParsedParams<'impact.report'>, 'options' | 'files' | 'world'>,
    work: (options: ParsedParams<'impact.report'>['options']) => Promise<T>
  ): Promise<T> => {
    const ids = [...files, ...world].map(({ uploadId }) => uploadId)
    try {
      if (world.length === 0) return await work(options)
      const worldUploadId = await uploads.gather(world)
      ids.push(worldUploadId)
      return await work({ ...options, worldUploadId })
    } finally {
      for (const id of ids) await uploads.discard(id)
    }
  }
  return {
    'impact.report': ({ runs, data, files, world, ...asked }, call) =>
      withUploads({ options: asked.options, files, world }, async (options) => {
        const ofTrigger = inputsOfTrigger(triggerOf(asked.workflow), await rows(), runs)
        const inputs = [...ofTrigger, ...brought({ data, files })]
        return reportImpact(askingWorker(services, engine, call), { ...asked, options }, inputs, telling(call))
      }),
    'coverage.report': ({ runs, data, files, world, cases, ...about }, call) =>
      withUploads({ options: about.options, files, world }, async (options) => {
        const { workflow, workflowId } = about
        const ask = askingWorker(services, engine, call)
        const { name, trigger, id } = workspace.workflows.list().find((one) => one.id === workflowId) ?? {
          ...{ id: workflowId, name: workflowId, trigger: triggerOf(workflow) }
        }
        const ofWorkflow = runsOfWorkflow({ id, name, trigger }, await rows(), runs)
        const ofCases = cases ? await touchingCases(ask, about) : []
        const inputs = [...ofWorkflow, ...brought({ data, files }), ...ofCases]
        return reportCoverage(ask, { workflow, options }, inputs, telling(call))
      })
  }
}

type About = Pick<ParsedParams<'coverage.report'>, 'workflow' | 'workflowId' | 'options'>

async function touchingCases(ask: Ask, { workflow, workflowId, options }: About): Promise<readonly Touching[]> {
  const ids = (await ask('cases.look', {})).map(({ id }) => id)
  const about = { workflow, workflowId, profile: options.profile }
  return Array.from({ length: Math.ceil(ids.length / casesAtOnce) }, (_, i) => {
    const caseIds = ids.slice(i * casesAtOnce, (i + 1) * casesAtOnce)
    return { names: caseIds, hits: async () => (await ask('coverage.ofCases', { ...about, caseIds })).hits }
  })
}

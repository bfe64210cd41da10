// Operations on data go to the engine worker, with what only the host knows: where the named runs, data sets and workflows are.
import { basename, join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import type { Json } from '../../contract/json.ts'
import type { DataSource, ParsedParams, RunOptionsInput, WorkflowSource } from '../../contract/operations.ts'
import { isAdHocId } from '../../engine/modules/ad-hoc/definition.ts'
import { casesFolder } from '../cases/case-files.ts'
import { newRunId } from '../ports/ids.ts'
import type { Call } from '../registry/calls.ts'
import type { Handlers } from '../registry/registry.ts'
import { isThereSync } from '../store/files.ts'
import { putAside } from '../store/reading.ts'
import { chosenFor, profileOfSource, profileOfWorkspace, useOf } from '../store/versions.ts'
import type { EngineClient } from '../worker/thread/engine-client.ts'
import { workerOperations } from '../worker/thread/protocol.ts'
import type { DataRefs, Refs, RunRef, WorkerOperation } from '../worker/thread/protocol.ts'
import { withAsked } from './asked.ts'
import { effectRefs } from './effect-refs.ts'
import type { Services } from './services.ts'
import { verifyRefs } from './verify-refs.ts'

interface Named {
  readonly runId?: string
  readonly otherId?: string
  readonly dataId?: string
  readonly data?: DataSource
  readonly inputs?: readonly DataSource[]
  readonly workflow?: WorkflowSource
  readonly options?: RunOptionsInput
  readonly keep?: boolean
  readonly byName?: boolean
  readonly todaysWorld?: boolean
}

export function forwardedHandlers(services: Services, engine: EngineClient): Handlers<WorkerOperation> {
  const forward = (name: WorkerOperation) => async (params: unknown, call: Call) => {
    // A link to an older run, while the runs of a large workspace are still being read.
    const runIds = runIdsOf(params as Named)
    if (runIds.length > 0) await services.capture.begun()
    if (!runIds.every((id) => isKnownRun(services, id))) await services.capture.known()
    const effects = await effectRefs(services, name, params as Named, (runId) => runRef(services, runId))
    const verify = isVerified(services, name, params as Named)
      ? await verifyRefs(
          services,
          name === 'cases.make' ? { runId: (params as Named).runId ?? '' } : (params as ParsedParams<'run.verify'>)
        )
      : undefined
    const own = { ...buildRefs(services, name, params as Named), ...effects, ...(verify ? { verify } : {}) }
    const refs = services.asked ? withAsked(own, services.asked, services.trust.settings) : own
    const answer = await engine.execute(name, params, refs, call.signal)
    if (answer.ok) return answer.data
    if (answer.error.code === 'STORE_FILE_UNREADABLE') await setAside(services, refs, answer.error.message)
    if (answer.error.code === 'FILE_NOT_FOUND') tellSetAside(refs)
    throw new CodedError(answer.error.code, answer.error.message, answer.error.details)
  }
  return Object.fromEntries(
    workerOperations.map((name) => [name, forward(name)])
  ) as unknown as Handlers<WorkerOperation>
}

/** In the place of the workspace's: one file of its parts, or a folder of files as the workspace has it. */
const worldRefs = ({ uploads }: Services, id: string): Pick<Refs, 'worldFile' | 'worldFolder'> =>
  uploads.isFolder(id) ? { worldFolder: uploads.fileOf(id) } : { worldFile: uploads.fileOf(id) }

/** Its workflow and its surroundings are looked for: only MISP knows what it went through. A case has its own workflow. */
const isVerified = ({ workspace }: Services, name: WorkerOperation, { runId }: Named): boolean =>
  name === 'run.verify' || (name === 'cases.make' && workspace.runs.get(runId ?? '')?.origin === 'captured')

const starts: ReadonlySet<WorkerOperation> = new Set(['run.start', 'run.again', 'module.execute', 'cases.open'])
const ofCases: ReadonlySet<WorkerOperation> = new Set([
  'cases.look',
  'cases.check',
  'cases.open',
  'cases.updated',
  'cases.renamed',
  'coverage.ofCases'
])
const cascades: ReadonlySet<WorkerOperation> = new Set([
  'run.start',
  'run.plan',
  'upgrade.compare',
  'impact.compare',
  'coverage.of'
])

const runIdsOf = ({ runId, otherId, data, inputs = [], workflow }: Named): readonly string[] =>
  [{ runId }, { runId: otherId }, data, ...inputs, workflow].flatMap((one) =>
    isRecord(one) && 'runId' in one && typeof one.runId === 'string' ? [one.runId] : []
  )

function buildRefs(services: Services, name: WorkerOperation, params: Named): Refs {
  const { workspace } = services
  const { data, workflow } = params
  return {
    settings: workspace.settings,
    profiles: profileRefs(services, workflow),
    limits: services.trust.settings.own.templateLimits ?? {},
    worldFolder: join(workspace.folder, 'world'),
    ...(params.options?.worldUploadId === undefined ? {} : worldRefs(services, params.options.worldUploadId)),
    ...(isKnownRun(services, params.runId) ? { run: runRef(services, params.runId) } : {}),
    ...(isKnownRun(services, params.otherId) ? { otherRun: runRef(services, params.otherId) } : {}),
    ...(params.dataId === undefined ? {} : { dataFile: workspace.data.fileOf(params.dataId) }),
    ...dataRefs(services, data),
    ...(params.inputs ? { inputs: params.inputs.map((input) => dataRefs(services, input)) } : {}),
    ...(isRecord(workflow) && 'workflowId' in workflow
      ? { workflow: workspace.workflows.get(workflow.workflowId, workflow.version).workflow }
      : {}),
    ...(isRecord(workflow) && 'runId' in workflow ? { workflowRun: runRef(services, workflow.runId) } : {}),
    ...(starts.has(name) ? startRefs(services, name, params.keep) : {}),
    ...(ofCases.has(name) || params.byName ? caseRefs(services) : {}),
    ...(cascades.has(name) ? cascadeRefs(services, params) : {}),
    ...(name === 'run.again' && params.todaysWorld ? allWorkflows(services) : {}),
    ...(name === 'modules.resolve' ? { adHocWorkflows: adHocNames(workspace) } : {})
  }
}

function dataRefs(services: Services, data: DataSource | undefined): DataRefs {
  if (!isRecord(data)) return {}
  if ('dataId' in data) return { dataFile: services.workspace.data.fileOf(data.dataId) }
  if ('uploadId' in data) return uploadRefs(services.uploads, data.uploadId)
  return 'runId' in data && isKnownRun(services, data.runId) ? { dataRun: runRef(services, data.runId) } : {}
}

function profileRefs({ workspace }: Services, workflow: WorkflowSource | undefined): NonNullable<Refs['profiles']> {
  const { profile, how } = profileOfWorkspace(workspace.versions)
  const chosen =
    isRecord(workflow) && 'workflowId' in workflow ? chosenFor(workspace.versions, workflow.workflowId) : undefined
  return {
    ...{ workspace: profile, isChosen: how === 'chosen' },
    ...(chosen === undefined ? {} : { workflow: useOf(chosen, 'chosen').profile })
  }
}

const runsIn = ({ run, otherRun, dataRun, inputs = [], workflowRun }: Refs): readonly RunRef[] =>
  [run, otherRun, dataRun, ...inputs.map((input) => input.dataRun), workflowRun].filter((ref) => ref !== undefined)

/** The file of a run turned out to be broken: it is kept as `.bad`, and the run stays on the list as unreadable. */
async function setAside({ workspace }: Services, refs: Refs, reason: string): Promise<void> {
  const run = runsIn(refs).find((ref) => reason.includes(`${ref.summary.id}.ndjson`))
  // Several questions may have met it at once.
  if (!run || run.summary.origin !== 'local' || !workspace.writable || !isThereSync(run.file)) return
  const problem = await putAside(run.file, reason, `runs/${basename(run.file)}`)
  workspace.care.report(problem)
  await workspace.runs.put({ ...run.summary, state: 'unreadable' })
}

/** A file that was put aside is not just gone. */
function tellSetAside(refs: Refs): void {
  const run = runsIn(refs).find((ref) => isThereSync(`${ref.file}.bad`))
  if (!run || isThereSync(run.file)) return
  const name = basename(run.file)
  throw new CodedError(
    'STORE_FILE_UNREADABLE',
    `The file of this run could not be read. It was kept as runs/${name}.bad; rename it to ${name} to have it read again.`,
    { file: name, keptAs: `${name}.bad` }
  )
}

/** A module alone is kept only when somebody asks for that. */
function startRefs({ workspace }: Services, name: WorkerOperation, keep = false): Partial<Refs> {
  if (keep) workspace.assertWritable()
  const id = newRunId()
  const isKept = keep || (name !== 'module.execute' && workspace.writable)
  return { newRun: { id, file: isKept ? workspace.runFile(id) : null, startedAt: new Date().toISOString() } }
}

export function uploadRefs(uploads: Services['uploads'], id: string): DataRefs {
  const name = uploads.nameOf(id)
  return { dataFile: uploads.fileOf(id), ...(name === undefined ? {} : { dataName: name }) }
}

/** `adhoc_3 :: name`. */
const adHocNames = ({ workflows }: Services['workspace']): readonly string[] =>
  workflows
    .list()
    .flatMap(({ trigger, name }) => (trigger !== null && isAdHocId(trigger) ? [`${trigger} :: ${name}`] : []))

/** Its module run-workflow runs another one whether there is a cascade or not. The workflow of a run is not known here. */
function mayRunAnother({ workflows }: Services['workspace'], source: WorkflowSource | undefined): boolean {
  if (!isRecord(source)) return false
  if ('runId' in source) return true
  const workflow = 'json' in source ? source.json : workflows.get(source.workflowId, source.version).workflow
  return JSON.stringify(workflow).includes('"run-workflow"')
}

/** Workflows that a run may fire: what they would contact stands on its plan, too. */
function cascadeRefs({ workspace }: Services, { options, workflow }: Named): Partial<Refs> {
  return options?.cascade === undefined && !mayRunAnother(workspace, workflow) ? {} : allWorkflows({ workspace })
}

const caseRefs = ({ workspace: { folder, workflows } }: Services): Partial<Refs> => ({
  cases: {
    folder: join(folder, casesFolder),
    workflows: workflows
      .list()
      .map(({ id, name, version }) => ({ id, name, version, workflow: workflows.get(id).workflow }))
  }
})

const allWorkflows = ({ workspace: { workflows } }: Pick<Services, 'workspace'>): Partial<Refs> => ({
  workflows: workflows.list().map(({ id }) => workflows.get(id).workflow)
})

/**
 * A module that was executed alone is no run of the workspace; the worker keeps its values under its id. About ids that neither knows the
 * worker says RUN_NOT_FOUND.
 */
const isKnownRun = (services: Services, runId: string | undefined): runId is string =>
  runId !== undefined && services.workspace.runs.get(runId) !== undefined

export function runRef(services: Services, runId: string): RunRef {
  const { workspace, capture } = services
  const summary = workspace.runs.get(runId)
  if (!summary) throw new CodedError('RUN_NOT_FOUND', `There is no run “${runId}”.`)
  const isWhole = summary.origin !== 'captured' || capture.isKnown
  const keep = workspace.writable && services.app.shell !== 'terminal' && isWhole
  const ref: RunRef = { summary, file: workspace.runFile(runId), folder: workspace.folder, keep }
  if (summary.origin === 'local') return ref
  const more = {
    workflows: workflowsOf(services, summary.trigger),
    profile: profileOfSource(workspace.versions, summary.source)
  }
  return summary.origin === 'captured' ? { ...ref, ...more, ...capturedRef(services, runId) } : { ...ref, ...more }
}

/** Which posts make a captured run. */
const capturedRef = ({ trust, capture }: Services, runId: string): Partial<RunRef> => ({
  posts: capture.postsOf(runId),
  limits: trust.settings.own.templateLimits ?? {}
})

/** The workflows that a run of MISP may have gone through. */
const workflowsOf = ({ workspace }: Services, trigger: string): readonly Json[] =>
  workspace.workflows
    .list()
    .filter((workflow) => workflow.trigger === trigger)
    .map(({ id }) => workspace.workflows.get(id).workflow)

/** `runs.list` has no `data`; `run.step` has one that is JSON. */
const isRecord = <T>(value: T | undefined): value is T & object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

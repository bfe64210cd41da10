// What crosses between the host's thread and the engine worker. Data stays in the worker: it gets file names and answers pages. Structured
// clone carries the messages, so nothing large becomes text on its way.
import type { MockSet } from '../../../contract/effects.ts'
import type { FindQuestion, RunHit } from '../../../contract/finding.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { MispSettings } from '../../../contract/misp-settings.ts'
import type { OperationName, ParsedParams, Result } from '../../../contract/operations.ts'
import type { RunEvent } from '../../../contract/run.ts'
import type { RunStep, RunSummary } from '../../../contract/run-views.ts'
import type { Answer } from '../../../contract/wire.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import type { AcceptedDifference } from '../../../contract/verify.ts'
import type { LiveConfig } from '../../ports/live-config.ts'
import type { IndexedRun } from '../../search/index-file.ts'
import type { HoldTicket } from '../../store/hold.ts'
import type { Halt } from './halt.ts'

/** Operations whose handlers live in the worker, because they work on data. */
export const workerOperations = [
  'runs.get',
  'runs.open',
  'runs.preview',
  'runs.compare',
  'runs.compareStep',
  'runs.differences',
  'run.value',
  'run.search',
  'run.changes',
  'run.effects',
  'run.plan',
  'run.curl',
  'run.resend',
  'run.mail',
  'run.mocks',
  'run.worldChanges',
  'run.needs',
  'customModules.list',
  'run.text',
  'run.events',
  'run.follow',
  'run.why',
  'run.chain',
  'run.blame',
  'run.sizes',
  'run.watch',
  'run.workflow',
  'run.module',
  'run.verify',
  'cases.make',
  'cases.look',
  'cases.check',
  'cases.open',
  'cases.updated',
  'cases.renamed',
  'run.start',
  'run.again',
  'run.step',
  'run.paused',
  'run.cancel',
  'workflows.check',
  'workflows.profile',
  'upgrade.look',
  'upgrade.compare',
  'impact.compare',
  'coverage.of',
  'coverage.ofCases',
  'data.value',
  'data.text',
  'modules.list',
  'modules.get',
  'module.execute',
  'module.plan',
  'module.explain',
  'hash.extract',
  'hash.get',
  'hash.explain',
  'normalize',
  'source.value',
  'source.search',
  'source.text',
  'hash.complete',
  'hash.look',
  'hash.filter',
  'template.render',
  'template.renderLive',
  'template.complete',
  'modules.resolve',
  'triggers.whyNot'
] as const satisfies readonly OperationName[]
export type WorkerOperation = (typeof workerOperations)[number]

/** Where a stored run is. */
export interface RunRef {
  readonly summary: RunSummary
  /** runs/<id>.ndjson of a local run. */
  readonly file: string
  /** The workspace, for captured and logged runs. */
  readonly folder: string
  /** Whether what was found out of it may be written beside it. */
  readonly keep: boolean
  /** Captured runs: numbers of their posts, with the branch each belongs to, and the workspace's workflows for the trigger. */
  readonly posts?: readonly (readonly [seq: number, job: number])[]
  readonly workflows?: readonly Json[]
  /** Of captured and logged runs: the MISP that their source is treated as; `isChosen`: by a person. */
  readonly profile?: { readonly id: ProfileId; readonly isChosen: boolean }
  /** The workspace's limits of templates, for captured runs. */
  readonly limits?: Partial<Limits>
}

/** A call that can be ended: by its number, and by a flag that is seen while the thread is busy. */
export interface WorkerCall {
  readonly id: number
  readonly flag: SharedArrayBuffer
}

/** A saved version of a workflow. */
export interface WorkflowVersion {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly workflow: Json
}

/** What only the host knows of the things that the params name. */
export interface Refs {
  /** In the worker: how the call is ended. Not sent. */
  readonly halt?: Halt
  /** `params.runId`. */
  readonly run?: RunRef
  /** `params.otherId`. */
  readonly otherRun?: RunRef
  /** `params.data`: a file, or the run of a step's value. */
  readonly dataFile?: string
  readonly dataRun?: RunRef
  /** The same of each of `params.inputs`. */
  readonly inputs?: readonly DataRefs[]
  /** `params.workflow`, by id or from a run. */
  readonly workflow?: Json
  readonly workflowRun?: RunRef
  /** A run that is about to start: its id, and the file it is kept in (null: not kept). */
  readonly newRun?: { readonly id: string; readonly file: string | null; readonly startedAt: string }
  /** The workspace's world; it may not be there. */
  readonly worldFolder?: string
  /** `options.worldUploadId`. */
  readonly worldFile?: string
  /** MISP's settings in the workspace, and its limits of templates. */
  readonly settings?: MispSettings
  /** The MISP of the workspace; `isChosen`: by a person. And the one chosen for `params.workflow`. */
  readonly profiles?: {
    readonly workspace: ProfileId
    readonly isChosen: boolean
    readonly workflow?: ProfileId
  }
  readonly limits?: Partial<Limits>
  /** The run whose answers the policy `recorded` uses, and the folder of imported ones. */
  readonly recordedRun?: RunRef
  readonly answersFolder?: string
  readonly mockSet?: MockSet
  /** How live effects are performed; absent: nothing is live here. Holds a password. */
  readonly live?: LiveConfig
  /** The folder of custom modules, and the files of it that are switched on, each with the SHA-256 of what it then held. */
  readonly customModules?: { readonly folder: string; readonly on: Readonly<Record<string, string>> | 'all' }
  /** What a command line gives instead of the workspace's: the database, and recorded answers beside those of the workspace. */
  readonly world?: JsonMap
  readonly answers?: Json
  /** What errors call the file of `dataFile`. */
  readonly dataName?: string
  /** Ad-hoc workflows of the workspace, as MISP’s picker names them. */
  readonly adHocWorkflows?: readonly string[]
  /** What a captured run may have gone through: versions of its trigger's workflows, newest first, and the newest of every workflow. */
  readonly verify?: {
    readonly versions: readonly WorkflowVersion[]
    readonly others: readonly WorkflowVersion[]
    /** Posts of its trigger that came among its own and have no beginning. */
    readonly fragments: readonly (readonly [seq: number, job: number])[]
    /** Runs of its trigger at the same time. */
    readonly rivals: number
    readonly accepted: readonly AcceptedDifference[]
  }
  /** The folder of cases, and the newest of every workflow. */
  readonly cases?: { readonly folder: string; readonly workflows: readonly WorkflowVersion[] }
  /** Workflows of the workspace, for cascades. */
  readonly workflows?: readonly Json[]
}

export type DataRefs = Pick<Refs, 'dataFile' | 'dataName' | 'dataRun'>

/** What the thread is started with. */
export interface WorkerSetup {
  readonly hold: HoldTicket | null
}

/** What came of reading a run for a question. */
export interface Looked {
  readonly hit: RunHit | null
  /** Why it could not be read. */
  readonly unread: string | null
}

/** What the worker offers. */
export interface WorkerSide {
  execute(name: WorkerOperation, params: unknown, refs: Refs, call?: WorkerCall): Promise<Answer<unknown>>
  cancel(id: number): void
  /** Makes a long run open at once when somebody wants to see it. */
  prepare(ref: RunRef): Promise<void>
  /** Of runs of a workspace, the positions of those that have to be read for a question; without one, of those that are not indexed. */
  sift(folder: string, keep: boolean, runs: readonly IndexedRun[], question: FindQuestion | null): Promise<number[]>
  /** Reads a run for a question. Never throws; ends soon after the flag is raised. */
  look(ref: RunRef, stamp: string, question: FindQuestion, flag?: SharedArrayBuffer): Promise<Looked>
  /** Puts a run on the index. */
  learn(ref: RunRef, stamp: string): Promise<void>
  stop(): Promise<void>
}

/** What the host offers to the worker. */
export interface HostOfWorker {
  /** How many runs are in progress or on their way to disk. */
  working(runs: number): void
  /** The thread is about to end: what is asked from now on goes to another one. */
  leaving(): void
  runChanged(summary: RunSummary, kept: boolean): void
  /** Each event of every run as it happens, where host and worker share a thread. */
  runEvent?(event: RunEvent): void
  /** Resolves once whoever takes the events can take more. */
  drained?(): Promise<void> | null
  /** A run is over, and on disk where it is kept. */
  runOver?(runId: string): void
  runProgress(runId: string, steps: readonly RunStep[], state: RunSummary['state']): void
  mistake(context: string, stack: string): void
  /** Something of the workspace cannot be read; what it was read for went on without it. */
  problem(message: string, file: string | undefined): void
}

/** The handlers that live in the worker, typed by the same map as the host's. */
export type WorkerHandlers = {
  readonly [N in WorkerOperation]: (params: ParsedParams<N>, refs: Refs) => Result<N> | Promise<Result<N>>
}

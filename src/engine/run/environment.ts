// What one stepper shares between its runs: the run that was started, the runs that its actions fire, and the jobs that they
// queue all see one world, one set of modules, one queue and one set of limits.
import type { PinnedOutput } from '../../contract/effects.ts'
import type { JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { RunEventMap, RunEventType } from '../../contract/run.ts'
import type { Execute, Settings } from '../modules/context.ts'
import type { ModuleCode } from '../modules/implementations.ts'
import type { Profile } from '../profiles/profile.ts'
import type { World } from '../world/world.ts'
import type { Firing, JobQueue } from './jobs/job-queue.ts'
import type { Modules } from './modules.ts'
import type { Ports } from '../effects/ports.ts'
import type { EventSignal, Gen } from '../effects/signals.ts'
import type { WorkflowTable } from './workflows.ts'

/** A module that is not MISP's: what MISP loads from Lib/WorkflowModules. It replaces a shipped one of the same type and id. */
export interface CustomModule {
  readonly definition: ModuleDefinition
  readonly execute: Execute
  /** SHA-256 of its source; absent where it has none. */
  readonly sourceHash?: string
}

export interface Limits {
  /** Nodes executed in all, jobs and fired runs included. */
  readonly steps: number
  /** Runs and jobs in all. */
  readonly runs: number
}

export const defaultLimits: Limits = { steps: 50_000, runs: 1_000 }

export interface Environment {
  readonly profile: Profile
  /** What executes the modules of the profile. */
  readonly code: Pick<ModuleCode, 'normalize'>
  readonly ports: Ports
  readonly settings: Settings
  readonly modules: Modules
  readonly workflows: WorkflowTable
  /** The database as the run, or the job that ran last, left it. */
  world: World
  readonly user: JsonMap | null
  readonly serviceModules: readonly JsonMap[] | null
  /** Outputs by node id that are used instead of executing the node. */
  readonly pins: { readonly [nodeId: string]: PinnedOutput }
  /** What a run's trigger made of its input, where that is known. */
  readonly given?: { readonly runId: string; readonly normalized: JsonMap }
  readonly jobs: JobQueue
  /** Unix seconds. */
  now(): number
  /** How deep fired workflows may nest; 0 only notes what would be fired. */
  readonly cascade: number
  /** Imitate what MISP's worker does to a concurrent branch instead of only saying so. */
  readonly crash: boolean
  readonly limits: Limits
  /** Counts against the limits. */
  readonly used: { steps: number; runs: number }
  /** An action runs an ad-hoc workflow, or makes MISP fire a trigger (fire.ts; here because modules reach them from below). */
  readonly runNow: (scope: Scope, nodeId: number, workflowId: string | null, data: JsonMap) => Gen<void>
  readonly fire: (scope: Scope, nodeId: number, triggerId: string, data: JsonMap) => Gen<Fired>
}

/** What the caller of AppModel::executeTrigger sees, and whether a workflow ran or was queued. */
export interface Fired {
  readonly success: boolean
  readonly errors: readonly string[]
  readonly ran: boolean
}

/** A PHP process: it keeps its log object once it has one, and what modules and models remember. */
interface Process {
  logLoaded: boolean
  /** The note about the missing log object has been given. */
  noted: boolean
  readonly world: World
  /** CurrentUserId: who caused it, as MISP has the id; null in a worker that was not told. */
  readonly userId: string | null
  /** How many of the world's changes have been reported. */
  reported: number
  /** How many of the world's assumptions have been reported. */
  assumed?: number
}

/** One run or job: whose events are whose. */
export interface Scope {
  readonly env: Environment
  readonly runId: string
  readonly job?: string
  readonly process: Process
  /** Fired triggers from the outermost run to this one. */
  readonly chain: readonly Firing[]
  /** The workflow row. */
  readonly workflow: JsonMap
  /** The node that runs now: where a PHP throwable came from, and which triggers it was told to fire in vain. */
  readonly at: { nodeId: number | null; told?: Set<string> }
}

/** Builds the signal of an event that belongs to a scope. */
export function event<T extends RunEventType>(
  scope: Pick<Scope, 'runId' | 'job'>,
  nodeId: number | null,
  type: T,
  data: RunEventMap[T]
): EventSignal {
  const inJob = scope.job !== undefined && !type.startsWith('job.')
  return {
    kind: 'event',
    runId: scope.runId,
    nodeId,
    type,
    data: inJob ? { ...data, job: scope.job } : data
  } as EventSignal
}

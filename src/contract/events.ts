// The one map of events that the host sends to every shell. They say that something changed; what it is now is asked for.
import type { RunStep, RunSummary } from './run-views.ts'
import type { TrustState } from './trust.ts'
import type { CaptureStatus, DataSummary, WorkflowSummary, WorkspaceInfo, WorkspaceProblem } from './workspace.ts'
import type { SwitchedWorkspace } from './workspaces.ts'

export interface EventMap {
  /** Runs that are new or changed, and ids that are gone. Bundled: at most ten a second. Both empty: too many changed, ask again. */
  'runs.changed': {
    readonly changed: readonly RunSummary[]
    readonly removed: readonly string[]
    readonly total: number
  }
  /** Steps of a run in progress, as they finish. */
  'run.progress': { readonly runId: string; readonly steps: readonly RunStep[]; readonly state: RunSummary['state'] }
  /** Another workspace is open: whatever is shown is of the one before. */
  'workspaces.switched': SwitchedWorkspace
  'workspace.changed': WorkspaceInfo
  'workspace.problem': WorkspaceProblem
  'workflows.changed': { readonly changed: readonly WorkflowSummary[]; readonly removed: readonly string[] }
  /** Blueprints were added, changed or removed. */
  'blueprints.changed': { readonly total: number }
  'data.changed': { readonly changed: readonly DataSummary[]; readonly removed: readonly string[] }
  /** Cases were made, run, changed or removed. */
  'cases.changed': Record<string, never>
  'capture.changed': CaptureStatus
  /** Something that came with the workspace waits for a yes, or does not any more. */
  'trust.changed': TrustState
  /** A file of modules/ was saved, switched or removed. */
  'modules.changed': { readonly files: readonly string[] }
  /** A long operation of the host. `done` of `total`; total null when unknown. That of a call has the call's id. */
  'job.progress': {
    readonly jobId: string
    readonly label: string
    readonly done: number
    readonly total: number | null
    readonly state: 'running' | 'done' | 'failed' | 'cancelled'
  }
}

export type EventName = keyof EventMap
export type HostEvent = { [N in EventName]: { readonly name: N; readonly data: EventMap[N] } }[EventName]

const eventNames: { readonly [N in EventName]: true } = {
  ...{ 'runs.changed': true, 'run.progress': true, 'workspaces.switched': true, 'workspace.changed': true },
  ...{ 'workspace.problem': true, 'workflows.changed': true, 'blueprints.changed': true, 'data.changed': true },
  ...{
    'capture.changed': true,
    'trust.changed': true,
    'modules.changed': true,
    'cases.changed': true,
    'job.progress': true
  }
}

export const isEventName = (name: unknown): name is EventName =>
  typeof name === 'string' && Object.hasOwn(eventNames, name)

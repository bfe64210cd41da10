// What the whole window knows: connection, workspace, listener, long jobs, messages.
import { createStore } from 'zustand/vanilla'
import type { RunSummary } from '../../contract/run-views.ts'
import type { Failure } from '../../contract/wire.ts'
import type { AppInfo, CaptureStatus, WorkspaceInfo, WorkspaceProblem } from '../../contract/workspace.ts'
import type { EventMap } from '../../contract/events.ts'
import { client } from '../client/client.ts'
import type { ConnectionState } from '../client/transport.ts'
import { setWorkspaceProfile } from './added-modules.ts'
import { plural } from '../../contract/words.ts'

export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'info' | 'error' | 'success'
  /** Of the failure that it tells. */
  readonly code?: string
  readonly action?: { readonly label: string; readonly run: () => void }
  /** Of the workspace or the connection, whatever view is open. */
  readonly stays?: true
  /** By the clock of the page. */
  readonly since?: number
  /** How often it was said, from 2; said once: absent. */
  readonly times?: number
}

type Progress = EventMap['job.progress']
export interface Job extends Progress {
  /** Where it leads to, and how it is stopped. */
  readonly href?: string
  readonly cancel?: () => void
}

export interface AppState {
  readonly connection: ConnectionState
  readonly info: AppInfo | null
  readonly workspace: WorkspaceInfo | null
  readonly capture: CaptureStatus | null
  readonly jobs: readonly Job[]
  readonly toasts: readonly Toast[]
}

export const app = createStore<AppState>(() => ({
  connection: 'connecting',
  info: null,
  workspace: null,
  capture: null,
  jobs: [],
  toasts: []
}))

let toastId = 0

const mostToasts = 4

/** What is said again stands once, with how often it was said. */
export function withToast(toasts: readonly Toast[], next: Toast): readonly Toast[] {
  const same = toasts.find(({ text, tone, code }) => text === next.text && tone === next.tone && code === next.code)
  const others = toasts.filter((one) => one !== same).slice(1 - mostToasts)
  return [...others, same === undefined ? next : { ...next, times: (same.times ?? 1) + 1 }]
}

/** As long as a message takes to be read. */
const toRead = 5_000

export function toast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): void {
  const id = ++toastId
  const next: Toast = { id, text, tone: 'info', since: performance.now(), ...options }
  app.setState(({ toasts }) => ({ toasts: withToast(toasts, next) }))
  // What can be undone stays longer; errors stay until they are closed, or the view is left that they were shown over.
  if (options.tone !== 'error') setTimeout(() => closeToast(id), options.action ? 12_000 : toRead)
}

/** Its errors go, too, once they could be read: in another view they would be taken for that view's. */
export function viewLeft(): void {
  for (const { id, tone, stays, since = 0 } of app.getState().toasts)
    if (tone === 'error' && !stays) setTimeout(() => closeToast(id), Math.max(0, since + toRead - performance.now()))
}

export const closeToast = (id: number): void =>
  app.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }))

export const showFailure = (failure: Failure): void =>
  failure.code === 'CANCELLED'
    ? toast('Cancelled. Nothing was saved.')
    : toast(`${failure.message} (${failure.code})`, {
        ...{ tone: 'error', code: failure.code },
        ...(failure.code === 'HOST_LOST' ? { stays: true } : {})
      })

/** Before anything is shown that depends on it. */
function seen(workspace: WorkspaceInfo): WorkspaceInfo {
  setWorkspaceProfile(workspace.profile.profile)
  return workspace
}

/** Each by itself: the listener may still be opening a large workspace. */
function refresh(): void {
  void client
    .call('app.info', {})
    .then((info) => info.ok && app.setState({ info: info.data, workspace: seen(info.data.workspace) }))
  void client.call('capture.status', {}).then((capture) => capture.ok && app.setState({ capture: capture.data }))
}

client.onState((connection) => {
  app.setState({ connection })
  // What was under way is not any more.
  if (connection === 'lost') app.setState({ jobs: [] })
  if (connection !== 'open') return
  // Nothing says that the connection is lost when it is back.
  app.setState(({ toasts }) => ({ toasts: toasts.filter(({ code }) => code !== 'HOST_LOST') }))
  refresh()
})
client.on('workspace.changed', (workspace) => app.setState({ workspace: seen(workspace) }))
client.on('workspace.problem', (problem) => {
  const { file, code, message, more } = problem
  // How many more there are is told once, and counted on.
  if ((more ?? 1) === 1) toast(`${file}: ${message}`, { tone: 'error', stays: true })
  const isOther = (one: WorkspaceProblem): boolean => !one.more || one.file !== file || one.code !== code
  app.setState(({ workspace }) => {
    if (!workspace) return {}
    const { problems } = workspace
    return { workspace: { ...workspace, problems: [...(more ? problems.filter(isOther) : problems), problem] } }
  })
})
client.on('capture.changed', (capture) => app.setState({ capture }))
export const showJob = (job: Job): void =>
  app.setState(({ jobs }) => ({
    jobs: jobs.some((one) => one.jobId === job.jobId)
      ? jobs.map((one) => (one.jobId === job.jobId ? job : one))
      : [...jobs, job]
  }))
export const closeJob = (jobId: string): void =>
  app.setState(({ jobs }) => ({ jobs: jobs.filter((one) => one.jobId !== jobId) }))

/** Long enough that a person wants to know. */
const worthShowing = 300
const starting = new Map<string, ReturnType<typeof setTimeout>>()

/** A local run in progress is a job; what MISP runs is not ours to stop. */
function followRun(run: RunSummary): void {
  const jobId = `run-${run.id}`
  clearTimeout(starting.get(run.id))
  starting.delete(run.id)
  if (run.origin !== 'local' || run.state !== 'running') return closeJob(jobId)
  const cancel = () =>
    void client.call('run.cancel', { runId: run.id }).then((answer) => !answer.ok && showFailure(answer.error))
  const label = `Running ${run.name ?? run.workflowName ?? run.trigger}, ${plural(run.steps, 'step')}`
  const show = () =>
    showJob({ jobId, label, done: run.steps, total: null, state: 'running', href: `#/runs/${run.id}`, cancel })
  if (app.getState().jobs.some((one) => one.jobId === jobId)) show()
  else starting.set(run.id, setTimeout(show, worthShowing))
}
client.on('runs.changed', ({ changed }) => changed.forEach(followRun))

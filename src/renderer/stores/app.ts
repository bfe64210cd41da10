// What the whole window knows: connection, workspace, listener, long jobs, messages.
import { createStore } from 'zustand/vanilla'
import type { Failure } from '../../contract/wire.ts'
import type { AppInfo, CaptureStatus, WorkspaceInfo } from '../../contract/workspace.ts'
import type { EventMap } from '../../contract/events.ts'
import { client } from '../client/client.ts'
import type { ConnectionState } from '../client/client.ts'

export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'info' | 'error' | 'success'
  readonly action?: { readonly label: string; readonly run: () => void }
}

export type HostJob = EventMap['job.progress']

export interface AppState {
  readonly connection: ConnectionState
  readonly info: AppInfo | null
  readonly workspace: WorkspaceInfo | null
  readonly capture: CaptureStatus | null
  readonly jobs: readonly HostJob[]
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

export function toast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): void {
  const id = ++toastId
  app.setState(({ toasts }) => ({ toasts: [...toasts.slice(-3), { id, text, tone: 'info', ...options }] }))
  // What can be undone stays longer; errors stay until they are closed.
  if (options.tone !== 'error') setTimeout(() => closeToast(id), options.action ? 12_000 : 5_000)
}

export const closeToast = (id: number): void =>
  app.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }))

export const showFailure = (failure: Failure): void => toast(`${failure.message} (${failure.code})`, { tone: 'error' })

/** Each by itself: the listener may still be opening a large workspace. */
function refresh(): void {
  void client
    .call('app.info', {})
    .then((info) => info.ok && app.setState({ info: info.data, workspace: info.data.workspace }))
  void client.call('capture.status', {}).then((capture) => capture.ok && app.setState({ capture: capture.data }))
}

client.onState((connection) => {
  app.setState({ connection })
  if (connection === 'open') refresh()
})
client.on('workspace.changed', (workspace) => app.setState({ workspace }))
client.on('workspace.problem', (problem) => toast(`${problem.file}: ${problem.message}`, { tone: 'error' }))
client.on('capture.changed', (capture) => app.setState({ capture }))
client.on('job.progress', (job) =>
  app.setState(({ jobs }) => ({
    jobs: [...jobs.filter((one) => one.jobId !== job.jobId), ...(job.state === 'running' ? [job] : [])]
  }))
)

// The person's workspaces and the demonstrations, and which of them is open.
import { createStore } from 'zustand/vanilla'
import type { Params } from '../../contract/operations.ts'
import type { WorkspaceList } from '../../contract/workspaces.ts'
import { client } from '../client/client.ts'
import { showFailure } from './app.ts'

interface WorkspacesState {
  readonly list: WorkspaceList | null
  /** The dialog with all of them is shown. */
  readonly isChoosing: boolean
}

export const workspaces = createStore<WorkspacesState>(() => ({ list: null, isChoosing: false }))

export const chooseWorkspace = (): void => workspaces.setState({ isChoosing: true })
export const closeChoice = (): void => workspaces.setState({ isChoosing: false })

/** What the open workspace is called. */
export const openName = ({ list }: WorkspacesState): string | null =>
  list === null
    ? null
    : list.demonstration === null
      ? list.home.name
      : (list.demonstrations.find(({ id }) => id === list.demonstration)?.title ?? list.demonstration)

async function load(): Promise<void> {
  const answer = await client.call('workspaces.list', {})
  if (answer.ok) workspaces.setState({ list: answer.data })
}

export async function openWorkspace(where: Params<'workspaces.open'>): Promise<void> {
  const answer = await client.call('workspaces.open', where)
  if (!answer.ok) return showFailure(answer.error)
}

/** Returns whether there is one now. */
export async function createWorkspace(name: string): Promise<boolean> {
  const answer = await client.call('workspaces.create', { name })
  if (!answer.ok) showFailure(answer.error)
  return answer.ok
}

export async function forgetWorkspace(folder: string): Promise<void> {
  const answer = await client.call('workspaces.forget', { folder })
  if (!answer.ok) return showFailure(answer.error)
  workspaces.setState({ list: answer.data })
}

client.onState((connection) => {
  if (connection === 'open') void load()
})
/** Everything that is shown, and what stores keep, is of the workspace before. */
client.on('workspaces.switched', ({ start }) => {
  location.hash = start
  location.reload()
})

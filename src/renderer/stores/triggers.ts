// MISP's table of triggers with what the workspace knows of each. Small; asked for again when anything in it may have changed.
import { createStore } from 'zustand/vanilla'
import type { TriggerRow } from '../../contract/authoring.ts'
import type { Failure } from '../../contract/wire.ts'
import { client } from '../client/client.ts'

export interface TriggersState {
  readonly rows: readonly TriggerRow[] | null
  readonly failure: Failure | null
}

export const triggers = createStore<TriggersState>(() => ({ rows: null, failure: null }))

let watched = false
let timer: ReturnType<typeof setTimeout> | undefined

export async function reloadTriggers(): Promise<void> {
  const answer = await client.call('triggers.list', {})
  triggers.setState(answer.ok ? { rows: answer.data, failure: null } : { failure: answer.error })
}

/** Loads the table and keeps it live from the first time on that it is shown. */
export function watchTriggers(): void {
  void reloadTriggers()
  if (watched) return
  watched = true
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void reloadTriggers(), 300)
  }
  client.on('workflows.changed', soon)
  client.on('workspace.changed', soon)
  client.on('runs.changed', soon)
}

// The draft of an open workflow: what is edited survives the page, the app and a kill.
import type { StoreApi } from 'zustand/vanilla'
import { client } from '../client/client.ts'
import { showFailure } from './app.ts'
import { isDirty } from './editor-state.ts'
import type { EditorState } from './editor-state.ts'

const draftDelay = 250
const lostDelay = 1000

export class DraftKeeper {
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly store: StoreApi<EditorState>,
    /** The version that is edited: a draft may be older than the newest one. */
    public base: number
  ) {}

  soon(delay = draftDelay): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.keep(), delay)
  }

  async keep(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const state = this.store.getState()
    const { workflowId } = state
    const answer = isDirty(state)
      ? await client.call('drafts.save', { workflowId, base: this.base, workflow: state.document })
      : await client.call('drafts.discard', { workflowId })
    if (answer.ok) return this.store.setState({ draftAt: 'at' in answer.data ? answer.data.at : null })
    const { code } = answer.error
    // The app was stopped or killed: what is edited meanwhile waits until it is back.
    if (code === 'HOST_LOST') this.soon(lostDelay)
    // A workspace that is read-only here says so in its banner; every keystroke need not.
    else if (code !== 'WORKSPACE_READ_ONLY') showFailure(answer.error)
  }

  /** Keeps what has not been kept yet. */
  dispose(): void {
    if (this.#timer !== undefined) void this.keep()
  }
}

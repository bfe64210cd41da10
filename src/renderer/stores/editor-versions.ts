// Versions of an open workflow: saving one, looking at two, going back.
import type { StoreApi } from 'zustand/vanilla'
import type { Json } from '../../contract/json.ts'
import { diffWorkflows } from '../../engine/graph/diff-workflows.ts'
import { withReadableGraph } from '../../engine/graph/document.ts'
import { client } from '../client/client.ts'
import { showFailure, toast } from './app.ts'
import { askChoice } from './choice.ts'
import type { DraftKeeper } from './editor-draft.ts'
import type { EditorState } from './editor-state.ts'

export interface Versions {
  save(note: string): Promise<boolean>
  /** With what is edited, or with another version; null ends it. */
  compare(version: number | null, other?: number | null): Promise<void>
  revert(version: number): Promise<void>
  discardDraft(): Promise<void>
}

/** Another page or program saved it meanwhile: a person says whether theirs goes on top. */
async function isSavedAnyway(message: string): Promise<boolean> {
  const chosen = await askChoice({
    title: 'A newer version was saved',
    text: `${message} Saving puts your version on top; the other one stays among the versions, where both can be compared.`,
    answers: [{ id: 'save', label: 'Save anyway', primary: true }]
  })
  return chosen === 'save'
}

async function loadVersion(workflowId: string, version: number): Promise<Json | null> {
  const answer = await client.call('workflows.get', { workflowId, version })
  return answer.ok ? withReadableGraph(answer.data.workflow) : (showFailure(answer.error), null)
}

/** `put`: makes a document the one that is edited. */
export function versionsOf(
  store: StoreApi<EditorState>,
  draft: DraftKeeper,
  put: (label: string, document: Json) => void
): Versions {
  const { workflowId } = store.getState()
  const reload = async (): Promise<void> => {
    const answer = await client.call('workflows.get', { workflowId })
    if (!answer.ok) return
    draft.base = answer.data.version
    store.setState({ detail: answer.data, saved: withReadableGraph(answer.data.workflow) })
  }
  return {
    async save(note) {
      const { document: now } = store.getState()
      const given = { workflowId, workflow: now, note }
      let answer = await client.call('workflows.save', { ...given, base: draft.base })
      if (!answer.ok && answer.error.code === 'WORKFLOW_CHANGED') {
        if (!(await isSavedAnyway(answer.error.message))) return false
        answer = await client.call('workflows.save', given)
      }
      if (!answer.ok) return (showFailure(answer.error), false)
      draft.base = answer.data.version
      const full = await client.call('workflows.get', { workflowId })
      // The document that was saved stays the one that is edited, so that what was typed meanwhile is a change.
      store.setState({ saved: now, restored: null, ...(full.ok ? { detail: full.data } : {}) })
      toast(`Saved as version ${answer.data.version}`, { tone: 'success' })
      await draft.keep()
      return true
    },
    async compare(version, other = null) {
      if (version === null) return store.setState({ comparison: null })
      const old = await loadVersion(workflowId, version)
      const shown = other === null ? null : await loadVersion(workflowId, other)
      if (old === null || (other !== null && shown === null)) return
      const changes = diffWorkflows(old, shown ?? store.getState().document)
      const to = other === null || shown === null ? null : { version: other, document: shown }
      store.setState({ comparison: { version, document: old, changes, with: to }, selection: new Set(), link: null })
    },
    async revert(version) {
      const answer = await client.call('workflows.revert', { workflowId, version })
      if (!answer.ok) return showFailure(answer.error)
      await reload()
      put(`Reverted to version ${version}`, store.getState().saved)
      store.setState({ comparison: null, restored: null })
      toast(`Version ${version} is now version ${answer.data.version}`, { tone: 'success' })
    },
    async discardDraft() {
      const { saved, detail } = store.getState()
      draft.base = detail.version
      put('Discard unsaved changes', saved)
      store.setState({ restored: null })
      await draft.keep()
    }
  }
}

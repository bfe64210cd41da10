// One open workflow: the document, what is selected, what was done, what is wrong with it. Undo keeps whole documents, which share all
// that did not change.
import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'
import type { Draft } from '../../contract/editing.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RawGraph, RawWorkflow } from '../../contract/workflow.ts'
import type { WorkflowDetail, WorkflowProblem } from '../../contract/workspace.ts'
import type { Link } from '../../engine/graph/edit.ts'
import { diffWorkflows } from '../../engine/graph/diff-workflows.ts'
import type { WorkflowChange } from '../../engine/graph/diff-workflows.ts'
import { parseWorkflow } from '../../engine/graph/parse.ts'
import { client } from '../client/client.ts'
import { showFailure, toast } from './app.ts'
import { askChoice } from './choice.ts'
import { preferences } from './preferences.ts'
import { withReadableGraph, withWorkflowGraph, workflowGraph } from '../../engine/graph/document.ts'
import { keysOf, problemsIn } from './editor-model.ts'
import type { CheckSettings } from './editor-model.ts'

export interface Comparison {
  readonly version: number
  readonly document: Json
  /** Another version instead of what is edited: it is shown on the canvas meanwhile. */
  readonly with: { readonly version: number; readonly document: Json } | null
  readonly changes: readonly WorkflowChange[]
}

type EditorDialog =
  | { readonly kind: 'add'; readonly at?: { readonly x: number; readonly y: number }; readonly from?: Omit<Link, 'to'> }
  | { readonly kind: 'insert'; readonly link: Link }
  | { readonly kind: 'connect'; readonly from: string; readonly output?: string; readonly moves?: Link }
  | { readonly kind: 'save' | 'blueprint' | 'try' | 'frame' }

export type SideTab = 'node' | 'problems' | 'versions' | 'run'

export interface EditorState {
  readonly workflowId: string
  readonly detail: WorkflowDetail
  readonly document: Json
  /** What the newest version holds. */
  readonly saved: Json
  readonly past: readonly Step[]
  readonly future: readonly Step[]
  readonly selection: ReadonlySet<string>
  readonly link: Link | null
  readonly frame: string | null
  readonly problems: readonly WorkflowProblem[]
  readonly restored: Draft | null
  readonly draftAt: string | null
  readonly comparison: Comparison | null
  /** The run that is laid over the canvas. */
  readonly runId: string | null
  readonly dialog: EditorDialog | null
  readonly tab: SideTab
  /** Data that hash paths are tried on. */
  readonly dataId: string | null
  /** Nodes that were just added, for the canvas to bring into view. */
  readonly added: readonly string[]
  /** Why the last thing was refused, for the canvas to show. */
  readonly refusal: string | null
  /** Nodes that show their fields on the canvas. */
  readonly unfolded: ReadonlySet<string>
}

interface Step {
  readonly label: string
  readonly document: Json
  /** Typing in one field is one step. */
  readonly merge: string | null
  readonly at: number
}

export interface Editor extends StoreApi<EditorState> {
  graph(): RawGraph
  /** Changes the graph; a text says why not, and is shown. Answers whether it was done. */
  edit(label: string, change: (graph: RawGraph) => RawGraph | string, merge?: string): boolean
  editDocument(label: string, change: (document: Json) => Json, merge?: string): void
  select(keys: Iterable<string>): void
  selectLink(link: Link | null): void
  undo(): void
  redo(): void
  save(note: string): Promise<boolean>
  /** With what is edited, or with another version; null ends it. */
  compare(version: number | null, other?: number | null): Promise<void>
  revert(version: number): Promise<void>
  discardDraft(): Promise<void>
  refuse(text: string | null): void
  /** Looks for problems again, when what surrounds the workflow has changed. */
  check(): void
  dispose(): void
}

const draftDelay = 250
const lostDelay = 1000
const checkDelay = 120
const mergeTime = 1500

export const isDirty = ({ document, saved }: Pick<EditorState, 'document' | 'saved'>): boolean => document !== saved

async function checkSettings(): Promise<CheckSettings> {
  const answer = await client.call('workspace.settings', {})
  const settings: JsonMap = answer.ok ? answer.data : {}
  const list = (value: Json | undefined) => (Array.isArray(value) ? value.map(String) : null)
  return {
    settings,
    enabledModules: list(settings.enabled_modules),
    enabledTriggers: list(settings.enabled_triggers)
  }
}

/** Opens a workflow, with its draft when there is one. A failure is answered as a text. */
export async function openEditor(workflowId: string): Promise<Editor | string> {
  const [detail, draft, settings] = await Promise.all([
    client.call('workflows.get', { workflowId }),
    client.call('drafts.get', { workflowId }),
    checkSettings()
  ])
  if (!detail.ok) return detail.error.message
  const restored = draft.ok ? draft.data : null
  return createEditor(detail.data, restored, { ...settings, workflows: await otherWorkflows(workflowId) })
}

/** For recursion over several workflows; in a workspace with very many of them the first ones. */
async function otherWorkflows(workflowId: string): Promise<readonly RawWorkflow[]> {
  const list = await client.call('workflows.list', {})
  const others = (list.ok ? list.data : []).filter(({ id }) => id !== workflowId).slice(0, 40)
  const details = await Promise.all(others.map(({ id }) => client.call('workflows.get', { workflowId: id })))
  return details.flatMap((answer) => {
    try {
      return answer.ok ? [parseWorkflow(answer.data.workflow, answer.data.name)] : []
    } catch {
      // It has problems of its own, which its own editor shows.
      return []
    }
  })
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

function createEditor(detail: WorkflowDetail, restored: Draft | null, settings: CheckSettings): Editor {
  const saved = withReadableGraph(detail.workflow)
  /** The version that is edited: a draft may be older than the newest one. */
  let base = restored?.base ?? detail.version
  const document = restored ? restored.workflow : saved
  const store = createStore<EditorState>(() => ({
    workflowId: detail.id,
    detail,
    document,
    saved,
    past: [],
    future: [],
    selection: new Set(),
    link: null,
    frame: null,
    problems: problemsIn(document, settings),
    restored,
    draftAt: restored?.at ?? null,
    comparison: null,
    runId: null,
    dialog: null,
    tab: 'node',
    dataId: null,
    added: [],
    refusal: null,
    unfolded: new Set(preferences.getState().fieldsInNodes ? keysOf(workflowGraph(document)) : [])
  }))
  let draftTimer: ReturnType<typeof setTimeout> | undefined
  let checkTimer: ReturnType<typeof setTimeout> | undefined

  const keepDraft = async (): Promise<void> => {
    clearTimeout(draftTimer)
    draftTimer = undefined
    const state = store.getState()
    const { workflowId } = state
    const answer = isDirty(state)
      ? await client.call('drafts.save', { workflowId, base, workflow: state.document })
      : await client.call('drafts.discard', { workflowId })
    if (!answer.ok) {
      const { code } = answer.error
      // The app was stopped or killed: what is edited meanwhile waits until it is back.
      if (code === 'HOST_LOST') draftTimer = setTimeout(() => void keepDraft(), lostDelay)
      // A workspace that is read-only here says so in its banner; every keystroke need not.
      else if (code !== 'WORKSPACE_READ_ONLY') showFailure(answer.error)
      return
    }
    store.setState({ draftAt: 'at' in answer.data ? answer.data.at : null })
  }
  const check = (): void => {
    clearTimeout(checkTimer)
    checkTimer = setTimeout(
      () => store.setState({ problems: problemsIn(store.getState().document, settings) }),
      checkDelay
    )
  }
  const changed = (): void => {
    clearTimeout(draftTimer)
    draftTimer = setTimeout(() => void keepDraft(), draftDelay)
    check()
  }
  const prune = (next: Json): Partial<EditorState> => {
    const { selection } = store.getState()
    const keys = new Set(keysOf(workflowGraph(next)))
    const kept = [...selection].filter((key) => keys.has(key))
    return kept.length === selection.size ? {} : { selection: new Set(kept) }
  }
  const put = (label: string, next: Json, merge: string | null): void => {
    const { document: before, past } = store.getState()
    if (next === before) return
    const last = past.at(-1)
    const at = performance.now()
    const merges = merge !== null && last?.merge === merge && at - last.at < mergeTime
    const steps = merges ? [...past.slice(0, -1), { ...last, at }] : [...past, { label, document: before, merge, at }]
    store.setState({ document: next, past: steps.slice(-500), future: [], refusal: null, link: null, ...prune(next) })
    changed()
  }
  const travel = (from: 'past' | 'future', to: 'past' | 'future'): void => {
    const state = store.getState()
    const step = state[from].at(-1)
    if (!step) return
    const back = { label: step.label, document: state.document, merge: null, at: 0 }
    store.setState({
      document: step.document,
      [from]: state[from].slice(0, -1),
      [to]: [...state[to], back],
      refusal: null,
      link: null,
      ...prune(step.document)
    })
    changed()
  }
  const reload = async (): Promise<void> => {
    const answer = await client.call('workflows.get', { workflowId: detail.id })
    if (!answer.ok) return
    base = answer.data.version
    store.setState({ detail: answer.data, saved: withReadableGraph(answer.data.workflow) })
  }

  const editor: Editor = {
    ...store,
    graph: () => workflowGraph(store.getState().document),
    edit(label, change, merge) {
      if (store.getState().comparison) store.setState({ comparison: null })
      let result: RawGraph | string
      try {
        result = change(editor.graph())
      } catch (error) {
        result = error instanceof Error ? error.message : String(error)
      }
      if (typeof result === 'string') {
        editor.refuse(result)
        return false
      }
      put(label, withWorkflowGraph(store.getState().document, result), merge ?? null)
      return true
    },
    editDocument: (label, change, merge) => put(label, change(store.getState().document), merge ?? null),
    select(keys) {
      const next = new Set(keys)
      const { selection, link, frame } = store.getState()
      if (!link && !frame && next.size === selection.size && [...next].every((key) => selection.has(key))) return
      store.setState({ selection: next, link: null, frame: null })
    },
    selectLink: (link) => store.setState({ link, selection: new Set(), frame: null }),
    undo: () => travel('past', 'future'),
    redo: () => travel('future', 'past'),
    async save(note) {
      const { document: now } = store.getState()
      const given = { workflowId: detail.id, workflow: now, note }
      let answer = await client.call('workflows.save', { ...given, base })
      if (!answer.ok && answer.error.code === 'WORKFLOW_CHANGED') {
        if (!(await isSavedAnyway(answer.error.message))) return false
        answer = await client.call('workflows.save', given)
      }
      if (!answer.ok) return (showFailure(answer.error), false)
      base = answer.data.version
      const full = await client.call('workflows.get', { workflowId: detail.id })
      // The document that was saved stays the one that is edited, so that what was typed meanwhile is a change.
      store.setState({ saved: now, restored: null, ...(full.ok ? { detail: full.data } : {}) })
      toast(`Saved as version ${answer.data.version}`, { tone: 'success' })
      await keepDraft()
      return true
    },
    async compare(version, other = null) {
      if (version === null) return store.setState({ comparison: null })
      const load = async (number: number): Promise<Json | null> => {
        const answer = await client.call('workflows.get', { workflowId: detail.id, version: number })
        return answer.ok ? withReadableGraph(answer.data.workflow) : (showFailure(answer.error), null)
      }
      const old = await load(version)
      const shown = other === null ? null : await load(other)
      if (old === null || (other !== null && shown === null)) return
      const changes = diffWorkflows(old, shown ?? store.getState().document)
      const to = other === null || shown === null ? null : { version: other, document: shown }
      store.setState({ comparison: { version, document: old, changes, with: to }, selection: new Set(), link: null })
    },
    async revert(version) {
      const answer = await client.call('workflows.revert', { workflowId: detail.id, version })
      if (!answer.ok) return showFailure(answer.error)
      await reload()
      const { saved: back } = store.getState()
      put(`Reverted to version ${version}`, back, null)
      store.setState({ comparison: null, restored: null })
      toast(`Version ${version} is now version ${answer.data.version}`, { tone: 'success' })
    },
    async discardDraft() {
      const { saved: last, detail: newest } = store.getState()
      base = newest.version
      put('Discard unsaved changes', last, null)
      store.setState({ restored: null })
      await keepDraft()
    },
    check,
    refuse: (text) => store.setState({ refusal: text }),
    dispose() {
      clearTimeout(checkTimer)
      if (draftTimer !== undefined) void keepDraft()
    }
  }
  if (isDirty(store.getState())) changed()
  return editor
}

// One open workflow: what is done with it, and what is wrong with it.
import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'
import type { Draft } from '../../contract/editing.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ProfileUse } from '../../contract/profiles.ts'
import type { RawGraph, RawWorkflow } from '../../contract/workflow.ts'
import type { WorkflowDetail } from '../../contract/workspace.ts'
import { withReadableGraph, withWorkflowGraph, workflowGraph } from '../../engine/graph/document.ts'
import type { Link } from '../../engine/graph/edit.ts'
import { parseWorkflow } from '../../engine/graph/parse.ts'
import { client } from '../client/client.ts'
import { showProfile } from './added-modules.ts'
import { showFailure } from './app.ts'
import { DraftKeeper } from './editor-draft.ts'
import { keysOf, problemsIn } from './editor-model.ts'
import type { CheckSettings } from './editor-model.ts'
import { isDirty, travelled, withStep } from './editor-state.ts'
import type { EditorState } from './editor-state.ts'
import { versionsOf } from './editor-versions.ts'
import type { Versions } from './editor-versions.ts'
import { preferences } from './preferences.ts'
import { loadTemplateCheck, templateCheck } from './template-check.ts'

export interface Editor extends StoreApi<EditorState>, Versions {
  graph(): RawGraph
  /** Changes the graph; a text says why not, and is shown. Returns whether it was done. */
  edit(label: string, change: (graph: RawGraph) => RawGraph | string, merge?: string): boolean
  editDocument(label: string, change: (document: Json) => Json, merge?: string): void
  select(keys: Iterable<string>): void
  selectLink(link: Link | null): void
  undo(): void
  redo(): void
  refuse(text: string | null): void
  /** Looks for problems again, when what surrounds the workflow has changed. */
  check(): void
  /** Treats it as a workflow of that MISP from now on; null: as its nodes and the workspace say. Returns whether it was done. */
  setProfile(profile: string | null): Promise<boolean>
  dispose(): void
}

const checkDelay = 120

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
  const [detail, profile, draft, settings] = await Promise.all([
    client.call('workflows.get', { workflowId }),
    client.call('workflows.profile', { workflow: { workflowId } }),
    client.call('drafts.get', { workflowId }),
    checkSettings()
  ])
  if (!detail.ok) return detail.error.message
  const restored = draft.ok ? draft.data : null
  // What is wrong with it depends on the MISP that it is for.
  showProfile(profile.ok ? profile.data.profile : null)
  const surroundings = { ...settings, workflows: await otherWorkflows(workflowId) }
  return createEditor({ detail: detail.data, restored, profile: profile.ok ? profile.data : null }, surroundings)
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

const problemsOf = (document: Json, settings: CheckSettings) =>
  problemsIn(document, { ...settings, templateFault: templateCheck() })

interface Opened {
  readonly detail: WorkflowDetail
  readonly restored: Draft | null
  readonly profile: ProfileUse | null
}

function startOf({ detail, restored, profile }: Opened, settings: CheckSettings): EditorState {
  const saved = withReadableGraph(detail.workflow)
  const document = restored ? restored.workflow : saved
  return {
    workflowId: detail.id,
    detail,
    profile,
    document,
    saved,
    past: [],
    future: [],
    selection: new Set(),
    link: null,
    frame: null,
    problems: problemsOf(document, settings),
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
  }
}

async function chooseProfile(
  store: StoreApi<EditorState>,
  profile: string | null,
  check: () => void
): Promise<boolean> {
  const { workflowId } = store.getState()
  const chosen = await client.call('profiles.choose', { for: { workflowId }, profile })
  if (!chosen.ok) {
    showFailure(chosen.error)
    return false
  }
  const now = await client.call('workflows.profile', { workflow: { workflowId } })
  if (!now.ok) return false
  showProfile(now.data.profile)
  store.setState({ profile: now.data })
  check()
  return true
}

function createEditor(opened: Opened, settings: CheckSettings): Editor {
  const { detail, restored } = opened
  const store = createStore<EditorState>(() => startOf(opened, settings))
  const draft = new DraftKeeper(store, restored?.base ?? detail.version)
  let checkTimer: ReturnType<typeof setTimeout> | undefined

  const check = (): void => {
    clearTimeout(checkTimer)
    checkTimer = setTimeout(
      () => store.setState({ problems: problemsOf(store.getState().document, settings) }),
      checkDelay
    )
  }
  if (templateCheck() === undefined) void loadTemplateCheck().then(check)
  const changed = (): void => {
    draft.soon()
    check()
  }
  const put = (label: string, document: Json, merge: string | null = null): void => {
    if (document === store.getState().document) return
    store.setState(withStep(store.getState(), { label, document, merge, at: performance.now() }))
    changed()
  }
  const travel = (from: 'past' | 'future'): void => {
    const next = travelled(store.getState(), from)
    if (!next) return
    store.setState(next)
    changed()
  }

  const editor: Editor = {
    ...store,
    ...versionsOf(store, draft, put),
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
      put(label, withWorkflowGraph(store.getState().document, result), merge)
      return true
    },
    editDocument: (label, change, merge) => put(label, change(store.getState().document), merge),
    select(keys) {
      const next = new Set(keys)
      const { selection, link, frame } = store.getState()
      if (!link && !frame && next.size === selection.size && [...next].every((key) => selection.has(key))) return
      store.setState({ selection: next, link: null, frame: null })
    },
    selectLink: (link) => store.setState({ link, selection: new Set(), frame: null }),
    undo: () => travel('past'),
    redo: () => travel('future'),
    check,
    refuse: (text) => store.setState({ refusal: text }),
    setProfile: (profile) => chooseProfile(store, profile, check),
    dispose() {
      clearTimeout(checkTimer)
      draft.dispose()
    }
  }
  if (isDirty(store.getState())) changed()
  return editor
}

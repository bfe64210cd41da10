// What is known of one open workflow: the document, what is selected, what was done. Undo keeps whole documents, which share all that did
// not change.
import type { Draft } from '../../contract/editing.ts'
import type { Json } from '../../contract/json.ts'
import type { ProfileUse } from '../../contract/profiles.ts'
import type { WorkflowDetail, WorkflowProblem } from '../../contract/workspace.ts'
import type { WorkflowChange } from '../../engine/graph/diff-workflows.ts'
import { workflowGraph } from '../../engine/graph/document.ts'
import type { Link } from '../../engine/graph/edit.ts'
import { keysOf } from './editor-model.ts'

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
  /** The MISP that it is for; null while nobody can say. */
  readonly profile: ProfileUse | null
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

const mergeTime = 1500
const mostSteps = 500

export const isDirty = ({ document, saved }: Pick<EditorState, 'document' | 'saved'>): boolean => document !== saved

/** Nodes that another document does not have are not selected in it. */
function shownIn(document: Json, { selection }: EditorState): Partial<EditorState> {
  const keys = new Set(keysOf(workflowGraph(document)))
  const kept = [...selection].filter((key) => keys.has(key))
  return {
    document,
    refusal: null,
    link: null,
    ...(kept.length === selection.size ? {} : { selection: new Set(kept) })
  }
}

/** A step forward to `document`. `at`: milliseconds of any clock. */
export function withStep(state: EditorState, { label, document, merge, at }: Step): Partial<EditorState> {
  const { document: before, past } = state
  const last = past.at(-1)
  const merges = merge !== null && last?.merge === merge && at - last.at < mergeTime
  const steps = merges ? [...past.slice(0, -1), { ...last, at }] : [...past, { label, document: before, merge, at }]
  return { past: steps.slice(-mostSteps), future: [], ...shownIn(document, state) }
}

/** A step back (`past`), or forward again; null where there is none. */
export function travelled(state: EditorState, from: 'past' | 'future'): Partial<EditorState> | null {
  const step = state[from].at(-1)
  if (!step) return null
  const to = from === 'past' ? 'future' : 'past'
  const back = { label: step.label, document: state.document, merge: null, at: 0 }
  return { [from]: state[from].slice(0, -1), [to]: [...state[to], back], ...shownIn(step.document, state) }
}

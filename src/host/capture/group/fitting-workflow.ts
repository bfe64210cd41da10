// Which of the workspace's workflows a captured run's posts come from. MISP has one workflow for a trigger; a workspace may hold several, of
// demonstrations or of other instances, and a run must not be drawn on one that it never went through.
import type { Json } from '../../../contract/json.ts'
import { isUnknownMap } from '../../../contract/json.ts'
import { workflowGraph, workflowRow } from '../../../engine/graph/document.ts'
import type { Workspace } from '../../store/workspace.ts'
import { noName, type CapturedRun, type WorkflowName } from '../derive/captured-run.ts'
import type { ParsedPost } from '../understand/post-parse.ts'
import { nodeKeyOf, savedNodeKey } from './graph.ts'

interface SavedNode {
  readonly key: string
  /** It has no parameters: those that are posted are MISP's defaults. */
  readonly bare: boolean
}

/** Saved nodes by `id:module`. */
type SavedNodes = ReadonlyMap<string, SavedNode>

const nodeOf = (key: string): string => key.slice(0, key.lastIndexOf(':'))

function savedNodes(workflow: Json): SavedNodes {
  return new Map(
    Object.values(workflowGraph(workflow)).flatMap((node): [string, SavedNode][] => {
      if (!isUnknownMap(node) || !isUnknownMap(node['data'])) return []
      const key = savedNodeKey(node)
      const params = node['data']['indexed_params'] ?? []
      return [[nodeOf(key), { key, bare: typeof params === 'object' && Object.keys(params ?? {}).length === 0 }]]
    })
  )
}

/** The first workflow that has all these nodes; `nodeId` '': any node. Undefined when there is none, or nothing to tell it by. */
export const withNodes = (
  workflows: readonly Json[],
  wanted: readonly { readonly nodeId: string; readonly moduleId: string }[]
): Json | undefined => {
  const named = wanted.filter(({ nodeId }) => nodeId !== '')
  if (named.length === 0) return undefined
  return workflows.find((workflow) => {
    const nodes = savedNodes(workflow)
    return named.every(({ nodeId, moduleId }) => nodes.has(`${nodeId}:${moduleId}`))
  })
}

/** How many of the nodes are as they were saved; null when one of them is not there. */
function fitOf(nodes: SavedNodes, keys: readonly string[]): number | null {
  let equal = 0
  for (const key of keys) {
    const node = nodes.get(nodeOf(key))
    if (node === undefined) return null
    if (node.bare || node.key === key) equal++
  }
  return equal
}

/** The candidate that has all the nodes, most of them as they were posted; undefined when none has half of them. */
function fitting<T>(candidates: readonly (readonly [T, SavedNodes])[], keys: readonly string[]): T | undefined {
  // Nothing to tell several apart by.
  if (keys.length === 0) return candidates.length === 1 ? candidates[0]?.[0] : undefined
  let best: T | undefined
  let most = 0
  for (const [candidate, nodes] of likely(candidates, keys)) {
    const fit = fitOf(nodes, keys)
    if (fit !== null && fit * 2 >= keys.length && fit > most) [best, most] = [candidate, fit]
  }
  return best
}

type Candidates<T> = readonly (readonly [T, SavedNodes])[]
const places = new WeakMap<object, ReadonlyMap<string, Candidates<unknown>>>()
/** More that have the rarest node, even as it was posted, are alike. */
const mostCompared = 64

/** Those that have the node which the fewest have: thousands of workflows must not be gone through for each run. */
function likely<T>(candidates: Candidates<T>, keys: readonly string[]): Candidates<T> {
  if (candidates.length <= mostCompared) return candidates
  const index = (places.get(candidates) ?? indexOf(candidates)) as ReadonlyMap<string, Candidates<T>>
  const fewest = (names: readonly string[]): Candidates<T> =>
    names.map((name) => index.get(name) ?? []).reduce((a, b) => (b.length < a.length ? b : a))
  const found = fewest(keys.map(nodeOf))
  if (found.length <= mostCompared) return found
  const known = keys.filter((key) => index.has(key))
  const exact = known.length === 0 ? found : fewest(known)
  return (exact.length < found.length ? exact : found).slice(0, mostCompared)
}

/** By node, and by node as it was saved. */
function indexOf<T>(candidates: Candidates<T>): ReadonlyMap<string, Candidates<T>> {
  const index = new Map<string, (readonly [T, SavedNodes])[]>()
  for (const candidate of candidates)
    for (const [node, { key }] of candidate[1])
      for (const name of [node, key]) {
        const list = index.get(name)
        if (list === undefined) index.set(name, [candidate])
        else list.push(candidate)
      }
  places.set(candidates, index)
  return index
}

export function fittingWorkflow(workflows: readonly Json[], posts: readonly ParsedPost[]): Json | undefined {
  const executed = posts.filter(({ kind }) => kind === 'exec')
  const keys = executed.map((post) => nodeKeyOf(post.nodeId, post.moduleId, post.filters, post.parameters))
  return fitting(
    workflows.map((workflow) => [workflow, savedNodes(workflow)] as const),
    [...new Set(keys)]
  )
}

/** Names the workflows of captured runs: for lists, so without reading posts. */
export class WorkflowNames {
  private known: ReadonlyMap<string, readonly (readonly [WorkflowName, SavedNodes])[]> | null = null
  /** By trigger and nodes: most runs of a workflow go the same few ways. */
  private readonly found = new Map<string, WorkflowName>()

  constructor(private readonly workflows: Workspace['workflows']) {}

  of({ trigger, nodes, steps }: Pick<CapturedRun, 'trigger' | 'nodes' | 'steps'>): WorkflowName {
    // Of runs that were grouped by an older Retrace the nodes are not known.
    if (nodes === '' && steps > 0) return noName
    const key = `${trigger}\n${nodes}`
    let name = this.found.get(key)
    if (name === undefined) {
      this.known ??= this.read()
      name = fitting(this.known.get(trigger) ?? [], nodes === '' ? [] : nodes.split('\n')) ?? noName
      if (this.found.size >= mostRemembered) this.found.clear()
      this.found.set(key, name)
    }
    return name
  }

  /** Workflows were saved or removed. */
  forget(): void {
    this.known = null
    this.found.clear()
  }

  private read(): ReadonlyMap<string, readonly (readonly [WorkflowName, SavedNodes])[]> {
    const byTrigger = new Map<string, (readonly [WorkflowName, SavedNodes])[]>()
    for (const { id, name, trigger } of this.workflows.list()) {
      const { workflow } = this.workflows.get(id)
      const own = workflowRow(workflow)?.['id']
      const entry = [
        { workflowId: typeof own === 'string' || typeof own === 'number' ? String(own) : null, workflowName: name },
        savedNodes(workflow)
      ] as const
      const list = byTrigger.get(trigger ?? '')
      if (list === undefined) byTrigger.set(trigger ?? '', [entry])
      else list.push(entry)
    }
    return byTrigger
  }
}

const mostRemembered = 20_000

// A strand of posts that come strictly one after the other, and what it has passed.
import { isLogic, isShipped } from '../understand/module-facts.ts'
import type { DataSignature, PostSummary } from '../understand/post-parse.ts'
import { typeInGraphs } from './known.ts'
import { stepOf, type TriggerGraphs } from './learned.ts'
import { valueOf, withEntry, type PersistentMap } from './persistent-map.ts'
import type { Position } from './position.ts'

export interface VisitedNode {
  readonly nodeId: string
  readonly moduleId: string
  readonly result: string
  readonly key: string
  /** How often the same node came right before. */
  readonly row: number
  /** How many visits so far were to a node that had been visited before. */
  readonly again: number
  readonly step: string
}

/** What may be an action among the nodes of a strand, the last one first. */
interface MaybeAction {
  readonly node: VisitedNode
  readonly before: MaybeAction | null
}

/** What a strand has passed. What is asked of it must not cost more the longer it is. */
export interface Passed {
  /** The last one. */
  readonly nodes: VisitedNode | null
  readonly actions: MaybeAction | null
  /** How often, by node id and by key. */
  readonly visits: PersistentMap<number>
  readonly keys: PersistentMap<number>
}

export const nothingPassed: Passed = { nodes: null, actions: null, visits: null, keys: null }

/** The strand with one more visit. */
export function visited(thread: Passed, post: PostSummary): Passed {
  const { nodes: before } = thread
  const { nodeId, moduleId, result, key } = post
  const row = before?.key === key ? before.row + 1 : 0
  const earlier = visits(thread, nodeId)
  const again = (before?.again ?? 0) + (row === 0 && earlier > 0 ? 1 : 0)
  const node = { nodeId, moduleId, result, key, row, again, step: stepOf(post, row) }
  return {
    nodes: node,
    actions: isLogic(moduleId) ? thread.actions : { node, before: thread.actions },
    visits: withEntry(thread.visits, nodeId, earlier + 1),
    keys: withEntry(thread.keys, key, (valueOf(thread.keys, key) ?? 0) + 1)
  }
}

/** A strand of posts that come strictly one after the other: a run's walk, or one concurrent branch. */
export interface Thread extends Passed {
  readonly position: Position
  /**
   * A node was posted as a graph has it, so that the run is of that graph. Until then it may be of a workflow that nobody knows, and what
   * fits no graph counts hardly more than without any.
   */
  readonly proven: boolean
  readonly last: PostSummary
  /** The data that the next node gets. */
  readonly data: DataSignature | null
  /** Hash of the action nodes passed, in order, as an end post lists them. */
  readonly list: number
  /** The module under way, of which `/debug/<module>` posts came: its exec post is next. */
  readonly asked: { readonly key: string; readonly count: number } | null
  /** True for a concurrent branch. */
  readonly branch: boolean
  /** The concurrent task that queued the branch. */
  readonly task?: string
}

export const visits = (thread: Passed, nodeId: string): number => valueOf(thread.visits, nodeId) ?? 0

export const shippedAction = (moduleId: string): boolean => isShipped(moduleId) && !isLogic(moduleId)

/** False for logic nodes, and for nodes of which nobody knows. */
export function isAction(
  graphs: TriggerGraphs,
  node: Pick<VisitedNode, 'nodeId' | 'moduleId' | 'key' | 'result'>
): boolean {
  if (graphs.learned.actions.has(node.key)) return true
  const type = typeInGraphs(graphs.known, node.nodeId, node.moduleId)
  if (type !== undefined) return type === 'action'
  // Logic modules always say success.
  return shippedAction(node.moduleId) || node.result === 'partial-success'
}

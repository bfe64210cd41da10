// How well a post goes on where a run stands, as the logarithm of a likelihood: 0 is what MISP always does, -10 what it never does.
import {
  alwaysBefore,
  comesAfter,
  inBranches,
  listHash,
  nextScore,
  stepOf,
  visitsPerRun,
  type LearnedGraph,
  type TriggerGraphs
} from './graph.ts'
import { graphsMeant, isKnownNode, typeInGraphs } from './known.ts'
import { allows, type Position } from './position.ts'
import { changesData, isLogic, isShipped } from '../understand/module-facts.ts'
import type { DataSignature, PostSummary } from '../understand/post-parse.ts'
import { valueOf, withEntry, type PersistentMap } from './persistent-map.ts'
import { digestDistance, structuralHash } from '../understand/structural-hash.ts'

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

const idMaps = new WeakMap<DataSignature, ReadonlyMap<string, string>>()

/** Its ids by path: hostile data can have many. */
function idsOf(data: DataSignature): ReadonlyMap<string, string> {
  const known = idMaps.get(data)
  if (known !== undefined) return known
  const ids = new Map(data.ids)
  idMaps.set(data, ids)
  return ids
}

/** True when both carry the same kind of id with another value. */
export function idsDiffer(a: DataSignature, b: DataSignature): boolean {
  if (a.ids.length === 0 || b.ids.length === 0) return false
  const others = idsOf(b)
  return a.ids.some(([path, value]) => (others.get(path) ?? value) !== value)
}

const nothing = structuralHash([])

const sameData = (a: DataSignature, b: DataSignature): boolean =>
  a.hash === b.hash && a.unfiltered === b.unfiltered && a.filters === b.filters

/** Data before a node against the data in its post. */
export function dataScore(before: DataSignature | null, post: PostSummary): number {
  const after = post.data
  if (before === null || after === null) return -0.5
  if (post.kind === 'debug') return idsDiffer(before, after) ? -2 : 0
  if (sameData(before, after)) return changesData(post.moduleId) === true ? -0.1 : 0
  if (idsDiffer(before, after)) return -25
  const ran = post.result === 'success' || post.result === 'partial-success' || post.result === 'error'
  if (post.moduleId === 'generic-filter-data' && ran) return filterScore(before, after)
  if (post.moduleId === 'generic-filter-reset' && ran) {
    if (before.unfiltered === after.hash) return 0
    // Resetting what was never filtered leaves nothing but an empty list of filters (Module_generic_filter_reset::exec).
    return after.hash === nothing ? -0.3 : -1 - distance(before, after)
  }
  if (ran && changesData(post.moduleId) !== false) {
    return (changesData(post.moduleId) === true ? -0.5 : -1.5) - distance(before, after)
  }
  return -5 - distance(before, after)
}

/** The first filter keeps a copy of the data before it; later ones keep that copy. */
function filterScore(before: DataSignature, after: DataSignature): number {
  const kept = after.unfiltered
  if (kept !== null && (kept === before.unfiltered || (before.unfiltered === null && kept === before.hash))) return 0
  return -4 - distance(before, after)
}

const distance = (a: DataSignature, b: DataSignature): number =>
  Math.min(12, 0.3 * digestDistance(a.digests, b.digests))

export const visits = (thread: Passed, nodeId: string): number => valueOf(thread.visits, nodeId) ?? 0

/** A workflow that is known is likelier than one that is not. */
const unlikely = -0.5

/** The node of a post against the place in the graph. */
export function placeScore(graphs: TriggerGraphs, thread: Thread, post: PostSummary): number {
  const { nodeId, moduleId } = post
  const allowed = allows(thread.position, { nodeId, moduleId, meant: graphsMeant(graphs.known, post) })
  if (allowed === true) return 0
  // A node that none has is of another workflow, which begins alike, or was changed.
  if (allowed === false && thread.proven && isKnownNode(graphs.known, post)) return -8
  const { learned } = graphs
  return (
    (allowed === false ? unlikely : 0) +
    repeatScore(learned, thread, post) +
    orderScore(learned, thread, post) +
    strangerScore(learned, thread, post) +
    listScore(graphs, thread, post) +
    unfinishedTask(learned, thread, post.nodeId)
  )
}

/** A module's own posts come while it runs: before its exec post, as many every time. */
export function askedScore({ learned }: TriggerGraphs, thread: Thread, post: PostSummary): number {
  const { asked } = thread
  if (asked !== null && asked.key !== post.key) return -6
  const asks = learned.asks.get(post.key) ?? 0
  if (asks === 0) return 0
  const each = Math.max(1, Math.round(asks / Math.max(1, learned.counts.get(post.key) ?? 0)))
  const count = asked?.count ?? 0
  if (post.kind === 'debug') return count >= each ? -4 : 0
  return count < each ? -3 : 0
}

/** Behind a diamond a node runs once per way; otherwise a second visit is another run's. */
function repeatScore(learned: LearnedGraph, thread: Thread, post: PostSummary): number {
  const repeats = visits(thread, post.nodeId)
  if (repeats === 0) return 0
  if (post.moduleId === 'concurrent-task') {
    // One post per connection, in a row.
    if (thread.nodes?.nodeId !== post.nodeId) return -6
    return learned.mixed ? -0.5 : repeats < visitsPerRun(learned, post.key) ? 0 : -4
  }
  if (waysTo(learned, thread, post) > repeats) return -0.5
  // Behind diamonds in a row every node comes again and again: more often than there were runs.
  const perRun = Math.floor((learned.counts.get(post.key) ?? 0) / Math.max(1, learned.inits))
  if (repeats < perRun) return 0
  return (thread.nodes?.again ?? 0) < 3 ? -4 : -0.3
}

/** How often the strand was at a node that leads to this one. */
function waysTo(learned: LearnedGraph, thread: Thread, { key, nodeId }: PostSummary): number {
  const parents = learned.parents.get(key)
  let ways = 0
  for (const parent of parents ?? []) ways += visits(thread, parent)
  for (const [from, id] of learned.ins.get(nodeId) ?? [])
    if (parents?.has(id) !== true) ways += valueOf(thread.keys, from) ?? 0
  return ways
}

/** An action that no end post ever listed belongs to a concurrent branch, not to the walk. */
function strangerScore(learned: LearnedGraph, thread: Thread, post: PostSummary): number {
  const { key } = post
  if (thread.branch) return branchNodeScore(learned, thread.task ?? '', key)
  if (learned.ends === 0 || learned.actions.has(key)) return 0
  if (inBranches(learned, key)) return -6
  if (shippedAction(post.moduleId) || post.result === 'partial-success') return -3
  return isShipped(post.moduleId) ? 0 : -1.5
}

/** The actions of a walk begin a list of an end post, once some have come. */
const listScore = (graphs: TriggerGraphs, thread: Thread, post: PostSummary): number =>
  post.kind === 'exec' &&
  !thread.branch &&
  graphs.learned.ends > 0 &&
  isAction(graphs, post) &&
  !graphs.learned.lists.has(listHash(thread.list, post.key))
    ? -3
    : 0

/** A concurrent task posts once per connection before anything else goes on. */
function unfinishedTask(learned: LearnedGraph, thread: Thread, next: string): number {
  const last = thread.nodes
  if (learned.mixed || last?.moduleId !== 'concurrent-task' || last.nodeId === next || last.result !== 'success')
    return 0
  return visits(thread, last.nodeId) < visitsPerRun(learned, last.key) ? -3 : 0
}

/** A node never comes behind itself, and what always came before a task is in no branch of it. */
export const branchNodeScore = (learned: LearnedGraph, task: string, key: string): number =>
  task === key ? -12 : alwaysBefore(learned, key, task) ? -6 : 0

/** Nodes that all runs pass before this one and this strand has not. */
function missingBefore(learned: LearnedGraph, thread: Thread, key: string): number {
  const wanted = comesAfter(learned, key)
  return wanted.filter((other) => valueOf(thread.keys, other) === undefined).length
}

function orderScore(learned: LearnedGraph, thread: Thread, post: PostSummary): number {
  const last = thread.nodes
  const lastKey = last === null ? '' : last.key
  const { key } = post
  if (!thread.branch) {
    const missing = missingBefore(learned, thread, key)
    if (missing > 0) return -2 - Math.min(3, 0.5 * missing)
  }
  const firsts = learned.firsts.get(lastKey)
  if (last !== null && firsts !== undefined) {
    if (firsts.has(post.nodeId)) return 0
    // At the end of a path the walk goes back to the last fork.
    if (!firsts.has('')) return last.result === 'success' && visits(thread, last.nodeId) === 1 ? -5 : -1
  }
  const lastStep = last === null ? '' : last.step
  const next = nextScore(learned, lastStep, key)
  if (next !== null && next > -2) return next
  const parents = learned.parents.get(key)
  if (parents === undefined || parents.size === 0) return next ?? -0.5
  if (last !== null && parents.has(last.nodeId)) return 0
  const fromTrigger = [...parents].some((parent) => !learned.seen.has(parent))
  if (last === null) return fromTrigger ? 0 : -4
  return fromTrigger || [...parents].some((parent) => visits(thread, parent) > 0) ? -1 : -4
}

const shippedAction = (moduleId: string): boolean => isShipped(moduleId) && !isLogic(moduleId)

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

/** Nodes in the end post to which nothing in the run leads. */
function cutOffScore({ learned }: TriggerGraphs, thread: Thread, post: PostSummary): number {
  const isCutOff = (id: string): boolean => learned.seen.has(id) && visits(thread, id) === 0
  const alone = post.inputs?.filter((froms) => froms.length > 0 && froms.every(isCutOff))
  return -Math.min(12, 5 * (alone?.length ?? 0))
}

const nobody: ReadonlySet<string> = new Set()
const listedIn = new WeakMap<PostSummary, ReadonlySet<string>>()

function listedBy(post: PostSummary): ReadonlySet<string> {
  if (!post.executed?.length) return nobody
  const known = listedIn.get(post)
  if (known !== undefined) return known
  const listed = new Set(post.executed)
  listedIn.set(post, listed)
  return listed
}

/** More nodes that are neither listed nor known to be actions stand in no run: the end post's own length bounds what is looked at. */
const spared = 256

/** The end post lists the action nodes that the run executed, in order, and those that failed. */
function executedScore(graphs: TriggerGraphs, thread: Thread, post: PostSummary): number {
  const executed = post.executed ?? []
  const listed = listedBy(post)
  const failed: string[] = []
  let [count, isSame, left] = [0, true, 4 * executed.length + spared]
  for (let at = thread.actions; at !== null; at = at.before) {
    if (left-- === 0) return -18
    const { node } = at
    if (!listed.has(node.key) && !isAction(graphs, node)) continue
    if (node.key !== executed[executed.length - 1 - count]) isSame = false
    count++
    if (node.result !== 'success') failed.push(node.key)
    if (!isSame && count >= executed.length + 4) return -18
  }
  if (!isSame || count !== executed.length) return -6 - Math.min(12, 3 * Math.abs(count - executed.length))
  return failed.reverse().join() === (post.failed ?? []).join() ? 0 : -6
}

export function endScore(graphs: TriggerGraphs, thread: Thread, post: PostSummary): number {
  const allowed = allows(thread.position, { nodeId: 'end', moduleId: '', meant: graphsMeant(graphs.known, post) })
  const isOpen = allowed === null || (!allowed && !thread.proven)
  let score = (thread.asked === null ? 0 : -6) + (isOpen ? cutOffScore(graphs, thread, post) : 0)
  score += executedScore(graphs, thread, post)
  if (!isOpen) return score - (allowed ? 0 : 6)
  if (allowed === false) score += unlikely
  const last = thread.nodes === null ? '' : thread.nodes.step
  // Among several workflows: a logic node mostly leads somewhere, a concurrent task never does.
  if (
    graphs.learned.mixed &&
    thread.nodes !== null &&
    isLogic(thread.nodes.moduleId) &&
    thread.nodes.moduleId !== 'concurrent-task'
  )
    score -= 0.7
  score += nextScore(graphs.learned, last, 'end') ?? 0
  // A connection that was not walked yet is walked.
  const firsts = thread.nodes === null ? undefined : graphs.learned.firsts.get(thread.nodes.key)
  const goesOn = firsts !== undefined && !firsts.has('') && thread.nodes?.result === 'success'
  if (goesOn && visits(thread, thread.nodes!.nodeId) === 1) score -= 4
  score += unfinishedTask(graphs.learned, thread, '')
  return score - Math.min(4, missingBefore(graphs.learned, thread, 'end'))
}

/** Within one strand time never goes back, and a post never overtakes the answer to the one before it. */
export function timeScore(last: PostSummary, post: PostSummary): number {
  let score = 0
  if (last.time !== null && post.time !== null) {
    const seconds = post.time - last.time
    score -= seconds < 0 ? 10 : 0.15 * Math.log1p(seconds)
  } else score -= 0.15 * Math.log1p(Math.max(0, post.at - last.at) / 1000)
  // A few milliseconds: the answer is sent before the time is taken.
  if (post.opened !== null && post.opened < last.at - 2) score -= 8
  return score
}

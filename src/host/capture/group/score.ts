// How well a post goes on where a run stands, as the logarithm of a likelihood: 0 is what MISP always does, -10 what it never does.
import { isShipped } from '../understand/module-facts.ts'
import type { PostSummary } from '../understand/post-parse.ts'
import { graphsMeant, isKnownNode } from './known.ts'
import {
  alwaysBefore,
  comesAfter,
  inBranches,
  listHash,
  nextScore,
  visitsPerRun,
  type LearnedGraph,
  type TriggerGraphs
} from './learned.ts'
import { valueOf } from './persistent-map.ts'
import { allows } from './position.ts'
import { isAction, shippedAction, visits, type Thread } from './strand.ts'

/** A workflow that is known is likelier than one that is not. */
export const unlikely = -0.5

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
export function unfinishedTask(learned: LearnedGraph, thread: Thread, next: string): number {
  const last = thread.nodes
  if (learned.mixed || last?.moduleId !== 'concurrent-task' || last.nodeId === next || last.result !== 'success')
    return 0
  return visits(thread, last.nodeId) < visitsPerRun(learned, last.key) ? -3 : 0
}

/** A node never comes behind itself, and what always came before a task is in no branch of it. */
export const branchNodeScore = (learned: LearnedGraph, task: string, key: string): number =>
  task === key ? -12 : alwaysBefore(learned, key, task) ? -6 : 0

/** Nodes that all runs pass before this one and this strand has not. */
export function missingBefore(learned: LearnedGraph, thread: Thread, key: string): number {
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

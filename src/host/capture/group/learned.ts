// What posts show of a graph that nobody gave: the post at the end of a run holds the executed action nodes as they are saved, connections
// included; logic nodes show only as neighbours and in the order of posts. What is learned is kept per node id and module, because one
// stream may hold posts of several versions of a workflow.
import { isUnknownMap } from '../../../contract/json.ts'
import { hashText, mix } from '../understand/structural-hash.ts'
import { entries, inputsOf, parseNode, savedNodeKey, type GraphIndex, type GraphNode } from './graph.ts'

interface Follows {
  total: number
  readonly to: Map<string, number>
}

/** What posts have shown, per trigger. Keys are those of `nodeKeyOf`, values node ids. */
export interface LearnedGraph {
  /** Nodes that stood in an end post. */
  readonly actions: Set<string>
  /** The node that runs right after an action that succeeds, in each version; empty: none. */
  readonly firsts: Map<string, Set<string>>
  /** By node id: the keys of actions that lead there, with their own ids. */
  readonly ins: Map<string, Map<string, string>>
  /** Nodes known to lead to a node. */
  readonly parents: Map<string, Set<string>>
  /** Node ids that posted; a parent that never did is taken for the trigger. */
  readonly seen: Set<string>
  /** What followed which step (`stepOf`) how often, in runs as they were found; `end` is the end post. */
  readonly follows: Map<string, Follows>
  /** Beginnings of the lists of executed nodes (`listHash`). */
  readonly lists: Set<number>
  /** How many end posts taught this. */
  ends: number
  inits: number
  /** How often each node posted. */
  readonly counts: Map<string, number>
  /** How often each node's module posted for itself (`/debug/<module>`). */
  readonly asks: Map<string, number>
  /** By node, those of which the stream has shown that they need not come before: they were once behind in number. */
  readonly notBefore: Map<string, Set<string>>
  /** Concurrent tasks that queued something. */
  readonly tasks: Set<string>
  /** True once a concurrent branch has posted. */
  branches: boolean
  /** What each node id was last; more than one workflow posts for the trigger when one id is two things. */
  readonly nodes: Map<string, string>
  mixed: boolean
  /** Grows whenever something new is learned. */
  version: number
  /** The last answer of `comesAfter`: one post is tried on many runs. */
  memo: { readonly key: string; readonly count: number; readonly list: string[] } | null
}

/** The graphs that may be behind a trigger's posts. */
export interface TriggerGraphs {
  readonly known: readonly GraphIndex[]
  readonly learned: LearnedGraph
}

export const emptyLearned = (): LearnedGraph => ({
  actions: new Set(),
  firsts: new Map(),
  ins: new Map(),
  parents: new Map(),
  seen: new Set(),
  follows: new Map(),
  lists: new Set(),
  ends: 0,
  inits: 0,
  counts: new Map(),
  asks: new Map(),
  notBefore: new Map(),
  tasks: new Set(),
  branches: false,
  nodes: new Map(),
  mixed: false,
  version: 0,
  memo: null
})

/** More neighbours than any node of a workflow has: what posts make up must not make all later ones slow. */
const maxNeighbours = 64

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, new Set([value]))
  else if (known.size < maxNeighbours) known.add(value)
}

function leadsTo({ ins }: LearnedGraph, { id, key }: GraphNode, to: string): void {
  const known = ins.get(to)
  if (known === undefined) ins.set(to, new Map([[key, id]]))
  else if (known.size < maxNeighbours) known.set(key, id)
}

/** Adds what a run's last post says: saved nodes, whose inputs also tell about nodes that themselves never show. */
function learnFromEnd(learned: LearnedGraph, data: unknown): void {
  if (!isUnknownMap(data)) return
  learned.ends++
  let hash = 0
  for (const [, raw] of entries(data['executed_nodes'])) {
    hash = listHash(hash, savedNodeKey(raw))
    if (learned.lists.size < maxLists) learned.lists.add(hash)
  }
  for (const list of [data['executed_nodes'], data['blocking_nodes']]) {
    for (const [, raw] of entries(list)) {
      const node = parseNode(raw)
      if (node === null) continue
      const { key } = node
      learned.actions.add(key)
      if (node.outputs !== null) addTo(learned.firsts, key, node.outputs.flat()[0] ?? '')
      for (const to of node.outputs?.flat() ?? []) leadsTo(learned, node, to)
      for (const from of inputsOf(raw)) addTo(learned.parents, key, from)
    }
  }
}

export function learnOrder(learned: LearnedGraph, from: string, to: string, weight: number): void {
  const known = learned.follows.get(from)
  learned.version++
  if (known !== undefined) {
    known.total += weight
    if (known.to.size < maxNeighbours || known.to.has(to)) known.to.set(to, (known.to.get(to) ?? 0) + weight)
  } else if (learned.follows.size < maxSteps) learned.follows.set(from, { total: weight, to: new Map([[to, weight]]) })
}

/** How likely a node is next after a step, by what was seen, as a logarithm; null when the step is new. */
export function nextScore(learned: LearnedGraph, step: string, next: string): number | null {
  const known = learned.follows.get(step)
  if (known === undefined) return null
  return Math.max(-2.5, 0.7 * Math.log(((known.to.get(next) ?? 0) + 0.01) / (known.total + 0.1)))
}

/** A node, how it went and how often in a row: what comes next depends on all. */
export const stepOf = (
  { key, result, branch }: { readonly key: string; readonly result: string; readonly branch: string | null },
  row: number
): string => `${key} ${result} ${branch ?? ''} ${row}`

/** A list of nodes with one more. */
export const listHash = (list: number, key: string): number => mix(list, hashText(key))

const maxSteps = 5000
const maxLists = 20_000
const maxCounted = 200
const enough = 3
const apart = 10

/**
 * Counts posts per node. If every run passes A before B, then at no time can more posts of B have come than of A, however many runs
 * interleave; what the stream contradicts is remembered.
 */
function countPost(learned: LearnedGraph, key: string): void {
  const { counts, notBefore } = learned
  if (!counts.has(key) && counts.size >= maxCounted) return
  const count = (counts.get(key) ?? 0) + 1
  counts.set(key, count)
  let free = notBefore.get(key)
  if (free === undefined) notBefore.set(key, (free = new Set()))
  for (const [other, seen] of counts) if (count > seen) free.add(other)
}

/** How often the like of a post has come; 0 where that is not counted. */
export const countOf = (
  { inits, asks, counts }: LearnedGraph,
  { kind, key }: { readonly kind: string; readonly key: string }
): number =>
  (kind === 'init' ? inits : kind === 'debug' ? asks.get(key) : counts.get(kind === 'end' ? 'end' : key)) ?? 0

/** How often a run that visits a node visits it, as far as the numbers show; at least once. */
export const visitsPerRun = (learned: LearnedGraph, key: string): number =>
  Math.max(1, Math.ceil((learned.counts.get(key) ?? 0) / Math.max(1, learned.inits)))

/** Nodes that, as far as the stream shows, every run passes before this one. */
export function comesAfter(learned: LearnedGraph, key: string): string[] {
  const count = learned.counts.get(key) ?? 0
  if (count < enough) return []
  if (learned.memo?.key === key && learned.memo.count === count) return learned.memo.list
  const free = learned.notBefore.get(key)
  const list: string[] = []
  for (const [other, seen] of learned.counts)
    if (other !== key && seen - count <= apart && free?.has(other) !== true) list.push(other)
  learned.memo = { key, count, list }
  return list
}

const isFree = ({ notBefore }: LearnedGraph, later: string, earlier: string): boolean =>
  notBefore.get(later)?.has(earlier) === true

/** True when the stream shows no task before whose post this node had not posted as often: the node leads to the task. */
export const alwaysBefore = (learned: LearnedGraph, key: string, task: string): boolean =>
  (learned.counts.get(task) ?? 0) >= enough && learned.counts.has(key) && !isFree(learned, task, key)

/**
 * True for a node that runs in concurrent branches, as far as the numbers show: as many posts as there are ends, or more, and
 * yet ends came before them. Action nodes of the walk are those that end posts list.
 */
export function inBranches(learned: LearnedGraph, key: string): boolean {
  if (learned.tasks.size === 0 || learned.ends < enough || learned.actions.has(key)) return false
  const count = learned.counts.get(key) ?? 0
  return count >= learned.ends && isFree(learned, 'end', key)
}

/** Takes what a post shows about its graph. `endData`: the data of an end post. */
export function learnPost(
  learned: LearnedGraph,
  post: { readonly kind: string; readonly nodeId: string; readonly moduleId: string; readonly key: string },
  endData?: unknown
): void {
  learned.version++
  if (post.kind === 'exec') {
    learned.seen.add(post.nodeId)
    if ((learned.nodes.get(post.nodeId) ?? post.key) !== post.key) learned.mixed = true
    learned.nodes.set(post.nodeId, post.key)
  }
  if (post.kind === 'debug') learned.asks.set(post.key, (learned.asks.get(post.key) ?? 0) + 1)
  if (post.kind === 'exec') countPost(learned, post.key)
  if (post.moduleId === 'concurrent-task') learned.tasks.add(post.key)
  if (post.kind === 'init') learned.inits++
  if (post.kind === 'end') countPost(learned, 'end')
  if (endData !== undefined) learnFromEnd(learned, endData)
}

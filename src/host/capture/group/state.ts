// The runs of one hypothesis. Everything is immutable and shares structure, so that dozens of hypotheses cost little more than one.
import { isBlocking } from '../understand/module-facts.ts'
import type { DataSignature, PostSummary } from '../understand/post-parse.ts'
import { add, mix } from '../understand/structural-hash.ts'
import { graphsMeant } from './known.ts'
import { listHash, type TriggerGraphs } from './learned.ts'
import { valueOf, withEntry, type PersistentMap } from './persistent-map.ts'
import { advance, branchStart, holds, jobPosition, startPosition, type NodeSeen } from './position.ts'
import { isAction, nothingPassed, visited, visits, type Thread } from './strand.ts'

/** Branches that a run may have waiting, and under way. */
export const maxBranches = 32

/** A concurrent task's post: one branch that may run later, in another process. */
export interface Credit {
  readonly post: PostSummary
  readonly data: DataSignature | null
  /** Where the branch begins, when the graph tells. */
  readonly start: string | null
}

export interface Assigned {
  readonly post: PostSummary
  /** 0: the run itself; 1 and up: its concurrent branches. */
  readonly job: number
  readonly before: Assigned | null
}

/** A post that two runs could have taken, and only one of them has its like so far. */
export interface Contest {
  readonly equal: number
  readonly rival: number
  /** How much better it fitted where it went. */
  readonly margin: number
}

const show = (shown: PersistentMap<string>, { kind, nodeId, key }: PostSummary): PersistentMap<string> =>
  (kind === 'exec' || kind === 'debug') && valueOf(shown, nodeId) === undefined ? withEntry(shown, nodeId, key) : shown

/** What was worked out last about a run and the next post: the same for all hypotheses that have the run. */
interface Scratch {
  post: PostSummary | null
  ways: RunWays
}

export interface RunWays {
  readonly best: number
  readonly list: readonly RunWay[]
}

export interface RunWay {
  readonly slot: Slot
  readonly score: number
  /** The run with the post in it, once it was asked for. */
  taken: RunState | null
}

export interface RunState {
  /** `seq` of the first post: also the run's identity. */
  readonly id: number
  readonly main: Thread | null
  readonly jobs: readonly Thread[]
  readonly credits: readonly Credit[]
  /** Which nodes branches began with, per concurrent task: each connection is taken once. */
  readonly branched: readonly string[]
  /** By id, the nodes that it has shown. */
  readonly shown: PersistentMap<string>
  readonly posts: Assigned
  readonly count: number
  readonly init: PostSummary | null
  readonly ended: PostSummary | null
  /** Order-free hash of the posts: equal for runs that nobody could tell apart. */
  readonly composition: number
  /** Sum of the scores, and the worst of them. */
  readonly penalty: number
  readonly worst: number
  readonly contests: readonly Contest[]
  /** Equal for runs of which it makes no difference which one takes the next post. */
  readonly standing: number
  /** Shared by all that differ in their contests only, which do not matter to the next post. */
  readonly scratch: Scratch
}

export const noWays: RunWays = { best: Number.NEGATIVE_INFINITY, list: [] }

type Bare = Omit<RunState, 'standing' | 'scratch'>
/** A run that nobody else has yet. */
type Fresh = { -readonly [K in keyof RunState]: RunState[K] }

function complete(run: Fresh): RunState {
  run.standing = standing(run)
  run.scratch = { post: null, ways: noWays }
  return run
}

/** Where a post may go within a run: its walk, a branch under way, or a branch that begins with it. */
export type Slot = { readonly kind: 'main' } | { readonly kind: 'job' | 'credit'; readonly index: number }

export function openRun(graphs: TriggerGraphs, post: PostSummary, penalty: number): RunState {
  const isInit = post.kind === 'init'
  const thread: Thread = {
    position: isInit ? startPosition(graphs.known) : null,
    proven: false,
    last: post,
    data: post.data,
    ...nothingPassed,
    branch: false,
    asked: null,
    list: 0
  }
  const run: Fresh = {
    ...{
      id: post.seq,
      main: thread,
      jobs: [],
      credits: [],
      branched: [],
      shown: post.kind === 'exec' ? show(null, post) : null,
      posts: { post, job: 0, before: null },
      count: 1
    },
    ...{
      init: isInit ? post : null,
      ended: null,
      composition: mix(1, post.equal),
      penalty,
      worst: penalty,
      contests: [],
      standing: 0,
      scratch: { post: null, ways: noWays }
    }
  }
  if (post.kind === 'end') return complete(ended(run, post))
  if (post.kind === 'exec') return complete(Object.assign(run, visit(graphs, run, thread, post)))
  return complete(run)
}

function ended(run: Fresh, post: PostSummary): Fresh {
  run.main = null
  run.ended = post
  return run
}

function visit(
  graphs: TriggerGraphs,
  run: Bare,
  thread: Thread,
  post: PostSummary
): { readonly main: Thread; readonly credits: readonly Credit[] } {
  const next = step(graphs, thread, post, run.init?.result === 'non-blocking')
  if (post.moduleId !== 'concurrent-task' || post.result !== 'success') return { main: next, credits: run.credits }
  const before = visits(thread, post.nodeId)
  return {
    main: next,
    credits: [
      ...run.credits.slice(1 - maxBranches),
      { post, data: post.data, start: branchStart(thread.position, seen(graphs, post), before) }
    ]
  }
}

const seen = ({ known }: TriggerGraphs, post: PostSummary): NodeSeen => ({
  nodeId: post.nodeId,
  moduleId: post.moduleId,
  meant: graphsMeant(known, post)
})

function step(graphs: TriggerGraphs, thread: Thread, post: PostSummary, nonBlocking: boolean): Thread {
  if (post.kind === 'debug') {
    const before = thread.asked?.key === post.key ? thread.asked.count : 0
    return { ...thread, last: post, asked: { key: post.key, count: before + 1 } }
  }
  const { moduleId, result, branch } = post
  const node = seen(graphs, post)
  return {
    proven: thread.proven || holds(thread.position, node, post.key),
    position: advance(thread.position, {
      ...{ ...node, result, branch, nonBlocking },
      blockingModule: isBlocking(moduleId)
    }),
    last: post,
    data: post.data,
    ...visited(thread, post),
    list: isAction(graphs, post) ? listHash(thread.list, post.key) : thread.list,
    branch: thread.branch,
    asked: null,
    ...(thread.task === undefined ? {} : { task: thread.task })
  }
}

export const branchKey = (credit: Credit, post: PostSummary): string => `${credit.post.nodeId}>${post.nodeId}`

/** The run with the post in it. */
export function take(graphs: TriggerGraphs, run: RunState, post: PostSummary, way: RunWay): RunState {
  const taken = (way.taken ??= complete(taking(graphs, run, post, way)))
  return taken.contests === run.contests ? taken : { ...taken, contests: run.contests }
}

function taking(graphs: TriggerGraphs, run: RunState, post: PostSummary, { slot, score }: RunWay): Fresh {
  const job = slot.kind === 'main' ? 0 : slot.kind === 'job' ? slot.index + 1 : run.jobs.length + 1
  const base: Fresh = {
    ...run,
    shown: show(run.shown, post),
    posts: { post, job, before: run.posts },
    count: run.count + 1,
    composition: add(run.composition, mix(1, post.equal)),
    penalty: run.penalty + score,
    worst: Math.min(run.worst, score)
  }
  if (slot.kind === 'main') {
    if (post.kind === 'end') return ended(base, post)
    return Object.assign(base, visit(graphs, base, run.main!, post))
  }
  if (slot.kind === 'job') {
    return {
      ...base,
      jobs: run.jobs.map((thread, i) => (i === slot.index ? step(graphs, thread, post, true) : thread))
    }
  }
  const credit = run.credits[slot.index]!
  const thread: Thread = {
    position: jobPosition(graphs.known, seen(graphs, post)),
    proven: false,
    last: credit.post,
    data: credit.data,
    ...nothingPassed,
    branch: true,
    asked: null,
    list: 0,
    task: credit.post.key
  }
  return {
    ...base,
    jobs: [...run.jobs, step(graphs, thread, post, true)],
    credits: run.credits.filter((_, i) => i !== slot.index),
    branched: run.branched.includes(branchKey(credit, post))
      ? run.branched
      : [...run.branched.slice(1 - maxBranches), branchKey(credit, post)]
  }
}

function standing(run: Bare): number {
  let key = mix(run.composition, run.main === null ? 2 : run.main.last.equal)
  for (const job of run.jobs) key = add(key, mix(job.last.equal, 3))
  return mix(key, run.credits.length)
}

/** What tells a run from others once it has taken a post, without making it: as `standing` and `composition` of `take`. */
export function markAfter(run: RunState, post: PostSummary, slot: Slot): number {
  const composition = add(run.composition, mix(1, post.equal))
  const ends = slot.kind === 'main' && post.kind === 'end'
  if (ends && run.credits.length === 0 && run.jobs.length === 0) return mix(composition, 8)
  const main = slot.kind === 'main' ? (ends ? null : post) : (run.main?.last ?? null)
  let key = mix(composition, main === null ? 2 : main.equal)
  run.jobs.forEach((job, i) => {
    key = add(key, mix(slot.kind === 'job' && slot.index === i ? post.equal : job.last.equal, 3))
  })
  if (slot.kind === 'credit') key = add(key, mix(post.equal, 3))
  const queues = slot.kind === 'main' && !ends && post.moduleId === 'concurrent-task' && post.result === 'success'
  return mix(mix(key, run.credits.length + (queues ? 1 : slot.kind === 'credit' ? -1 : 0)), 7)
}

/** True when nothing can follow. */
export const isClosed = (run: Bare): boolean => run.main === null && run.credits.length === 0 && run.jobs.length === 0

export function postsOf(run: RunState): Assigned[] {
  const list: Assigned[] = []
  for (let at: Assigned | null = run.posts; at !== null; at = at.before) list.push(at)
  return list.reverse()
}

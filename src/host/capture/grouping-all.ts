// All sources and triggers together: hands each post to the tracker of its trigger, learns graphs from end posts, and finds
// the parents of nested runs.
import { emptyLearned, learnPost, type GraphIndex, type LearnedGraph, type TriggerGraphs } from './grouping-graph.ts'
import { findParents, type ParentLink } from './grouping-parents.ts'
import { TriggerTracker, type GroupedRun } from './grouping.ts'
import type { PostSummary } from './post-parse.ts'

export interface GroupingResult {
  readonly runs: readonly GroupedRun[]
  readonly parents: ReadonlyMap<number, ParentLink>
  /** `seq` of posts that belong to no run. */
  readonly unassigned: readonly number[]
}

/** Graphs by trigger, as given by the user: versions of one workflow, or those of several instances. */
export type KnownGraphs = ReadonlyMap<string, readonly GraphIndex[]>

/** Posts with equal keys may be of one run. */
const keyOf = ({ source, from, trigger }: PostSummary): string => `${source}\n${from}\n${trigger}`

export class Grouping {
  private readonly trackers = new Map<string, TriggerTracker>()
  readonly unassigned: number[] = []

  constructor(
    private readonly known: KnownGraphs = new Map(),
    /** What was learned before: by source and trigger. */
    readonly learned: Map<string, LearnedGraph> = new Map(),
    /** False when everything there is was learned before. */
    private readonly live = true
  ) {}

  graphsOf(post: PostSummary): TriggerGraphs {
    const key = keyOf(post)
    const learned = this.learned.get(key) ?? emptyLearned()
    this.learned.set(key, learned)
    return { known: this.known.get(post.trigger) ?? [], learned }
  }

  /** Takes what a post shows about its graph, before it is grouped. */
  learn(post: PostSummary, endData?: unknown): void {
    if (post.kind !== 'unknown') learnPost(this.graphsOf(post).learned, post, endData)
  }

  /** `endData`: the data of an end post, from which the graph is learned. `live` false: it was learned before. */
  add(post: PostSummary, endData?: unknown, live = this.live): void {
    for (const _ of this.adding(post, endData, live)) continue
  }

  /** The same in steps of some milliseconds at most. Nothing else may be asked of the grouping in between. */
  *adding(post: PostSummary, endData?: unknown, live = this.live): Generator<void> {
    if (post.kind === 'unknown') {
      this.unassigned.push(post.seq)
      return
    }
    const key = keyOf(post)
    const graphs = this.graphsOf(post)
    if (live) learnPost(graphs.learned, post, endData)
    let tracker = this.trackers.get(key)
    if (tracker === undefined) this.trackers.set(key, (tracker = new TriggerTracker(post.source, post.trigger, graphs)))
    yield* tracker.adding(post)
  }

  /** Looks again at open runs, as `current` does, in steps. */
  *reviewing(): Generator<void> {
    for (const tracker of this.trackers.values()) yield* tracker.reviewing()
  }

  takeSettled(): GroupedRun[] {
    return [...this.trackers.values()].flatMap((tracker) => tracker.takeSettled())
  }

  current(): GroupedRun[] {
    return [...this.trackers.values()].flatMap((tracker) => tracker.current())
  }

  finish(): GroupedRun[] {
    for (const tracker of this.trackers.values()) tracker.finish()
    return this.takeSettled()
  }
}

/**
 * Groups a whole stream: twice, because the first pass shows graphs and orders that help the second. `endData` answers an end
 * post's data by `seq`.
 */
export function groupPosts(
  posts: readonly PostSummary[],
  known: KnownGraphs = new Map(),
  endData: (seq: number) => unknown = () => undefined
): GroupingResult {
  const learned = new Map<string, LearnedGraph>()
  const first = new Grouping(known, learned, false)
  for (const post of posts) {
    if (post.kind === 'unknown') continue
    const graphs = first.graphsOf(post)
    learnPost(graphs.learned, post, post.kind === 'end' ? endData(post.seq) : undefined)
  }
  for (const post of posts) first.add(post)
  first.finish()
  const second = new Grouping(known, learned, false)
  for (const post of posts) second.add(post)
  const runs = second.finish().sort((a, b) => a.id - b.id)
  return { runs, parents: findParents(runs), unassigned: second.unassigned }
}

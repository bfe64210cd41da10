// All sources and triggers together: hands each post to the tracker of its trigger, learns graphs from end posts, and finds
// the parents of nested runs.
import { append } from '../../../contract/lists.ts'
import type { PostSummary } from '../understand/post-parse.ts'
import type { GraphIndex } from './graph.ts'
import { TriggerTracker, type GroupedRun } from './grouping.ts'
import { countOf, emptyLearned, learnPost, type LearnedGraph, type TriggerGraphs } from './learned.ts'
import { findParents, type ParentLink } from './parents.ts'

export interface GroupingResult {
  readonly runs: readonly GroupedRun[]
  readonly parents: ReadonlyMap<number, ParentLink>
  /** `seq` of posts that belong to no run. */
  readonly unassigned: readonly number[]
}

/** Graphs by trigger, as given by the user: versions of one workflow, or those of several instances. */
export type KnownGraphs = ReadonlyMap<string, readonly GraphIndex[]>

/** What is known of one source and trigger. */
interface Tracked {
  readonly tracker: TriggerTracker
  /** Its open runs as they were told last. */
  open: readonly GroupedRun[]
}

/** What changed since it was asked for last. */
export interface GroupingNews {
  readonly settled: readonly GroupedRun[]
  /** Runs that may still change, of the triggers that got a post. */
  readonly open: readonly GroupedRun[]
  /** Runs that were told as open and are none any more, not even settled. */
  readonly gone: readonly number[]
}

/** More runs are not open at once, however many sources and triggers there are: those that were silent longest are settled. */
const maxOpen = 2000
/** Triggers that nothing is open of are forgotten beyond this. */
const maxTrackers = 5000

/** What came more often has been grouped before, and its order learned: a first pass over more of it shows nothing new. */
const wellKnown = 1000

/** Posts with equal keys may be of one run. */
export const keyOf = ({ source, from, trigger }: PostSummary): string => `${source}\n${from}\n${trigger}`

export class Grouping {
  /** The one that got a post last stands last. */
  private readonly tracked = new Map<string, Tracked>()
  /** Its key. Empty when it was asked since. */
  private newestKey = ''
  /** Keys of those that got a post since they were asked. */
  private readonly touched = new Set<string>()
  private settled: GroupedRun[] = []
  /** Told as open by trackers that are no more. */
  private readonly former = new Set<number>()
  private openCount = 0
  readonly unassigned: number[] = []

  constructor(
    private readonly known: KnownGraphs = new Map(),
    /** What was learned before: by source and trigger. */
    readonly learned: Map<string, LearnedGraph> = new Map(),
    /** False when everything there is was learned before. */
    private readonly live = true
  ) {}

  graphsOf(post: PostSummary, key = keyOf(post)): TriggerGraphs {
    const learned = this.learned.get(key) ?? emptyLearned()
    this.learned.set(key, learned)
    return { known: this.known.get(post.trigger) ?? [], learned }
  }

  /** Takes what a post shows about its graph, before it is grouped. Returns whether its like came often enough to have shown its order, too. */
  learn(post: PostSummary, endData?: unknown): boolean {
    if (post.kind === 'unknown') return true
    const { learned } = this.graphsOf(post)
    learnPost(learned, post, endData)
    return countOf(learned, post) > wellKnown
  }

  /** `endData`: the data of an end post, from which the graph is learned. `live` false: it was learned before. */
  add(post: PostSummary, endData?: unknown, live = this.live): void {
    for (const _ of this.adding(post, endData, live) ?? []) continue
  }

  /**
   * The same, with what is left to do in steps of some milliseconds at most; null where that is nothing, as of most posts. Nothing else may
   * be asked of the grouping in between.
   */
  adding(post: PostSummary, endData?: unknown, live = this.live): Generator<void> | null {
    if (post.kind === 'unknown') {
      this.unassigned.push(post.seq)
      return null
    }
    const key = keyOf(post)
    const graphs = this.graphsOf(post, key)
    if (live) learnPost(graphs.learned, post, endData)
    const { tracker } = this.newest(key, post, graphs)
    const before = tracker.openCount
    const rest = tracker.adding(post)
    if (rest !== null) return this.addingRest(rest, tracker, before)
    this.openCount += tracker.openCount - before
    return this.isFull ? this.limiting() : null
  }

  private *addingRest(rest: Generator<void>, tracker: TriggerTracker, before: number): Generator<void> {
    yield* rest
    this.openCount += tracker.openCount - before
    yield* this.limiting()
  }

  private newest(key: string, { source, trigger }: PostSummary, graphs: TriggerGraphs): Tracked {
    const known = this.tracked.get(key)
    if (known !== undefined && key === this.newestKey) return known
    const one = known ?? { tracker: new TriggerTracker(source, trigger, graphs), open: [] }
    this.tracked.delete(key)
    this.tracked.set(key, one)
    this.touched.add(key)
    this.newestKey = key
    return one
  }

  /** As `adding`, for what a first pass can teach: where too much is open at once, nothing is learned from it. */
  trying(post: PostSummary): Generator<void> | null {
    return this.tracked.get(keyOf(post))?.tracker.wasCrowded === true ? null : this.adding(post)
  }

  private get isFull(): boolean {
    return this.tracked.size > 1 && (this.openCount > maxOpen || this.tracked.size > maxTrackers)
  }

  /** Settles what was silent longest, so that what is open does not grow with all that ever came. */
  private *limiting(): Generator<void> {
    for (const [key, { tracker, open }] of this.tracked) {
      if (!this.isFull) return
      this.openCount -= tracker.openCount
      yield* tracker.finishing()
      append(this.settled, tracker.takeSettled())
      for (const { id } of open) this.former.add(id)
      this.tracked.delete(key)
      this.touched.delete(key)
      if (this.live) this.learned.delete(key)
    }
  }

  /** Looks again at open runs, as `current` does, in steps. */
  *reviewing(): Generator<void> {
    for (const key of this.touched) yield* this.tracked.get(key)!.tracker.reviewing()
  }

  /** What changed since it was asked for last. */
  news(): GroupingNews {
    const gone = new Set(this.former)
    this.former.clear()
    const open: GroupedRun[] = []
    for (const key of this.touched) {
      const one = this.tracked.get(key)!
      for (const { id } of one.open) gone.add(id)
      one.open = one.tracker.current()
      append(this.settled, one.tracker.takeSettled())
      for (const run of one.open) open.push(run)
    }
    this.touched.clear()
    this.newestKey = ''
    const settled = this.settled
    this.settled = []
    for (const list of [settled, open]) for (const { id } of list) gone.delete(id)
    return { settled, open, gone: [...gone] }
  }

  /** Runs that may still change, as they were told last. */
  *told(): Generator<GroupedRun> {
    for (const { open } of this.tracked.values()) yield* open
  }

  takeSettled(): GroupedRun[] {
    const settled = this.settled
    this.settled = []
    for (const { tracker } of this.tracked.values()) append(settled, tracker.takeSettled())
    return settled
  }

  current(): GroupedRun[] {
    return [...this.tracked.values()].flatMap(({ tracker }) => tracker.current())
  }

  finish(): GroupedRun[] {
    for (const _ of this.finishing()) continue
    return this.takeSettled()
  }

  *finishing(): Generator<void> {
    for (const { tracker } of this.tracked.values()) yield* tracker.finishing()
  }
}

/**
 * Groups a whole stream: twice, because the first pass shows graphs and orders that help the second. `endData` returns an end
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
  for (const post of posts) for (const _ of first.trying(post) ?? []) continue
  first.finish()
  const second = new Grouping(known, learned, false)
  for (const post of posts) second.add(post)
  const runs = second.finish().sort((a, b) => a.id - b.id)
  return { runs, parents: findParents(runs), unassigned: second.unassigned }
}

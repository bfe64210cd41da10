// Runs out of posts. MISP sends no run id, so this keeps the most likely ways to share the posts among runs and goes on with
// all of them (a beam search): a later post, above all the end of a run with its list of executed nodes, decides between them.
// One tracker per source and trigger. Pure: summaries in, runs out.
import { smallest } from '../../../contract/lists.ts'
import type { PostSummary } from '../understand/post-parse.ts'
import { add, sub } from '../understand/structural-hash.ts'
import { contest, fieldOf, type Field } from './contest.ts'
import {
  closedMark,
  counted,
  joined,
  maxBehind,
  maxCredits,
  maxOpen,
  nothingYet,
  oldest,
  openMark,
  prune,
  worth,
  type Candidate,
  type Hypothesis
} from './hypothesis.ts'
import { judge, learnOrderOf } from './judge.ts'
import { emptyLearned, type TriggerGraphs } from './learned.ts'
import { isClosed, markAfter, openRun, postsOf, take, type RunState } from './state.ts'
import { waysInto } from './ways.ts'

interface GroupedPost {
  readonly post: PostSummary
  /** 0: the walk; 1 and up: concurrent branches, in the order of their first posts. */
  readonly job: number
}

/** A run as found. `confidence`: how likely it is that these posts, and no others, make one run. */
export interface GroupedRun {
  readonly id: number
  readonly source: string
  readonly trigger: string
  readonly posts: readonly GroupedPost[]
  readonly init: PostSummary | null
  readonly end: PostSummary | null
  readonly confidence: number
  readonly reason: string
  readonly open: boolean
}

const maxHypotheses = 24
/** So many open runs are told apart as well as can be; more than MISP ever has at once cost no more time than these. */
const wellKept = 32
const agreeAfter = 400
/** Where too much is open, later posts decide nothing. */
const agreeSoon = 64
const closeCall = 9
/** What is left of a run's likelihood when there were too many to try all ways. */
const crowdedShare = 0.8
const coinFlip = 1.5
const idleMs = 6 * 3600_000

export class TriggerTracker {
  private beam: Hypothesis[] = [nothingYet]
  private done: GroupedRun[] = []
  /** What stood when the hypotheses last agreed, and the posts since. */
  private base: Hypothesis = nothingYet
  private window: PostSummary[] = []
  private replayed = { posts: 0, version: 0 }
  private sawInit = false
  /** More runs were open, since the hypotheses last agreed, than can be followed well. */
  private crowded = false
  wasCrowded = false
  /** Probability that the hypotheses given up so far were wrong about an open run. */
  private doubts = new Map<number, number>()

  constructor(
    readonly source: string,
    readonly trigger: string,
    readonly graphs: TriggerGraphs = { known: [], learned: emptyLearned() }
  ) {}

  add(post: PostSummary): void {
    for (const _ of this.adding(post) ?? []) continue
  }

  /**
   * The same for those who must do other things in between: what is left to do, in steps of some milliseconds at most; null where that is
   * nothing, as of most posts.
   */
  adding(post: PostSummary): Generator<void> | null {
    if (post.kind === 'init') this.sawInit = true
    this.window.push(post)
    this.follow(post, this.window.length)
    const quiet = this.beam[0]!.runs.every((run) => run.main === null)
    return quiet || this.window.length > (this.crowded ? agreeSoon : agreeAfter) ? this.agreeing() : null
  }

  private follow(post: PostSummary, count: number): void {
    const orphan = post.kind === 'init' ? 0 : this.sawInit ? -12 : -4
    const fresh = openRun(this.graphs, post, orphan)
    const grown: Candidate[] = []
    for (const hypothesis of this.beam) this.grow(hypothesis, post, fresh, grown)
    const open = this.beam.reduce((most, { runs }) => Math.max(most, runs.length), 1)
    if (open > wellKept) this.crowded = this.wasCrowded = true
    const width = Math.max(2, Math.floor(maxHypotheses * Math.min(1, (wellKept / open) ** 2)))
    this.beam = prune(grown, width).map(({ make }) => make())
    this.retire(post, count)
  }

  /** Goes through the posts since the last agreement once more, when they have shown more of the graph by now. */
  private replaying(): Generator<void> | null {
    if (this.crowded) return null
    if (this.replayed.version === this.graphs.learned.version) return null
    // With the graph given, only the number of a module's own posts is left to learn.
    if (this.graphs.known.length === 1 && this.graphs.learned.asks.size === 0) return null
    return this.replayingAll()
  }

  private *replayingAll(): Generator<void> {
    const { version } = this.graphs.learned
    this.replayed = { posts: this.window.length, version }
    this.beam = [this.base]
    for (const [i, post] of this.window.entries()) {
      this.follow(post, i + 1)
      yield
    }
  }

  /** Looks again at the open runs with what later posts have shown: before `current`, in steps. */
  *reviewing(): Generator<void> {
    // Seldom enough to cost a few times what the posts themselves do.
    if ((this.window.length - this.replayed.posts) * 8 >= Math.max(1, this.window.length - 64))
      yield* this.replaying() ?? []
  }

  /** Runs that are settled; each is handed out once. */
  takeSettled(): GroupedRun[] {
    return this.done.splice(0)
  }

  /** Runs that may still change, as they look now. */
  current(): GroupedRun[] {
    for (const _ of this.reviewing()) continue
    const best = this.beam[0]!
    const shares = this.shares()
    return [...best.closed, ...best.runs].map((run) => this.describe(run, true, shares.get(run.id) ?? 1))
  }

  /** How many runs may still change. */
  get openCount(): number {
    const best = this.beam[0]!
    return best.runs.length + best.closed.length
  }

  /** Nothing more is coming: settles everything, in steps. */
  *finishing(): Generator<void> {
    yield* this.agreeing() ?? []
    for (const run of this.beam[0]!.runs) this.settle(run, 1)
    this.start(nothingYet)
  }

  private grow(hypothesis: Hypothesis, post: PostSummary, fresh: RunState, out: Candidate[]): void {
    const { runs, closed, score, unfinished, mark } = hypothesis
    const { graphs } = this
    const orphan = fresh.penalty
    const begun = {
      unfinished: unfinished + (fresh.main === null ? 0 : 1),
      mark: add(mark, isClosed(fresh) ? closedMark(fresh) : openMark(fresh))
    }
    const freshCandidate = (field: Field | null): Candidate => ({
      worth: score + orphan - 1.5 * begun.unfinished,
      mark: begun.mark,
      make: () => {
        if (field === null) return { runs: [...runs, fresh], closed, score, ...begun }
        const after = contest(field, { run: -1, into: fresh, score: orphan }, post)
        return { ...joined(after.others, after.closed, after.into), score: score + orphan, ...begun }
      }
    })
    if (post.kind === 'init') {
      out.push(freshCandidate(null))
      return
    }
    const close = this.close()
    let best = orphan
    const ways = runs.map((run) => {
      const into = waysInto(graphs, run, post)
      if (into.best > best) best = into.best
      return into
    })
    const least = best - maxBehind
    const field = fieldOf(hypothesis, ways, least - close, close)
    const { found } = field
    if (orphan >= least) out.push(freshCandidate(field))
    for (const { run, way } of found) {
      if (way.score <= -30 || way.score < least) continue
      const state = runs[run]!
      const { slot } = way
      const ends = slot.kind === 'main' && post.kind === 'end'
      const left = unfinished - (ends ? 1 : 0)
      const after = add(sub(mark, openMark(state)), markAfter(state, post, slot))
      out.push({
        worth: score + way.score - 1.5 * left,
        mark: after,
        make: () => {
          const { others, closed, into } = contest(
            field,
            { run, into: take(graphs, state, post, way), score: way.score },
            post
          )
          return { ...joined(others, closed, into), score: score + way.score, unfinished: left, mark: after }
        }
      })
    }
  }

  /** How much better a post must fit one run than another for it to be no guess. */
  private close(): number {
    const { known, learned } = this.graphs
    // Where too much is open, nothing is sure anyway.
    if (known.length === 1 || this.crowded) return 0
    return known.length === 0 && (learned.mixed || learned.tasks.size > 0) ? closeCall : coinFlip
  }

  /** Gives up waiting for what has been silent too long, and keeps the number of open runs bounded. */
  private retire(now: PostSummary, count: number): void {
    const isTime = count % 64 === 0
    const few = Math.min(maxOpen, maxCredits)
    if (!isTime && this.beam.every(({ runs }) => runs.length <= few)) return
    this.beam = this.beam.map((hypothesis) => {
      const { runs, closed, score } = hypothesis
      if (!isTime && runs.length <= few) return hypothesis
      let walking = 0
      for (const run of runs) if (run.main !== null) walking++
      const tooMany = walking > maxOpen || runs.length - walking > maxCredits
      if (!isTime && !tooMany) return hypothesis
      const gone = new Set(tooMany ? oldest(runs) : [])
      for (const run of runs) if (now.at - run.posts.post.at > idleMs) gone.add(run)
      if (gone.size === 0) return hypothesis
      return counted(
        runs.filter((run) => !gone.has(run)),
        [...closed, ...gone],
        score
      )
    })
  }

  /** Settles on the best hypothesis. What the others say about its runs becomes their confidence. */
  private agreeing(): Generator<void> | null {
    const again = this.replaying()
    if (again !== null) return this.agreeingAfter(again)
    this.agree()
    return null
  }

  private *agreeingAfter(steps: Generator<void>): Generator<void> {
    yield* steps
    this.agree()
  }

  private agree(): void {
    const best = this.beam[0]!
    const shares = this.shares()
    for (const run of best.runs) {
      const share = shares.get(run.id) ?? 1
      if (share < 0.999) this.doubts.set(run.id, (this.doubts.get(run.id) ?? 1) * share)
    }
    if (this.crowded)
      for (const { id } of [...best.runs, ...best.closed])
        this.doubts.set(id, Math.min(this.doubts.get(id) ?? 1, crowdedShare))
    for (const run of best.closed) this.settle(run, shares.get(run.id) ?? 1)
    // Runs that only wait for branches are settled too, but stay as candidates.
    this.start(counted(best.runs, [], 0))
  }

  private settle(run: RunState, share: number): void {
    this.done.push(this.describe(run, false, share))
    this.doubts.delete(run.id)
  }

  private start(base: Hypothesis): void {
    this.base = base
    this.beam = [base]
    this.crowded = false
    this.window = []
    this.replayed = { posts: 0, version: this.graphs.learned.version }
  }

  /** For each run of the best hypothesis: the share of all hypotheses that have the same posts in one run. Those that all have may be left out. */
  private shares(): Map<number, number> {
    const best = this.beam[0]!
    if (this.beam.length === 1) return new Map()
    const weights = this.beam.map((hypothesis) => Math.exp(worth(hypothesis) - worth(best)))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const having = this.beam.map(
      (hypothesis) => new Set([...hypothesis.runs, ...hypothesis.closed].map((run) => run.composition))
    )
    const shares = new Map<number, number>()
    for (const run of [...best.runs, ...best.closed]) {
      const share =
        weights.reduce((sum, weight, i) => (having[i]!.has(run.composition) ? sum + weight : sum), 0) / total
      shares.set(run.id, share)
    }
    return shares
  }

  private describe(run: RunState, open: boolean, share: number): GroupedRun {
    const posts = postsOf(run)
    const likely = share * (this.doubts.get(run.id) ?? 1)
    const { quality, reason } = judge(run, open)
    const { known, learned } = this.graphs
    if (run.branched.length > 0) learned.branches = true
    // A post that another run could have taken, and that has no like there: when several workflows may be behind the posts, or
    // none is given, scores are no proof.
    const margin = smallest(run.contests.map((contest) => contest.margin))
    const guess = margin < this.close()
    const confidence = Math.round(1000 * likely * Math.min(quality, guess ? 0.85 : 1)) / 1000
    const doubt =
      likely < 0.95 ? `; some of these posts fit other runs about as well (${Math.round(likely * 100)} %)` : ''
    if (!open && known.length === 0) learnOrderOf(learned, run, likely * quality)
    return {
      ...{ id: run.id, source: this.source, trigger: this.trigger, init: run.init, end: run.ended },
      ...{ posts: posts.map(({ post, job }) => ({ post, job })), confidence, reason: reason + doubt },
      open: open && run.main !== null
    }
  }
}

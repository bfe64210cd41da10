// Runs out of posts. MISP sends no run id, so this keeps the most likely ways to share the posts among runs and goes on with
// all of them (a beam search): a later post, above all the end of a run with its list of executed nodes, decides between them.
// One tracker per source and trigger. Pure: summaries in, runs out.
import { emptyLearned, learnOrder, stepOf, type LearnedGraph, type TriggerGraphs } from './grouping-graph.ts'
import {
  isClosed,
  markAfter,
  openRun,
  postsOf,
  standing,
  take,
  waysInto,
  type Contest,
  type RunState,
  type Slot
} from './grouping-state.ts'
import type { PostSummary } from './post-parse.ts'
import { add, mix } from './structural-hash.ts'

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

interface Hypothesis {
  readonly runs: readonly RunState[]
  /** Runs that ended since the hypotheses last agreed. */
  readonly closed: readonly RunState[]
  readonly score: number
}

/** A hypothesis that may come of a post: made only if it is among those that stay. */
interface Candidate {
  readonly worth: number
  /** Equal for hypotheses that nobody can tell apart. */
  readonly key: () => number
  readonly make: () => Hypothesis
}

const joined = (
  others: readonly RunState[],
  closed: readonly RunState[],
  into: RunState
): Pick<Hypothesis, 'runs' | 'closed'> =>
  isClosed(into) ? { runs: others, closed: [...closed, into] } : { runs: [...others, into], closed }

const nothingYet: Hypothesis = { runs: [], closed: [], score: 0 }

const maxHypotheses = 24
const maxBehind = 14
const maxOpen = 48
const maxCredits = 32
const agreeAfter = 400
const closeCall = 9
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
  /** Probability that the hypotheses given up so far were wrong about an open run. */
  private doubts = new Map<number, number>()

  constructor(
    readonly source: string,
    readonly trigger: string,
    readonly graphs: TriggerGraphs = { known: [], learned: emptyLearned() }
  ) {}

  add(post: PostSummary): void {
    for (const _ of this.adding(post)) continue
  }

  /** The same in steps of some milliseconds at most, for those who must do other things in between. */
  *adding(post: PostSummary): Generator<void> {
    if (post.kind === 'init') this.sawInit = true
    this.window.push(post)
    this.follow(post, this.window.length)
    yield
    const quiet = this.beam[0]!.runs.every((run) => run.main === null)
    if (quiet || this.window.length > agreeAfter) yield* this.agreeing()
  }

  private follow(post: PostSummary, count: number): void {
    const orphan = post.kind === 'init' ? 0 : this.sawInit ? -12 : -4
    const meaning = new Meaning(this.graphs, post, openRun(this.graphs, post, orphan))
    const grown: Candidate[] = []
    for (const hypothesis of this.beam) this.grow(hypothesis, meaning, grown)
    this.beam = prune(grown).map(({ make }) => make())
    this.retire(post, count)
  }

  /** Goes through the posts since the last agreement once more, when they have shown more of the graph by now. */
  private *replaying(): Generator<void> {
    const { version } = this.graphs.learned
    if (this.replayed.version === version) return
    // With the graph given, only the number of a module's own posts is left to learn.
    if (this.graphs.known.length === 1 && this.graphs.learned.asks.size === 0) return
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
    if ((this.window.length - this.replayed.posts) * 8 >= Math.max(1, this.window.length - 64)) yield* this.replaying()
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

  /** Nothing more is coming: settles everything. */
  finish(): void {
    for (const _ of this.agreeing()) continue
    for (const run of this.beam[0]!.runs) this.done.push(this.describe(run, false, 1))
    this.start(nothingYet)
  }

  private grow(hypothesis: Hypothesis, meaning: Meaning, out: Candidate[]): void {
    const { runs, closed, score } = hypothesis
    const { post, fresh } = meaning
    const orphan = fresh.penalty
    const unfinished = unfinishedOf(hypothesis)
    const keys = runs.map((run) => meaning.standing(run))
    const marks = keys.map((key) => mix(key, 7))
    const closedMark = closed.reduce((sum, run) => add(sum, mix(run.composition, 8)), 0)
    const keyWith = (own: number, run: number): number =>
      marks.reduce((sum, mark, i) => (i === run ? sum : add(sum, mark)), add(closedMark, own))
    const freshCandidate = (field: Field | null): Candidate => ({
      worth: score + orphan - 1.5 * (unfinished + (fresh.main === null ? 0 : 1)),
      key: () => keyWith(isClosed(fresh) ? mix(fresh.composition, 8) : mix(standing(fresh), 7), -1),
      make: () => {
        if (field === null) return { runs: [...runs, fresh], closed, score }
        const after = contest(field, { run: -1, into: fresh, score: orphan }, post)
        return { ...joined(after.others, after.closed, after.into), score: score + orphan }
      }
    })
    if (post.kind === 'init') {
      out.push(freshCandidate(null))
      return
    }
    const found = waysOf(runs, meaning)
    const field: Field = { runs, closed, found, keys, close: this.close() }
    const least = Math.max(orphan, found[0]?.score ?? Number.NEGATIVE_INFINITY) - maxBehind
    if (orphan >= least) out.push(freshCandidate(field))
    for (const way of found) {
      if (way.score <= -30 || way.score < least) continue
      const { run, slot } = way
      const state = runs[run]!
      const ends = slot.kind === 'main' && post.kind === 'end'
      out.push({
        worth: score + way.score - 1.5 * (unfinished - (ends ? 1 : 0)),
        key: () => keyWith(markAfter(state, post, slot), run),
        make: () => {
          const after = contest(field, { run, into: way.into(), score: way.score }, post)
          return { ...joined(after.others, after.closed, after.into), score: score + way.score }
        }
      })
    }
  }

  /** How much better a post must fit one run than another for it to be no guess. */
  private close(): number {
    const { known, learned } = this.graphs
    if (known.length === 1) return 0
    return known.length === 0 && (learned.mixed || learned.tasks.size > 0) ? closeCall : coinFlip
  }

  /** Gives up waiting for what has been silent too long, and keeps the number of open runs bounded. */
  private retire(now: PostSummary, count: number): void {
    const tooMany = this.beam.some((hypothesis) => hypothesis.runs.length > maxOpen)
    if (!tooMany && count % 64 !== 0) return
    this.beam = this.beam.map((hypothesis) => {
      const byAge = [...hypothesis.runs].sort((a, b) => a.posts.post.seq - b.posts.post.seq)
      const walking = byAge.filter((run) => run.main !== null)
      const waiting = byAge.filter((run) => run.main === null)
      const gone = new Set([...walking.slice(0, -maxOpen), ...waiting.slice(0, -maxCredits)])
      for (const run of byAge) if (now.at - run.posts.post.at > idleMs) gone.add(run)
      if (gone.size === 0) return hypothesis
      return {
        ...hypothesis,
        runs: hypothesis.runs.filter((run) => !gone.has(run)),
        closed: [...hypothesis.closed, ...gone]
      }
    })
  }

  /** Settles on the best hypothesis. What the others say about its runs becomes their confidence. */
  private *agreeing(): Generator<void> {
    yield* this.replaying()
    const best = this.beam[0]!
    const shares = this.shares()
    for (const run of best.runs) {
      const share = shares.get(run.id) ?? 1
      if (share < 0.999) this.doubts.set(run.id, (this.doubts.get(run.id) ?? 1) * share)
    }
    for (const run of best.closed) this.done.push(this.describe(run, false, shares.get(run.id) ?? 1))
    // Runs that only wait for branches are settled too, but stay as candidates.
    this.start({ runs: best.runs, closed: [], score: 0 })
  }

  private start(base: Hypothesis): void {
    this.base = base
    this.beam = [base]
    this.window = []
    this.replayed = { posts: 0, version: this.graphs.learned.version }
  }

  /** For each run of the best hypothesis: the share of all hypotheses that have the same posts in one run. */
  private shares(): Map<number, number> {
    const best = this.beam[0]!
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
    const margin = Math.min(Number.POSITIVE_INFINITY, ...run.contests.map((contest) => contest.margin))
    const guess = margin < this.close()
    const confidence = Math.round(1000 * likely * Math.min(quality, guess ? 0.85 : 1)) / 1000
    const doubt =
      likely < 0.95 ? `; other runs fit some of these posts about as well (${Math.round(likely * 100)} %)` : ''
    if (!open && known.length === 0) learnOrderOf(learned, run, likely * quality)
    return {
      ...{ id: run.id, source: this.source, trigger: this.trigger, init: run.init, end: run.ended },
      ...{ posts: posts.map(({ post, job }) => ({ post, job })), confidence, reason: reason + doubt },
      open: open && run.main !== null
    }
  }
}

function judge(run: RunState, open: boolean): { readonly quality: number; readonly reason: string } {
  const parts: string[] = []
  let quality = 0.99
  const limit = (most: number, text: string): void => {
    quality = Math.min(quality, most)
    parts.push(text)
  }
  if (run.init === null) limit(0.8, 'no init post')
  if (run.ended === null) limit(open ? 0.85 : 0.95, open ? 'no end post yet' : 'no end post')
  const own = run.init === null ? run.worst - Math.min(0, run.penalty) : run.worst
  if (run.init !== null && run.worst < -6) limit(0.6, 'a post does not fit the graph or the data')
  else if (run.init !== null && run.worst < -3) limit(0.85, 'a post fits only loosely')
  if (own >= -3 && run.init !== null && run.ended !== null)
    parts.unshift('from init to end, each post goes on from the one before')
  if (run.jobs.length > 0)
    parts.push(
      `${run.jobs.length} concurrent ${run.jobs.length === 1 ? 'branch' : 'branches'} joined by data and graph`
    )
  if (parts.length === 0) parts.push('each post goes on from the one before')
  return { quality, reason: parts.join('; ') }
}

function learnOrderOf(learned: LearnedGraph, run: RunState, weight: number): void {
  let last: PostSummary | null = null
  let step = ''
  let row = 0
  if (run.init === null) return
  for (const { post, job } of postsOf(run)) {
    if (post.kind !== 'exec' || job !== 0) continue
    learnOrder(learned, step, post.key, weight)
    row = last?.key === post.key ? row + 1 : 0
    step = stepOf(post, row)
    last = post
  }
  if (run.ended !== null) learnOrder(learned, step, 'end', weight)
}

interface Way {
  readonly run: number
  readonly slot: Slot
  readonly score: number
  /** The run with the post in it. */
  readonly into: () => RunState
  /** Equal for runs that nobody can tell apart. */
  readonly key: number
}

/** What one post means: the same in every hypothesis, so it is worked out once. */
class Meaning {
  private readonly standings = new Map<RunState, number>()
  private readonly ways = new Map<RunState, readonly Omit<Way, 'run'>[]>()

  constructor(
    private readonly graphs: TriggerGraphs,
    readonly post: PostSummary,
    /** The post as the first of a run of its own. */
    readonly fresh: RunState
  ) {}

  standing(run: RunState): number {
    const known = this.standings.get(run)
    if (known !== undefined) return known
    const key = standing(run)
    this.standings.set(run, key)
    return key
  }

  waysInto(run: RunState): readonly Omit<Way, 'run'>[] {
    const known = this.ways.get(run)
    if (known !== undefined) return known
    const { graphs, post } = this
    const key = this.standing(run)
    const ways = waysInto(graphs, run, post).map(({ slot, score }) => {
      let taken: RunState | null = null
      return { slot, score, key, into: () => (taken ??= take(graphs, run, post, slot, score)) }
    })
    this.ways.set(run, ways)
    return ways
  }
}

/** Ways to go on with a post, best first. Of runs that nobody can tell apart only the best is tried. */
function waysOf(runs: readonly RunState[], meaning: Meaning): readonly Way[] {
  const best = new Map<number, Way>()
  runs.forEach((state, run) => {
    for (const way of meaning.waysInto(state)) {
      const { slot, score, key } = way
      const place = mix(key, slot.kind === 'main' ? 1 : slot.kind === 'job' ? 1000 + slot.index : 2000 + slot.index)
      if ((best.get(place)?.score ?? Number.NEGATIVE_INFINITY) < score) best.set(place, { ...way, run })
    }
  })
  return [...best.values()].sort((a, b) => b.score - a.score)
}

interface Field {
  readonly runs: readonly RunState[]
  readonly closed: readonly RunState[]
  readonly found: readonly Way[]
  readonly keys: readonly number[]
  readonly close: number
}

/**
 * Remembers which other runs could have taken a post. Once such a rival has a post that equals it, the two are interchangeable and
 * the contest is over.
 */
function contest(
  { runs, closed, found, keys, close }: Field,
  way: { readonly run: number; readonly into: RunState; readonly score: number },
  { equal }: PostSummary
): { readonly into: RunState; readonly others: readonly RunState[]; readonly closed: readonly RunState[] } {
  const taker = way.into
  const key = way.run < 0 ? 0 : keys[way.run]!
  const margins = new Map<number, number>()
  // Best first: the first way into a run is its best.
  for (const rival of found)
    if (rival.key !== key && way.score - rival.score < close && !margins.has(rival.key))
      margins.set(rival.key, Math.max(0, way.score - rival.score))
  const own = taker.contests.filter((entry) => entry.equal !== equal)
  const over = new Set(taker.contests.flatMap((entry) => (entry.equal === equal ? [entry.rival] : [])))
  const settle = (run: RunState): RunState =>
    over.has(run.id)
      ? { ...run, contests: run.contests.filter((entry) => entry.equal !== equal || entry.rival !== taker.id) }
      : run
  const fresh: Contest[] = []
  const others = runs.flatMap((run, i): RunState[] => {
    if (i === way.run) return []
    const margin = margins.get(keys[i]!)
    const settled = settle(run)
    if (margin === undefined || hasLike(run, equal)) return [settled]
    fresh.push({ equal, rival: run.id, margin })
    return [{ ...settled, contests: limited([...settled.contests, { equal, rival: taker.id, margin }]) }]
  })
  return {
    into:
      own.length === 0 && fresh.length === 0 && over.size === 0
        ? taker
        : { ...taker, contests: limited([...own, ...fresh]) },
    others,
    closed: over.size === 0 ? closed : closed.map(settle)
  }
}

/** True when a run has a post that equals one, as far back as is worth looking. */
function hasLike(run: RunState, equal: number): boolean {
  let at: RunState['posts'] | null = run.posts
  for (let i = 0; i < 100 && at !== null; i++, at = at.before) if (at.post.equal === equal) return true
  return false
}

const maxContests = 50
const limited = (contests: readonly Contest[]): readonly Contest[] =>
  contests.length <= maxContests ? contests : [...contests].sort((a, b) => a.margin - b.margin).slice(0, maxContests)

/** A run that never ends is rarer than one that does. */
const unfinishedOf = ({ runs, closed }: Hypothesis): number =>
  runs.reduce((sum, run) => sum + (run.main === null ? 0 : 1), 0) +
  closed.reduce((sum, run) => sum + (run.ended === null ? 1 : 0), 0)

const worth = (hypothesis: Hypothesis): number => hypothesis.score - 1.5 * unfinishedOf(hypothesis)

/** Sorts by worth, merges what nobody could tell apart, keeps the best. */
function prune(grown: Candidate[]): Candidate[] {
  grown.sort((a, b) => b.worth - a.worth)
  const kept = new Map<number, Candidate>()
  const limit = (grown[0]?.worth ?? 0) - maxBehind
  for (const candidate of grown) {
    if (candidate.worth < limit || kept.size >= maxHypotheses) break
    const key = candidate.key()
    // Two ways to the same runs are one: the better one stands for both.
    if (!kept.has(key)) kept.set(key, candidate)
  }
  return [...kept.values()]
}

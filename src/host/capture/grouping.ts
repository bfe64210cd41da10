// Runs out of posts. MISP sends no run id, so this keeps the most likely ways to share the posts among runs and goes on with
// all of them (a beam search): a later post, above all the end of a run with its list of executed nodes, decides between them.
// One tracker per source and trigger. Pure: summaries in, runs out.
import { emptyLearned, learnOrder, stepOf, type LearnedGraph, type TriggerGraphs } from './grouping-graph.ts'
import {
  isClosed,
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

export interface GroupedPost {
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
  /** The same with what other runs could have taken noted. */
  readonly contested?: () => Hypothesis
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
    if (post.kind === 'init') this.sawInit = true
    this.window.push(post)
    this.follow(post, this.window.length)
    const quiet = this.beam[0]!.runs.every((run) => run.main === null)
    if (quiet || this.window.length > agreeAfter) this.agree()
  }

  private follow(post: PostSummary, count: number): void {
    const grown: Hypothesis[] = []
    for (const hypothesis of this.beam) this.grow(hypothesis, post, grown)
    // Most are given up at once: only those that stay are worth the rest.
    this.beam = prune(grown).map((hypothesis) => hypothesis.contested?.() ?? hypothesis)
    this.retire(post, count)
  }

  /** Goes through the posts since the last agreement once more, when they have shown more of the graph by now. */
  private replay(): void {
    const { version } = this.graphs.learned
    if (this.replayed.version === version || this.graphs.known.length === 1) return
    this.replayed = { posts: this.window.length, version }
    this.beam = [this.base]
    this.window.forEach((post, i) => this.follow(post, i + 1))
  }

  /** Runs that are settled; each is handed out once. */
  takeSettled(): GroupedRun[] {
    return this.done.splice(0)
  }

  /** Runs that may still change, as they look now. */
  current(): GroupedRun[] {
    // Seldom enough to cost a few times what the posts themselves do.
    if ((this.window.length - this.replayed.posts) * 8 >= Math.max(1, this.window.length - 64)) this.replay()
    const best = this.beam[0]!
    const shares = this.shares()
    return [...best.closed, ...best.runs].map((run) => this.describe(run, true, shares.get(run.id) ?? 1))
  }

  /** Nothing more is coming: settles everything. */
  finish(): void {
    this.agree()
    for (const run of this.beam[0]!.runs) this.done.push(this.describe(run, false, 1))
    this.start(nothingYet)
  }

  private grow(hypothesis: Hypothesis, post: PostSummary, out: Hypothesis[]): void {
    const { runs, closed, score } = hypothesis
    if (post.kind === 'init') {
      out.push({ runs: [...runs, openRun(this.graphs, post, 0)], closed, score })
      return
    }
    const orphan = this.sawInit ? -12 : -4
    const ways: { run: number; into: RunState; score: number }[] = [
      { run: -1, into: openRun(this.graphs, post, orphan), score: orphan }
    ]
    const { found, keys } = waysOf(this.graphs, runs, post)
    for (const { run, slot, score: fit } of found)
      if (fit > -30) ways.push({ run, into: take(this.graphs, runs[run]!, post, slot, fit), score: fit })
    const top = Math.max(...ways.map((way) => way.score))
    for (const way of ways) {
      if (way.score < top - maxBehind) continue
      const { into, run } = way
      const others = run < 0 ? runs : runs.filter((_, i) => i !== run)
      out.push({
        ...joined(others, closed, into),
        score: score + way.score,
        contested: () => {
          const after = contest({ runs, closed, found, keys, close: this.close() }, way, post)
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
  private agree(): void {
    this.replay()
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
  /** Equal for runs that nobody can tell apart. */
  readonly key: number
}

/** Ways to go on with a post, best first. Of runs that nobody can tell apart only the best is tried. */
function waysOf(
  graphs: TriggerGraphs,
  runs: readonly RunState[],
  post: PostSummary
): { readonly found: readonly Way[]; readonly keys: readonly number[] } {
  const best = new Map<number, Way>()
  const keys = runs.map(standing)
  runs.forEach((state, run) => {
    const key = keys[run]!
    for (const { slot, score } of waysInto(graphs, state, post)) {
      const place = mix(key, slot.kind === 'main' ? 1 : slot.kind === 'job' ? 1000 + slot.index : 2000 + slot.index)
      if ((best.get(place)?.score ?? Number.NEGATIVE_INFINITY) < score) best.set(place, { run, slot, score, key })
    }
  })
  return { found: [...best.values()].sort((a, b) => b.score - a.score), keys }
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
const worth = ({ score, runs, closed }: Hypothesis): number =>
  score - 1.5 * (runs.filter((run) => run.main !== null).length + closed.filter((run) => run.ended === null).length)

/** Sorts by score, merges what nobody could tell apart, keeps the best. */
function prune(grown: Hypothesis[]): Hypothesis[] {
  grown.sort((a, b) => worth(b) - worth(a))
  const kept = new Map<number, Hypothesis>()
  const limit = (grown[0] === undefined ? 0 : worth(grown[0])) - maxBehind
  for (const hypothesis of grown) {
    if (worth(hypothesis) < limit || kept.size >= maxHypotheses) break
    let key = 0
    for (const run of hypothesis.runs) key = add(key, mix(standing(run), 7))
    for (const run of hypothesis.closed) key = add(key, mix(run.composition, 8))
    // Two ways to the same runs are one: the better one stands for both.
    if (!kept.has(key)) kept.set(key, hypothesis)
  }
  return [...kept.values()]
}

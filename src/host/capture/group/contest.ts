// What the runs of one hypothesis can do with a post, and which of them could have taken it as well: until the others have its like, too,
// it may have gone to the wrong one.
import type { PostSummary } from '../understand/post-parse.ts'
import { mix } from '../understand/structural-hash.ts'
import type { Contest, RunState, RunWay, RunWays } from './state.ts'

interface Way {
  readonly run: number
  /** The run's `standing`. */
  readonly key: number
  readonly way: RunWay
}

/** What a hypothesis can do with a post. */
export interface Field {
  readonly runs: readonly RunState[]
  readonly closed: readonly RunState[]
  /** Ways that are worth a look, best first. Of runs that nobody can tell apart only the best is tried. */
  readonly found: readonly Way[]
  /** Indexes of the runs that have one. */
  readonly able: readonly number[]
  readonly close: number
}

export function fieldOf(
  { runs, closed }: Pick<Field, 'runs' | 'closed'>,
  ways: readonly RunWays[],
  least: number,
  close: number
): Field {
  const best = new Map<number, Way>()
  const able: number[] = []
  ways.forEach((into, run) => {
    if (into.best < least) return
    able.push(run)
    const key = runs[run]!.standing
    for (const way of into.list) {
      const { slot, score } = way
      if (score < least) continue
      const place = mix(key, slot.kind === 'main' ? 1 : slot.kind === 'job' ? 1000 + slot.index : 2000 + slot.index)
      if ((best.get(place)?.way.score ?? Number.NEGATIVE_INFINITY) < score) best.set(place, { run, key, way })
    }
  })
  const found = [...best.values()].sort((a, b) => b.way.score - a.way.score)
  return { runs, closed, found, able, close }
}

/**
 * Remembers which other runs could have taken a post. Once such a rival has a post that equals it, the two are interchangeable and
 * the contest is over.
 */
export function contest(
  { runs, closed, found, able, close }: Field,
  way: { readonly run: number; readonly into: RunState; readonly score: number },
  { equal }: PostSummary
): { readonly into: RunState; readonly others: readonly RunState[]; readonly closed: readonly RunState[] } {
  const taker = way.into
  const key = way.run < 0 ? 0 : runs[way.run]!.standing
  const margins = marginsOf(found, key, way.score, close)
  const isOver = taker.contests.some((entry) => entry.equal === equal)
  if (margins.size === 0 && !isOver)
    return { into: taker, others: way.run < 0 ? runs : runs.filter((_, i) => i !== way.run), closed }
  const over = new Set<number>()
  for (const entry of taker.contests) if (entry.equal === equal) over.add(entry.rival)
  const settle = (run: RunState): RunState =>
    over.has(run.id)
      ? { ...run, contests: run.contests.filter((entry) => entry.equal !== equal || entry.rival !== taker.id) }
      : run
  const others = over.size === 0 ? runs.slice() : runs.map(settle)
  const fresh: Contest[] = []
  if (margins.size > 0)
    for (const i of able) {
      const run = others[i]!
      const margin = i === way.run ? undefined : margins.get(run.standing)
      if (margin === undefined || hasLike(run, equal)) continue
      fresh.push({ equal, rival: run.id, margin })
      others[i] = { ...run, contests: limited([...run.contests, { equal, rival: taker.id, margin }]) }
    }
  if (way.run >= 0) others.splice(way.run, 1)
  const own = over.size === 0 ? taker.contests : taker.contests.filter((entry) => entry.equal !== equal)
  return {
    into: fresh.length + over.size === 0 ? taker : { ...taker, contests: limited([...own, ...fresh]) },
    others,
    closed: over.size === 0 ? closed : closed.map(settle)
  }
}

const none: ReadonlyMap<number, number> = new Map()

/** By what stands for them: other runs that a post fits about as well, and how much worse. */
function marginsOf(found: readonly Way[], key: number, score: number, close: number): ReadonlyMap<number, number> {
  let margins: Map<number, number> | null = null
  for (const rival of found) {
    if (rival.key === key || score - rival.way.score >= close) continue
    margins ??= new Map<number, number>()
    // Best first: the first way into a run is its best.
    if (!margins.has(rival.key)) margins.set(rival.key, Math.max(0, score - rival.way.score))
  }
  return margins ?? none
}

/** True when a run has a post that equals one, as far back as is worth looking. */
function hasLike(run: RunState, equal: number): boolean {
  let at: RunState['posts'] | null = run.posts
  for (let i = 0; i < 100 && at !== null; i++, at = at.before) if (at.post.equal === equal) return true
  return false
}

const maxContests = 24

/** The closest ones; of equally close ones the first. */
function limited(contests: Contest[]): Contest[] {
  if (contests.length > maxContests + 8) return contests.sort((a, b) => a.margin - b.margin).slice(0, maxContests)
  while (contests.length > maxContests) {
    let worst = 0
    contests.forEach((one, i) => {
      if (one.margin >= contests[worst]!.margin) worst = i
    })
    contests.splice(worst, 1)
  }
  return contests
}

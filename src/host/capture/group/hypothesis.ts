// One way to share the posts so far among runs, and which of many are kept.
import { add, mix } from '../understand/structural-hash.ts'
import { isClosed, type RunState } from './state.ts'

export const maxBehind = 14
export const maxOpen = 48
export const maxCredits = 32
const spareOpen = 6

export interface Hypothesis {
  readonly runs: readonly RunState[]
  /** Runs that ended since the hypotheses last agreed. */
  readonly closed: readonly RunState[]
  readonly score: number
  /** Runs without an end: a run that never ends is rarer than one that does. */
  readonly unfinished: number
  /** Equal for hypotheses that nobody can tell apart. */
  readonly mark: number
}

export const openMark = (run: RunState): number => mix(run.standing, 7)
export const closedMark = (run: RunState): number => mix(run.composition, 8)

/** The hypothesis as counted anew. */
export function counted(runs: readonly RunState[], closed: readonly RunState[], score: number): Hypothesis {
  let [unfinished, mark] = [0, 0]
  for (const run of runs) {
    if (run.main !== null) unfinished++
    mark = add(mark, openMark(run))
  }
  for (const run of closed) {
    if (run.ended === null) unfinished++
    mark = add(mark, closedMark(run))
  }
  return { runs, closed, score, unfinished, mark }
}

/** More than may be open, and some more, so that they are not looked for with every post. */
export function oldest(runs: readonly RunState[]): RunState[] {
  const byAge = [...runs].sort((a, b) => a.posts.post.seq - b.posts.post.seq)
  const walking = byAge.filter((run) => run.main !== null)
  const waiting = byAge.filter((run) => run.main === null)
  return [
    ...(walking.length > maxOpen ? walking.slice(0, spareOpen - maxOpen) : []),
    ...(waiting.length > maxCredits ? waiting.slice(0, spareOpen - maxCredits) : [])
  ]
}

/** A hypothesis that may come of a post: made only if it is among those that stay. */
export interface Candidate {
  readonly worth: number
  readonly mark: number
  readonly make: () => Hypothesis
}

export const joined = (
  others: readonly RunState[],
  closed: readonly RunState[],
  into: RunState
): Pick<Hypothesis, 'runs' | 'closed'> =>
  isClosed(into) ? { runs: others, closed: [...closed, into] } : { runs: [...others, into], closed }

export const nothingYet = counted([], [], 0)

export const worth = ({ score, unfinished }: Hypothesis): number => score - 1.5 * unfinished

/** Sorts by worth, merges what nobody could tell apart, keeps the best. */
export function prune(grown: Candidate[], width: number): Candidate[] {
  if (grown.length === 1) return grown
  grown.sort((a, b) => b.worth - a.worth)
  const kept = new Map<number, Candidate>()
  const limit = (grown[0]?.worth ?? 0) - maxBehind
  for (const candidate of grown) {
    if (candidate.worth < limit || kept.size >= width) break
    // Two ways to the same runs are one: the better one stands for both.
    if (!kept.has(candidate.mark)) kept.set(candidate.mark, candidate)
  }
  return [...kept.values()]
}

// Runs of one source and trigger whose posts lie between those of a run: they may have posts of it.
import type { CapturedRun } from '../derive/captured-run.ts'
import type { CapturedRuns } from '../derive/captured-runs.ts'

export interface Neighbours {
  /** Posts without a beginning of their own. */
  readonly fragments: readonly CapturedRun[]
  /** How many others have one. */
  readonly rivals: number
}

const mostLookedAt = 20_000
/** Posts behind the last one that may still be of the run. */
const behind = 64

export function neighboursOf(runs: CapturedRuns, runId: string): Neighbours {
  const run = runs.get(runId)
  const [first, last] = [run?.posts[0]?.[0], run?.posts.at(-1)?.[0]]
  if (run === undefined || first === undefined || last === undefined) return { fragments: [], rivals: 0 }
  const found = new Map<string, CapturedRun>()
  for (let seq = first; seq <= Math.min(last + behind, first + mostLookedAt); seq++) {
    const owner = runs.ownerOf(seq)
    const other = owner === null || owner === runId ? undefined : runs.get(owner)
    if (other?.source === run.source && other.trigger === run.trigger) found.set(other.id, other)
  }
  const isFragment = ({ reason, posts }: CapturedRun): boolean =>
    reason.includes('no init post') && (posts[0]?.[0] ?? 0) > first
  const all = [...found.values()]
  const fragments = all.filter(isFragment)
  // One that began when all of this one's posts were there took none of them.
  const rivals = all.filter((other) => !isFragment(other) && (other.posts[0]?.[0] ?? 0) < last).length
  return { fragments, rivals }
}

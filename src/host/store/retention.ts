// Which captured runs go when the workspace is to stay small. Off until somebody switches it on; pinned runs stay; what would go is
// shown before. Pure: the plan here, the deed in capture/service.
import type { CapturedRun } from '../capture/captured-run.ts'

export interface RetentionRules {
  /** Days since the end of a run. */
  readonly maxAgeDays?: number
  readonly maxRuns?: number
  /** Bytes of posts as they came. */
  readonly maxBytes?: number
}

export interface RetentionPlan {
  readonly runIds: readonly string[]
  readonly posts: number
  readonly bytes: number
  /** ISO; null when nothing goes. */
  readonly oldest: string | null
  readonly newest: string | null
  readonly keptPinned: number
}

const day = 24 * 3600_000

/** Runs that the rules remove, oldest first. Runs in progress and pinned runs stay, nested ones go with nobody but themselves. */
export function planRetention(
  runs: Iterable<CapturedRun>,
  rules: RetentionRules,
  pinned: (runId: string) => boolean,
  now: number
): RetentionPlan {
  const newestFirst = [...runs].filter((run) => !run.open).sort((a, b) => b.endedAt - a.endedAt)
  const going: CapturedRun[] = []
  let keptPinned = 0
  let count = 0
  let bytes = 0
  for (const run of newestFirst) {
    count++
    bytes += run.bytes
    const tooOld = rules.maxAgeDays !== undefined && now - run.endedAt > rules.maxAgeDays * day
    const tooMany = rules.maxRuns !== undefined && count > rules.maxRuns
    const tooLarge = rules.maxBytes !== undefined && bytes > rules.maxBytes
    if (!tooOld && !tooMany && !tooLarge) continue
    if (pinned(run.id)) keptPinned++
    else going.push(run)
  }
  going.reverse()
  return {
    runIds: going.map((run) => run.id),
    posts: going.reduce((sum, run) => sum + run.posts.length, 0),
    bytes: going.reduce((sum, run) => sum + run.bytes, 0),
    oldest: going[0] === undefined ? null : new Date(going[0].startedAt).toISOString(),
    newest: going.at(-1) === undefined ? null : new Date(going.at(-1)!.endedAt).toISOString(),
    keptPinned
  }
}

// Which captured runs go when the workspace is to stay small. Off until somebody switches it on; pinned runs stay; what would go is
// shown before. Pure: the plan here, the deed in capture/keeper.
import type { RetentionPlan, RetentionRules } from '../../../contract/workspace.ts'
import { toRunSummary, type CapturedRun } from '../derive/captured-run.ts'

export interface Removal {
  readonly going: readonly CapturedRun[]
  readonly keptPinned: number
}

const day = 24 * 3600_000

/** Runs that the rules remove, oldest first. Runs in progress and pinned runs stay, nested ones go with nobody but themselves. */
export function planRemoval(
  runs: Iterable<CapturedRun>,
  { maxAgeDays, maxRuns, maxBytes }: RetentionRules,
  pinned: (runId: string) => boolean,
  now: number
): Removal {
  const newestFirst = [...runs].filter((run) => !run.open).sort((a, b) => b.endedAt - a.endedAt)
  const going: CapturedRun[] = []
  let [keptPinned, count, bytes] = [0, 0, 0]
  for (const run of newestFirst) {
    count++
    bytes += run.bytes
    const tooOld = maxAgeDays !== null && now - run.endedAt > maxAgeDays * day
    const tooMany = maxRuns !== null && count > maxRuns
    const tooLarge = maxBytes !== null && bytes > maxBytes
    if (!tooOld && !tooMany && !tooLarge) continue
    if (pinned(run.id)) keptPinned++
    else going.push(run)
  }
  return { going: going.reverse(), keptPinned }
}

const shownRuns = 200

/** As people see it before anything is removed. */
export function describeRemoval({ going, keptPinned }: Removal): RetentionPlan {
  const newest = going.reduce((last, run) => Math.max(last, run.endedAt), 0)
  return {
    runs: going.length,
    posts: going.reduce((sum, run) => sum + run.posts.length, 0),
    bytes: going.reduce((sum, run) => sum + run.bytes, 0),
    oldest: going[0] === undefined ? null : new Date(going[0].startedAt).toISOString(),
    newest: going.length === 0 ? null : new Date(newest).toISOString(),
    keptPinned,
    first: going.slice(0, shownRuns).map((run) => toRunSummary(run))
  }
}

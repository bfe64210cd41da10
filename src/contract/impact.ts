// What a change would have changed: one workflow, version of MISP or settings against another over the same inputs.
import type { Outcome } from './run.ts'

export interface ImpactGroup {
  /** The first node that decides otherwise; null: before the first or behind the last. */
  readonly nodeId: number | null
  /** What happened there. */
  readonly before: string
  readonly after: string
  /** How the runs ended; null: they did not run. */
  readonly outcomes: readonly [before: Outcome | null, after: Outcome | null]
  readonly count: number
  /** The first of them: runs, data sets or files. */
  readonly examples: readonly string[]
}

export interface ImpactReport {
  /** Runs that go the same way to the same end, and those of them in which only the roaming data differs. */
  readonly same: number
  readonly onlyData: number
  readonly groups: readonly ImpactGroup[]
  /** What is no input for this workflow. */
  readonly refused: number
}

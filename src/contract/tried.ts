// A workflow tried on many inputs, each under what was and what would be: another workflow, version of MISP or settings.
import type { VersionRule } from './profiles.ts'
import type { Outcome } from './run.ts'
import { formatCount, plural } from './words.ts'

/** One input under both. */
export type TriedRun =
  | { readonly state: 'same'; readonly outcome: Outcome | null; readonly dataAt: number | null }
  | {
      readonly state: 'different'
      /** Before and after; null where it did not run. */
      readonly outcomes: readonly [Outcome | null, Outcome | null]
      readonly nodeId: number | null
      /** What happened there under each. */
      readonly before: string
      readonly after: string
      /** The same without values of this run: equal where the same kind of thing differs. */
      readonly kind: readonly [before: string, after: string]
      /** Which changes of MISP bring it about that they part there; several: only together. Empty: not asked, or it could not be told. */
      readonly rules: readonly VersionRule[]
      /** Which others it takes until the end is the other one, too; null: it could not be told. */
      readonly endRules: readonly VersionRule[] | null
    }
  | { readonly state: 'refused'; readonly why: string }

export interface TriedGroup {
  /** The first node that decides otherwise; null: before the first or behind the last. */
  readonly nodeId: number | null
  /** What happened there. */
  readonly before: string
  readonly after: string
  /** How the runs ended; null: they did not run. */
  readonly outcomes: readonly [before: Outcome | null, after: Outcome | null]
  readonly count: number
  /** The first of them: runs, data sets or files, by name. */
  readonly examples: readonly string[]
}

export interface TriedReport<Group extends TriedGroup = TriedGroup> {
  /** Runs that go the same way to the same end, and those of them in which only the roaming data differs. */
  readonly same: number
  readonly onlyData: number
  readonly groups: readonly Group[]
  /** What is no input for this workflow. */
  readonly refused: number
}

/** Why it was run on none of its inputs; empty where it was, and where there are none. */
export function unusableWords({ same, groups, refused }: Pick<TriedReport, 'same' | 'groups' | 'refused'>): string {
  if (refused === 0 || same + groups.length > 0) return ''
  const none = refused === 1 ? 'The only input cannot' : `None of the ${formatCount(refused)} inputs can`
  return `${none} be read as one for this workflow`
}

/** "3 runs end the same way, 1 of them with different data on the way"; empty for none. */
export function sameWords({ same, onlyData }: Pick<TriedReport, 'same' | 'onlyData'>): string {
  if (same === 0) return ''
  const end = plural(same, 'run ends', 'runs end')
  if (onlyData === 0) return `${end} the same way`
  const which = same === 1 ? 'with' : onlyData === same ? 'each with' : `${formatCount(onlyData)} of them with`
  return `${end} the same way, ${which} different data on the way`
}

// What an update of MISP changes for workflows.
import type { Outcome } from './run.ts'
import { formatCount, plural } from './words.ts'
import type { WorkflowProblem } from './workspace.ts'

/** A change between two versions of MISP, named as in docs/versions.md. */
export interface UpgradeRule {
  readonly name: string
  readonly text: string
}

export interface UpgradeModule {
  readonly nodeId: number
  readonly moduleId: string
  readonly state: 'gone' | 'new' | 'changed'
  /** The module's version before and after; null: it is not there. */
  readonly before: string | null
  readonly after: string | null
  readonly rules: readonly UpgradeRule[]
}

/** What can be said of a workflow without running it. */
export interface UpgradeLook {
  /** Modules and triggers that are gone, came, or changed their version or what they do. */
  readonly modules: readonly UpgradeModule[]
  /** Parameters that the newer module does not have: MISP keeps and ignores them. */
  readonly goneParams: readonly {
    readonly nodeId: number
    readonly moduleId: string
    readonly params: readonly string[]
  }[]
  /** What the editor would say that it does not say now, and what it would say no more. */
  readonly warnings: readonly WorkflowProblem[]
  readonly warningsGone: readonly WorkflowProblem[]
}

/** One run under both versions. */
export type UpgradeRun =
  | { readonly state: 'same'; readonly outcome: Outcome | null; readonly dataAt: number | null }
  | {
      readonly state: 'different'
      /** Before and after; null where it did not run. */
      readonly outcomes: readonly [Outcome | null, Outcome | null]
      readonly nodeId: number | null
      /** What happened there under each version. */
      readonly before: string
      readonly after: string
      /** The same without values of this run: equal where the same kind of thing differs. */
      readonly kind: readonly [before: string, after: string]
      /** Which changes bring it about that they part there; several: only together. Empty: it could not be told. */
      readonly rules: readonly UpgradeRule[]
      /** Which others it takes until the end is the other one, too; null: it could not be told. */
      readonly endRules: readonly UpgradeRule[] | null
    }
  | { readonly state: 'refused'; readonly why: string }

export interface UpgradeGroup {
  readonly nodeId: number | null
  readonly before: string
  readonly after: string
  readonly rules: readonly UpgradeRule[]
  readonly endRules: readonly UpgradeRule[] | null
  /** How they end under each version; null: they do not run. */
  readonly outcomes: readonly [Outcome | null, Outcome | null]
  readonly count: number
  /** The first of them: runs, data sets or files, by name. */
  readonly examples: readonly string[]
}

export interface UpgradeWorkflow extends UpgradeLook {
  /** Of the workspace; null for a file. */
  readonly id: string | null
  readonly name: string
  /** Runs that end the same way, and those of them in which only the roaming data differs. */
  readonly same: number
  readonly onlyData: number
  readonly groups: readonly UpgradeGroup[]
  /** What is no input for this workflow. */
  readonly refused: number
}

export interface UpgradeReport {
  readonly from: string
  readonly to: string
  readonly workflows: readonly UpgradeWorkflow[]
}

/** "3 runs end the same way, 1 of them with different data on the way"; empty for none. */
export function sameWords({ same, onlyData }: Pick<UpgradeWorkflow, 'same' | 'onlyData'>): string {
  if (same === 0) return ''
  const end = plural(same, 'run ends', 'runs end')
  if (onlyData === 0) return `${end} the same way`
  const which = same === 1 ? 'with' : onlyData === same ? 'each with' : `${formatCount(onlyData)} of them with`
  return `${end} the same way, ${which} different data on the way`
}

/** "runs of 1 of 3 workflows differ". */
export function differWords(workflows: readonly Pick<UpgradeWorkflow, 'groups'>[]): string {
  const n = workflows.filter(({ groups }) => groups.length > 0).length
  if (n === 0) return 'no run differs'
  if (workflows.length === 1) return 'runs of this workflow differ'
  const all = formatCount(workflows.length)
  return n === workflows.length
    ? `runs of all ${all} workflows differ`
    : `runs of ${formatCount(n)} of ${all} workflows differ`
}

/** What brings about how a group differs: "because of “in_and”; that it ends differently also takes “PHP 7.4”". */
export function causeWords({ rules, endRules }: Pick<UpgradeGroup, 'rules' | 'endRules'>): string {
  const names = (some: readonly UpgradeRule[]): string =>
    [...new Set(some.map(({ name }) => `“${name}”`))].join(' together with ')
  if (rules.length === 0) return 'which change of MISP does that could not be told'
  const first = `because of ${names(rules)}`
  if (endRules === null) return `${first}; which change makes it end differently could not be told`
  return endRules.length === 0 ? first : `${first}; that it ends differently also takes ${names(endRules)}`
}

// What an update of MISP changes for workflows.
import type { VersionRule } from './profiles.ts'
import type { TriedGroup, TriedReport } from './tried.ts'
import { formatCount } from './words.ts'
import type { WorkflowProblem } from './workspace.ts'

export interface UpgradeModule {
  readonly nodeId: number
  readonly moduleId: string
  readonly state: 'gone' | 'new' | 'changed'
  /** The module's version before and after; null: it is not there. */
  readonly before: string | null
  readonly after: string | null
  readonly rules: readonly VersionRule[]
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

export interface UpgradeGroup extends TriedGroup {
  /** Which changes bring it about that they part there, and which others it takes until the end is the other one, too; null: it could not be told. */
  readonly rules: readonly VersionRule[]
  readonly endRules: readonly VersionRule[] | null
}

export interface UpgradeWorkflow extends UpgradeLook, TriedReport<UpgradeGroup> {
  /** Of the workspace; null for a file. */
  readonly id: string | null
  readonly name: string
}

export interface UpgradeReport {
  readonly from: string
  readonly to: string
  readonly workflows: readonly UpgradeWorkflow[]
}

/** "runs of 1 of 3 workflows go differently". Runs that only have other data on the way go the same way. */
export function differWords(workflows: readonly Pick<UpgradeWorkflow, 'groups'>[]): string {
  const n = workflows.filter(({ groups }) => groups.length > 0).length
  if (n === 0) return 'no run goes differently'
  if (workflows.length === 1) return 'runs of this workflow go differently'
  const all = formatCount(workflows.length)
  return n === workflows.length
    ? `runs of all ${all} workflows go differently`
    : `runs of ${formatCount(n)} of ${all} workflows go differently`
}

/** What brings about how a group differs: "because of “in_and”; that it ends differently also takes “PHP 7.4”". */
export function causeWords({ rules, endRules }: Pick<UpgradeGroup, 'rules' | 'endRules'>): string {
  const names = (some: readonly VersionRule[]): string =>
    [...new Set(some.map(({ name }) => `“${name}”`))].join(' together with ')
  if (rules.length === 0) return 'which change of MISP does that could not be told'
  const first = `because of ${names(rules)}`
  if (endRules === null) return `${first}; which change makes it end differently could not be told`
  return endRules.length === 0 ? first : `${first}; that it ends differently also takes ${names(endRules)}`
}

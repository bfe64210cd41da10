// What an update of MISP changes for workflows.
import type { Outcome } from './run.ts'
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
      readonly before: string
      readonly after: string
      /** Which changes bring it about; several: only together. Empty: it could not be found out. */
      readonly rules: readonly UpgradeRule[]
    }
  | { readonly state: 'refused'; readonly why: string }

export interface UpgradeGroup {
  readonly nodeId: number | null
  readonly before: string
  readonly after: string
  readonly rules: readonly UpgradeRule[]
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

// What the editor keeps in a workspace beside workflows: drafts, blueprints, and the demonstrations that can be brought in.
import type { Json } from './json.ts'

/** What was being edited and not yet saved. */
export interface Draft {
  readonly workflowId: string
  /** The version it started from. */
  readonly base: number
  readonly at: string
  readonly workflow: Json
}

export interface GraphReport {
  readonly unknownModules: readonly { readonly nodeId: number; readonly moduleId: string; readonly type: string }[]
  readonly changedVersions: readonly {
    readonly nodeId: number
    readonly moduleId: string
    /** As the node was saved with; `previous` is what it had before that, `?` when MISP did not know. */
    readonly saved: string
    readonly previous: string
    readonly here: string
  }[]
  readonly goneParams: readonly {
    readonly nodeId: number
    readonly moduleId: string
    readonly params: readonly string[]
  }[]
}

export interface BlueprintSummary {
  readonly uuid: string
  readonly name: string
  readonly description: string
  /** Unix seconds, as MISP writes them. */
  readonly timestamp: number
  /** Came with the repository of blueprints. */
  readonly default: boolean
  readonly nodes: number
  readonly modules: readonly string[]
  readonly report: GraphReport
}

export interface BlueprintDetail extends BlueprintSummary {
  /** As MISP exports it: `{WorkflowBlueprint: …}`. */
  readonly blueprint: Json
}

export interface BlueprintImport {
  readonly added: readonly BlueprintSummary[]
  readonly updated: readonly BlueprintSummary[]
  /** Already here in this or a newer version. */
  readonly unchanged: readonly BlueprintSummary[]
  readonly failed: readonly { readonly name: string; readonly message: string }[]
}

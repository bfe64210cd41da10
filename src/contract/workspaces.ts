// The workspaces of a person, one of which is open: their own ones, and demonstrations, each a workspace apart.

/** A workspace of the person's own that was open here before, or is. */
export interface OwnWorkspace {
  readonly folder: string
  /** What its folder is called. */
  readonly name: string
  /** ISO 8601. */
  readonly openedAt: string
  /** Its folder is not there (any more). */
  readonly isMissing: boolean
}

export interface DemoSummary {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly workflows: readonly string[]
  readonly data: readonly string[]
}

export interface WorkspaceList {
  /** The folder of the one that is open. */
  readonly folder: string
  /** The demonstration that is open; null while it is a workspace of the person's own. */
  readonly demonstration: string | null
  /** The person's own workspace, which takes MISP's posts, also while a demonstration is open. */
  readonly home: { readonly folder: string; readonly name: string }
  /** Newest first. */
  readonly own: readonly OwnWorkspace[]
  readonly demonstrations: readonly DemoSummary[]
}

/** Another workspace is open now. `start`: what there is to look at first, as the address within the app. */
export interface SwitchedWorkspace {
  readonly folder: string
  readonly start: string
}

// Which version of MISP something is treated as: a workspace, a workflow, a source of posts; and what says so.

/** A change between two versions of MISP, named as in docs/versions.md. */
export interface VersionRule {
  readonly name: string
  readonly text: string
}

/** What points to some versions and not to others, in one sentence. */
export interface ProfileTrace {
  readonly text: string
  /** Profiles that it fits, newest first. */
  readonly profiles: readonly string[]
  /** True of what an update leaves behind: an older version of a module is kept in a workflow until somebody saves it again. */
  readonly isOld: boolean
}

/**
 * How a profile came to hold. `new`: the newest one, of a workspace that began with it. `before`: 2.5.1, of a workspace from before
 * there were profiles. `workspace`: the workspace's, of a workflow or a source that has none of its own.
 */
export type ProfileHow = 'chosen' | 'recognised' | 'new' | 'before' | 'workspace'

export interface ProfileUse {
  readonly profile: string
  readonly how: ProfileHow
  /** The version that was chosen or recognised has no profile of its own: what is used instead. Empty else. */
  readonly note: string
  /** What was recognised, or what speaks against what was chosen. */
  readonly evidence: readonly string[]
  /** The newest profile, where it is not this one; null where it is. */
  readonly newer: string | null
}

export interface ProfilesState {
  /** Newest first. */
  readonly profiles: readonly { readonly id: string; readonly text: string }[]
  readonly workspace: ProfileUse
  /** Of workflows for which one was chosen, by id. */
  readonly workflows: { readonly [workflowId: string]: ProfileUse }
  /** Of every source of captured posts, by name. */
  readonly sources: { readonly [source: string]: ProfileUse }
}

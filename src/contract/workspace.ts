// What a workspace holds, as shells show it.
import type { Json } from './json.ts'
import type { ProfileUse } from './profiles.ts'
import type { RuleId } from './rules.ts'
import type { RunSummary } from './run-views.ts'
import type { Claim } from './sentence.ts'
import type { ErrorCode } from './errors.ts'

export interface AppInfo {
  readonly name: string
  readonly version: string
  readonly shell: 'desktop' | 'browser' | 'terminal'
  readonly platform: string
  readonly profiles: readonly string[]
  readonly workspace: WorkspaceInfo
}

/** What was named on the command line, or opened with the app: each one is read, or is said to be unreadable. */
export interface OpenedFiles {
  readonly files: readonly OpenedFile[]
  readonly failed: readonly { readonly code: ErrorCode; readonly message: string }[]
}

export interface OpenedFile {
  readonly name: string
  readonly head: string
  /** The whole text or, of a large file, the copy of it that was made. */
  readonly content: { readonly text: string } | { readonly uploadId: string }
}

export interface WorkspaceInfo {
  readonly name: string
  /** The folder, for people to find it. */
  readonly folder: string
  /** False when another instance holds the workspace, or it was lost: everything can be looked at, nothing is written. */
  readonly writable: boolean
  /** Who holds it instead, as far as that is known. */
  readonly heldBy: string | null
  /** Why it is not writable, as a clause ("its folder was moved or deleted while it was open"); null when it is. */
  readonly readOnly: string | null
  readonly runs: number
  readonly workflows: number
  readonly dataSets: number
  /** The MISP that it is treated as. */
  readonly profile: ProfileUse
  /** Files that could not be read; they were kept as `.bad`. */
  readonly problems: readonly WorkspaceProblem[]
}

export interface WorkspaceProblem {
  readonly file: string
  readonly code: string
  readonly message: string
  /** Where the unreadable file is now; null when it stayed in place. */
  readonly keptAs: string | null
  /** It stands for so many of its kind that are not listed one by one. */
  readonly more?: number
}

export interface WorkflowSummary {
  readonly id: string
  readonly name: string
  readonly trigger: string | null
  readonly nodes: number
  /** Newest version number. */
  readonly version: number
  readonly savedAt: string
  readonly note: string
}

export interface WorkflowDetail extends WorkflowSummary {
  /** As MISP exports it. */
  readonly workflow: Json
  readonly versions: readonly { readonly version: number; readonly savedAt: string; readonly note: string }[]
}

export interface WorkflowProblem {
  readonly severity: 'error' | 'warning'
  readonly code: RuleId
  readonly message: string
  /** What `message` says of the workflow, piece by piece; absent where it is about no workflow (a file that cannot be read). */
  readonly claims?: readonly Claim[]
  readonly nodeIds: readonly (string | number)[]
  readonly edges: readonly Json[]
  /** The parameter of the node that it is about. */
  readonly param?: string
}

export interface DataSummary {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly importedAt: string
  /** Events in it, as far as the first look told. */
  readonly events: readonly { readonly id: string | null; readonly uuid: string | null; readonly info: string }[]
}

export interface RunPage {
  readonly runs: readonly RunSummary[]
  /** Pass it to get the next page; null at the end. */
  readonly cursor: string | null
  readonly total: number
  /** With `roots`: how many runs came directly out of each listed one, and with `parent` out of each of those. */
  readonly children?: Readonly<Record<string, number>>
}

/** The listener, as the status bar shows it. */
export interface CaptureStatus {
  readonly state: 'off' | 'listening' | 'failed'
  /** What to paste into MISP's `Plugin.Workflow_debug_url`. */
  readonly url: string | null
  readonly message: string | null
  readonly posts: number
  readonly lastPostAt: string | null
  /** Which MISPs have posted here, also before this start; latest first. Imports do not count. */
  readonly heard: readonly HeardSource[]
  readonly debug: DebugMode
  /** Who takes the posts instead of this app, which works through them: then closing the app ends nothing. */
  readonly elsewhere?: string
  /** Of a listener whose port is taken: the next one that is free. */
  readonly freePort?: number | null
  /** How sending posts on goes; null when they are not. */
  readonly forward: ForwardState | null
}

/** A source of posts (its name in the debug URL), and when its last one came. */
export interface HeardSource {
  readonly source: string
  readonly at: string
  readonly posts: number
}

/** Workflows that are, or were, in debug mode, as far as is known here: only those post, and MISP has one for each trigger. */
export interface DebugMode {
  /** By their posts; latest first. `isNew`: since this start. */
  readonly posted: readonly {
    readonly source: string
    readonly trigger: string
    readonly at: string
    readonly isNew: boolean
  }[]
  /** Triggers whose workflow in this workspace says so. */
  readonly saved: readonly string[]
}

/** A second listener that gets every post too. Never makes MISP wait. */
export interface ForwardState {
  readonly url: string
  readonly sent: number
  /** Not taken after several tries. */
  readonly failed: number
  /** Too many were waiting. */
  readonly skipped: number
  readonly behind: number
  /** What went wrong last; null when the last one was taken. */
  readonly problem: string | null
}

/** A run that an imported file has posts of. */
export interface ImportedRun {
  readonly id: string
  readonly trigger: string
  readonly parent: string | null
  /** Line numbers in the file, from 1. */
  readonly posts: readonly number[]
  /** 0..1 */
  readonly confidence: number
  readonly reason?: string
}

export interface ImportedPosts {
  readonly runs: readonly ImportedRun[]
  /** Line numbers of posts in no run. */
  readonly unassigned: readonly number[]
}

/** Where the posts of a workspace are; `total` is the sum of the others. */
export interface PostAccounts {
  readonly total: number
  readonly inRuns: number
  /** Not understood, not readable, or taken out of all runs by a person. */
  readonly unassigned: number
  /** Stored, and not grouped yet. */
  readonly waiting: number
  /** Removed for good. */
  readonly removed: number
}

/** What posts can be sorted by. */
export const postSortings = ['time', 'source', 'kind', 'target', 'size', 'run', 'grouping'] as const
export type PostSorting = (typeof postSortings)[number]

/** A raw post, as the list of posts shows it. */
export interface PostSummary {
  readonly id: string
  readonly at: string
  readonly source: string
  readonly target: string
  readonly size: number
  readonly runId: string | null
  readonly confidence: number | null
  readonly reason: string | null
  /** unknown: kept as it came, not understood. */
  readonly kind: 'init' | 'exec' | 'end' | 'debug' | 'unknown'
  readonly trigger: string | null
  readonly moduleId: string | null
}

/** A post that could not be read, and why. */
export interface MissingPost {
  readonly id: string
  readonly why: string
}

/** A post as it came. */
export interface PostDetail extends PostSummary {
  readonly method: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly text: string
  readonly encoding: 'utf8' | 'base64'
  /** Only the first part of it, when it is longer than 1 MB. */
  readonly truncated: boolean
  readonly sha256: string
  /** Secrets were replaced by dots. */
  readonly masked: boolean
}

export interface CaptureSettings {
  readonly enabled: boolean
  readonly host: string
  readonly port: number
  readonly sources: readonly { readonly name: string; readonly secret: string | null }[]
  readonly maxBodyBytes: number
  /** Every post is sent on to this address as well. */
  readonly forward: string | null
}

/** Which captured runs go; null: no limit of that kind. */
export interface RetentionRules {
  /** Days since the end of a run. */
  readonly maxAgeDays: number | null
  readonly maxRuns: number | null
  /** Bytes of posts as they came. */
  readonly maxBytes: number | null
}

/** What rules would remove. */
export interface RetentionPlan {
  readonly runs: number
  readonly posts: number
  readonly bytes: number
  /** ISO: start of the oldest and end of the newest run that goes; null when nothing goes. */
  readonly oldest: string | null
  readonly newest: string | null
  /** Runs that the rules would remove and that stay because they are pinned. */
  readonly keptPinned: number
  /** The first of them, oldest first. */
  readonly first: readonly RunSummary[]
}

/** What the captured posts take, and what is removed by itself. */
export interface StorageInfo {
  readonly runs: number
  readonly posts: number
  /** On disk now, and bytes of the posts as they came. */
  readonly diskBytes: number
  readonly postBytes: number
  /** null: nothing is ever removed by itself. */
  readonly rules: RetentionRules | null
  /** What goes next and when, at the earliest; null: nothing. */
  readonly next: { readonly at: string; readonly plan: RetentionPlan } | null
}

/** What the lines of a log can be sorted by. */
export const logSortings = ['time', 'trigger', 'workflow', 'message', 'run'] as const
export type LogSorting = (typeof logSortings)[number]

/** A line of MISP's workflow-execution.log. */
export interface LogLine {
  readonly id: string
  /** `2024-10-21 12:00:00`: as written in MISP's log; of a local run when it was written, in UTC, whatever clock the run was given. */
  readonly at: string
  readonly trigger: string | null
  readonly workflowId: string | null
  readonly text: string
  readonly runId: string | null
  readonly step: number | null
  readonly origin: 'local' | 'imported'
}

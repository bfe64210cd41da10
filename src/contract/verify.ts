// Whether an offline run did what MISP did: what `run.verify` answers.
import type { Json } from './json.ts'
import type { Sentence } from './sentence.ts'

/** `fault`: Retrace's own. */
export const differenceKinds = [
  'branch',
  'data',
  'parameter',
  'order',
  'outcome',
  'errors',
  'module',
  'missing step',
  'extra step',
  'fault'
] as const
export type DifferenceKind = (typeof differenceKinds)[number]

export const verifyVerdicts = ['equal', 'different', 'cannot tell'] as const
export type VerifyVerdict = (typeof verifyVerdicts)[number]

/** What lists can be narrowed to. */
export const listedVerdicts = [...verifyVerdicts, 'not verified'] as const
export type ListedVerdict = (typeof listedVerdicts)[number]

/** Where the offline run first differs from what MISP did. */
export interface VerifyDifference {
  /** Of the captured run; 0: the trigger's data, null: its end. */
  readonly step: number | null
  readonly nodeId: number | null
  readonly moduleId: string | null
  /** The concurrent branch, 0: the walk. */
  readonly job: number
  /** The how manieth time that the walk came to the node, from 1. */
  readonly visit: number
  readonly kind: DifferenceKind
  /** Hash path in what differs. */
  readonly path: string | null
  /** What MISP posted. */
  readonly expected: Json
  /** What the offline run gives. */
  readonly actual: Json
  readonly cause: Sentence
  /** Of the kind `branch`: what the condition read, and what it came to offline; null where its module does not tell. */
  readonly condition: VerifyCondition | null
}

export interface VerifyCondition {
  readonly result: boolean
  readonly facts: readonly { readonly name: string; readonly value: string }[]
}

type MissingKind =
  'version' | 'workflow' | 'world' | 'settings' | 'answer' | 'posts' | 'grouping' | 'module' | 'trigger' | 'limit'

/** What would have to be known, and where to get it. */
export interface VerifyMissing {
  readonly what: MissingKind
  readonly text: Sentence
}

/** A difference that a person expects. */
export interface AcceptedDifference {
  readonly id: string
  /** The workflow of the workspace, or the run, that it is accepted for. */
  readonly workflowId: string | null
  readonly runId: string | null
  readonly nodeId: number | null
  readonly kind: DifferenceKind
  readonly path: string | null
  readonly reason: string
  /** The day until which it is, as YYYY-MM-DD. */
  readonly until: string
  /** ISO. */
  readonly at: string
}

/** As lists show it, with what it is accepted for in a person's words. */
export interface ListedDifference extends AcceptedDifference {
  /** The run's title, or the workflow's name; null: it is gone. */
  readonly of: string | null
  /** Its day is over: it does not count any more. */
  readonly expired: boolean
}

/** What is kept of it beside the run, for lists. */
export interface RunVerified {
  readonly verdict: VerifyVerdict
  /** How many accepted differences it has. */
  readonly accepted: number
  /** ISO. */
  readonly at: string
  /** The last day on which all its accepted differences count. */
  readonly until?: string
  /** The workflow, with its version, and the MISP version that it was held against. */
  readonly against?: string
  /** An accepted difference that it had was taken back since. */
  readonly stale?: boolean
}

/** The day of a moment as accepted differences have it, in UTC. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

/** Whether a verdict that was kept still stands: no difference that it accepts was taken back, or has run out. */
export const stillStands = ({ stale, until }: RunVerified, today: string): boolean =>
  stale !== true && (until === undefined || until >= today)

export interface VerifyReport {
  readonly runId: string
  readonly verdict: VerifyVerdict
  readonly first: VerifyDifference | null
  readonly missing: readonly VerifyMissing[]
  /** Accepted differences that the run has. */
  readonly accepted: readonly AcceptedDifference[]
  /** What was compared otherwise than by its value. */
  readonly remarks: readonly Sentence[]
  /** The workspace's workflow that it was run through. */
  readonly workflow: { readonly id: string; readonly name: string; readonly version: number } | null
  readonly profile: string
  /** Of MISP, and how many of them an offline run gave as well. */
  readonly posts: number
  readonly equal: number
}

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

/** Where an offline run first does otherwise than MISP did. */
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

/** What is kept of it beside the run, for lists. */
export interface RunVerified {
  readonly verdict: VerifyVerdict
  /** How many accepted differences it has. */
  readonly accepted: number
  /** ISO. */
  readonly at: string
}

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

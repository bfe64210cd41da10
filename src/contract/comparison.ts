// Two runs held against each other: their steps as one timeline, their workflows as one graph, and what made the outcome differ. A is the
// run that is named first.
import type { Json } from './json.ts'
import type { Outcome } from './run.ts'
import type { StepReason } from './run-views.ts'
import type { Sentence } from './sentence.ts'
import type { ValueChanges } from './values.ts'

type PairState = 'same' | 'different' | 'only a' | 'only b'

/** What of a step can differ. */
export type DifferencePlace = 'input' | 'output' | 'parameters' | 'errors' | 'effects' | 'world' | 'result'

/**
 * Where a difference comes from. `itself`: the step got the same and came to something else, or the step, its settings or the answers that it
 * got are others. `before`: it follows from what differed before it.
 */
export type DifferenceCause = 'itself' | 'before'

/** One line of the timeline: a step of A, of B, or of both. */
export interface ComparedStep {
  readonly state: PairState
  /** Step numbers from 1; null on the side that has none. */
  readonly a: number | null
  readonly b: number | null
  /** Null for what is the same. */
  readonly cause: DifferenceCause | null
  /** Empty for what is the same, and for a step that only one of the runs has. */
  readonly in: readonly DifferencePlace[]
}

/** `kinds` once each; `rows`: for each line the number of its kind, then the steps of A and B, 0 for none. */
export interface PackedPairs {
  readonly kinds: readonly Pick<ComparedStep, 'state' | 'cause' | 'in'>[]
  readonly rows: readonly number[]
}

/** A sentence of the summary. */
export interface SummaryLine extends Sentence {
  /** The line of the timeline that it speaks of, from 0; null: of none, or of what the runs started with. */
  readonly row: number | null
  /** It speaks of what the runs started with. */
  readonly start: boolean
}

export interface RunComparison {
  readonly outcomes: readonly [Outcome | null, Outcome | null]
  /** At most five; what decided comes first. */
  readonly summary: readonly SummaryLine[]
  readonly pairs: PackedPairs
  /** What differs of the data that the runs started with: `input` as it came, `output` as the first node got it. */
  readonly start: readonly DifferencePlace[]
  /** The line where the runs took different ways, or what explains the different outcome; null where nothing differs. */
  readonly deciding: number | null
  /** Nodes of A and of B that are the same node under other numbers. */
  readonly renumbered: readonly (readonly [a: number, b: number])[]
  /** What is not compared, in words. */
  readonly leftOut: readonly string[]
}

/** What one line of the timeline differs in, to be looked at. */
export interface StepDifferences {
  readonly parts: readonly { readonly in: DifferencePlace; readonly changes: ValueChanges }[]
  /** Why each side came out as it did; null where there is nothing to tell. */
  readonly reasons: readonly [StepReason | null, StepReason | null]
  /** Why it differs. */
  readonly because: Sentence | null
}

/** A line of the timeline as `retrace diff --json` prints it. */
export interface DiffStep {
  readonly state: PairState
  readonly a: number | null
  readonly b: number | null
  readonly nodeId: number | null
  /** Which of the background jobs, from 1 in the order of their first steps; null for the run itself. */
  readonly job: number | null
  /** How often the node was executed in this job up to here, from 1. */
  readonly visit: number
  readonly cause: DifferenceCause | null
  readonly differences: readonly DiffPart[]
}

export interface DiffPart {
  readonly in: DifferencePlace
  /** Keys with dots between them. */
  readonly path: string
  readonly op: 'added' | 'removed' | 'changed'
  readonly before: Json
  readonly after: Json
}

export function packPairs(steps: readonly ComparedStep[]): PackedPairs {
  const numbers = new Map<string, number>()
  const kinds: PackedPairs['kinds'][number][] = []
  const rows: number[] = []
  for (const { state, a, b, cause, in: places } of steps) {
    const key = `${state} ${cause} ${places.join()}`
    let kind = numbers.get(key)
    if (kind === undefined) {
      kind = kinds.push({ state, cause, in: places }) - 1
      numbers.set(key, kind)
    }
    rows.push(kind, a ?? 0, b ?? 0)
  }
  return { kinds, rows }
}

export function unpackPairs({ kinds, rows }: PackedPairs): ComparedStep[] {
  const steps: ComparedStep[] = []
  for (let i = 0; i < rows.length; i += 3)
    steps.push({ ...kinds[rows[i] as number]!, a: rows[i + 1] || null, b: rows[i + 2] || null })
  return steps
}

// The lines of a comparison as its views show them. Line 0 is what the runs started with, line 1 the first step.
import type { ComparedStep, RunComparison } from '../../../contract/comparison.ts'
import { unpackPairs } from '../../../contract/comparison.ts'
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import { navigate } from '../../stores/router.ts'

export interface Lines {
  readonly a: RunDetail
  readonly b: RunDetail
  readonly comparison: RunComparison
  readonly rows: readonly ComparedStep[]
  /** Numbers of the lines that differ, ascending. */
  readonly differing: readonly number[]
}

export function linesOf(a: RunDetail, b: RunDetail, comparison: RunComparison): Lines {
  const rows = unpackPairs(comparison.pairs)
  const differing = rows.flatMap(({ state }, i) => (state === 'same' ? [] : [i + 1]))
  return { a, b, comparison, rows, differing: comparison.start.length > 0 ? [0, ...differing] : differing }
}

export const stepsOf = ({ a, b, rows }: Lines, line: number): readonly [RunStep | undefined, RunStep | undefined] => {
  const row = rows[line - 1]
  return [row?.a ? a.steps[row.a - 1] : undefined, row?.b ? b.steps[row.b - 1] : undefined]
}

/** The steps of a line; null where a run has none. */
export interface Steps {
  readonly a: number | null
  readonly b: number | null
}

/** The line of both steps, else of one of them; null where there is none. */
export function lineWith({ rows }: Lines, wanted: Steps | null): number | null {
  if (wanted === null) return null
  if (wanted.a === null && wanted.b === null) return 0
  const has = (step: number | null, own: number | null) => step !== null && own === step
  const of = (test: (row: ComparedStep) => boolean) => rows.findIndex(test) + 1 || null
  return (
    of((row) => row.a === wanted.a && row.b === wanted.b) ?? of((row) => has(wanted.a, row.a) || has(wanted.b, row.b))
  )
}

/** How a line is told: by its state, and for what differs by where that comes from. */
export type LineState = ComparedStep['state'] | 'before'

export const stateOf = ({ rows, comparison }: Lines, line: number): LineState => {
  if (line === 0) return comparison.start.length > 0 ? 'different' : 'same'
  const row = rows[line - 1]
  if (!row) return 'same'
  return row.state === 'different' && row.cause === 'before' ? 'before' : row.state
}

export const placeNames = {
  input: 'Input',
  output: 'Output',
  parameters: 'Parameters',
  errors: 'Errors',
  effects: 'Effects',
  world: 'Database changes',
  result: 'Result'
} as const

/** The line that is looked at first: where the runs took different ways, else where the first difference is. */
export const firstLine = ({ comparison, differing }: Lines): number =>
  comparison.deciding === null ? (differing[0] ?? 0) : comparison.deciding + 1

export const goToLine = (a: string, b: string, line: number): void =>
  navigate(['runs', a, 'line', line], { with: b }, true)

/** The next difference behind a line (`by` 1) or before it (-1); null where there is none. */
export function nextDifference(differing: readonly number[], line: number, by: 1 | -1): number | null {
  const found = by > 0 ? differing.find((one) => one > line) : differing.findLast((one) => one < line)
  return found ?? null
}

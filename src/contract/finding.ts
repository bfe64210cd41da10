// Searching runs: what is asked, and the places that are found.
import { z } from 'zod'
import { anyJson } from './any-json.ts'
import type { Json } from './json.ts'
import type { RunSummary } from './run-views.ts'
import type { ValuePath } from './values.ts'

/** MISP's conditions, as its modules name them. */
export const findOperators = [
  'any_value',
  'equals',
  'not_equals',
  'in',
  'not_in',
  'in_or',
  'in_and',
  'not_in_or',
  'not_in_and'
] as const
export type FindOperator = (typeof findOperators)[number]

const ignoreCase = z.boolean().default(false)

export const findQuestion = z.union([
  /** Stands in a text, a number, true or false of the run. */
  z.strictObject({ text: z.string().min(1).max(1000), ignoreCase }),
  /** Stands in a key of a map. */
  z.strictObject({ key: z.string().min(1).max(1000), ignoreCase }),
  /** What the path finds fulfils the condition; without one it finds anything. */
  z.strictObject({
    path: z.string().min(1).max(10_000),
    operator: z.enum(findOperators).default('any_value'),
    value: anyJson.default('')
  })
])
export type FindQuestion = z.output<typeof findQuestion>

/** What of a step is searched. */
export type HitPart = 'normalized' | 'original' | 'input' | 'output' | 'params' | 'errors' | 'effects'

/** The first place of a run where it appears. */
export interface RunHit {
  readonly runId: string
  /** 0: the run's input. */
  readonly step: number
  /** The node that brought it in; null: it came with the input, or no node did. */
  readonly nodeId: number | null
  /** What that step's node is called; null for the input. */
  readonly name: string | null
  readonly which: HitPart
  readonly path: ValuePath
  /** Cut short above 20,000 characters. */
  readonly value: Json
  readonly preview: string
}

export interface RunHits {
  /** Newest run first. */
  readonly hits: readonly RunHit[]
  /** The run of each hit. */
  readonly runs: readonly RunSummary[]
  /** Pass it to go on; null when all runs were searched. */
  readonly cursor: string | null
  /** Runs that this page is about, and how many of them had to be read. */
  readonly searched: number
  readonly read: number
  /** Runs that could not be read, and why. */
  readonly unread: readonly { readonly runId: string; readonly why: string }[]
}

/** How a place is written: the hash path in the data, and what of the step it is in anything else. */
export function hitPath({ which, path }: Pick<RunHit, 'which' | 'path'>): string {
  const text = path.join('.')
  if (which === 'output' || which === 'normalized' || which === 'input') return text
  const name = which === 'params' ? 'parameters' : which
  return text === '' ? name : `${name}.${text}`
}

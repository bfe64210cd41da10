// Modules that were executed alone in this session, newest first. Their values stay in the host under the run id of each.
import { createStore } from 'zustand/vanilla'
import type { JsonMap } from '../../contract/json.ts'
import type { ModuleExecution } from '../../contract/run-views.ts'
import type { Chosen } from './chosen.ts'
import type { Failure } from '../../contract/wire.ts'

export interface Attempt {
  readonly id: number
  readonly moduleId: string
  readonly at: string
  readonly params: JsonMap
  readonly filters: JsonMap
  readonly chosen: Chosen
  readonly convert: boolean
  /** How a person names the input. */
  readonly input: string
  /** Milliseconds from click to answer. */
  readonly took: number
  readonly execution: ModuleExecution | null
  readonly failure: Failure | null
}

const kept = 50
let next = 0

export const attempts = createStore<{ readonly all: readonly Attempt[] }>(() => ({ all: [] }))

export function addAttempt(attempt: Omit<Attempt, 'id'>): number {
  const id = ++next
  attempts.setState(({ all }) => ({ all: [{ ...attempt, id }, ...all].slice(0, kept) }))
  return id
}

// Where a link leads in a run: a step, the tab of its inspector, and a value in it.
import { createStore } from 'zustand/vanilla'
import type { ValuePath } from '../../contract/values.ts'

interface Jump {
  readonly runId: string
  readonly step: number
  readonly tab: string
  readonly path: ValuePath | null
}

/** The last one; the inspector that shows its step takes it once. */
export const jumps = createStore<{ readonly jump: Jump | null }>(() => ({ jump: null }))

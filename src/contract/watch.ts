// Hash paths that are followed through a run, as columns of its timeline.
import { z } from 'zod'
import type { ValuePath } from './values.ts'

/** Of one workflow. */
export const mostWatches = 20

export const watchPaths = z.array(z.string().min(1).max(1000)).max(mostWatches)

/** What a path finds in the data after a step. */
export interface WatchCell {
  /** Values that it finds; counted up to 10,000. */
  readonly count: number
  /** In one line; empty where it finds nothing. */
  readonly preview: string
  /** It is another one than before the step. */
  readonly changed: boolean
  /** Where the first one stands. */
  readonly path: ValuePath | null
}

export interface WatchRow {
  /** 0: what the run started with. */
  readonly step: number
  /** One for each path. */
  readonly cells: readonly WatchCell[]
}

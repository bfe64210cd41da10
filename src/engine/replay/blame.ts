// Who wrote a value: the step after which it became what it is, going back from a given step.
import type { Json } from '../../contract/json.ts'
import type { DiffPath } from './diff.ts'
import { isSame, valueAt } from './diff.ts'
import type { ReplayState, Step } from './fold.ts'

export interface Blame {
  /** The step that wrote the value; null: it came with the run's data (normalisation included). */
  readonly step: Step | null
  readonly before: Json | undefined
  readonly after: Json | undefined
}

/** Steps of one walk in order: those of a run outside of jobs, or those of one job. */
export const stepsOfWalk = (state: ReplayState, runId: string, job?: string): readonly Step[] =>
  state.steps.filter((step) => step.runId === runId && step.job === job)

/**
 * Who wrote what stands at `path` in the roaming data after `upTo` (position in `steps`; the last by default).
 * @param steps the steps of one walk
 */
export function blame(steps: readonly Step[], path: DiffPath, upTo = steps.length - 1): Blame {
  const after = valueAt(steps[upTo]?.after ?? steps[upTo]?.before, path)
  for (let i = upTo; i >= 0; i--) {
    const step = steps[i]
    if (step?.after === undefined || step.after === step.before) continue
    const before = valueAt(step.before, path)
    if (!isSame(before, valueAt(step.after, path))) return { step, before, after }
  }
  return { step: null, before: undefined, after }
}

/** Every step of a walk that changed what stands at `path`. */
export const history = (steps: readonly Step[], path: DiffPath): readonly Step[] =>
  steps.filter((step) => step.after !== undefined && !isSame(valueAt(step.before, path), valueAt(step.after, path)))

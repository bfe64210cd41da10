// Who wrote a value: the step after which it became what it is, going back from a given step.
import type { Json } from '../../contract/json.ts'
import type { RunStep } from '../../contract/run-views.ts'
import type { DiffPath } from './diff.ts'
import { isSame, valueAt } from './diff.ts'
import type { RunFold, StepData } from './fold.ts'

/** A step with the roaming data before and after it. */
export interface WalkStep extends Pick<StepData, 'input' | 'output'> {
  readonly step: RunStep
}

export interface Blame {
  /** The step that wrote the value; null: it came with the run's data (normalisation included). */
  readonly step: RunStep | null
  readonly before: Json | undefined
  readonly after: Json | undefined
}

/** Steps of one walk in order: those outside of jobs, or those of one job. */
export const stepsOfWalk = ({ steps, data }: RunFold, job: string | null = null): readonly WalkStep[] =>
  steps.flatMap((step, i) => {
    const own = data[i]
    return step.job === job && own !== undefined ? [{ step, input: own.input, output: own.output }] : []
  })

/**
 * Who wrote what stands at `path` in the roaming data after `upTo` (position in `steps`; the last by default).
 * @param steps the steps of one walk
 */
export function blame(steps: readonly WalkStep[], path: DiffPath, upTo = steps.length - 1): Blame {
  const after = valueAt(steps[upTo]?.output, path)
  for (let i = upTo; i >= 0; i--) {
    const { step, input, output } = steps[i]!
    if (output === input) continue
    const before = valueAt(input, path)
    if (!isSame(before, valueAt(output, path))) return { step, before, after }
  }
  return { step: null, before: undefined, after }
}

/** Every step of a walk that changed what stands at `path`. */
export const history = (steps: readonly WalkStep[], path: DiffPath): readonly RunStep[] =>
  steps.filter(({ input, output }) => !isSame(valueAt(input, path), valueAt(output, path))).map(({ step }) => step)

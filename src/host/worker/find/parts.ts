// What of a run is searched: its data, and of each step the parameters, errors, requests and answers as people see them. What is masked
// there is not in it, so a secret is never found. Index and search read the same.
import type { Json } from '../../../contract/json.ts'
import type { HitPart } from '../../../contract/finding.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import type { OpenRun } from '../runs/open-run.ts'
import { maskErrors, maskStepValue } from '../mask/value.ts'
import { maskRunEffect } from '../effects/show.ts'

export interface Part {
  readonly step: number
  readonly nodeId: number | null
  readonly which: HitPart
  readonly value: Json
}

const dataParts: readonly HitPart[] = ['normalized', 'original', 'input', 'output']
export const isData = ({ which }: Part): boolean => dataParts.includes(which)

/** In the order of the run. Most of what one holds stands in the one before, as the very same lists and maps. */
export function* partsOf({ fold }: OpenRun): Generator<Part> {
  const { normalized, original } = fold
  const input = { step: 0, nodeId: null }
  if (normalized !== undefined) yield { ...input, which: 'normalized', value: normalized }
  if (original !== undefined) yield { ...input, which: 'original', value: original }
  for (const [i, data] of fold.data.entries()) {
    const { step, nodeId, message } = fold.steps[i] ?? { step: i + 1, nodeId: null, message: null }
    const of = (which: HitPart, value: Json | undefined, by: number | null = nodeId): Part[] =>
      value === undefined || value === null ? [] : [{ step, nodeId: by, which, value }]
    // Edited by hand before the node, or behind a missing post: no node did that.
    yield* of('input', data.input, null)
    yield* of('output', data.output)
    yield* of('params', maskStepValue('params', data.params, data))
    yield* of('errors', maskStepValue('errors', data.errors, data))
    if (message !== null) yield* of('errors', [maskErrors(message, data.params, data.effects)])
    if (data.effects.length > 0) yield* of('effects', data.effects.map(asSearched))
  }
}

/** A template goes with all of the data. */
function asSearched(told: RunEffect): Json {
  const { effect, answer } = maskRunEffect(told)
  if (effect.kind !== 'template') return { effect, answer } as unknown as Json
  const { data: _data, ...rest } = effect
  return { effect: rest, answer } as unknown as Json
}

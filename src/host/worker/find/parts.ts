// What of a run is searched: its data, and of each step the parameters, errors, requests and answers as people see them. What is masked
// there is not in it, nor what repeats it at another step, so a secret is never found. Index and search read the same.
import type { Json } from '../../../contract/json.ts'
import type { HitPart } from '../../../contract/finding.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import { SecretTexts } from '../../../contract/secret-texts.ts'
import { hideTexts, secretsOfParams } from '../../../contract/secrets.ts'
import { isMap } from '../../../engine/php/values.ts'
import type { RunFold } from '../../../engine/replay/fold.ts'
import type { OpenRun } from '../runs/open-run.ts'
import { maskStepValue } from '../mask/value.ts'
import { maskRunEffect, secretsOfEffect } from '../effects/show.ts'

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
  const secrets = secretsOf(fold)
  const hide = (value: Json | undefined): Json => hideTexts(value ?? null, secrets)
  for (const [i, data] of fold.data.entries()) {
    const { step, nodeId, message } = fold.steps[i] ?? { step: i + 1, nodeId: null, message: null }
    const of = (which: HitPart, value: Json | undefined, by: number | null = nodeId): Part[] =>
      value === undefined || value === null ? [] : [{ step, nodeId: by, which, value }]
    // Edited by hand before the node, or behind a missing post: no node did that.
    yield* of('input', data.input, null)
    yield* of('output', data.output)
    yield* of('params', hide(maskStepValue('params', data.params)))
    yield* of('errors', hide(data.errors))
    if (message !== null) yield* of('errors', [hide(message)])
    if (data.effects.length > 0) yield* of('effects', hide(data.effects.map(asSearched)))
  }
}

const secretsOf = ({ data }: RunFold): SecretTexts =>
  new SecretTexts(
    data.flatMap(({ params, effects }) => [
      ...(isMap(params) ? secretsOfParams(params) : []),
      ...effects.flatMap(({ effect }) => secretsOfEffect(effect))
    ])
  )

/** A template goes with all of the data. */
function asSearched(told: RunEffect): Json {
  const { effect, answer } = maskRunEffect(told)
  if (effect.kind !== 'template') return { effect, answer } as unknown as Json
  const { data: _data, ...rest } = effect
  return { effect: rest, answer } as unknown as Json
}

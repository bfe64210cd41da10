// What something is run with besides its data: options, policies of effects, a mock set.
import type { EffectOptions } from '../../../contract/effects.ts'
import type { JsonMap } from '../../../contract/json.ts'
import type { Choices } from './policies.tsx'
import { emptyOptions, textsOf } from './run-options.tsx'
import type { OptionTexts } from './run-options.tsx'

export interface RunWith {
  readonly options: OptionTexts
  readonly effects: Choices
  /** Undefined: nobody chose. */
  readonly chosenSet?: string | null
}

/** What a form starts with: as the run that is repeated had it. */
export function runWith(before: JsonMap | undefined, mocksAsked: string | null): RunWith {
  const { confirm: _confirm, ...effects } = (before?.['effects'] ?? {}) as EffectOptions
  const own = before?.['mockSet']
  const chosenSet = mocksAsked ?? (typeof own === 'string' ? own : null)
  return { options: before ? textsOf(before) : emptyOptions, effects, ...(chosenSet === null ? {} : { chosenSet }) }
}

// What a run is run with besides its data: options, policies of effects, a mock set.
import { useMemo } from 'react'
import type { EffectOptions } from '../../../contract/effects.ts'
import type { JsonMap } from '../../../contract/json.ts'
import type { Choices } from '../../components/run-with/policies.tsx'
import { emptyOptions, textsOf } from '../../components/run-with/run-options.tsx'
import type { OptionTexts } from '../../components/run-with/run-options.tsx'
import { useDraft } from '../../hooks/use-draft.ts'

interface RunWith {
  readonly options: OptionTexts
  readonly effects: Choices
  /** Undefined: nobody chose. */
  readonly chosenSet?: string | null
}

/** What the form starts with: as the run that is repeated had it. */
function runWith(before: JsonMap | undefined, mocksAsked: string | null): RunWith {
  const { confirm: _confirm, ...effects } = (before?.['effects'] ?? {}) as EffectOptions
  const own = before?.['mockSet']
  const chosenSet = mocksAsked ?? (typeof own === 'string' ? own : null)
  return { options: before ? textsOf(before) : emptyOptions, effects, ...(chosenSet === null ? {} : { chosenSet }) }
}

/** `before`: the options of the run that is repeated. */
export function useRunWith(query: ReadonlyMap<string, string>, before: JsonMap | undefined) {
  const mocksAsked = query.get('mocks') ?? null
  const startWith = useMemo(() => runWith(before, mocksAsked), [before, mocksAsked])
  const key = `run-with/${query.get('again') ?? query.get('workflow') ?? ''}/${mocksAsked ?? ''}`
  const [value, set, draft] = useDraft(key, startWith)
  return { ...value, set: (change: Partial<RunWith>) => set((now) => ({ ...now, ...change })), draft }
}

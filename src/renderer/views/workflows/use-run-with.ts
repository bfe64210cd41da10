import { useMemo } from 'react'
import type { JsonMap } from '../../../contract/json.ts'
import { runWith } from '../../components/run-with/run-with.ts'
import type { RunWith } from '../../components/run-with/run-with.ts'
import { useDraft } from '../../hooks/use-draft.ts'

/** `before`: the options of the run that is repeated. */
export function useRunWith(query: ReadonlyMap<string, string>, before: JsonMap | undefined) {
  const mocksAsked = query.get('mocks') ?? null
  const startWith = useMemo(() => runWith(before, mocksAsked), [before, mocksAsked])
  const key = `run-with/${query.get('again') ?? query.get('workflow') ?? ''}/${mocksAsked ?? ''}`
  const [value, set, draft] = useDraft(key, startWith)
  return { ...value, set: (change: Partial<RunWith>) => set((now) => ({ ...now, ...change })), draft }
}

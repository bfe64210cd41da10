import { useMemo } from 'react'
import type { StepValue } from '../../contract/operations.ts'
import type { ValuePath } from '../../contract/values.ts'
import { client } from '../client/client.ts'
import type { ValueSource } from '../components/json-tree/value-source.ts'

const roaming: ReadonlySet<StepValue> = new Set(['original', 'normalized', 'input', 'output', 'view'])

/** One value of a step, asked for page by page. */
const stepSource = (runId: string, step: number, which: StepValue, unmasked = false): ValueSource => ({
  key: `${runId}/${step}/${which}${unmasked ? '/unmasked' : ''}`,
  // The roaming data looks alike before and after every step.
  kind: `${runId}/${roaming.has(which) ? 'roaming' : which}`,
  load: (path: ValuePath, offset, limit) =>
    client.call('run.value', { runId, step, which, unmasked, path: [...path], offset, limit }),
  search: (query, mode, cursor) => client.call('run.search', { runId, step, which, unmasked, query, in: mode, cursor }),
  text: (path) => client.call('run.text', { runId, step, which, unmasked, path: [...path] })
})

export const useStepSource = (runId: string, step: number, which: StepValue, unmasked = false): ValueSource =>
  useMemo(() => stepSource(runId, step, which, unmasked), [runId, step, which, unmasked])

// The run that another one is compared with: chosen in a dialog, or the one that it came out of, or the last one of its workflow.
import { createStore } from 'zustand/vanilla'
import type { RunSummary } from '../../contract/run-views.ts'
import { client } from '../client/client.ts'
import { navigate } from './router.ts'

/** The run that is compared, while a person chooses the other one. */
export const otherRun = createStore<{ readonly of: RunSummary | null }>(() => ({ of: null }))

export const chooseOther = (of: RunSummary): void => otherRun.setState({ of })
export const closeOther = (): void => otherRun.setState({ of: null })

/** The older one is A where it is known: what came later is compared with it. */
export function compareRuns(
  run: Pick<RunSummary, 'id' | 'startedAt'>,
  other: Pick<RunSummary, 'id' | 'startedAt'>
): void {
  const [a, b] = other.startedAt <= run.startedAt ? [other.id, run.id] : [run.id, other.id]
  navigate(['runs', a], { with: b })
}

const most = 60

/** Runs that it can be compared with: those of its workflow first, newest first. */
export async function othersOf(run: RunSummary, search: string): Promise<readonly RunSummary[]> {
  const same = run.workflowName === null ? {} : { workflow: [run.workflowName] }
  const asked = [
    ...(search === '' ? [client.call('runs.list', { filter: same, search, limit: most })] : []),
    client.call('runs.list', { search, limit: most })
  ]
  const answers = await Promise.all(asked)
  const found = new Map<string, RunSummary>()
  for (const answer of answers)
    if (answer.ok) for (const one of answer.data.runs) if (one.id !== run.id) found.set(one.id, one)
  return [...found.values()].slice(0, most)
}

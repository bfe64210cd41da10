// Runs in another order than newest first.
import type { RunSorting, RunSummary } from '../../contract/run-views.ts'
import type { RunPage } from '../../contract/workspace.ts'
import { ordered, pageOfOrdered } from './ordered-page.ts'
import type { Key, Ordering } from './ordered-page.ts'
import { dayOf } from '../../contract/verify.ts'
import { verdictOf, workflowOf } from './run-facets.ts'

export interface RunOrder {
  readonly by: RunSorting
  readonly down: boolean
}

const keys: Record<RunSorting, (run: RunSummary) => Key> = {
  started: (run) => run.startedAt,
  outcome: (run) => run.outcome ?? run.state,
  trigger: (run) => run.trigger,
  workflow: (run) => workflowOf(run).toLowerCase() || null,
  name: (run) => run.name?.toLowerCase() || null,
  event: (run) => run.event?.info.toLowerCase() || null,
  steps: (run) => run.steps,
  time: (run) => run.durationMs,
  errors: (run) => run.errors,
  size: (run) => run.size,
  origin: (run) => run.origin,
  verdict: (run) => verdictRank(run)
}

/** What asks for a look first; runs without a verdict, and those that MISP did not post, last. */
function verdictRank(run: RunSummary): Key {
  const at = ['different', 'cannot tell', 'equal'].indexOf(verdictOf(run, dayOf(new Date())) ?? '')
  return at < 0 ? null : at
}

const orderingBy = (by: RunSorting): Ordering<RunSummary> => ({
  ...{ key: keys[by], at: ({ startedAt }) => startedAt, id: ({ id }) => id }
})

export const sortedRuns = (runs: readonly RunSummary[], { by, down }: RunOrder): readonly RunSummary[] =>
  ordered(runs, orderingBy(by), down)

/** Of runs in that order. Throws PARAMS_INVALID for a cursor that is none of this list. */
export function sortedPage(
  runs: readonly RunSummary[],
  { by, down }: RunOrder,
  cursor: string | null,
  limit: number
): RunPage {
  const found = pageOfOrdered(runs, orderingBy(by), { down, cursor, limit })
  return { runs: found.page, cursor: found.cursor, total: runs.length }
}

// What the runs of a workspace can be narrowed to.
import type { RunFacet, RunFacets, RunSummary } from '../../contract/run-views.ts'
import { dayOf, stillStands, type ListedVerdict } from '../../contract/verify.ts'

/** People know a workflow by its name; ids are those of whatever MISP it came from. */
export const workflowOf = ({ workflowName, workflowId }: RunSummary): string => workflowName || workflowId || ''

/** Null for a run that MISP did not post. */
export function verdictOf({ origin, verified }: RunSummary, today: string): ListedVerdict | null {
  if (origin !== 'captured') return null
  return verified !== undefined && stillStands(verified, today) ? verified.verdict : 'not verified'
}

/** Values that runs have, each with the number of runs; runs in the bin do not count. */
export function countFacets(runs: Iterable<RunSummary>): RunFacets {
  const trigger = new Map<string, RunFacet>()
  const workflow = new Map<string, RunFacet>()
  const source = new Map<string, RunFacet>()
  const verdict = new Map<string, RunFacet>()
  const today = dayOf(new Date())
  const count = (into: Map<string, RunFacet>, value: string | null): void => {
    if (!value) return
    into.set(value, { value, runs: (into.get(value)?.runs ?? 0) + 1 })
  }
  for (const run of runs) {
    if (run.deletedAt !== null) continue
    count(trigger, run.trigger)
    count(workflow, workflowOf(run))
    count(source, run.source)
    count(verdict, verdictOf(run, today))
  }
  const sorted = (facets: Map<string, RunFacet>) => [...facets.values()].sort((a, b) => b.runs - a.runs)
  return { trigger: sorted(trigger), workflow: sorted(workflow), source: sorted(source), verdict: sorted(verdict) }
}

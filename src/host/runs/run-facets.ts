// What the runs of a workspace can be narrowed to.
import type { RunFacet, RunFacets, RunSummary } from '../../contract/run-views.ts'

/** Values that runs have, each with the number of runs; runs in the bin do not count. */
export function countFacets(runs: Iterable<RunSummary>): RunFacets {
  const trigger = new Map<string, RunFacet>()
  const workflow = new Map<string, RunFacet>()
  const source = new Map<string, RunFacet>()
  const count = (into: Map<string, RunFacet>, value: string | null, label: string | null): void => {
    if (!value) return
    const was = into.get(value)
    into.set(value, { value, label: label ?? was?.label ?? value, runs: (was?.runs ?? 0) + 1 })
  }
  for (const run of runs) {
    if (run.deletedAt !== null) continue
    count(trigger, run.trigger, null)
    count(workflow, run.workflowId, run.workflowName)
    count(source, run.source, null)
  }
  const sorted = (facets: Map<string, RunFacet>) => [...facets.values()].sort((a, b) => b.runs - a.runs)
  return { trigger: sorted(trigger), workflow: sorted(workflow), source: sorted(source) }
}

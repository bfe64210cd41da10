// Which runs a list shows, and the trees that they form.
import type { RunFilter } from '../../contract/operations.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import { dayOf } from '../../contract/verify.ts'
import { verdictOf, workflowOf } from './run-facets.ts'

export function buildMatcher(
  filter: RunFilter,
  search: string,
  textOf: (run: RunSummary) => string
): (run: RunSummary) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const sets = {
    origin: filter.origin && new Set<string>(filter.origin),
    outcome: filter.outcome && new Set<string>(filter.outcome),
    trigger: filter.trigger && new Set(filter.trigger),
    workflow: filter.workflow && new Set(filter.workflow),
    source: filter.source && new Set(filter.source),
    verdict: filter.verdict && new Set<string>(filter.verdict)
  }
  const today = dayOf(new Date())
  return (run) =>
    (run.deletedAt !== null) === (filter.deleted ?? false) &&
    (filter.pinned === undefined || run.pinned === filter.pinned) &&
    (filter.parent === undefined || run.parent?.runId === filter.parent) &&
    (!sets.origin || sets.origin.has(run.origin)) &&
    (!sets.outcome || sets.outcome.has(run.outcome ?? 'running')) &&
    (!sets.trigger || sets.trigger.has(run.trigger)) &&
    (!sets.workflow || sets.workflow.has(workflowOf(run))) &&
    (!sets.verdict || sets.verdict.has(verdictOf(run, today) ?? '')) &&
    (!sets.source || sets.source.has(run.source ?? '')) &&
    (filter.module === undefined || run.words.split(' ').includes(filter.module)) &&
    words.every((word) => textOf(run).includes(word))
}

/** The tops of the trees that matching runs are in. A parent that is gone or in the bin does not count. */
export function rootsOf(
  runs: readonly RunSummary[],
  matches: (run: RunSummary) => boolean,
  byId: ReadonlyMap<string, RunSummary>
): ReadonlySet<RunSummary> {
  const roots = new Set<RunSummary>()
  /** Tops that were found: a long chain is gone up once. */
  const tops = new Map<RunSummary, RunSummary>()
  for (const run of runs) {
    if (!matches(run)) continue
    const way = new Set<RunSummary>()
    let top = run
    while (!tops.has(top)) {
      way.add(top)
      const parent = top.parent ? byId.get(top.parent.runId) : undefined
      // A circle of parents cannot come from us, but from a file by hand.
      if (!parent || way.has(parent) || (parent.deletedAt !== null && run.deletedAt === null)) break
      top = parent
    }
    top = tops.get(top) ?? top
    for (const one of way) tops.set(one, top)
    roots.add(top)
  }
  return roots
}

/** How many runs came directly out of each; those with none are left out. */
export function countChildren(runs: readonly RunSummary[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { parent, deletedAt } of runs)
    if (parent && deletedAt === null) counts.set(parent.runId, (counts.get(parent.runId) ?? 0) + 1)
  return counts
}

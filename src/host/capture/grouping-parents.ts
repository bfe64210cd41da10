// Nested runs: a node of one run makes MISP run another workflow before the node is done, so all posts of the nested run
// lie between two consecutive posts of its parent, the later of which is the firing node's.
import type { GroupedRun } from './grouping.ts'
import { idsDiffer, idsShared } from './grouping-score.ts'
import { firingInside } from './module-facts.ts'
import type { PostSummary } from './post-parse.ts'

export interface ParentLink {
  readonly runId: number
  /** The node that fired; empty when its post never came. */
  readonly nodeId: string
  readonly confidence: number
}

/** A gap between two posts of a run in which a node was executing. */
interface Gap {
  readonly run: GroupedRun
  readonly from: PostSummary
  readonly to: PostSummary | null
  /** End of the last nested run that was put here: a parent runs one at a time. */
  busyUntil: number
}

/** Parents of runs by run id. Runs that stand alone are absent. */
export function findParents(runs: readonly GroupedRun[]): Map<number, ParentLink> {
  const links = new Map<number, ParentLink>()
  for (const [trigger, modules] of firingInside) {
    const nested = runs.filter((run) => run.trigger === trigger && run.init !== null)
    if (nested.length === 0) continue
    const gaps = collectGaps(runs, modules, nested)
    nested.sort((a, b) => a.id - b.id)
    let begun = 0
    let open: Gap[] = []
    for (const run of nested) {
      while (begun < gaps.length && gaps[begun]!.from.seq < run.id) open.push(gaps[begun++]!)
      open = open.filter((gap) => gap.to === null || gap.to.seq > run.id)
      const link = chooseGap(run, open)
      if (link !== null) links.set(run.id, link)
    }
  }
  return links
}

function collectGaps(runs: readonly GroupedRun[], modules: ReadonlySet<string>, nested: readonly GroupedRun[]): Gap[] {
  const last = nested.reduce((max, run) => Math.max(max, run.id), 0)
  const gaps: Gap[] = []
  for (const run of runs) {
    const byJob = new Map<number, PostSummary>()
    for (const { post, job } of run.posts) {
      const from = byJob.get(job)
      byJob.set(job, post)
      if (from !== undefined && post.kind === 'exec' && modules.has(post.moduleId))
        gaps.push({ run, from, to: post, busyUntil: 0 })
    }
    // A run that a PHP Error ended inside the firing node: nothing follows its last post.
    const at = byJob.get(0)
    if (run.end === null && at !== undefined && at.seq < last && run.init !== null)
      gaps.push({ run, from: at, to: null, busyUntil: 0 })
  }
  return gaps.sort((a, b) => a.from.seq - b.from.seq)
}

const maxOrphanSeconds = 600

function chooseGap(nested: GroupedRun, open: readonly Gap[]): ParentLink | null {
  const first = nested.posts[0]!.post
  const end = nested.posts.at(-1)!.post
  const fits = open.filter((gap) => {
    if (
      gap.run.id === nested.id ||
      gap.run.source !== nested.source ||
      gap.from.from !== first.from ||
      gap.busyUntil > first.seq
    )
      return false
    if (gap.to !== null && gap.to.seq < end.seq) return false
    if (gap.to === null && (first.at - gap.from.at) / 1000 > maxOrphanSeconds) return false
    const before = gap.from.data
    return before === null || first.data === null || !idsDiffer(before, first.data)
  })
  if (fits.length === 0) return null
  const rank = (gap: Gap): number =>
    (gap.to === null ? 0 : 4) +
    (gap.from.data !== null && first.data !== null && idsShared(gap.from.data, first.data) ? 2 : 0)
  // The gap that began last is the innermost one.
  const best = fits.reduce((a, b) => (rank(b) > rank(a) || (rank(b) === rank(a) && b.from.seq > a.from.seq) ? b : a))
  best.busyUntil = end.seq
  const rivals = fits.filter((gap) => rank(gap) === rank(best)).length
  return {
    runId: best.run.id,
    nodeId: best.to?.nodeId ?? '',
    confidence: Math.round((rank(best) >= 4 ? 100 : 60) / rivals) / 100
  }
}

// Nested runs: a node of one run makes MISP run another workflow before the node is done, so all posts of the nested run
// lie between two consecutive posts of its parent, the later of which is the firing node's.
import { isAdHocId } from '../../../engine/modules/ad-hoc/definition.ts'
import { firersOf } from '../understand/module-facts.ts'
import type { PostSummary } from '../understand/post-parse.ts'
import { idsDiffer } from './data-score.ts'
import type { GroupedRun } from './grouping.ts'

export interface ParentLink {
  readonly runId: number
  /** The node that fired; empty when its post never came; `sameStart`: no node, another event of one start by hand. */
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

/**
 * Parents of runs by run id. Runs that stand alone are absent. `children`: those of which a parent is sought, when it is not all.
 */
export function findParents(
  runs: readonly GroupedRun[],
  children: readonly GroupedRun[] = runs
): Map<number, ParentLink> {
  const links = new Map<number, ParentLink>()
  for (const nested of byTrigger(children)) {
    const { trigger } = nested[0]!
    const modules = firersOf(trigger)
    if (modules === null) continue
    const gaps = collectGaps(runs, modules, nested)
    nested.sort((a, b) => a.id - b.id)
    let begun = 0
    const open = new OpenGaps()
    for (const run of nested) {
      while (begun < gaps.length && gaps[begun]!.from.seq < run.id) open.add(gaps[begun++]!)
      const link = begun === 0 ? null : chooseGap(run, open)
      if (link !== null) links.set(run.id, link)
    }
    if (isAdHocId(trigger)) linkStarts(nested, links)
  }
  return links
}

/** Runs with a beginning, by what fires them. */
function byTrigger(runs: readonly GroupedRun[]): Iterable<GroupedRun[]> {
  const found = new Map<string, GroupedRun[]>()
  for (const run of runs) {
    if (run.init === null) continue
    const known = found.get(run.trigger)
    if (known) known.push(run)
    else found.set(run.trigger, [run])
  }
  return found.values()
}

/** Instead of a node: the run is of the same start by hand as the one that it is linked to. */
export const sameStart = 'start'

/** MISP looks for the next event between two runs of one start. */
const betweenEventsMs = 3000

/**
 * One start by hand of an ad-hoc workflow is a complete run for each event, one right after the other: those after the first are linked to
 * it.
 * @param runs of one trigger, in the order of their first posts
 */
function linkStarts(runs: readonly GroupedRun[], links: Map<number, ParentLink>): void {
  const last = new Map<string, { readonly head: GroupedRun; readonly end: PostSummary }>()
  for (const run of runs) {
    if (links.has(run.id)) continue
    const first = run.posts[0]!.post
    const place = `${run.source}\n${first.from}`
    const before = last.get(place)
    const follows = before && first.seq > before.end.seq && first.at - before.end.at <= betweenEventsMs
    if (follows) links.set(run.id, { runId: before.head.id, nodeId: sameStart, confidence: 0.8 })
    if (run.end === null) last.delete(place)
    else last.set(place, { head: follows ? before.head : run, end: run.posts.at(-1)!.post })
  }
}

/** So many gaps are looked at, the newest first: one of more could only be guessed. */
const maxTried = 64
/** Kinds of ids by which gaps are found. */
const maxIds = 12

/** Gaps by where their posts come from and what they are about; each list in the order in which the gaps began. */
class OpenGaps {
  private readonly lists = new Map<string, Gap[]>()

  add(gap: Gap): void {
    const place = placeOf(gap.run.source, gap.from, gap.to !== null)
    this.into(place, gap)
    for (const id of idsOf(gap.from)) this.into(`${place}\n${id}`, gap)
  }

  private into(key: string, gap: Gap): void {
    const list = this.lists.get(key)
    if (list === undefined) this.lists.set(key, [gap])
    else list.push(gap)
  }

  /** The newest gaps that are open at a post; `related`: those about the same thing only. */
  newest(source: string, first: PostSummary, isEnded: boolean, related: boolean): Gap[] {
    const place = placeOf(source, first, isEnded)
    if (!this.lists.has(place)) return []
    if (!related) return this.take(place, first.seq)
    const found = new Set(idsOf(first).flatMap((id) => this.take(`${place}\n${id}`, first.seq)))
    return [...found].sort((a, b) => b.from.seq - a.from.seq).slice(0, maxTried)
  }

  /** What is met and over by then leaves the list. */
  private take(key: string, seq: number): Gap[] {
    const list = this.lists.get(key)
    if (list === undefined) return []
    const taken: Gap[] = []
    while (list.length > 0 && taken.length < maxTried) {
      const gap = list.pop()!
      if (gap.to === null || gap.to.seq > seq) taken.push(gap)
    }
    for (let i = taken.length - 1; i >= 0; i--) list.push(taken[i]!)
    return taken
  }
}

const placeOf = (source: string, { from }: PostSummary, isEnded: boolean): string =>
  `${isEnded ? 'a' : 'b'}\n${source}\n${from}`

const idsOf = ({ data }: PostSummary): string[] =>
  (data?.ids ?? []).slice(0, maxIds).map(([path, value]) => `${path}=${value}`)

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

function chooseGap(nested: GroupedRun, open: OpenGaps): ParentLink | null {
  const first = nested.posts[0]!.post
  const end = nested.posts.at(-1)!.post
  const isFit = (gap: Gap): boolean => {
    if (gap.run.id === nested.id || gap.busyUntil > first.seq) return false
    if (gap.to !== null && gap.to.seq < end.seq) return false
    if (gap.to === null && (first.at - gap.from.at) / 1000 > maxOrphanSeconds) return false
    const before = gap.from.data
    // An ad-hoc workflow searches its events itself: they may be others than that of the node which starts it.
    const mayBeOther = isAdHocId(nested.trigger) && gap.to !== null
    if (before === null || first.data === null || mayBeOther) return true
    return !idsDiffer(before, first.data)
  }
  for (const isEnded of [true, false])
    for (const related of [true, false]) {
      const fits = open.newest(nested.source, first, isEnded, related).filter(isFit)
      // The gap that began last is the innermost one.
      const [best] = fits
      if (best === undefined) continue
      best.busyUntil = end.seq
      return {
        runId: best.run.id,
        nodeId: best.to?.nodeId ?? '',
        confidence: Math.round((isEnded ? 100 : 60) / fits.length) / 100
      }
    }
  return null
}

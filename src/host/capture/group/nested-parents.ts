// Parents of nested runs while posts arrive: a nested run settles before its parent does, so it waits here.
import { runIdOf, type CapturedRun } from '../derive/captured-run.ts'
import { firersOf } from '../understand/module-facts.ts'
import type { GroupedRun } from './grouping.ts'
import { findParents, sameStart } from './parents.ts'

/** `[run, parent, node that fired it]`. */
export type ParentEntry = readonly [runId: string, parentId: string, nodeId: string]

const maxWaiting = 2000

/** Runs as grouping tells them. */
interface Told {
  readonly settled: readonly GroupedRun[]
  /** Those that changed. */
  readonly open: readonly GroupedRun[]
  /** Those that are open and did not change. */
  readonly resting: Iterable<GroupedRun>
}

const isNested = (run: GroupedRun): boolean => firersOf(run.trigger) !== null && run.init !== null

export class NestedParents {
  private waiting: GroupedRun[] = []

  /** Finds parents. Sets them in `changed`; answers links of runs that were known before (`runs`). */
  find(
    { settled, open, resting }: Told,
    changed: Map<string, CapturedRun>,
    runs: Map<string, CapturedRun>
  ): ParentEntry[] {
    const candidates = [...settled, ...open]
    const nested = candidates.filter(isNested)
    const children = [...this.waiting, ...nested]
    if (children.length === 0) return []
    const parents = [...candidates]
    if (nested.length > 0) {
      const known = new Set(nested.map((run) => run.id))
      for (const run of this.waiting) if (!known.has(run.id)) parents.push(run)
      // What fires now fires after the last post of a run that did not change.
      for (const run of resting) parents.push(atItsEnd(run))
    }
    const links = findParents(parents, children)
    const earlier: ParentEntry[] = []
    for (const [child, link] of links) {
      const id = runIdOf(child)
      const parent = { runId: runIdOf(link.runId), nodeId: link.nodeId }
      const run = changed.get(id) ?? runs.get(id)
      if (run === undefined || (run.parent?.runId === parent.runId && run.parent.nodeId === parent.nodeId)) continue
      if (changed.has(id)) changed.set(id, { ...run, parent })
      else {
        runs.set(id, { ...run, parent })
        earlier.push([id, parent.runId, parent.nodeId])
      }
    }
    const fresh = settled.filter(isNested).map(slim)
    // Linked to a node that is known: done. What belongs to one start may turn out to be nested, and more may belong to it.
    this.waiting = [...this.waiting, ...fresh]
      .filter((run) => ['', sameStart].includes(links.get(run.id)?.nodeId ?? ''))
      .slice(-maxWaiting)
    return earlier
  }
}

/** A run as one that goes on from its last post. */
function atItsEnd(run: GroupedRun): GroupedRun {
  const last = run.posts.findLast(({ job }) => job === 0)
  return { ...run, posts: last === undefined ? [] : [last] }
}

/** What finding a parent needs of a nested run: its first and last post. */
function slim(run: GroupedRun): GroupedRun {
  const posts = run.posts.length <= 2 ? run.posts : [run.posts[0]!, run.posts.at(-1)!]
  const light = posts.map(({ post, job }) => ({
    job,
    post: { ...post, data: post.data && { ...post.data, digests: new Float64Array(0) } }
  }))
  return { ...run, posts: light }
}

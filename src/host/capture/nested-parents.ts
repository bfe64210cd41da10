// Parents of nested runs while posts arrive: a nested run settles before its parent does, so it waits here.
import { runIdOf, type CapturedRun } from './captured-run.ts'
import { findParents } from './grouping-parents.ts'
import type { GroupedRun } from './grouping.ts'
import { firingInside } from './module-facts.ts'

/** `[run, parent, node that fired it]`. */
export type ParentEntry = readonly [runId: string, parentId: string, nodeId: string]

const maxWaiting = 20_000
export class NestedParents {
  private waiting: GroupedRun[] = []

  /**
   * Finds parents among runs that settled or are open. Sets them in `changed`; answers links of runs that were known before (`runs`).
   */
  find(
    candidates: readonly GroupedRun[],
    settled: readonly GroupedRun[],
    changed: Map<string, CapturedRun>,
    runs: Map<string, CapturedRun>
  ): ParentEntry[] {
    const isNested = (run: GroupedRun): boolean => firingInside.has(run.trigger) && run.init !== null
    const nested = [...this.waiting, ...candidates.filter(isNested)]
    if (nested.length === 0) return []
    const known = new Set(nested.map((run) => run.id))
    const links = findParents([...nested, ...candidates.filter((run) => !known.has(run.id))])
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
    // Linked to a node that is known: done.
    this.waiting = [...this.waiting, ...fresh]
      .filter((run) => (links.get(run.id)?.nodeId ?? '') === '')
      .slice(-maxWaiting)
    return earlier
  }
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

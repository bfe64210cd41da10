// How well the data in a post goes on from the data before its node, as the logarithm of a likelihood.
import { changesData } from '../understand/module-facts.ts'
import type { DataSignature, PostSummary } from '../understand/post-parse.ts'
import { digestDistance, structuralHash } from '../understand/structural-hash.ts'

const idMaps = new WeakMap<DataSignature, ReadonlyMap<string, string>>()

/** Its ids by path: hostile data can have many. */
function idsOf(data: DataSignature): ReadonlyMap<string, string> {
  const known = idMaps.get(data)
  if (known !== undefined) return known
  const ids = new Map(data.ids)
  idMaps.set(data, ids)
  return ids
}

/** True when both carry the same kind of id with another value. */
export function idsDiffer(a: DataSignature, b: DataSignature): boolean {
  if (a.ids.length === 0 || b.ids.length === 0) return false
  const others = idsOf(b)
  return a.ids.some(([path, value]) => (others.get(path) ?? value) !== value)
}

const nothing = structuralHash([])

const sameData = (a: DataSignature, b: DataSignature): boolean =>
  a.hash === b.hash && a.unfiltered === b.unfiltered && a.filters === b.filters

/** Data before a node against the data in its post. */
export function dataScore(before: DataSignature | null, post: PostSummary): number {
  const after = post.data
  if (before === null || after === null) return -0.5
  if (post.kind === 'debug') return idsDiffer(before, after) ? -2 : 0
  if (sameData(before, after)) return changesData(post.moduleId) === true ? -0.1 : 0
  if (idsDiffer(before, after)) return -25
  const ran = post.result === 'success' || post.result === 'partial-success' || post.result === 'error'
  if (post.moduleId === 'generic-filter-data' && ran) return filterScore(before, after)
  if (post.moduleId === 'generic-filter-reset' && ran) {
    if (before.unfiltered === after.hash) return 0
    // Resetting what was never filtered leaves nothing but an empty list of filters (Module_generic_filter_reset::exec).
    return after.hash === nothing ? -0.3 : -1 - distance(before, after)
  }
  if (ran && changesData(post.moduleId) !== false) {
    return (changesData(post.moduleId) === true ? -0.5 : -1.5) - distance(before, after)
  }
  return -5 - distance(before, after)
}

/** The first filter keeps a copy of the data before it; later ones keep that copy. */
function filterScore(before: DataSignature, after: DataSignature): number {
  const kept = after.unfiltered
  if (kept !== null && (kept === before.unfiltered || (before.unfiltered === null && kept === before.hash))) return 0
  return -4 - distance(before, after)
}

const distance = (a: DataSignature, b: DataSignature): number =>
  Math.min(12, 0.3 * digestDistance(a.digests, b.digests))

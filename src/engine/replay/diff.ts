// What changed between two values of a run: by identity first (snapshots share what did not change, so most of a large event
// is never looked at), then by value. Works from outer to inner and stops at a limit.
import type { Json, JsonMap } from '../../contract/json.ts'

export type DiffPath = readonly (string | number)[]

export interface Difference {
  /** Keys from the root; positions in the new list, or in the old one for what was removed. */
  readonly path: DiffPath
  readonly op: 'added' | 'removed' | 'changed'
  readonly before?: Json
  readonly after?: Json
}

export interface DiffOptions {
  /** Differences to collect; there is one more than that when the list was cut. */
  readonly limit?: number
}

/** Differences in the order of the new value. */
export function diff(before: Json, after: Json, { limit = Infinity }: DiffOptions = {}): Difference[] {
  const found: Difference[] = []
  const pending: (readonly [DiffPath, Json, Json])[] = [[[], before, after]]
  for (let next = pending.pop(); next !== undefined && found.length <= limit; next = pending.pop()) {
    const [path, old, now] = next
    if (old === now) continue
    const below = inner(path, old, now, found)
    if (below === null) found.push({ path, op: 'changed', before: old, after: now })
    else for (let i = below.length - 1; i >= 0; i--) pending.push(below[i] as readonly [DiffPath, Json, Json])
  }
  return found
}

type Pair = readonly [DiffPath, Json, Json]

/** Pairs to look into; null when the two values have nothing to look into. Additions and removals go to `found`. */
function inner(path: DiffPath, old: Json, now: Json, found: Difference[]): Pair[] | null {
  if (typeof old !== 'object' || typeof now !== 'object' || old === null || now === null) return null
  const [isList, wasList] = [Array.isArray(now), Array.isArray(old)]
  if (isList && wasList) return pairsOfLists(path, old as readonly Json[], now as readonly Json[], found)
  // A list with holes is a map with the same keys: what a filter drops from a list shows as removals.
  if (isList !== wasList && !hasListKeys(isList ? old : now)) return null
  return pairsOfMaps(path, old as JsonMap, now as JsonMap, found)
}

const hasListKeys = (value: Json): boolean => Object.keys(value as JsonMap).every((key) => /^\d+$/.test(key))

function pairsOfMaps(path: DiffPath, old: JsonMap, now: JsonMap, found: Difference[]): Pair[] {
  const pairs: Pair[] = []
  for (const key of Object.keys(old)) {
    if (!Object.hasOwn(now, key)) found.push({ path: [...path, key], op: 'removed', before: old[key] as Json })
  }
  for (const key of Object.keys(now)) {
    const value = now[key] as Json
    if (!Object.hasOwn(old, key)) found.push({ path: [...path, key], op: 'added', after: value })
    else if (old[key] !== value) pairs.push([[...path, key], old[key] as Json, value])
  }
  return pairs
}

/** What two lists have in common at both ends is skipped by identity; the rest is matched by identity, by id, then by position. */
function pairsOfLists(path: DiffPath, old: readonly Json[], now: readonly Json[], found: Difference[]): Pair[] {
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start++
  let [oldEnd, nowEnd] = [old.length, now.length]
  while (oldEnd > start && nowEnd > start && old[oldEnd - 1] === now[nowEnd - 1])
    [oldEnd, nowEnd] = [oldEnd - 1, nowEnd - 1]
  const known = new Map<Json, Places>()
  for (let i = start; i < oldEnd; i++) {
    for (const key of namesOf(old[i] as Json)) {
      const places = known.get(key)
      if (places) places.all.push(i)
      else known.set(key, { all: [i], next: 0 })
    }
  }
  const sameLength = oldEnd - start === nowEnd - start
  const used = new Set<number>()
  const pairs: Pair[] = []
  const added: Difference[] = []
  for (let i = start; i < nowEnd; i++) {
    const value = now[i] as Json
    const from =
      partner(value, known, used) ?? (sameLength && namesOf(value).length === 1 && !used.has(i) ? i : undefined)
    if (from === undefined) added.push({ path: [...path, i], op: 'added', after: value })
    else {
      used.add(from)
      if (old[from] !== value) pairs.push([[...path, i], old[from] as Json, value])
    }
  }
  for (let i = start; i < oldEnd; i++) {
    if (!used.has(i)) found.push({ path: [...path, i], op: 'removed', before: old[i] as Json })
  }
  for (const one of added) found.push(one)
  return pairs
}

/** Where items of one key are; those before `next` are used. */
interface Places {
  readonly all: number[]
  next: number
}

function partner(value: Json, known: ReadonlyMap<Json, Places>, used: ReadonlySet<number>): number | undefined {
  for (const key of namesOf(value)) {
    const places = known.get(key)
    if (places === undefined) continue
    while (used.has(places.all[places.next] ?? -1)) places.next++
    const at = places.all[places.next]
    if (at !== undefined) return at
  }
  return undefined
}

/** What an item can be recognised by: itself, then its uuid, id or name. */
export function namesOf(value: Json): readonly Json[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [value]
  const map = value as JsonMap
  const names = ['uuid', 'id', 'name'].filter((name) => typeof map[name] === 'string' && map[name] !== '')
  return [value, ...names.slice(0, 1).map((name) => `${name}:${map[name] as string}`)]
}

/** The value at a path, undefined where there is none. */
export function valueAt(value: Json | undefined, path: DiffPath): Json | undefined {
  let here = value
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined
    here = (here as JsonMap)[key]
  }
  return here
}

/** Equality by identity first, then by value; key order does not count. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined) return false
  return diff(a, b, { limit: 0 }).length === 0
}

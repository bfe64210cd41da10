// What changed between two values of a run: by identity first (snapshots share what did not change, so most of a large event
// is never looked at), then by value. Works from outer to inner and stops at a limit.
import { pathOf, type Place } from './place.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ValuePath } from '../../contract/values.ts'

export interface Difference {
  /** Keys from the root; positions in the new list, or in the old one for what was removed. */
  readonly path: ValuePath
  readonly op: 'added' | 'removed' | 'changed'
  readonly before?: Json
  readonly after?: Json
}

export interface DiffOptions {
  /** Differences to collect; there is one more than that when the list was cut. */
  readonly limit?: number
}

interface Pair {
  readonly place: Place | null
  readonly old: Json
  readonly now: Json
}

/** Differences in the order of the new value. */
export function diff(before: Json, after: Json, { limit = Infinity }: DiffOptions = {}): Difference[] {
  const found: Difference[] = []
  if (before === after) return found
  const pending: Pair[] = [{ place: null, old: before, now: after }]
  for (let next = pending.pop(); next !== undefined && found.length <= limit; next = pending.pop()) {
    const from = pending.length
    if (!lookInto(next, found, pending))
      found.push({ path: pathOf(next.place), op: 'changed', before: next.old, after: next.now })
    // The first of them is looked into first.
    turn(pending, from)
  }
  return found
}

/** Turns the order of what is behind a place. */
function turn(list: Pair[], from: number): void {
  for (let low = from, high = list.length - 1; low < high; low++, high--) {
    const swapped = list[low] as Pair
    list[low] = list[high] as Pair
    list[high] = swapped
  }
}

/** Adds the pairs to look into to `pending`, additions and removals to `found`; false when the two values have nothing to look into. */
function lookInto(pair: Pair, found: Difference[], pending: Pair[]): boolean {
  const { old, now } = pair
  if (typeof old !== 'object' || typeof now !== 'object' || old === null || now === null) return false
  const [isList, wasList] = [Array.isArray(now), Array.isArray(old)]
  if (isList && wasList) lookIntoLists(pair, found, pending)
  // A list with holes is a map with the same keys: what a filter drops from a list shows as removals.
  else if (isList !== wasList && !hasListKeys(isList ? old : now)) return false
  else lookIntoMaps(pair, found, pending)
  return true
}

const hasListKeys = (value: Json): boolean => Object.keys(value as JsonMap).every((key) => /^\d+$/.test(key))

/** What a map itself holds under a key: `constructor` and `__proto__` are keys like others. */
function ownValue(map: JsonMap, key: string): Json | undefined {
  const value = map[key]
  if (typeof value !== 'function' && key !== '__proto__') return value
  return Object.hasOwn(map, key) ? value : undefined
}

function lookIntoMaps({ place, old, now }: Pair, found: Difference[], pending: Pair[]): void {
  const [was, is] = [old as JsonMap, now as JsonMap]
  let added: Difference[] | null = null
  let kept = 0
  // Both are JSON: what for-in gives is their own. It is several times faster than the list of keys.
  for (const key in is) {
    const after = is[key] as Json
    const before = ownValue(was, key)
    if (before === undefined) (added ??= []).push({ path: pathOf({ above: place, key }), op: 'added', after })
    else {
      kept++
      if (before !== after) pending.push({ place: { above: place, key }, old: before, now: after })
    }
  }
  let names = 0
  for (const _key in was) names++
  if (names > kept) {
    for (const key of Object.keys(was)) {
      if (ownValue(is, key) === undefined)
        found.push({ path: pathOf({ above: place, key }), op: 'removed', before: was[key] as Json })
    }
  }
  if (added) for (const one of added) found.push(one)
}

/** How deep items are compared before they are looked into: an attribute with its tags, galaxies, clusters and their elements. */
const alikeDepth = 8

/** Whether two values are the same down to a depth; false where that is not known. Makes nothing, so that what did not change costs little. */
function isAlike(a: Json, b: Json, depth: number): boolean {
  if (a === b) return true
  if (depth === 0 || typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (!isAlike(a[i] as Json, b[i] as Json, depth - 1)) return false
    return true
  }
  if (Array.isArray(b)) return false
  let more = 0
  for (const key in a as JsonMap) {
    const other = ownValue(b as JsonMap, key)
    if (other === undefined || !isAlike((a as JsonMap)[key] as Json, other, depth - 1)) return false
    more++
  }
  for (const _key in b as JsonMap) more--
  return more === 0
}

/** How far two lists are looked ahead for where they go on alike. */
const ahead = 8

/**
 * Two lists are walked side by side: items that are the same, or are recognised as the same, are partners. What is left over is matched by
 * identity, by key, then by position.
 */
function lookIntoLists({ place, old, now }: Pair, found: Difference[], pending: Pair[]): void {
  const [was, is] = [old as readonly Json[], now as readonly Json[]]
  const left: number[] = []
  const fresh: number[] = []
  const pairs: Pair[] = []
  const pair = (at: number, from: number): void => {
    const before = was[from] as Json
    const after = is[at] as Json
    if (before !== after) pairs.push({ place: { above: place, key: at }, old: before, now: after })
  }
  let i = 0
  let k = 0
  while (i < was.length && k < is.length) {
    const before = was[i] as Json
    const after = is[k] as Json
    if (before !== after) {
      // The same item further on counts more than another one with the same key here.
      const isKnown = isKeyOfBoth(before, after)
      let on = goesOn(was, is, i, k, isIdentical)
      if (on === 0 && !isKnown) on = goesOn(was, is, i, k, isKeyOfBoth)
      if (on !== 0) {
        for (; on > 0; on--) left.push(i++)
        for (; on < 0; on++) fresh.push(k++)
        continue
      }
      if (!isKnown) {
        left.push(i)
        fresh.push(k)
      } else if (!isAlike(before, after, alikeDepth)) pair(k, i)
    }
    i++
    k++
  }
  while (i < was.length) left.push(i++)
  while (k < is.length) fresh.push(k++)
  const matched = match({ was, is, left, fresh })
  const used = new Set(matched.values())
  for (const at of left) {
    if (!used.has(at)) found.push({ path: pathOf({ above: place, key: at }), op: 'removed', before: was[at] as Json })
  }
  for (const at of fresh) {
    const from = matched.get(at)
    if (from === undefined) found.push({ path: pathOf({ above: place, key: at }), op: 'added', after: is[at] as Json })
    else pair(at, from)
  }
  if (matched.size > 0) pairs.sort((a, b) => Number(a.place?.key) - Number(b.place?.key))
  for (const one of pairs) pending.push(one)
}

type IsSame = (a: Json, b: Json) => boolean

const isIdentical: IsSame = (a, b) => a === b

/**
 * How many items to leave out so that the lists go on with the same item: of the old list where positive, of the new one where negative;
 * 0 where there is no such place near.
 */
function goesOn(was: readonly Json[], is: readonly Json[], i: number, k: number, isSame: IsSame): number {
  const before = was[i] as Json
  const after = is[k] as Json
  for (let far = 1; far <= ahead; far++) {
    if (i + far < was.length && isSame(was[i + far] as Json, after)) return far
    if (k + far < is.length && isSame(before, is[k + far] as Json)) return -far
  }
  return 0
}

interface Leftovers {
  readonly was: readonly Json[]
  readonly is: readonly Json[]
  /** Positions, ascending. */
  readonly left: readonly number[]
  readonly fresh: readonly number[]
}

/** Partners among the leftovers, new position to old: first of the same value, then of the same key, then of the same position. */
function match({ was, is, left, fresh }: Leftovers): ReadonlyMap<number, number> {
  const matched = new Map<number, number>()
  if (left.length === 0 || fresh.length === 0) return matched
  const used = new Set<number>()
  const matchBy = (key: (value: Json) => Json | undefined): void => {
    const places = new Map<Json, { readonly all: number[]; next: number }>()
    for (const from of left) {
      const name = used.has(from) ? undefined : key(was[from] as Json)
      if (name === undefined) continue
      const known = places.get(name)
      if (known) known.all.push(from)
      else places.set(name, { all: [from], next: 0 })
    }
    for (const at of fresh) {
      const name = matched.has(at) ? undefined : key(is[at] as Json)
      const known = name === undefined ? undefined : places.get(name)
      const from = known?.all[known.next++]
      if (from === undefined) continue
      matched.set(at, from)
      used.add(from)
    }
  }
  matchBy((value) => value)
  matchBy(keyOf)
  if (was.length !== is.length) return matched
  const open = new Set(left)
  for (const at of fresh) {
    if (matched.has(at) || !open.has(at) || used.has(at) || keyOf(is[at] as Json) !== undefined) continue
    matched.set(at, at)
    used.add(at)
  }
  return matched
}

const keyNames = ['uuid', 'id', 'name'] as const

/** What an item can be recognised by: its uuid, id or name; undefined where it has none. */
export function keyOf(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  for (const name of keyNames) {
    const key = (value as JsonMap)[name]
    if (typeof key === 'string' && key !== '') return `${name}:${key}`
  }
  return undefined
}

/** Whether both are recognised by the same key; `keyOf` without making texts. */
function isKeyOfBoth(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) return false
  for (const name of keyNames) {
    const one = (a as JsonMap)[name]
    const other = (b as JsonMap)[name]
    const isKey = typeof one === 'string' && one !== ''
    if (isKey || (typeof other === 'string' && other !== '')) return isKey && one === other
  }
  return false
}

/** Equality by identity first, then by value; key order does not count. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined) return false
  return diff(a, b, { limit: 0 }).length === 0
}

// Where a value came from: the steps that wrote it, newest first, back to the run's input. A place is followed through filters, copies
// and lists whose items move: items are known by identity, then by uuid, id or name.
import type { BlameEntry } from '../../contract/chain.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ValuePath } from '../../contract/values.ts'
import { isSame, keyOf, valueAt } from './diff.ts'
import type { RunFold } from './fold.ts'
import type { RunIndex } from './run-index.ts'
import { sourceOf } from './value-source.ts'

const isBox = (value: Json | undefined): value is JsonMap => typeof value === 'object' && value !== null
const own = (box: Json | undefined, key: string | number): Json | undefined =>
  isBox(box) && Object.hasOwn(box, key) ? box[key] : undefined

const isPosition = (key: string | number): boolean => typeof key === 'number' || /^\d+$/.test(key)

/** Where the item at `key` of one list stands in another one; null when it is not there. */
function sameItem(item: Json, key: string | number, list: JsonMap): string | number | null {
  const there = own(list, key)
  if (there === item) return key
  if (!isBox(item))
    return there !== undefined && isSame(there, item) ? key : positionOf(list, (other) => isSame(other, item))
  const name = keyOf(item)
  if (name === undefined) return positionOf(list, (other) => other === item) ?? (there === undefined ? null : key)
  if (there !== undefined && keyOf(there) === name) return key
  return positionOf(list, (other) => isBox(other) && keyOf(other) === name)
}

function positionOf(list: JsonMap, is: (item: Json) => boolean): string | number | null {
  if (Array.isArray(list)) {
    const at = (list as readonly Json[]).findIndex(is)
    return at < 0 ? null : at
  }
  return Object.keys(list).find((key) => is(list[key] as Json)) ?? null
}

/** Where what stands at `path` of `now` stands in `then`; null when something on the way to it is not there. */
export function placeIn(then: Json | undefined, now: Json | undefined, path: ValuePath): ValuePath | null {
  const place: (string | number)[] = []
  let [here, there] = [now, then]
  for (const [depth, key] of path.entries()) {
    if (here === there) return [...place, ...path.slice(depth)]
    if (!isBox(there)) return null
    const item = own(here, key)
    const at =
      item !== undefined && isPosition(key) ? sameItem(item, key, there) : Object.hasOwn(there, key) ? key : null
    if (at === null) return null
    place.push(Array.isArray(there) ? Number(at) : at)
    here = item
    there = own(there, at)
  }
  return place
}

export interface BlameOptions {
  /** Changes to tell; the newest come first. */
  readonly limit?: number
  /** Position of the step whose output is looked at; with `input`, its input. */
  readonly at: number
  readonly input?: boolean
}

/** The step before in the same walk, or the one that started its job; -1: the run's input. */
const before = (index: RunIndex, position: number): number => index.beforeInWalk(position) ?? -1

/**
 * Who wrote what stands at `path`, newest first; the last entry is step 0 when it came with the run's data. A value that is not there: who
 * removed it. A value that was copied is followed to the place that it came from.
 */
export function blame(fold: RunFold, index: RunIndex, path: ValuePath, options: BlameOptions): readonly BlameEntry[] {
  const { limit = Infinity, at, input = false } = options
  const found: BlameEntry[] = []
  const seen = new Set<string>()
  const pending: Look[] = [{ path, at, input }]
  for (const look of pending) {
    for (const entry of history(fold, index, look)) {
      const key = JSON.stringify([entry.step, entry.path])
      // What comes now was told already.
      if (seen.has(key)) break
      seen.add(key)
      found.push(entry)
      if (found.length >= limit) return found
      if (entry.source) pending.push({ path: entry.source, at: entry.step - 1, input: true })
    }
  }
  return found.sort((a, b) => b.step - a.step)
}

interface Look {
  readonly path: ValuePath
  readonly at: number
  readonly input: boolean
}

/** The changes of one place. */
function* history(fold: RunFold, index: RunIndex, { path, at, input }: Look): Generator<BlameEntry, void> {
  let place = path
  let position = input ? before(index, at) : at
  let now = input ? fold.data[at]?.input : fold.data[at]?.output
  for (; position >= 0; position = before(index, position)) {
    const data = fold.data[position]
    if (data === undefined) break
    const { input: was, output: is } = data
    // Between two steps somebody may have edited the data, or a post is missing: what is the same is followed.
    if (now !== is) {
      const there = placeIn(is, now, place)
      if (there === null) return
      place = there
    }
    now = was
    if (was === is) continue
    const old = placeIn(was, is, place)
    const value = valueAt(is, place)
    const former = old === null ? undefined : valueAt(was, old)
    if (!isSame(former, value)) {
      yield entryOf(fold, index, position, { path: place, former, value })
      if (former === undefined) return
    }
    if (old === null) return
    place = old
  }
  const first = now === fold.normalized ? place : placeIn(fold.normalized, now, place)
  const value = first === null ? undefined : valueAt(fold.normalized, first)
  if (first !== null && value !== undefined)
    yield { step: 0, nodeId: null, op: 'added', before: null, after: value, from: null, path: first }
}

interface Written {
  readonly path: ValuePath
  readonly former: Json | undefined
  readonly value: Json | undefined
}

function entryOf(fold: RunFold, index: RunIndex, position: number, { path, former, value }: Written): BlameEntry {
  const { step, nodeId } = fold.steps[position]!
  const op = former === undefined ? 'added' : value === undefined ? 'removed' : 'changed'
  const saved = (nodeId === null ? undefined : index.graph.get(nodeId)?.params) ?? null
  const source = value === undefined ? null : sourceOf(fold.data[position]!, value, saved)
  return { step, nodeId, op, before: former ?? null, after: value ?? null, path, ...(source ?? { from: null }) }
}

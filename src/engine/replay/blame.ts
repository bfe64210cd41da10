// Where a value came from: the steps that wrote it, newest first, back to the run's input. A place is followed through filters, copies
// and lists whose items move: items are known by identity, then by uuid, id or name.
import type { BlameEntry } from '../../contract/chain.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ValuePath } from '../../contract/values.ts'
import { modulesOf } from '../modules/table.ts'
import { valueAt } from '../format/values.ts'
import { isSame, keyOf } from './diff.ts'
import type { RunFold } from './fold.ts'
import type { RunIndex } from './run-index.ts'
import { sourceOf } from './value-source.ts'

const isBox = (value: Json | undefined): value is JsonMap => typeof value === 'object' && value !== null
const own = (box: Json | undefined, key: string | number): Json | undefined =>
  isBox(box) && Object.hasOwn(box, key) ? box[key] : undefined

const isPosition = (key: string | number): boolean => typeof key === 'number' || /^\d+$/.test(key)

/** What tells items apart, in this order; a name counts where both have it. */
const keyNames = ['uuid', 'id', 'name'] as const

/** Whether both are the same item; null where nothing tells. */
function isSameItem(a: Json, b: Json | undefined): boolean | null {
  if (!isBox(a) || !isBox(b)) return isSame(a, b)
  for (const name of keyNames) {
    const [one, other] = [own(a, name), own(b, name)]
    if (isKey(one) && isKey(other)) return String(one) === String(other)
  }
  return null
}

const isKey = (value: Json | undefined): boolean =>
  typeof value === 'number' || (typeof value === 'string' && value !== '')

/** Where the item at `key` of one list stands in another one; null when it is not there. */
function sameItem(item: Json, key: string | number, list: JsonMap, count: number): string | number | null {
  const there = own(list, key)
  if (there === item || isSameItem(item, there) === true) return key
  // Mostly the very same one, which is found fast.
  const known =
    (isBox(item) ? positionOf(list, (other) => other === item) : null) ??
    positionOf(list, (other) => isSameItem(item, other) === true)
  if (known !== null || !isBox(item) || keyNames.some((name) => isKey(own(item, name)))) return known
  const equal = isSame(item, there) ? key : positionOf(list, (other) => isSame(item, other))
  // As many items as before, and nothing to recognise it by: it is what stands in its place.
  return equal ?? (there !== undefined && Object.keys(list).length === count ? key : null)
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
      item !== undefined && isPosition(key)
        ? sameItem(item, key, there, Object.keys(here as JsonMap).length)
        : Object.hasOwn(there, key)
          ? key
          : null
    if (at === null) return null
    place.push(Array.isArray(there) ? Number(at) : at)
    here = item
    there = own(there, at)
  }
  return place
}

/** The same for a place that may be empty now: what stood there is looked for, also when items behind it moved up. */
function formerPlace(then: Json | undefined, now: Json | undefined, path: ValuePath): ValuePath | null {
  if (valueAt(now, path) !== undefined) return placeIn(then, now, path)
  let depth = path.length - 1
  while (depth > 0 && valueAt(now, path.slice(0, depth)) === undefined) depth--
  const box = placeIn(then, now, path.slice(0, depth))
  const key = path[depth]
  if (box === null || key === undefined) return path
  const [was, is] = [valueAt(then, box), valueAt(now, path.slice(0, depth))]
  const gone = isPosition(key) && isBox(was) && isBox(is) ? goneItem(was, is, key) : key
  return [...box, Array.isArray(was) ? Number(gone) : gone, ...path.slice(depth + 1)]
}

/** Behind a removed item the others move up, and the last position is empty: which one was removed. */
function goneItem(was: JsonMap, is: JsonMap, key: string | number): string | number {
  const item = own(was, key)
  if (item === undefined) return key
  const left = new Set<Json>(Object.values(is))
  // Most are the very same: names are made for the others only.
  let names: ReadonlySet<string | undefined> | null = null
  const isNamed = (one: Json): boolean => {
    const name = isBox(one) ? keyOf(one) : undefined
    return name !== undefined && (names ??= new Set(Object.values(is).map(keyOf))).has(name)
  }
  const isLeft = (one: Json): boolean => left.has(one) || isNamed(one)
  if (!isLeft(item)) return key
  return Object.keys(was).find((at) => !isLeft(was[at] as Json)) ?? key
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
  const found = told(fold, index, path, options)
  if (found.length > 0) return found
  return removedBehind(fold, index, path, options)
}

/** Nothing at a place, and nobody who removed what the item there had: another item of the list has taken the place of one that is gone. */
function removedBehind(fold: RunFold, index: RunIndex, path: ValuePath, options: BlameOptions): readonly BlameEntry[] {
  const { at, input, limit } = options
  if (valueAt(input ? fold.data[at]?.input : fold.data[at]?.output, path) !== undefined) return []
  for (let position = at; position >= 0; position = before(index, position)) {
    const data = fold.data[position]
    const former = valueAt(data?.input, path)
    if (data === undefined || former === undefined || placeIn(data.output, data.input, path) !== null) continue
    const entry = entryOf(fold, index, position, { path, former, value: undefined })
    return [entry, ...told(fold, index, path, { at: position, input: true })].slice(0, limit)
  }
  return []
}

function told(fold: RunFold, index: RunIndex, path: ValuePath, options: BlameOptions): readonly BlameEntry[] {
  const { limit = Infinity, at, input = false } = options
  const found: BlameEntry[] = []
  const seen = new Set<string>()
  const pending: Look[] = [{ path, at, input }]
  for (const look of pending) {
    for (const entry of history(fold, index, look)) {
      const key = JSON.stringify([entry.step, entry.nodeId, entry.path])
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
  // The step whose input `now` is.
  let next = input ? at : null
  for (; position >= 0; position = before(index, position)) {
    const data = fold.data[position]
    if (data === undefined) return
    const { input: was, output: is } = data
    const reached = yield* betweenSteps(fold, next, { then: is, now, place })
    if (reached === null) return
    place = reached
    next = position
    // Of a captured run a post may be missing before this one: what the node was given is not known.
    now = was === null ? is : was
    if (now === is) continue
    const old = formerPlace(was, is, place)
    const value = valueAt(is, place)
    const former = old === null ? undefined : valueAt(was, old)
    if (!isSame(former, value)) {
      yield entryOf(fold, index, position, { path: value === undefined ? (old ?? place) : place, former, value })
      if (former === undefined) return
    }
    if (old === null) return
    place = old
  }
  const first = yield* betweenSteps(fold, next, { then: fold.normalized, now, place })
  const value = first === null ? undefined : valueAt(fold.normalized, first)
  if (first !== null && value !== undefined)
    yield { step: 0, nodeId: null, op: 'added', before: null, after: value, from: null, path: first }
}

interface Between {
  readonly then: Json | undefined
  readonly now: Json | undefined
  readonly place: ValuePath
}

/** Between two steps somebody may have edited the data, or a post is missing. Where the value stood before that; null: nowhere. */
function* betweenSteps(
  fold: RunFold,
  next: number | null,
  { then, now, place }: Between
): Generator<BlameEntry, ValuePath | null> {
  const step = next === null ? undefined : fold.steps[next]
  if (now === then || step === undefined) return place
  const old = formerPlace(then, now, place)
  const value = valueAt(now, place)
  const former = old === null ? undefined : valueAt(then, old)
  if (isSame(former, value)) return old
  const isEdited = step.notes.some(({ code }) => code === 'DATA_REPLACED')
  const said = isEdited ? ({ between: 'edit', from: editedText } as const) : ({ between: 'gap', from: null } as const)
  const path = value === undefined ? (old ?? place) : place
  const op = opOf(former, value)
  yield { step: step.step, nodeId: null, op, before: former ?? null, after: value ?? null, path, ...said }
  return former === undefined ? null : old
}

const editedText = 'an edit before this node'
const pinnedText = 'the pinned output'

interface Written {
  readonly path: ValuePath
  readonly former: Json | undefined
  readonly value: Json | undefined
}

const opOf = (former: Json | undefined, value: Json | undefined): BlameEntry['op'] =>
  former === undefined ? 'added' : value === undefined ? 'removed' : 'changed'

function entryOf(fold: RunFold, index: RunIndex, position: number, { path, former, value }: Written): BlameEntry {
  const { step, nodeId, moduleId, moduleType, notes } = fold.steps[position]!
  const type = moduleType === 'logic' ? 'logic' : 'action'
  const restores = modulesOf(fold.profile).facts(type, moduleId)?.restores
  const saved = (nodeId === null ? undefined : index.graph.get(nodeId)?.params) ?? null
  const isPinned = notes.some(({ code }) => code === 'NODE_PINNED')
  const found =
    value === undefined || isPinned ? null : sourceOf(fold.data[position]!, { value, place: path, saved, restores })
  const source = isPinned ? { from: pinnedText } : (found ?? { from: null })
  return { step, nodeId, op: opOf(former, value), before: former ?? null, after: value ?? null, path, ...source }
}

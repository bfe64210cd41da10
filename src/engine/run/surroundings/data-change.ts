// What a custom module made of the data, told by what the data were before: a module hands over a copy of everything, of which little is new.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RecordedChange, RecordedItem } from '../../../contract/surroundings.ts'
import { isMap } from '../../php/values.ts'

export interface DataChange {
  /** The later value; what is equal in both is the earlier one's. */
  readonly data: Json
  readonly change: RecordedChange
}

/** Keys count in their order. */
export function changeOf(before: Json | undefined, after: Json): DataChange {
  if (Object.is(before, after)) return { data: after, change: 0 }
  if (Array.isArray(before) && Array.isArray(after)) return changeOfList(before, after)
  if (isMap(before ?? null) && isMap(after)) return changeOfMap(before as JsonMap, after)
  return { data: after, change: [after] }
}

const isSame = ({ change }: DataChange): boolean => change === 0

function changeOfMap(before: JsonMap, after: JsonMap): DataChange {
  const names = Object.keys(after)
  const kept = Object.keys(before).filter((name) => Object.hasOwn(after, name))
  // What is not where it was is told whole: a key that was removed and set again comes last.
  if (kept.length === 0 || kept.some((name, i) => name !== names[i])) return { data: after, change: [after] }
  const parts = kept.map((name) => [name, changeOf(before[name], after[name] as Json)] as const)
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name))
  const more = names.slice(kept.length).map((name) => [name, after[name] as Json] as const)
  const other = parts.filter(([, part]) => !isSame(part))
  if (other.length + gone.length + more.length === 0) return { data: before, change: 0 }
  if (parts.every(([, { change }]) => Array.isArray(change))) return { data: after, change: [after] }
  return {
    data: Object.fromEntries([...parts.map(([name, { data }]) => [name, data] as const), ...more]),
    change: {
      ...(other.length > 0 ? { at: other.map(([name, { change }]) => [name, change] as const) } : {}),
      ...(gone.length > 0 ? { gone } : {}),
      ...(more.length > 0 ? { more } : {})
    }
  }
}

function changeOfList(before: readonly Json[], after: readonly Json[]): DataChange {
  const places = placesOf(before)
  const data: Json[] = []
  const list: RecordedItem[] = []
  let from = 0
  let count = 0
  const flush = (): void => {
    if (count > 0) list.push([from, count])
    count = 0
  }
  const keep = (place: number): void => {
    data.push(before[place] as Json)
    if (count > 0 && from + count === place) return void count++
    flush()
    from = place
    count = 1
  }
  after.forEach((item, i) => {
    const here = changeOf(before[i], item)
    const place = isSame(here) ? i : places.next(item)
    if (place !== null) return keep(place)
    flush()
    const isTold = before.length === after.length && !Array.isArray(here.change)
    data.push(isTold ? here.data : item)
    list.push(isTold ? [i, 0, here.change] : [item])
  })
  flush()
  const [only] = list
  const isWhole = list.length === 1 && only?.length === 2 && only[0] === 0 && only[1] === before.length
  if (isWhole || after.length + before.length === 0) return { data: before as Json, change: 0 }
  return { data: data as Json, change: { list } }
}

interface Places {
  readonly all: number[]
  /** Of the first that is not before those that were found. */
  next: number
}

/** Where an equal item of the earlier list is, behind those that were found before if there is one there; null: nowhere. */
function placesOf(before: readonly Json[]): { readonly next: (item: Json) => number | null } {
  let known: ReadonlyMap<string, Places> | null = null
  let last = 0
  return {
    next(item) {
      known ??= textsOf(before)
      const places = known.get(JSON.stringify(item))
      if (places === undefined) return null
      while ((places.all[places.next] ?? before.length) < last) places.next++
      const place = places.all[places.next++] ?? (places.all[0] as number)
      last = Math.max(last, place)
      return place
    }
  }
}

function textsOf(list: readonly Json[]): ReadonlyMap<string, Places> {
  const known = new Map<string, Places>()
  list.forEach((item, place) => {
    const text = JSON.stringify(item)
    const found = known.get(text)
    if (found) found.all.push(place)
    else known.set(text, { all: [place], next: 0 })
  })
  return known
}

/** The later value again; undefined where the change is none of such a value. */
export function changed(before: Json | undefined, change: RecordedChange): Json | undefined {
  if (change === 0) return before
  if (isWhole(change)) return change[0]
  if ('list' in change) return Array.isArray(before) ? changedList(before, change.list) : undefined
  return isMap(before ?? null) ? changedMap(before as JsonMap, change) : undefined
}

const isWhole = (change: RecordedChange): change is readonly [Json] => Array.isArray(change)

function changedList(before: readonly Json[], list: readonly RecordedItem[]): Json | undefined {
  const data: Json[] = []
  for (const item of list) {
    if (item.length === 1) data.push(item[0])
    else if (item.length === 2) {
      const [from, count] = item
      if (from + count > before.length) return undefined
      for (let i = from; i < from + count; i++) data.push(before[i] as Json)
    } else {
      const value = changed(before[item[0]], item[2])
      if (value === undefined) return undefined
      data.push(value)
    }
  }
  return data
}

type MapChange = Exclude<RecordedChange, 0 | readonly [Json] | { readonly list: readonly RecordedItem[] }>

function changedMap(before: JsonMap, { at = [], gone = [], more = [] }: MapChange): Json | undefined {
  const removed = new Set(gone)
  const changes = new Map(at)
  const data: [string, Json][] = []
  for (const [name, value] of Object.entries(before)) {
    if (removed.has(name)) continue
    const change = changes.get(name)
    const is = change === undefined ? value : changed(value, change)
    if (is === undefined) return undefined
    data.push([name, is])
    changes.delete(name)
  }
  return changes.size > 0 ? undefined : Object.fromEntries([...data, ...more])
}

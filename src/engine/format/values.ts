// Looks into JSON values a page at a time. Everything is bounded: the size of the answer by the page, the time by budgets, so that a
// value of 100 MB is looked at as fast as a small one.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ValueEntry, ValuePage, ValuePath, ValueSummary, ValueType } from '../../contract/values.ts'
import { keysOf, previewOf } from './preview.ts'
import { mispMarks } from './misp-marks.ts'

/** Containers whose size is not known after this many values are "large": null. */
const sizeBudget = 20_000
const textPage = 100_000

const typeOf = (value: Json | undefined): ValueType => {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as ValueType
}

/** The value at a path; undefined when there is none. */
export function valueAt(value: Json | undefined, path: ValuePath): Json | undefined {
  let at = value
  for (const key of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, key)) return undefined
    at = (at as Record<string | number, Json>)[key]
  }
  return at
}

/** `offset` and `limit` count entries of a container and characters (limit x 1000) of a text. */
export function pageOf(root: Json | undefined, path: ValuePath, offset: number, limit: number): ValuePage {
  const value = valueAt(root, path)
  const summary = { ...summaryOf(value), path, offset }
  if (value === undefined) return { ...summary, entries: [] }
  if (value === null || typeof value !== 'object') {
    const text =
      typeof value === 'string' ? value.slice(offset, offset + Math.min(limit * 1000, textPage)) : JSON.stringify(value)
    return { ...summary, entries: [], text }
  }
  return { ...summary, entries: entriesOf(value as Json, offset, limit) }
}

function entriesOf(value: Json, offset: number, limit: number): ValueEntry[] {
  if (Array.isArray(value)) {
    return (value as readonly Json[])
      .slice(offset, offset + limit)
      .map((item, i) => ({ key: offset + i, ...summaryOf(item) }))
  }
  const map = value as JsonMap
  return keysOf(map)
    .slice(offset, offset + limit)
    .map((key) => ({ key, ...summaryOf(map[key]) }))
}

export function summaryOf(value: Json | undefined): ValueSummary {
  const misp = mispMarks(value)
  return {
    type: typeOf(value),
    preview: previewOf(value),
    count: countOf(value),
    size: sizeOf(value),
    ...(misp ? { misp } : {})
  }
}

function countOf(value: Json | undefined): number {
  if (typeof value === 'string') return value.length
  if (value === null || typeof value !== 'object') return 0
  return Array.isArray(value) ? value.length : keysOf(value as JsonMap).length
}

/** Bytes as compact JSON (characters for text beyond ASCII), null for large values. */
function sizeOf(value: Json | undefined): number | null {
  let budget = sizeBudget
  const measure = (v: Json | undefined): number => {
    if (--budget < 0) return 0
    if (typeof v === 'string') return v.length + 2
    if (v === null || typeof v !== 'object') return String(v).length
    if (Array.isArray(v)) {
      if (v.length > budget) budget = -1
      let size = 1 + Math.max(v.length, 1)
      for (let i = 0; i < v.length && budget >= 0; i++) size += measure((v as readonly Json[])[i])
      return size
    }
    let size = 2
    for (const key of keysOf(v as JsonMap)) {
      if (budget < 0) break
      size += key.length + 4 + measure((v as JsonMap)[key])
    }
    return size
  }
  if (value === undefined) return 0
  const size = measure(value)
  return budget < 0 ? null : size
}

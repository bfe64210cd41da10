// Looks into JSON values a page at a time. Everything is bounded: the size of the answer by the page, the time by budgets, so that a
// value of 100 MB is looked at as fast as a small one.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ValueEntry, ValuePage, ValuePath, ValueSummary, ValueType } from '../../contract/values.ts'
import { mispMarks } from './misp-marks.ts'

const previewLength = 120
/** Containers whose size is not known after this many values are "large": null. */
const sizeBudget = 20_000
const textPage = 100_000

export const typeOf = (value: Json | undefined): ValueType => {
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

/** Keys of wide maps, kept while the map lives: paging through 100,000 entries must not list them again and again. */
const wideKeys = new WeakMap<object, readonly string[]>()

function keysOf(map: JsonMap): readonly string[] {
  const known = wideKeys.get(map)
  if (known) return known
  const keys = Object.keys(map)
  if (keys.length > 1000) wideKeys.set(map, keys)
  return keys
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

const clip = (text: string, length = previewLength): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text

/** Keys that name MISP's things, in the order in which they are looked for. */
const names: readonly (readonly string[])[] = [
  ['type', 'value'],
  ['info'],
  ['tag_name'],
  ['name'],
  ['value'],
  ['uuid'],
  ['id']
]

export function previewOf(value: Json | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return clip(value.slice(0, previewLength + 1).replace(/\s+/g, ' '))
  if (value === null || typeof value !== 'object') return String(value)
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    const first = (value as readonly Json[]).slice(0, 3).map((item) => nameOf(item) ?? shortly(item))
    return clip(`${first.join(', ')}${value.length > 3 ? ', …' : ''}`)
  }
  const name = nameOf(value as Json)
  if (name !== null) return clip(name)
  const keys = keysOf(value as JsonMap)
  if (keys.length === 0) return '{}'
  return clip(`${keys.slice(0, 6).join(', ')}${keys.length > 6 ? ', …' : ''}`)
}

const shortly = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.length}]`
  return value !== null && typeof value === 'object' ? '{…}' : clip(String(value), 40)
}

function nameOf(value: Json): string | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null
  const map = value as JsonMap
  for (const keys of names) {
    const parts = keys.map((key) => (Object.hasOwn(map, key) ? map[key] : undefined))
    if (parts.every((part) => (typeof part === 'string' && part !== '') || typeof part === 'number')) {
      return parts.map((part) => clip(String(part).replace(/\s+/g, ' '), 80)).join(' ')
    }
  }
  // What MISP wraps ({"Event": {…}}) is named by what is inside.
  const [only, ...others] = keysOf(map)
  return only !== undefined && others.length === 0 ? nameOf(map[only] ?? null) : null
}

// A hash path over data from every side: each segment with what it finds, and extract and get apart, since MISP uses the one or the other.
import type { HashLook, HashMatch } from '../../contract/authoring.ts'
import type { Json } from '../../contract/json.ts'
import type { ValueType } from '../../contract/values.ts'
import { PhpThrow } from '../php/exceptions.ts'
import { values as valuesOf } from '../php/values.ts'
import { explainExtract } from './explain.ts'
import { extract, get } from './hash.ts'
import { locateItems, locateSteps } from './locate.ts'
import type { Located } from './locate.ts'

export interface LookQuestion {
  readonly data: Json
  readonly path: string
  /** The selector whose items the path is read in. */
  readonly base?: string | undefined
  readonly limit: number
  /** A value in one line. */
  readonly preview: (value: Json) => string
}

const maxItems = 5000

const typeOf = (value: Json): ValueType =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : (typeof value as ValueType)

/** Throws what Hash::extract throws. */
export function lookAtPath({ data, path, base, limit, preview }: LookQuestion): HashLook {
  const items = base === undefined ? null : locateItems(data, base, maxItems)
  const root: Json = items ? items.map((item) => item.value) : data
  // Below a selector MISP reads the path in each item: the same as `{n}.` over the list of items.
  const whole = items ? (path === '' ? '{n}' : `{n}.${path}`) : path
  const explanation = explainExtract(root, whole)
  const place = ({ path: at, value }: Located): HashMatch => {
    const item = items?.[Number(at[0])]
    return { path: item ? [...item.path, ...at.slice(1)] : at, type: typeOf(value), preview: preview(value) }
  }
  const levels = locateSteps(root, whole, limit)
  const segments = explanation.steps.map((step, i) => ({ ...step, samples: (levels[i] ?? []).map(place) }))
  const skip = items ? 1 : 0
  return {
    path,
    segments: segments.slice(skip),
    stoppedAt: explanation.stoppedAt === null || explanation.stoppedAt < skip ? null : explanation.stoppedAt - skip,
    keysThere: explanation.keysThere,
    valuesThere: explanation.valuesThere,
    summary: items?.length === 0 ? 'The selector finds no items.' : explanation.summary,
    warnings: explanation.warnings.map((warning) => warning.text),
    extract: { total: explanation.results, matches: path === '' && !items ? [] : (levels.at(-1) ?? []).map(place) },
    get: lookAtGet(items ? (items[0]?.value ?? []) : data, path, items !== null, preview),
    items: items?.length ?? null
  }
}

/** IF modules read with Hash::get for equals and not_equals; filters take the first value that extract finds in an item. */
function lookAtGet(data: Json, path: string, inItem: boolean, preview: (value: Json) => string): HashLook['get'] {
  try {
    const value = inItem ? (valuesOf(extract(data, path))[0] ?? null) : get(data, path)
    const found = value !== null
    const note = inItem
      ? 'Filters compare the first value found in each item; this is the value of the first item.'
      : /[{[]/.test(path)
        ? 'Hash::get does not support {n}, {s} or [..]: it reads the path as plain keys and finds nothing.'
        : null
    return { found, type: found ? typeOf(value) : 'missing', preview: found ? preview(value) : '', note }
  } catch (error) {
    if (!(error instanceof PhpThrow)) throw error
    return { found: false, type: 'missing', preview: '', note: error.message }
  }
}

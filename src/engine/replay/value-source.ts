// What of a step a value that it wrote came from: a parameter (as rendered), the answer to one of its requests, or another place of its
// input.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ValuePath } from '../../contract/values.ts'
import { valueAt } from './diff.ts'
import type { StepData } from './fold.ts'

/** Values that are looked at before the search gives up. */
const mostLooked = 100_000
/** Shorter texts stand in too many places to say anything. */
const telling = 3
/** Longer ones name more than a place. */
const mostTemplate = 1000

const isTelling = (value: Json): value is string | number =>
  (typeof value === 'string' && value.length >= telling) || (typeof value === 'number' && Math.abs(value) >= 100)

/** What names a value: itself, or the name, value or uuid of a map. */
function textOf(value: Json): string | null {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null) return null
  for (const key of ['value', 'name', 'uuid']) {
    const named = Object.hasOwn(value, key) ? (value as JsonMap)[key] : undefined
    if (typeof named === 'string' && named !== '') return named
  }
  return null
}

/** A place of a value where the text stands whole. */
function find(root: Json, text: string): ValuePath | null {
  const pending: (readonly [ValuePath, Json])[] = [[[], root]]
  for (let looked = 0; pending.length > 0 && looked < mostLooked; looked++) {
    const [path, value] = pending.pop() as readonly [ValuePath, Json]
    if (typeof value !== 'object' || value === null) {
      if (value !== null && String(value) === text) return path
      continue
    }
    const isList = Array.isArray(value)
    const keys = Object.keys(value)
    for (let i = keys.length - 1; i >= 0; i--) {
      const key = keys[i] as string
      if (key.startsWith('_unfiltered')) continue
      pending.push([[...path, isList ? Number(key) : key], (value as JsonMap)[key] as Json])
    }
  }
  return null
}

export interface ValueSource {
  readonly from: string
  /** Where in the step's input the value stood. */
  readonly source?: ValuePath
}

/** The place that a template names when it is nothing else: `{{ Event.Attribute[0].value }}`. */
function placeOf(template: Json | undefined): ValuePath | null {
  if (typeof template !== 'string' || template.length > mostTemplate) return null
  const inside = /^\s*\{\{-?\s*([A-Za-z_]\w*(?:\.\w+|\[\d+\]|\['\w+'\]|\["\w+"\])*)\s*-?\}\}\s*$/.exec(template)?.[1]
  return inside === undefined ? null : keysOf(inside)
}

function ofParam(id: string, saved: Json, input: Json, text: string): ValueSource {
  const from = `parameter ${id}`
  const own =
    typeof saved === 'object' && saved !== null && Object.hasOwn(saved, id) ? (saved as JsonMap)[id] : undefined
  const source = placeOf(own)
  const there = source === null ? undefined : valueAt(input, source)
  return source !== null && there !== undefined && textOf(there) === text ? { from, source } : { from }
}

/** The value may stand in many places: the one that a parameter names is meant. */
function named(params: Json, input: Json, text: string): ValuePath | null {
  if (typeof params !== 'object' || params === null) return null
  for (const param of Object.values(params) as Json[]) {
    if (typeof param !== 'string' || !/^\w+(\.\w+)*$/.test(param)) continue
    const path = keysOf(param)
    const there = valueAt(input, path)
    if (there !== undefined && textOf(there) === text) return path
  }
  return null
}

const keysOf = (text: string): ValuePath =>
  (text.match(/\w+/g) ?? []).map((key) => (/^(0|[1-9]\d*)$/.test(key) ? Number(key) : key))

/**
 * Null where nobody can tell.
 * @param saved the node's parameters before their templates were rendered
 */
export function sourceOf({ params, effects, input }: StepData, value: Json, saved: Json): ValueSource | null {
  const text = textOf(value)
  if (text === null || text === '') return null
  if (typeof params === 'object' && params !== null)
    for (const [id, param] of Object.entries(params))
      if (find(param as Json, text) !== null || (isTelling(text) && typeof param === 'string' && param.includes(text)))
        return ofParam(id, saved, input, text)
  if (!isTelling(text)) return null
  for (const [i, { answer }] of effects.entries())
    if (isInAnswer(answer as unknown as JsonMap, text)) return { from: answerName(effects.length, i) }
  const place = named(params, input, text) ?? find(input, text)
  return place === null ? null : { from: place.join('.'), source: place }
}

const answerName = (count: number, i: number): string => (count === 1 ? 'the answer' : `answer ${i + 1}`)

function isInAnswer(answer: JsonMap, text: string): boolean {
  const { json, body, text: rendered } = answer
  if (json !== undefined && find(json, text) !== null) return true
  return [body, rendered].some((one) => typeof one === 'string' && one.includes(text))
}

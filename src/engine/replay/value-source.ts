// What of a step a value that it wrote came from: a parameter (as rendered), the answer to one of its requests, or another place of its
// input. Said only where the step itself shows it; where two of them could be meant, nobody can tell.
import { pathOf, type Place } from './place.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ValuePath } from '../../contract/values.ts'
import { locateSteps } from '../hash/locate.ts'
import { valueAt } from '../format/values.ts'
import { isSame } from './diff.ts'
import type { StepData } from './fold.ts'

/** Values that are looked at before the search gives up. */
const mostLooked = 100_000
/** Lists and maps that are looked at for the one that was moved. */
const mostContainers = 10_000
/** Shorter texts stand in too many answers to say anything. */
const telling = 3
/** Longer ones name more than a place. */
const mostTemplate = 1000
/** Places that a hash path is followed to. */
const mostPlaces = 1000
const unfiltered = '_unfilteredData'

type Box = JsonMap & object
const isBox = (value: Json | undefined): value is Box => typeof value === 'object' && value !== null

/** What names a value: itself, or the name, value or uuid of a map. */
function textOf(value: Json): string | null {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (!isBox(value)) return null
  for (const key of ['value', 'name', 'uuid']) {
    const named = Object.hasOwn(value, key) ? value[key] : undefined
    if (typeof named === 'string' && named !== '') return named
  }
  return null
}

/** Whether the text stands whole somewhere in a value. */
function holds(root: Json, text: string): boolean {
  const pending: Json[] = [root]
  for (let looked = 0; pending.length > 0 && looked < mostLooked; looked++) {
    const value = pending.pop() as Json
    if (isBox(value)) for (const item of Object.values(value)) pending.push(item)
    else if (value !== null && String(value) === text) return true
  }
  return false
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

const keysOf = (text: string): ValuePath =>
  (text.match(/\w+/g) ?? []).map((key) => (/^(0|[1-9]\d*)$/.test(key) ? Number(key) : key))

/** The place of the input that a template names and nothing else, where the text stands there. */
function placeNamedBy(template: Json | undefined, input: Json, text: string): ValuePath | null {
  const place = placeOf(template)
  const there = place === null ? undefined : valueAt(input, place)
  return there !== undefined && textOf(there) === text ? place : null
}

/** What a parameter has to do with the text. MISP posts parameters as they were saved: their templates are not rendered. */
function ofParam([id, param]: readonly [string, Json], saved: Json, input: Json, text: string): ValueSource | null {
  const own = isBox(saved) && Object.hasOwn(saved, id) ? saved[id] : undefined
  const source = placeNamedBy(own, input, text) ?? placeNamedBy(param, input, text)
  if (source !== null) return { from: `parameter ${id}`, source }
  return gives(param, text) ? { from: `parameter ${id}` } : null
}

/** Whole, as an item of a list, or as a line or an entry between commas. */
function gives(param: Json, text: string): boolean {
  if (typeof param !== 'string') return holds(param, text)
  return param === text || param.split(/[\n,]/).some((part) => part.trim() === text) || jsonHolds(param, text)
}

function jsonHolds(body: string, text: string): boolean {
  if (!/^\s*[[{"]/.test(body) || !body.includes(JSON.stringify(text).slice(1, -1))) return false
  try {
    return holds(JSON.parse(body) as Json, text)
  } catch {
    return false
  }
}

/** The places of the data that parameters name as hash paths, where the value stands. */
function named(params: JsonMap, input: Json, text: string): ValuePath[] {
  const places = new Map<string, ValuePath>()
  for (const param of Object.values(params)) {
    if (typeof param !== 'string' || param.length > mostTemplate || !/^\w+(\.[^\s.]+)*$/.test(param)) continue
    for (const { path, value } of locateSteps(input, param, mostPlaces).at(-1) ?? [])
      if (textOf(value) === text) places.set(JSON.stringify(path), path)
  }
  return [...places.values()]
}

/** What a step wrote: the value at a place of its output. */
export interface WrittenValue {
  readonly value: Json
  readonly place: ValuePath
  /** The node's parameters before their templates were rendered. */
  readonly saved: Json
  /** Where all that the module stores comes from. */
  readonly restores: 'database' | 'unfiltered copy' | undefined
}

/** Null where nobody can tell. */
export function sourceOf(data: StepData, written: WrittenValue): ValueSource | null {
  if (written.restores === 'database') return { from: 'the database' }
  const place = moved(data, written)
  if (place !== null) return { from: place.join('.'), source: place }
  const { value, saved } = written
  const text = textOf(value)
  if (text === null || text === '') return null
  const { params, effects, input } = data
  const found: ValueSource[] = []
  if (isBox(params)) {
    for (const param of Object.entries(params)) {
      const source = ofParam(param, saved, input, text)
      if (source !== null) found.push(source)
    }
    for (const path of named(params, input, text)) found.push({ from: path.join('.'), source: path })
  }
  const answered = text.length < telling ? [] : answersWith(effects, text)
  if (answered.length > 0) found.push({ from: answerName(effects.length, answered) })
  return found.length === 1 ? (found[0] as ValueSource) : null
}

/**
 * Where in the input the value stood that only stands elsewhere now. Data is never cloned, so the very container that holds it is proof; the
 * copy that filters keep is known by its name.
 */
function moved({ input, output }: StepData, { value, place, restores }: WrittenValue): ValuePath | null {
  const kept = place[0] === unfiltered ? place.slice(1) : restores === 'unfiltered copy' ? [unfiltered, ...place] : null
  if (kept !== null && kept.length > 0 && isSame(valueAt(input, kept), value)) return kept
  const boxes = new Map<Json, number>()
  let here: Json | undefined = output
  for (const [depth, key] of [...place, ''].entries()) {
    if (!isBox(here)) break
    // Empty ones may be one and the same everywhere.
    if (depth > 0 && Object.keys(here).length > 0) boxes.set(here, depth)
    here = Object.hasOwn(here, key) ? here[key] : undefined
  }
  if (boxes.size === 0) return null
  let [best, at]: [number, ValuePath | null] = [0, null]
  for (const [box, path] of containersOf(input)) {
    const depth = boxes.get(box)
    if (depth === undefined || depth <= best) continue
    ;[best, at] = [depth, [...pathOf(path), ...place.slice(depth)]]
    if (depth === boxes.size) break
  }
  return at
}

/** The containers of a value, each once, outer ones first; of a large one not all of them. */
function* containersOf(root: Json): Generator<readonly [Box, Place | null]> {
  const seen = new Set<Json>()
  const pending: (readonly [Json, Place | null])[] = [[root, null]]
  for (const [box, above] of pending) {
    if (!isBox(box) || seen.has(box)) continue
    seen.add(box)
    if (seen.size > mostContainers) return
    yield [box, above]
    const isList = Array.isArray(box)
    for (const key in box) {
      const inner = box[key]
      if (isBox(inner) && pending.length <= mostContainers)
        pending.push([inner, { key: isList ? Number(key) : key, above }])
    }
  }
}

/** Positions of the answers that hold the text. What a template was rendered to stands in its parameter. */
const answersWith = (effects: StepData['effects'], text: string): readonly number[] =>
  effects.flatMap(({ effect, answer }, i) =>
    effect.kind !== 'template' && isInAnswer(answer as unknown as JsonMap, text) ? [i] : []
  )

/** A service that is asked about each attribute may answer the same about several. */
const answerName = (count: number, [first = 0, ...others]: readonly number[]): string =>
  others.length > 0 ? `one of ${others.length + 1} answers` : count === 1 ? 'the answer' : `answer ${first + 1}`

function isInAnswer({ json, body }: JsonMap, text: string): boolean {
  return (
    (json !== undefined && holds(json, text)) || (typeof body === 'string' && (body === text || jsonHolds(body, text)))
  )
}

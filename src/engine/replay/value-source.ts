// What of a step a value that it wrote came from: a parameter (as rendered), the answer to one of its requests, or another place of its
// input.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ValuePath } from '../../contract/values.ts'
import type { StepData } from './fold.ts'

/** Values that are looked at before the search gives up. */
const mostLooked = 100_000
/** Shorter texts stand in too many places to say anything. */
const telling = 3

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

/** Null where nobody can tell. */
export function sourceOf({ params, effects, input }: StepData, value: Json): string | null {
  const text = textOf(value)
  if (text === null || text === '') return null
  if (typeof params === 'object' && params !== null)
    for (const [id, param] of Object.entries(params))
      if (find(param as Json, text) !== null || (isTelling(text) && typeof param === 'string' && param.includes(text)))
        return `parameter ${id}`
  if (!isTelling(text)) return null
  for (const [i, { answer }] of effects.entries())
    if (isInAnswer(answer as unknown as JsonMap, text)) return answerName(effects.length, i)
  const place = find(input, text)
  return place === null ? null : place.join('.')
}

const answerName = (count: number, i: number): string => (count === 1 ? 'the answer' : `answer ${i + 1}`)

function isInAnswer(answer: JsonMap, text: string): boolean {
  const { json, body, text: rendered } = answer
  if (json !== undefined && find(json, text) !== null) return true
  return [body, rendered].some((one) => typeof one === 'string' && one.includes(text))
}

// Values that are equal and not one: a run's file tells them apart, so a repeat has to.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { EMPTY_OBJECT } from '../../php/values.ts'

const isContainer = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && value !== EMPTY_OBJECT

/** Every list and map in it, outer before inner; one that stands there twice comes twice. Empty ones are all alike. */
export function* containersIn(value: Json): Generator<object> {
  if (!isContainer(value)) return
  const inner = Object.values(value)
  if (inner.length === 0) return
  yield value
  for (const one of inner) yield* containersIn(one)
}

/** An equal value that shares nothing with it. */
export function copyOf(value: Json): Json {
  if (!isContainer(value)) return value
  if (Array.isArray(value)) return value.map((one: Json) => copyOf(one))
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, copyOf(one)]))
}

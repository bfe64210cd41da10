// Effects for a window: a node may send all of a 100 MB event, of which a window needs the beginning.
import type { Json } from '../../../contract/json.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import { beginningOf } from '../values/long-text.ts'

/** Characters of each text, or of the JSON of each value. */
const shown = 1_000_000
const more = '\n… Truncated. The whole value is in the step’s data.'

function clip(value: Json): Json {
  if (typeof value === 'string') return value.length > shown ? value.slice(0, shown) + more : value
  const beginning = beginningOf(value, shown)
  return beginning === null ? value : beginning + more
}

function clipParts<T extends object>(whole: T): T {
  const parts = Object.entries(whole) as [string, Json][]
  return Object.fromEntries(
    parts.map(([name, part]) => [
      name,
      // What is posted to a service stays a map, of which one entry is the event.
      name === 'body' && typeof part === 'object' && part !== null && !Array.isArray(part)
        ? clipParts(part)
        : clip(part)
    ])
  ) as T
}

export const clipEffect = (given: RunEffect): RunEffect => ({
  ...given,
  effect: clipParts(given.effect),
  answer: clipParts(given.answer)
})

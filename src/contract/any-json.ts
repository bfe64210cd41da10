// Schemas of data that is taken as it is. z.json() and z.record() copy what they parse, and leave keys named `__proto__` out without a word;
// MISP's PHP keeps them, as JSON.parse does.
import { z } from 'zod'
import { isUnknownMap, type Json, type JsonMap } from './json.ts'

/** Far more than MISP's own limit of 512, far less than what ends a process that walks over it. */
const mostLevels = 1200

/** Without recursion: it may nest as deep as it likes. */
function isJson(value: unknown): boolean {
  const left: (readonly [value: unknown, level: number])[] = [[value, 0]]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [one, level] = next
    if (one === null || typeof one === 'string' || typeof one === 'boolean') continue
    if (typeof one === 'number' ? Number.isFinite(one) : typeof one === 'object' && level < mostLevels) {
      if (typeof one === 'object') for (const part of Object.values(one)) left.push([part, level + 1])
    } else return false
  }
  return true
}

export const anyJson = z.custom<Json>(isJson, `expected JSON of at most ${mostLevels} levels`)
export const anyMap = z.custom<JsonMap>(
  (value) => isUnknownMap(value) && isJson(value),
  `expected an object of at most ${mostLevels} levels`
)

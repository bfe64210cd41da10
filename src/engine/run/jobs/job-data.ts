// Jobs carry their data as JSON text on the command line.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { utf8Length } from '../../php/cast.ts'

/** True when the value as JSON is longer than `limit` bytes. Looks at no more of it than needed. */
export const exceedsAsJson = (value: Json, limit: number): boolean => remaining(value, limit) < 0

function remaining(value: Json, left: number): number {
  if (left < 0) return left
  if (typeof value === 'string') return left - 2 - textLength(value)
  if (typeof value !== 'object' || value === null) return left - String(value).length
  // A comma before each entry but the first: counted for every entry, and the one too many given back before they are, so that
  // what is left never falls below zero too early.
  const separator = 1
  if (Array.isArray(value)) {
    let rest = left - 2 + (value.length > 0 ? separator : 0)
    for (const item of value as readonly Json[]) {
      rest = remaining(item, rest - separator)
      if (rest < 0) return rest
    }
    return rest
  }
  const keys = Object.keys(value)
  let rest = left - 2 + (keys.length > 0 ? separator : 0)
  for (const key of keys) {
    rest = remaining((value as JsonMap)[key] as Json, rest - separator - 3 - textLength(key))
    if (rest < 0) return rest
  }
  return rest
}

/** Bytes between the quotes: quotes, backslashes and control characters are escaped, slashes and unicode are not. */
function textLength(text: string): number {
  let extra = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0x22 || unit === 0x5c) extra++
    else if (unit < 0x20) extra += unit === 10 || unit === 13 || unit === 9 || unit === 8 || unit === 12 ? 1 : 5
  }
  return utf8Length(text) + extra
}

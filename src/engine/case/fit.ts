// Whether something is as it is expected. Of maps the keys that are expected count, everything else as a whole.
import type { Json, JsonMap } from '../../contract/json.ts'
import { mask } from '../../contract/mask.ts'
import { isMap } from '../php/values.ts'

export type Keys = readonly (string | number)[]

export interface Misfit {
  readonly keys: Keys
  readonly op: 'added' | 'removed' | 'changed'
  readonly before: Json
  readonly after: Json
}

/** More are not told of one thing. */
const most = 50

/** What does not fit; nothing when all of it does. `at`: where the two stand. */
export function misfits(
  expected: Json,
  actual: Json | undefined,
  at: Keys = [],
  found: Misfit[] = []
): readonly Misfit[] {
  if (found.length >= most) return found
  if (actual === undefined) found.push({ keys: at, op: 'removed', before: expected, after: null })
  else if (isMap(expected) && isMap(actual)) {
    for (const name of Object.keys(expected)) {
      const inner = Object.hasOwn(actual, name) ? (actual[name] as Json) : undefined
      misfits(expected[name] as Json, inner, [...at, name], found)
    }
  } else if (Array.isArray(expected) && Array.isArray(actual)) listMisfits(expected, actual, at, found)
  else if (!isFitting(expected, actual)) found.push({ keys: at, op: 'changed', before: expected, after: actual })
  return found
}

function listMisfits(expected: readonly Json[], actual: readonly Json[], at: Keys, found: Misfit[]): void {
  for (let i = 0; i < Math.max(expected.length, actual.length) && found.length < most; i++) {
    if (i >= expected.length) found.push({ keys: [...at, i], op: 'added', before: null, after: actual[i] as Json })
    else misfits(expected[i] as Json, actual[i], [...at, i], found)
  }
}

const isNothing = (value: Json): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value as JsonMap).length === 0

function isFitting(expected: Json, actual: Json): boolean {
  if (expected === actual) return true
  if (typeof expected === 'string' && typeof actual === 'string')
    return hasSecret(expected) && fitsSecret(expected, actual)
  // PHP's empty map is a list.
  return isNothing(expected) && isNothing(actual)
}

const hasSecret = (text: string): boolean => text.includes(mask)

/** Where dots stand for a secret, any text may stand. */
function fitsSecret(expected: string, actual: string): boolean {
  const parts = expected.split(mask)
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  if (!actual.startsWith(first) || !actual.endsWith(last) || actual.length < first.length + last.length) return false
  const end = actual.length - last.length
  let from = first.length
  for (const part of parts.slice(1, -1)) {
    const at = actual.indexOf(part, from)
    if (at < 0 || at + part.length > end) return false
    from = at + part.length
  }
  return true
}

// A case as text. Its own keys are sorted, so that the same case is the same text and a change is a small difference; data of MISP keeps the
// order of its keys, which counts there.
import type { Case } from '../../contract/case.ts'
import { isUnknownMap } from '../../contract/json.ts'

const sorted = (value: unknown): unknown =>
  isUnknownMap(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value

const each = (value: unknown): unknown => (Array.isArray(value) ? value.map(sorted) : sorted(value))

/** An answer with its request. */
const answer = (value: unknown): unknown => {
  if (!isUnknownMap(value) || !('request' in value)) return sorted(value)
  return sorted({ ...value, request: sorted(value.request) })
}

function part(name: string, value: unknown): unknown {
  if (name === 'answers' && Array.isArray(value)) return value.map(answer)
  if (name === 'settings' || name === 'mocks' || name === 'pins') return sorted(value)
  if (name !== 'expect' || !isUnknownMap(value)) return value
  return sorted(Object.fromEntries(Object.entries(value).map(([what, one]: [string, unknown]) => [what, each(one)])))
}

/** @param given as it is in its file, so that only what was changed changes */
export function caseText(given: Pick<Case, 'expect'>): string {
  const parts = Object.entries(given).map(([name, value]: [string, unknown]) => [name, part(name, value)])
  return `${JSON.stringify(sorted(Object.fromEntries(parts)), null, 2)}\n`
}

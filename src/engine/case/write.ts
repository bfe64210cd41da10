// A case as text. Its own keys are sorted, so that the same case is the same text and a change is a small difference; data of MISP keeps the
// order of its keys, which counts there.
import type { Case } from '../../contract/case.ts'

const plainMaps: ReadonlySet<string> = new Set(['settings', 'mocks', 'pins', 'expect'])

const sorted = (map: object): object => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))

export function caseText(given: Case): string {
  const parts = Object.entries(given).map(([name, value]: [string, unknown]) => {
    if (name === 'answers' && Array.isArray(value)) return [name, value.map((one: object) => sorted(one))]
    return [name, plainMaps.has(name) && value !== null && typeof value === 'object' ? sorted(value) : value]
  })
  return `${JSON.stringify(sorted(Object.fromEntries(parts)), null, 2)}\n`
}

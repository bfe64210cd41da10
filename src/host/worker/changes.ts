// The structural difference of two snapshots with names for its places. The engine finds it (shared parts are equal by identity and never
// walked); here it gets labels that a person reads.
import type { Json } from '../../contract/json.ts'
import type { ValueChange, ValueChanges, ValuePath } from '../../contract/values.ts'
import { diff } from '../../engine/replay/diff.ts'
import { changeWords } from './change-words.ts'
import { previewOf } from '../../engine/format/preview.ts'
import { summaryOf } from './values.ts'

/** More than this is not counted. */
const mostCounted = 10_000

export function changesBetween(before: Json | undefined, after: Json | undefined, limit: number): ValueChanges {
  const differences = diff(before ?? null, after ?? null, { limit: mostCounted })
  const told = differences.slice(0, limit)
  const changes = told.map(({ path, op, before: was, after: is }): ValueChange => ({
    op,
    path,
    label: labelOf(op === 'removed' ? before : after, path),
    before: op === 'added' ? null : summaryOf(was),
    after: op === 'removed' ? null : summaryOf(is)
  }))
  return { changes, words: changeWords(before, after, told), total: differences.length }
}

/** `Event.Attribute ip-dst 198.51.100.4 · to_ids`: a list's item is named by what it is, everything else by its key. */
function labelOf(root: Json | undefined, path: ValuePath): string {
  let label = ''
  let value = root
  for (const key of path) {
    value =
      value !== null && typeof value === 'object' && Object.hasOwn(value, key)
        ? (value as Record<string | number, Json>)[key]
        : undefined
    const isItem = typeof key === 'number' || /^\d+$/.test(key)
    if (isItem) label += ` ${value !== null && typeof value === 'object' ? previewOf(value) : key}`
    else label += `${label === '' ? '' : label.includes(' ') ? ' · ' : '.'}${key}`
  }
  return label.slice(0, 300)
}

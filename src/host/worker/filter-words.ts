// Filters of a workflow (Filter :: Generic) change what nodes see, not what the data holds. A debug post shows the data through them: what it
// lacks behind a filter was not removed.
import type { Json } from '../../contract/json.ts'
import { formatCount, plural, wordFor } from '../../contract/words.ts'
import { dig, isArray, isMap } from '../../engine/php/values.ts'
import { profiles } from '../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../engine/profiles/profiles.ts'
import { createRoamingData } from '../../engine/run/roaming-data.ts'
import type { Difference } from '../../engine/replay/diff.ts'

export interface FilterChange {
  readonly op: Difference['op']
  readonly text: string
  /** Whether a difference is that of `enabledFilters`. */
  readonly isOfFilters: (difference: Difference) => boolean
  /** Whether it is of an item that came into sight or went out of it. */
  readonly isOfSight: (difference: Difference) => boolean
}

const filtersOf = (data: Json | undefined): Readonly<Record<string, Json>> => {
  const filters = dig(data, 'enabledFilters')
  return isMap(filters) ? filters : {}
}

/** `Event._AttributeFlattened.{n}` as keys; null for what is no list of items. */
function listOf(filter: Json): readonly string[] | null {
  const selector = dig(filter, 'selector')
  const keys = typeof selector === 'string' ? selector.split('.') : []
  return keys.length > 1 && keys.at(-1) === '{n}' && !keys.slice(0, -1).some((key) => /[{[]/.test(key))
    ? keys.slice(0, -1)
    : null
}

const countAt = (data: Json, keys: readonly string[]): number => {
  const found = dig(data, ...keys)
  return isArray(found) ? Object.keys(found).length : 0
}

/** Null where no filter was set or removed, or where MISP itself fails at it. */
export function filterChange(before: Json, after: Json, profile: ProfileId): FilterChange | null {
  const [was, is] = [filtersOf(before), filtersOf(after)]
  const set = Object.keys(is).filter((label) => JSON.stringify(was[label]) !== JSON.stringify(is[label]))
  const gone = Object.keys(was).filter((label) => !Object.hasOwn(is, label))
  const label = set[0] ?? gone[0]
  if (label === undefined || !isMap(before) || !isMap(after)) return null
  const list = listOf(is[label] ?? was[label] ?? null)
  const counts = list === null ? null : seen(before, after, list, profile)
  const noun = list?.at(-1) === '_AttributeFlattened' ? 'attribute' : 'item'
  const text =
    set.length > 0
      ? `filter ${set.join(', ')} set${counts ? `: ${formatCount(counts.is)} of ${plural(counts.was, noun)} pass` : ''}`
      : `${wordFor(gone.length, 'filter')} ${gone.join(', ')} removed${counts ? `: ${plural(counts.is, noun)} in sight again, ${formatCount(counts.was)} before` : ''}`
  const depth = list?.length ?? 0
  return {
    ...{ op: set.length > 0 ? 'added' : 'removed', text },
    isOfFilters: ({ path }) => path[0] === 'enabledFilters',
    isOfSight: ({ op, path }) =>
      list !== null &&
      op === (set.length > 0 ? 'removed' : 'added') &&
      path.length === depth + 1 &&
      list.every((key, i) => String(path[i]) === key)
  }
}

/** How many items nodes saw and see. */
function seen(
  before: Json,
  after: Json,
  list: readonly string[],
  profile: ProfileId
): { readonly was: number; readonly is: number } | null {
  try {
    const view = (data: Json): Json => createRoamingData(data, profiles[profile]).getData()
    return { was: countAt(view(before), list), is: countAt(view(after), list) }
  } catch {
    return null
  }
}

// Filters of a workflow (Filter :: Generic) change what nodes see, not what the data holds. A debug post shows the data through them: what it
// lacks behind a filter was not removed.
import type { Json } from '../../../contract/json.ts'
import { claiming, counting, listed, numbering, say, wordOf } from '../../../contract/sentence.ts'
import type { Counted, Sentence } from '../../../contract/sentence.ts'
import { dig, isArray, isMap } from '../../../engine/php/values.ts'
import { profiles } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { createRoamingData } from '../../../engine/run/roaming-data.ts'
import type { Difference } from '../../../engine/replay/diff.ts'

export interface FilterChange {
  readonly op: Difference['op']
  readonly said: Sentence
  /** Whether a difference is that of `enabledFilters`. */
  readonly isOfFilters: (difference: Difference) => boolean
  /** Whether it is of an item that came into sight or went out of it. */
  readonly isOfSight: (difference: Difference) => boolean
}

const filtersOf = (data: Json | undefined): Readonly<Record<string, Json>> => {
  const filters = dig(data, 'enabledFilters')
  return isMap(filters) ? filters : {}
}

/** `Event._AttributeFlattened.{n}` as keys; MISP leaves `.{n}` out of it as it likes. Null for what is no list of items. */
function selectorOf(filter: Json): readonly string[] | null {
  const selector = dig(filter, 'selector')
  const keys = typeof selector === 'string' && selector !== '' ? selector.replace(/\.\{n\}$/, '').split('.') : []
  return keys.length === 0 || keys.some((key) => key.includes('[')) ? null : keys
}

const isAny = (key: string): boolean => /^\{[ns*]\}$/.test(key)

/** Null where there is no list. */
const countAt = (data: Json, keys: readonly string[]): number | null => {
  const found = dig(data, ...keys)
  return isArray(found) ? Object.keys(found).length : null
}

/** Null where no filter was set or removed, or where MISP itself fails at it. */
export function filterChange(before: Json, after: Json, profile: ProfileId): FilterChange | null {
  const [was, is] = [filtersOf(before), filtersOf(after)]
  const set = Object.keys(is).filter((label) => JSON.stringify(was[label]) !== JSON.stringify(is[label]))
  const gone = Object.keys(was).filter((label) => !Object.hasOwn(is, label))
  const isSet = set.length > 0
  const labels = isSet ? set : gone
  if (labels.length === 0 || !isMap(before) || !isMap(after)) return null
  const selectors = labels.map((label) => selectorOf((isSet ? is : was)[label] ?? null))
  const list = selectors[0]?.some(isAny) === false ? selectors[0] : null
  return {
    op: isSet ? 'added' : 'removed',
    said: say`${namesOf(labels)} ${isSet ? 'set' : 'removed'}${list && seen(before, after, { list, profile, isSet })}`,
    isOfFilters: ({ path }) => path[0] === 'enabledFilters',
    isOfSight: ({ op, path }) =>
      op === (isSet ? 'removed' : 'added') && selectors.some((keys) => keys !== null && isItemOf(path, keys))
  }
}

const namesOf = (labels: readonly string[]): Sentence => {
  const names = listed(
    labels.map((label) => claiming(label, { kind: 'label', label })),
    'and'
  )
  return say`${wordOf(labels.length, 'filter')} ${names}`
}

/** Whether the path is that of an item of the list (or of one of the lists) that the selector chooses. */
const isItemOf = (path: Difference['path'], keys: readonly string[]): boolean =>
  path.length === keys.length + 1 && keys.every((key, i) => String(path[i]) === key || isAny(key))

/** How many items nodes see and saw. Nothing where MISP fails at it, or at a list that is not there. */
function seen(
  before: Json,
  after: Json,
  { list, profile, isSet }: { readonly list: readonly string[]; readonly profile: ProfileId; readonly isSet: boolean }
): Sentence | null {
  const noun = list.at(-1) === '_AttributeFlattened' || list.at(-1) === 'Attribute' ? 'attribute' : 'item'
  try {
    const view = (data: Json): number | null => countAt(createRoamingData(data, profiles[profile]).getData(), list)
    const through = (side: 'input' | 'output'): Counted => ({ in: side, path: `${list.join('.')}.{n}`, filtered: true })
    const [was, is] = [view(before), view(after)]
    if (was === null || is === null) return null
    return isSet
      ? say`: ${numbering(is, through('output'))} of ${counting(was, through('input'), noun)} ${is === 1 ? 'passes' : 'pass'}`
      : say`: ${counting(is, through('output'), noun)} in sight again, ${numbering(was, through('input'))} before`
  } catch {
    return null
  }
}

// The structural difference of two snapshots with names for its places. The engine finds it (shared parts are equal by identity and never
// walked); here it gets labels that a person reads.
import type { Json } from '../../../contract/json.ts'
import type { ChangeSentence, ValueChange, ValueChanges, ValuePath } from '../../../contract/values.ts'
import { diff } from '../../../engine/replay/diff.ts'
import type { Difference } from '../../../engine/replay/diff.ts'
import { defaultProfile } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { changeWords } from './change-words.ts'
import { previewOf } from '../../../engine/format/preview.ts'
import { filterChange } from './filter-words.ts'
import type { FilterChange } from './filter-words.ts'
import { summaryOf } from '../../../engine/format/values.ts'

/** More than this is not counted. */
const mostCounted = 200_000

interface ChangeOptions {
  readonly profile?: ProfileId
  /** The data are of debug posts, which show them through the filters that are on. */
  readonly posts?: boolean
}

export function changesBetween(
  before: Json | undefined,
  after: Json | undefined,
  limit: number,
  options: ChangeOptions = {}
): ValueChanges {
  const all = diff(before ?? null, after ?? null, { limit: mostCounted })
  return changesOf(before, after, limit, { differences: all, isCut: all.length > mostCounted, ...options })
}

/** The same for differences that were found already. */
export function changesOf(
  before: Json | undefined,
  after: Json | undefined,
  limit: number,
  {
    differences: all,
    isCut,
    profile = defaultProfile,
    posts = false
  }: ChangeOptions & { readonly differences: readonly Difference[]; readonly isCut: boolean }
): ValueChanges {
  const filter = filterChange(before ?? null, after ?? null, profile)
  const differences = filter && posts ? all.filter((one) => !filter.isOfSight(one)) : all
  const changes = differences.slice(0, limit).map(({ path, op, before: was, after: is }): ValueChange => ({
    op,
    path,
    label: labelOf(op === 'removed' ? before : after, path),
    before: op === 'added' ? null : summaryOf(was),
    after: op === 'removed' ? null : summaryOf(is)
  }))
  // All are counted; those that are shown can be looked at.
  const words = wordsOf(before, after, { differences, filter, isCut }).flatMap((sentence) => {
    const of = sentence.of.filter((at) => at < limit)
    return of.length > 0 ? [{ ...sentence, of }] : []
  })
  return { changes, words, total: differences.length, isCut }
}

interface Found {
  readonly differences: readonly Difference[]
  readonly filter: FilterChange | null
  readonly isCut: boolean
}

/** A filter that was set or removed is said as such, not as a change of the key that MISP keeps it under. */
function wordsOf(
  before: Json | undefined,
  after: Json | undefined,
  { differences, filter, isCut }: Found
): readonly ChangeSentence[] {
  if (filter === null) return changeWords(before, after, differences, isCut)
  const places: number[] = []
  const of: number[] = []
  for (const [i, one] of differences.entries()) (filter.isOfFilters(one) ? of : places).push(i)
  const others = places.map((i) => differences[i] as Difference)
  const words = changeWords(before, after, others, isCut)
  return [
    { op: filter.op, of, ...filter.said },
    ...words.map((sentence) => ({ ...sentence, of: sentence.of.map((i) => places[i] as number) }))
  ]
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

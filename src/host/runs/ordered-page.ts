// A list in the order that a person chose, a page at a time.
import { z } from 'zod'
import { CodedError } from '../../contract/errors.ts'
import { countLeading } from '../../contract/lists.ts'

export type Key = string | number | null

/** How the items of a list are told apart and put in order. */
export interface Ordering<T> {
  readonly key: (item: T) => Key
  /** Orders those whose key is the same, the greatest first: a time. */
  readonly at: (item: T) => string
  readonly id: (item: T) => string
}

/** Where an item stands. It stays there while others come and go, so it is the cursor, too. */
type Place = readonly [key: Key, at: string, id: string]
const place = z.tuple([z.union([z.string(), z.number(), z.null()]), z.string(), z.string()])

/** What has no key stands last in both directions. */
function compare(a: Place, b: Place, down: boolean): number {
  if (a[0] !== b[0]) {
    if (a[0] === null || b[0] === null) return a[0] === null ? 1 : -1
    return a[0] < b[0] === down ? 1 : -1
  }
  if (a[1] !== b[1]) return a[1] < b[1] ? 1 : -1
  return a[2] < b[2] ? 1 : a[2] > b[2] ? -1 : 0
}

const placeOf = <T>({ key, at, id }: Ordering<T>, item: T): Place => [key(item), at(item), id(item)]

/** Which of two comes first. */
export const inOrder =
  <T>(ordering: Ordering<T>, down: boolean) =>
  (a: T, b: T): number =>
    compare(placeOf(ordering, a), placeOf(ordering, b), down)

/** All of them in that order. Each is asked for its key once. */
export const ordered = <T>(items: readonly T[], ordering: Ordering<T>, down: boolean): readonly T[] =>
  items
    .map((item) => ({ item, at: placeOf(ordering, item) }))
    .sort((a, b) => compare(a.at, b.at, down))
    .map(({ item }) => item)

interface Page {
  readonly down: boolean
  readonly cursor: string | null
  readonly limit: number
}

/** Some of a list that is in order. Throws PARAMS_INVALID for a cursor that is none of this list. */
export function pageOfOrdered<T>(
  items: readonly T[],
  ordering: Ordering<T>,
  { down, cursor, limit }: Page
): { readonly page: readonly T[]; readonly cursor: string | null } {
  const after = cursor === null ? null : parseCursor(cursor)
  const from = after === null ? 0 : countLeading(items, (item) => compare(placeOf(ordering, item), after, down) <= 0)
  const page = items.slice(from, from + limit)
  const last = page.at(-1)
  const hasMore = from + limit < items.length && last !== undefined
  return { page, cursor: hasMore ? JSON.stringify(placeOf(ordering, last)) : null }
}

function parseCursor(cursor: string): Place {
  try {
    return place.parse(JSON.parse(cursor))
  } catch {
    throw new CodedError('PARAMS_INVALID', 'The cursor does not belong to this order of the list.', { place: 'cursor' })
  }
}

// What a list's columns are, which of them have room, how wide each is, and how their values order the rows. Pure.
import type { ReactNode } from 'react'

export interface Column<T> {
  readonly id: string
  readonly label: string
  readonly right?: boolean
  readonly mono?: boolean
  /** Pixels; with `grow` the least. */
  readonly width: number
  /** Its share of the room that is left over. */
  readonly grow?: number
  /** Left out where room is short, the highest number first. Without it the column always stays. */
  readonly spare?: number
  /** What the rows are sorted by; null stands last. `host`: the host sorts, as it has all rows. */
  readonly sort?: ((item: T) => string | number | null) | 'host'
  readonly cell: (item: T) => ReactNode
  readonly title?: (item: T) => string | undefined
}

export interface Sorting {
  readonly id: string
  readonly down: boolean
}

export const leastWidth = 36
const gap = 10
const padding = 20

const widthOf = <T>(column: Column<T>, widths: Readonly<Record<string, number>>): number =>
  Math.max(leastWidth, widths[column.id] ?? column.width)

/** The columns that fit into so many pixels, and the CSS that lays them out. */
export function fitColumns<T>(
  columns: readonly Column<T>[],
  widths: Readonly<Record<string, number>>,
  room: number
): { readonly shown: readonly Column<T>[]; readonly template: string } {
  const shown = [...columns]
  const needed = () => shown.reduce((sum, one) => sum + widthOf(one, widths) + gap, padding - gap)
  while (room > 0 && needed() > room) {
    const spare = shown.filter((one) => one.spare !== undefined)
    const first = spare.reduce((a, b) => ((b.spare ?? 0) >= (a.spare ?? 0) ? b : a), spare[0] as Column<T>)
    if (!first) break
    shown.splice(shown.indexOf(first), 1)
  }
  const template = shown
    .map((one) => {
      const width = widthOf(one, widths)
      return one.grow && widths[one.id] === undefined ? `minmax(${width}px, ${one.grow}fr)` : `${width}px`
    })
    .join(' ')
  return { shown, template }
}

/** Up, down, and as it came. */
export const nextSorting = (now: Sorting | null, id: string): Sorting | null =>
  now?.id !== id ? { id, down: false } : now.down ? null : { id, down: true }

let collator: Intl.Collator | undefined
/** One for all: `localeCompare` makes one for each pair. */
const compareTexts = (a: string, b: string): number =>
  (collator ??= new Intl.Collator('en', { numeric: true, sensitivity: 'base' })).compare(a, b)

/** The rows by the column's values. What has none stands last in both directions, what is equal stays as it came. */
export function sortItems<T>(
  items: readonly T[],
  columns: readonly Column<T>[],
  sorting: Sorting | null
): readonly T[] {
  const key = columns.find(({ id }) => id === sorting?.id)?.sort
  if (!sorting || typeof key !== 'function') return items
  const sign = sorting.down ? -1 : 1
  return items
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return a.key === b.key ? 0 : a.key === null ? 1 : -1
      const order =
        typeof a.key === 'number' && typeof b.key === 'number'
          ? a.key - b.key
          : compareTexts(String(a.key), String(b.key))
      return sign * order
    })
    .map(({ item }) => item)
}

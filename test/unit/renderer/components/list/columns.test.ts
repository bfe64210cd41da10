import { describe, expect, test } from 'vitest'
import { fitColumns, nextSorting, sortItems } from '../../../../../src/renderer/components/list/columns.ts'
import type { Column } from '../../../../../src/renderer/components/list/columns.ts'

interface Item {
  readonly name: string | null
  readonly size: number
}

const columns: readonly Column<Item>[] = [
  { id: 'name', label: 'Name', width: 100, grow: 2, sort: ({ name }) => name, cell: () => null },
  { id: 'size', label: 'Size', width: 60, spare: 1, sort: ({ size }) => size, cell: () => null },
  { id: 'note', label: 'Note', width: 80, grow: 1, spare: 2, cell: () => null }
]
const idsOf = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id)

describe('columns that fit', () => {
  test('all of them where there is room, those that grow share what is left', () => {
    const { shown, template } = fitColumns(columns, {}, 1000)
    expect(idsOf(shown)).toEqual(['name', 'size', 'note'])
    expect(template).toBe('minmax(100px, 2fr) 60px minmax(80px, 1fr)')
  })
  test('the most spare one goes first, the one that is not spare stays', () => {
    expect(idsOf(fitColumns(columns, {}, 279).shown)).toEqual(['name', 'size'])
    expect(idsOf(fitColumns(columns, {}, 189).shown)).toEqual(['name'])
    expect(idsOf(fitColumns(columns, {}, 10).shown)).toEqual(['name'])
    // Before the width is known nothing is left out.
    expect(idsOf(fitColumns(columns, {}, 0).shown)).toEqual(['name', 'size', 'note'])
  })
  test('a column that somebody resized has that width, but can still be found again', () => {
    expect(fitColumns(columns, { name: 240, size: 3 }, 1000).template).toBe('240px 36px minmax(80px, 1fr)')
    expect(idsOf(fitColumns(columns, { size: 800 }, 500).shown)).toEqual(['name'])
  })
})

describe('order', () => {
  const items: readonly Item[] = [
    { name: 'step 10', size: 3 },
    { name: null, size: 1 },
    { name: 'Step 9', size: 3 },
    { name: 'alpha', size: 2 }
  ]
  const names = (id: string, down: boolean) => sortItems(items, columns, { id, down }).map(({ name }) => name)
  test('goes up, down, and back to how it came', () => {
    const up = nextSorting(null, 'name')
    const down = nextSorting(up, 'name')
    expect([up, down, nextSorting(down, 'name'), nextSorting(down, 'size')]).toEqual([
      { id: 'name', down: false },
      { id: 'name', down: true },
      null,
      { id: 'size', down: false }
    ])
  })
  test('numbers in names count as numbers, and what has no value stands last', () => {
    expect(names('name', false)).toEqual(['alpha', 'Step 9', 'step 10', null])
    expect(names('name', true)).toEqual(['step 10', 'Step 9', 'alpha', null])
  })
  test('what is equal stays as it came, in both directions', () => {
    expect(names('size', false)).toEqual([null, 'alpha', 'step 10', 'Step 9'])
    expect(names('size', true)).toEqual(['step 10', 'Step 9', 'alpha', null])
  })
  test('a column that is gone, or that the host sorts, leaves the rows as they are', () => {
    expect(sortItems(items, columns, { id: 'note', down: true })).toBe(items)
    expect(sortItems(items, columns, { id: 'gone', down: true })).toBe(items)
    expect(sortItems(items, columns, null)).toBe(items)
  })
})

import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useMemo, useReducer, useRef } from 'react'
import type { CSSProperties, KeyboardEvent, MouseEvent, RefObject } from 'react'
import { useStore } from 'zustand'
import { useWidth } from '../../hooks/use-width.ts'
import { preferences, setColumnWidth } from '../../stores/preferences.ts'
import { openMenu } from '../menu.tsx'
import type { MenuItem } from '../menu.tsx'
import { fitColumns } from './columns.ts'
import type { Column, Sorting } from './columns.ts'
import { Heads } from './heads.tsx'
import { useRowDrag } from './row-drag.ts'
import type { RowDrag } from './row-drag.ts'
import { menuKey, useMenuCommands } from './row-menu.ts'
import './list.css'

export interface DataGridProps<T> {
  /** Names it for people, and for what is kept of it: widths of columns, order. */
  readonly label: string
  readonly columns: readonly Column<T>[]
  readonly items: readonly T[]
  readonly id: (item: T) => string
  readonly selected: ReadonlySet<string>
  readonly onSelect: (ids: readonly string[]) => void
  readonly onOpen: (item: T) => void
  readonly onEnd?: () => void
  readonly onKey?: (event: KeyboardEvent, item: T | undefined) => boolean
  /** What can be done with a row: by right click, Shift+F10, the keys of each and the command palette. */
  readonly menu?: (item: T) => readonly MenuItem[]
  /** Rows under other rows; `open` undefined: nothing under it. */
  readonly tree?: (item: T) => { readonly level: number; readonly open: boolean | undefined }
  readonly drag?: RowDrag<T>
  readonly sorting?: Sorting | null
  readonly onSort?: (id: string) => void
}

const rowHeight = 28
const headHeight = 26

// Scrolling moves rows; as long as the columns are the same, what is in them is not drawn anew.
const RowCells = memo(function RowCells({ item, columns }: { item: unknown; columns: readonly Column<unknown>[] }) {
  return columns.map((column) => (
    <span
      key={column.id}
      role="gridcell"
      data-column={column.id}
      className={`ellipsis${column.right ? ' num' : ''}${column.mono ? ' mono' : ''}`}
      title={column.title?.(item)}
    >
      {column.cell(item)}
    </span>
  ))
})

const levelOf = ({ level, open }: { readonly level: number; readonly open: boolean | undefined }) => ({
  'aria-level': level,
  ...(open === undefined ? {} : { 'aria-expanded': open })
})

/** The row that the keyboard is at, which stays on its item when others come above it. -1: none yet. */
function useCursor<T>({ items, id, selected }: Pick<DataGridProps<T>, 'items' | 'id' | 'selected'>) {
  const at = useRef(-1)
  const held = useRef<string | null>(null)
  const [, draw] = useReducer((count: number) => count + 1, 0)
  const here = items[at.current]
  if (held.current === null && selected.size > 0) {
    // A person comes back to the list: to where they were.
    at.current = items.findIndex((item) => selected.has(id(item)))
    const item = items[at.current]
    if (item) held.current = id(item)
  } else if (held.current !== null && (!here || id(here) !== held.current)) {
    at.current = items.findIndex((item) => id(item) === held.current)
    if (at.current < 0) held.current = null
  }
  const moveTo = (index: number) => {
    const item = items[index]
    at.current = item ? index : -1
    held.current = item ? id(item) : null
    draw()
  }
  return { at: at.current, item: items[at.current], moveTo }
}

function useChoice<T>(props: DataGridProps<T>, scrollTo: (index: number) => void) {
  const { items, id, selected, onSelect } = props
  const cursor = useCursor(props)
  const anchor = useRef(0)
  const choose = (index: number, extend: boolean) => {
    const at = Math.max(0, Math.min(items.length - 1, index))
    if (!items[at]) return
    cursor.moveTo(at)
    if (!extend) anchor.current = at
    const [from, to] = [Math.min(anchor.current, at), Math.max(anchor.current, at)]
    onSelect(items.slice(from, to + 1).map(id))
    scrollTo(at)
  }
  const toggle = (index: number) => {
    const item = items[index]
    if (!item) return
    cursor.moveTo(index)
    anchor.current = index
    const ids = new Set(selected)
    if (!ids.delete(id(item))) ids.add(id(item))
    onSelect([...ids])
  }
  const walk = (index: number) => {
    const at = Math.max(0, Math.min(items.length - 1, index))
    cursor.moveTo(at)
    scrollTo(at)
  }
  return { cursor, choose, toggle, walk }
}

/** Where a key leads to; undefined when it does not. */
function targetOf(key: string, at: number, last: number): number | undefined {
  const moves: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: Math.max(0, at - 1),
    PageDown: at + 15,
    PageUp: at - 15,
    Home: 0,
    End: last
  }
  return moves[key]
}

function useVirtualRows(count: number, scroll: RefObject<HTMLElement | null>, onEnd: (() => void) | undefined) {
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // The heading stays in sight above the rows.
    scrollPaddingStart: headHeight
  })
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= count - 20) onEnd?.()
  }, [last, count])
  return virtual
}

/** A virtualised table: arrows select, with Shift they extend, with Ctrl they only go; Space selects, Enter opens. */
export function DataGrid<T>(props: DataGridProps<T>) {
  const { items, id, label, selected, onOpen, onEnd } = props
  const scroll = useRef<HTMLDivElement>(null)
  const virtual = useVirtualRows(items.length, scroll, onEnd)
  const rows = virtual.getVirtualItems()
  const { cursor, choose, toggle, walk } = useChoice(props, (index) => virtual.scrollToIndex(index))
  useEffect(() => {
    if (cursor.at > 0) virtual.scrollToIndex(cursor.at)
  }, [])
  const current = cursor.item
  const chosen = current !== undefined && selected.has(id(current)) ? current : undefined
  const onKeyDown = (event: KeyboardEvent) => {
    // Buttons in rows keep their own keys.
    if (event.target !== scroll.current && (event.key === 'Enter' || event.key === ' ')) return
    if (props.onKey?.(event, chosen)) return event.preventDefault()
    if (event.altKey) return
    const target = targetOf(event.key, cursor.at, items.length - 1)
    if (event.ctrlKey || event.metaKey) {
      if (event.key === 'a') props.onSelect(items.map(id))
      else if (target !== undefined) walk(target)
      else return
      return event.preventDefault()
    }
    if (target !== undefined) choose(target, event.shiftKey)
    else if (event.key === ' ') toggle(Math.max(0, cursor.at))
    else if (event.key === 'Enter' && current !== undefined) onOpen(current)
    else if (!chosen || !menuKey(event, scroll.current, props.menu?.(chosen))) return
    event.preventDefault()
  }
  const onClick = (event: MouseEvent, index: number) => {
    if (event.ctrlKey || event.metaKey) toggle(index)
    else choose(index, event.shiftKey)
  }
  useMenuCommands(label, props.menu, chosen)
  const dragging = useRowDrag(id, selected)
  const width = useWidth(scroll)
  const widths = useStore(preferences, ({ lists }) => lists[label]?.widths ?? noWidths)
  const { shown, template } = useMemo(() => fitColumns(props.columns, widths, width), [props.columns, widths, width])
  const hasCursor = current !== undefined && rows.some(({ index }) => index === cursor.at)
  return (
    <div
      ref={scroll}
      className="scroll grid"
      style={{ '--columns': template } as CSSProperties}
      role={props.tree ? 'treegrid' : 'grid'}
      aria-label={label}
      aria-rowcount={items.length}
      aria-multiselectable
      tabIndex={0}
      onKeyDown={onKeyDown}
      {...(hasCursor ? { 'aria-activedescendant': `row-${id(current)}` } : {})}
    >
      <Heads
        columns={shown}
        sorting={props.sorting ?? null}
        onSort={props.onSort ?? noSort}
        onWidth={(column, to) => setColumnWidth(label, column, to)}
      />
      <div
        role="rowgroup"
        aria-label={`${label}: rows`}
        style={{ height: virtual.getTotalSize(), position: 'relative' }}
      >
        {rows.map((row) => {
          const item = items[row.index]
          if (!item) return null
          return (
            <div
              key={id(item)}
              id={`row-${id(item)}`}
              role="row"
              aria-rowindex={row.index + 1}
              aria-selected={selected.has(id(item))}
              data-current={row.index === cursor.at || undefined}
              {...(props.tree ? levelOf(props.tree(item)) : {})}
              className="grid-row"
              style={{ transform: `translateY(${row.start}px)`, height: rowHeight }}
              onClick={(event) => onClick(event, row.index)}
              {...(props.drag ? dragging.of(item, props.drag) : {})}
              onDoubleClick={() => onOpen(item)}
              onContextMenu={(event) => {
                if (!props.menu) return
                event.preventDefault()
                if (!selected.has(id(item))) choose(row.index, false)
                openMenu(event, props.menu(item))
              }}
            >
              <RowCells item={item} columns={shown as readonly Column<unknown>[]} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

const noWidths: Readonly<Record<string, number>> = {}
const noSort = () => undefined

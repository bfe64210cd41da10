import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useRef, useState } from 'react'
import type { DragEvent, KeyboardEvent, MouseEvent, ReactNode } from 'react'
import { addCommandSource, strokeOf } from '../stores/commands.ts'
import { openMenu } from './menu.tsx'
import type { MenuItem } from './menu.tsx'
import './data-grid.css'

interface DataGridProps<T> {
  readonly label: string
  readonly columns: readonly { readonly label: string; readonly right?: boolean }[]
  /** Class that sets grid-template-columns. */
  readonly layout: string
  readonly items: readonly T[]
  readonly id: (item: T) => string
  readonly cells: (item: T) => ReactNode
  readonly selected: ReadonlySet<string>
  readonly onSelect: (ids: readonly string[]) => void
  readonly onOpen: (item: T) => void
  readonly onEnd?: () => void
  readonly onKey?: (event: KeyboardEvent, item: T | undefined) => boolean
  /** What can be done with a row: by right click, Shift+F10, the keys of each and the command palette. */
  readonly menu?: (item: T) => readonly MenuItem[]
  readonly rowHeight?: number
  /** Rows under other rows; `open` undefined: nothing under it. */
  readonly tree?: (item: T) => { readonly level: number; readonly open: boolean | undefined }
  /** Rows that can be dragged, and dropped on other rows. `ids`: the selected ones when the dragged row is among them. */
  readonly drag?: {
    readonly label: (count: number) => string
    readonly accepts: (ids: readonly string[], onto: T) => boolean
    readonly drop: (ids: readonly string[], onto: T) => void
    /** Null when it ends. */
    readonly dragging?: (ids: readonly string[] | null) => void
  }
}

// Scrolling moves rows; as long as `cells` is the same function, what is in them is not drawn anew.
const RowCells = memo(function RowCells({ item, cells }: { item: unknown; cells: (item: unknown) => ReactNode }) {
  return cells(item)
})

const levelOf = ({ level, open }: { readonly level: number; readonly open: boolean | undefined }) => ({
  'aria-level': level,
  ...(open === undefined ? {} : { 'aria-expanded': open })
})

/** A virtualised table that is worked by arrow keys: Enter opens, Shift extends, Ctrl adds. */
export function DataGrid<T>(props: DataGridProps<T>) {
  const { items, id, selected, onSelect, onOpen, onEnd, rowHeight = 28 } = props
  const scroll = useRef<HTMLDivElement>(null)
  const anchor = useRef(0)
  const cursor = useRef(0)
  const held = useRef<string | null>(null)
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // The heading stays in sight above the rows.
    scrollPaddingStart: 26
  })
  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= items.length - 20) onEnd?.()
  }, [last, items.length])

  // New rows on top move the others: the cursor stays on its row.
  const here = items[cursor.current]
  if (held.current !== null && (!here || id(here) !== held.current)) {
    const at = items.findIndex((item) => id(item) === held.current)
    if (at >= 0) cursor.current = at
  }
  const moveTo = (index: number) => {
    const item = items[index]
    cursor.current = index
    held.current = item ? id(item) : null
  }

  const choose = (index: number, extend: boolean) => {
    const at = Math.max(0, Math.min(items.length - 1, index))
    const item = items[at]
    if (!item) return
    moveTo(at)
    if (!extend) anchor.current = at
    const [from, to] = [Math.min(anchor.current, at), Math.max(anchor.current, at)]
    onSelect(items.slice(from, to + 1).map(id))
    virtual.scrollToIndex(at)
  }
  const current = items[cursor.current]
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = current && selected.has(id(current)) ? current : undefined
    if (props.onKey?.(event, chosen)) return event.preventDefault()
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (chosen && menuKey(event, scroll.current, props.menu?.(chosen))) return event.preventDefault()
    const start = selected.size === 0 ? -1 : cursor.current
    const moves: Record<string, number> = {
      ArrowDown: start + 1,
      ArrowUp: Math.max(0, start - 1),
      PageDown: start + 15,
      PageUp: start - 15,
      Home: 0,
      End: items.length - 1
    }
    const target = moves[event.key]
    if (target !== undefined) choose(target, event.shiftKey)
    else if (event.key === 'Enter' && chosen) onOpen(chosen)
    else return
    event.preventDefault()
  }
  const onClick = (event: MouseEvent, index: number) => {
    const item = items[index]
    if (!item) return
    if (event.ctrlKey || event.metaKey) {
      moveTo(index)
      const ids = new Set(selected)
      if (!ids.delete(id(item))) ids.add(id(item))
      return onSelect([...ids])
    }
    choose(index, event.shiftKey)
  }
  useMenuCommands(props.label, props.menu, current && selected.has(id(current)) ? current : undefined)
  const dragging = useDrag(id, selected)
  return (
    <div
      ref={scroll}
      className="scroll grid"
      role={props.tree ? 'treegrid' : 'grid'}
      aria-label={props.label}
      aria-rowcount={items.length}
      aria-multiselectable
      tabIndex={0}
      onKeyDown={onKeyDown}
      {...(current && selected.has(id(current)) ? { 'aria-activedescendant': `row-${id(current)}` } : {})}
    >
      <div role="rowgroup" className="grid-heads">
        <div className={`grid-head ${props.layout}`} role="row">
          {props.columns.map((column) => (
            <span key={column.label} role="columnheader" className={column.right ? 'num' : ''}>
              {column.label}
            </span>
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        aria-label={`${props.label}: rows`}
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
              data-current={(row.index === cursor.current && selected.has(id(item))) || undefined}
              {...(props.tree ? levelOf(props.tree(item)) : {})}
              className={`grid-row ${props.layout}`}
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
              <RowCells item={item} cells={props.cells as (item: unknown) => ReactNode} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** Runs what a key stands for in a row's menu, or opens the menu at the row. True when the key meant something. */
function menuKey(event: KeyboardEvent, grid: HTMLElement | null, items: readonly MenuItem[] = []): boolean {
  const stroke = strokeOf(event.nativeEvent)
  if (items.length > 0 && (stroke === 'contextmenu' || stroke === 'shift+f10')) {
    const row = grid?.querySelector('[role="row"][aria-selected="true"]') ?? grid
    const { left, bottom } = row?.getBoundingClientRect() ?? { left: 0, bottom: 0 }
    openMenu({ clientX: left + 40, clientY: bottom }, items)
    return true
  }
  const item = items.find(({ keys, disabled }) => keys === stroke && !disabled)
  item?.run()
  return item !== undefined
}

/** The selected row's menu is in the command palette, too. */
function useMenuCommands<T>(group: string, menu: DataGridProps<T>['menu'], item: T | undefined): void {
  const latest = useRef({ menu, item })
  latest.current = { menu, item }
  useEffect(
    () =>
      addCommandSource(() => {
        const { menu, item } = latest.current
        const items = menu && item !== undefined ? menu(item) : []
        return items
          .filter(({ disabled }) => !disabled)
          .map(({ label, keys, run }) => ({
            id: `selected.${label}`,
            title: label,
            group: `${group}: selected`,
            ...(keys ? { keys } : {}),
            run
          }))
      }),
    [group]
  )
}

/** Dragging of rows: what is dragged, and the row that would take it. */
function useDrag<T>(id: (item: T) => string, selected: ReadonlySet<string>) {
  const [over, setOver] = useState<string | null>(null)
  const dragged = useRef<readonly string[]>([])
  const of = (item: T, drag: NonNullable<DataGridProps<T>['drag']>) => {
    const own = id(item)
    const takes = () => dragged.current.length > 0 && drag.accepts(dragged.current, item)
    return {
      draggable: true,
      'data-over': over === own || undefined,
      onDragStart: (event: DragEvent) => {
        dragged.current = selected.has(own) ? [...selected] : [own]
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', dragged.current.join(' '))
        const image = dragImage(drag.label(dragged.current.length))
        event.dataTransfer.setDragImage(image, -8, 10)
        // Not at once: what is shown meanwhile would end the drag.
        setTimeout(() => {
          image.remove()
          drag.dragging?.(dragged.current)
        })
      },
      onDragOver: (event: DragEvent) => {
        if (!takes()) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'move'
        if (over !== own) setOver(own)
      },
      onDragLeave: () => setOver((was) => (was === own ? null : was)),
      onDrop: (event: DragEvent) => {
        event.preventDefault()
        setOver(null)
        drag.dragging?.(null)
        if (takes()) drag.drop(dragged.current, item)
        dragged.current = []
      },
      onDragEnd: () => {
        setOver(null)
        drag.dragging?.(null)
        dragged.current = []
      }
    }
  }
  return { of }
}

/** What is shown under the pointer; the browser takes a picture of it at once. */
function dragImage(text: string): HTMLElement {
  const image = document.createElement('div')
  image.className = 'drag-image'
  image.textContent = text
  document.body.append(image)
  return image
}

export function Cell({
  children,
  right,
  title,
  mono
}: {
  children?: ReactNode
  right?: boolean
  title?: string | undefined
  mono?: boolean
}) {
  return (
    <span role="gridcell" className={`ellipsis${right ? ' num' : ''}${mono ? ' mono' : ''}`} title={title}>
      {children}
    </span>
  )
}

import { useRef } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { leastWidth } from './columns.ts'
import type { Column, Sorting } from './columns.ts'

interface HeadsProps<T> {
  readonly columns: readonly Column<T>[]
  readonly sorting: Sorting | null
  readonly onSort: (id: string) => void
  /** `undefined`: as wide as it was at first. */
  readonly onWidth: (id: string, width: number | undefined) => void
}

const widthOf = (head: Element | null | undefined): number => head?.getBoundingClientRect().width ?? leastWidth

/**
 * The headings of a list: pressed they sort, dragged at their edge they change the column's width. One of them is in the tab order: arrows go to
 * the others, with Shift they make the column narrower or wider.
 */
export function Heads<T>({ columns, sorting, onSort, onWidth }: HeadsProps<T>) {
  const row = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, id: string) => {
    // The list below has keys of its own.
    event.stopPropagation()
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0 || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    if (event.shiftKey) return onWidth(id, widthOf(event.currentTarget.closest('[role="columnheader"]')) + 16 * by)
    const all = [...(row.current?.querySelectorAll<HTMLElement>('.grid-sort') ?? [])]
    all[all.indexOf(event.currentTarget) + by]?.focus()
  }
  return (
    <div role="rowgroup" className="grid-heads">
      <div ref={row} className="grid-head" role="row">
        {columns.map((column, i) => {
          const down = sorting?.id === column.id ? sorting.down : null
          return (
            <span
              key={column.id}
              role="columnheader"
              className={column.right ? 'num' : ''}
              {...(column.sort ? { 'aria-sort': down === null ? 'none' : down ? 'descending' : 'ascending' } : {})}
            >
              <button
                className="grid-sort ellipsis"
                tabIndex={i === 0 ? 0 : -1}
                disabled={column.label === ''}
                title={column.sort ? `Sort by ${column.label}` : column.label}
                onClick={() => column.sort && onSort(column.id)}
                onKeyDown={(event) => onKeyDown(event, column.id)}
              >
                {column.label}
                {down !== null && <span aria-hidden>{down ? ' ▾' : ' ▴'}</span>}
              </button>
              <Edge onWidth={(width) => onWidth(column.id, width)} />
            </span>
          )
        })}
      </div>
    </div>
  )
}

function Edge({ onWidth }: { onWidth: (width: number | undefined) => void }) {
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null)
  return (
    <span
      className="grid-edge"
      aria-hidden
      onPointerDown={(event: PointerEvent<HTMLElement>) => {
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { x: event.clientX, width: widthOf(event.currentTarget.parentElement) }
      }}
      onPointerMove={(event) => {
        if (start.current) onWidth(Math.max(leastWidth, start.current.width + event.clientX - start.current.x))
      }}
      onPointerUp={() => (start.current = null)}
      onDoubleClick={() => onWidth(undefined)}
    />
  )
}

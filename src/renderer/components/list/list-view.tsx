import { useEffect, useMemo, useRef } from 'react'
import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import type { Failure } from '../../../contract/wire.ts'
import { useEscape } from '../../hooks/use-escape.ts'
import { preferences, sortList } from '../../stores/preferences.ts'
import { FailureState, Loading } from '../empty-state.tsx'
import { Panes } from '../panes.tsx'
import { nextSorting, sortItems } from './columns.ts'
import { DataGrid } from './data-grid.tsx'
import type { DataGridProps } from './data-grid.tsx'
import { Preview, usePlace } from './preview.tsx'
import { SearchBox } from './search-box.tsx'

interface ListViewProps<T> extends Omit<DataGridProps<T>, 'items' | 'sorting' | 'onSort'> {
  readonly title: string
  /** Before the title: the way to what it belongs to. */
  readonly lead?: ReactNode
  readonly search?: {
    /** As in `Search runs`. */
    readonly label: string
    readonly placeholder: string
    readonly value: string
    readonly onChange: (text: string) => void
  }
  /** Chips and fields that narrow the list, in a bar of their own. */
  readonly filters?: ReactNode
  /** As in `12 runs`. */
  readonly count?: string
  readonly countTitle?: string
  readonly tools?: ReactNode
  /** Between the bars and the rows. */
  readonly notices?: ReactNode
  /** Null while they are loaded. */
  readonly items: readonly T[] | null
  readonly failure?: Failure | null
  readonly retry?: () => void
  /** Shown in place of a list without rows: why it is empty and what to do. */
  readonly empty: ReactNode
  /** What an item is called, and what is shown of it beside the list. */
  readonly heading: (item: T) => string
  readonly preview: (item: T) => ReactNode
  /** Percent of the width, where a preview needs more than a third. */
  readonly previewSize?: number
  /** As in `3 runs`, for several that are selected. */
  readonly several: (count: number) => string
  /** Called when the order is another one: the host sorts then. Without it the list sorts what it has. */
  readonly onSorted?: () => void
}

/** The focus belongs to the list unless something else of the page has it. */
function useFirstFocus(isThere: boolean) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const now = document.activeElement
    if (!isThere || now?.closest('.view, .skip-links, [role="dialog"], [role="menu"]')) return
    box.current?.querySelector<HTMLElement>('[role="grid"], [role="treegrid"]')?.focus({ preventScroll: true })
  }, [isThere])
  return box
}

/** A list of the workspace: bars, rows, and what is selected beside them. One click shows, two or Enter open, Space selects, Escape puts away. */
export function ListView<T>(props: ListViewProps<T>) {
  const { title, label, items, search, selected, onSelect, id } = props
  const sorting = useStore(preferences, ({ lists }) => lists[label]?.sorting ?? null)
  const sorted = useMemo(() => sortItems(items ?? [], props.columns, sorting), [items, props.columns, sorting])
  const onSort = (column: string) => {
    sortList(label, nextSorting(sorting, column))
    props.onSorted?.()
  }
  const chosen = useMemo(() => sorted.filter((item) => selected.has(id(item))), [sorted, selected])
  const [first] = chosen
  // What is out of sight must not be deleted with what is selected.
  const isStale = items !== null && chosen.length < selected.size
  useEffect(() => {
    if (isStale) onSelect(chosen.map(id))
  }, [isStale])
  const close = () => onSelect([])
  useEscape(close, first !== undefined)
  const isPlaced = usePlace(first !== undefined)
  const size = props.previewSize ?? 38
  const box = useFirstFocus(sorted.length > 0)
  const grid = <DataGrid<T> {...props} items={sorted} sorting={sorting} onSort={onSort} />
  const preview =
    isPlaced && first !== undefined ? (
      <Preview
        heading={chosen.length > 1 ? `${props.several(chosen.length)} selected` : props.heading(first)}
        actions={props.menu?.(first) ?? []}
        onClose={close}
      >
        {chosen.length > 1 ? (
          <ul className="preview-list">
            {chosen.slice(0, 100).map((item) => (
              <li key={id(item)} className="ellipsis">
                {props.heading(item)}
              </li>
            ))}
          </ul>
        ) : (
          props.preview(first)
        )}
      </Preview>
    ) : null
  return (
    <div className="column list-view">
      <div className="toolbar" role="toolbar" aria-label={title}>
        {props.lead}
        <h1>{title}</h1>
        {search && <SearchBox {...search} group={title} />}
        <span className="grow" />
        {props.count !== undefined && (
          <span className="muted nowrap" role="status" title={props.countTitle}>
            {props.count}
          </span>
        )}
        {props.tools}
      </div>
      {props.filters && (
        <div className="chips bar" role="group" aria-label="Filters">
          {props.filters}
        </div>
      )}
      {props.notices}
      <div ref={box} className="grow" style={{ minHeight: 0 }}>
        {props.failure && sorted.length === 0 ? (
          <FailureState failure={props.failure} {...(props.retry ? { retry: props.retry } : {})} />
        ) : items === null ? (
          <Loading label={`Loading ${title.toLowerCase()}`} />
        ) : sorted.length === 0 ? (
          props.empty
        ) : (
          <Panes
            name={`list ${label}`}
            direction="row"
            panes={[
              { id: 'list', size: 100 - size, min: 25, content: grid },
              ...(preview ? [{ id: 'preview', size, min: 20, content: preview }] : [])
            ]}
          />
        )}
      </div>
    </div>
  )
}

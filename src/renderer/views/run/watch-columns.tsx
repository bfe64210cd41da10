// Watched hash paths as columns of the timeline.
import { useEffect, useMemo } from 'react'
import type { CSSProperties, ReactNode } from 'react'
import { useStore } from 'zustand'
import type { WatchRow } from '../../../contract/watch.ts'
import { Icon } from '../../components/icons.tsx'
import { useSettled } from '../../hooks/use-settled.ts'
import { loadWatches, removeWatch, wantRows, watchedOf, watches } from '../../stores/watches.ts'
import { jumpTo } from './jump.ts'

const columnWidth = 120
const headHeight = 22

interface Asked {
  readonly runId: string
  readonly steps: number
  /** The steps in sight. */
  readonly from: number
  readonly to: number
}

/** The paths, and the rows that are there of the steps in sight. Under a slider nothing is asked for until it rests. */
function useWatched({ runId, steps, from, to }: Asked) {
  const watched = useStore(watches, ({ byRun }) => byRun.get(runId)) ?? watchedOf(runId)
  useEffect(() => void loadWatches(runId), [runId])
  const seen = useSettled(`${from} ${to}`)
  useEffect(() => {
    const [first = 0, last = 0] = seen.split(' ').map(Number)
    wantRows(runId, first, last, steps)
  }, [runId, seen, steps, watched.paths])
  return watched
}

/** The layout of a row with so many of them: CSS of the rows, and the least width of all. */
const watchLayout = (count: number): { readonly columns: string; readonly width: number } | null =>
  count === 0
    ? null
    : {
        columns: `34px minmax(170px, 1fr) 92px repeat(${count}, ${columnWidth}px) minmax(60px, 0.6fr) 78px`,
        width: 34 + 170 + 92 + count * (columnWidth + 8) + 60 + 78 + 40
      }

/** Their names, above the rows. */
function WatchHead({ runId, paths, columns }: { runId: string; paths: readonly string[]; columns: string }) {
  return (
    <div role="row" className="timeline-head" style={{ gridTemplateColumns: columns }}>
      <span role="columnheader" className="watch-fixed">
        Step
      </span>
      {paths.map((path) => (
        <span key={path} role="columnheader" className="watch-name" title={path}>
          <span className="ellipsis grow">{shortName(path)}</span>
          <button
            className="btn quiet icon"
            aria-label={`Stop watching ${path}`}
            title={`Stop watching ${path}`}
            onClick={() => removeWatch(runId, path)}
          >
            <Icon name="xmark" size={9} />
          </button>
        </span>
      ))}
    </div>
  )
}

/** Its end tells paths apart. */
const shortName = (path: string): string => (path.length > 14 ? `…${path.slice(-13)}` : path)

const noStyle: CSSProperties = {}

/** All that the timeline needs of them. */
export function useWatchColumns(asked: Asked) {
  const { runId } = asked
  const watched = useWatched(asked)
  const cells = useWatchCells(runId, watched)
  const layout = useMemo(() => {
    const found = watchLayout(watched.paths.length)
    if (found === null) return null
    const rowStyle: CSSProperties = { gridTemplateColumns: found.columns }
    const listStyle: CSSProperties = { minWidth: found.width }
    return { rowStyle, listStyle, columns: found.columns }
  }, [watched.paths])
  return {
    headHeight: layout ? headHeight : 0,
    rowStyle: layout?.rowStyle ?? noStyle,
    listStyle: layout?.listStyle ?? noStyle,
    cellsOf: (index: number): ReactNode => cells(watched.rows.get(index)),
    head: layout && (
      <div role="rowgroup" className="timeline-heads" style={layout.listStyle}>
        <WatchHead runId={runId} paths={watched.paths} columns={layout.columns} />
      </div>
    )
  }
}

/** The cells of a row, the same element as long as its values are: rows that are memoised stay as they are. */
function useWatchCells(
  runId: string,
  { paths }: { readonly paths: readonly string[] }
): (row: WatchRow | undefined) => ReactNode {
  return useMemo(() => {
    if (paths.length === 0) return () => null
    const blank = <WatchCells runId={runId} paths={paths} row={undefined} />
    const known = new WeakMap<WatchRow, ReactNode>()
    return (row: WatchRow | undefined) => {
      if (!row) return blank
      const cells = known.get(row) ?? <WatchCells runId={runId} paths={paths} row={row} />
      known.set(row, cells)
      return cells
    }
  }, [runId, paths])
}

interface CellsProps {
  readonly runId: string
  readonly paths: readonly string[]
  readonly row: WatchRow | undefined
}

function WatchCells({ runId, paths, row }: CellsProps) {
  return paths.map((path, i) => {
    const cell = row?.cells[i]
    const text = cell === undefined ? '' : cell.count === 0 ? '–' : cell.preview
    const open = () =>
      row && cell?.path && jumpTo(runId, { step: row.step, nodeId: null, which: 'output', path: cell.path })
    return (
      <span
        key={path}
        role="gridcell"
        className={cell?.changed ? 'watch-cell changed' : 'watch-cell'}
        title={cell === undefined ? path : `${path}\n${text}${cell.changed ? '\nchanged by this step' : ''}`}
        onDoubleClick={open}
      >
        {cell?.changed && <span aria-label="changed">Δ </span>}
        {text}
      </span>
    )
  })
}

import { useMemo } from 'react'
import { useStore } from 'zustand'
import type { RunParent, RunSorting, RunSummary } from '../../../contract/run-views.ts'
import { formatBytes, formatMs, formatTime, outcomeLabel, outcomeTone } from '../../components/format.ts'
import { formatCount } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { VerifiedTag, verifiedTitle } from '../../components/verified-tag.tsx'
import type { Column } from '../../components/list/columns.ts'
import { runs, toggleChildren } from '../../stores/runs.ts'
import type { RunsState } from '../../stores/runs.ts'

/** A line of the list; `open` undefined: nothing came out of this run. */
export interface RunRow {
  readonly run: RunSummary
  readonly depth: number
  readonly open: boolean | undefined
  readonly tree: boolean
}

const relations: Record<RunParent['relation'], string> = {
  again: 'Run again',
  nested: 'Started by another run',
  job: 'Branch of a concurrent task',
  start: 'Another event of the same start of an ad-hoc workflow'
}

function rowsUnder(list: readonly RunSummary[], depth: number, state: RunsState): readonly RunRow[] {
  return list.flatMap((run) => {
    const below = depth < 50 ? state.opened.get(run.id) : undefined
    const open = (state.children[run.id] ?? 0) > 0 ? below !== undefined : undefined
    return [{ run, depth, open, tree: state.tree }, ...(below ? rowsUnder(below, depth + 1, state) : [])]
  })
}

/** What the list shows, opened runs with what came out of them. */
export function useRunRows(): readonly RunRow[] {
  const state = useStore(runs)
  return useMemo(() => rowsUnder(state.runs, 0, state), [state.runs, state.opened, state.children, state.tree])
}

function Twist({ row: { run, depth, open, tree } }: { row: RunRow }) {
  const relation = run.parent ? relations[run.parent.relation] : undefined
  if (!tree)
    return (
      relation && (
        <span className="muted" title={relation}>
          ↳{' '}
        </span>
      )
    )
  return (
    <span style={{ paddingLeft: depth * 14 }} title={relation}>
      <span
        className="twist"
        aria-hidden
        onClick={(event) => {
          if (open === undefined) return
          event.stopPropagation()
          toggleChildren(run.id)
        }}
      >
        {open === undefined ? '' : open ? '▼' : '▶'}
      </span>
      {depth > 0 && <span className="muted">{run.parent?.relation} </span>}
    </span>
  )
}

export const originText = (run: RunSummary): string => `${run.origin}${run.source ? ` · ${run.source}` : ''}`

const unknown = <span className="muted">unknown</span>

/** The host sorts: it has all runs. */
const runColumns: readonly (Column<RunRow> & { readonly id: RunSorting })[] = [
  {
    ...{ id: 'outcome', label: 'Outcome', width: 78, sort: 'host' },
    cell: ({ run }) => <span className={`tag ${outcomeTone(run)}`}>{outcomeLabel(run)}</span>
  },
  {
    ...{ id: 'verdict', label: 'Verified', width: 84, sort: 'host', spare: 3 },
    title: ({ run }) => verifiedTitle(run),
    cell: ({ run }) => <VerifiedTag run={run} />
  },
  {
    ...{ id: 'started', label: 'Started', width: 138, sort: 'host', spare: 1 },
    title: ({ run }) => run.startedAt,
    cell: ({ run }) => (
      <>
        {run.pinned && <Icon name="thumbtack" size={10} title="Pinned" />} {formatTime(run.startedAt)}
      </>
    )
  },
  {
    ...{ id: 'trigger', label: 'Trigger', width: 110, grow: 1, sort: 'host' },
    title: ({ run }) => run.trigger,
    cell: (row) => (
      <>
        <Twist row={row} />
        {row.run.trigger}
      </>
    )
  },
  {
    ...{ id: 'workflow', label: 'Workflow', width: 110, grow: 1.2, sort: 'host', spare: 2 },
    title: ({ run }) => run.workflowName ?? undefined,
    cell: ({ run }) => run.workflowName ?? unknown
  },
  {
    ...{ id: 'name', label: 'Name', width: 100, grow: 0.6, sort: 'host', spare: 1 },
    title: ({ run }) => run.name ?? undefined,
    cell: ({ run }) => run.name
  },
  {
    ...{ id: 'event', label: 'Event', width: 140, grow: 2, sort: 'host' },
    title: ({ run }) => run.event?.info,
    cell: ({ run: { event } }) =>
      event ? (
        <>
          {event.info || <span className="muted">no info</span>}{' '}
          {event.id && <span className="muted">#{event.id}</span>}
        </>
      ) : (
        <span className="muted">–</span>
      )
  },
  {
    ...{ id: 'steps', label: 'Nodes', right: true, width: 48, sort: 'host', spare: 5 },
    cell: ({ run }) => formatCount(run.steps)
  },
  {
    ...{ id: 'time', label: 'Time', right: true, width: 62, sort: 'host', spare: 4 },
    cell: ({ run }) => formatMs(run.durationMs)
  },
  {
    ...{ id: 'errors', label: 'Errors', right: true, width: 48, sort: 'host', spare: 3 },
    cell: ({ run }) => run.errors > 0 && <span style={{ color: 'var(--blocked)' }}>{run.errors}</span>
  },
  {
    ...{ id: 'size', label: 'Size', right: true, width: 62, sort: 'host', spare: 7 },
    cell: ({ run }) => formatBytes(run.size)
  },
  {
    ...{ id: 'origin', label: 'Origin', width: 112, grow: 0.9, sort: 'host', spare: 6 },
    title: ({ run }) =>
      [`${run.origin}${run.source ? ` from ${run.source}` : ''}`, run.reason].filter(Boolean).join(': '),
    cell: ({ run }) => (
      <>
        {run.confidence !== null && run.confidence < 0.9 && (
          <span className="tag mock" style={{ marginRight: 4 }}>
            {Math.round(run.confidence * 100)} %
          </span>
        )}
        {originText(run)}
      </>
    )
  }
]

const unnamed = runColumns.filter(({ id }) => id !== 'name')

/** Names that people gave have a column as soon as there is one. */
export const columnsFor = (rows: readonly RunRow[]): readonly Column<RunRow>[] =>
  rows.some(({ run }) => run.name !== null) ? runColumns : unnamed

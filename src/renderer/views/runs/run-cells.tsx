import { useMemo } from 'react'
import { useStore } from 'zustand'
import type { RunParent, RunSummary } from '../../../contract/run-views.ts'
import { Cell } from '../../components/data-grid.tsx'
import { formatBytes, formatMs, formatTime, outcomeLabel, outcomeTone } from '../../components/format.ts'
import { formatCount } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { runs, toggleChildren } from '../../stores/runs.ts'
import type { RunsState } from '../../stores/runs.ts'

export const runColumns = [
  { label: 'Outcome' },
  { label: 'Started' },
  { label: 'Trigger' },
  { label: 'Workflow' },
  { label: 'Event' },
  { label: 'Nodes', right: true },
  { label: 'Time', right: true },
  { label: 'Errors', right: true },
  { label: 'Size', right: true },
  { label: 'Origin' }
]

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
  job: 'Branch of a concurrent task'
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

function RunCells({ row }: { row: RunRow }) {
  const { run } = row
  return (
    <>
      <Cell>
        <span className={`tag ${outcomeTone(run)}`}>{outcomeLabel(run)}</span>
      </Cell>
      <Cell title={run.startedAt}>
        {run.pinned && <Icon name="thumbtack" size={10} title="Pinned" />} {formatTime(run.startedAt)}
      </Cell>
      <Cell title={run.trigger}>
        <Twist row={row} />
        {run.trigger}
      </Cell>
      <Cell title={run.name ?? run.workflowName ?? undefined}>
        {run.name ?? run.workflowName ?? <span className="muted">unknown</span>}
      </Cell>
      <Cell title={run.event?.info}>
        {run.event ? (
          <>
            {run.event.info || <span className="muted">no info</span>}{' '}
            {run.event.id && <span className="muted">#{run.event.id}</span>}
          </>
        ) : (
          <span className="muted">–</span>
        )}
      </Cell>
      <Cell right>{formatCount(run.steps)}</Cell>
      <Cell right>{formatMs(run.durationMs)}</Cell>
      <Cell right>{run.errors > 0 ? <span style={{ color: 'var(--blocked)' }}>{run.errors}</span> : ''}</Cell>
      <Cell right>{formatBytes(run.size)}</Cell>
      <Cell title={[`${run.origin}${run.source ? ` from ${run.source}` : ''}`, run.reason].filter(Boolean).join(': ')}>
        {run.confidence !== null && run.confidence < 0.9 && (
          <span className="tag mock" style={{ marginRight: 4 }}>
            {Math.round(run.confidence * 100)} %
          </span>
        )}
        {run.origin}
        {run.source ? ` · ${run.source}` : ''}
      </Cell>
    </>
  )
}

export const runCells = (row: RunRow) => <RunCells row={row} />

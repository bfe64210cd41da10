import { useEffect, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import type { RunSummary } from '../../../contract/run-views.ts'
import { askText } from '../../components/ask.tsx'
import { Cell, DataGrid } from '../../components/data-grid.tsx'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import {
  formatBytes,
  formatCount,
  formatMs,
  formatTime,
  outcomeLabel,
  outcomeTone,
  plural
} from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import { openMenu } from '../../components/menu.tsx'
import { addCommands } from '../../stores/commands.ts'
import { pickFiles } from '../../stores/import.ts'
import { mergeRuns } from '../../stores/posts.ts'
import { navigate } from '../../stores/router.ts'
import {
  deleteRuns,
  loadMoreRuns,
  pinRuns,
  reloadRuns,
  renameRun,
  runs,
  select,
  setFilter,
  setFollowing,
  setSearch
} from '../../stores/runs.ts'
import { DemosDialog } from '../workflows/demos-dialog.tsx'
import { ConnectCard } from './connect-card.tsx'
import { RunFilters } from './run-filters.tsx'

const columns = [
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

const open = (run: RunSummary) => navigate(['runs', run.id])

function RunCells({ run }: { run: RunSummary }) {
  return (
    <>
      <Cell>
        <span className={`tag ${outcomeTone(run)}`}>{outcomeLabel(run)}</span>
      </Cell>
      <Cell title={run.startedAt}>
        {run.pinned && <Icon name="thumbtack" size={10} title="Pinned" />} {formatTime(run.startedAt)}
      </Cell>
      <Cell title={run.trigger}>
        {run.parent && (
          <span className="muted" title={run.parent.relation === 'again' ? 'Run again' : 'Started inside another run'}>
            ↳{' '}
          </span>
        )}
        {run.trigger}
      </Cell>
      <Cell title={run.name ?? run.workflowName ?? undefined}>
        {run.name ?? run.workflowName ?? <span className="muted">not known</span>}
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
      <Cell title={run.reason}>
        {run.origin}
        {run.source ? ` · ${run.source}` : ''}
        {run.confidence !== null && run.confidence < 0.9 && (
          <span className="tag mock" style={{ marginLeft: 4 }}>
            {Math.round(run.confidence * 100)} %
          </span>
        )}
      </Cell>
    </>
  )
}

const runCells = (run: RunSummary) => <RunCells run={run} />

async function askName(run: RunSummary): Promise<void> {
  const name = await askText('Rename the run', 'Name', run.name ?? run.workflowName ?? '')
  if (name !== null) void renameRun(run.id, name.trim() || null)
}

const captured = (id: string): boolean => runs.getState().runs.some((run) => run.id === id && run.origin === 'captured')

/** A captured run dropped on another one: their posts become one run. */
const mergeByDrag = {
  label: (count: number) => `Merge ${plural(count, 'run')}`,
  accepts: (ids: readonly string[], onto: RunSummary) =>
    captured(onto.id) && !ids.includes(onto.id) && ids.every(captured),
  drop: (ids: readonly string[], onto: RunSummary) => void mergeRuns([...ids, onto.id])
}

const menuFor = (run: RunSummary, selected: ReadonlySet<string>) => {
  const ids = selected.has(run.id) ? [...selected] : [run.id]
  const [left, right] = ids
  return [
    { label: 'Open', run: () => open(run) },
    {
      label: 'Compare side by side',
      disabled: ids.length !== 2,
      run: () => navigate(['runs', left ?? ''], { with: right })
    },
    {
      label: 'Merge the selected runs',
      disabled: ids.length < 2 || !ids.every(captured),
      run: () => void mergeRuns(ids)
    },
    { label: run.pinned ? 'Unpin' : 'Pin', run: () => void pinRuns(ids, !run.pinned) },
    { label: 'Rename…', disabled: ids.length > 1, run: () => void askName(run) },
    { label: ids.length > 1 ? `Delete ${ids.length} runs` : 'Delete', danger: true, run: () => void deleteRuns(ids) }
  ]
}

function useListCommands(focusSearch: () => void, openDemos: () => void): void {
  useEffect(
    () =>
      addCommands([
        { id: 'runs.search', title: 'Search runs', group: 'Runs', keys: '/', run: focusSearch },
        {
          id: 'runs.follow',
          title: 'Follow new runs, or pause',
          group: 'Runs',
          keys: 'f',
          run: () => setFollowing(!runs.getState().following)
        },
        {
          id: 'runs.compare',
          title: 'Compare the two selected runs side by side',
          group: 'Runs',
          when: () => runs.getState().selected.size === 2,
          run: () => {
            const [left, right] = runs.getState().selected
            if (left && right) navigate(['runs', left], { with: right })
          }
        },
        { id: 'runs.demos', title: 'Demonstrations of the training material…', group: 'Files', run: openDemos }
      ]),
    []
  )
}

export function RunsList() {
  const state = useStore(runs)
  const search = useRef<HTMLInputElement>(null)
  const [demos, setDemos] = useState(false)
  useListCommands(
    () => search.current?.focus(),
    () => setDemos(true)
  )
  const onKey = (event: KeyboardEvent, run: RunSummary | undefined): boolean => {
    if (!run || event.ctrlKey || event.metaKey) return false
    const ids = [...state.selected]
    if (event.key === 'Delete') void deleteRuns(ids)
    else if (event.key === 'p') void pinRuns(ids, !run.pinned)
    else if (event.key === 'F2') void askName(run)
    else return false
    return true
  }
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Runs">
        <h1 style={{ marginRight: 4 }}>Runs</h1>
        <input
          ref={search}
          className="field"
          style={{ width: 260 }}
          type="search"
          placeholder="Search trigger, workflow, event, module, error"
          aria-label="Search runs"
          value={state.search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <RunFilters />
        <span className="grow" />
        <span className="muted" role="status">
          {plural(state.total, 'run')}
        </span>
        <button
          className="btn"
          aria-pressed={state.following}
          onClick={() => setFollowing(!state.following)}
          title="Follow new runs (F)"
        >
          <Icon name={state.following ? 'pause' : 'play'} /> {state.following ? 'Following' : 'Paused'}
        </button>
        <button
          className="btn"
          onClick={() => setDemos(true)}
          title="Workflows of the training material, with events and answers"
        >
          <Icon name="book" /> Demonstrations
        </button>
        <button className="btn" onClick={() => pickFiles()}>
          <Icon name="upload" /> Import
        </button>
      </div>
      {demos && <DemosDialog onClose={() => setDemos(false)} />}
      <ConnectCard />
      {state.fresh > 0 && (
        <button className="fresh" onClick={() => void reloadRuns()}>
          {plural(state.fresh, 'new run')}: show
        </button>
      )}
      <div className="grow" style={{ minHeight: 0 }}>
        <RunsBody onKey={onKey} />
      </div>
    </div>
  )
}

function RunsBody({ onKey }: { onKey: (event: KeyboardEvent, run: RunSummary | undefined) => boolean }) {
  const state = useStore(runs)
  if (state.failure && state.runs.length === 0)
    return <FailureState failure={state.failure} retry={() => void reloadRuns()} />
  if (state.runs.length === 0 && state.loading) return <Loading label="Loading runs" />
  if (state.runs.length === 0) {
    const filtered = state.search !== '' || Object.keys(state.filter).length > 0
    return filtered ? (
      <EmptyState
        title="No run matches"
        actions={
          <button
            className="btn"
            onClick={() => {
              setSearch('')
              setFilter({})
            }}
          >
            Clear search and filters
          </button>
        }
      >
        Search looks at trigger, workflow, event, modules and error texts.
      </EmptyState>
    ) : (
      <EmptyState
        title="No runs yet"
        actions={
          <button className="btn primary" onClick={() => navigate(['workflows'])}>
            Run a workflow
          </button>
        }
      >
        Point MISP at the listener, run a workflow on an event, or import captured posts.
      </EmptyState>
    )
  }
  return (
    <DataGrid
      label="Runs"
      columns={columns}
      layout="runs-columns"
      items={state.runs}
      id={(run) => run.id}
      cells={runCells}
      selected={state.selected}
      onSelect={select}
      onOpen={open}
      onEnd={() => void loadMoreRuns()}
      onKey={onKey}
      onMenu={(event, run) => openMenu(event, menuFor(run, runs.getState().selected))}
      drag={mergeByDrag}
    />
  )
}

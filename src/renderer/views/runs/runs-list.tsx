import { useEffect, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import type { RunSummary } from '../../../contract/run-views.ts'
import { askText } from '../../components/ask.tsx'
import { DataGrid } from '../../components/data-grid.tsx'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
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
  setSearch,
  setTree,
  toggleChildren
} from '../../stores/runs.ts'
import { chooseWorkspace } from '../../stores/workspaces.ts'
import { ConnectCard } from '../../components/connect-card.tsx'
import { runCells, runColumns, useRunRows } from './run-cells.tsx'
import type { RunRow } from './run-cells.tsx'
import { RunFilters } from './run-filters.tsx'
import { Welcome } from './welcome.tsx'

const open = (run: RunSummary) => navigate(['runs', run.id])

async function askName(run: RunSummary): Promise<void> {
  const name = await askText('Rename run', 'Name', run.name ?? run.workflowName ?? '')
  if (name !== null) void renameRun(run.id, name.trim() || null)
}

const captured = (id: string): boolean => {
  const { runs: tops, opened } = runs.getState()
  return [tops, ...opened.values()].some((list) => list.some((run) => run.id === id && run.origin === 'captured'))
}

/** A captured run dropped on another one: their posts become one run. */
const mergeByDrag = {
  label: (count: number) => `Merge ${plural(count, 'run')}`,
  accepts: (ids: readonly string[], { run: onto }: RunRow) =>
    captured(onto.id) && !ids.includes(onto.id) && ids.every(captured),
  drop: (ids: readonly string[], { run: onto }: RunRow) => void mergeRuns([...ids, onto.id])
}

const levelOf = ({ depth, open: isOpen }: RunRow) => ({ level: depth + 1, open: isOpen })

const menuFor = (run: RunSummary, selected: ReadonlySet<string>) => {
  const ids = selected.has(run.id) ? [...selected] : [run.id]
  const [left, right] = ids
  return [
    { label: 'Open', run: () => open(run) },
    {
      label: 'Compare',
      keys: 'c',
      disabled: ids.length !== 2,
      run: () => navigate(['runs', left ?? ''], { with: right })
    },
    {
      label: 'Merge selected runs',
      disabled: ids.length < 2 || !ids.every(captured),
      run: () => void mergeRuns(ids)
    },
    { label: run.pinned ? 'Unpin' : 'Pin', keys: 'p', run: () => void pinRuns(ids, !run.pinned) },
    { label: 'Rename…', keys: 'f2', disabled: ids.length > 1, run: () => void askName(run) },
    {
      label: ids.length > 1 ? `Delete ${ids.length} runs` : 'Delete',
      keys: 'delete',
      danger: true,
      run: () => void deleteRuns(ids)
    }
  ]
}

function useListCommands(focusSearch: () => void): void {
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
          id: 'runs.tree',
          title: 'Show runs as a tree or as a list',
          group: 'Runs',
          keys: 't',
          run: () => setTree(!runs.getState().tree)
        }
      ]),
    []
  )
}

export function RunsList() {
  const state = useStore(runs)
  const search = useRef<HTMLInputElement>(null)
  useListCommands(() => search.current?.focus())
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Runs">
        <h1 style={{ marginRight: 4 }}>Runs</h1>
        <input
          ref={search}
          className="field"
          style={{ width: 320 }}
          type="search"
          placeholder="Search trigger, workflow, event, module, error"
          aria-label="Search runs"
          value={state.search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <span className="grow" />
        <span className="muted nowrap" role="status">
          {plural(state.total, 'run')}
        </span>
        <button
          className="btn"
          aria-pressed={state.tree}
          onClick={() => setTree(!state.tree)}
          title="Show runs under the run that started them (T)"
        >
          <Icon name="code-branch" /> Tree
        </button>
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
          onClick={chooseWorkspace}
          title="Workflows of the training material, with events and responses"
        >
          <Icon name="book" /> Demonstrations
        </button>
        <button className="btn" onClick={() => pickFiles()}>
          <Icon name="upload" /> Import
        </button>
      </div>
      <RunFilters />
      {state.runs.length > 0 && <ConnectCard />}
      {state.fresh > 0 && (
        <button className="fresh" onClick={() => void reloadRuns()}>
          {plural(state.fresh, 'new run')}: show
        </button>
      )}
      <div className="grow" style={{ minHeight: 0 }}>
        <RunsBody />
      </div>
    </div>
  )
}

/** What came out of a run is shown and hidden by arrow keys. */
function openByArrow(event: KeyboardEvent, row: RunRow | undefined): boolean {
  const opens = event.key === 'ArrowRight' ? false : event.key === 'ArrowLeft' ? true : null
  if (!row || opens === null || row.open !== opens) return false
  toggleChildren(row.run.id)
  return true
}

function RunsBody() {
  const state = useStore(runs)
  const rows = useRunRows()
  if (state.failure && state.runs.length === 0)
    return <FailureState failure={state.failure} retry={() => void reloadRuns()} />
  if (state.runs.length === 0 && state.loading) return <Loading label="Loading runs" />
  if (state.runs.length === 0) {
    const filtered = state.search !== '' || Object.keys(state.filter).length > 0
    return filtered ? (
      <EmptyState
        title="No matching runs"
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
        The search covers trigger, workflow, event, modules and error messages.
      </EmptyState>
    ) : (
      <Welcome />
    )
  }
  return (
    <DataGrid
      label="Runs"
      columns={runColumns}
      layout="runs-columns"
      items={rows}
      id={({ run }) => run.id}
      cells={runCells}
      selected={state.selected}
      onSelect={select}
      onOpen={({ run }) => open(run)}
      onEnd={() => void loadMoreRuns()}
      onKey={openByArrow}
      menu={({ run }) => menuFor(run, runs.getState().selected)}
      drag={mergeByDrag}
      {...(state.tree ? { tree: levelOf } : {})}
    />
  )
}

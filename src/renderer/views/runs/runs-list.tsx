import { useEffect } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { useStore } from 'zustand'
import { runTitle } from '../../../contract/run-views.ts'
import type { RunSummary } from '../../../contract/run-views.ts'
import { askText, askYes } from '../../components/ask.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { ListView } from '../../components/list/list-view.tsx'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { openMenu } from '../../components/menu.tsx'
import type { MenuItem } from '../../components/menu.tsx'
import { addCommands, keysLabel } from '../../stores/commands.ts'
import { againAsItWas, againToday } from '../../stores/run-again.ts'
import { searchRuns } from '../../stores/run-search.ts'
import { pickFiles } from '../../stores/import.ts'
import { mergeRuns } from '../../stores/posts.ts'
import { navigate } from '../../stores/router.ts'
import {
  deleteRuns,
  exportRun,
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
import { manyVerified, showAccepted, verifyMany, verifyRun } from '../../stores/verify.ts'
import { chooseWorkspace } from '../../stores/workspaces.ts'
import { ConnectCard } from '../../components/connect-card.tsx'
import { columnsFor, useRunRows } from './run-columns.tsx'
import type { RunRow } from './run-columns.tsx'
import { RunFilters } from './run-filters.tsx'
import { RunPreview } from './run-preview.tsx'
import { VerifyNotice } from './verify-notice.tsx'
import { Welcome } from './welcome.tsx'

const open = (run: RunSummary) => navigate(['runs', run.id])

const askName = (run: RunSummary): void =>
  askText('Rename run', 'Name', run.name ?? run.workflowName ?? '', (name) => renameRun(run.id, name.trim() || null))

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

async function remove(ids: readonly string[]): Promise<void> {
  if (
    ids.length > 1 &&
    !(await askYes(`Delete ${plural(ids.length, 'run')}?`, 'They go to the bin of the workspace.', 'Delete'))
  )
    return
  void deleteRuns(ids)
}

/** The answer is shown above the run. */
function verifyAlone(run: RunSummary): void {
  open(run)
  void verifyRun(run.id)
}

const menuFor = (run: RunSummary, selected: ReadonlySet<string>): readonly MenuItem[] => {
  const ids = selected.has(run.id) ? [...selected] : [run.id]
  const [left, right] = ids
  return [
    { label: 'Open', icon: 'eye', run: () => open(run) },
    {
      label: 'Compare',
      keys: 'c',
      icon: 'compare',
      disabled: ids.length !== 2,
      run: () => navigate(['runs', left ?? ''], { with: right })
    },
    {
      label: ids.length > 1 ? 'Verify selected runs' : 'Verify',
      keys: 'v',
      icon: 'list-check',
      disabled: !ids.every(captured),
      run: () => (ids.length > 1 ? void verifyMany(ids) : verifyAlone(run))
    },
    {
      label: 'Merge selected runs',
      disabled: ids.length < 2 || !ids.every(captured),
      run: () => void mergeRuns(ids)
    },
    {
      label: 'Run again…',
      icon: 'redo-alt',
      disabled: ids.length > 1,
      run: () => navigate(['workflows', 'run'], { again: run.id })
    },
    ...(run.origin === 'local'
      ? [
          { label: 'Run again as it was', disabled: ids.length > 1, run: () => void againAsItWas(run.id) },
          { label: 'Run again with today’s world', disabled: ids.length > 1, run: () => void againToday(run.id) }
        ]
      : []),
    {
      label: 'Save as file',
      icon: 'download',
      disabled: ids.length > 1 || run.origin === 'local',
      run: () => void exportRun(run.id)
    },
    { label: run.pinned ? 'Unpin' : 'Pin', keys: 'p', run: () => void pinRuns(ids, !run.pinned) },
    { label: 'Rename…', keys: 'f2', disabled: ids.length > 1, run: () => askName(run) },
    {
      label: ids.length > 1 ? `Delete ${ids.length} runs` : 'Delete',
      keys: 'delete',
      icon: 'trash',
      danger: true,
      run: () => void remove(ids)
    }
  ]
}

function useListCommands(): void {
  useEffect(
    () =>
      addCommands([
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
        },
        { id: 'runs.verifyAll', title: 'Verify all captured runs', group: 'Runs', run: () => void verifyMany() },
        { id: 'runs.accepted', title: 'Accepted differences…', group: 'Runs', run: showAccepted }
      ]),
    []
  )
}

/** What came out of a run is shown and hidden by arrow keys. */
function openByArrow(event: KeyboardEvent, row: RunRow | undefined): boolean {
  const opens = event.key === 'ArrowRight' ? false : event.key === 'ArrowLeft' ? true : null
  if (!row || opens === null || row.open !== opens) return false
  toggleChildren(row.run.id)
  return true
}

export function RunsList() {
  const state = useStore(runs)
  const rows = useRunRows()
  useListCommands()
  const isNew = state.runs.length === 0 && state.loading
  return (
    <ListView
      title="Runs"
      label="Runs"
      search={{
        label: 'Search runs',
        placeholder: 'Trigger, workflow, event, module, error',
        value: state.search,
        onChange: setSearch
      }}
      filters={<RunFilters />}
      count={plural(state.total, 'run')}
      tools={<Tools />}
      notices={
        <>
          {state.runs.length > 0 && <ConnectCard />}
          <VerifyNotice />
          {state.fresh > 0 && (
            <button className="fresh" onClick={() => void reloadRuns()}>
              {plural(state.fresh, 'new run')}: show
            </button>
          )}
        </>
      }
      items={isNew && !state.failure ? null : rows}
      failure={state.failure}
      retry={() => void reloadRuns()}
      empty={<NoRuns />}
      columns={columnsFor(rows)}
      id={({ run }) => run.id}
      selected={state.selected}
      onSelect={select}
      onOpen={({ run }) => open(run)}
      onEnd={() => void loadMoreRuns()}
      onKey={openByArrow}
      onSorted={() => void reloadRuns()}
      menu={({ run }) => menuFor(run, runs.getState().selected)}
      heading={({ run }) => runTitle(run)}
      several={(count) => plural(count, 'run')}
      preview={({ run }) => <RunPreview run={run} />}
      drag={mergeByDrag}
      {...(state.tree ? { tree: levelOf } : {})}
    />
  )
}

function Tools() {
  const { tree, following } = useStore(runs)
  return (
    <>
      <button className="btn" onClick={() => searchRuns()} title={`Search in all runs (${keysLabel('mod+shift+f')})`}>
        <Icon name="search" /> Search inside…
      </button>
      <VerifyAll />
      <button
        className="btn"
        aria-pressed={tree}
        onClick={() => setTree(!tree)}
        title="Show runs under the run that started them (T)"
      >
        <Icon name="code-branch" /> Tree
      </button>
      <button
        className="btn"
        aria-pressed={following}
        onClick={() => setFollowing(!following)}
        title="Follow new runs (F)"
      >
        <Icon name={following ? 'pause' : 'play'} /> {following ? 'Following' : 'Paused'}
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
    </>
  )
}

function VerifyAll() {
  const isBusy = useStore(manyVerified, ({ state }) => state === 'verifying')
  const choose = (event: MouseEvent<HTMLButtonElement>) => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect()
    openMenu({ clientX: left, clientY: bottom + 4 }, [
      { label: 'Verify all captured runs', disabled: isBusy, run: () => void verifyMany() },
      { label: 'Accepted differences…', run: showAccepted }
    ])
  }
  return (
    <button
      className="btn"
      aria-haspopup="menu"
      onClick={choose}
      title="Does an offline run do what MISP did? Every captured run is held against one"
    >
      <Icon name="list-check" /> Verify
    </button>
  )
}

function NoRuns() {
  const { search, filter } = useStore(runs)
  if (search === '' && Object.keys(filter).length === 0) return <Welcome />
  const all = () => {
    setSearch('')
    setFilter({})
  }
  return (
    <EmptyState
      title="No matching runs"
      actions={
        <button className="btn" onClick={all}>
          Clear search and filters
        </button>
      }
    >
      The search covers trigger, workflow, event, modules and error messages.
    </EmptyState>
  )
}

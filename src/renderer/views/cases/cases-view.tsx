import { useCallback, useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import type { CaseRow } from '../../../contract/case.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { profileIds } from '../../../engine/profiles/profiles.ts'
import { askText, askYes } from '../../components/ask.tsx'
import { CaseTag } from '../../components/case-tag.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Icon } from '../../components/icons.tsx'
import type { Column } from '../../components/list/columns.ts'
import { ListView } from '../../components/list/list-view.tsx'
import type { MenuItem } from '../../components/menu.tsx'
import { profileLabel } from '../../components/profile-label.ts'
import { useList } from '../../hooks/use-list.ts'
import {
  cancelCases,
  cases,
  chooseProfile,
  deleteCases,
  openCase,
  reloadCases,
  renameCase,
  setWatching,
  testCases,
  watchCases
} from '../../stores/cases.ts'
import { addCommands } from '../../stores/commands.ts'
import { navigate } from '../../stores/router.ts'
import { CasePreview } from './case-preview.tsx'
import './cases.css'

const stateOf = ({ result }: CaseRow) => result?.state ?? 'not run'
const order = ['broken', 'failed', 'stale', 'not run', 'passed'] as const

/** In one line: why it did not pass. */
const whatOf = ({ result }: CaseRow): string => result?.reasons[0] ?? result?.differences[0]?.text ?? ''

const columns: readonly Column<CaseRow>[] = [
  {
    ...{ id: 'state', label: 'State', width: 70, sort: (one) => order.indexOf(stateOf(one)) },
    cell: (one) => <CaseTag state={stateOf(one)} />
  },
  {
    ...{ id: 'name', label: 'Name', width: 150, grow: 2, sort: (one) => one.name },
    title: (one) => one.name,
    cell: (one) => one.name
  },
  {
    ...{ id: 'workflow', label: 'Workflow', width: 120, grow: 1, sort: (one) => one.workflow, spare: 2 },
    title: (one) => one.workflow ?? undefined,
    cell: (one) => one.workflow ?? <span className="muted">unknown</span>
  },
  {
    ...{ id: 'what', label: 'Difference', width: 150, grow: 2.6, sort: (one) => whatOf(one) || null },
    title: whatOf,
    cell: whatOf
  },
  {
    ...{ id: 'file', label: 'File', width: 120, grow: 1.6, mono: true, sort: (one) => one.id, spare: 1 },
    title: (one) => `cases/${one.id}`,
    cell: (one) => one.id
  }
]

const rename = (one: CaseRow): void =>
  askText('Rename case', 'Name', one.name, async (name) => name.trim() === '' || renameCase(one.id, name.trim()))

async function remove(ids: readonly string[]): Promise<void> {
  const text = 'They go to the bin of the folder.'
  if (ids.length > 1 && !(await askYes(`Delete ${plural(ids.length, 'case')}?`, text, 'Delete'))) return
  void deleteCases(ids)
}

const menuFor = (one: CaseRow, selected: ReadonlySet<string>): readonly MenuItem[] => {
  const ids = selected.has(one.id) ? [...selected] : [one.id]
  const isOne = ids.length === 1
  return [
    { label: 'Open run', icon: 'eye', disabled: !isOne || stateOf(one) === 'broken', run: () => void openCase(one) },
    { label: 'Run', keys: 'r', icon: 'play', run: () => void testCases(ids) },
    { label: 'Rename…', keys: 'f2', disabled: !isOne, run: () => rename(one) },
    { label: 'Delete', keys: 'delete', icon: 'trash', danger: true, run: () => void remove(ids) }
  ]
}

/** How far running cases is. */
function Running() {
  const running = useStore(cases, (state) => state.running)
  if (running === null) return null
  const { done, total } = running
  return (
    <div className="list-notice" role="status">
      <span className="spinner" />
      {total === 0 ? 'Running cases' : `Running cases: ${formatCount(done)} of ${formatCount(total)}`}
      {total > 0 && <progress max={total} value={done} aria-label="Cases run" />}
      <button className="btn" onClick={cancelCases}>
        Cancel
      </button>
    </div>
  )
}

/** Each under its own version of MISP, or all under another one: what an update of MISP would make of them. */
function Version() {
  const profile = useStore(cases, (state) => state.profile)
  return (
    <select
      className="field cases-version"
      aria-label="MISP version"
      title="The MISP version that cases run under"
      value={profile}
      onChange={(event) => chooseProfile(event.target.value)}
    >
      <option value="">Own MISP version</option>
      {profileIds.map((id) => (
        <option key={id} value={id} title={profileLabel(id)}>
          MISP {id}
        </option>
      ))}
    </select>
  )
}

const toggleWatching = (): void => setWatching(!cases.getState().isWatching)

function Watching() {
  const isWatching = useStore(cases, (state) => state.isWatching)
  return (
    <button
      className="btn"
      aria-pressed={isWatching}
      title="Run a case again as soon as it, or a file or workflow that it reads, is saved (W)"
      onClick={toggleWatching}
    >
      <Icon name="eye" /> Watch
    </button>
  )
}

function useCaseCommands(run: () => void): void {
  useEffect(watchCases, [])
  useEffect(
    () =>
      addCommands([
        { id: 'cases.run', title: 'Run all cases that are listed', group: 'Cases', keys: 'a', run },
        { id: 'cases.watch', title: 'Run cases as they are saved', group: 'Cases', keys: 'w', run: toggleWatching }
      ]),
    [run]
  )
}

const textOf = (one: CaseRow): string => `${one.name} ${one.workflow ?? ''} ${one.id} ${stateOf(one)}`.toLowerCase()

/** Before any of them ran, none has failed either. */
function countOf(rows: readonly CaseRow[]): string {
  const ran = rows.filter((one) => stateOf(one) !== 'not run')
  if (ran.length === 0) return plural(rows.length, 'case')
  return `${plural(rows.length, 'case')}, ${formatCount(ran.filter((one) => stateOf(one) === 'passed').length)} passed`
}

/** `#/cases`: runs kept as tests, and what each came to. */
export default function CasesView() {
  const { rows, failure, running } = useStore(cases)
  const { search, selected, setSearch, select } = useList('Cases')
  const shown = useMemo(() => {
    const wanted = search.toLowerCase()
    return rows?.filter((one) => textOf(one).includes(wanted)) ?? null
  }, [rows, search])
  const run = useCallback(
    () => void testCases(search === '' ? undefined : (shown ?? []).map(({ id }) => id)),
    [search, shown]
  )
  useCaseCommands(run)
  const none = rows?.length === 0
  return (
    <ListView
      title="Cases"
      label="Cases"
      search={{ label: 'Search cases', placeholder: 'Name, workflow, state', value: search, onChange: setSearch }}
      count={rows ? countOf(rows) : ''}
      tools={
        <>
          <Version />
          <Watching />
          <button
            className="btn primary"
            disabled={shown?.length === 0 || running !== null}
            title="Run all cases that are listed, offline (A)"
            onClick={run}
          >
            <Icon name="play" /> {search === '' ? 'Run all' : 'Run listed'}
          </button>
        </>
      }
      notices={<Running />}
      items={shown}
      failure={rows === null ? failure : null}
      retry={() => void reloadCases()}
      empty={
        <EmptyState
          title={none ? 'No cases yet' : 'No case matches'}
          actions={
            <button className="btn" onClick={() => (none ? navigate(['runs']) : setSearch(''))}>
              {none ? 'All runs' : 'Show all'}
            </button>
          }
        >
          {none &&
            'A case is a run kept as a test: its input, what it read, and what you expect of it. Open a run and choose “Keep as case…”. The files are in cases/ of the workspace, made for git.'}
        </EmptyState>
      }
      columns={columns}
      id={(one) => one.id}
      selected={selected}
      onSelect={select}
      onOpen={(one) => void openCase(one)}
      menu={(one) => menuFor(one, selected)}
      heading={(one) => one.name}
      several={(count) => plural(count, 'case')}
      preview={(one) => <CasePreview key={`${one.id} ${one.stamp} ${one.profile}`} row={one} />}
    />
  )
}

// The list of runs: pages from the host, newest first, kept live. Paused, it stays as it is and counts what is new.
import { createStore } from 'zustand/vanilla'
import type { RunFilter } from '../../contract/operations.ts'
import { runSortings } from '../../contract/run-views.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import type { Failure } from '../../contract/wire.ts'
import { client } from '../client/client.ts'
import { download } from '../client/download.ts'
import { showFailure, toast } from './app.ts'
import { sortingOf } from './preferences.ts'

export interface RunsState {
  readonly runs: readonly RunSummary[]
  readonly total: number
  readonly cursor: string | null
  readonly loading: boolean
  readonly failure: Failure | null
  readonly search: string
  readonly filter: RunFilter
  readonly following: boolean
  /** Runs that came while not following. */
  readonly fresh: number
  readonly selected: ReadonlySet<string>
  /** As a tree: `runs` are the tops then, and what came out of an opened run is in `opened`. */
  readonly tree: boolean
  /** How many runs came out of a run. */
  readonly children: Readonly<Record<string, number>>
  readonly opened: ReadonlyMap<string, readonly RunSummary[]>
}

export const runs = createStore<RunsState>(() => ({
  runs: [],
  total: 0,
  cursor: null,
  loading: true,
  failure: null,
  search: '',
  filter: {},
  following: true,
  fresh: 0,
  selected: new Set(),
  tree: false,
  children: {},
  opened: new Map()
}))

const wanted = ({ filter, tree }: RunsState): RunFilter => (tree ? { ...filter, roots: true } : filter)

const wantedSort = () => sortingOf('Runs', runSortings)

const pageSize = 200
let asked = 0

/** Loads the first page anew; an answer to an older question is dropped. */
export async function reloadRuns(): Promise<void> {
  const mine = ++asked
  const { search } = runs.getState()
  runs.setState({ loading: true })
  const filter = wanted(runs.getState())
  const answer = await client.call('runs.list', { filter, search, ...wantedSort(), cursor: null, limit: pageSize })
  if (mine !== asked) return
  if (!answer.ok) return runs.setState({ loading: false, failure: answer.error })
  runs.setState({ children: {}, ...answer.data, loading: false, failure: null, fresh: 0 })
  for (const id of runs.getState().opened.keys()) void loadChildren(id)
}

/** Asks again, unless the list is to stay as it is. */
export function refreshRuns(): void {
  if (runs.getState().following) void reloadRuns()
}

async function loadChildren(parent: string): Promise<void> {
  const mine = asked
  const answer = await client.call('runs.list', { filter: { parent }, search: '', cursor: null, limit: 1000 })
  if (mine !== asked || !answer.ok) return
  runs.setState(({ children, opened }) => ({
    children: { ...children, ...answer.data.children },
    opened: new Map(opened).set(parent, answer.data.runs)
  }))
}

/** Shows the runs that came out of one, or hides them. */
export function toggleChildren(id: string): void {
  const opened = new Map(runs.getState().opened)
  if (!opened.delete(id)) return void loadChildren(id)
  runs.setState({ opened })
}

export function setTree(tree: boolean): void {
  runs.setState({ tree, opened: new Map(), selected: new Set() })
  void reloadRuns()
}

export async function loadMoreRuns(): Promise<void> {
  const { cursor, loading, search } = runs.getState()
  const filter = wanted(runs.getState())
  if (!cursor || loading) return
  const mine = asked
  runs.setState({ loading: true })
  const answer = await client.call('runs.list', { filter, search, ...wantedSort(), cursor, limit: pageSize })
  if (mine !== asked) return
  if (!answer.ok) return runs.setState({ loading: false, failure: answer.error })
  runs.setState((state) => ({
    runs: [...state.runs, ...answer.data.runs],
    cursor: answer.data.cursor,
    children: { ...state.children, ...answer.data.children },
    total: answer.data.total,
    loading: false
  }))
}

let searching: ReturnType<typeof setTimeout> | undefined
export function setSearch(search: string): void {
  runs.setState({ search })
  clearTimeout(searching)
  searching = setTimeout(() => void reloadRuns(), 120)
}

export function setFilter(filter: RunFilter): void {
  runs.setState({ filter })
  void reloadRuns()
}

export function setFollowing(following: boolean): void {
  runs.setState({ following })
  if (following && runs.getState().fresh > 0) void reloadRuns()
}

export const select = (ids: Iterable<string>): void => runs.setState({ selected: new Set(ids) })

const plain = (state: RunsState): boolean =>
  !state.tree && state.search === '' && wantedSort().sort === undefined && Object.keys(state.filter).length === 0

/** Known runs change in place. New ones go on top when nothing is filtered; else the host decides what matches. */
function applyChanges(changed: readonly RunSummary[], removed: readonly string[], total: number): void {
  const state = runs.getState()
  // Neither changed nor removed: more happened than is worth listing.
  if (changed.length === 0 && removed.length === 0)
    return void (state.following ? reloadRuns() : runs.setState({ total }))
  const byId = new Map(changed.map((run) => [run.id, run]))
  const gone = new Set([
    ...removed,
    ...changed.filter((run) => run.deletedAt && !state.filter.deleted).map((run) => run.id)
  ])
  const known = new Set([...state.runs, ...[...state.opened.values()].flat()].map((run) => run.id))
  const update = (list: readonly RunSummary[]) =>
    list.filter(({ id }) => !gone.has(id)).map((run) => byId.get(run.id) ?? run)
  const kept = update(state.runs)
  const opened = new Map([...state.opened].map(([id, list]) => [id, update(list)] as const))
  const added = changed.filter((run) => !known.has(run.id) && !run.deletedAt)
  if (added.length === 0) return runs.setState({ runs: kept, opened, total: plain(state) ? total : state.total })
  if (!state.following) return runs.setState({ runs: kept, opened, fresh: state.fresh + added.length })
  if (!plain(state)) return void reloadRuns()
  const newest = [...added].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
  runs.setState({ runs: [...newest, ...kept], total })
}

export async function pinRuns(runIds: readonly string[], pinned: boolean): Promise<void> {
  const answer = await client.call('runs.pin', { runIds: [...runIds], pinned })
  if (!answer.ok) showFailure(answer.error)
}

/** False when it was refused, which is said. */
export async function renameRun(runId: string, name: string | null): Promise<boolean> {
  const answer = await client.call('runs.rename', { runId, name })
  if (!answer.ok) showFailure(answer.error)
  return answer.ok
}

/** A captured run's posts as a file that `import` reads, secrets masked. */
export async function exportRun(runId: string): Promise<void> {
  const answer = await client.call('runs.export', { runId })
  if (answer.ok) download(answer.data.name, answer.data.text)
  else showFailure(answer.error)
}

export async function deleteRuns(runIds: readonly string[]): Promise<void> {
  const answer = await client.call('runs.delete', { runIds: [...runIds] })
  if (!answer.ok) return showFailure(answer.error)
  const label = runIds.length === 1 ? 'Run deleted' : `${runIds.length} runs deleted`
  const undo = () => void client.call('runs.restore', { runIds: [...runIds] }).then(() => reloadRuns())
  toast(label, { action: { label: 'Undo', run: undo } })
}

client.on('runs.changed', ({ changed, removed, total }) => applyChanges(changed, removed, total))
client.onState((state) => state === 'open' && void reloadRuns())

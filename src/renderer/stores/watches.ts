// Hash paths that are watched in a run, and what they find at the steps that somebody looks at: asked for in pages, and only for those.
import { createStore } from 'zustand/vanilla'
import { mostWatches } from '../../contract/watch.ts'
import type { WatchRow } from '../../contract/watch.ts'
import { client } from '../client/client.ts'
import { showFailure, toast } from './app.ts'

/** Steps that are asked for at once. */
const watchPage = 64

interface Watched {
  readonly paths: readonly string[]
  /** By step. */
  readonly rows: ReadonlyMap<number, WatchRow>
}

const nothing: Watched = { paths: [], rows: new Map() }
export const watches = createStore<{ readonly byRun: ReadonlyMap<string, Watched> }>(() => ({ byRun: new Map() }))

export const watchedOf = (runId: string): Watched => watches.getState().byRun.get(runId) ?? nothing

const put = (runId: string, watched: Watched): void =>
  watches.setState(({ byRun }) => ({ byRun: new Map([...byRun, [runId, watched]]) }))

/** Pages that are on their way; those of older paths are dropped when they come. */
const asked = new Set<string>()

export async function loadWatches(runId: string): Promise<void> {
  const answer = await client.call('watches.get', { runId })
  if (answer.ok && answer.data.paths.length > 0) put(runId, { paths: answer.data.paths, rows: new Map() })
}

async function setWatches(runId: string, paths: readonly string[]): Promise<void> {
  const before = watchedOf(runId)
  put(runId, { paths, rows: new Map() })
  const answer = await client.call('watches.set', { runId, paths: [...paths] })
  if (answer.ok) return
  // Shown all the same where the workspace cannot be written.
  if (answer.error.code === 'WORKSPACE_READ_ONLY') return
  put(runId, before)
  showFailure(answer.error)
}

export function addWatch(runId: string, path: string): void {
  const { paths } = watchedOf(runId)
  if (path === '') return
  if (paths.includes(path)) return toast(`${path} is watched already.`)
  if (paths.length >= mostWatches) return toast(`${mostWatches} hash paths can be watched.`)
  void setWatches(runId, [...paths, path])
}

export const removeWatch = (runId: string, path: string): void =>
  void setWatches(
    runId,
    watchedOf(runId).paths.filter((one) => one !== path)
  )

/** What stands there of the run's steps; what is missing is asked for. `steps`: how many the run has by now. */
export function wantRows(runId: string, from: number, to: number, steps: number): void {
  const { paths, rows } = watchedOf(runId)
  if (paths.length === 0) return
  for (let page = Math.floor(from / watchPage); page * watchPage <= Math.min(to, steps); page++) {
    const first = page * watchPage
    const last = Math.min(first + watchPage - 1, steps)
    if (rows.has(first) && rows.has(last)) continue
    const key = JSON.stringify([runId, page, last, paths])
    if (asked.has(key)) continue
    asked.add(key)
    void client.call('run.watch', { runId, paths: [...paths], from: first, to: last }).then((answer) => {
      asked.delete(key)
      const now = watchedOf(runId)
      if (!answer.ok || now.paths !== paths) return
      put(runId, { paths, rows: new Map([...now.rows, ...answer.data.rows.map((row) => [row.step, row] as const)]) })
    })
  }
}

// Cases of the workspace: runs kept as tests. Asked for from the first time on that something shows them.
import { createStore } from 'zustand/vanilla'
import type { CaseRow, CaseState } from '../../contract/case.ts'
import type { Params } from '../../contract/operations.ts'
import type { Failure } from '../../contract/wire.ts'
import { plural } from '../../contract/words.ts'
import { client } from '../client/client.ts'
import { showFailure, toast } from './app.ts'
import { navigate } from './router.ts'

interface Cases {
  readonly rows: readonly CaseRow[] | null
  readonly failure: Failure | null
  /** Cases are being run. */
  readonly running: { readonly callId: string; readonly done: number; readonly total: number } | null
}

export const cases = createStore<Cases>(() => ({ rows: null, failure: null, running: null }))

let isWatched = false

export async function reloadCases(): Promise<void> {
  const answer = await client.call('cases.list', {})
  cases.setState(answer.ok ? { rows: answer.data, failure: null } : { failure: answer.error })
}

/** Loads the list, and keeps it live from then on. */
export function watchCases(): void {
  void reloadCases()
  if (isWatched) return
  isWatched = true
  client.on('cases.changed', () => void reloadCases())
  client.on('workflows.changed', () => void reloadCases())
  client.on('workspaces.switched', () => {
    cases.setState({ rows: null, failure: null, running: null }, true)
    void reloadCases()
  })
}

/** Whether all that were run passed; null: there are none, or none was run. */
export function stateOfAll(rows: readonly CaseRow[]): CaseState | 'not run' | null {
  if (rows.length === 0) return null
  const states = rows.map(({ result }) => result?.state ?? 'not run')
  return (['broken', 'failed', 'stale', 'not run'] as const).find((one) => states.includes(one)) ?? 'passed'
}

/** All of them, or those. */
export async function testCases(ids?: readonly string[]): Promise<void> {
  if (cases.getState().running !== null) return
  const callId = crypto.randomUUID()
  cases.setState({ running: { callId, done: 0, total: ids?.length ?? 0 } })
  const answer = await client.call('cases.test', ids === undefined ? {} : { caseIds: [...ids] }, callId)
  if (cases.getState().running?.callId !== callId) return
  cases.setState({ running: null })
  if (answer.ok) {
    const failed = answer.data.filter(({ result }) => result?.state !== 'passed').length
    const text = failed === 0 ? 'all passed' : `${plural(failed, 'case')} did not pass`
    return toast(`${plural(answer.data.length, 'case')} run: ${text}`, failed === 0 ? { tone: 'success' } : {})
  }
  if (answer.error.code !== 'CANCELLED') return showFailure(answer.error)
  toast('Cancelled. What was run until then is kept.')
}

export function cancelCases(): void {
  const { running } = cases.getState()
  if (running) void client.call('calls.cancel', { callId: running.callId })
}

client.on('job.progress', ({ jobId, done, total }) => {
  const { running } = cases.getState()
  if (running?.callId === jobId) cases.setState({ running: { ...running, done, total: total ?? 0 } })
})

/** A run of the case, opened where it first differs. */
export async function openCase({ id, result }: CaseRow): Promise<void> {
  const answer = await client.call('cases.open', { caseId: id })
  if (!answer.ok) return showFailure(answer.error)
  const { runId } = answer.data
  const step = result?.step ?? null
  navigate(step === null ? ['runs', runId] : ['runs', runId, 'step', step])
}

/** What was ticked is expected from now on. */
export async function updateCase(id: string, update: Omit<Params<'cases.update'>, 'caseId'>): Promise<void> {
  const answer = await client.call('cases.update', { caseId: id, ...update })
  if (!answer.ok) return showFailure(answer.error)
  const rest = answer.data.result?.differences.length ?? 0
  toast(rest === 0 ? 'Updated: it passes' : `Updated: ${plural(rest, 'difference')} left`, { tone: 'success' })
}

/** False when it was refused, which is said. */
export async function keepCase(params: Params<'cases.keep'>): Promise<boolean> {
  const answer = await client.call('cases.keep', params)
  if (!answer.ok) {
    showFailure(answer.error)
    return false
  }
  const { id, result } = answer.data
  const passes = result?.state === 'passed'
  const text = passes ? `Kept as ${id}` : `Kept as ${id}. It does not pass: what the run depended on is not all known.`
  toast(text, {
    ...(passes ? { tone: 'success' as const } : {}),
    action: { label: 'Show', run: () => navigate(['cases']) }
  })
  return true
}

export async function renameCase(id: string, name: string): Promise<void> {
  const answer = await client.call('cases.rename', { caseId: id, name })
  if (!answer.ok) showFailure(answer.error)
}

export async function deleteCases(ids: readonly string[]): Promise<void> {
  const answer = await client.call('cases.delete', { caseIds: [...ids] })
  if (!answer.ok) return showFailure(answer.error)
  const undo = async () => {
    const back = await client.call('cases.restore', { caseIds: [...ids] })
    if (!back.ok) showFailure(back.error)
  }
  toast(`${plural(ids.length, 'case')} deleted`, { action: { label: 'Undo', run: () => void undo() } })
}

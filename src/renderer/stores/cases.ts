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
  /** The version of MISP that all of them run under; empty: each under its own. */
  readonly profile: string
  /** A case runs again as soon as it, or something that it reads, is saved. */
  readonly isWatching: boolean
}

const nothingYet = { rows: null, failure: null, running: null, profile: '', isWatching: false }
export const cases = createStore<Cases>(() => nothingYet)

let isWatched = false

export async function reloadCases(): Promise<void> {
  const answer = await client.call('cases.list', {})
  if (!answer.ok) {
    // What was listed stays while the host is away, and not where the folder cannot be read any more.
    const isAway = answer.error.code === 'HOST_LOST'
    return cases.setState({ failure: answer.error, ...(isAway ? {} : { rows: null }) })
  }
  cases.setState({ rows: answer.data, failure: null })
  void runSaved()
}

/** By id the stamp that a case had when it was run for being saved: one that comes out as nothing is not run again and again. */
const ranAt = new Map<string, string>()

/** Those that are something else than when they were run. */
async function runSaved(): Promise<void> {
  const { rows, running, isWatching } = cases.getState()
  if (!isWatching || running !== null) return
  const saved = (rows ?? []).filter(({ id, stamp, result }) => result === null && ranAt.get(id) !== stamp)
  for (const { id, stamp } of saved) ranAt.set(id, stamp)
  if (saved.length > 0) await testCases(saved.map(({ id }) => id))
}

export function setWatching(isWatching: boolean): void {
  ranAt.clear()
  cases.setState({ isWatching })
  void runSaved()
}

export const chooseProfile = (profile: string): void => cases.setState({ profile })

/** Loads the list, and keeps it live from then on. */
export function watchCases(): void {
  void reloadCases()
  if (isWatched) return
  isWatched = true
  client.on('cases.changed', () => void reloadCases())
  client.on('workflows.changed', () => void reloadCases())
  client.on('workspaces.switched', () => {
    cases.setState(nothingYet, true)
    void reloadCases()
  })
}

/** Whether all that were run passed; null: there are none, or none was run. */
export function stateOfAll(rows: readonly CaseRow[]): CaseState | 'not run' | null {
  if (rows.length === 0) return null
  const states = rows.map(({ result }) => result?.state ?? 'not run')
  return (['broken', 'failed', 'stale', 'not run'] as const).find((one) => states.includes(one)) ?? 'passed'
}

const under = (profile: string | null) => (profile ? { profile } : {})

/** All of them, or those. */
export async function testCases(ids?: readonly string[]): Promise<void> {
  const { running, profile } = cases.getState()
  if (running !== null) return
  const callId = crypto.randomUUID()
  cases.setState({ running: { callId, done: 0, total: ids?.length ?? 0 } })
  const asked = ids === undefined ? {} : { caseIds: [...ids] }
  const answer = await client.call('cases.test', { ...asked, ...under(profile) }, callId)
  if (cases.getState().running?.callId !== callId) return
  // Whoever cancels wants them not to begin anew.
  cases.setState({ running: null, ...(answer.ok ? {} : { isWatching: false }) })
  if (answer.ok) {
    // What was saved meanwhile.
    void reloadCases()
    const failed = answer.data.filter(({ result }) => result?.state !== 'passed').length
    const text = failed === 0 ? 'all passed' : `${plural(failed, 'case')} did not pass`
    const how = profile === '' ? '' : ` under MISP ${profile}`
    return toast(`${plural(answer.data.length, 'case')} run${how}: ${text}`, failed === 0 ? { tone: 'success' } : {})
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
export async function openCase({ id, result, profile }: CaseRow): Promise<void> {
  const answer = await client.call('cases.open', { caseId: id, ...under(profile) })
  if (!answer.ok) return showFailure(answer.error)
  const { runId } = answer.data
  const step = result?.step ?? null
  navigate(step === null ? ['runs', runId] : ['runs', runId, 'step', step])
}

/** What was ticked is expected from now on. */
export async function updateCase(
  { id, profile }: CaseRow,
  update: Omit<Params<'cases.update'>, 'caseId' | 'profile'>
): Promise<void> {
  const answer = await client.call('cases.update', { caseId: id, ...under(profile), ...update })
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

/** False when it was refused, which is said. */
export async function renameCase(id: string, name: string): Promise<boolean> {
  const answer = await client.call('cases.rename', { caseId: id, name })
  if (!answer.ok) showFailure(answer.error)
  return answer.ok
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

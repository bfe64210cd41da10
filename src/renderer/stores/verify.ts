// Verifying captured runs: one that is open, or many at once. Nothing is sent; the verdicts stay with the runs.
import { createStore } from 'zustand/vanilla'
import type { Params } from '../../contract/operations.ts'
import type { VerifyDifference, VerifyReport, VerifyVerdict } from '../../contract/verify.ts'
import type { Failure } from '../../contract/wire.ts'
import { plural } from '../../contract/words.ts'
import { client } from '../client/client.ts'
import { showFailure, toast } from './app.ts'
import { refreshRuns } from './runs.ts'

/** What a run is held against; nothing chosen: the version that fits best, under the MISP version of the run. */
export interface Against {
  readonly workflowId?: string
  readonly version?: number
  readonly profile?: string
}

export interface Verification {
  readonly state: 'verifying' | 'done' | 'failed'
  readonly against: Against
  /** The last one, also while it is verified anew. */
  readonly report: VerifyReport | null
  readonly failure: Failure | null
  readonly callId: string
}

/** By run; those that were put away are not there. */
export const verifications = createStore<{ readonly byRun: ReadonlyMap<string, Verification> }>(() => ({
  byRun: new Map()
}))

const put = (runId: string, one: Verification): void =>
  verifications.setState(({ byRun }) => ({ byRun: new Map(byRun).set(runId, one) }))

export function closeVerification(runId: string): void {
  const one = verifications.getState().byRun.get(runId)
  if (one?.state === 'verifying') cancelVerification(runId)
  verifications.setState(({ byRun }) => ({ byRun: new Map([...byRun].filter(([id]) => id !== runId)) }))
}

const asked = ({ workflowId, version, profile }: Against): Params<'runs.verify'> => ({
  ...(workflowId === undefined ? {} : { workflow: { workflowId, ...(version === undefined ? {} : { version }) } }),
  ...(profile === undefined ? {} : { profile })
})

export async function verifyRun(runId: string, against?: Against): Promise<void> {
  const old = verifications.getState().byRun.get(runId)
  if (old?.state === 'verifying') return
  const chosen = against ?? old?.against ?? {}
  const callId = crypto.randomUUID()
  put(runId, { state: 'verifying', against: chosen, report: old?.report ?? null, failure: null, callId })
  const answer = await client.call('runs.verify', { runIds: [runId], ...asked(chosen) }, callId)
  // Put away, or asked anew since.
  if (verifications.getState().byRun.get(runId)?.callId !== callId) return
  const one = { against: chosen, callId }
  if (answer.ok) return put(runId, { ...one, state: 'done', report: answer.data[0] ?? null, failure: null })
  if (answer.error.code !== 'CANCELLED')
    return put(runId, { ...one, state: 'failed', report: null, failure: answer.error })
  if (old === undefined) return closeVerification(runId)
  put(runId, old)
}

export function cancelVerification(runId: string): void {
  const one = verifications.getState().byRun.get(runId)
  if (one?.state === 'verifying') void client.call('calls.cancel', { callId: one.callId })
}

export interface Acceptance {
  readonly reason: string
  /** YYYY-MM-DD. */
  readonly until: string
  /** Of every run of the workflow, or of this run. */
  readonly whose: { readonly workflowId: string } | { readonly runId: string }
}

/** False when it was refused, which is said. */
export async function acceptDifference(
  runId: string,
  { nodeId, kind, path }: VerifyDifference,
  { reason, until, whose }: Acceptance
): Promise<boolean> {
  if (kind === 'fault') return false
  const answer = await client.call('verify.accept', { for: whose, nodeId, kind, path, reason, until })
  if (!answer.ok) {
    showFailure(answer.error)
    return false
  }
  void verifyRun(runId)
  return true
}

/** The runs that are open are verified anew. */
export async function takeBack(id: string): Promise<void> {
  const answer = await client.call('verify.unaccept', { id })
  if (!answer.ok) return showFailure(answer.error)
  for (const [runId, { report }] of verifications.getState().byRun)
    if (report?.accepted.some((one) => one.id === id)) void verifyRun(runId)
}

/** Many runs. */
export interface ManyVerified {
  readonly state: 'idle' | 'verifying' | 'done'
  readonly done: number
  readonly total: number
  readonly verdicts: Readonly<Record<VerifyVerdict, number>>
  readonly accepted: number
}

const none: ManyVerified = {
  ...{ state: 'idle', done: 0, total: 0, accepted: 0 },
  verdicts: { equal: 0, different: 0, 'cannot tell': 0 }
}
export const manyVerified = createStore<ManyVerified>(() => none)
let callOfMany = ''

/** Of all captured runs, or of those. */
export async function verifyMany(runIds?: readonly string[]): Promise<void> {
  if (manyVerified.getState().state === 'verifying') return
  callOfMany = crypto.randomUUID()
  manyVerified.setState({ ...none, state: 'verifying', total: runIds?.length ?? 0 }, true)
  const params = { ...(runIds === undefined ? {} : { runIds: [...runIds] }), brief: true }
  const answer = await client.call('runs.verify', params, callOfMany)
  if (!answer.ok) return endedEarly(answer.error)
  const count = (verdict: VerifyVerdict): number => answer.data.filter((one) => one.verdict === verdict).length
  manyVerified.setState({
    ...{ state: 'done', done: answer.data.length, total: answer.data.length },
    verdicts: { equal: count('equal'), different: count('different'), 'cannot tell': count('cannot tell') },
    accepted: answer.data.reduce((sum, { accepted }) => sum + accepted.length, 0)
  })
  // A list that is sorted or narrowed by verdicts.
  refreshRuns()
}

function endedEarly(error: Failure): void {
  const { done } = manyVerified.getState()
  manyVerified.setState(none, true)
  if (error.code !== 'CANCELLED') return showFailure(error)
  toast(done === 0 ? 'Cancelled.' : `Cancelled. The verdicts of ${plural(done, 'run')} are kept.`)
}

export const cancelMany = (): void => void client.call('calls.cancel', { callId: callOfMany })
export const closeMany = (): void => void manyVerified.setState(none, true)

client.on('job.progress', ({ jobId, done, total }) => {
  if (jobId === callOfMany && manyVerified.getState().state === 'verifying')
    manyVerified.setState({ done, total: total ?? 0 })
})
client.on('workspaces.switched', () => {
  verifications.setState({ byRun: new Map() })
  closeMany()
})

/** The list of accepted differences is open. */
export const acceptedList = createStore<{ readonly open: boolean }>(() => ({ open: false }))
export const showAccepted = (): void => acceptedList.setState({ open: true })

// Verifying many runs, and the differences that a person expects. Each run is verified in the engine worker.
import { CodedError, errorTable } from '../../contract/errors.ts'
import type { ParsedParams } from '../../contract/operations.ts'
import { runTitle } from '../../contract/run-views.ts'
import { theirs } from '../../contract/sentence.ts'
import { dayOf } from '../../contract/verify.ts'
import type { AcceptedDifference, ListedDifference, RunVerified, VerifyReport } from '../../contract/verify.ts'
import { defaultProfile } from '../../engine/profiles/profiles.ts'
import { newRunId } from '../ports/ids.ts'
import type { Call } from '../registry/calls.ts'
import type { Handlers } from '../registry/registry.ts'
import type { EngineClient } from '../worker/thread/engine-client.ts'
import { forwardedHandlers } from './forward.ts'
import type { Services } from './services.ts'

type VerifyOperations = 'runs.verify' | 'verify.accepted' | 'verify.accept' | 'verify.unaccept'
type Verify = Handlers<'run.verify'>['run.verify']

export function verifyHandlers(services: Services, engine: EngineClient): Handlers<VerifyOperations> {
  const { workspace, accepted } = services
  const verify = forwardedHandlers(services, engine)['run.verify']
  return {
    'runs.verify': (params, call) => verifyRuns(services, verify, params, call),
    'verify.accepted': () => listed(services),
    'verify.accept': async ({ for: whose, ...given }) => {
      workspace.assertWritable()
      if ('workflowId' in whose) workspace.workflows.get(whose.workflowId)
      else await assertCaptured(services, whose.runId)
      const of = { workflowId: null, runId: null, ...whose }
      return accepted.save({ id: newRunId(), ...of, ...given, at: new Date().toISOString() })
    },
    'verify.unaccept': async ({ id }) => {
      workspace.assertWritable()
      const one = await accepted.find(id)
      if (one === null) throw new CodedError('ACCEPTED_NOT_FOUND', `The workspace has no accepted difference “${id}”.`)
      await accepted.remove(id, true)
      await unsettle(services, one)
      return listed(services)
    }
  }
}

async function listed({ workspace, capture, accepted }: Services): Promise<readonly ListedDifference[]> {
  await capture.known()
  const today = dayOf(new Date())
  const nameOf = ({ workflowId, runId }: AcceptedDifference): string | null => {
    const run = runId === null ? undefined : workspace.runs.get(runId)
    if (run !== undefined) return runTitle(run)
    return workspace.workflows.list().find(({ id }) => id === workflowId)?.name ?? null
  }
  const all = (await accepted.list()).map((one) => ({ ...one, of: nameOf(one), expired: one.until < today }))
  return all.sort((a, b) => (a.at < b.at ? 1 : -1))
}

async function assertCaptured({ workspace, capture }: Services, runId: string): Promise<void> {
  await capture.known()
  if (workspace.runs.get(runId) === undefined) throw new CodedError('RUN_NOT_FOUND', `There is no run “${runId}”.`)
}

/** What was verified with a difference that is not accepted any more does not stand. */
async function unsettle({ workspace }: Services, { runId }: AcceptedDifference): Promise<void> {
  for (let cursor: string | null = null; ;) {
    const page = workspace.runs.list({ origin: ['captured'] }, '', cursor, 1000)
    for (const { id, verified } of page.runs) {
      if (verified === undefined || verified.accepted === 0 || (runId !== null && runId !== id)) continue
      await workspace.runs.remark([id], { verified: { ...verified, stale: true } })
    }
    cursor = page.cursor
    if (cursor === null) return
  }
}

async function verifyRuns(
  services: Services,
  verify: Verify,
  { runIds, brief, ...params }: ParsedParams<'runs.verify'>,
  call: Call
): Promise<readonly VerifyReport[]> {
  const { workspace } = services
  const chosen = runIds ?? (await capturedRuns(services))
  const reports: VerifyReport[] = []
  for (const [i, runId] of chosen.entries()) {
    call.signal.throwIfAborted()
    call.tell('Verifying runs', i, chosen.length)
    try {
      const report = await verify({ runId, ...params }, call)
      reports.push(brief ? withoutValues(report) : report)
      await keep(services, report)
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      // Removed since they were listed.
      if (runIds === undefined && error.code === 'RUN_NOT_FOUND') continue
      if (error.code !== 'INTERNAL' && error.code !== 'WORKER_STOPPED') throw error
      const report = faultOf(runId, workspace.runs.get(runId)?.steps ?? 0, error)
      reports.push(report)
      await keep(services, report)
    }
  }
  return reports
}

const withoutValues = ({ first, ...report }: VerifyReport): VerifyReport => ({
  ...report,
  first: first && { ...first, expected: null, actual: null }
})

/** Verdicts stay with the runs, where the workspace can be written. */
async function keep({ workspace }: Services, report: VerifyReport): Promise<void> {
  if (!workspace.writable || workspace.runs.get(report.runId) === undefined) return
  await workspace.runs.remark([report.runId], { verified: verifiedOf(report) })
}

function verifiedOf({ verdict, accepted, workflow, profile }: VerifyReport): RunVerified {
  const days = accepted.map(({ until }) => until).sort()
  const version = workflow === null || workflow.version === 0 ? '' : ` version ${workflow.version}`
  return {
    ...{ verdict, accepted: accepted.length, at: new Date().toISOString() },
    ...(days[0] === undefined ? {} : { until: days[0] }),
    ...(workflow === null ? {} : { against: `${workflow.name}${version}, MISP ${profile}` })
  }
}

/** Oldest first; those in the bin are left out. */
async function capturedRuns({ capture, workspace }: Services): Promise<readonly string[]> {
  const { runs } = await capture.service()
  await capture.known()
  const isThere = (id: string): boolean => (workspace.runs.get(id)?.deletedAt ?? null) === null
  const ids = [...runs.values()].sort((a, b) => a.startedAt - b.startedAt).map(({ id }) => id)
  return ids.filter(isThere)
}

/** Retrace failed: that is no difference of MISP's, and not hidden either. */
const faultOf = (runId: string, posts: number, { message }: CodedError): VerifyReport => ({
  ...{ runId, verdict: 'different', missing: [], accepted: [], remarks: [], workflow: null, profile: defaultProfile },
  ...{ posts, equal: 0 },
  first: {
    ...{ step: null, nodeId: null, moduleId: null, job: 0, visit: 1, kind: 'fault', path: null },
    ...{ expected: null, actual: message, cause: theirs(faultText(message)), condition: null }
  }
})

/** A mistake that nobody foresaw has no message of its own. */
const faultText = (message: string): string =>
  [errorTable.INTERNAL, ...(message === errorTable.INTERNAL ? ['retrace.log has where.'] : [message])].join(' ')

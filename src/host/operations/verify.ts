// Verifying many runs, and the differences that a person expects. Each run is verified in the engine worker.
import { CodedError, errorTable } from '../../contract/errors.ts'
import type { ParsedParams, Result } from '../../contract/operations.ts'
import { theirs } from '../../contract/sentence.ts'
import type { VerifyReport } from '../../contract/verify.ts'
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
  const listed = async (): Promise<Result<'verify.accepted'>> =>
    [...(await accepted.list())].sort((a, b) => (a.at < b.at ? 1 : -1))
  return {
    'runs.verify': (params, call) => verifyRuns(services, verify, params, call),
    'verify.accepted': listed,
    'verify.accept': async ({ for: whose, ...given }) => {
      workspace.assertWritable()
      if ('workflowId' in whose) workspace.workflows.get(whose.workflowId)
      const of = { workflowId: null, runId: null, ...whose }
      return accepted.save({ id: newRunId(), ...of, ...given, at: new Date().toISOString() })
    },
    'verify.unaccept': async ({ id }) => {
      workspace.assertWritable()
      await accepted.remove(id)
      return listed()
    }
  }
}

async function verifyRuns(
  services: Services,
  verify: Verify,
  { runIds, ...params }: ParsedParams<'runs.verify'>,
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
      reports.push(report)
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

/** Verdicts stay with the runs, where the workspace can be written. */
async function keep({ workspace }: Services, { runId, verdict, accepted }: VerifyReport): Promise<void> {
  if (!workspace.writable || workspace.runs.get(runId) === undefined) return
  await workspace.runs.remark([runId], {
    verified: { verdict, accepted: accepted.length, at: new Date().toISOString() }
  })
}

async function capturedRuns({ capture }: Services): Promise<readonly string[]> {
  const { runs } = await capture.service()
  return [...runs.values()].sort((a, b) => a.startedAt - b.startedAt).map(({ id }) => id)
}

/** Retrace failed: that is no difference of MISP's, and not hidden either. */
const faultOf = (runId: string, posts: number, { message }: CodedError): VerifyReport => ({
  ...{ runId, verdict: 'different', missing: [], accepted: [], remarks: [], workflow: null, profile: defaultProfile },
  ...{ posts, equal: 0 },
  first: {
    ...{ step: null, nodeId: null, moduleId: null, job: 0, visit: 1, kind: 'fault', path: null },
    ...{ expected: null, actual: message, cause: theirs(`${errorTable.INTERNAL} ${message}`) }
  }
})

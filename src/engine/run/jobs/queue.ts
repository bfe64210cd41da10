// How runs queue background jobs (BackgroundJobsTool).
import { CannotTell } from '../../effects/cannot-tell.ts'
import { event } from '../environment.ts'
import type { Environment, Scope } from '../environment.ts'
import type { Gen } from '../../effects/signals.ts'
import type { JobRequest, QueuedJob } from './job-queue.ts'

/** @param by the node that queued the job, null for the router */
export function* queueJob(scope: Scope, by: number | null, request: JobRequest): Gen<void> {
  const { env } = scope
  const job: QueuedJob = {
    ...request,
    id: env.jobs.nextId(),
    parentRunId: scope.runId,
    by
  }
  env.jobs.add(job)
  const { command, workflowId, nodeId, triggerId, pathType, data, id } = job
  yield event(scope, by, 'job.queued', {
    job: id,
    ...{ command, workflowId, data, by },
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(triggerId === undefined ? {} : { triggerId }),
    ...(pathType === undefined ? {} : { pathType }),
    ...(scope.job === undefined ? {} : { parentJob: scope.job })
  })
}

/** Counts a run or job. MISP would go on until its process dies. */
export function countRun({ used, limits }: Environment): void {
  used.runs++
  if (used.runs <= limits.runs) return
  throw new CannotTell('RUN_LIMIT', `The run started ${limits.runs} jobs and runs without ending; Retrace stops here.`)
}

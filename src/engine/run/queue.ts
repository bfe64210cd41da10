// Background jobs wait here: the branches of concurrent tasks and the runs of non-blocking triggers (BackgroundJobsTool).
import type { JsonMap } from '../../contract/json.ts'
import { CannotTell } from '../effects/cannot-tell.ts'
import { event } from './environment.ts'
import type { Environment, Firing, Scope } from './environment.ts'
import type { Gen } from '../effects/signals.ts'
import type { PathType } from './walk.ts'

export interface JobRequest {
  readonly command: 'walkGraph' | 'executeWorkflowForTrigger'
  readonly workflowId: string
  readonly data: JsonMap
  readonly chain: readonly Firing[]
  readonly nodeId?: number
  readonly triggerId?: string
  readonly pathType?: PathType
  /** The run of executeWorkflowForTrigger. */
  readonly runId?: string
}

export interface QueuedJob extends JobRequest {
  readonly id: string
  readonly parentRunId: string
  readonly by: number | null
}

export class JobQueue {
  readonly #waiting: QueuedJob[] = []
  #count = 0

  nextId(): string {
    return `job-${++this.#count}`
  }

  add(job: QueuedJob): void {
    this.#waiting.push(job)
  }

  take(): QueuedJob | undefined {
    return this.#waiting.shift()
  }
}

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
  throw new CannotTell('RUN_LIMIT', `The run started ${limits.runs} jobs and runs without an end; Retrace stops here.`)
}

// Background jobs wait here: the branches of concurrent tasks and the runs of non-blocking triggers (BackgroundJobsTool).
import type { JsonMap } from '../../../contract/json.ts'

export type PathType = 'blocking' | 'non-blocking'

/** A trigger that was fired, and the node that fired it: the way from the run that was started to a nested one. */
export interface Firing {
  readonly triggerId: string
  readonly nodeId: number | null
}

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
  /** Who caused the run: handed on to the worker. */
  readonly userId?: string | null
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

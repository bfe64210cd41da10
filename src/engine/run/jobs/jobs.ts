// Jobs run after the run that queued them, first in first out, each in a PHP process of its own (WorkflowShell).
import type { Throwable } from '../../../contract/run.ts'
import { phpString } from '../../php/cast.ts'
import { phpException, PhpThrow } from '../../php/exceptions.ts'
import { asCannotTell } from '../../effects/cannot-tell.ts'
import { event } from '../environment.ts'
import type { Environment, Scope } from '../environment.ts'
import { exceedsAsJson } from './job-data.ts'
import { throughJson } from '../../php/decode.ts'
import { reportChanges } from '../walk/execute-node.ts'
import { logError } from '../posts/log.ts'
import { countRun } from './queue.ts'
import type { QueuedJob } from './job-queue.ts'
import { runForTrigger } from '../run-workflow.ts'
import type { Gen } from '../../effects/signals.ts'
import { translate } from '../texts.ts'
import { walkGraph } from '../walk/walk-graph.ts'

/** Runs the queue until it is empty; jobs may queue jobs. */
export function* runJobs(env: Environment): Gen<void> {
  for (let job = env.jobs.take(); job !== undefined; job = env.jobs.take()) yield* runJob(env, job)
}

interface Done {
  readonly success: boolean
  readonly message: string
  readonly throwable?: Throwable & { readonly nodeId: number | null }
  readonly cannotTell?: string
}

function* runJob(env: Environment, job: QueuedJob): Gen<void> {
  countRun(env)
  const workflow = env.workflows.byId(job.workflowId) ?? {}
  const world = env.world.fork()
  const [reported, assumed] = [world.changes.length, world.assumptions.length]
  // A branch's worker is not told who caused the run.
  const userId = job.command === 'walkGraph' ? null : (job.userId ?? null)
  const process = { logLoaded: false, noted: false, world, reported, assumed, userId }
  env.world = world
  const scope: Scope = {
    ...{ env, runId: job.parentRunId, job: job.id, process, chain: job.chain, workflow },
    at: { nodeId: null }
  }
  yield event(scope, null, 'job.started', { job: job.id })
  const done = (yield* cannotStart(scope, job)) ?? (yield* perform(scope, job))
  yield* reportChanges(scope, scope.at.nodeId)
  yield event(scope, null, 'job.finished', { job: job.id, ...done })
}

/** A job whose data is longer than an argument may be does not start on Linux. */
function* cannotStart(scope: Scope, job: QueuedJob): Gen<Done | null> {
  const { env } = scope
  if (!exceedsAsJson(job.data, env.profile.longestJobArgument)) return null
  const limit = env.profile.longestJobArgument
  const text =
    `The data of this job is longer than ${limit} bytes as JSON: on Linux its worker cannot be started ` +
    '(jobs carry their data on the command line).'
  if (env.crash) return { success: false, message: text }
  yield event(scope, null, 'note', {
    nodeId: null,
    code: 'JOB_ARGUMENT_TOO_LONG',
    text: `${text} Shown is how the job would run.`
  })
  return null
}

function* perform(scope: Scope, job: QueuedJob): Gen<Done> {
  try {
    return yield* job.command === 'walkGraph' ? walkBranch(scope, job) : runTrigger(scope, job)
  } catch (thrown) {
    const unknown = asCannotTell(thrown)
    if (unknown) return { success: false, message: unknown.reason, cannotTell: unknown.reason }
    if (!(thrown instanceof PhpThrow)) throw thrown
    const { nodeId } = scope.at
    return { success: false, message: thrown.message, throwable: { ...thrown.toThrowable(), nodeId } }
  }
}

/** WorkflowShell::walkGraph. */
function* walkBranch(scope: Scope, job: QueuedJob): Gen<Done> {
  if (job.nodeId === undefined || job.nodeId === 0) return { success: false, message: 'Invalid number of arguments.' }
  if (scope.env.workflows.byId(job.workflowId) === null) throw phpException('NotFoundException', 'Invalid workflow')
  const errors: string[] = []
  const input = { start: job.nodeId, forPath: job.pathType ?? ('non-blocking' as const), data: throughJson(job.data) }
  const { success, walk } = yield* walkGraph(scope, input, errors)
  if (success) {
    const text = 'Workflow concurrent task executed %s nodes starting from node %s.'
    return { success, message: translate(text, walk.executed_nodes.length, job.nodeId) }
  }
  const message = translate('Error while executing workflow concurrent task. %s', `\n${errors.join(', ')}`)
  yield* logError(scope, message)
  return { success, message }
}

/**
 * WorkflowShell::executeWorkflowForTrigger. Its message about a failure has four places and three arguments, so the worker of every
 * failing run dies with a ValueError after the run.
 */
function* runTrigger(scope: Scope, job: QueuedJob): Gen<Done> {
  const triggerId = job.triggerId ?? ''
  const errors: string[] = []
  const parent = job.by === null ? {} : { parent: { runId: job.parentRunId, nodeId: job.by } }
  const run = { triggerId, data: throughJson(job.data), runId: job.runId ?? job.parentRunId, ...parent }
  const success = yield* runForTrigger(scope, run, errors)
  if (success) return { success, message: translate('Workflow for trigger `%s` completed execution', triggerId) }
  const returned = translate('Returned message: %s', errors.join(', '))
  const text = 'Error while executing workflow for trigger `%s`: %s. %s%s'
  const stopped = 'Error while executing workflow'
  if (scope.env.profile.failedTriggerJobDies)
    return { success, message: translate(text, triggerId, phpString(null), `\n${returned}`) }
  return { success, message: translate(text, triggerId, stopped, '\n', returned) }
}

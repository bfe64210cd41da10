// A trigger fires (AppModel::executeTrigger, Workflow::executeWorkflowForTriggerRouter): from the run's own start through the
// router, or from an action of a run.
import { plainText, type JsonMap } from '../../contract/json.ts'
import { CannotTell } from '../effects/cannot-tell.ts'
import { phpString } from '../php/cast.ts'
import { phpException } from '../php/exceptions.ts'
import { isEmpty } from '../php/values.ts'
import { event } from './environment.ts'
import type { Environment, Fired, Scope } from './environment.ts'
import { countRun, queueJob } from './jobs/queue.ts'
import { describe, executeWorkflow, reported, runForTrigger } from './run-workflow.ts'
import type { Gen } from '../effects/signals.ts'

const notRun: Fired = { success: true, errors: [], ran: false }

/** Why a fired trigger runs nothing (AppModel::isTriggerCallable); null when a workflow runs. */
function whyNot(env: Environment, triggerId: string): string | null {
  if (isEmpty(env.settings['Plugin.Workflow_enable'] ?? true)) return 'workflows are disabled'
  const trigger = env.modules.find('trigger', triggerId)
  if (trigger?.disabled === true) return 'the trigger is disabled'
  if (env.workflows.byTrigger(triggerId) === null) return 'no workflow uses this trigger'
  return null
}

/** An action of `scope` makes MISP fire a trigger. With the cascade off, or too deep, nothing runs and MISP's caller sees success. */
export function* fireTrigger(scope: Scope, nodeId: number, triggerId: string, data: JsonMap): Gen<Fired> {
  // Every row that is saved comes by here.
  yield { kind: 'breath' }
  const { env, chain } = scope
  // Of a version without this trigger: MISP's model does not even ask.
  if (env.modules.find('trigger', triggerId) === null) return notRun
  const fired = (runId: string | null, reason?: string) =>
    event(scope, nodeId, 'trigger.fired', { triggerId, nodeId, runId, ...(reason === undefined ? {} : { reason }) })
  const tooDeep =
    env.cascade === 0 ? 'running fired workflows is off' : `fired workflows run up to depth ${env.cascade}`
  const because = whyNot(env, triggerId) ?? (chain.length > env.cascade ? tooDeep : null)
  if (because !== null) {
    // An action on thousands of attributes fires for each of them; saying so once a node is enough.
    const said = `${triggerId} ${because}`
    if (scope.at.told?.has(said) !== true) yield fired(null, because)
    scope.at.told?.add(said)
    return notRun
  }
  yield* noteCycle(scope, nodeId, triggerId)
  const runId = nextRunId(scope)
  yield fired(runId)
  const below = chain.with(-1, { triggerId: chain.at(-1)?.triggerId ?? '', nodeId })
  return yield* route({ ...scope, chain: below }, { triggerId, data, runId, nodeId })
}

/**
 * Module_run_workflow: a workflow that runs inside this one, whatever its trigger. It is a part of what the module does, so it runs with
 * the cascade off too; a workflow that runs itself ends at a depth where MISP would go on.
 */
export function* runNow(scope: Scope, nodeId: number, workflowId: string | null, data: JsonMap): Gen<void> {
  yield { kind: 'breath' }
  const { env, chain } = scope
  const row = workflowId === null ? null : env.workflows.byId(workflowId)
  if (row === null) throw phpException('NotFoundException', 'Invalid workflow')
  const triggerId = phpString(row['trigger_id'] ?? null)
  if (chain.length > Math.max(env.cascade, deepestNested)) {
    const text = `The workflows run each other more than ${Math.max(env.cascade, deepestNested)} levels deep; MISP has no limit for this.`
    throw new CannotTell('RUN_LIMIT', text)
  }
  const runId = nextRunId(scope)
  yield event(scope, nodeId, 'trigger.fired', { triggerId, nodeId, runId })
  const way = [...chain.with(-1, { triggerId: chain.at(-1)?.triggerId ?? '', nodeId }), { triggerId, nodeId: null }]
  const inner: Scope = { ...scope, runId, chain: way, workflow: row, at: { nodeId: null } }
  const errors: string[] = []
  const started = { ...describe(inner, triggerId), parent: { runId: scope.runId, nodeId } }
  yield* reported(inner, started, errors, () => executeWorkflow(inner, data, errors))
}

const deepestNested = 20

/**
 * A name that a file can have: fired runs are kept beside the one that fired them.
 * @throws CannotTell when the runs fire each other without an end
 */
function nextRunId({ env, runId }: Scope): string {
  countRun(env)
  return `${runId.replace(/\.\d+$/, '')}.${env.used.runs}`
}

/** A trigger that is fired inside of its own run again: the way round, in triggers and nodes. */
function* noteCycle(scope: Scope, nodeId: number, triggerId: string): Gen<void> {
  const from = scope.chain.findIndex((firing) => firing.triggerId === triggerId)
  if (from < 0) return
  const way = scope.chain.slice(from).map((firing, i, all) => {
    const node = i === all.length - 1 ? nodeId : firing.nodeId
    return `${firing.triggerId} -> node ${node ?? '?'}`
  })
  const text = `The workflows fire each other in a cycle: ${way.join(' -> ')} -> ${triggerId}. MISP has no limit for this.`
  yield event(scope, nodeId, 'note', { nodeId, code: 'TRIGGER_CYCLE', text })
}

interface Firing {
  readonly triggerId: string
  readonly data: JsonMap
  readonly runId: string
  readonly nodeId: number | null
  readonly assumptions?: readonly string[]
}

/** Without background jobs newer versions run at once what would be queued; nobody said: they are on. */
const queues = ({ profile, settings }: Environment): boolean =>
  !profile.asksForBackgroundJobs || !isEmpty(settings['MISP.background_jobs'] ?? true)

/** Workflow::executeWorkflowForTriggerRouter: a non-blocking trigger becomes a job, a blocking one runs at once. */
export function* route(scope: Scope, { triggerId, data, runId, nodeId, assumptions }: Firing): Gen<Fired> {
  const trigger = scope.env.modules.find('trigger', triggerId)
  if (trigger === null) throw phpException('TriggerNotFoundException', `Unknown trigger \`${triggerId}\``)
  if (trigger.disabled) return notRun
  if (!trigger.definition.blocking && queues(scope.env)) {
    const workflowId = plainText(scope.env.workflows.byTrigger(triggerId)?.['id'] ?? '')
    const { chain } = scope
    yield* queueJob(scope, nodeId, {
      ...{ command: 'executeWorkflowForTrigger', workflowId, triggerId, data, runId, chain },
      userId: scope.env.profile.jobsKnowTheirUser ? scope.process.userId : null
    })
    return { success: true, errors: [], ran: true }
  }
  const errors: string[] = []
  const parent = nodeId === null ? {} : { parent: { runId: scope.runId, nodeId } }
  const stated = assumptions === undefined ? {} : { assumptions }
  const success = yield* runForTrigger(scope, { triggerId, data, runId, ...parent, ...stated }, errors)
  return { success, errors, ran: true }
}

// Running a workflow: Workflow::executeWorkflow, executeWorkflowForTrigger and the __runWorkflow behind both.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Outcome, RunEventMap, WalkResult } from '../../contract/run.ts'
import { dataOf, field } from '../graph/nodes.ts'
import { extractTrigger, getNodeIdForTrigger } from '../graph/walk-helpers.ts'
import { phpInt, phpString } from '../php/cast.ts'
import { phpError, phpException, PhpThrow } from '../php/exceptions.ts'
import { dig, isEmpty } from '../php/values.ts'
import { asCannotTell } from '../effects/cannot-tell.ts'
import { collectData } from '../modules/ad-hoc/collect.ts'
import { countRun } from './jobs/queue.ts'
import { event } from './environment.ts'
import type { Scope } from './environment.ts'
import { reportChanges } from './walk/execute-node.ts'
import { logError, logIfDebug } from './posts/log.ts'
import type { LoadedModule } from './modules.ts'
import { postIfDebug } from './posts/send-post.ts'
import type { Gen } from '../effects/signals.ts'
import { intArgument, translate } from './texts.ts'
import { normalizeInput, triggerAccepts } from './triggers.ts'
import { graphOf, requireUser, walkGraph } from './walk/walk-graph.ts'
import type { PathType } from './jobs/job-queue.ts'

/** What __runWorkflow returns, and the outcome in Retrace's words. */
export interface RunResult {
  readonly outcome: Outcome
  readonly outcomeText: string
  readonly success: boolean
  readonly walk: WalkResult | null
}

export interface TriggerRun {
  readonly triggerId: string
  readonly data: JsonMap
  readonly runId: string
  readonly parent?: { readonly runId: string; readonly nodeId: number }
  readonly assumptions?: readonly string[]
  readonly insteadOf?: string | undefined
}

type Started = Omit<RunEventMap['run.started'], 'profile' | 'assumptions'> & {
  readonly assumptions?: readonly string[]
}

/**
 * Reports the begin and the end of a run around its body. What PHP throws ends the run as `aborted` and goes on to whoever started it.
 */
export function* reported(
  scope: Scope,
  started: Started,
  errors: readonly string[],
  body: () => Gen<RunResult>
): Gen<RunResult> {
  yield event(scope, null, 'run.started', { assumptions: [], ...started, profile: scope.env.profile.id })
  try {
    const result = yield* body()
    yield event(scope, null, 'run.finished', { ...result, blockingErrors: [...errors] })
    return result
  } catch (thrown) {
    yield* reportChanges(scope, scope.at.nodeId)
    yield event(scope, scope.at.nodeId, 'run.finished', unfinished(scope, thrown, errors))
    throw thrown
  }
}

function unfinished(scope: Scope, thrown: unknown, errors: readonly string[]): RunEventMap['run.finished'] {
  const rest = { success: false, walk: null, blockingErrors: [...errors] }
  const unknown = asCannotTell(thrown)
  if (unknown) return { ...rest, outcome: 'cannot tell', outcomeText: unknown.reason }
  if (!(thrown instanceof PhpThrow))
    return { ...rest, outcome: 'cannot tell', outcomeText: 'Internal error in Retrace.' }
  const throwable = { ...thrown.toThrowable(), nodeId: scope.at.nodeId }
  return { ...rest, outcome: 'aborted', outcomeText: `${thrown.phpClass}: ${thrown.message}`, throwable }
}

const notStarted = (outcomeText: string, success: boolean): RunResult => ({
  ...{ outcome: 'not started', outcomeText, success, walk: null }
})

/** Workflow::executeWorkflow: runs the workflow of `scope`, whatever trigger it has. A disabled trigger is a TypeError. */
export function* executeWorkflow(scope: Scope, data: JsonMap, errors: string[]): Gen<RunResult> {
  const trigger = extractTrigger(graphOf(scope.workflow))
  const module = triggerModule(scope, dataOf(trigger, 'id') ?? null)
  if (module.disabled) {
    const what = 'Workflow::executeWorkflow(): Return value must be of type array, bool returned'
    throw phpError('TypeError', what)
  }
  const start = field(trigger, 'id') ?? null
  if (!isEmpty(module.definition.extra?.['is_adhoc'] ?? null))
    return yield* runAdHoc(scope, module, trigger, data, errors)
  return yield* runWorkflow(scope, module, data, start, errors)
}

/**
 * Workflow::__runAdHocWorkflow: a complete run for each piece of data that the trigger collects, of which the last one's result counts. A
 * single one is the run itself; several are runs of their own under it.
 */
function* runAdHoc(scope: Scope, module: LoadedModule, trigger: Json, data: JsonMap, errors: string[]): Gen<RunResult> {
  requireUser(scope)
  const pieces = collectData(scope.process.world, dataOf(trigger, 'indexed_params') ?? null, data, scope.env.profile)
  const start = field(trigger, 'id') ?? null
  const [only] = pieces
  if (only === undefined) return notStarted('No data collected.', false)
  if (pieces.length === 1) return yield* runWorkflow(scope, module, only, start, errors)
  const triggerId = module.definition.id
  const nodeId = phpInt(start)
  let last = notStarted('No data collected.', false)
  for (const piece of pieces) {
    countRun(scope.env)
    const runId = `${scope.runId.replace(/\/\d+$/, '')}/${scope.env.used.runs}`
    yield event(scope, nodeId, 'trigger.fired', { triggerId, nodeId, runId })
    const inner: Scope = { ...scope, runId, at: { nodeId: null } }
    const started = { ...describe(inner, triggerId), parent: { runId: scope.runId, nodeId } }
    last = yield* reported(inner, started, errors, () => runWorkflow(inner, module, piece, start, errors))
  }
  return { ...last, walk: null }
}

/** Workflow::executeWorkflowForTrigger: runs the workflow that listens to the trigger. */
export function* runForTrigger(parent: Scope, run: TriggerRun, errors: string[]): Gen<boolean> {
  const { env } = parent
  const { triggerId, data, runId, assumptions, insteadOf } = run
  const row = env.workflows.byTrigger(triggerId)
  const chain = [...parent.chain, { triggerId, nodeId: null }]
  const scope: Scope = { ...parent, runId, chain, workflow: row ?? {}, at: { nodeId: null } }
  const started: Started = {
    ...describe(scope, triggerId),
    ...(run.parent === undefined ? {} : { parent: run.parent }),
    ...(assumptions === undefined ? {} : { assumptions }),
    ...(insteadOf === undefined ? {} : { insteadOf })
  }
  const result = yield* reported(scope, started, errors, function* () {
    const module = triggerModule(scope, triggerId)
    if (module.disabled) return notStarted(`The trigger \`${triggerId}\` is disabled.`, true)
    if (row === null) throw phpException('NotFoundException', 'Invalid workflow')
    const start = getNodeIdForTrigger(graphOf(row), triggerId)
    if (start === -1) {
      errors.push(translate('Invalid start node `%s`', start))
      return notStarted('Invalid start node `-1`', false)
    }
    return yield* runWorkflow(scope, module, data, start, errors)
  })
  return result.success
}

export function describe(scope: Scope, triggerId: string): Started {
  const { workflow, env } = scope
  const blocking = env.modules.find('trigger', triggerId)?.definition.blocking === true
  return {
    workflowId: phpString(workflow['id'] ?? null),
    workflowName: phpString(workflow['name'] ?? null),
    triggerId,
    pathType: blocking ? 'blocking' : 'non-blocking'
  }
}

/** Workflow::getModuleClassByType for a trigger, throwing. */
function triggerModule(scope: Scope, triggerId: Json): LoadedModule {
  const module = scope.env.modules.load('trigger', triggerId)
  if (module !== null) return module
  const text = translate('Unknown module `%s` for module type `%s`', triggerId, 'trigger')
  throw phpException('TriggerNotFoundException', text)
}

/** Workflow::__runWorkflow. */
function* runWorkflow(
  before: Scope,
  trigger: LoadedModule,
  data: JsonMap,
  startId: Json,
  errors: string[]
): Gen<RunResult> {
  const { definition } = trigger
  before.process.logLoaded = true
  const names = [definition.id, before.workflow['id'] ?? null]
  yield* logIfDebug(before, translate('Started executing workflow for trigger `%s` (%s)', ...names), null)
  const scope: Scope = { ...before, workflow: yield* countExecution(before) }
  const normalized = normalizeInput(scope, definition, data)
  yield* reportChanges(scope, null)
  if (typeof normalized === 'string') {
    yield* logIfDebug(scope, normalized, null)
    return notStarted(`failure ${normalized}`, false)
  }
  yield event(scope, null, 'run.normalized', { original: data, normalized })
  const forPath: PathType = definition.blocking ? 'blocking' : 'non-blocking'
  const init = { node: null, nodeId: null, data: { original: data, normalized }, errors: [] }
  yield* postIfDebug(scope, { ...init, path: `/init?type=${forPath}` })
  const node = extractTrigger(graphOf(scope.workflow))
  requireUser(scope)
  if (!(yield* triggerAccepts(scope, trigger, node, data))) {
    return notStarted('failure Conditions on the trigger are not satisfied to continue the execution', false)
  }
  const start = intArgument(startId, 'Workflow::walkGraph(): Argument #2 ($startNode)')
  const { success, walk } = yield* walkGraph(scope, { start, forPath, data: normalized }, errors)
  return yield* concluded(scope, names, { success, walk }, errors)
}

/** The end of a walk: MISP's sentences, its outcome, the end post. */
function* concluded(
  scope: Scope,
  names: readonly Json[],
  { success, walk }: { readonly success: boolean; readonly walk: WalkResult },
  errors: readonly string[]
): Gen<RunResult> {
  const said = `\n${errors.join(', ')}`
  if (!success) yield* logError(scope, translate('Execution stopped. %s', said))
  else if (errors.length > 0 && scope.env.profile.logTellsErrors)
    yield* logError(scope, translate('Execution encountered an error but continued. %s', said))
  const stopped = walk.blocking_nodes.some((node) => dig(node, 'data', 'id') === 'stop-execution')
  const outcome = success ? 'success' : stopped ? 'blocked' : 'failure'
  const text = 'Finished executing workflow for trigger `%s` (%s). Outcome: %s'
  yield* logIfDebug(scope, translate(text, ...names, outcome), null)
  const end = { node: null, nodeId: null, data: walk as unknown as Json, errors: [] }
  yield* postIfDebug(scope, { ...end, path: `/end?outcome=${outcome}` })
  return { outcome, outcomeText: outcome, success, walk }
}

/** Workflow::__incrementWorkflowExecutionCount. */
function* countExecution(scope: Scope): Gen<JsonMap> {
  const { workflow, env } = scope
  const id = phpString(workflow['id'] ?? null)
  const stored = env.workflows.byId(id) ?? workflow
  const count = phpInt(stored['counter'] ?? null)
  const row = { ...stored, counter: String(count + 1) }
  env.workflows.store(row)
  const change = {
    table: 'workflows',
    op: 'changed',
    id,
    fields: { counter: [String(count), String(count + 1)] }
  } as const
  yield event(scope, null, 'world.changed', { nodeId: null, change })
  return row
}

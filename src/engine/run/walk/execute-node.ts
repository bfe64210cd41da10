// Workflow::executeNode: a node's module runs, its errors are collected, the log and the debug endpoint hear of it.
import type { PinnedOutput } from '../../../contract/effects.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { NodeRef, NodeResult, RunEventMap } from '../../../contract/run.ts'
import type { RawNode } from '../../../contract/workflow.ts'
import { phpError, PhpThrow } from '../../php/exceptions.ts'
import { phpString } from '../../php/cast.ts'
import { dig, isArray, phpType } from '../../php/values.ts'
import { CannotTell } from '../../effects/cannot-tell.ts'
import { unreadFilter } from '../../conditions/unread-filter.ts'
import { buildContext } from '../context.ts'
import type { Executing } from '../context.ts'
import { event } from '../environment.ts'
import type { Scope } from '../environment.ts'
import { ErrorList } from '../errors.ts'
import { logError, logIfDebug } from '../posts/log.ts'
import type { LoadedModule } from '../modules.ts'
import type { RoamingData } from '../roaming-data.ts'
import { postIfDebug } from '../posts/send-post.ts'
import type { Gen } from '../../effects/signals.ts'
import { intArgument, translate } from '../texts.ts'
import { dataOf } from '../../graph/nodes.ts'
import { goesOnAnyway } from '../../graph/walk-helpers.ts'

export interface Executed {
  readonly success: boolean
  readonly errors: ErrorList
}

interface Running extends Executing {
  readonly ref: NodeRef
  readonly before: Json
  readonly startedAt: number
}

type Finished = Pick<RunEventMap['node.finished'], 'result' | 'success' | 'derived'> & { readonly message?: string }

/** @param path the edges from the start node, as MISP writes them */
export function* executeNode(scope: Scope, roaming: RoamingData, node: Json, path: readonly string[]): Gen<Executed> {
  if (!isArray(node)) {
    const type = phpType(node)
    throw phpError('TypeError', `Workflow::executeNode(): Argument #1 ($node) must be of type array, ${type} given`)
  }
  const nodeId = intArgument(dig(node, 'id'), 'WorkflowRoamingData::setCurrentNode(): Argument #1 ($current_node)')
  const module = scope.env.modules.load(dataOf(node, 'module_type') ?? null, dataOf(node, 'id') ?? null)
  scope.at.nodeId = nodeId
  scope.at.told = new Set()
  countStep(scope)
  const ref = nodeRef(node, nodeId)
  const { runId, job } = scope
  const at = { runId, ...(job === undefined ? {} : { job }) }
  const reply = yield { kind: 'step', ...at, nodeId, moduleId: ref.moduleId, path, data: roaming.stored() }
  if (reply?.data !== undefined) roaming.setData(reply.data as never)
  yield event(scope, nodeId, 'node.started', { ...ref, path })
  if (reply?.data !== undefined) yield event(scope, nodeId, 'note', { nodeId, ...dataReplaced })
  const errors = new ErrorList()
  const running: Running = {
    ...{ scope, nodeId, roaming, errors, ref },
    node: node as unknown as RawNode,
    module: module as LoadedModule,
    before: roaming.stored(),
    startedAt: scope.env.ports.clock.monotonic(),
    params: {}
  }
  const pin = pinOf(scope, nodeId)
  if (pin && module !== null) return yield* runPinned(running, pin)
  if (module === null) return yield* refuse(running, phpString(dataOf(node, 'id') ?? null), 'loading_error')
  if (module.disabled) return yield* refuse(running, module.definition.id, 'disabled_module')
  return yield* runModule(running)
}

const dataReplaced = { code: 'DATA_REPLACED', text: 'The data was edited before this node.' }

const filterUnread = {
  code: 'FILTER_IS_LIST',
  text: 'The node’s filter is saved as a list; MISP reads it by name and finds none, so the node works as if it had no filter.'
}

function nodeRef(node: Json, nodeId: number): NodeRef {
  const name = dig(node, 'name')
  return {
    nodeId,
    moduleId: phpString(dig(node, 'data', 'id')),
    moduleType: phpString(dig(node, 'data', 'module_type')),
    ...(typeof name === 'string' ? { name } : {})
  }
}

/** A graph of diamonds has more paths than anyone can wait for: MISP would walk them all. */
function countStep({ env }: Scope): void {
  env.used.steps++
  if (env.used.steps > env.limits.steps) {
    throw new CannotTell('STEP_LIMIT', `The run executed ${env.limits.steps} nodes without ending; Retrace stops here.`)
  }
}

/** A module that is disabled or that MISP does not know. */
function* refuse(running: Running, moduleId: string, result: 'loading_error' | 'disabled_module'): Gen<Executed> {
  const { scope, node, roaming, errors, nodeId } = running
  const id = dataOf(node as unknown as Json, 'id') ?? null
  const message =
    result === 'disabled_module'
      ? translate('Could not execute disabled module `%s`.', id)
      : `Could not load class for module: ${phpString(id)}`
  yield* logError(scope, message)
  errors.add(message)
  const view = roaming.getData()
  yield* finish(running, { result, success: false, message }, view)
  yield* postIfDebug(scope, {
    node: node as unknown as Json,
    nodeId,
    path: `/exec/${moduleId}?result=${result}`,
    data: view,
    errors: []
  })
  return { success: false, errors }
}

/** Nested runs have nodes of their own under the same numbers; only the run that was asked for is pinned. */
const pinOf = ({ env, chain }: Scope, nodeId: number): PinnedOutput | undefined =>
  chain.length <= 1 && Object.hasOwn(env.pins, String(nodeId)) ? env.pins[String(nodeId)] : undefined

/** A node that is not executed: what was given for it is taken as its output. */
function* runPinned(running: Running, { data, success, errors }: PinnedOutput): Gen<Executed> {
  const { scope, roaming, nodeId, ref } = running
  if (data !== undefined) roaming.setData(data as JsonMap)
  for (const text of errors) running.errors.add(text)
  const text = `Node ${nodeId} was not executed: its pinned output was used.`
  yield event(scope, nodeId, 'note', { nodeId, code: 'NODE_PINNED', text })
  const result: NodeResult = ref.moduleType === 'logic' || success ? 'success' : 'partial-success'
  const view = roaming.getData()
  yield* finish(running, { result, success, derived: ['mocked'] }, view)
  yield* postExecuted(running, `/exec/${ref.moduleId}`, result, view)
  return { success, errors: running.errors }
}

function* runModule(running: Running): Gen<Executed> {
  const { scope, node, module, roaming, errors, nodeId } = running
  const id = module.definition.id
  if (module.definition.support_filters && unreadFilter(node as unknown as Json))
    yield event(scope, nodeId, 'note', { nodeId, ...filterUnread })
  let success: boolean
  try {
    const returned = module.execute(buildContext(running))
    success = typeof returned === 'boolean' ? returned : yield* returned
  } catch (thrown) {
    // Only Exceptions: `catch (Exception $e)` lets Errors pass, which end the run.
    if (!(thrown instanceof PhpThrow) || thrown.isError) throw thrown
    yield* reportChanges(scope, nodeId)
    return yield* failed(running, thrown)
  }
  yield* reportChanges(scope, nodeId)
  const isLogic = scope.env.modules.isLogic(id)
  const result: NodeResult = isLogic || success ? 'success' : 'partial-success'
  const sentence = 'Executed node `%s`\nNode `%s` (%s) from Workflow `%s` (%s) executed successfully'
  const { logTellsErrors } = scope.env.profile
  const moduleId = dig(node as unknown as Json, 'data', 'id')
  const { workflow } = scope
  const names = [dig(node as unknown as Json, 'id'), workflow['name'] ?? null, workflow['id'] ?? null]
  yield* logIfDebug(scope, executedText(sentence, logTellsErrors, [moduleId, moduleId, ...names, result]), nodeId)
  const view = roaming.getData()
  yield* finish(running, { result, success }, view)
  yield* postExecuted(running, `/exec/${id}`, result, view)
  return { success, errors }
}

const executedText = (sentence: string, withStatus: boolean, values: readonly Json[]): string =>
  withStatus ? translate(`${sentence} with status: %s`, ...values) : translate(sentence, ...values.slice(0, -1))

/** Older versions tell neither a failure nor errors. */
function* postExecuted(
  { scope, node, nodeId, errors }: Running,
  path: string,
  result: NodeResult,
  view: Json
): Gen<void> {
  const { postsTellErrors } = scope.env.profile
  const told = postsTellErrors || result !== 'partial-success' ? result : 'success'
  const parts = { node: node as unknown as Json, nodeId, data: view, errors: postsTellErrors ? errors.toJson() : [] }
  yield* postIfDebug(scope, { ...parts, path: `${path}?result=${told}` })
}

/** The module threw an Exception. What it had reported before is lost in newer versions: only this text reaches the walk. */
function* failed(running: Running, thrown: PhpThrow): Gen<Executed> {
  const { scope, node, module, roaming, nodeId } = running
  const id = dig(node as unknown as Json, 'data', 'id')
  const message = translate('Error while executing module %s. Error: %s', id, thrown.message)
  yield* logError(scope, message)
  const errors = scope.env.profile.errorsOutliveExceptions ? running.errors : new ErrorList()
  errors.add(message)
  const { hint } = thrown
  if (hint !== null) yield event(scope, nodeId, 'note', { nodeId, code: 'WHY_THROWN', text: hint })
  const view = roaming.getData()
  yield* finish({ ...running, errors }, { result: 'error', success: false, message }, view)
  const path = `/exec/${module.definition.id}?result=error&message=${thrown.message}`
  yield* postIfDebug(scope, { node: node as unknown as Json, nodeId, path, data: view, errors: [] })
  return { success: false, errors }
}

function* finish(running: Running, finished: Finished, view: Json): Gen<void> {
  const { scope, ref, roaming, errors, params, before, startedAt } = running
  const branch = branchOf(running, finished.success)
  yield event(scope, ref.nodeId, 'node.finished', {
    ...ref,
    ...finished,
    ...(branch === null ? {} : { branch }),
    errors: errors.toJson(),
    before,
    after: roaming.stored(),
    view,
    params,
    ms: scope.env.ports.clock.monotonic() - startedAt
  })
}

/** The output that the walk takes next (GraphWalker::_executeModuleLogic); null for what is no logic node. */
function branchOf({ ref, node, scope }: Running, success: boolean): 'output_1' | 'output_2' | 'none' | null {
  if (ref.moduleType !== 'logic') return null
  if (ref.moduleId === 'concurrent-task') return 'none'
  const goesOn = goesOnAnyway(node as unknown as Json, scope.env.profile.filtersKnownBySavedNode)
  return goesOn || success ? 'output_1' : 'output_2'
}

/** Reports what changed in the world since the last report, and what had to be assumed because the world does not know it. */
export function* reportChanges(scope: Scope, nodeId: number | null): Gen<void> {
  const { process } = scope
  for (; process.reported < process.world.changes.length; process.reported++) {
    const change = process.world.changes[process.reported]
    if (change) yield event(scope, nodeId, 'world.changed', { nodeId, change })
  }
  const { assumptions } = process.world
  for (const { part, what } of assumptions.slice(process.assumed ?? 0)) {
    const text = `World has no ${part.replaceAll('_', ' ')}; what MISP’s database contains about ${what} was assumed.`
    yield event(scope, nodeId, 'note', { nodeId, code: 'WORLD_UNKNOWN', text })
  }
  process.assumed = assumptions.length
}

// What a module sees while it executes (ModuleContext), bound to the node, the roaming data and the run.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Effect, EffectAnswer } from '../../contract/run.ts'
import type { RawNode } from '../../contract/workflow.ts'
import type { ModuleContext } from '../modules/context.ts'
import { renderTemplate } from '../modules/shared/modules-service.ts'
import { paramsWithValues } from '../modules/shared/params.ts'
import type { Render } from '../modules/shared/params.ts'
import { phpString } from '../php/cast.ts'
import { isEmpty, withKey } from '../php/values.ts'
import { CannotTell } from '../effects/cannot-tell.ts'
import { event } from './environment.ts'
import type { Environment, Scope } from './environment.ts'
import type { ErrorList } from './errors.ts'
import type { LoadedModule } from './modules.ts'
import { queueJob } from './jobs/queue.ts'
import { post } from './posts/send-post.ts'
import type { RoamingData } from './roaming-data.ts'
import type { Gen } from '../effects/signals.ts'

export interface Executing {
  readonly scope: Scope
  readonly node: RawNode
  readonly nodeId: number
  readonly module: LoadedModule
  readonly roaming: RoamingData
  readonly errors: ErrorList
  /** The parameters that the module read last, for the run's event. */
  params: JsonMap
}

export function buildContext(executing: Executing): ModuleContext {
  const { scope, node, nodeId, module, roaming, errors } = executing
  const { env } = scope
  const context: ModuleContext = {
    node,
    definition: module.definition,
    profile: env.profile,
    user: env.user ?? {},
    settings: env.settings,
    workflow: scope.workflow,
    world: scope.process.world,
    now: () => env.now(),
    uuid: () => env.ports.uuid(),
    getData: () => roaming.getData(),
    setData: (data) => roaming.setData(data),
    addError: (text) => errors.add(text),
    setError: (key, value) => errors.set(key, value),
    *params() {
      const render: Render = (template, data, param) => renderTemplate(context, template, data, param)
      const resolved = yield* paramsWithValues(
        ...([module.definition, node, templateData(executing), env.profile.rendersParameters ? render : null] as const)
      )
      executing.params = resolved
      return resolved
    },
    ask: (effect) => ask(executing, effect),
    render: (template, data, param) => renderTemplate(context, template, data, param),
    fire: (triggerId, data) => env.fire(scope, nodeId, triggerId, data),
    adHocWorkflows: () => env.workflows.adHoc(),
    runWorkflow: (workflowId, payload) => env.runNow(scope, nodeId, workflowId, payload),
    initiator: () => initiatorOf(scope),
    isListenedTo: (triggerId) => isListenedTo(env, triggerId),
    queueWalk: (nodeToWalk, data) => queueWalk(executing, nodeToWalk, data),
    debug: (data) =>
      post(scope, { node: node as unknown as Json, nodeId, path: `/debug/${node.data.id}`, data, errors: [] }),
    *note(code, text) {
      yield event(scope, nodeId, 'note', { nodeId, code, text })
    },
    serviceModules: () => env.serviceModules
  }
  return context
}

function initiatorOf({ process: { userId, world } }: Scope): JsonMap | null {
  if (isEmpty(userId)) return null
  if (!world.has('users')) {
    world.unknown('users', `user ${userId ?? ''}`)
    return { id: userId ?? '' }
  }
  return world.find('users', (row) => phpString(row['id'] ?? null) === userId) ?? null
}

const isListenedTo = ({ modules, workflows }: Environment, triggerId: string): boolean =>
  modules.find('trigger', triggerId)?.disabled === false && workflows.byTrigger(triggerId) !== null

/** What templates see: the data, and in newer versions MISP's address beside it. */
function templateData({ roaming, scope: { env } }: Executing): Json {
  const data = roaming.getData()
  if (!env.profile.templatesSeeEnvironment) return data
  return withKey(data, '_env', { baseurl: env.settings['MISP.baseurl'] ?? null })
}

/** MISP's id of a workflow; whatever else stands there is none. */
export const idOf = ({ id }: JsonMap): string => (typeof id === 'string' || typeof id === 'number' ? String(id) : '')

/** An effect and its answer; the driver says who answered in the run's event. */
function* ask({ scope, nodeId, module }: Executing, effect: Effect): Gen<EffectAnswer> {
  const { runId, job, workflow, chain } = scope
  const moduleId = module.definition.id
  const whose = { workflowId: idOf(workflow), isFired: chain.length > 1 }
  const reply = yield { kind: 'ask', runId, ...(job === undefined ? {} : { job }), nodeId, moduleId, ...whose, effect }
  if (reply?.answer) return reply.answer
  throw new CannotTell('EFFECT_UNANSWERED', `No response for the side effect of node ${nodeId} (${moduleId}).`)
}

/** Module_concurrent_task::exec. */
function* queueWalk({ scope, nodeId }: Executing, nodeToWalk: number, data: JsonMap): Gen<void> {
  yield* queueJob(scope, nodeId, {
    command: 'walkGraph',
    workflowId: phpString(scope.workflow['id'] ?? null),
    nodeId: nodeToWalk,
    data,
    pathType: 'non-blocking',
    chain: scope.chain
  })
}

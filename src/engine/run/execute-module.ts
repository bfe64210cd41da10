// One module alone on given data: Workflow::moduleStatelessExecution. MISP answers success and errors; beyond that the result
// tells what became of the data, and the events what left the engine and what changed in the world.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RunEvent, RunEventMap, Throwable } from '../../contract/run.ts'
import type { RawNode } from '../../contract/workflow.ts'
import { phpError, PhpThrow } from '../php/exceptions.ts'
import { dig, expectArray, isEmpty } from '../php/values.ts'
import { asCannotTell } from '../effects/cannot-tell.ts'
import { buildContext } from './context.ts'
import type { Executing } from './context.ts'
import { event } from './environment.ts'
import type { Environment, Scope } from './environment.ts'
import { ErrorList } from './errors.ts'
import { reportChanges } from './walk/execute-node.ts'
import type { RunInput } from './input.ts'
import type { LoadedModule } from './modules.ts'
import { buildPolicy } from '../effects/policy.ts'
import type { Ports } from '../effects/ports.ts'
import { createRoamingData } from './roaming-data.ts'
import type { RoamingData } from './roaming-data.ts'
import type { Gen } from '../effects/signals.ts'
import { buildEnvironment, stepperParts } from './start.ts'
import type { RunRecorder } from './surroundings/recorder.ts'
import { createStepper } from './walk/stepper.ts'
import type { Stepper } from './walk/stepper.ts'

/** Everything else is as for a run. The workflow row is what the module sees; MISP gives it none. */
export interface ModuleInput extends Omit<RunInput, 'workflow' | 'data' | 'mode' | 'triggerId'> {
  readonly moduleId: string
  /** The node's parameters by id. */
  readonly params?: Json
  /** A PHP value: texts are decoded with php/decode.ts. */
  readonly data: Json
  /** "Convert to core format": the data goes through event-publish's normalisation first. */
  readonly convert?: boolean
  /** The node's filter: selector, value, operator, path. MISP's public method knows none. */
  readonly filters?: JsonMap
  readonly workflow?: JsonMap
}

export interface ModuleResult {
  /** What MISP answers: `{success, errors}`, or `{error}` without a user for workflows. Null when it throws instead. */
  readonly answer: JsonMap | null
  readonly throwable: Throwable | null
  /** Why nobody can tell, when nobody can. */
  readonly cannotTell: { readonly code: string; readonly reason: string } | null
  /** The roaming data as stored, before and after; null when it never came to roaming data. */
  readonly before: Json
  readonly after: Json
  /** The data as the next module would read it, through the filters; null when reading it throws. */
  readonly view: Json
  /** Parameters after defaults and templates, as the module read them. */
  readonly params: JsonMap
}

export interface ModuleRun {
  readonly stepper: Stepper
  /** Set when the stepper has finished. */
  result(): ModuleResult | null
}

const noUser =
  'Could not find a valid user to run the workflow. Please set setting `MISP.host_org_id` or make sure a valid site_admin user exists.'

/**
 * Creates the execution of one module; a driver of run/driver.ts moves it, as it moves a run.
 * @param onEvent gets what happens: effects, changes of the world, the node's start and end
 */
export function createModuleRun(
  input: ModuleInput,
  ports: Ports,
  onEvent: (event: RunEvent) => void,
  recorder?: RunRecorder
): ModuleRun {
  const runId = input.options?.runId ?? ports.uuid()
  const workflow = input.workflow ?? {}
  const env = buildEnvironment({ ...input, workflow }, ports, [], recorder)
  recorder?.start(runId, { ...input, lastId: 0 }, env, {
    ...{ id: input.moduleId, params: input.params ?? [], convert: input.convert ?? false },
    ...(input.filters ? { filters: input.filters } : {})
  })
  const scope: Scope = {
    ...{ env, runId, workflow, chain: [], at: { nodeId } },
    process: {
      ...{ logLoaded: true, noted: false, world: env.world, reported: env.world.changes.length },
      userId: input.currentUserId ?? null
    }
  }
  let result: ModuleResult | null = null
  function* body(): Gen<void> {
    result = yield* executeModule(scope, input)
  }
  const policy = buildPolicy(input.mocks ?? {}, ports, { effects: input.effects, perform: input.options?.perform })
  const parts = {
    runId,
    body: body(),
    php: env.profile.php,
    policy,
    clock: env.ports.clock,
    onEvent: recorder ? recorder.hearing(onEvent) : onEvent,
    ...stepperParts(input, ports, recorder)
  }
  return { stepper: createStepper(parts), result: () => result }
}

const nodeId = 1

/** What is known while it executes, for the result of one that throws. */
interface Progress {
  roaming: RoamingData | null
  executing: Executing | null
  before: Json
}

function* executeModule(scope: Scope, input: ModuleInput): Gen<ModuleResult> {
  const progress: Progress = { roaming: null, executing: null, before: null }
  let outcome: Pick<ModuleResult, 'answer' | 'throwable' | 'cannotTell'>
  try {
    outcome = { answer: yield* answerOf(scope, input, progress), throwable: null, cannotTell: null }
  } catch (thrown) {
    const unknown = asCannotTell(thrown)
    if (unknown) {
      outcome = { answer: null, throwable: null, cannotTell: { code: unknown.code, reason: unknown.reason } }
    } else if (thrown instanceof PhpThrow) {
      outcome = { answer: null, throwable: thrown.toThrowable(), cannotTell: null }
    } else throw thrown
  }
  yield* reportChanges(scope, nodeId)
  const { roaming, before, executing } = progress
  const view = roaming === null ? null : viewOf(roaming)
  const result = { ...outcome, before, after: roaming?.stored() ?? null, view, params: executing?.params ?? {} }
  if (executing) yield event(scope, nodeId, 'node.finished', finishedEvent(executing, result))
  return result
}

/** Workflow::moduleStatelessExecution. Disabled modules execute too. */
function* answerOf(scope: Scope, input: ModuleInput, progress: Progress): Gen<JsonMap> {
  const { env } = scope
  const data = inputOf(env, input)
  const params = expectArray(input.params ?? [], 'Workflow::moduleStatelessExecution(): Argument #3 ($param_data)')
  if (env.user === null) return { error: [noUser] }
  const roaming = createRoamingData(data, env.profile)
  Object.assign(progress, { roaming, before: roaming.stored() })
  const module = findModule(env, input.moduleId)
  if (module === null) throw phpError('Error', 'Call to a member function exec() on null')
  const node = nodeOf(module, params as JsonMap, input.filters)
  const executing: Executing = { scope, node, nodeId, module, roaming, errors: new ErrorList(), params: {} }
  progress.executing = executing
  const { id: moduleId, module_type: moduleType, name } = module.definition
  yield event(scope, nodeId, 'node.started', { nodeId, moduleId, moduleType, name, path: [] })
  const returned = module.execute(buildContext(executing))
  const success = typeof returned === 'boolean' ? returned : yield* returned
  const answer = { success, errors: executing.errors.toJson() }
  const filters = env.profile.answersFilteredData && !isEmpty(module.definition.extra?.['isFiltering'] ?? null)
  return filters ? yield* withFiltered(scope, roaming, answer) : answer
}

/** Newer versions answer the event as filters leave it; where nobody can tell that, the rest of the answer stands. */
function* withFiltered(scope: Scope, roaming: RoamingData, answer: JsonMap): Gen<JsonMap> {
  try {
    const kept = dig(roaming.getData(), 'Event')
    return isEmpty(kept) ? answer : { ...answer, filtered_data: { Event: kept } }
  } catch (thrown) {
    const unknown = asCannotTell(thrown)
    if (!unknown) throw thrown
    const text = `${unknown.reason} So the filtered data of MISP's answer is left out.`
    yield event(scope, nodeId, 'note', { nodeId, code: unknown.code, text })
    return answer
  }
}

/** `!empty($input_data) ? $input_data : []`, converted when asked to. Data that the trigger refuses is a TypeError further on. */
function inputOf(env: Environment, { data, convert }: ModuleInput): Json {
  const given = isEmpty(data) ? [] : data
  if (convert !== true) return given
  const where = 'Workflow::__normalizeDataForTrigger(): Argument #2 ($data)'
  const converted = env.code.normalize('event-publish', expectArray(given, where), env.world)
  return isEmpty(converted) ? false : converted
}

/** Workflow::getModuleByID: the first of that id in MISP's order of types. */
function findModule({ modules }: Environment, id: string): LoadedModule | null {
  return modules.find('trigger', id) ?? modules.find('logic', id) ?? modules.find('action', id)
}

/** Workflow::genNodeFromConfig. */
function nodeOf({ definition }: LoadedModule, indexedParams: JsonMap, filters: JsonMap | undefined): RawNode {
  const { id, name, module_type, version, expect_misp_core_format, saved_filters } = definition
  const data: JsonMap = {
    ...{ id, name, module_type, module_version: version, expect_misp_core_format },
    indexed_params: indexedParams,
    saved_filters: filters ?? saved_filters
  }
  return { id: nodeId, name, data: data as RawNode['data'], inputs: [], outputs: [] }
}

function viewOf(roaming: RoamingData): Json {
  try {
    return roaming.getData()
  } catch (thrown) {
    if (thrown instanceof PhpThrow || asCannotTell(thrown)) return null
    throw thrown
  }
}

function finishedEvent({ module, errors }: Executing, result: ModuleResult): RunEventMap['node.finished'] {
  const { id: moduleId, module_type: moduleType, name } = module.definition
  const { before, after, view, params, throwable, cannotTell, answer } = result
  const success = answer?.['success'] === true
  const failed = throwable?.message ?? cannotTell?.reason
  const isLogic = moduleType === 'logic'
  const branch = !isLogic ? {} : { branch: moduleId === 'concurrent-task' ? ('none' as const) : branchOf(success) }
  return {
    ...{ nodeId, moduleId, moduleType, name, success, before, after, view, params },
    ...(failed === undefined ? branch : { message: failed }),
    errors: errors.toJson(),
    result: failed !== undefined ? 'error' : isLogic || success ? 'success' : 'partial-success'
  }
}

const branchOf = (success: boolean): 'output_1' | 'output_2' => (success ? 'output_1' : 'output_2')

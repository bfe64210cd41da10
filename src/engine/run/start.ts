// Starting a run: the one way in for host, CLI and conformance. Puts the parts of the engine together into a stepper.
import { largest } from '../../contract/lists.ts'
import { plainNumber, type Json, type JsonMap } from '../../contract/json.ts'
import type { RunEvent, RunEventMap } from '../../contract/run.ts'
import { dataOf } from '../graph/nodes.ts'
import { saveErrors } from '../graph/validate.ts'
import { extractTrigger } from '../graph/walk-helpers.ts'
import type { Profile } from '../profiles/profile.ts'
import { codeOf } from '../modules/implementations.ts'
import { isAdHocId } from '../modules/ad-hoc/definition.ts'
import { modulesOf, serviceDefinitions } from '../modules/table.ts'
import { phpString } from '../php/cast.ts'
import { phpException, PhpThrow } from '../php/exceptions.ts'
import { isEmpty } from '../php/values.ts'
import { underPhp } from '../php/version.ts'
import { defaultProfile, profiles } from '../profiles/profiles.ts'
import type { ModuleCode } from '../modules/implementations.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import { createWorld } from '../world/create.ts'
import { asCannotTell } from '../effects/cannot-tell.ts'
import { defaultLimits, event } from './environment.ts'
import type { Environment, Scope } from './environment.ts'
import { fireTrigger, route, runNow } from './fire.ts'
import { checkInput } from './input.ts'
import type { RunInput } from './input.ts'
import { runJobs } from './jobs/jobs.ts'
import { Modules } from './modules.ts'
import type { LoadedModule } from './modules.ts'
import { buildPolicy } from '../effects/policy.ts'
import type { Ports } from '../effects/ports.ts'
import { JobQueue } from './jobs/job-queue.ts'
import { describe, executeWorkflow, reported, runForTrigger } from './run-workflow.ts'
import type { Gen } from '../effects/signals.ts'
import { createStepper } from './walk/stepper.ts'
import type { RunRecorder } from './surroundings/recorder.ts'
import type { Stepper, StepperParts } from './walk/stepper.ts'
import { userForWorkflow } from '../world/user.ts'
import { graphOf } from './walk/walk-graph.ts'
import { WorkflowTable } from './workflows.ts'

/**
 * Creates a run; nothing happens before the stepper's first command.
 * @param onEvent gets every event, in order, while the stepper moves
 * @throws CodedError for input that no run can start from
 */
export function createRun(
  input: RunInput,
  ports: Ports,
  onEvent: (event: RunEvent) => void,
  recorder?: RunRecorder
): Stepper {
  const { php } = rulesOf(input)
  return underPhp(php, () => create(input, ports, onEvent, recorder))
}

/** How the MISP of the run behaves. */
const rulesOf = ({ options = {} }: RunInput): Profile => {
  const own = profiles[options.profile ?? defaultProfile]
  return options.mixed ? { ...own, ...options.mixed.rules } : own
}

function create(
  input: RunInput,
  ports: Ports,
  onEvent: (event: RunEvent) => void,
  recorder: RunRecorder | undefined
): Stepper {
  checkInput(input)
  const runId = input.options?.runId ?? ports.uuid()
  const given = [input.workflow, ...(input.workflows ?? [])]
  const lastId = input.options?.lastId ?? lastIdOf(given)
  const { rows, problems } = savedRows(given, lastId)
  const env = buildEnvironment(input, ports, rows, recorder)
  recorder?.start(runId, { ...input, lastId }, env)
  const row = problems.length > 0 ? input.workflow : (rows[0] ?? input.workflow)
  const scope: Scope = {
    ...{ env, runId, workflow: row, chain: [], at: { nodeId: null } },
    process: {
      ...{ logLoaded: false, noted: false, world: env.world, reported: env.world.changes.length },
      userId: input.currentUserId ?? null
    }
  }
  const policy = buildPolicy(input.mocks ?? {}, ports, { effects: input.effects, perform: input.options?.perform })
  const body = wholeRun(scope, input, problems)
  return createStepper({
    runId,
    body,
    php: env.profile.php,
    policy,
    clock: env.ports.clock,
    onEvent: recorder ? recorder.hearing(onEvent) : onEvent,
    ...stepperParts(input, ports, recorder)
  })
}

/** What a stepper is given of the run's input and ports. */
export const stepperParts = (
  { edits }: Pick<RunInput, 'edits'>,
  { breath }: Ports,
  recorder: RunRecorder | undefined
): Pick<StepperParts, 'breath' | 'edits' | 'edited' | 'stopped'> => ({
  breath,
  ...(edits ? { edits } : {}),
  ...(recorder ? { edited: (step, data) => recorder.edited(step, data) } : {}),
  stopped: () => recorder?.stopped()
})

const lastIdOf = (given: readonly JsonMap[]): number =>
  largest(
    given.map((row) => plainNumber(row['id'] ?? 0) || 0),
    0
  )

/**
 * Rows as the database would hold them. A row without an id was never saved: it gets the next id, unless MISP's validation would have
 * refused it, which `problems` says for the first row.
 */
function savedRows(
  given: readonly JsonMap[],
  lastId: number
): {
  readonly rows: readonly JsonMap[]
  readonly problems: readonly string[]
} {
  const rows: JsonMap[] = []
  let problems: readonly string[] = []
  let last = lastId
  given.map(withTrigger).forEach((row, i) => {
    if (row['id'] !== undefined && row['id'] !== null) {
      rows.push(row)
      return
    }
    const refused = saveErrors(graphOf(row))
    if (refused.length === 0) rows.push({ counter: '0', ...row, id: String(++last) })
    else if (i === 0) problems = refused
  })
  return { rows, problems }
}

/** MISP finds the workflow of a trigger by its column, which exports may lack. */
function withTrigger(row: JsonMap): JsonMap {
  if (!isEmpty(row['trigger_id'])) return row
  try {
    return { ...row, trigger_id: dataOf(extractTrigger(graphOf(row)), 'id') ?? '' }
  } catch (thrown) {
    if (thrown instanceof PhpThrow) return row
    throw thrown
  }
}

/** What a run of the input shares with its jobs and the runs that it fires. */
export function buildEnvironment(
  input: RunInput,
  given: Ports,
  rows: readonly JsonMap[],
  recorder?: RunRecorder
): Environment {
  const { options = {} } = input
  const ports = recorder?.ports(given) ?? given
  const settings = recorder?.settings(input.settings ?? {}) ?? input.settings ?? {}
  const service = input.serviceModules === undefined ? [] : input.serviceModules
  const startedAt = options.now ?? Math.floor(ports.clock.now() / 1000)
  const profile = options.profile ?? defaultProfile
  const rules = rulesOf(input)
  const codeIn = (module: string): ModuleCode => codeOf(options.mixed?.modules.get(module) ?? profile)
  // Without events of its own the database holds the input event.
  const own = input.shown ?? (input.world?.events === undefined ? input.data : undefined)
  const world = createWorld(input.world, own, { seed: input.seed, reads: recorder?.reads })
  return {
    profile: rules,
    code: { normalize: (id, ...given) => codeIn(`trigger/${id}`).normalize(id, ...given) },
    ports,
    settings,
    modules: loadModules({ ...input, settings }, profile, recorder),
    workflows: new WorkflowTable(rows),
    world,
    user: input.user ?? userForWorkflow(settings, world, rules.permissions),
    serviceModules: recorder?.service(service) ?? service,
    pins: input.pins ?? {},
    ...(input.normalized ? { given: { runId: input.options?.runId ?? '', normalized: input.normalized } } : {}),
    jobs: new JobQueue(),
    now: () => startedAt,
    cascade: options.cascade ?? 0,
    crash: options.crash ?? false,
    limits: { ...defaultLimits, ...options.limits },
    used: { steps: 0, runs: 0 },
    fire: fireTrigger,
    runNow
  }
}

/** Workflow::loadAllWorkflowModules: a custom module replaces a shipped one, a module of the service both. */
function loadModules(input: RunInput, profile: ProfileId, recorder: RunRecorder | undefined): Modules {
  const versionOf = (type: string, id: string): ProfileId =>
    input.options?.mixed?.modules.get(`${type}/${id}`) ?? profile
  const service = serviceDefinitions(input.serviceModules)
  const custom = new Map((input.customModules ?? []).map((m) => [`${m.definition.module_type}\n${m.definition.id}`, m]))
  const isOn = enabledState(input)
  const find = (type: string, id: string): LoadedModule | null => {
    const disabled = !isOn(type, id)
    const own = type === 'action' && service.has(id) ? undefined : custom.get(`${type}\n${id}`)
    if (own) return { ...(recorder?.module(own) ?? own), disabled }
    if (service.has(id)) recorder?.listed(id)
    const version = versionOf(type, id)
    const definition = modulesOf(version).definition(type, id, service)
    const execute = definition && codeOf(version).execute(definition)
    return definition && execute ? { definition, execute, disabled } : null
  }
  return new Modules((type, id) => {
    const found = find(type, id)
    if (found) recorder?.found(found.definition)
    return found
  })
}

/** Triggers are enabled by settings, other modules by a list in Redis (Workflow::__mergeGlobalConfigIntoLoadedModules). */
function enabledState({
  settings = {},
  enabledTriggers,
  enabledModules,
  enabledAdHoc
}: RunInput): (type: string, id: string) => boolean {
  const triggers = enabledTriggers && new Set(enabledTriggers)
  const modules = enabledModules && new Set(enabledModules)
  return (type, id) => {
    if (type !== 'trigger') return modules?.has(id) ?? true
    if (isAdHocId(id)) return enabledAdHoc?.includes(id) ?? true
    const setting = settings[`Plugin.Workflow_triggers_${id}`]
    return triggers?.has(id) ?? (setting === undefined || !isEmpty(setting))
  }
}

/** The run that was asked for, then the jobs that it queued. What stops it has been reported as its end. */
function* wholeRun(scope: Scope, input: RunInput, problems: readonly string[]): Gen<void> {
  try {
    yield* firstRun(scope, input, problems)
  } catch (thrown) {
    if (asCannotTell(thrown)) return
    if (!(thrown instanceof PhpThrow)) throw thrown
  }
  try {
    yield* runJobs(scope.env)
  } catch (thrown) {
    const unknown = asCannotTell(thrown)
    if (!unknown) throw thrown
    yield event(scope, null, 'note', { nodeId: null, code: unknown.code, text: unknown.reason })
  }
}

function* firstRun(scope: Scope, input: RunInput, problems: readonly string[]): Gen<void> {
  const { env, runId, workflow } = scope
  const data = input.data as JsonMap
  const triggerId = input.triggerId ?? triggerOf(workflow)
  const mode = input.mode ?? 'executeWorkflow'
  const assumptions = input.assumptions ?? []
  if (mode === 'executeWorkflowForTrigger') {
    yield* runForTrigger(scope, { triggerId, data, runId, assumptions, insteadOf: input.insteadOf }, [])
    return
  }
  const { insteadOf } = input
  const started = { ...describe(scope, triggerId), assumptions, ...(insteadOf === undefined ? {} : { insteadOf }) }
  const trigger = env.modules.find('trigger', triggerId)
  if (mode === 'router' && trigger?.definition.blocking === true && !trigger.disabled) {
    yield* route(scope, { triggerId, data, runId, nodeId: null, assumptions })
    return
  }
  const errors: string[] = []
  const inner: Scope = { ...scope, chain: [{ triggerId, nodeId: null }] }
  yield* reported(inner, started, errors, function* () {
    if (mode === 'router') return yield* queued(scope, triggerId, data)
    if (problems.length > 0) {
      yield refusedNote(scope, problems)
      throw phpException('NotFoundException', 'Invalid workflow')
    }
    return yield* executeWorkflow(inner, data, errors)
  })
}

const refusedNote = (scope: Scope, problems: readonly string[]) => {
  const data: RunEventMap['note'] = {
    nodeId: null,
    code: 'WORKFLOW_NOT_SAVED',
    text: `MISP refuses to save this workflow: ${problems.join(', ')}`
  }
  return event(scope, null, 'note', data)
}

/** The router with a non-blocking trigger: the run itself is over at once, the workflow runs as a job. */
function* queued(scope: Scope, triggerId: string, data: JsonMap) {
  const disabled = scope.env.modules.find('trigger', triggerId)?.disabled === true
  const { success } = yield* route(scope, { triggerId, data, runId: `${scope.runId}.1`, nodeId: null })
  const outcome = disabled ? ('not started' as const) : ('success' as const)
  const outcomeText = disabled ? `The trigger \`${triggerId}\` is disabled.` : 'queued as a job'
  return { outcome, outcomeText, success, walk: null }
}

/** The trigger that a workflow listens to: the column, or the trigger in the graph. */
function triggerOf(workflow: JsonMap): string {
  const column = phpString(workflow['trigger_id'] ?? null)
  if (column !== '') return column
  const node: Json = extractTrigger(graphOf(workflow))
  return phpString(dataOf(node, 'id') ?? null)
}

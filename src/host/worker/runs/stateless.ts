// One module or one normalisation, without a workflow around it.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { MispSettings } from '../../../contract/misp-settings.ts'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'
import type { RunEvent } from '../../../contract/run.ts'
import type { ModuleExecution } from '../../../contract/run-views.ts'
import type { EffectAnswer } from '../../../contract/run.ts'
import { CodedError } from '../../../contract/errors.ts'
import { createModuleRun } from '../../../engine/run/execute-module.ts'
import type { ModuleResult, ModuleRun } from '../../../engine/run/execute-module.ts'
import { codeOf } from '../../../engine/modules/implementations.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import type { CustomModule } from '../../../engine/run/environment.ts'
import type { RunRecorder } from '../../../engine/run/surroundings/recorder.ts'
import { drive } from '../../../engine/run/walk/driver.ts'
import type { EffectRequest, Ports } from '../../../engine/effects/ports.ts'
import { createWorld } from '../../../engine/world/create.ts'
import { RunFold } from '../../../engine/replay/fold.ts'
import { noHalt } from '../thread/halt.ts'
import { enginePorts } from '../thread/ports.ts'
import { assumedOfData, worldOf } from './brought.ts'
import { buildEnvironment, idsOf, parseProfile, unixTime, withService } from './run-input.ts'
import type { BroughtInput } from '../../../engine/run/given/bring.ts'

export interface StatelessRequest {
  readonly definition: ModuleDefinition
  readonly params: JsonMap
  readonly filters?: JsonMap
  readonly brought: BroughtInput
  /** "Convert into MISP core format" before the module runs. */
  readonly convert: boolean
  readonly options: RunOptionsInput
  /** MISP's, of the workspace. */
  readonly settings: MispSettings
  readonly customModules?: readonly CustomModule[]
  /** What the service lists; absent: as the world says. */
  readonly serviceModules?: readonly JsonMap[] | null
  /** Gets what happens. */
  readonly onEvent?: (event: RunEvent) => void
  /** Keeps what the module depends on. */
  readonly recorder?: RunRecorder
  /** Absent: Retrace's own, without recorded answers. */
  readonly ports?: Ports
}

export interface StatelessResult extends Omit<ModuleExecution, 'runId'> {
  readonly before: Json
  readonly after: Json
  readonly view: Json
}

/** Nobody was asked before: an effect without an answer is one that failed. */
const nobody = async (): Promise<EffectAnswer> => {
  throw new CodedError('LIVE_NOT_CONFIRMED', 'Nothing is live here.')
}

/** Starts a module alone; a driver moves it. */
export function beginModule(
  request: StatelessRequest,
  onEvent: (event: RunEvent) => void,
  halt = noHalt
): ModuleRun & { readonly assumptions: readonly string[] } {
  const { definition, params, filters, convert, options, brought } = request
  const { data, shown } = brought
  const node = { nodeId: '1', moduleId: definition.id, params }
  const {
    settings,
    enabledModules,
    assumptions: around,
    serviceModules
  } = withService({ ...request, own: idsOf(request.customModules) }, buildEnvironment(request, null), [node])
  const assumptions = [...assumedOfData(brought, options), ...around]
  const world = worldOf(options, brought)
  const run = createModuleRun(
    {
      moduleId: definition.id,
      params: Object.keys(params).length === 0 ? [] : params,
      data,
      convert,
      settings,
      assumptions,
      ...(request.customModules ? { customModules: request.customModules } : {}),
      serviceModules,
      ...(options.effects ? { effects: options.effects } : {}),
      ...(filters ? { filters } : {}),
      ...(enabledModules ? { enabledModules } : {}),
      ...(world ? { world } : {}),
      ...(shown ? { shown } : {}),
      ...(options.user === undefined ? {} : { currentUserId: options.user }),
      ...(options.mocks ? { mocks: options.mocks } : {}),
      options: { profile: parseProfile(options.profile), cascade: options.cascade ?? 0, ...unixTime(options.now) }
    },
    { ...(request.ports ?? enginePorts()), breath: () => halt.check() },
    onEvent,
    request.recorder
  )
  return { ...run, assumptions }
}

/**
 * Workflow::moduleStatelessExecution with everything around it.
 * @param perform performs what the policy leaves open: a live execution that was confirmed
 */
export async function executeModule(
  request: StatelessRequest,
  perform: (asked: EffectRequest) => Promise<EffectAnswer> = nobody,
  halt = noHalt
): Promise<StatelessResult> {
  const events: RunEvent[] = []
  const keep = (event: RunEvent): void => {
    events.push(event)
    request.onEvent?.(event)
  }
  const run = beginModule(request, keep, halt)
  await drive(run.stepper, { perform, breathe: () => halt.breathe(), stopped: () => halt.asked })
  halt.check()
  const result = run.result()
  if (!result) throw new Error('the module has not finished')
  return buildResult(result, events, run.assumptions)
}

function buildResult(
  result: ModuleResult,
  events: readonly RunEvent[],
  assumptions: readonly string[]
): StatelessResult {
  const fold = new RunFold()
  for (const event of events) fold.apply(event)
  const { answer, throwable, cannotTell, before, after, view, params } = result
  const step = fold.steps[0]
  const success = answer?.success === true
  return {
    success,
    result: step?.result === undefined || step.result === 'running' ? 'error' : step.result,
    branch: step?.branch ?? null,
    // Without a user for workflows MISP answers `error` and nothing else.
    errors: answer?.errors ?? answer?.error ?? [],
    message: cannotTell?.reason ?? throwable?.message ?? null,
    throwable,
    cannotTell,
    effects: fold.effects,
    worldChanges: events.flatMap((event) => (event.type === 'world.changed' ? [event.data.change] : [])),
    posts: events.flatMap((event) => (event.type === 'post' ? [event.data.post] : [])),
    params,
    ms: step?.ms ?? 0,
    before,
    after,
    view,
    assumptions
  }
}

/** The data as the trigger hands it to the first node; false when the trigger cannot use it. Throws what PHP throws. */
export function normalizeInput(trigger: string, brought: BroughtInput, options: RunOptionsInput): Json {
  const { data, shown } = brought
  const profile = parseProfile(options.profile)
  if (!modulesOf(profile).find('trigger', trigger))
    throw new CodedError('TRIGGER_UNKNOWN', `MISP ${profile} has no trigger “${trigger}”.`, { place: 'trigger' })
  return codeOf(profile).normalize(trigger, data, createWorld(worldOf(options, brought), shown ?? data))
}

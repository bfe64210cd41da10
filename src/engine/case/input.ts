// What the engine is given for a case. Nothing of it is live, and no code that came with the case is run.
import type { Case } from '../../contract/case.ts'
import { CodedError } from '../../contract/errors.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { mask } from '../../contract/mask.ts'
import type { RecordedAct } from '../../contract/surroundings.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import { parseWorkflow } from '../graph/parse.ts'
import { triggerIdOf } from '../graph/walk-helpers.ts'
import { modulesOf } from '../modules/table.ts'
import { isMap } from '../php/values.ts'
import { defaultProfile, profileFor } from '../profiles/profiles.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import { askingNodes, assumeService, listedService } from '../run/assumed-service.ts'
import type { AssumedService } from '../run/assumed-service.ts'
import type { CustomModule } from '../run/environment.ts'
import { asTrigger } from '../run/given/as-trigger.ts'
import { bringInput } from '../run/given/bring.ts'
import type { RunInput } from '../run/input.ts'
import { repeatCalls } from '../run/surroundings/custom-calls.ts'
import { usualSettings } from '../run/usual-settings.ts'
import type { WorldSeed } from '../world/base.ts'
import { secondsOf as secondsOfTime } from '../world/dates.ts'
import type { WorldData } from '../world/world.ts'

/** A case with all that it refers to. */
export interface ReadyCase {
  readonly case: Case
  /** What people know it by: its file. */
  readonly file: string
  readonly workflow: RawWorkflow
  readonly input: Json
  readonly world: JsonMap | undefined
}

/** The clock of a case that does not say what time it is: 2025-01-01T00:00:00Z. */
const usualTime = 1_735_689_600
const usualSeed = '6f1c2b3a-5d4e-4f60-8a7b-9c0d1e2f3a4b'

export const secondsOf = ({ now }: Pick<Case, 'now'>): number =>
  (now === undefined ? null : secondsOfTime(now)) ?? usualTime
export const seedOfUuids = ({ uuids = usualSeed }: Pick<Case, 'uuids'>): string => uuids

export function profileOfCase({ case: { profile: given } }: ReadyCase, asked?: ProfileId): ProfileId {
  if (asked !== undefined) return asked
  return given === undefined ? defaultProfile : (profileFor(given)?.profile ?? defaultProfile)
}

/**
 * @param mocks the case's, as they are watched
 * @throws CodedError for what no run can start from
 */
export function caseInput(ready: ReadyCase, profile: ProfileId, mocks: JsonMap, runId: string): RunInput {
  const { case: given } = ready
  const workflow = given.as === undefined ? ready.workflow : asTrigger(ready.workflow, given.as)
  const { cascade, crash, lastId } = given
  const settings = { ...given.settings, ...Object.fromEntries((given.secrets ?? []).map((name) => [name, mask])) }
  const world = ready.world as WorldData | undefined
  const around = {
    workflow,
    mocks,
    settings,
    ...named(given, [
      'mode',
      'enabledTriggers',
      'enabledModules',
      'enabledAdHoc',
      'user',
      'pins',
      'normalized',
      'shown'
    ]),
    ...(given.trigger === undefined ? {} : { triggerId: given.trigger }),
    ...(given.currentUser === undefined ? {} : { currentUserId: given.currentUser }),
    ...(world === undefined ? {} : { world }),
    ...(given.found === undefined && given.assume !== false ? {} : { seed: seedOf(given.found ?? {}) }),
    ...(given.workflows === undefined ? {} : { workflows: othersOf(given.workflows, ready.file) }),
    ...(given.modules === undefined ? {} : { customModules: given.modules.map(repeated) }),
    ...(given.edits === undefined ? {} : { edits: new Map(given.edits) }),
    options: { profile, now: secondsOf(given), ...defined({ cascade, crash, lastId }), runId }
  }
  return given.assume === false ? exact(ready, around) : assumed(ready, around, profile)
}

type Around = Omit<RunInput, 'data'> & { readonly workflow: JsonMap; readonly settings: JsonMap }

const listed = (service: NonNullable<Case['service']>): readonly JsonMap[] =>
  service.map((row) => (typeof row === 'string' ? { name: row } : row))

/** There is nothing beside what is given. */
function exact({ case: { service }, input }: ReadyCase, around: Around): RunInput {
  return { ...around, data: input, serviceModules: service === undefined || service === null ? null : listed(service) }
}

/** What is not given is as `retrace run` assumes it. */
function assumed(ready: ReadyCase, around: Around, profile: ProfileId): RunInput {
  const { case: given, file, input, world } = ready
  const trigger = triggerIdOf((around.workflow as RawWorkflow).data)
  if (trigger !== null && !modulesOf(profile).find('trigger', trigger))
    throw new CodedError('TRIGGER_UNKNOWN', `${file}: MISP ${profile} has no trigger “${trigger.slice(0, 80)}”.`, {
      file
    })
  const settings = { ...usualSettings, ...around.settings }
  const now = given.now === undefined ? undefined : secondsOf(given)
  const { data, shown, threads } = bringInput(input, { trigger, profile, name: file, world, settings, now })
  const enabledTriggers = given.enabledTriggers ?? (trigger === null ? undefined : [trigger])
  const service = given.service === null ? null : given.service ? listed(given.service) : listedService(world)
  const own = new Set((given.modules ?? []).map(({ definition }) => definition.id))
  const mocks = given.mocks
  const assumedService =
    service === undefined
      ? serviceFor(around.workflow as RawWorkflow, { profile, settings, mocks, own })
      : { serviceModules: service, settings: {} }
  return {
    ...around,
    data,
    settings: { ...settings, ...assumedService.settings },
    serviceModules: assumedService.serviceModules,
    ...(threads === undefined || world?.['threads'] !== undefined ? {} : { world: { ...world, threads } }),
    ...(shown === undefined || given.shown !== undefined ? {} : { shown }),
    ...(enabledTriggers === undefined ? {} : { enabledTriggers, mode: given.mode ?? 'executeWorkflowForTrigger' })
  }
}

const services = new WeakMap<RawWorkflow, Map<string, AssumedService>>()

/** Once for all cases of a workflow that say the same of it. */
function serviceFor(workflow: RawWorkflow, given: Parameters<typeof assumeService>[1]): AssumedService {
  const known = services.get(workflow) ?? new Map<string, AssumedService>()
  services.set(workflow, known)
  const key = JSON.stringify([given.profile, given.settings, given.mocks ?? null, [...given.own]])
  const found = known.get(key) ?? assumeService(askingNodes([workflow]), given)
  known.set(key, found)
  return found
}

const seedOf = ({ tags, objects = [], last = {}, galaxies = [] }: NonNullable<Case['found']>): WorldSeed => ({
  ...{ tags: tags ?? null, objects, last, galaxies }
})

const repeated = ({ definition, calls }: NonNullable<Case['modules']>[number]): CustomModule => ({
  definition: definition as unknown as CustomModule['definition'],
  execute: repeatCalls(definition.id, calls as unknown as readonly (readonly RecordedAct[])[])
})

const othersOf = (workflows: readonly JsonMap[], file: string): readonly RawWorkflow[] =>
  workflows.map((workflow, i) => parseWorkflow(workflow, `${file}: workflows[${i}]`))

const defined = <T extends object>(values: T): { readonly [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never

const named = <K extends keyof Case>(given: Case, names: readonly K[]): { readonly [N in K]?: NonNullable<Case[N]> } =>
  Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]))) as never

/** What a case has inside. Throws CASE_INVALID for an input that is no object. */
export function inputInside(value: Json, file: string, place: string): Json {
  if (isMap(value)) return value
  // PHP's empty map is a list.
  if (Array.isArray(value) && value.length === 0) return {}
  throw new CodedError('CASE_INVALID', `${file} at ${place}: what a trigger gets is a JSON object.`, { file, place })
}

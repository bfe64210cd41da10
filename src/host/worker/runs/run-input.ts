// From what a shell gives (a workflow, data, options) to what the engine takes, with the assumptions that were made on the way. CLI and app
// start their runs through here, so that both mean the same.
import { append } from '../../../contract/lists.ts'
import type { EffectPolicy } from '../../../contract/effects.ts'
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import { mergeSettings, nameSettings, parseMispSettings } from '../../../contract/misp-settings.ts'
import type { MispSettings } from '../../../contract/misp-settings.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { CodedError } from '../../../contract/errors.ts'
import { isLive } from '../effects/live-choice.ts'
import { extractTriggerId, triggerIdOf } from '../../../engine/graph/walk-helpers.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { defaultProfile, profileFor, profileIds } from '../../../engine/profiles/profiles.ts'
import type { NearestProfile, ProfileId } from '../../../engine/profiles/profiles.ts'
import type { CustomModule } from '../../../engine/run/environment.ts'
import type { BroughtInput } from '../../../engine/run/given/bring.ts'
import { asTrigger } from '../../../engine/run/given/as-trigger.ts'
import type { RunInput } from '../../../engine/run/input.ts'
import { arbitraryUrls, hostOrganisation, usualSettings } from '../../../engine/run/usual-settings.ts'
import { assumedOfData, worldOf } from './brought.ts'
import { askingNodes, assumeService, listedService } from '../../../engine/run/assumed-service.ts'
import type { AskingNode } from '../../../engine/run/assumed-service.ts'

export interface RunRequest {
  readonly workflow: RawWorkflow
  /** The data in the state in which its trigger gets it. */
  readonly brought: BroughtInput
  readonly options: RunOptionsInput
  /** MISP's settings in the workspace, below those of the options. */
  readonly settings?: MispSettings
  /** Other workflows that a cascade may run. */
  readonly workflows?: readonly RawWorkflow[]
  /** What the run is to say of it beside. */
  readonly said?: readonly string[]
  readonly runId?: string
  readonly customModules?: readonly CustomModule[]
  /** What the misp-modules service lists; null: it is down. */
  readonly serviceModules?: readonly JsonMap[] | null
}

/** MISP's own defaults of the settings that workflows read. */
const mispDefaults: JsonMap = {
  [arbitraryUrls]: false,
  'Plugin.Enrichment_services_enable': false,
  'Plugin.Action_services_enable': false
}

/** Settings as a run has them. `enabled_triggers` and `enabled_modules` null: all. */
export interface Environment {
  readonly settings: JsonMap
  readonly enabledTriggers: readonly string[] | null
  readonly enabledModules: readonly string[] | null
  /** Trigger ids of ad-hoc workflows; null: all. */
  readonly enabledAdHoc: readonly string[] | null
  readonly assumptions: readonly string[]
}

export function buildEnvironment(
  { options, settings: own }: Pick<RunRequest, 'options' | 'settings'>,
  trigger: string | null
): Environment {
  const { settings: asked, unknown } = parseMispSettings(options.settings)
  const {
    enabled_triggers: triggers,
    enabled_modules: modules,
    enabled_adhoc: adHoc,
    ...named
  }: JsonMap = mergeSettings(own, asked)
  const enabledAdHoc = listOf(adHoc, 'enabled_adhoc')
  const { profile, note } = nearestProfile(options.profile)
  const assumptions: string[] = note === '' ? [] : [note]
  if (unknown.length > 0) assumptions.push(`Not MISP settings, ignored: ${nameSettings(unknown)}.`)
  const from = options.mispDefaults ? { ...usualSettings, ...mispDefaults } : usualSettings
  const enabledTriggers = listOf(triggers, 'enabled_triggers') ?? (trigger === null ? null : [trigger])
  const enabledModules =
    listOf(modules, 'enabled_modules') ?? (options.mispDefaults ? modulesOf(profile).enabledByDefault : null)
  if (triggers === undefined) assumptions.push('The trigger is enabled.')
  if (modules === undefined) {
    assumptions.push(
      options.mispDefaults
        ? 'Only the nine modules enabled by default in MISP are enabled.'
        : 'Every module of the workflow is enabled.'
    )
  }
  if (named[arbitraryUrls] === undefined) {
    assumptions.push(`${arbitraryUrls} is ${options.mispDefaults ? 'off (MISP’s default)' : 'on'}.`)
  }
  if (named[hostOrganisation] === undefined)
    assumptions.push(`${hostOrganisation} is 1: workflows run as MISP’s SYSTEM user.`)
  assumptions.push(
    options.mispDefaults
      ? 'Enrichment and Action services are off (MISP’s default), unless the settings say otherwise.'
      : 'The misp-modules services are running.'
  )
  append(assumptions, effectAssumptions(options))
  if (!options.world) assumptions.push('MISP’s database contains the input event and what it references.')
  const all = { ...from, ...named }
  return { settings: all, enabledTriggers, enabledModules, enabledAdHoc, assumptions }
}

const policyWords: Readonly<Record<EffectPolicy, string>> = {
  record: 'HTTP requests without a mock get status 200; nothing leaves this machine.',
  mock: 'Side effects are answered by mocks; those without a mock get an assumed response. Nothing leaves this machine.',
  recorded:
    'Side effects are answered by recorded responses; those without one get an assumed response. Nothing leaves this machine.',
  live: 'Side effects are live: requests and mails really leave this machine.'
}

/** Who answers, for the run and for modules and nodes that differ; what is pinned. */
function effectAssumptions({ effects = {}, pins = {}, placeholders = {} }: RunOptionsInput): readonly string[] {
  const named = (what: string, chosen: Readonly<Record<string, EffectPolicy>> | undefined): string[] =>
    Object.entries(chosen ?? {}).map(([name, policy]) => `Side effects of ${what} ${name}: ${policy}.`)
  const pinned = Object.keys(pins)
  const placed = Object.keys(placeholders)
  const policy = effects.policy ?? 'record'
  // A sentence about the rest of the run must not promise what one live node breaks.
  const said = isLive(effects)
    ? policyWords[policy].replace(/[;.] [Nn]othing leaves this machine\.$/, '.')
    : policyWords[policy]
  return [
    said,
    ...named('module', effects.modules),
    ...named('node', effects.nodes),
    ...(pinned.length > 0 ? [`Not executed, output pinned: node ${pinned.join(', ')}.`] : []),
    ...(placed.length > 0 ? [`Placeholders with chosen results: ${placed.join(', ')}.`] : [])
  ]
}

/** What a run has around it, whatever its data is. */
export interface RunEnvironment extends Environment {
  readonly workflow: RawWorkflow
  readonly insteadOf: string | null
  readonly serviceModules: readonly JsonMap[] | null
}

export function environmentOf(request: Omit<RunRequest, 'brought'>): RunEnvironment {
  const { options, workflows } = request
  const own = extractTriggerId(request.workflow.data)
  const isAs = options.as !== undefined && options.as !== own
  const workflow = isAs ? asTrigger(request.workflow, options.as ?? '') : request.workflow
  const environment = withService(
    { ...request, own: idsOf(request.customModules) },
    buildEnvironment(request, triggerIdOf(workflow.data)),
    askingNodes([workflow, ...(workflows ?? [])])
  )
  return { ...environment, workflow, insteadOf: isAs ? plainText(own ?? '') : null }
}

export function buildRunInput(request: RunRequest, environment = environmentOf(request)): RunInput {
  const { brought, options, workflows, runId } = request
  const { workflow, insteadOf, settings, enabledTriggers, enabledModules, enabledAdHoc, serviceModules } = environment
  const { data, shown } = brought
  const as =
    insteadOf === null
      ? []
      : [`The workflow is run as if ${options.as} had fired it; its own trigger is ${insteadOf || 'none'}.`]
  const world = worldOf(options, brought)
  return {
    workflow,
    data,
    settings,
    assumptions: [...as, ...(request.said ?? []), ...assumedOfData(brought, options), ...environment.assumptions],
    ...(insteadOf === null ? {} : { insteadOf }),
    ...(shown ? { shown } : {}),
    ...(enabledTriggers
      ? { mode: 'executeWorkflowForTrigger', enabledTriggers: cascadeTriggers(enabledTriggers, request) }
      : {}),
    ...(enabledModules ? { enabledModules } : {}),
    ...(enabledAdHoc ? { enabledAdHoc } : {}),
    ...(options.user === undefined ? {} : { currentUserId: options.user }),
    ...(world ? { world } : {}),
    ...(options.mocks ? { mocks: options.mocks } : {}),
    ...(options.effects ? { effects: options.effects } : {}),
    ...(options.pins ? { pins: options.pins } : {}),
    ...(request.customModules ? { customModules: request.customModules } : {}),
    serviceModules,
    ...(workflows ? { workflows } : {}),
    options: {
      profile: parseProfile(options.profile),
      ...(runId === undefined ? {} : { runId }),
      ...(options.cascade === undefined ? {} : { cascade: options.cascade }),
      ...(options.crash === undefined ? {} : { crash: options.crash }),
      ...unixTime(options.now)
    }
  }
}

/** What the misp-modules services list: as the caller or the world says, else what is assumed, which the run then states. */
export function withService(
  {
    options,
    serviceModules: given,
    own
  }: Pick<RunRequest, 'options' | 'serviceModules'> & { readonly own: ReadonlySet<string> },
  environment: Environment,
  nodes: readonly AskingNode[]
): Environment & { readonly serviceModules: readonly JsonMap[] | null } {
  const listed = given === undefined ? listedService(options.world) : given
  if (listed !== undefined) return { ...environment, serviceModules: listed }
  const { settings, assumptions } = environment
  const { mocks } = options
  const assumed = assumeService(nodes, { profile: parseProfile(options.profile), settings, mocks, own })
  return {
    ...environment,
    serviceModules: assumed.serviceModules,
    settings: { ...settings, ...assumed.settings },
    assumptions: [...assumptions, ...assumed.assumptions]
  }
}

export const idsOf = (modules: readonly CustomModule[] = []): ReadonlySet<string> =>
  new Set(modules.map(({ definition }) => definition.id))

/** With a cascade the triggers of the other workflows are on too, unless the settings say which ones are. */
function cascadeTriggers(enabled: readonly string[], { options, settings, workflows }: RunRequest): readonly string[] {
  if (options.settings?.enabled_triggers !== undefined || settings?.enabled_triggers !== undefined) return enabled
  const others = (workflows ?? []).map((workflow) => triggerIdOf(workflow.data)).filter((id) => id !== null)
  return [...new Set([...enabled, ...others])]
}

/** Of given settings, those that are MISP's. */
export const mispOf = (given: JsonMap | undefined): MispSettings => parseMispSettings(given).settings

function listOf(value: Json | undefined, name: string): readonly string[] | null {
  if (value === undefined || value === null) return null
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new CodedError('INPUT_WRONG_TYPE', `The settings at ${name}: expected a list of names.`, { place: name })
  }
  return value as readonly string[]
}

/** A profile by its name, or the nearest one to a MISP version, which its note says. Throws PROFILE_UNKNOWN. */
export function nearestProfile(given: string | undefined): NearestProfile {
  if (given === undefined) return { profile: defaultProfile, note: '' }
  const found = profileFor(given)
  if (found) return found
  const message = `There is no profile “${given.slice(0, 40)}”. There are: ${profileIds.join(', ')}.`
  throw new CodedError('PROFILE_UNKNOWN', message, { place: 'profile' })
}

/** Throws PROFILE_UNKNOWN. */
export const parseProfile = (given: string | undefined): ProfileId => nearestProfile(given).profile

/** The engine's clock counts Unix seconds. */
export const unixTime = (iso: string | undefined): { readonly now?: number } =>
  iso === undefined ? {} : { now: Math.floor(Date.parse(iso) / 1000) }

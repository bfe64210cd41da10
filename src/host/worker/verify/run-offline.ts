// A captured run's input goes through a workflow once more, offline: nothing leaves, whatever the workspace allows elsewhere.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { mispSetting, say } from '../../../contract/sentence.ts'
import type { MispSettings } from '../../../contract/misp-settings.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { profiles } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import type { VerifyMissing } from '../../../contract/verify.ts'
import { OfflineBook } from '../../../engine/replay/verify/offline.ts'
import type { LaneBook } from '../../../engine/replay/verify/posts.ts'
import { shownAnswers } from '../../../engine/replay/verify/shown-answers.ts'
import type { RunInput } from '../../../engine/run/input.ts'
import { createRun } from '../../../engine/run/start.ts'
import type { RunRecorder } from '../../../engine/run/surroundings/recorder.ts'
import type { Stepper } from '../../../engine/run/walk/stepper.ts'
import type { RunEvent } from '../../../contract/run.ts'
import { prepareEffects } from '../effects/prepare.ts'
import { customModulesOf } from '../runs/custom-modules.ts'
import type { RunBook } from '../runs/run-book.ts'
import { buildRunInput } from '../runs/run-input.ts'
import type { Refs } from '../thread/protocol.ts'

export interface OfflineRequest {
  readonly workflow: RawWorkflow
  readonly others: readonly RawWorkflow[]
  readonly data: JsonMap
  readonly trigger: string
  readonly profile: ProfileId
  /** Unix seconds. */
  readonly now: number
  /** Modules whose posts say that they are disabled. */
  readonly disabled: ReadonlySet<string>
  /** With the world and its settings. */
  readonly options: RunOptionsInput
  /** The captured run. */
  readonly seen: LaneBook
  /** What the trigger's post shows of the database: taken instead of asking the trigger again. */
  readonly normalized?: JsonMap
  /** Outputs of logic nodes that are taken instead of what they decide. */
  readonly flipped?: { readonly nodeId: number; readonly isTrue: boolean }
  /** Keeps what the run depends on, and hears of what happens. */
  readonly kept?: { readonly recorder: RunRecorder; readonly onEvent: (event: RunEvent) => void }
}

const runId = 'verify'
/** As deep as MISP's own workflows fire each other. */
const cascade = 20
const stepsPerBreath = 50

/** Throws CodedError for what no run can start from, and CANCELLED. */
export async function runOffline(book: RunBook, refs: Refs, request: OfflineRequest): Promise<OfflineBook> {
  const { profile, data, now } = request
  const customModules = await customModulesOf(refs)
  const given: RunOptionsInput = {
    ...request.options,
    ...{ profile, cascade, now: new Date(now * 1000).toISOString(), effects: { policy: 'recorded' } },
    crash: profiles[profile].concurrentWorkerHasNoLog
  }
  const { options, ports, ...surroundings } = await prepareEffects({ book, refs, data, customModules, options: given })
  const built = buildRunInput({
    ...{ workflow: debugged(request.workflow), brought: { data, assumptions: [] }, options, ...surroundings, runId },
    ...(refs.settings ? { settings: refs.settings } : {}),
    workflows: request.others
  })
  const { enabledTriggers: _assumed, ...anyTrigger } = built
  // Where nobody said which triggers are enabled, one that a node fires may have been.
  const input = saysTriggers(options, refs.settings) ? built : anyTrigger
  const offline = new OfflineBook(runId, profile)
  const uuid = (): string => {
    const made = ports.uuid()
    offline.uuids.add(made)
    return made
  }
  const settings = watched(input.settings ?? {}, givenSettings(options, refs.settings), offline)
  if (request.normalized) offline.missed(staleEvent)
  const stepper = createRun(
    { ...input, ...asPosted(input, request), settings },
    { ...ports, uuid, answer: shownAnswers(request.seen, offline), breath: () => refs.halt?.check() },
    (event) => {
      offline.take(event)
      request.kept?.onEvent(event)
    },
    request.kept?.recorder
  )
  await drive(stepper, refs)
  return offline
}

const saysTriggers = ({ settings }: RunOptionsInput, own: MispSettings | undefined): boolean =>
  (settings?.enabled_triggers ?? own?.enabled_triggers ?? null) !== null

const staleEvent: VerifyMissing = {
  what: 'world',
  text: say`World does not have the event as it was when the trigger fired. Import it from MISP as it was then.`
}

/** The posts prove that debug mode was on. */
const debugged = (workflow: RawWorkflow): RawWorkflow => ({ ...workflow, debug_enabled: true })

/** What the posts prove: the trigger was enabled, and which modules were not. */
function asPosted(
  input: RunInput,
  { trigger, disabled, profile, flipped, normalized }: OfflineRequest
): Partial<RunInput> {
  const { enabledTriggers, enabledModules } = input
  const modules = enabledModules ?? (disabled.size === 0 ? undefined : allModuleIds(profile, input))
  return {
    mode: 'executeWorkflow',
    triggerId: trigger,
    ...(enabledTriggers ? { enabledTriggers: [...new Set([...enabledTriggers, trigger])] } : {}),
    ...(modules ? { enabledModules: enabledModules ? modules : modules.filter((id) => !disabled.has(id)) } : {}),
    ...(normalized ? { normalized } : {}),
    ...(flipped ? { pins: { [flipped.nodeId]: { success: flipped.isTrue, errors: [] } } } : {})
  }
}

function allModuleIds(profile: ProfileId, { customModules = [] }: RunInput): readonly string[] {
  const { modules_logic: logic, modules_action: action } = modulesOf(profile).list()
  return [...logic, ...action, ...customModules.map(({ definition }) => definition)].map(({ id }) => id)
}

const givenSettings = (options: RunOptionsInput, own: MispSettings | undefined): ReadonlySet<string> =>
  new Set([...Object.keys(options.settings ?? {}), ...Object.keys(own ?? {})])

/**
 * Tells of settings that are read and that nobody gave. Where some of MISP's are given, what is not among them is not set there; only what
 * the run assumes in its place is not known.
 */
function watched(settings: JsonMap, given: ReadonlySet<string>, offline: OfflineBook): JsonMap {
  const isGiven = [...given].some((name) => name.includes('.'))
  return new Proxy(settings, {
    get(target, name, receiver): Json | undefined {
      const isKnown = typeof name !== 'string' || given.has(name) || (isGiven && !Object.hasOwn(target, name))
      if (!isKnown && !assumedAnyway.test(name)) {
        const text = say`Which value MISP had for the setting ${mispSetting(name)} is not known. Set it in the workspace.`
        offline.missed({ what: 'settings', text }, 'next')
      }
      return Reflect.get(target, name, receiver) as Json | undefined
    }
  })
}

/** Where the posts went does not matter, and they prove that workflows were on. */
const assumedAnyway = /^Plugin\.Workflow_(?:debug_url|enable|triggers_.*)$/

async function drive(stepper: Stepper, { halt }: Refs): Promise<void> {
  let steps = 0
  for (let pause = stepper.next({ type: 'step' }); pause.state !== 'finished';) {
    if (++steps % stepsPerBreath === 0) await halt?.breathe()
    pause =
      pause.state === 'asking'
        ? stepper.next({ type: 'answer', answer: { failure: 'unavailable', message: 'offline' }, by: 'record' })
        : stepper.next({ type: 'step' })
  }
}

// The conformance adapter: recorded vectors in, MISP's answers out. It translates shapes and nothing else; every method calls
// the public functions that CLI and app call. Built by `npm run build:adapter`.
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEvent } from '../../src/contract/run.ts'
import type { RawGraph } from '../../src/contract/workflow.ts'
import { graphReport } from '../../src/engine/check/report.ts'
import { combine } from '../../src/engine/hash/combine.ts'
import { check, extract, get, insert, remove } from '../../src/engine/hash/hash.ts'
import { codeOf } from '../../src/engine/modules/implementations.ts'
import { renderTemplate } from '../../src/engine/jinja/render.ts'
import { createModuleRun } from '../../src/engine/run/execute-module.ts'
import { convert } from '../../src/engine/format/workflow-format.ts'
import type { Scope } from '../../src/engine/format/workflow-format.ts'
import { createWorld } from '../../src/engine/world/create.ts'
import { modulesOf } from '../../src/engine/modules/table.ts'
import { defaultProfile, profiles } from '../../src/engine/profiles/profiles.ts'
import type { ProfileId } from '../../src/engine/profiles/profiles.ts'
import { normaliseValue } from '../../src/engine/php/decode.ts'
import { underPhp } from '../../src/engine/php/version.ts'
import { dig, EMPTY_OBJECT } from '../../src/engine/php/values.ts'
import { evaluateCondition, extractData, getItemsMatchingCondition } from '../../src/engine/conditions/conditions.ts'
import { runToEnd } from '../../src/engine/run/walk/driver.ts'
import type { RunInput, RunMode } from '../../src/engine/run/input.ts'
import type { Ports, Render } from '../../src/engine/effects/ports.ts'
import type { RunRecorder } from '../../src/engine/run/surroundings/recorder.ts'
import { createRun } from '../../src/engine/run/start.ts'
import type { WorldData } from '../../src/engine/world/world.ts'
import { oracleModules } from './oracle-modules.ts'
import { moduleReport, runReport } from './run-report.ts'
import { answerLike, debugEndpoint } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'

interface HashCase {
  readonly method: string
  readonly args: JsonMap
}

/** The functions with the names of their arguments, in order; an argument that is absent was not passed. */
const hashMethods: { readonly [method: string]: readonly [call: (...args: Json[]) => Json, names: readonly string[]] } =
  {
    extract: [(data, path) => extract(data ?? null, path ?? null), ['data', 'path']],
    get: [get as (...args: Json[]) => Json, ['data', 'path', 'default']],
    insert: [(data, path, values) => insert(data ?? null, path ?? null, values), ['data', 'path', 'values']],
    remove: [(data, path) => remove(data ?? null, path ?? null), ['data', 'path']],
    combine: [combine as (...args: Json[]) => Json, ['data', 'keyPath', 'valuePath', 'groupPath']],
    check: [(data, path) => check(data ?? null, path ?? null), ['data', 'path']]
  }

function hash({ method, args }: HashCase): Json {
  const found = hashMethods[method]
  if (!found) throw new Error(`no such method: ${method}`)
  const [call, names] = found
  return call(...names.filter((name) => name in args).map((name) => normaliseValue(args[name] ?? null)))
}

interface Around extends Surroundings {
  readonly world: WorldData
  /** By name, as MISP fetches them. */
  readonly events: { readonly [name: string]: { readonly id: number; readonly event: JsonMap | string } }
  readonly user_for_workflow: JsonMap
  readonly now: string
  readonly profile?: ProfileId
}

export interface RunCase extends Around {
  readonly id: string
  readonly mode: RunMode
  readonly trigger_id: string
  readonly settings: JsonMap
  readonly enabled_triggers: readonly string[]
  readonly enabled_modules: readonly string[]
  readonly workflow: { readonly Workflow: JsonMap }
  readonly extra_workflows?: readonly JsonMap[]
  readonly enabled_adhoc?: readonly string[]
  readonly current_user_id?: string
  readonly input_data: Json
  /** Outputs that are taken instead of executing a node. */
  readonly pins?: RunInput['pins']
}

/** The recorder's MISP had this address, whatever else a case sets. */
const baseUrl: JsonMap = { 'MISP.baseurl': 'https://misp.local.test' }

const baseSettings: JsonMap = {
  'Plugin.Workflow_enable': true,
  'Plugin.Workflow_debug_url': 'http://127.0.0.1:27051',
  'MISP.host_org_id': 1,
  'Security.rest_client_enable_arbitrary_urls': true
}

function portsFor(around: Around, render: Render): Ports {
  let ids = 0
  return {
    clock: { now: () => Date.parse(around.now), monotonic: () => 0 },
    uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    answer: answerLike(around),
    debugEndpoint,
    render
  }
}

const profileOf = ({ profile }: { readonly profile?: ProfileId }) => (profile === undefined ? {} : { profile })

const userIdOf = ({ current_user_id: id }: { readonly current_user_id?: string }) =>
  id === undefined ? {} : { currentUserId: id }

/** The profile that a case names; none means 2.5.1. */
const rulesOf = (c: { readonly profile?: ProfileId }) => profiles[c.profile ?? defaultProfile]

const rowOf = (workflow: JsonMap): JsonMap =>
  normaliseValue((workflow['Workflow'] as JsonMap | undefined) ?? workflow) as JsonMap

/** The recorder's user belongs to its host organisation; with another one MISP looks for a user. */
const userOf = ({ user_for_workflow: user }: Around, settings: JsonMap): { readonly user?: JsonMap } =>
  String(settings['MISP.host_org_id']) === String(user['org_id']) ? { user } : {}

/** The run's own events. */
export function eventsOf(c: RunCase, render: Render = ownRenderer, recorder?: RunRecorder): readonly RunEvent[] {
  const events: RunEvent[] = []
  const settings = Object.keys(c.settings).length > 0 ? c.settings : baseSettings
  const stepper = createRun(
    {
      workflow: rowOf(c.workflow),
      workflows: (c.extra_workflows ?? []).map(rowOf),
      data: normaliseValue(c.input_data),
      mode: c.mode,
      triggerId: c.trigger_id,
      settings: { ...baseUrl, ...settings },
      enabledTriggers: c.enabled_triggers,
      enabledAdHoc: c.enabled_adhoc ?? [],
      ...userIdOf(c),
      enabledModules: c.enabled_modules,
      ...(c.pins ? { pins: c.pins } : {}),
      world: worldOf(c, c.input_data),
      ...userOf(c, settings),
      serviceModules: c.misp_modules === 'up' ? c.service_modules.modules : null,
      customModules: oracleModules,
      options: { runId: c.id, cascade: 20, ...profileOf(c) }
    },
    portsFor(c, render),
    (event) => events.push(event),
    recorder
  )
  runToEnd(stepper)
  return events
}

const run = (c: RunCase, render: Render): Json => runReport(eventsOf(c, render), c.mode, c)

interface NormalizeCase extends Around {
  readonly via: string
  readonly trigger?: string
  readonly scope?: string
  readonly input: Json
}

/** An event that is too large for world.json is left out there; the cases that use it have it as their input. */
function worldOf(around: Around, input: Json): WorldData {
  const own = dig(input, 'Event', 'id')
  const events = Object.values(around.events).flatMap(({ id, event }) =>
    typeof event !== 'string' ? [event] : String(id) === own ? [input as JsonMap] : []
  )
  return { ...around.world, events }
}

function normalize(c: NormalizeCase): Json {
  const input = normaliseValue(c.input) as JsonMap
  const world = createWorld(worldOf(c, input))
  if (c.via === 'trigger') return codeOf(c.profile ?? defaultProfile).normalize(c.trigger ?? '', input, world) as Json
  return underPhp(rulesOf(c).php, () => convert(input, world, rulesOf(c), (c.scope ?? '') as Scope))
}

interface ModuleCase extends Around {
  readonly module_id: string
  readonly params: Json
  readonly saved_filters?: JsonMap
  readonly presets?: JsonMap
  readonly settings: JsonMap
  readonly convert_data: boolean
  /** `mirror`: the recorder called exec() itself, with a workflow around the node; `api`: MISP's public method. */
  readonly mode: string
  readonly trigger_node?: { readonly data: JsonMap }
  readonly input_data: Json
  readonly current_user_id?: string
  /** The fixed address of tag_cve_from_enrichment went there. */
  readonly cve_url_overridden?: string
}

/** The trigger of the workflow that the recorder put around a module; cases name only another one. */
const recordersTrigger: JsonMap = { id: 'event-publish', misp_core_format: true }

function workflowAround({ mode, trigger_node }: ModuleCase): JsonMap {
  if (mode !== 'mirror') return {}
  const data = { module_type: 'trigger', ...(trigger_node?.data ?? recordersTrigger) }
  return { id: '1', data: { 1: { id: 1, data } } }
}

/** A value that PHP has printed: it prints empty arrays as `[]`, so `{}` was an object. */
function asPrinted(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return (value as readonly Json[]).map(asPrinted)
  const items = Object.entries(value)
  return items.length === 0
    ? EMPTY_OBJECT
    : Object.fromEntries(items.map(([key, item]) => [key, asPrinted(item as Json)]))
}

function moduleAlone(c: ModuleCase, render: Render): Json {
  const events: RunEvent[] = []
  const input = asPrinted(c.input_data)
  const presets = normaliseValue(c.presets ?? []) as JsonMap
  const run = createModuleRun(
    {
      moduleId: c.module_id,
      workflow: workflowAround(c),
      params: normaliseValue(c.params),
      data: Object.keys(presets).length > 0 ? { ...(input as JsonMap), ...presets } : input,
      convert: c.convert_data,
      ...(c.saved_filters ? { filters: normaliseValue(c.saved_filters) as JsonMap } : {}),
      settings: { ...baseUrl, ...baseSettings, ...c.settings },
      ...userIdOf(c),
      world: worldOf(c, input),
      user: c.user_for_workflow,
      serviceModules: c.misp_modules === 'up' ? c.service_modules.modules : null,
      customModules: oracleModules,
      options: { runId: 'module', cascade: 20, ...profileOf(c) }
    },
    portsFor(c, render),
    (event) => events.push(event)
  )
  runToEnd(run.stepper)
  const result = run.result()
  if (!result || result.cannotTell) throw new Error(`cannot tell: ${result?.cannotTell?.reason}`)
  return moduleReport(result, events, c)
}

const ownRenderer: Render = (template, data) => {
  const { output, error } = renderTemplate(template, data)
  return error ? { error: { type: error.type, message: error.message } } : { text: output }
}

function jinja({ template, data }: { readonly template: string; readonly data: Json }) {
  const { output, error } = renderTemplate(template, data)
  return error ? { error: { type: error.type } } : { output }
}

/** @param render another renderer of templates than the engine's own */
export async function createAdapter(render: Render = ownRenderer) {
  return {
    hash,
    evaluateCondition: (c: { data: Json; operator: Json; value: Json; profile?: ProfileId }) =>
      underPhp(rulesOf(c).php, () =>
        evaluateCondition(normaliseValue(c.data), c.operator, normaliseValue(c.value), rulesOf(c))
      ),
    getItemsMatchingCondition: (c: { items: Json; value: Json; operator: Json; path: Json; profile?: ProfileId }) =>
      underPhp(rulesOf(c).php, () =>
        getItemsMatchingCondition(normaliseValue(c.items), normaliseValue(c.value), c.operator, c.path, rulesOf(c))
      ),
    extractData: (c: { data: Json; path: Json; profile?: ProfileId }) =>
      underPhp(rulesOf(c).php, () => extractData(normaliseValue(c.data), c.path)),
    graph: (c: { graph: RawGraph; profile?: ProfileId }) =>
      graphReport(normaliseValue(c.graph as Json) as RawGraph, modulesOf(c.profile ?? defaultProfile)),
    catalog: (c: { profile?: ProfileId } = {}) => modulesOf(c.profile ?? defaultProfile).list(),
    normalize,
    module: (c: ModuleCase) => moduleAlone(c, render),
    jinja,
    run: (c: RunCase) => run(c, render)
  }
}

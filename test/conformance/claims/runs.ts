// The runs whose sentences are held against their data: those that MISP recorded, and seeded ones with every module, filters, pins, disabled
// nodes and settings that are off.
import { readFileSync, readdirSync } from 'node:fs'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import type { ModuleDefinition } from '../../../src/contract/modules.ts'
import type { RunEvent } from '../../../src/contract/run.ts'
import { profileIds } from '../../../src/engine/profiles/profiles.ts'
import type { ProfileId } from '../../../src/engine/profiles/profiles.ts'
import { modulesOf } from '../../../src/engine/modules/table.ts'
import { runToEnd } from '../../../src/engine/run/walk/driver.ts'
import { createRun } from '../../../src/engine/run/start.ts'
import { seeded } from '../../attack/scale.ts'
import { eventsOf } from '../adapter.ts'
import type { RunCase } from '../adapter.ts'

export interface ToldRun {
  readonly id: string
  readonly profile: ProfileId
  readonly trigger: string
  readonly workflow: JsonMap
  readonly data: Json
  readonly settings: JsonMap
  readonly events: readonly RunEvent[]
}

export const vectors = '../shared/vectors'
const readJson = (file: string): JsonMap => JSON.parse(readFileSync(`${vectors}/${file}`, 'utf8')) as JsonMap

export const recordedNames = (): readonly string[] =>
  readdirSync(`${vectors}/runs`).filter((name) => name.endsWith('.json'))

let base: JsonMap | undefined
let service: JsonMap | undefined

export function recordedRun(name: string): ToldRun | null {
  base ??= readJson('world.json')
  service ??= readJson('service-modules.json')
  const own = readJson(`runs/${name}`)
  if (own['mode'] === 'natural' || own['input_data'] === undefined) return null
  const parts = base['world'] as JsonMap
  const world = Object.fromEntries(
    Object.entries((own['world'] ?? {}) as JsonMap).map(([key, part]) => [
      key,
      part === '(base)' ? (parts[key] ?? null) : part
    ])
  )
  const around = { events: base['events'], user_for_workflow: base['user_for_workflow'], service_modules: service }
  const now = '2024-10-21T12:00:00+00:00'
  const c = { ...own, ...around, now, world } as unknown as RunCase
  const row = ((own['workflow'] as JsonMap)['Workflow'] ?? own['workflow']) as JsonMap
  const told = { id: c.id, profile: '2.5.1', trigger: c.trigger_id, workflow: row, data: c.input_data } as const
  return { ...told, settings: c.settings, events: eventsOf(c) }
}

type Random = () => number
const pick = <T>(random: Random, all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
const upTo = (random: Random, n: number): number => Math.floor(random() * (n + 1))

const types = ['ip-dst', 'domain', 'url', 'md5']
const tagNames = ['tlp:red', 'tlp:amber', 'x', '10', '10.0', 'with `ticks` and 5', 'misp-galaxy:country="germany"']
const tagsOf = (random: Random): Json =>
  Array.from({ length: upTo(random, 3) }, () => ({ name: pick(random, tagNames), local: false }))
const attributesOf = (random: Random, first: number): JsonMap[] =>
  Array.from({ length: upTo(random, 8) }, (_, i) => ({
    ...{
      id: String(first + i),
      uuid: `00000000-0000-4000-8000-${String(first + i).padStart(12, '0')}`,
      type: pick(random, types)
    },
    ...{
      category: 'Network activity',
      value: `v${first + upTo(random, 5)}.example`,
      to_ids: random() < 0.5,
      comment: ''
    },
    ...{ distribution: pick(random, ['0', '3', '5']), timestamp: '1729512000', Tag: tagsOf(random), object_id: '0' }
  }))

const eventOf = (random: Random): Json => ({
  Event: {
    ...{
      id: '7',
      uuid: '11111111-1111-4111-8111-111111111111',
      info: pick(random, ['Mail', 'a 12 `b`', '']),
      Tag: tagsOf(random)
    },
    ...{
      published: random() < 0.5,
      threat_level_id: pick(random, ['1', '2', '4']),
      distribution: pick(random, ['0', '1', '4'])
    },
    ...{ org_id: '1', orgc_id: pick(random, ['1', '3']), sharing_group_id: '0', Attribute: attributesOf(random, 1) },
    Object: random() < 0.5 ? [{ id: '5', name: 'file', Attribute: attributesOf(random, 100), ObjectReference: [] }] : []
  }
})

const paths = ['Event.Tag.{n}.name', 'Event._AttributeFlattened.{n}.type', 'Event._AttributeFlattened.{n}.Tag.{n}.name']
const plainPaths = [
  'Event.info',
  'Event.published',
  'Event.Tag',
  'Event.Tag.name',
  'Event.nope.{n}',
  'Event.Attribute.0.value',
  ''
]
const selectors = [
  'Event._AttributeFlattened.{n}',
  'Event._AttributeFlattened',
  'Event.Attribute.{n}',
  'Event.Tag.{n}',
  ''
]
const itemPaths = ['type', 'Tag.{n}.name', 'to_ids', 'value', '']
const operators = 'in not_in equals not_equals any_value in_or in_and not_in_or not_in_and odd'.split(' ')
const words = [...types, ...tagNames, '', 'v3.example', '1', 'Mail']
const list = (random: Random): Json => Array.from({ length: upTo(random, 9) }, () => pick(random, words))

function paramOf(random: Random, moduleId: string, param: ModuleDefinition['params'][number]): Json {
  const options = param['options']
  if (/^(selector|hash_path|aggregation_path)$/.test(param.id))
    return moduleId.startsWith('generic-filter')
      ? pick(random, param.id === 'selector' ? selectors : itemPaths)
      : pick(random, [...paths, ...plainPaths])
  if (param.type === 'select' && random() < 0.9) {
    const values = Array.isArray(options)
      ? options.map((one: Json) => (one as { value?: Json } | null)?.value ?? one)
      : Object.keys((options as object | undefined) ?? {})
    if (values.length > 0) return pick(random, values)
  }
  if (param.type === 'picker' || param.id === 'value_list') return random() < 0.8 ? list(random) : pick(random, words)
  return pick(random, [...words, 'https://example.com/x?y=1', '{{ Event.info }}', list(random)])
}

const filtersOf = (random: Random, on: boolean): JsonMap => {
  if (!on || random() < 0.5) return { selector: '', value: '', operator: '', path: '' }
  const operator = pick(random, operators)
  const value = operator.includes('_or') || operator.includes('_and') ? list(random) : pick(random, words)
  return { selector: pick(random, selectors), path: pick(random, itemPaths), operator, value }
}

function nodeOf(random: Random, id: number, definition: ModuleDefinition, last: boolean): JsonMap {
  const params = definition.params.flatMap((param) =>
    random() < 0.85 ? [[param.id, paramOf(random, definition.id, param)] as const] : []
  )
  const next = { connections: last ? [] : [{ node: String(id + 1), output: 'input_1' }] }
  return {
    ...{ id, name: definition.name, inputs: {}, outputs: { output_1: next, output_2: next } },
    data: {
      ...{ id: definition.id, name: definition.name, module_type: definition.module_type },
      ...{ module_version: definition.version, indexed_params: Object.fromEntries(params) },
      saved_filters: filtersOf(random, definition.support_filters)
    }
  }
}

/** Filters stand before other modules more often than chance would have it. */
function definitionsOf(random: Random, profile: ProfileId, length: number): readonly ModuleDefinition[] {
  const { modules_logic, modules_action } = modulesOf(profile).list()
  const often = modules_logic.filter(({ id }) => /filter|^(tag|generic|count)-if$/.test(id))
  return Array.from({ length }, () => pick(random, random() < 0.4 ? often : [...modules_logic, ...modules_action]))
}

export function seededRun(seed: number): ToldRun {
  const random = seeded(seed)
  const profile = random() < 0.7 ? '2.5.1' : pick(random, profileIds)
  const trigger = pick(random, ['event-publish', 'event-after-save'])
  const definitions = definitionsOf(random, profile, 1 + upTo(random, 7))
  const start = modulesOf(profile).byId(trigger) as ModuleDefinition
  const nodes = [start, ...definitions].map((one, i) => nodeOf(random, i + 1, one, i === definitions.length))
  const ids = [...new Set(definitions.map(({ id }) => id))]
  const settings = {
    'MISP.host_org_id': 1,
    'Security.rest_client_enable_arbitrary_urls': random() < 0.7,
    'Plugin.Enrichment_services_enable': random() < 0.7
  }
  const data = eventOf(random)
  const workflow = {
    ...{ id: '1', name: 'seeded', trigger_id: trigger, debug_enabled: true, counter: '0' },
    data: Object.fromEntries(nodes.map((node) => [String(node['id']), node]))
  }
  const pins =
    random() < 0.3
      ? { [String(2 + upTo(random, definitions.length - 1))]: { success: random() < 0.5, errors: [] } }
      : {}
  const events: RunEvent[] = []
  const run = createRun(
    {
      ...{ workflow, data, settings, pins: pins as never, serviceModules: null },
      ...(random() < 0.3 ? { enabledModules: ids.filter(() => random() < 0.7) } : {}),
      options: { runId: `seed-${seed}`, profile }
    },
    { clock: { now: () => 1729512000000, monotonic: () => 0 }, uuid: () => '00000000-0000-4000-8000-000000000000' },
    (event) => events.push(event)
  )
  runToEnd(run)
  return { id: `seed ${seed}`, profile, trigger, workflow, data, settings, events }
}

// Random runs: a workflow, an event, and what stands around them, all from one seed. Every module of a profile comes in turn; nothing is checked
// here, for MISP runs strange workflows, too.
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { ModuleDefinition, ParamDefinition } from '../../src/contract/modules.ts'
import type { RunOptionsInput } from '../../src/contract/operations.ts'
import { modulesOf } from '../../src/engine/modules/table.ts'
import { profileIds } from '../../src/engine/profiles/profiles.ts'
import type { ProfileId } from '../../src/engine/profiles/profiles.ts'
import { seeded } from '../attack/scale.ts'
import { workflowOf } from '../unit/host/samples.ts'

export interface RandomRun {
  readonly seed: number
  readonly profile: ProfileId
  readonly workflow: JsonMap
  readonly data: Json
  readonly options: RunOptionsInput
}

/** Modules that are executed in a profile; `own`: ids of custom ones, by type. */
export function executables(profile: ProfileId): readonly ModuleDefinition[] {
  const { modules_logic: logic, modules_action: actions } = modulesOf(profile).list()
  return [...logic, ...actions]
}

export interface OwnModule {
  readonly type: 'action' | 'logic'
  readonly id: string
}

const tagNames = [
  'tlp:red',
  'tlp:green',
  'admiralty-scale:source-reliability="a"',
  'misp-galaxy:country="france"',
  'new tag',
  'TLP:AMBER'
]
const values = [
  '198.51.100.7',
  'evil.example.org',
  'http://evil.example.org/x',
  'a@example.org',
  'd41d8cd98f00b204e9800998ecf8427e',
  'example.com'
]
const types = ['ip-dst', 'domain', 'url', 'email-src', 'md5', 'hostname', 'comment']
const paths = [
  ...[
    'Event.info',
    'Event._AttributeFlattened.{n}.value',
    'Event._AttributeFlattened.{n}',
    'Event.Tag.{n}.name',
    'Event.nothing'
  ],
  ...['Event.Attribute.{n}[to_ids=1].type', 'Event.Orgc.name', '{n}.enrichment.{n}.country']
]
const templates = [
  ...[
    '{{ Event.info }}',
    'plain',
    '{% for a in Event._AttributeFlattened %}{{ a.value|upper }},{% endfor %}',
    '{{ 1/0 }}'
  ],
  ...['{{ Event._AttributeFlattened|length }} of {{ Event.id }}', '{{ nothing.at.all }}', '{% raw %}{{}}{% endraw %}']
]

/** Random numbers with what is asked of them often. */
class Dice {
  readonly next: () => number
  constructor(seed: number) {
    this.next = seeded(seed)
  }
  below(n: number): number {
    return Math.floor(this.next() * n)
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }
  some<T>(list: readonly T[], most = 3): T[] {
    return Array.from({ length: this.below(most + 1) }, () => this.pick(list))
  }
  chance(part: number): boolean {
    return this.next() < part
  }
}

const optionsOf = ({ options }: ParamDefinition): readonly Json[] => {
  if (Array.isArray(options)) return options as readonly Json[]
  return typeof options === 'object' && options !== null ? Object.keys(options) : []
}

/** By the ids that MISP's modules give their parameters. */
const byName: readonly (readonly [RegExp, (dice: Dice) => Json])[] = [
  [/^tags?$/, (dice) => dice.some(tagNames)],
  [/^clusters$/, (dice) => dice.some(['misp-galaxy:country="france"'], 1)],
  [/^modules?$/, (dice) => dice.some(['dns', 'geoip_country', 'our_own'], 2)],
  [/^warninglists?$/, (dice) => dice.pick<Json>(['ALL', ['ALL'], ['Public DNS'], '2', ['nothing']])],
  [/^recipients$/, (dice) => dice.pick<Json>([['All admins'], ['All accounts'], ['user@example.org'], ['Org admins']])],
  [/url/, (dice) => dice.pick(['http://hook.example.org/x', 'https://hook.example.org/{{ Event.id }}', 'ftp://x'])],
  [/path|selector/, (dice) => dice.pick(paths)],
  [/payload|json/, (dice) => dice.pick(['{"a": 1}', '{"info": "{{ Event.info }}"}', 'no json', ''])],
  [/method/, (dice) => dice.pick(['post', 'get', 'put', 'delete'])],
  [
    /operator|condition/,
    (dice) => dice.pick(['in', 'not_in', 'equals', 'not_equals', 'in_or', 'in_and', 'any_value', 'exists'])
  ],
  [
    /^value(_list)?$/,
    (dice) => dice.pick<Json>(['1', 'tlp:red', ['ip-dst', 'domain'], values[0] as string, '2024-01-01'])
  ],
  [/header|token|key/, (dice) => dice.pick(['Authorization: abcdefghij', 'secret-value-1', ''])],
  [/models?$/, (dice) => dice.pick<Json>(['1', ['1', '2'], []])],
  [/label/, (dice) => dice.pick(['A', 'B', 'all'])]
]

function valueOf(dice: Dice, param: ParamDefinition): Json {
  if (param['default'] !== undefined && dice.chance(0.15)) return param['default'] as Json
  const options = optionsOf(param)
  if (options.length > 0 && dice.chance(0.8)) {
    const keys = options.map(
      (one): Json => (typeof one === 'object' && one !== null ? ((one as JsonMap)['value'] ?? one) : one) as Json
    )
    return param['multiple'] === true ? dice.some(keys) : dice.pick(keys)
  }
  const found = byName.find(([name]) => name.test(param.id))
  if (found && dice.chance(0.9)) return found[1](dice)
  if (param.type === 'checkbox') return dice.chance(0.5)
  return dice.pick<Json>([dice.pick(templates), dice.pick(values), dice.pick(paths), '', '3'])
}

const filtersOf = (dice: Dice): JsonMap =>
  dice.pick<JsonMap>([
    { selector: 'Event._AttributeFlattened.{n}', path: 'type', operator: 'in', value: dice.pick(types) },
    { selector: 'Event._AttributeFlattened.{n}', path: 'Tag.{n}.name', operator: 'in_or', value: dice.pick(tagNames) },
    { selector: 'Event._AttributeFlattened.{n}', path: 'to_ids', operator: 'equals', value: '1' }
  ])

interface Placed {
  readonly type: 'action' | 'logic'
  readonly module: string
  readonly params: JsonMap
  readonly filters: JsonMap | null
}

function place(dice: Dice, { module_type: type, id, params, support_filters: filters }: ModuleDefinition): Placed {
  return {
    type: type as Placed['type'],
    module: id,
    params: Object.fromEntries(params.map((param) => [param.id, valueOf(dice, param)])),
    filters: filters && dice.chance(0.3) ? filtersOf(dice) : null
  }
}

/** A tree of nodes below a trigger, each at an output of an earlier one; some have two ways in. */
function graph(dice: Dice, trigger: string, nodes: readonly Placed[], row: JsonMap): JsonMap {
  const to = new Map<number, { [output: string]: number[] }>()
  const connect = (from: number, node: number, isLogic: boolean): void => {
    const outputs = to.get(from) ?? {}
    to.set(from, outputs)
    const output = isLogic && dice.chance(0.5) ? 'output_2' : 'output_1'
    ;(outputs[output] ??= []).push(node)
  }
  nodes.forEach((_, i) => {
    const node = i + 2
    const parents = dice.chance(0.15) ? 2 : 1
    for (let n = 0; n < parents; n++) {
      const from = 1 + dice.below(i + 1)
      connect(from, node, nodes[from - 2]?.type === 'logic')
    }
  })
  const specs: Parameters<typeof workflowOf>[0] = Object.fromEntries([
    [1, { type: 'trigger', module: trigger, to: to.get(1) ?? {} }],
    ...nodes.map(({ type, module, params }, i) => [i + 2, { type, module, params, to: to.get(i + 2) ?? {} }] as const)
  ])
  const made = workflowOf(specs, String(row['name'])) as { readonly Workflow: JsonMap }
  const data = { ...(made.Workflow['data'] as JsonMap) }
  nodes.forEach(({ filters }, i) => {
    const node = data[String(i + 2)] as JsonMap
    if (filters)
      data[String(i + 2)] = { ...node, data: { ...(node['data'] as JsonMap), saved_filters: savedFilters(filters) } }
  })
  return { Workflow: { ...made.Workflow, ...row, trigger_id: trigger, data } }
}

const savedFilters = (filters: JsonMap): JsonMap => filters

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

function tagsOf(dice: Dice, ids: boolean): Json[] {
  return dice.some(tagNames).map((name, i): Json => ({
    ...(ids ? { id: String(i + 1) } : {}),
    name,
    colour: '#ff0000',
    exportable: true,
    local: dice.chance(0.2)
  }))
}

function attributeOf(dice: Dice, id: number, event: string, object: string): JsonMap {
  return {
    ...{ id: String(id), event_id: event, object_id: object, uuid: uuid(Number(event) * 1000 + id) },
    ...{
      type: dice.pick(types),
      category: 'Network activity',
      value: `${dice.pick(values)}${dice.chance(0.5) ? id : ''}`
    },
    ...{
      to_ids: dice.chance(0.7),
      comment: dice.pick(['', 'a comment']),
      distribution: '5',
      deleted: false,
      timestamp: '1700000000'
    },
    ...{ Tag: tagsOf(dice, dice.chance(0.7)) }
  }
}

/** An event in core format. */
function randomEvent(dice: Dice, id: number): JsonMap {
  const event = String(id)
  const attributes = Array.from({ length: dice.below(7) }, (_, i) => attributeOf(dice, i + 1, event, '0'))
  const objects = Array.from({ length: dice.below(3) }, (_, i) => ({
    ...{
      id: String(i + 1),
      name: 'file',
      'meta-category': 'file',
      event_id: event,
      uuid: uuid(id * 1000 + 500 + i),
      distribution: '5'
    },
    Attribute: [attributeOf(dice, 100 + i, event, String(i + 1))]
  }))
  const organisation = { id: '1', name: 'ORGNAME', uuid: uuid(9), local: true }
  return {
    Event: {
      ...{
        id: event,
        uuid: uuid(id),
        info: dice.pick(['sample', 'a red event', 'Ünicode “info”']),
        published: dice.chance(0.5)
      },
      ...{
        distribution: '1',
        threat_level_id: '2',
        analysis: '0',
        orgc_id: '1',
        org_id: '1',
        date: '2024-10-20',
        timestamp: '1700000000'
      },
      ...{ Orgc: organisation, Org: organisation, Attribute: attributes, Object: objects, Tag: tagsOf(dice, true) },
      ...(dice.chance(0.3) ? { Galaxy: [] } : {})
    }
  }
}

const roles: readonly JsonMap[] = [
  { Role: { id: '1', name: 'admin', perm_site_admin: true, perm_admin: true } },
  { Role: { id: '3', name: 'User', perm_site_admin: false, perm_admin: false } }
]
const users: readonly JsonMap[] = [
  { User: { id: '1', email: 'admin@admin.test', role_id: '1', org_id: '1', disabled: false } },
  { User: { id: '2', email: 'user@example.org', role_id: '3', org_id: '2', disabled: false, gpgkey: 'x' } },
  { User: { id: '3', email: 'other@example.org', role_id: '3', org_id: '1', disabled: true } }
]
const parts: { readonly [part: string]: Json } = {
  tags: tagNames
    .slice(0, 4)
    .map((name, i) => ({ Tag: { id: String(40 + i), name, colour: '#00ff00', exportable: i !== 1 } })),
  organisations: [
    { Organisation: { id: '1', name: 'ORGNAME', uuid: uuid(9), local: true } },
    { Organisation: { id: '2', name: 'Other', uuid: uuid(10), local: false } }
  ],
  roles,
  users,
  sharing_groups: [{ SharingGroup: { id: '1', name: 'Group' } }],
  galaxies: [{ Galaxy: { id: '5', name: 'Country', type: 'country' } }],
  galaxy_clusters: [
    {
      GalaxyCluster: {
        id: '50',
        galaxy_id: '5',
        type: 'country',
        value: 'france',
        tag_name: 'misp-galaxy:country="france"',
        description: 'x'
      }
    }
  ],
  warninglists: [
    {
      Warninglist: {
        id: '1',
        name: 'Public DNS',
        type: 'string',
        enabled: true,
        default: true,
        category: 'false_positive',
        list: ['198.51.100.7', '8.8.8.8'],
        matching_attributes: ['ip-dst', 'ip-src']
      }
    },
    {
      Warninglist: {
        id: '2',
        name: 'Ours',
        type: 'hostname',
        enabled: true,
        default: false,
        list: ['example.org'],
        matching_attributes: ['domain', 'hostname', 'url']
      }
    },
    {
      Warninglist: {
        id: '3',
        name: 'Odd',
        type: 'regex',
        enabled: true,
        default: true,
        list: ['/^evil\\..*/i', '/(/'],
        matching_attributes: ['ALL']
      }
    },
    {
      Warninglist: {
        id: '4',
        name: 'Nets',
        type: 'cidr',
        enabled: true,
        default: true,
        list: ['198.51.0.0/16', '2001:db8::/32'],
        matching_attributes: ['ip-dst']
      }
    },
    { Warninglist: { id: '5', name: 'Off', type: 'substring', enabled: false, default: true, list: ['e'] } }
  ],
  decaying_models: [
    {
      DecayingModel: {
        id: '1',
        name: 'NIDS',
        formula: 'polynomial',
        parameters: { lifetime: 120, decay_speed: 2, threshold: 30, default_base_score: 80, base_score_config: {} },
        attribute_types: ['ip-dst']
      }
    }
  ],
  event_blocklists: [{ EventBlocklist: { id: '3', event_uuid: uuid(8) } }]
}

function randomWorld(dice: Dice, data: JsonMap): JsonMap | undefined {
  if (dice.chance(0.25)) return undefined
  const names = Object.keys(parts).filter(() => dice.chance(0.6))
  const events = dice.chance(0.5)
    ? [randomEvent(dice, 3), ...(dice.chance(0.6) ? [data] : []), randomEvent(dice, 9)]
    : null
  return { ...Object.fromEntries(names.map((name) => [name, parts[name] as Json])), ...(events ? { events } : {}) }
}

const mocksFor = (dice: Dice): JsonMap =>
  dice.pick<JsonMap>([
    {},
    { webhook: { status: 500, body: 'no' }, 'attach-enrichment': { results: [{ types: ['text'], values: ['FR'] }] } },
    {
      webhook: [{ status: 200, body: '{"a": 1}' }, { failure: 'timeout' }],
      'enrich-event': { results: { Attribute: [{ type: 'domain', value: 'new.example.org' }] } }
    },
    { 'attach-enrichment': { delayMs: 30, results: { Attribute: [] } }, '3': { failure: 'refused', message: 'no' } }
  ])

const settingsFor = (dice: Dice): JsonMap => ({
  ...(dice.chance(0.3)
    ? { 'Plugin.Enrichment_dns_nameserver': '8.8.8.8', 'Plugin.Enrichment_our_own_api_key': 'very-secret-key' }
    : {}),
  ...(dice.chance(0.2) ? { 'MISP.warning_for_all': true } : {}),
  ...(dice.chance(0.1) ? { 'MISP.host_org_id': null } : {}),
  ...(dice.chance(0.1) ? { 'Plugin.Enrichment_services_enable': false } : {}),
  ...(dice.chance(0.1) ? { 'MISP.disable_emailing': true } : {}),
  ...(dice.chance(0.1) ? { enabled_modules: ['tag-if', 'webhook', 'tag_operation', 'concurrent-task'] } : {}),
  ...(dice.chance(0.3) ? { 'Plugin.Workflow_debug_url': 'http://user:pass-word@127.0.0.1:27051/s/abc' } : {})
})

const ownService: Json = {
  ...{
    name: 'our_own',
    type: ['expansion', 'hover'],
    mispattributes: { input: types, output: ['text'], format: 'misp_standard' }
  },
  meta: { 'module-type': ['expansion', 'hover'], config: ['api_key'], description: 'ours' }
}

/** The workflows that actions of a run may fire, as a workspace holds them. */
export function firedWorkflows(seed: number): readonly JsonMap[] {
  const dice = new Dice(seed)
  const known = new Map(executables('2.5.1').map((one) => [one.id, one]))
  const some = (ids: readonly string[]): Placed[] =>
    ids.flatMap((id) => (known.has(id) ? [place(dice, known.get(id) as ModuleDefinition)] : []))
  const uuidOf = (n: number): JsonMap => ({ uuid: uuid(n), debug_enabled: n % 2 === 0 })
  return [
    graph(dice, 'event-after-save', some(['tag-if', 'webhook', 'push-zmq']), {
      name: 'fired by events',
      ...uuidOf(70)
    }),
    graph(dice, 'attribute-after-save', some(['webhook', 'send-mail']), { name: 'fired by attributes', ...uuidOf(71) })
  ]
}

/** The `turn`-th module is in the workflow for certain. */
export function randomRun(seed: number, turn: number, own: readonly OwnModule[] = []): RandomRun {
  const dice = new Dice(seed)
  const profile = profileIds[turn % profileIds.length] as ProfileId
  const all = executables(profile)
  const certain = all[Math.floor(turn / profileIds.length) % all.length] as ModuleDefinition
  const nodes = [place(dice, certain), ...Array.from({ length: 1 + dice.below(6) }, () => place(dice, dice.pick(all)))]
  if (own.length > 0 && dice.chance(0.4)) {
    const { type, id } = dice.pick(own)
    nodes.splice(dice.below(2), 0, {
      type,
      module: id,
      params: { url: 'http://own.example.org/{{ Event.id }}' },
      filters: null
    })
  }
  const trigger = dice.chance(0.8)
    ? 'event-publish'
    : dice.pick(['event-after-save', 'event-before-save', 'attribute-after-save', 'enrichment-before-query'])
  const data = randomEvent(dice, 7)
  const world = randomWorld(dice, data)
  const withService = world !== undefined && dice.chance(0.4)
  const options = {
    profile,
    settings: settingsFor(dice),
    mocks: mocksFor(dice),
    ...(world ? { world: { ...world, ...(withService ? { service_modules: [ownService] } : {}) } } : {}),
    ...(dice.chance(0.5) ? { cascade: 1 + dice.below(2) } : {}),
    ...(dice.chance(0.3) ? { now: '2024-11-02T03:04:05Z' } : {}),
    ...(dice.chance(0.2) ? { crash: true } : {}),
    ...(dice.chance(0.2) ? { mispDefaults: true } : {}),
    ...(dice.chance(0.3) ? { effects: { policy: 'recorded' } } : {}),
    ...(dice.chance(0.1) ? { pins: { 3: { success: dice.chance(0.5), errors: ['pinned'] } } } : {}),
    ...(dice.chance(0.1) ? { as: 'event-publish' } : {})
  } as RunOptionsInput
  const row = {
    name: `random ${seed}`,
    debug_enabled: dice.chance(0.6),
    uuid: uuid(60),
    ...(dice.chance(0.5) ? {} : { id: '12' })
  }
  return { seed, profile, workflow: graph(dice, trigger, nodes, row), data, options }
}

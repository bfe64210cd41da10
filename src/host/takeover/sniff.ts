// What a saved answer of MISP's API is, told by its shape: nobody has to say which URL it came from. Also files of MISP's public repositories
// (warninglists, galaxies, taxonomies) and of Retrace's own world folders.
import type { Json, JsonMap } from '../../contract/json.ts'
import { append } from '../../contract/lists.ts'
import { isMispSetting } from '../../contract/misp-settings.ts'
import { tracesOfLists, type Trace } from '../../engine/check/recognise.ts'
import { entryFromDefinition } from '../../engine/modules/service/definition.ts'
import { isMap } from '../../engine/php/values.ts'
import { kindOf } from '../../engine/run/given/kinds.ts'

export type Sniffed =
  | { readonly to: 'workflows'; readonly kind: string; readonly workflow: JsonMap; readonly name: string }
  | { readonly to: 'data'; readonly kind: string; readonly name: string; readonly value: Json; readonly count: number }
  | { readonly to: 'world'; readonly kind: string; readonly part: string; readonly rows: readonly JsonMap[] }
  /** What it says of the MISP that answered: its version, or what its lists have and lack. */
  | {
      readonly to: 'version'
      readonly kind: string
      readonly version: string | null
      readonly traces: readonly Trace[]
    }
  /** MISP's own, but nothing that can be kept: why, and what to bring instead. */
  | { readonly to: 'nothing'; readonly kind: string; readonly name: string; readonly note: string }
  /** As they came: names are not checked yet. */
  | { readonly to: 'settings'; readonly kind: string; readonly settings: JsonMap }

const maps = (value: Json | undefined): JsonMap[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter((item): item is JsonMap => isMap(item)) : []
const mapOf = (value: Json | undefined): JsonMap | null => (isMap(value ?? null) ? (value as JsonMap) : null)
const text = (value: Json | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

/** Model name of MISP's rows and the part of the world that they are. */
const models: readonly (readonly [model: string, part: string, plural: string])[] = [
  ['Organisation', 'organisations', 'organisations'],
  ['User', 'users', 'users'],
  ['Role', 'roles', 'roles'],
  ['Tag', 'tags', 'tags'],
  ['SharingGroup', 'sharing_groups', 'sharing groups'],
  ['Warninglist', 'warninglists', 'warninglists'],
  ['GalaxyCluster', 'galaxy_clusters', 'galaxy clusters'],
  ['Galaxy', 'galaxies', 'galaxies'],
  ['DecayingModel', 'decaying_models', 'decaying models'],
  ['ThreatLevel', 'threat_levels', 'threat levels']
]

/** A row without what MISP puts beside it, which its readers keep. */
function rowOf(row: JsonMap, model: string): JsonMap {
  const inner = mapOf(row[model])
  if (!inner) return row
  const { [model]: _inner, ...siblings } = row
  return { ...siblings, ...inner }
}

/** Everything that the value holds; empty when it is nothing that MISP answers. */
export function sniff(value: Json, name: string): readonly Sniffed[] {
  if (Array.isArray(value)) return sniffList(value as readonly Json[], name)
  if (!isMap(value)) return []
  return sniffMap(value as JsonMap, name)
}

/** What triggers get, without its model's name around it. Rows of tags, users and posts are of the world. */
function givenKind(value: JsonMap): string | null {
  const kind = kindOf(value)?.kind
  return kind === undefined || ['tag', 'user', 'post', 'log entry', 'analyst data'].includes(kind) ? null : kind
}

/** What MISP's API answers in place of what was asked for. */
const isRefusal = (value: JsonMap): boolean =>
  ['name', 'message', 'url'].every((key) => typeof value[key] === 'string') && Object.keys(value).length <= 4

function sniffMap(value: JsonMap, name: string): readonly Sniffed[] {
  const workflow = workflowOf(value)
  if (workflow) return [workflow]
  if (mapOf(value['Event']) || Array.isArray(value['Event']))
    return [{ to: 'data', kind: 'event', name, value, count: 1 }]
  const thing = givenKind(value)
  if (thing) return [{ to: 'data', kind: thing, name, value, count: 1 }]
  if (isRefusal(value))
    return [{ to: 'nothing', kind: 'error', name, note: `MISP answered with an error: ${text(value['message'])}` }]
  const response = value['response']
  if (response !== undefined) return sniffResponse(response, value, name)
  const finalSettings = maps(value['finalSettings'])
  if (finalSettings.length > 0) return [settingsOf(finalSettings), ...versionOf(mapOf(value['version'])?.['current'])]
  if ('perm_sync' in value || 'pymisp_recommended_version' in value) {
    const version = versionOf(value['version'])
    if (version.length > 0) return version
  }
  if (typeof value['setting'] === 'string' && 'value' in value) return [settingsOf([value])]
  if (Array.isArray(value['Warninglists'])) return rowsOf(maps(value['Warninglists']), 'Warninglist')
  if (typeof value['namespace'] === 'string' && Array.isArray(value['predicates'])) return [taxonomyFile(value)]
  if (mapOf(value['Taxonomy']) && Array.isArray(value['entries'])) return [taxonomyAnswer(value)]
  if (Array.isArray(value['list']) && typeof value['name'] === 'string') {
    return [{ to: 'world', kind: 'warninglist', part: 'warninglists', rows: [officialList(value)] }]
  }
  if (Array.isArray(value['values']) && typeof value['type'] === 'string') return [clusterFile(value)]
  for (const [model] of models) if (value[model] !== undefined) return ofModel(value, model)
  return plainSettings(value)
}

/** `{Tag: [...]}`, `{User: {...}, Role: {...}}`, `{Galaxy: {...}, GalaxyCluster: [...]}`. */
function ofModel(value: JsonMap, model: string): readonly Sniffed[] {
  const galaxy = mapOf(value['Galaxy'])
  if (galaxy && Array.isArray(value['GalaxyCluster'])) {
    return [...rowsOf([galaxy], 'Galaxy'), ...rowsOf(maps(value['GalaxyCluster']), 'GalaxyCluster')]
  }
  if (Array.isArray(value[model])) return rowsOf(maps(value[model]), model)
  if (model !== 'User') return rowsOf([value], model)
  return withSiblings([value])
}

/** Users bring their roles and organisations along. */
function withSiblings(rows: readonly JsonMap[]): readonly Sniffed[] {
  const users = rows.map((row) => rowOf({ User: row['User'] ?? null }, 'User'))
  const beside = (model: string): JsonMap[] =>
    maps(rows.map((row) => row[model] ?? null) as Json).filter((row) => text(row['id']) !== '')
  return [
    ...rowsOf(users.map(withoutSecrets), 'User'),
    ...rowsOf(beside('Role'), 'Role'),
    ...rowsOf(beside('Organisation'), 'Organisation')
  ].filter((found) => found.to !== 'world' || found.rows.length > 0)
}

/** Keys and passwords of people are nobody's test data. */
function withoutSecrets(user: JsonMap): JsonMap {
  const secret = new Set(['authkey', 'password', 'totp', 'hotp_counter', 'sso_data', 'confirm_password'])
  return Object.fromEntries(Object.entries(user).filter(([column]) => !secret.has(column)))
}

function rowsOf(rows: readonly JsonMap[], model: string): readonly Sniffed[] {
  const known = models.find(([name]) => name === model)
  if (!known) return []
  const [, part, kind] = known
  return [{ to: 'world', kind, part, rows: unique(rows.map((row) => rowOf(row, model))) }]
}

function unique(rows: readonly JsonMap[]): readonly JsonMap[] {
  const seen = new Map<string, JsonMap>()
  rows.forEach((row, i) => seen.set(text(row['id']) || text(row['uuid']) || `#${i}`, row))
  return [...seen.values()]
}

function sniffResponse(response: Json, whole: JsonMap, name: string): readonly Sniffed[] {
  const list = maps(response)
  if (list.some((item) => mapOf(item['Event']))) {
    return [{ to: 'data', kind: 'events', name, value: whole, count: list.length }]
  }
  if (list.length > 0) return sniffList(list, name)
  const inner = mapOf(response)
  if (!inner) return []
  const attributes = inner['Attribute'] ?? inner['Object']
  if (Array.isArray(attributes))
    return [{ to: 'data', kind: 'attributes', name, value: whole, count: attributes.length }]
  return sniffMap(inner, name)
}

function sniffList(values: readonly Json[], name: string): readonly Sniffed[] {
  const list = maps(values as Json)
  const [first] = list
  if (!first) return []
  if (list.some((item) => mapOf(item['Event']) && !item['Workflow'])) {
    return [{ to: 'data', kind: 'events', name, value: values as Json, count: list.length }]
  }
  const thing = givenKind(first)
  if (thing) return [{ to: 'data', kind: `${thing}s`, name, value: values as Json, count: list.length }]
  if ('module_type' in first) return moduleList(list)
  if (mapOf(first['meta']) && 'mispattributes' in first) {
    return [{ to: 'world', kind: 'modules of the service', part: 'service_modules', rows: list }]
  }
  if (typeof first['setting'] === 'string' && 'value' in first) return [settingsOf(list)]
  const workflows = list.flatMap((item) => workflowOf(item) ?? [])
  if (workflows.length > 0) return workflows
  if (mapOf(first['Workflow'])) return [indexOfWorkflows(list, name)]
  if (mapOf(first['User'])) return withSiblings(list)
  for (const [model] of models) if (first[model] !== undefined) return rowsOf(list, model)
  return bareRows(list)
}

/** MISP's list of workflows has none of their nodes. */
function indexOfWorkflows(list: readonly JsonMap[], name: string): Sniffed {
  const urls = list.map((item) => `/workflows/view/${text(mapOf(item['Workflow'])?.['id']) || 'ID'}.json`)
  const more = urls.length > mostUrls ? ', …' : ''
  const note = `This list has no nodes. Save each workflow by its own URL: ${urls.slice(0, mostUrls).join(', ')}${more}`
  return { to: 'nothing', kind: 'list of workflows', name, note }
}
const mostUrls = 10

/** Rows without their model's name around them, by columns that only one model has. */
function bareRows(list: readonly JsonMap[]): readonly Sniffed[] {
  const has = (...columns: string[]): boolean => columns.every((column) => column in (list[0] as JsonMap))
  if (has('email', 'org_id')) return rowsOf(list.map(withoutSecrets), 'User')
  if (has('perm_site_admin')) return rowsOf(list, 'Role')
  if (has('name', 'colour')) return rowsOf(list, 'Tag')
  if (has('tag_name', 'galaxy_id')) return rowsOf(list, 'GalaxyCluster')
  if (has('name', 'type', 'list') || has('name', 'type', 'entries')) return rowsOf(list, 'Warninglist')
  if (has('releasability') || has('name', 'org_id', 'active')) return rowsOf(list, 'SharingGroup')
  if (has('parameters', 'attribute_types')) return rowsOf(list, 'DecayingModel')
  if (has('name', 'uuid', 'local')) return rowsOf(list, 'Organisation')
  return []
}

/** A workflow needs its nodes; a list of workflows without them is of no use here. */
function workflowOf(value: JsonMap): Extract<Sniffed, { to: 'workflows' }> | null {
  const inner = mapOf(value['Workflow'])
  if (!inner || typeof inner['data'] !== 'object' || inner['data'] === null || Object.keys(inner['data']).length === 0)
    return null
  const workflow = { Workflow: inner }
  return {
    to: 'workflows',
    kind: 'workflow',
    workflow,
    name: text(inner['name']) || text(inner['trigger_id']) || 'workflow'
  }
}

/** /workflows/triggers and /workflows/moduleIndex: what is enabled, and which modules the service adds. */
function moduleList(list: readonly JsonMap[]): readonly Sniffed[] {
  const triggers = list.filter((module) => module['module_type'] === 'trigger')
  const others = list.filter((module) => module['module_type'] !== 'trigger')
  const enabled = (rows: readonly JsonMap[]): Json =>
    rows.filter((row) => row['disabled'] !== true).map((row) => text(row['id']))
  const found: Sniffed[] = []
  if (triggers.length > 0)
    found.push({ to: 'settings', kind: 'triggers', settings: { enabled_triggers: enabled(triggers) } })
  if (others.length > 0) found.push({ to: 'settings', kind: 'modules', settings: { enabled_modules: enabled(others) } })
  const service = others.map(entryFromDefinition).filter((entry) => entry !== null)
  if (service.length > 0)
    found.push({ to: 'world', kind: 'modules of the service', part: 'service_modules', rows: service })
  const traces = tracesOfLists(list)
  if (traces.length > 0) found.push({ to: 'version', kind: 'MISP version', version: null, traces })
  return [...found, ...triggers.flatMap((trigger) => workflowOf(trigger) ?? [])]
}

/** What MISP says of itself. */
const versionOf = (given: Json | undefined): readonly Sniffed[] =>
  typeof given === 'string' && /^v?\d{1,2}\.\d{1,3}\.\d{1,4}$/.test(given)
    ? [{ to: 'version', kind: 'MISP version', version: given.replace(/^v/, ''), traces: [] }]
    : []

const secretSetting = /passw|salt|secret|apikey|api_key|authkey|private|token|encryption_key/i

/** Settings by name. Secrets stay where they are. */
function settingsOf(rows: readonly JsonMap[]): Sniffed {
  const entries = rows.flatMap((row): [string, Json][] => {
    const name = text(row['setting'])
    const { value } = row
    const known = value !== undefined && value !== null && row['errorMessage'] !== 'Value not set.'
    return known && name !== '' && !secretSetting.test(name) ? [[name, value]] : []
  })
  return { to: 'settings', kind: 'settings', settings: Object.fromEntries(entries) }
}

function plainSettings(value: JsonMap): readonly Sniffed[] {
  // What else stands there is none of MISP's and is told by who keeps them.
  if (!Object.keys(value).some(isMispSetting)) return []
  const kept = Object.entries(value).filter(([name]) => !secretSetting.test(name))
  return [{ to: 'settings', kind: 'settings', settings: Object.fromEntries(kept) }]
}

/** list.json of the repository of warninglists has no id and is on, or nobody would import it. */
const officialList = (list: JsonMap): JsonMap => ({ enabled: true, ...list })

/** A cluster file of the repository of galaxies. */
function clusterFile(file: JsonMap): Sniffed {
  const type = text(file['type'])
  const rows = maps(file['values']).map((cluster): JsonMap => {
    const value = text(cluster['value'])
    return { ...cluster, type, galaxy_type: type, tag_name: `misp-galaxy:${type}="${value}"` }
  })
  return { to: 'world', kind: 'galaxy clusters', part: 'galaxy_clusters', rows }
}

const tagRow = (name: string, colour: Json | undefined): JsonMap => ({
  ...{ name, colour: typeof colour === 'string' ? colour : '#0088cc' },
  ...{ exportable: '1', is_galaxy: '0', local_only: '0' }
})

/** machinetag.json of the repository of taxonomies: its tags. */
function taxonomyFile(file: JsonMap): Sniffed {
  const space = text(file['namespace'])
  const entriesOf = new Map<string, JsonMap[]>()
  for (const entry of maps(file['values'])) {
    const { predicate } = entry
    if (typeof predicate !== 'string') continue
    const known = entriesOf.get(predicate) ?? []
    append(known, maps(entry['entry']))
    entriesOf.set(predicate, known)
  }
  // A predicate that is listed again has no other tags.
  const predicates = new Map(maps(file['predicates']).map((predicate) => [text(predicate['value']), predicate]))
  const rows = [...predicates].flatMap(([name, predicate]): JsonMap[] => {
    const entries = entriesOf.get(name) ?? []
    if (entries.length === 0) return [tagRow(`${space}:${name}`, predicate['colour'])]
    return entries.map((entry) => tagRow(`${space}:${name}="${text(entry['value'])}"`, entry['colour']))
  })
  return { to: 'world', kind: `tags of the taxonomy ${space}`, part: 'tags', rows }
}

/** /taxonomies/view: tags that the instance has. */
function taxonomyAnswer(value: JsonMap): Sniffed {
  const rows = maps(value['entries']).flatMap((entry): JsonMap[] => {
    const existing = mapOf(entry['existing_tag'])
    const tag = existing && (mapOf(existing['Tag']) ?? existing)
    return tag && text(tag['name']) !== '' ? [tag] : []
  })
  return {
    to: 'world',
    kind: `tags of the taxonomy ${text(mapOf(value['Taxonomy'])?.['namespace'])}`,
    part: 'tags',
    rows
  }
}

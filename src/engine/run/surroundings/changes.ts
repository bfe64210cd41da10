// What became another thing since a run: of all that the run depended on, what a run in today's surroundings finds otherwise. In sentences.
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import { mask } from '../../../contract/mask.ts'
import type { RecordedWorld, Surroundings } from '../../../contract/surroundings.ts'
import { idText } from '../../php/cast.ts'
import { at, isMap } from '../../php/values.ts'
import type { WorldData } from '../../world/world.ts'

/** More are only counted. */
const most = 50
const longest = 80

const short = (value: Json | undefined): string => {
  if (value === undefined || value === null) return 'nothing'
  const text = typeof value === 'string' ? `“${value}”` : JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

const isSame = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))

/** @param today the world that the later run had, undefined where there was none */
export function changesSince(before: Surroundings, now: Surroundings, today: WorldData | undefined): readonly string[] {
  const found = [
    ...settingChanges(before, now),
    ...listChanges('trigger', before.input.enabledTriggers, now.input.enabledTriggers),
    ...listChanges('module', before.input.enabledModules, now.input.enabledModules),
    ...moduleChanges(before, now),
    ...worldChanges(before.world, today ?? {})
  ]
  return found.length > most ? [...found.slice(0, most), `${found.length - most} more changes.`] : found
}

function settingChanges(before: Surroundings, now: Surroundings): string[] {
  const names = new Set([...Object.keys(before.settings), ...Object.keys(now.settings)])
  return [...names].flatMap((name) => {
    const [was, is] = [before.settings[name], now.settings[name]]
    return isSame(was, is) || was === mask || is === mask
      ? []
      : [`Setting ${name} was ${short(was)}, and is ${short(is)}.`]
  })
}

function listChanges(what: string, was: readonly string[] | undefined, is: readonly string[] | undefined): string[] {
  if (was === undefined && is === undefined) return []
  if (was === undefined || is === undefined)
    return [`Every ${what} was ${was === undefined ? 'enabled; now some are not' : 'not enabled; now all are'}.`]
  const off = was.filter((id) => !is.includes(id)).map((id) => `The ${what} ${id} is not enabled any more.`)
  return [...off, ...is.filter((id) => !was.includes(id)).map((id) => `The ${what} ${id} is enabled now.`)]
}

function moduleChanges(before: Surroundings, now: Surroundings): string[] {
  const sources = new Map(now.modules.map(({ definition, source }) => [definition.id, source]))
  const custom = before.modules.flatMap(({ definition: { id }, source }) => {
    if (source === null) return []
    if (!sources.has(id)) return [`The custom module ${id} is not there, or not switched on.`]
    return sources.get(id) === source ? [] : [`The custom module ${id} has another text.`]
  })
  const versions = Object.entries(before.versions).flatMap(([module, was]) => {
    const is = now.versions[module]
    const id = module.slice(module.indexOf(' ') + 1)
    return is === undefined || is === was ? [] : [`Module ${id} was version ${was}, and is ${is}.`]
  })
  return [...custom, ...versions]
}

const inner = (row: Json, name: string): JsonMap | null => {
  const found = at(row, name) ?? row
  return isMap(found) ? found : null
}

const models: { readonly [part: string]: string } = {
  ...{ organisations: 'Organisation', users: 'User', roles: 'Role', tags: 'Tag', sharing_groups: 'SharingGroup' },
  ...{ galaxies: 'Galaxy', galaxy_clusters: 'GalaxyCluster', warninglists: 'Warninglist', threads: 'Thread' },
  ...{ decaying_models: 'DecayingModel', event_blocklists: 'EventBlocklist', events: 'Event' }
}

/** A part's rows by id; null where the world does not have the part. */
function rowsById(world: WorldData, part: string): ReadonlyMap<string, JsonMap> | null {
  const rows = world[part]
  if (!Array.isArray(rows)) return null
  const found = (rows as readonly Json[]).map((row) => inner(row, models[part] ?? part))
  return new Map(found.filter((row) => row !== null).map((row) => [idText(row['id']), row]))
}

const labelOf = (part: string, row: JsonMap): string => {
  const name = row['name'] ?? row['info'] ?? row['email'] ?? row['value'] ?? row['uuid']
  const kind = (models[part] ?? part).replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return `${kind} ${idText(row['id'])}${name === undefined || name === null ? '' : ` (${plainText(name as string).slice(0, longest)})`}`
}

function worldChanges(recorded: RecordedWorld, today: WorldData): string[] {
  const parts = { ...recorded.parts, ...(recorded.tags && today['tags'] !== undefined ? { tags: recorded.tags } : {}) }
  return Object.entries(parts).flatMap(([part, rows]) => {
    const is = rowsById(today, part)
    if (is === null) return [`World has no ${part.replaceAll('_', ' ')} any more.`]
    return [...rows.flatMap((row) => rowChanges(part, row, is)), ...foundNow(part, recorded.misses[part] ?? [], is)]
  })
}

/** Of an event the columns; what lies below it is compared by the steps that use it. */
function rowChanges(part: string, recorded: Json, today: ReadonlyMap<string, JsonMap>): string[] {
  const was = inner(recorded, models[part] ?? part)
  if (was === null) return []
  const is = today.get(idText(was['id']))
  const label = labelOf(part, was)
  if (is === undefined) return [`World has no ${label} any more.`]
  return Object.keys(was).flatMap((column) => {
    const value = was[column]
    // What hangs below a row is compared by the steps that use it; a number may be a text in another answer of MISP.
    if (!Object.hasOwn(is, column) || (typeof value === 'object' && value !== null)) return []
    if (String(value) === String(is[column])) return []
    return [`The ${column} of ${label} was ${short(value)}, and is ${short(is[column])}.`]
  })
}

/** Look-ups that found nothing then. */
function foundNow(part: string, misses: readonly string[], today: ReadonlyMap<string, JsonMap>): string[] {
  if (misses.length === 0) return []
  const wanted = new Set(misses.map((miss) => miss.toLowerCase()))
  const named = [...today.values()].filter((row) =>
    [row['id'], row['uuid'], row['name'], row['tag_name']].some((key) => wanted.has(idText(key).toLowerCase()))
  )
  return named.map((row) => `World has ${labelOf(part, row)} now; the run looked for it and found nothing.`)
}

// A world out of a folder of JSON files in the shapes of MISP's own API. What a file wraps (`{"response": …}`, `{"Tag": …}` rows) is taken off; a
// part without a file stays absent, so that the engine knows that it is unknown.
import { join, relative } from 'node:path'
import type { Json, JsonMap } from '../../contract/json.ts'
import { CodedError } from '../../contract/errors.ts'
import { isMap } from '../../engine/php/values.ts'
import { isThereSync } from '../store/files.ts'
import { listGiven } from '../store/given-file.ts'
import { pathOf } from '../store/paths.ts'
import { readOwnJson } from '../worker/runs/input.ts'

/** File name, part of the world, and the key under which MISP's API wraps a row or the list. */
const parts = [
  ['organisations', 'Organisation'],
  ['users', 'User'],
  ['roles', 'Role'],
  ['tags', 'Tag'],
  ['sharing_groups', 'SharingGroup'],
  ['warninglists', 'Warninglist'],
  ['galaxies', 'Galaxy'],
  ['galaxy_clusters', 'GalaxyCluster'],
  ['decaying_models', 'DecayingModel'],
  ['threat_levels', 'ThreatLevel'],
  ['service_modules', 'Module']
] as const

export interface WorldFolder {
  readonly world: JsonMap
  /** settings.json, when the folder has one. */
  readonly settings: JsonMap | null
}

/** Throws for a file that cannot be read, unless `problem` takes it: then its part stays absent. */
export async function readWorldFolder(
  folder: string,
  problem?: (part: string, error: unknown) => void
): Promise<WorldFolder> {
  const part = async <T>(name: string, read: Promise<T>): Promise<T | null> =>
    read.catch((error: unknown) => {
      if (!problem) throw error
      problem(name, error)
      return null
    })

  listGiven(folder)
  const world: Record<string, Json> = {}
  for (const [name] of parts) {
    const rows = await part(name, readWorldPart(folder, name))
    if (rows !== null) world[name] = rows
  }
  const events = await part('events', readFolder(join(folder, 'events'), folder))
  if (events)
    world.events = events.flatMap((value) =>
      Array.isArray(value) ? (value as Json[]) : (responseOf(value) ?? [value])
    )
  const lists = await part('warninglists', readWarninglists(join(folder, 'warninglists'), folder))
  if (lists) world.warninglists = [...((world.warninglists as Json[] | undefined) ?? []), ...lists]
  return { world, settings: await part('settings', readSettings(join(folder, 'settings.json'))) }
}

async function readSettings(file: string): Promise<JsonMap | null> {
  if (!isThereSync(file)) return null
  const settings = await readOwnJson(file, 'settings.json')
  if (isMap(settings)) return settings
  throw new CodedError('INPUT_NOT_OBJECT', 'settings.json is not a JSON object.', { file: 'settings.json' })
}

/** One part's rows; null when there is no such file. */
export async function readWorldPart(folder: string, part: string): Promise<Json | null> {
  const file = pathOf(folder, part, '.json')
  const key = parts.find(([name]) => name === part)?.[1] ?? ''
  return isThereSync(file) ? rowsOf(await readOwnJson(file, `${part}.json`), part, key) : null
}

async function readFolder(folder: string, root: string): Promise<Json[] | null> {
  if (!isThereSync(folder)) return null
  const values: Json[] = []
  for (const { name } of listGiven(folder))
    if (name.endsWith('.json')) values.push(await readOwnJson(join(folder, name), relative(root, join(folder, name))))
  return values
}

/** warninglists/<name>/list.json, as in MISP's repository of warninglists. */
async function readWarninglists(folder: string, root: string): Promise<Json[] | null> {
  if (!isThereSync(folder)) return null
  const lists: Json[] = []
  for (const entry of listGiven(folder)) {
    const file = join(folder, entry.name, 'list.json')
    if (entry.isDirectory() && isThereSync(file)) lists.push(await readOwnJson(file, relative(root, file)))
  }
  return lists
}

function responseOf(value: Json): readonly Json[] | null {
  const response = isMap(value) ? value.response : undefined
  return Array.isArray(response) ? (response as readonly Json[]) : null
}

/** Rows out of `[…]`, `{"response": […]}`, `{"Tag": […]}` and rows wrapped one by one, whose siblings are kept beside. */
function rowsOf(value: Json, name: string, key: string): Json {
  const list =
    responseOf(value) ??
    (isMap(value) && Array.isArray(value[key])
      ? (value[key] as Json)
      : isMap(value) && Array.isArray(value[`${key}s`])
        ? (value[`${key}s`] as Json)
        : value)
  if (!Array.isArray(list))
    throw new CodedError('INPUT_WRONG_TYPE', `${name}.json: expected a list of rows.`, { file: `${name}.json` })
  return (list as readonly Json[]).map((row, i) => {
    if (!isMap(row))
      throw new CodedError('INPUT_WRONG_TYPE', `${name}.json at [${i}]: expected an object.`, {
        file: `${name}.json`,
        place: `[${i}]`
      })
    const inner = row[key]
    if (!isMap(inner)) return row
    const { [key]: _inner, ...siblings } = row
    return { ...inner, ...siblings }
  })
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../../contract/errors.ts'
import type { JsonMap } from '../../../contract/json.ts'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import { shippedModules } from '../../../engine/modules/service/shipped.ts'
import { modulesOf, serviceDefinitions } from '../../../engine/modules/table.ts'
import type { AddedModules, Catalog, ModuleTable as VersionModules } from '../../../engine/modules/table.ts'
import { defaultProfile } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { readWorldPart } from '../../ports/world-folder.ts'
import { customDefinitions } from './custom-modules.ts'
import type { Refs } from '../thread/protocol.ts'

/** Those that ship with a version of MISP. */
export function allModules(profile: ProfileId = defaultProfile): readonly ModuleDefinition[] {
  return flat(modulesOf(profile).list())
}

const keyOf = ({ module_type: type, id }: ModuleDefinition): string => `${type} ${id}`

const flat = ({ modules_trigger, modules_logic, modules_action }: Catalog) => [
  ...modules_trigger,
  ...modules_logic,
  ...modules_action
]

/** Throws MODULE_UNKNOWN. */
export function requireModule(id: string, profile: ProfileId, service?: AddedModules): ModuleDefinition {
  const definition = modulesOf(profile).byId(id, service)
  if (definition) return definition
  throw new CodedError('MODULE_UNKNOWN', `MISP ${profile} has no module “${id}”.`, { place: 'moduleId' })
}

export interface ModuleTable {
  /** What ships with MISP. */
  readonly modules: VersionModules
  readonly all: readonly ModuleDefinition[]
  /** Those that MISP does not ship. */
  readonly added: AddedModules
  /** Of the service, as MISP makes nodes of them. */
  readonly service: AddedModules
  /** What GET /modules lists, as it was taken over; else what misp-modules ships. */
  readonly listed: readonly JsonMap[]
  /** Throws MODULE_UNKNOWN. */
  get(id: string): ModuleDefinition
}

/** What MISP's list of modules has: those that ship, those of the misp-modules service that were taken over, and custom ones. */
export async function moduleTable(refs: Refs, profile: ProfileId = defaultProfile): Promise<ModuleTable> {
  const modules = modulesOf(profile)
  const taken = await serviceList(refs)
  const listed = taken ?? shippedModules
  const custom = await customDefinitions(refs)
  const ids = new Set(custom.map(({ id }) => id))
  const service = new Map([...serviceDefinitions(listed)].filter(([id]) => taken !== null || !ids.has(id)))
  // A module of the service replaces a custom action, unless it is only assumed; a custom module the one of MISP's that a node of its kind would get.
  const own = custom.filter((one) => one.module_type !== 'action' || !service.has(one.id))
  const replaced = new Set(own.map(keyOf))
  const all = [...flat(modules.list(undefined, service)).filter((one) => !replaced.has(keyOf(one))), ...own]
  return {
    ...{ modules, all, added: modules.added(all), service, listed },
    get: (id) => all.find((one) => one.id === id) ?? requireModule(id, profile, service)
  }
}

/** Only this part of the world is read: others hold lists of a million entries. */
async function serviceList({ world, worldFolder }: Refs): Promise<readonly JsonMap[] | null> {
  if (world) return Array.isArray(world.service_modules) ? (world.service_modules as readonly JsonMap[]) : null
  if (worldFolder === undefined || !existsSync(join(worldFolder, 'service_modules.json'))) return null
  const rows = await readWorldPart(worldFolder, 'service_modules')
  return Array.isArray(rows) ? (rows as readonly JsonMap[]) : null
}

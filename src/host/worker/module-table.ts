import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import type { JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import { findById, listModules, serviceDefinitions } from '../../engine/modules/table.ts'
import type { AddedModules } from '../../engine/modules/table.ts'
import { readWorldPart } from '../ports/world-folder.ts'
import { customDefinitions } from './custom-modules.ts'
import type { Refs } from './protocol.ts'

/** Those that ship with MISP. */
export function allModules(): readonly ModuleDefinition[] {
  return flat(listModules())
}

const flat = ({ modules_trigger, modules_logic, modules_action }: ReturnType<typeof listModules>) => [
  ...modules_trigger,
  ...modules_logic,
  ...modules_action
]

/** Throws MODULE_UNKNOWN. */
export function requireModule(id: string, service?: AddedModules): ModuleDefinition {
  const definition = findById(id, service)
  if (definition) return definition
  throw new CodedError('MODULE_UNKNOWN', `There is no module "${id}".`, { place: 'moduleId' })
}

export interface ModuleTable {
  readonly all: readonly ModuleDefinition[]
  /** Of the service, as MISP makes nodes of them. */
  readonly service: AddedModules
  /** What GET /modules lists, as it was taken over; null when nobody did. */
  readonly listed: readonly JsonMap[] | null
  /** Throws MODULE_UNKNOWN. */
  get(id: string): ModuleDefinition
}

/** What MISP's list of modules has: those that ship, those of the misp-modules service that were taken over, and custom ones. */
export async function moduleTable(refs: Refs): Promise<ModuleTable> {
  const listed = await serviceList(refs)
  const service = serviceDefinitions(listed)
  const custom = await customDefinitions(refs)
  const replaced = new Set(custom.filter(({ id }) => !service.has(id)).map(({ id }) => id))
  const all = [
    ...flat(listModules(undefined, service)).filter(({ id }) => !replaced.has(id)),
    ...custom.filter(({ id }) => replaced.has(id))
  ]
  return { all, service, listed, get: (id) => all.find((one) => one.id === id) ?? requireModule(id, service) }
}

/** Only this part of the world is read: others hold lists of a million entries. */
async function serviceList({ worldFolder }: Refs): Promise<readonly JsonMap[] | null> {
  if (worldFolder === undefined || !existsSync(join(worldFolder, 'service_modules.json'))) return null
  const rows = await readWorldPart(worldFolder, 'service_modules')
  return Array.isArray(rows) ? (rows as readonly JsonMap[]) : null
}

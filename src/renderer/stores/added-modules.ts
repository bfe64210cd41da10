// The modules that the window shows: those of the MISP that what is shown is treated as, and those that MISP does not ship, as the host
// lists them. Apart from the lists that need the host, so that what is pure can read it.
import { largest } from '../../contract/lists.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import { modulesOf } from '../../engine/modules/table.ts'
import type { AddedModules, ModuleTable } from '../../engine/modules/table.ts'
import { defaultProfile, isProfileId } from '../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../engine/profiles/profiles.ts'

let workspace: ProfileId = defaultProfile
/** Of the run or workflow that is shown, where it has another one than the workspace. */
let shown: ProfileId | null = null

export const profileNow = (): ProfileId => shown ?? workspace
export const modulesNow = (): ModuleTable => modulesOf(profileNow())

export function setWorkspaceProfile(id: string): void {
  if (isProfileId(id)) workspace = id
}

/** Null: what is shown is the workspace's own. */
export function showProfile(id: string | null): void {
  shown = id !== null && isProfileId(id) ? id : null
}

/** Those of MISP's list, and where there are ad-hoc workflows the next free one. */
export function triggersToCreate(taken: readonly (string | null)[]): readonly ModuleDefinition[] {
  const numbers = taken.map((id) => Number(/^adhoc_(\d{1,9})$/.exec(id ?? '')?.[1] ?? 0))
  const adHoc = modulesNow().find('trigger', `adhoc_${largest(numbers, 0) + 1}`)
  return [...modulesNow().list().modules_trigger, ...(adHoc ? [adHoc] : [])]
}

let known: readonly ModuleDefinition[] = []
const added = new Map<ProfileId, AddedModules>()

export function addedNow(): AddedModules {
  const id = profileNow()
  const found = added.get(id) ?? modulesOf(id).added(known)
  added.set(id, found)
  return found
}

/** Of MISP's own modules, and of those that were added to them. */
export const definitionNow = (type: string, id: string): ModuleDefinition | undefined =>
  modulesNow().definition(type, id, addedNow())

/** @param modules as the host lists them for the workspace's MISP */
export function setModules(modules: readonly ModuleDefinition[]): void {
  known = [...modulesOf(workspace).added(modules).values()]
  added.clear()
}

/** Everything that can be a node, as the host lists it for the MISP that is shown. */
export function modulesToAdd(): readonly ModuleDefinition[] {
  const { modules_trigger, modules_logic, modules_action } = modulesNow().list()
  const more = [...addedNow().values()]
  const isReplaced = ({ module_type, id }: ModuleDefinition): boolean =>
    more.some((one) => one.module_type === module_type && one.id === id)
  return [...[...modules_trigger, ...modules_logic, ...modules_action].filter((one) => !isReplaced(one)), ...more]
}

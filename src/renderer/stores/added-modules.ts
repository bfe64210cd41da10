// Modules that MISP does not ship, as the host lists them: of the misp-modules service, and custom ones. Apart from the lists that need the
// host, so that what is pure can read it.
import type { ModuleDefinition } from '../../contract/modules.ts'
import { modulesOf } from '../../engine/modules/table.ts'
import type { AddedModules, ModuleTable } from '../../engine/modules/table.ts'
import { defaultProfile } from '../../engine/profiles/profiles.ts'

/** What ships with the version of MISP that the window shows. */
export const modulesNow = (): ModuleTable => modulesOf(defaultProfile)

let known: AddedModules = new Map()

export const addedNow = (): AddedModules => known

export function setModules(modules: readonly ModuleDefinition[]): void {
  known = modulesNow().added(modules)
}

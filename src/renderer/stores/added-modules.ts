// Modules that MISP does not ship, as the host lists them: of the misp-modules service, and custom ones. Apart from the lists that need the
// host, so that what is pure can read it.
import type { ModuleDefinition } from '../../contract/modules.ts'
import { addedModules } from '../../engine/modules/table.ts'
import type { AddedModules } from '../../engine/modules/table.ts'

let known: AddedModules = new Map()

export const addedNow = (): AddedModules => known

export function setModules(modules: readonly ModuleDefinition[]): void {
  known = addedModules(modules)
}

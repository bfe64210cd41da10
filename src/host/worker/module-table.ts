import { CodedError } from '../../contract/errors.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import { findById, listModules } from '../../engine/modules/table.ts'

export const allModules = (): readonly ModuleDefinition[] => {
  const { modules_trigger: triggers, modules_logic: logic, modules_action: actions } = listModules()
  return [...triggers, ...logic, ...actions]
}

/** Throws MODULE_UNKNOWN. */
export function requireModule(id: string): ModuleDefinition {
  const definition = findById(id)
  if (definition) return definition
  throw new CodedError('MODULE_UNKNOWN', `There is no module "${id}".`, { place: 'moduleId' })
}

import type { TriggerData } from '../../../contract/modules.ts'
import type { ModuleTable } from '../table.ts'

/** What the data is that a workflow of this trigger starts with; undefined for a trigger that nobody knows. */
export function triggerData(modules: ModuleTable, trigger: string): TriggerData | undefined {
  const definition = modules.find('trigger', trigger)
  if (definition === undefined) return undefined
  const withheld = modules.facts('trigger', trigger)?.withheld
  return { trigger, isCore: definition.misp_core_format === true, ...(withheld ? { withheld } : {}) }
}

// One module or one normalisation, without a workflow around it.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { RunOptionsInput } from '../../contract/operations.ts'
import type { ModuleExecution } from '../../contract/run-views.ts'
import { CodedError } from '../../contract/errors.ts'
import { convert } from '../../engine/format/workflow-format.ts'
import { findBuiltIn } from '../../engine/modules/table.ts'
import { createWorld } from '../../engine/world/create.ts'
import type { WorldData } from '../../engine/world/world.ts'

export interface StatelessRequest {
  readonly definition: ModuleDefinition
  readonly params: JsonMap
  readonly filters?: JsonMap
  readonly data: JsonMap
  /** "Convert into MISP core format" before the module runs. */
  readonly convert: boolean
  readonly options: RunOptionsInput
  readonly settings: JsonMap
}

export interface StatelessResult extends Omit<ModuleExecution, 'runId'> {
  readonly before: Json
  readonly after: Json
  readonly view: Json
}

export function executeModule(_request: StatelessRequest): StatelessResult {
  throw new CodedError('OPERATION_NOT_READY', 'Executing one module alone is not there yet.')
}

/** The data as the trigger hands it to the first node. Throws what PHP throws. */
export function normalizeInput(trigger: string, data: JsonMap, { world }: RunOptionsInput): JsonMap {
  const definition = findBuiltIn('trigger', trigger)
  if (!definition) throw new CodedError('TRIGGER_UNKNOWN', `There is no trigger "${trigger}".`, { place: 'trigger' })
  return definition.misp_core_format ? convert(data, createWorld(world as WorldData | undefined, data)) : data
}

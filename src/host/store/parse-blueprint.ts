import type { Json, JsonMap } from '../../contract/json.ts'
import { CodedError } from '../../contract/errors.ts'
import { parseWorkflow } from '../../engine/graph/parse.ts'
import { decodeJson } from '../../engine/php/decode.ts'

/** What a blueprint gets that does not say it. */
export interface BlueprintDefaults {
  readonly uuid: string
  /** Unix seconds. */
  readonly now: number
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** WorkflowBlueprint::beforeValidate: a missing uuid is made up, letters of one are small. */
export function parseBlueprint(json: Json, name: string, { uuid: newUuid, now }: BlueprintDefaults): JsonMap {
  const outer = (typeof json === 'object' && json !== null ? json : {}) as JsonMap
  const inner = outer.WorkflowBlueprint
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner))
    throw new CodedError('BLUEPRINT_INVALID', `${name}: this is not a blueprint, it has no WorkflowBlueprint.`, {
      file: name
    })
  const row = inner as JsonMap
  const given = typeof row.uuid === 'string' && row.uuid !== '' ? row.uuid.toLowerCase() : newUuid
  if (!uuidPattern.test(given))
    throw new CodedError('BLUEPRINT_INVALID', `${name}: “${given.slice(0, 60)}” is not a UUID.`, {
      file: name,
      place: 'uuid'
    })
  if (typeof row.name !== 'string' || row.name === '')
    throw new CodedError('BLUEPRINT_INVALID', `${name}: a blueprint must have a name.`, { file: name, place: 'name' })
  parseWorkflow(outer, name)
  const data = typeof row.data === 'string' ? decodeJson(row.data, { name }) : (row.data ?? [])
  return { ...row, uuid: given, data, ...(row.timestamp ? {} : { timestamp: String(now) }) }
}

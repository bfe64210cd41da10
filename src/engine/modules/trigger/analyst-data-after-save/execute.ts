import type { Json, JsonMap } from '../../../../contract/json.ts'
import { convert } from '../../../format/workflow-format.ts'
import { phpString } from '../../../php/cast.ts'
import { looseEquals } from '../../../php/compare.ts'
import { phpException } from '../../../php/exceptions.ts'
import { entries } from '../../../php/values.ts'
import type { World } from '../../../world/world.ts'
import { offset, offsetOrNull } from '../../shared/params.ts'
import { quickEvent, withPart } from '../../shared/trigger-data.ts'
import type { Normalize } from '../../shared/trigger-data.ts'

const types = ['Note', 'Opinion', 'Relationship']

/** Module_analyst_data_after_save::normalizeForObject asks for a column of another table. */
const noColumn = "SQLSTATE[42S22]: Column not found: 1054 Unknown column 'Attribute.uuid' in 'WHERE'"

function reportEvent(world: World, uuid: string): Json {
  if (!world.has('events')) world.unknown('events', `event report ${uuid}`)
  const found = world.eventOfReport((report) => looseEquals(offsetOrNull(report, 'uuid'), uuid))
  if (found === null) return null
  return offsetOrNull(found.report, 'event_id') ?? offsetOrNull(found.event['Event'] ?? null, 'id')
}

/** The rows of the event that the analyst data is about; null when there is none, or MISP knows no such thing. */
function eventOf(world: World, type: Json, uuid: string): JsonMap | null {
  if (looseEquals(type, 'Event')) {
    const row = world.eventByUuid(uuid)
    return row === null ? null : quickEvent(world, row['id'] ?? null)
  }
  if (looseEquals(type, 'Attribute')) {
    const row = world.attributeByUuid(uuid)
    return row === null ? null : quickEvent(world, row['event_id'] ?? null)
  }
  if (looseEquals(type, 'Object')) throw phpException('PDOExceptionWithQueryString', noColumn)
  const id = looseEquals(type, 'EventReport') ? reportEvent(world, uuid) : null
  return id === null ? null : quickEvent(world, id)
}

/** Module_analyst_data_after_save::normalizeData: the first key says what it is. */
export const normalize: Normalize = (data, world, profile) => {
  const [type = '', entry = null] = entries(data)[0] ?? []
  const [objectType, uuid] = [offset(entry, 'object_type'), offset(entry, 'object_uuid')]
  if (!types.includes(type)) return false
  const rows = eventOf(world, objectType, phpString(uuid))
  return rows === null ? false : convert(withPart(rows, type, [entry]), world, profile)
}

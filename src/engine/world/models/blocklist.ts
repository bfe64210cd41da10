import type { JsonMap } from '../../../contract/json.ts'
import { phpException } from '../../php/exceptions.ts'
import { isEmpty, isArray, type MutableMap } from '../../php/values.ts'
import { dateText, type ModelEnv } from './env.ts'

const isUuid = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[0-5][a-fA-F0-9]{3}-[089aAbB][a-fA-F0-9]{3}-[a-fA-F0-9]{12}$/.test(value)

/**
 * EventBlocklist::addEntry. False for an invalid or listed UUID. Throws the database's PDOException for an entry without event info,
 * and for lists.
 */
export function addBlocklistEntry(env: ModelEnv, entry: JsonMap): boolean {
  const { event_uuid: uuid, event_info: info } = entry
  if (!isUuid(uuid) || env.world.blocklisted(uuid)) return false
  if (info === null || info === undefined) {
    throw phpException(
      'PDOException',
      "SQLSTATE[23000]: Integrity constraint violation: 1048 Column 'event_info' cannot be null"
    )
  }
  const row: MutableMap = { event_uuid: uuid, created: dateText(env) }
  for (const column of ['event_info', 'comment', 'event_orgc']) {
    const value = entry[column] ?? ''
    if (isArray(value))
      throw phpException('PDOException', 'SQLSTATE[HY000]: General error: Array given for a text column')
    row[column] = column === 'comment' && isEmpty(value) ? '' : value
  }
  env.world.insertBlocklistEntry(row)
  return true
}

// MISP's Event model as far as workflow actions save events.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { isNumeric, phpString } from '../../php/cast.ts'
import type { Gen } from '../../effects/signals.ts'
import { eventColumns } from '../columns.ts'
import { dateOf, isDate } from '../dates.ts'
import { isArray, isEmpty, put, at, type MutableMap } from '../../php/values.ts'
import { idText } from '../../php/cast.ts'
import { listInColumn, timeText, type ModelEnv } from './env.ts'

/** Event::beforeSave: a workflow of event-before-save may prevent the saving. */
function* mayBeSaved(env: ModelEnv, event: JsonMap): Gen<boolean> {
  const uuid = isEmpty(event.uuid) ? env.uuid() : (event.uuid as Json)
  const { success } = yield* env.fire('event-before-save', { Event: { ...event, uuid } })
  return success
}

/** Event::afterSave. */
function* afterSave(env: ModelEnv, id: string): Gen<void> {
  yield* env.fire('event-after-save', env.world.quickEvent(id) ?? {})
}

/** Event::save of an existing event with a list of fields. */
function* saveFields(env: ModelEnv, event: JsonMap, fields: JsonMap, extra: JsonMap): Gen<boolean> {
  if (!(yield* mayBeSaved(env, { ...event, ...fields, ...extra }))) return false
  env.world.updateEvent(idText(event.id), fields)
  yield* afterSave(env, idText(event.id))
  return true
}

/** Event::unpublishEvent, which is Event::touch: false when there is no such event or a workflow prevents it. */
export function* touchEvent(env: ModelEnv, eventId: Json | undefined, proposalLock = false): Gen<boolean> {
  const event = env.world.eventRow(eventId)
  if (event === null) return false
  const lock: JsonMap = proposalLock ? { proposal_email_lock: false } : {}
  return yield* saveFields(
    env,
    event,
    { published: false, timestamp: timeText(env), ...lock },
    { unpublishAction: true }
  )
}

/** ShadowAttribute::setProposalLock. */
export function* unlockProposals(env: ModelEnv, eventId: Json | undefined): Gen<void> {
  const event = env.world.eventRow(eventId)
  if (event === null) return
  yield* saveFields(env, event, { proposal_email_lock: false }, { skip_zmq: 1, skip_kafka: 1 })
}

/** Event::publish without a job: true, false when there is no such event, else the texts of the workflow that stopped it. */
export function* publishEvent(env: ModelEnv, eventId: Json | undefined): Gen<boolean | string> {
  const event = env.world.eventRow(eventId)
  if (event === null) return false
  const { success, errors } = yield* env.fire('event-publish', env.world.fetchEvent(eventId) ?? {})
  if (!success) return errors.join(', ')
  const fields = { published: true, publish_timestamp: timeText(env) }
  const saved = yield* saveFields(env, event, fields, { skip_zmq: 1, skip_kafka: 1 })
  return saved ? true : '[]'
}

const inList = (value: Json | undefined, list: readonly string[]): boolean =>
  value !== undefined && (typeof value !== 'object' || value === null) && list.includes(phpString(value ?? null))
const isUuid = (value: Json | undefined): boolean =>
  typeof value === 'string' &&
  /^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[0-5][a-fA-F0-9]{3}-[089aAbB][a-fA-F0-9]{3}-[a-fA-F0-9]{12}$/.test(value)
const isBoolean = (value: Json): boolean =>
  value === true || value === false || value === 0 || value === 1 || value === '0' || value === '1'

/** Event::beforeValidate: fills in what is missing. */
function prepare(env: ModelEnv, given: JsonMap): JsonMap {
  const event: MutableMap = { ...given }
  const analysis = ['Initial', 'Ongoing', 'Completed'].indexOf(idText(event.analysis))
  if (analysis >= 0) event.analysis = analysis
  else if (event.analysis === undefined || event.analysis === null) event.analysis = 0
  if (event.threat_level_id === undefined || event.threat_level_id === null) {
    const level = env.settings['MISP.default_event_threat_level']
    event.threat_level_id = isEmpty(level) ? 4 : (level as Json)
  }
  if (typeof event.uuid === 'string') event.uuid = event.uuid.toLowerCase()
  if (typeof event.extends_uuid === 'string') event.extends_uuid = event.extends_uuid.toLowerCase()
  if (isEmpty(event.timestamp)) event.timestamp = timeText(env)
  if (event.publish_timestamp !== undefined && isEmpty(event.publish_timestamp)) event.publish_timestamp = 0
  if (isEmpty(event.date)) event.date = dateOf(env.now())
  if (idText(event.distribution) !== '4') event.sharing_group_id = 0
  return event
}

/** Event::$validate. */
function isValid(event: JsonMap): boolean {
  const info = event.info
  return (
    isNumeric(event.org_id) &&
    isNumeric(event.orgc_id) &&
    typeof event.date === 'string' &&
    isDate(event.date) &&
    inList(event.threat_level_id, ['1', '2', '3', '4']) &&
    inList(event.distribution, ['0', '1', '2', '3', '4']) &&
    inList(event.analysis, ['0', '1', '2']) &&
    typeof info === 'string' &&
    !isEmpty(info.trim()) &&
    (event.user_id === undefined || isNumeric(event.user_id)) &&
    (event.published === undefined || isBoolean(event.published)) &&
    (event.uuid === undefined || isUuid(event.uuid)) &&
    (isEmpty(event.extends_uuid) || isUuid(event.extends_uuid))
  )
}

/**
 * Event::save of a whole event as a module has it: every column that it carries is written. False when it is not valid or a workflow
 * prevents it. A list where a column wants a scalar is a PDOException.
 */
export function* saveEvent(env: ModelEnv, given: JsonMap): Gen<boolean> {
  const event = prepare(env, given)
  if (!isValid(event)) return false
  if (!(yield* mayBeSaved(env, event))) return false
  const fields: MutableMap = {}
  for (const column of eventColumns) {
    const value = at(event, column)
    if (value === undefined || column === 'id') continue
    if (isArray(value)) throw listInColumn(column, value)
    put(fields, column, value)
  }
  const row = env.world.eventRow(event.id)
  const id = row === null ? env.world.insertEvent(fields) : idText(row.id)
  if (row !== null) env.world.updateEvent(id, fields)
  yield* afterSave(env, id)
  return true
}

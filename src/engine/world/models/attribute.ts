// MISP's MispAttribute model as far as workflow actions save attributes.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { isNumeric, phpString } from '../../php/cast.ts'
import { looseEquals } from '../../php/compare.ts'
import { phpException } from '../../php/exceptions.ts'
import type { Gen } from '../../effects/signals.ts'
import { isEmpty, isMap, isArray, at, values, withoutKeys, type MutableMap } from '../../php/values.ts'
import { idText } from '../../php/cast.ts'
import { defaultDistribution, isValid, massage } from './attribute-rules.ts'
import { listInColumn, timeText, type ModelEnv } from './env.ts'
import { touchEvent } from './event.ts'
import { captureTag } from './tag-capture.ts'

/** MispAttribute::EDITABLE_FIELDS and what editAttributeBulk adds; value stands for value1 and value2. */
const bulkFields =
  'timestamp category type value to_ids comment distribution sharing_group_id deleted disable_correlation first_seen last_seen event_id uuid object_id object_relation'.split(
    ' '
  )
/** Every column of attributes. */
const allFields = bulkFields
const lastSaved = 'MispAttribute::$id'

/** MispAttribute::afterSave. */
function* afterSave(env: ModelEnv, id: string): Gen<void> {
  const saved = env.world.fetchAttribute(id)
  if (saved === null) return
  const attribute = { ...(saved.Attribute as JsonMap), Sighting: env.world.sightings(id) }
  yield* env.fire('attribute-after-save', { ...saved, Attribute: attribute })
}

/** MispObject::updateTimestamp: what the trigger gets is the model's own data, made of defaults. */
function* touchObject(env: ModelEnv, id: string): Gen<boolean> {
  if (env.world.objectRow(id) === null) return false
  const timestamp = timeText(env)
  env.world.updateObject(id, { timestamp })
  const Object = {
    id,
    timestamp: env.now(),
    skip_zmq: 1,
    skip_kafka: 1,
    comment: '',
    template_version: 1,
    sharing_group_id: 0,
    distribution: 5,
    uuid: env.uuid()
  }
  yield* env.fire('object-after-save', { Object })
  return true
}

/**
 * MispAttribute::touch: attribute, object and event get the present time, the event is unpublished. Throws NotFoundException when there
 * is no such attribute.
 */
export function* touchAttribute(env: ModelEnv, id: Json): Gen<boolean> {
  if (!isNumeric(id)) throw phpException('InvalidArgumentException', 'Attribute must be array or ID.')
  const row = env.world.attributeRow(id)
  if (row === null) throw phpException('NotFoundException', 'Attribute not found.')
  env.world.updateAttribute(idText(row.id), { timestamp: timeText(env) })
  env.world.process.set(lastSaved, idText(row.id))
  yield* afterSave(env, idText(row.id))
  if (idText(row.object_id) !== '0' && !(yield* touchObject(env, idText(row.object_id)))) return false
  return yield* touchEvent(env, row.event_id)
}

/** The attributes row of a record: what is no scalar cannot be stored. */
function columnsOf(record: JsonMap, columns: readonly string[]): JsonMap {
  const fields: MutableMap = {}
  for (const column of columns) {
    const value = at(record, column)
    if (value === undefined) continue
    if (isArray(value)) throw listInColumn(column, value)
    fields[column] = value
  }
  return fields
}

/** Model::save of a record that is valid: updates the row of its id, or adds one. Returns the id. */
function* saveRecord(env: ModelEnv, record: JsonMap, id: Json | undefined): Gen<string> {
  const { world } = env
  const fields = columnsOf(isEmpty(record.uuid) ? { ...record, uuid: env.uuid() } : record, allFields)
  const known = world.attributeRow(id)
  if (known !== null) {
    world.updateAttribute(idText(known.id), fields)
    world.process.set(lastSaved, idText(known.id))
    yield* afterSave(env, idText(known.id))
    return idText(known.id)
  }
  if (fields.event_id === undefined) {
    throw phpException(
      'PDOException',
      "SQLSTATE[HY000]: General error: 1364 Field 'event_id' doesn't have a default value"
    )
  }
  const added = world.insertAttribute(fields)
  world.process.set(lastSaved, added)
  yield* afterSave(env, added)
  const count = Number(idText(world.eventRow(fields.event_id)?.attribute_count)) + 1
  world.updateEvent(idText(fields.event_id), { attribute_count: String(count) })
  return added
}

/**
 * MispAttribute::save of one record. A record without an id updates the row that the model saved last, as CakePHP's models keep their id;
 * `create` forgets it first.
 */
export function* saveAttribute(env: ModelEnv, given: JsonMap, create: boolean): Gen<string | null> {
  if (create) env.world.process.delete(lastSaved)
  // MispAttribute::beforeValidate refuses a list; editAttributeBulk would die of it.
  if (isArray(given.value)) return null
  const record = massage(env, given)
  const id = record.id ?? (env.world.process.get(lastSaved) as string | undefined) ?? null
  if (!isValid(env, id === null ? record : { ...record, id })) return null
  return yield* saveRecord(env, record, id)
}

/**
 * AttributeTag::pruneOutdatedAttributeTagsFromSync: a user who may synchronise with authority (the workflows' own user of newer versions can)
 * takes away the global tags that the record does not carry.
 */
function pruneTags(env: ModelEnv, record: JsonMap, attributeId: string): void {
  const { Role } = env.user
  if (isEmpty(at(Role, 'perm_sync')) || isEmpty(at(Role, 'perm_sync_authoritative'))) return
  const carried = new Set(values(record.Tag).map((tag) => idText(at(tag, 'name')).toLowerCase()))
  for (const row of env.world.attributeTags(attributeId))
    if (row.local !== true && !carried.has(idText(at(row.Tag, 'name')).toLowerCase()))
      env.world.deleteAttributeTag(attributeId, row)
}

/** Tags that a saved record carries and the database does not know: MispAttribute::editAttributePostProcessing. */
function* saveTags(env: ModelEnv, record: JsonMap, attributeId: string): Gen<void> {
  if (isEmpty(at(env.user.Role, 'perm_tagger'))) return
  pruneTags(env, record, attributeId)
  for (const tag of values(record.Tag)) {
    if (!isMap(tag)) continue
    const tagId = captureTag(env, tag.name ?? null)
    if (tagId === null) continue
    const known = env.world.attributeTags(attributeId).find((row) => idText(row.tag_id) === tagId)
    if (!isEmpty(tag.deleted)) {
      if (known !== undefined) env.world.deleteAttributeTag(attributeId, known)
      continue
    }
    const local = !isEmpty(tag.local)
    const relationship = tag.relationship_type ?? null
    // AttributeTag::handleAttributeTag asks whether it is set, so "0" is one.
    const text = relationship === null || relationship === false ? null : phpString(relationship)
    if (known === undefined) {
      const eventId = idText(record.event_id)
      env.world.insertAttributeTag({ attributeId, eventId, tagId, local, relationship: text })
      yield* env.fire('tag-attached-after-save', {
        Tag: { ...(env.world.tag(tagId) ?? { id: tagId }), attribute_id: attributeId, event_id: eventId }
      })
    } else if ((known.local === true) !== local || !looseEquals(known.relationship_type ?? null, relationship)) {
      env.world.updateAttributeTag(attributeId, known, { local, relationship: text })
    }
  }
}

/**
 * MispAttribute::editAttributeBulk with the records as a module has them: each is saved whole. Answers which of them MISP takes for
 * saved: when at least one was valid, saveMany forgets the errors of the others, so all of them.
 */
export function* editAttributes(env: ModelEnv, given: readonly JsonMap[]): Gen<readonly boolean[]> {
  const records = given.map((record) => massage(env, record))
  const valid = records.map((record) => isValid(env, record))
  const saved: { readonly record: JsonMap; readonly id: string }[] = []
  for (const [index, record] of records.entries()) {
    if (valid[index] === true)
      saved.push({ record, id: yield* saveRecord(env, withoutKeys(record, ['id']), record.id) })
  }
  for (const { record, id } of saved) if (!isEmpty(record.uuid)) yield* saveTags(env, record, id)
  return saved.length > 0 ? valid.map(() => true) : valid
}

const recovered =
  'value to_ids distribution category type comment sharing_group_id object_id object_relation first_seen last_seen'.split(
    ' '
  )
const material = ['value', 'type', 'distribution', 'sharing_group_id']

/**
 * MispAttribute::editAttribute: the record as it is to be saved, marked whether anything of weight changed. Null where MISP drops it: its
 * uuid belongs to another event or object, or its sharing group is none.
 */
export function editAttribute(env: ModelEnv, given: JsonMap, eventId: Json): JsonMap | null {
  const objectId = given.object_id ?? null
  const rest = withoutKeys({ ...given, event_id: eventId, object_id: objectId } as JsonMap, ['id'])
  const record: MutableMap = { ...rest, _materialChange: false }
  if (record.uuid === undefined || record.uuid === null) {
    record.uuid = env.uuid()
    record._materialChange = true
  } else {
    const known = env.world.attributeByUuid(idText(record.uuid))
    if (known === null) record._materialChange = true
    else if (!looseEquals(known.event_id ?? null, eventId) || !looseEquals(known.object_id ?? null, objectId))
      return null
    else recover(env, record, known)
  }
  if (looseEquals(record.distribution ?? null, 4)) return withSharingGroup(env, record)
  return record.distribution === undefined || record.distribution === null
    ? { ...record, distribution: defaultDistribution(env) }
    : record
}

function recover(env: ModelEnv, record: MutableMap, known: JsonMap): void {
  for (const field of recovered)
    if (record[field] === undefined || record[field] === null) record[field] = known[field] ?? null
  record.id = known.id ?? null
  if (record.timestamp === undefined || record.timestamp === null) record.timestamp = env.now()
  if (material.some((field) => record[field] !== null && known[field] !== record[field])) record._materialChange = true
}

/** A group that does not exist is dropped, and without a group the record is. */
function withSharingGroup(env: ModelEnv, record: JsonMap): JsonMap | null {
  const group = record.sharing_group_id ?? null
  if (isEmpty(group)) return null
  if (!env.world.has('sharing_groups')) {
    env.world.unknown('sharing_groups', `sharing group ${idText(group)}`)
    return record
  }
  const known = env.world.find('sharing_groups', (row) => looseEquals(row.id ?? null, group))
  return known === undefined ? null : record
}

const onlyOfNewOnes = ['event_id', 'type', 'uuid']
const onlyInObjects = ['object_id', 'object_relation']

/** MispAttribute::editAttribute of older versions, which saves by itself: of an attribute that is known, not its type. */
export function* saveEditedAttribute(env: ModelEnv, given: JsonMap, eventId: Json): Gen<void> {
  const edited = editAttribute(env, given, eventId)
  if (edited === null) return
  const record = massage(env, edited)
  if (!isValid(env, record)) return
  const known = env.world.attributeRow(record.id) !== null
  const left = [...(known ? onlyOfNewOnes : []), ...(isEmpty(record.object_id) ? onlyInObjects : []), 'id']
  // saveRecord makes up a uuid where there is none; a known one is not written either way.
  const fields = withoutKeys(record, known ? left.filter((name) => name !== 'uuid') : left)
  const id = yield* saveRecord(env, fields, record.id)
  if (!isEmpty(record.uuid)) yield* saveTags(env, record, id)
}

// Attaching and detaching tags: Event, MispAttribute, EventTag, AttributeTag and Tag of MISP, in that order of calls.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { isNumeric, phpString } from '../../php/cast.ts'
import { looseEquals } from '../../php/compare.ts'
import type { Gen } from '../../effects/signals.ts'
import { isArray, isEmpty, isEmptyArray } from '../../php/values.ts'
import { idText } from '../../php/cast.ts'
import { touchAttribute } from './attribute.ts'
import { isOn, listInColumn, type ModelEnv } from './env.ts'
import { touchEvent } from './event.ts'
import { captureTag } from './tag-capture.ts'

export interface TagOptions {
  readonly tags: readonly Json[]
  /** null: any. */
  readonly local: boolean | null
  readonly relationship: Json
}

/** As the database keeps it: a list is no text. */
function storedText(relationship: Json): string | null {
  if (relationship === null || (isArray(relationship) && isEmptyArray(relationship))) return null
  if (isArray(relationship)) throw listInColumn('relationship_type', relationship)
  return phpString(relationship)
}

const relationshipText = (relationship: Json): string | null =>
  isEmpty(relationship) ? null : storedText(relationship)

const publishesTags = (env: ModelEnv): boolean =>
  (isOn(env, 'Plugin.ZeroMQ_enable') && isOn(env, 'Plugin.ZeroMQ_tag_notifications_enable')) ||
  (isOn(env, 'Plugin.Kafka_enable') &&
    isOn(env, 'Plugin.Kafka_tag_notifications_enable') &&
    isOn(env, 'Plugin.Kafka_tag_notifications_topic'))

/** EventTag::afterSave: the trigger fires only when ZeroMQ or Kafka want tags too. */
function* eventTagSaved(env: ModelEnv, eventId: string, tagId: string, local: boolean): Gen<void> {
  if (!publishesTags(env)) return
  const tag = env.world.tag(tagId) ?? { id: tagId }
  yield* env.fire('tag-attached-after-save', { Tag: { ...tag, event_id: eventId, local } })
}

/** AttributeTag::afterSave: fires without ZeroMQ and Kafka too, and does not say whether the tag is local. */
function* attributeTagSaved(env: ModelEnv, attributeId: string, eventId: string, tagId: string): Gen<void> {
  const tag = env.world.tag(tagId) ?? { id: tagId }
  yield* env.fire('tag-attached-after-save', { Tag: { ...tag, attribute_id: attributeId, event_id: eventId } })
}

const findTag = (rows: readonly JsonMap[], tagId: string, local: boolean | null): JsonMap | undefined =>
  rows.find((row) => idText(row.tag_id) === tagId && (local === null || (row.local === true) === local))

interface Attached {
  readonly success: boolean
  readonly changed: boolean
}

/**
 * EventTag::attachTagToEvent. One that is attached already is a success, so that Event::attachTagsToEventAndTouch lists it as attached, and
 * newer versions put it into the roaming data a second time (Module_tag_operation::__addTagsToEvent merges the lists).
 */
function* attachToEvent(env: ModelEnv, eventId: Json, tagId: string | null, options: TagOptions): Gen<Attached> {
  // A tag that could not be captured is looked for as `tag_id IS NULL`, and then refused by the validation.
  if (tagId === null || !isNumeric(eventId)) return { success: false, changed: true }
  const id = idText(eventId)
  const known = findTag(env.world.eventTags(id), tagId, null)
  if (known === undefined) {
    const local = options.local === true
    env.world.insertEventTag({ eventId: id, tagId, local, relationship: relationshipText(options.relationship) })
    yield* eventTagSaved(env, id, tagId, local)
    return { success: true, changed: true }
  }
  if (options.relationship !== null && !looseEquals(known.relationship_type ?? null, options.relationship)) {
    env.world.updateEventTag(id, known, storedText(options.relationship))
    yield* eventTagSaved(env, id, tagId, known.local === true)
  }
  return { success: true, changed: false }
}

/** Names as MISP collects them by reference (`array &$tagAttached`). */
type Names = Json[]

/** One tag after the other, for events and attributes alike: whether one of them succeeded, and whether one changed anything. */
function* attachEach(
  env: ModelEnv,
  { tags }: TagOptions,
  attached: Names,
  attach: (tagId: string | null) => Gen<Attached>
): Gen<Attached> {
  let [success, changed] = [false, false]
  for (const name of tags) {
    const done = yield* attach(captureTag(env, name))
    if (done.success) attached.push(name)
    success ||= done.success
    changed ||= done.changed
  }
  return { success, changed }
}

/** The same for taking tags away; an unknown tag counts as done. `detach`: whether it was there. */
function detachEach(
  env: ModelEnv,
  { tags }: TagOptions,
  detached: Names,
  detach: (tagId: string) => boolean
): Attached {
  let [success, changed] = [false, false]
  for (const name of tags) {
    const tag = env.world.tagByName(phpString(name))
    if (tag === null) success = true
    else if (detach(idText(tag.id))) {
      detached.push(name)
      success = changed = true
    }
  }
  return { success, changed }
}

/** Event::attachTagsToEventAndTouch: whether what it returns is not empty. */
export function* attachTagsToEvent(
  env: ModelEnv,
  eventId: Json,
  options: TagOptions,
  attached: Names = []
): Gen<boolean> {
  const done = yield* attachEach(env, options, attached, (tagId) => attachToEvent(env, eventId, tagId, options))
  return done.changed ? yield* touchEvent(env, eventId) : done.success
}

/** Event::detachTagsFromEventAndTouch. */
export function* detachTagsFromEvent(
  env: ModelEnv,
  eventId: Json,
  options: TagOptions,
  detached: Names = []
): Gen<boolean> {
  const id = idText(eventId)
  const done = detachEach(env, options, detached, (tagId) => {
    const row = findTag(env.world.eventTags(id), tagId, options.local)
    if (row !== undefined) env.world.deleteEventTag(id, row)
    return row !== undefined
  })
  return done.changed ? yield* touchEvent(env, eventId) : done.success
}

/** AttributeTag::attachTagToAttribute. */
function* attachToAttribute(
  env: ModelEnv,
  attributeId: Json,
  eventId: Json,
  tagId: string | null,
  options: TagOptions
): Gen<Attached> {
  if (tagId === null || !isNumeric(attributeId) || !isNumeric(eventId)) return { success: false, changed: true }
  const id = idText(attributeId)
  const known = findTag(env.world.attributeTags(id), tagId, null)
  const relationship = relationshipText(options.relationship)
  if (known === undefined) {
    const local = options.local === true
    env.world.insertAttributeTag({ attributeId: id, eventId: idText(eventId), tagId, local, relationship })
    yield* attributeTagSaved(env, id, idText(eventId), tagId)
    return { success: true, changed: true }
  }
  if (!looseEquals(known.relationship_type ?? null, options.relationship)) {
    env.world.updateAttributeTag(id, known, { relationship: storedText(options.relationship) })
    yield* attributeTagSaved(env, id, idText(eventId), tagId)
  }
  return { success: true, changed: false }
}

/** MispAttribute::attachTagsFromAttributeAndTouch. Throws NotFoundException when a touched attribute does not exist. */
export function* attachTagsToAttribute(
  env: ModelEnv,
  attributeId: Json,
  eventId: Json,
  options: TagOptions,
  attached: Names = []
): Gen<boolean> {
  const done = yield* attachEach(env, options, attached, (tagId) =>
    attachToAttribute(env, attributeId, eventId, tagId, options)
  )
  return done.changed ? yield* touchAttribute(env, attributeId) : done.success
}

/** MispAttribute::detachTagsFromAttributeAndTouch. */
export function* detachTagsFromAttribute(
  env: ModelEnv,
  attributeId: Json,
  eventId: Json,
  options: TagOptions,
  detached: Names = []
): Gen<boolean> {
  const id = idText(attributeId)
  const done = detachEach(env, options, detached, (tagId) => {
    const row = findTag(env.world.attributeTags(id), tagId, options.local)
    if (row === undefined || idText(env.world.attributeRow(id)?.event_id) !== idText(eventId)) return false
    env.world.deleteAttributeTag(id, row)
    return true
  })
  return done.changed ? yield* touchAttribute(env, attributeId) : done.success
}

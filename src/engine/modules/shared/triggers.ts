// What triggers do themselves: massage their input before a run (normalizeData), and refuse to go on (exec).
import type { Json, JsonMap } from '../../../contract/json.ts'
import { convert } from '../../format/workflow-format.ts'
import { looseEquals } from '../../php/compare.ts'
import { dig, isEmpty } from '../../php/values.ts'
import { asMap, withKey } from '../../php/maps.ts'
import type { World } from '../../world/world.ts'
import type { Execute } from '../context.ts'
import { offset } from './params.ts'

type Normalize = (data: JsonMap, world: World) => JsonMap | false

const toCore: Normalize = (data, world) => convert(data, world)

/** An event's rows with one key set in `Event`. */
const withPart = (rows: JsonMap, key: string, value: Json): JsonMap => ({
  ...rows,
  Event: withKey(asMap(rows.Event), key, value)
})

const quickEvent = (world: World, id: Json): JsonMap => world.quickEvent(id) ?? {}

/** An attribute below its event, in its object when it has one; what is not there leaves null, as in PHP. */
function withAttribute(rows: JsonMap, attribute: JsonMap): JsonMap {
  const row = attribute.Attribute ?? null
  if (isEmpty(attribute.Object)) return withPart(rows, 'Attribute', [row])
  return withPart(rows, 'Object', [withKey(asMap(attribute.Object), 'Attribute', [row])])
}

const report: Normalize = (data, world) => {
  if (isEmpty(data.EventReport)) return false
  const rows = quickEvent(world, offset(data.EventReport, 'event_id'))
  return convert(withPart(rows, 'EventReport', [data.EventReport as Json]), world)
}

/** A proposed edit brings its attribute, a proposed attribute only its event. */
const shadowAttribute: Normalize = (data, world) => {
  const shadow = data.ShadowAttribute
  if (isEmpty(shadow)) return false
  const oldId = offset(shadow, 'old_id')
  if (isEmpty(oldId)) {
    const rows = quickEvent(world, offset(shadow, 'event_id'))
    return convert(withPart(rows, 'ShadowAttribute', [shadow as Json]), world)
  }
  const found = world.fetchAttribute(oldId) ?? {}
  return convert({ ...found, Attribute: withKey(asMap(found.Attribute), 'ShadowAttribute', [shadow as Json]) }, world)
}

const sighting: Normalize = (data, world) => {
  if (isEmpty(data.Sighting)) return false
  const rows = quickEvent(world, offset(offset(data.Sighting, 'Event'), 'id'))
  const attribute = world.fetchAttribute(offset(offset(data.Sighting, 'Attribute'), 'id')) ?? {}
  return convert(withAttribute(rows, attribute), world)
}

const tagAttached: Normalize = (data, world) => {
  if (isEmpty(data.Tag)) return false
  const rows = quickEvent(world, offset(data.Tag, 'event_id'))
  const attributeId = offset(data.Tag, 'attribute_id')
  if (isEmpty(attributeId)) return convert(rows, world)
  return convert(withAttribute(rows, world.fetchAttribute(attributeId) ?? {}), world)
}

/** The post keeps its own format; the event of its thread is added in core format. */
const post: Normalize = (data, world) => {
  if (isEmpty(data.Post)) return false
  const thread = world.thread(offset(data.Post, 'thread_id'))
  const withThread: JsonMap = { ...data, Thread: thread ?? [] }
  if (thread === null || isEmpty(thread.event_id)) return withThread
  const event = world.eventRow(thread.event_id)
  return { ...withThread, Event: convert(event === null ? {} : { Event: event }, world).Event ?? null }
}

const asGiven: Normalize = (data) => data

const special: ReadonlyMap<string, Normalize> = new Map([
  ['event-report-after-save', report],
  ['log-after-save', asGiven],
  ['post-after-save', post],
  ['shadow-attribute-after-save', shadowAttribute],
  ['shadow-attribute-before-save', shadowAttribute],
  ['sighting-after-save', sighting],
  ['tag-attached-after-save', tagAttached],
  ['user-after-save', asGiven],
  ['user-before-save', asGiven]
])

/**
 * A trigger's normalizeData: the data that its workflow starts with, false when the trigger cannot use it. Look-ups are the world's.
 * Throws PhpThrow where PHP throws. `data` may be a PHP list.
 */
export function normalizeData(triggerId: string, data: Json, world: World): JsonMap | readonly Json[] | false {
  const normalize = special.get(triggerId) ?? toCore
  if (normalize === asGiven) return data as JsonMap
  return normalize(asMap(data), world)
}

/** Module_tag_attached_after_save::exec, on the trigger's raw data: scope, locality and tag of its parameters. */
export const execute: Execute = function* (ctx) {
  const tag = offset(ctx.getData(), 'Tag')
  const { scope = '', locality = '', tag: wanted = '' } = yield* ctx.params()
  const ofAttribute = !isEmpty(dig(tag, 'attribute_id'))
  if (looseEquals(scope, 'attribute') ? !ofAttribute : looseEquals(scope, 'event') && ofAttribute) return false
  const local = !isEmpty(dig(tag, 'local'))
  if (looseEquals(locality, 'local') ? !local : looseEquals(locality, 'global') && local) return false
  return isEmpty(wanted) || looseEquals(offset(tag, 'name'), wanted)
}

// What triggers share when they massage their input before a run (normalizeData).
import type { Json, JsonMap } from '../../../contract/json.ts'
import { convert } from '../../format/workflow-format.ts'
import { isEmpty } from '../../php/values.ts'
import { asMap, isMap, mapValues, withKey, withoutKeys } from '../../php/values.ts'
import type { Profile } from '../../profiles/profile.ts'
import type { World } from '../../world/world.ts'
import { offset } from './params.ts'

/** A trigger's normalizeData: the data that its workflow starts with, false when the trigger cannot use it. Throws PhpThrow. */
export type Normalize = (data: JsonMap, world: World, profile: Profile) => JsonMap | false

export const toCore: Normalize = (data, world, profile) => convert(data, world, profile)

/** The data as it is, a PHP list too. */
export const asGiven: Normalize = (data) => data

/** An event's rows with one key set in `Event`. */
export const withPart = (rows: JsonMap, key: string, value: Json): JsonMap => ({
  ...rows,
  Event: withKey(asMap(rows.Event), key, value)
})

/**
 * MispAttribute::fetchAttribute as triggers use it; nothing where there is none. Older versions do not say of the attribute's tags whether they
 * are local.
 */
export function fetchAttribute(world: World, id: Json, profile: Profile): JsonMap {
  const found = world.fetchAttribute(id)
  if (found === null) return {}
  if (profile.attributeTagsSayLocal || !isMap(found.Attribute)) return found
  if (found.Attribute.Tag === undefined) return found
  const tags = mapValues(found.Attribute.Tag, (tag) => (isMap(tag) ? withoutKeys(tag, ['local']) : tag))
  return { ...found, Attribute: withKey(found.Attribute, 'Tag', tags as Json) }
}

export const quickEvent = (world: World, id: Json): JsonMap => world.quickEvent(id) ?? {}

/** An attribute below its event, in its object when it has one; what is not there leaves null, as in PHP. */
export function withAttribute(rows: JsonMap, attribute: JsonMap): JsonMap {
  const row = attribute.Attribute ?? null
  if (isEmpty(attribute.Object)) return withPart(rows, 'Attribute', [row])
  return withPart(rows, 'Object', [withKey(asMap(attribute.Object), 'Attribute', [row])])
}

/** A proposed edit brings its attribute, a proposed attribute only its event. */
export const shadowAttribute: Normalize = (data, world, profile) => {
  const shadow = data.ShadowAttribute
  if (isEmpty(shadow)) return false
  const oldId = offset(shadow, 'old_id')
  if (isEmpty(oldId)) {
    const rows = quickEvent(world, offset(shadow, 'event_id'))
    return convert(withPart(rows, 'ShadowAttribute', [shadow as Json]), world, profile)
  }
  const found = fetchAttribute(world, oldId, profile)
  return convert(
    { ...found, Attribute: withKey(asMap(found.Attribute), 'ShadowAttribute', [shadow as Json]) },
    world,
    profile
  )
}

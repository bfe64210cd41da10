// What MISP shows beside the name of an attribute, an event or a tag: whether it is for intrusion detection, and tags in their colours.
import { mapOrNull, type Json, type JsonMap } from '../../contract/json.ts'
import type { MispMarks } from '../../contract/values.ts'

type Tag = NonNullable<MispMarks['tags']>[number]

/** More are not shown in a line. */
const shownTags = 4

const own = (map: JsonMap, key: string): Json | undefined => (Object.hasOwn(map, key) ? map[key] : undefined)
const isText = (value: Json | undefined): value is string => typeof value === 'string' && value !== ''

/** A tag as MISP writes it: `{name, colour}`, or wrapped as `{Tag: {…}}` in EventTag and AttributeTag. */
function tagOf(value: Json | undefined): Tag | null {
  const map = mapOrNull(value)
  if (!map) return null
  const name = own(map, 'name')
  const colour = own(map, 'colour')
  if (isText(name)) return { name, colour: isText(colour) && /^#[0-9a-f]{6}$/i.test(colour) ? colour : null }
  return Object.hasOwn(map, 'Tag') ? tagOf(map['Tag']) : null
}

function tagsOf(map: JsonMap): Pick<MispMarks, 'tags' | 'moreTags'> {
  for (const key of ['Tag', 'AttributeTag', 'EventTag']) {
    const list = own(map, key)
    if (!Array.isArray(list) || list.length === 0) continue
    const all = (list as readonly Json[]).flatMap((one) => tagOf(one) ?? [])
    const more = all.length - shownTags
    return { ...(all.length > 0 ? { tags: all.slice(0, shownTags) } : {}), ...(more > 0 ? { moreTags: more } : {}) }
  }
  return {}
}

/** Undefined for what is none of MISP's things. */
export function mispMarks(value: Json | undefined): MispMarks | undefined {
  const map = mapOrNull(value)
  if (!map) return undefined
  const tag = Object.hasOwn(map, 'colour') || mapOrNull(own(map, 'Tag')) ? tagOf(map) : null
  if (tag) return { tags: [tag] }
  const isAttribute = isText(own(map, 'type')) && Object.hasOwn(map, 'value') && Object.hasOwn(map, 'to_ids')
  if (!isAttribute && !Object.hasOwn(map, 'info')) {
    const inner = Object.hasOwn(map, 'Event') ? map['Event'] : undefined
    return inner === undefined ? undefined : mispMarks(inner)
  }
  const toIds = own(map, 'to_ids')
  return {
    ...(isAttribute ? { toIds: toIds === true || toIds === 1 || toIds === '1' } : {}),
    ...tagsOf(map)
  }
}

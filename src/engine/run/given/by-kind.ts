// What a trigger of each kind gets, and what MISP's database holds then: the thing, its event, and what it refers to.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { idText } from '../../php/cast.ts'
import { at, isEmpty, isList, isMap, values, withKey, withoutKeys, type MutableMap } from '../../php/values.ts'
import { event, report, type Brought, type EventShape } from './event.ts'
import type { MadeFrom } from './event-filler.ts'
import { Filler } from './filler.ts'
import type { Kind } from './kinds.ts'
import * as rows from './rows.ts'

type ByKind = (around: MadeFrom, given: JsonMap, shape: EventShape) => Brought

const mapIn = (value: Json | undefined): JsonMap => (isMap(value) ? value : {})

/** The event that a thing names, out of what stands beside it, in it, or only by its id. */
function eventAround(around: MadeFrom, given: JsonMap, thing: JsonMap, parts: JsonMap = {}): Filler {
  const told = { ...mapIn(thing.Event), ...mapIn(given.Event) }
  const id = told.id ?? (rows.isMissing('event_id', thing.event_id) ? undefined : thing.event_id)
  const uuid = told.uuid ?? (rows.isMissing('uuid', thing.event_uuid) ? undefined : thing.event_uuid)
  const own: MutableMap = { ...told }
  if (id !== undefined) own.id = id
  if (uuid !== undefined) own.uuid = uuid
  if (isEmpty(own.info)) {
    own.info = 'An event that the data only refers to'
    around.made.say('The event is made up: the data only refers to it.')
  }
  // Its id is there: MISP's events are saved before anything in them is.
  return new Filler(around, own, { Event: own, ...parts }, { isSaved: true })
}

/** What MispAttribute::fetchAttribute tells of the event. */
const briefColumns =
  'id date info uuid published analysis threat_level_id org_id orgc_id distribution sharing_group_id Orgc'.split(' ')

function brief(event: JsonMap, orgc: JsonMap): JsonMap {
  const out: MutableMap = {}
  for (const name of briefColumns) if (event[name] !== undefined) out[name] = event[name] as Json
  return { ...out, Orgc: orgc }
}

/** The event in which MISP's database holds the things: the world's own where it has one. */
const withEvent = (filler: Filler, parts: JsonMap): JsonMap =>
  filler.known
    ? Object.entries(parts).reduce((event, [name, list]) => withThings(event, name, values(list)), filler.known)
    : {
        Event: { ...filler.eventRow(), Org: filler.organisation('Org'), Orgc: filler.organisation('Orgc'), ...parts }
      }

/** With those that it does not have; an object that it has gets the attributes that it does not have. */
function withThings(event: JsonMap, name: string, more: readonly Json[]): JsonMap {
  const isBeside = event[name] !== undefined
  const list = [...values(isBeside ? event[name] : at(event.Event, name))]
  const places = placesOf(list)
  for (const thing of more) {
    const place = namesOf(thing)
      .map((one) => places.get(one))
      .find((one) => one !== undefined)
    if (place === undefined) list.push(thing)
    else if (name === 'Object')
      list[place] = withThings(list[place] as JsonMap, 'Attribute', values(at(thing, 'Attribute')))
  }
  if (isBeside || (name === 'Attribute' && event.Event === undefined)) return { ...event, [name]: list }
  return { ...event, Event: { ...(event.Event as JsonMap), [name]: list } }
}

/** What a row is the same by: its id, else its UUID or its name. What has none of them is like no other. */
const namesOf = (row: Json): string[] =>
  ['id', 'uuid', 'name'].flatMap((name) => {
    const value = idText(at(row, name))
    return value === '' ? [] : [`${name} ${value}`]
  })

/** Rows with an id are the same by nothing else. */
function placesOf(list: readonly Json[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  list.forEach((row, place) => {
    if (!isMap(row)) return
    const names = namesOf(row)
    for (const name of idText(row.id) === '' ? names : names.slice(0, 1)) if (!places.has(name)) places.set(name, place)
  })
  return places
}

const attribute: ByKind = (around, given) => {
  const { Event: nested, Object: nestedObject, ...own } = given.Attribute as { [key: string]: Json }
  const object = mapIn(given.Object ?? nestedObject)
  const beside: JsonMap = isMap(nested) && given.Event === undefined ? { ...given, Event: nested } : given
  const filler = eventAround(around, beside, own as JsonMap, { Attribute: [own as JsonMap] })
  const objectId = idText(object.id)
  const row = filler.attribute(own as JsonMap, 0, objectId === '' ? undefined : objectId)
  const shownEvent = isEmpty(object)
    ? withEvent(filler, { Attribute: [row] })
    : withEvent(filler, { Object: [{ ...filler.object(withoutKeys(object, ['Attribute']), 0), Attribute: [row] }] })
  const shown = isEmpty(given.AttributeTag) ? shownEvent : withRows(shownEvent, row, given.AttributeTag as Json)
  const full = brief(shownEvent.Event as JsonMap, filler.organisation('Orgc'))
  const data = { ...given, Attribute: row, Event: full, ...(isEmpty(object) ? {} : { Object: object }) }
  return { data, shown }
}

/** Rows of tags that stand beside the attribute are the attribute's. */
function withRows(shown: JsonMap, row: JsonMap, tags: Json): JsonMap {
  const event = shown.Event as JsonMap
  if (event.Attribute === undefined) return shown
  return { Event: { ...event, Attribute: [{ ...row, AttributeTag: tags }] } }
}

const object: ByKind = (around, given) => {
  const own = given.Object as JsonMap
  const beside = isList(given.Attribute) && own.Attribute === undefined ? { ...own, Attribute: given.Attribute } : own
  const filler = eventAround(around, given, beside, { Object: [beside] })
  const row = filler.object(beside, 0)
  const data = withoutKeys(
    { ...given, Object: row, Event: given.Event === undefined ? eventOf(filler) : given.Event },
    isList(given.Attribute) ? ['Attribute'] : []
  )
  return { data, shown: withEvent(filler, { Object: [row] }) }
}

const eventOf = (filler: Filler): JsonMap => brief(filler.eventRow(), filler.organisation('Orgc'))

/** An attribute that is only referred to. */
function referred(filler: Filler, around: MadeFrom, id: Json | undefined, told: JsonMap): JsonMap {
  const own: MutableMap = { ...told }
  if (rows.isMissing('id', own.id) && !rows.isMissing('id', id)) own.id = id as Json
  if (isEmpty(own.type)) {
    own.type = 'text'
    own.value ??= ''
    around.made.say('The attribute is made up: the data only refers to it. Its type is text.')
  }
  return filler.attribute(own, 0, undefined)
}

const sighting: ByKind = (around, given) => {
  const own = given.Sighting as JsonMap
  const nested = isMap(own.Attribute) ? own.Attribute : mapIn(given.Attribute)
  const filler = eventAround(around, given, own, { Sighting: [own], Attribute: [nested] })
  const told = isEmpty(nested) && !isEmpty(own.value) ? { value: own.value as Json } : nested
  const row = referred(filler, around, own.attribute_id, told)
  const { made } = around
  const completed = rows.completed('sighting', own, rows.sightingColumns, made, (name) => {
    if (name === 'id') return filler.id('sighting', 'others')
    if (name === 'uuid') return filler.uuidFor('sighting', idText(row.uuid))
    if (name === 'attribute_id') return (made.reference(name), row.id)
    if (name === 'event_id') return (made.reference(name), filler.eventId)
    if (name === 'org_id') return filler.eventRow().orgc_id
    return name === 'date_sighting' ? (made.date('sighting', own), filler.timestamp) : undefined
  })
  const Event = brief(filler.eventRow(), filler.organisation('Orgc'))
  const Sighting = { ...completed, Event, Attribute: row }
  return { data: { ...given, Sighting }, shown: withEvent(filler, { Attribute: [row] }) }
}

const proposal: ByKind = (around, given, { isSaved }) => {
  const own = given.ShadowAttribute as JsonMap
  const filler = eventAround(around, given, own, { ShadowAttribute: [own] })
  const { made } = around
  const row = rows.completed('proposal', own, rows.proposalColumns, made, (name) => {
    if (name === 'id') return isSaved ? filler.id('proposal', 'others') : undefined
    if (name === 'uuid') return filler.uuidFor('proposal', `${idText(own.type)} ${idText(own.value)}`)
    if (name === 'event_id') return (made.reference(name), filler.eventId)
    if (name === 'event_uuid') return (made.reference(name), filler.eventRow().uuid)
    if (name === 'org_id') return filler.eventRow().orgc_id
    return name === 'timestamp' ? (made.date('proposal', own), filler.timestamp) : undefined
  })
  const shadows: readonly Json[] = isSaved ? [row] : []
  if (isEmpty(row.old_id))
    return { data: { ...given, ShadowAttribute: row }, shown: withEvent(filler, { ShadowAttribute: shadows }) }
  const { type, category, value, to_ids: toIds } = row
  const told = isMap(given.Attribute) ? given.Attribute : defined({ type, category, value, to_ids: toIds })
  if (!isMap(given.Attribute))
    made.say('The attribute that the proposal changes is made up: it has the proposal’s own type, category and value.')
  const changed = { ...referred(filler, around, row.old_id, told), ShadowAttribute: shadows }
  return { data: { ...given, ShadowAttribute: row }, shown: withEvent(filler, { Attribute: [changed] }) }
}

const defined = (row: { readonly [name: string]: Json | undefined }): JsonMap =>
  Object.fromEntries(Object.entries(row).filter((entry): entry is [string, Json] => entry[1] !== undefined))

const eventReport: ByKind = (around, given) => {
  const own = given.EventReport as JsonMap
  const filler = eventAround(around, given, own, { EventReport: [own] })
  const row = report(around, filler, own, 0)
  return { data: { ...given, EventReport: row }, shown: withEvent(filler, { EventReport: [row] }) }
}

const tag: ByKind = (around, given) => {
  const own = given.Tag as JsonMap
  const onAttribute = !isEmpty(own.attribute_id)
  const filler = eventAround(around, given, own, { Tag: [own] })
  const columns = onAttribute ? rows.attachedTagColumns : [...rows.attachedTagColumns, ...rows.tagColumns.slice(-1)]
  const row = filler.tag(own, columns)
  const Tag = [withoutKeys(row, ['event_id', 'attribute_id'])]
  const attributes = [...values(at(given.Event, 'Attribute'))]
  if (!onAttribute)
    return {
      data: { ...given, Tag: row },
      shown: withEvent(filler, { ...(attributes.length > 0 ? { Attribute: attributes } : {}), Tag })
    }
  const there = attributes.find((each) => idText(at(each, 'id')) === idText(own.attribute_id))
  const told = isMap(given.Attribute) ? given.Attribute : mapIn(there)
  const tagged = withKey(referred(filler, around, own.attribute_id, told), 'Tag', [...values(told.Tag), ...Tag])
  const others = attributes.filter((each) => each !== there)
  return { data: { ...given, Tag: row }, shown: withEvent(filler, { Attribute: [...others, tagged] }) }
}

const post: ByKind = (around, given) => {
  const own = given.Post as JsonMap
  const { made } = around
  const thread = mapIn(given.Thread)
  const threadId = thread.id ?? (rows.isMissing('thread_id', own.thread_id) ? undefined : own.thread_id) ?? '1'
  const row = rows.completed('post', own, rows.postColumns, made, (name) => {
    if (name === 'id') return (made.id('post'), '1')
    return name === 'thread_id' ? (made.reference(name), threadId) : undefined
  })
  const eventId = thread.event_id ?? own.event_id ?? at(given.Event, 'id')
  if (isEmpty(thread))
    made.say(
      `The thread of the post is made up: it ${isEmpty(eventId) && !isMap(given.Event) ? 'belongs to no event' : 'is about the event of the data'}.`
    )
  const filler =
    isEmpty(eventId) && !isMap(given.Event) ? null : eventAround(around, given, defined({ event_id: eventId }))
  const Thread = {
    title: 'A thread that the data only refers to',
    ...thread,
    id: threadId,
    event_id: filler?.eventId ?? '0'
  }
  return {
    data: withoutKeys({ ...given, Post: row }, ['Thread', 'Event']),
    threads: [Thread],
    ...(filler ? { shown: withEvent(filler, {}) } : {})
  }
}

const analystData: ByKind = (around, given) => {
  const key = ['Note', 'Opinion', 'Relationship'].find((name) => isMap(given[name])) ?? 'Note'
  const own = given[key] as JsonMap
  const about = idText(own.object_type)
  const uuid = idText(own.object_uuid)
  const filler = eventAround(around, given, about === 'Event' && uuid !== '' ? { event_uuid: uuid } : {})
  const row = rows.completed('analyst data', own, rows.analystColumns, around.made, (name) => {
    if (name === 'id') return filler.id('analyst data', 'others')
    if (name === 'uuid') return filler.uuidFor('analyst data', uuid)
    if (name === 'object_type') return 'Event'
    return name === 'object_uuid' ? filler.eventRow().uuid : undefined
  })
  const parts: JsonMap =
    about === 'Attribute'
      ? { Attribute: [referred(filler, around, undefined, { ...mapIn(given.Attribute), uuid })] }
      : {}
  // The first key says what it is.
  return { data: { [key]: row, ...withoutKeys(given, [key, 'Event', 'Attribute']) }, shown: withEvent(filler, parts) }
}

/** User::afterSave passes the row without its model's name. */
const user: ByKind = (_around, given) => ({ data: given.User as JsonMap })

const asGiven: ByKind = (_around, given) => ({ data: given })

export const byKind: { readonly [kind in Kind]: ByKind } = {
  event,
  attribute,
  object,
  sighting,
  proposal,
  'event report': eventReport,
  tag,
  post,
  user,
  'log entry': asGiven,
  'analyst data': analystData
}

// An event as its trigger gets it: row, lists, tags, organisations, and everything in it.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { idText } from '../../php/cast.ts'
import { isEmpty, isList, isMap, put, withoutKeys, type MutableMap } from '../../php/values.ts'
import type { MadeFrom } from './event-filler.ts'
import { Filler, mapped } from './filler.ts'
import * as rows from './rows.ts'

export interface Brought {
  /** What the trigger gets. */
  readonly data: JsonMap
  /** The event as MISP's database holds it, where the data itself is not that. */
  readonly shown?: JsonMap
  readonly threads?: readonly JsonMap[]
}

/** Lists that Event::fetchEvent always answers. */
const fetchedLists = 'Attribute ShadowAttribute RelatedEvent Galaxy Object EventReport CryptographicKey'.split(' ')

/** What the trigger's call gives beside the event itself. */
export interface EventShape {
  readonly isSaved: boolean
  /** Event::fetchEvent, with everything; else only what was given. */
  readonly isFetched: boolean
  /** It leaves out what is deleted. */
  readonly isCurrent: boolean
}

export function event(around: MadeFrom, given: JsonMap, { isSaved, isFetched, isCurrent }: EventShape): Brought {
  const inner = given.Event as JsonMap
  const filler = new Filler(around, inner, given, { isSaved })
  const row = filler.eventRow()
  const inEvent: MutableMap = {}
  const beside: MutableMap = {}
  const setPart = (name: string, before: Json | undefined, after: Json | undefined): void => {
    if (after === undefined || after === before) return
    ;(given[name] === undefined ? inEvent : beside)[name] = after
  }
  const part = (name: string): Json | undefined => given[name] ?? inner[name]
  for (const name of fetchedLists) {
    const before = part(name)
    const current = isCurrent ? withoutDeleted(around, name, before) : before
    setPart(name, before, partOf(around, filler, name, current) ?? (isFetched ? [] : undefined))
  }
  const tags = part('Tag')
  setPart('Tag', tags, isList(tags) ? mapped(tags, (tag) => filler.tag(tag)) : undefined)
  if (isSaved)
    for (const name of ['Org', 'Orgc'] as const)
      if (isFetched || part(name) !== undefined) setPart(name, part(name), filler.organisation(name))
  if (!isEmpty(inner.EventTag) && given.EventTag === undefined) beside.EventTag = inner.EventTag as Json
  const changed = Object.keys(inEvent).length > 0 ? merged(row, inEvent) : row
  const out =
    beside.EventTag === undefined || given.EventTag !== undefined ? changed : withoutKeys(changed, ['EventTag'])
  const data = out === inner && Object.keys(beside).length === 0 ? given : merged({ ...given, Event: out }, beside)
  // The world's own event is what the database holds.
  return isSaved && filler.known === null ? { data, shown: data } : { data }
}

const isDeleted = (row: Json): boolean =>
  isMap(row) && (row.deleted === true || row.deleted === 1 || row.deleted === '1')

const softDeleted: { readonly [part: string]: 'attribute' | 'object' | 'event report' } = {
  Attribute: 'attribute',
  Object: 'object',
  EventReport: 'event report'
}

/** Event::fetchEvent does not find what is deleted. */
function withoutDeleted(around: MadeFrom, name: string, list: Json | undefined): Json | undefined {
  const noun = softDeleted[name]
  if (noun === undefined || !isList(list)) return list
  const left = list.some(isDeleted) ? list.filter((row) => !isDeleted(row)) : list
  if (left !== list) around.made.leaveOut(noun, list.length - left.length)
  if (name !== 'Object') return left
  return mapped(left, (object) => {
    const attributes = withoutDeleted(around, 'Attribute', object.Attribute)
    return attributes === object.Attribute || attributes === undefined ? object : { ...object, Attribute: attributes }
  })
}

function partOf(around: MadeFrom, filler: Filler, name: string, before: Json | undefined): Json | undefined {
  switch (name) {
    case 'Attribute':
      return mapped(before, (row, i) => filler.attribute(row, i, '0'))
    case 'Object':
      return mapped(before, (row, i) => filler.object(row, i))
    case 'EventReport':
      return mapped(before, (row, i) => report(around, filler, row, i))
    default:
      return before ?? undefined
  }
}

function merged(row: JsonMap, more: JsonMap): JsonMap {
  const out: MutableMap = {}
  for (const name in row) put(out, name, row[name] as Json)
  for (const name in more) put(out, name, more[name] as Json)
  return out
}

export function report(around: MadeFrom, filler: Filler, row: JsonMap, index: number): JsonMap {
  const { made } = around
  return rows.completed('event report', row, rows.reportColumns, made, (name) => {
    if (name === 'id') return filler.id('event report', 'others')
    if (name === 'uuid') return filler.uuidFor('event report', `${index} ${idText(row.name)}`)
    if (name === 'event_id') return filler.eventId === '' ? undefined : (made.reference(name), filler.eventId)
    return name === 'timestamp' ? (made.date('event report', row), filler.timestamp) : undefined
  })
}

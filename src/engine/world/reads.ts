// What a run read of its world: the rows that look-ups answered, and the look-ups that found nothing. A world of these rows alone answers the
// same questions in the same way, wherever it is read again. Rows of the run's own data are not noted: its file has them.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RecordedWorld } from '../../contract/surroundings.ts'
import { at, isMap, values, withoutKeys, type MutableMap } from '../php/values.ts'
import { idText } from '../php/cast.ts'
import type { EventNeed, FoundAttribute, WorldBase } from './base.ts'
import { idKey, type BaseIndex } from './base-index.ts'
import type { Shown } from './galaxies.ts'
import { attributesOf, partOf } from './rows.ts'
import type { ReadWarninglist } from './warninglists.ts'
import type { Match } from './world.ts'

interface EventNote {
  /** Its columns and whose it is; else only that it is there. */
  columns: boolean
  all: boolean
  tags: boolean
  readonly attributes: Set<JsonMap>
  readonly shadows: Set<JsonMap>
  readonly sightings: Set<JsonMap>
  readonly reports: Set<Json>
  /** Ids that this event has before others. */
  readonly taken: { readonly attributes: Set<string>; readonly objects: Set<string>; readonly shadows: Set<string> }
}

interface ListNote {
  all: boolean
  readonly matches: Map<string, Match>
}

/** Names of look-ups that found nothing are kept up to here for each part. */
const mostMisses = 100

/** What lies below an event, at either place. */
const below = [
  ...['Attribute', 'Object', 'ShadowAttribute', 'EventReport', 'Galaxy', 'RelatedEvent', 'CryptographicKey'],
  'Sighting'
]
const tagParts = ['EventTag', 'Tag']

/** The reads of one run. */
export class WorldReads {
  #base: BaseIndex | null = null
  readonly asked = new Set<string>()
  readonly rows = new Map<string, Set<JsonMap>>()
  readonly events = new Map<JsonMap, EventNote>()
  readonly objects = new Map<string, JsonMap>()
  readonly tags = new Map<string, JsonMap>()
  readonly last = new Map<string, number>()
  readonly galaxies = new Map<string, Shown>()
  readonly lists = new Map<string, ListNote>()
  readonly misses = new Map<string, Set<string>>()

  of(base: BaseIndex): WorldBase {
    this.#base = base
    return new NotedBase(base, this)
  }

  miss(part: string, what: string): void {
    let misses = this.misses.get(part)
    if (misses === undefined) this.misses.set(part, (misses = new Set()))
    if (misses.size <= mostMisses) misses.add(what)
  }

  /** The rows that were read, in the order of the world. */
  world(): RecordedWorld {
    const base = this.#base
    if (base === null) return { parts: {}, misses: {} }
    if (base.has('events')) for (const event of this.#wholeEvents(base)) this.#noteTaken(base, event)
    const parts: { [part: string]: readonly Json[] } = {}
    // Whether there are events decides where the run's own one stands.
    for (const part of new Set(['events', ...this.asked])) if (base.has(part)) parts[part] = this.#rowsOf(part, base)
    const misses: { [part: string]: readonly string[] } = {}
    for (const [part, names] of this.misses) misses[part] = [...names].slice(0, mostMisses)
    return { parts, misses, ...this.#seed(base) }
  }

  #wholeEvents({ own }: BaseIndex): readonly JsonMap[] {
    const whole = [...this.events].filter(([, { all }]) => all).map(([event]) => event)
    return own === undefined ? whole : [own, ...whole]
  }

  /** Ids below an event that is there as a whole and that another event has, too: which one is found then, the other's row decides. */
  #noteTaken(base: BaseIndex, event: JsonMap): void {
    const { attributes, objects, shadows } = base.looked
    const taken = (other: JsonMap | undefined): EventNote | null =>
      other === undefined || other === event || other === base.own ? null : this.note(other)
    if (attributes) {
      for (const [{ id }] of attributesOf(event)) {
        const found = base.attribute(idKey(id))
        const note = found && taken(base.event(found.eventId))
        if (found && note && !note.attributes.has(found.row)) note.taken.attributes.add(idKey(id))
      }
    }
    if (objects) {
      for (const object of values(partOf(event, 'Object'))) {
        const id = idKey(at(object, 'id'))
        if (this.objects.has(id)) continue
        taken(base.event(idKey(base.object(id)?.event_id)))?.taken.objects.add(id)
      }
    }
    if (!shadows) return
    for (const [{ ShadowAttribute: below }] of [[event], ...attributesOf(event)] as [JsonMap][]) {
      for (const shadow of values(below ?? partOf(event, 'ShadowAttribute'))) {
        const id = idKey(at(shadow, 'id'))
        const found = base.shadow(id)
        const note = taken(base.eventOfShadow(id))
        if (found && note && !note.shadows.has(found)) note.taken.shadows.add(id)
      }
    }
  }

  note(event: JsonMap): EventNote {
    let note = this.events.get(event)
    if (note === undefined) this.events.set(event, (note = newNote()))
    return note
  }

  #rowsOf(part: string, base: BaseIndex): readonly Json[] {
    if (part === 'events') return this.#eventRows(base)
    if (part === 'warninglists') return this.#listRows(base)
    // Tags are kept as they were found.
    if (part === 'tags') return []
    const read = this.rows.get(part)
    return read === undefined ? [] : base.rows(part).filter((row) => read.has(row))
  }

  #eventRows(base: BaseIndex): readonly Json[] {
    const given = Array.isArray(base.data.events) ? (base.data.events as readonly JsonMap[]) : []
    const ownId = base.own === undefined ? null : idKey(at(base.own.Event, 'id'))
    return given.filter(isMap).flatMap((raw) => {
      const event = isMap(raw['response']) ? raw['response'] : raw
      const note = this.events.get(event)
      // Its place is the one of the event that the run's own data stands for.
      const isPlace = ownId !== null && idKey(at(event.Event, 'id')) === ownId
      if (note === undefined) return isPlace ? [{ Event: { id: at(event.Event, 'id') ?? null } }] : []
      return [note.all ? event : partOfEvent(event, note)]
    })
  }

  #listRows(base: BaseIndex): readonly Json[] {
    return [...base.warninglists().values()].flatMap(({ row, entries }) => {
      const note = this.lists.get(row.id)
      if (note === undefined || (!note.all && note.matches.size === 0)) return []
      const { types, ...columns } = row
      const list = { ...columns, matching_attributes: types }
      const matches = [...note.matches].map(([value, match]) => [value, match])
      return [{ ...list, list: note.all ? entries() : [], ...(matches.length > 0 ? { matches } : {}) }] as Json[]
    })
  }

  #seed({ data }: BaseIndex): Pick<RecordedWorld, 'tags' | 'objects' | 'last' | 'galaxies'> {
    const galaxies = [...this.galaxies].map(([tag, { galaxy, cluster }]) => ({ tag, galaxy, cluster }))
    const hasTags = data.tags !== undefined || data.events !== undefined
    return {
      ...(hasTags ? { tags: [...this.tags.values()] } : {}),
      ...(this.objects.size > 0 ? { objects: [...this.objects.values()] } : {}),
      ...(this.last.size > 0 ? { last: Object.fromEntries(this.last) } : {}),
      ...(galaxies.length > 0 ? { galaxies } : {})
    }
  }
}

/** An event with only what was read of it. */
function partOfEvent(event: JsonMap, note: EventNote): JsonMap {
  const id = at(event.Event, 'id') ?? null
  const dropped = note.tags ? below : [...below, ...tagParts]
  const own = isMap(event.Event) ? withoutKeys(event.Event, dropped) : { id }
  const rows: MutableMap =
    note.columns || note.tags ? { ...withoutKeys(event, dropped), Event: own } : { Event: { id } }
  const { taken } = note
  const put = (name: string, found: ReadonlySet<Json>, ids: ReadonlySet<string> = new Set()): void => {
    const only = [...ids].map((each): JsonMap => ({ id: each, event_id: id, object_id: '0' }))
    if (found.size + only.length > 0) rows[name] = [...found, ...only]
  }
  put('Attribute', note.attributes, taken.attributes)
  put('Object', new Set(), taken.objects)
  put('ShadowAttribute', note.shadows, taken.shadows)
  put('Sighting', note.sightings)
  put('EventReport', note.reports)
  return rows
}

class NotedBase implements WorldBase {
  readonly #tagLists = new WeakSet<object>()

  constructor(
    private readonly base: BaseIndex,
    private readonly reads: WorldReads
  ) {}

  has(part: string): boolean {
    this.reads.asked.add(part)
    return this.base.has(part)
  }

  #note(event: JsonMap | undefined): EventNote | null {
    if (event === undefined || event === this.base.own) return null
    return this.reads.note(event)
  }

  event(id: string, need: EventNeed): JsonMap | undefined {
    const event = this.base.event(id)
    const note = this.#note(event)
    if (event === undefined) this.reads.miss('events', id)
    if (note !== null) note.columns = true
    if (note !== null && need === 'all') note.all = true
    return event
  }

  eventIdByUuid(uuid: string): string | undefined {
    const id = this.base.eventIdByUuid(uuid)
    if (id === undefined) this.reads.miss('events', uuid)
    else this.event(id, 'columns')
    return id
  }

  eventIds(): readonly string[] {
    for (const event of this.base.events) this.#note(event)
    return this.base.eventIds()
  }

  eventTags(id: string): readonly JsonMap[] {
    const note = this.#note(this.base.event(id))
    if (note !== null) note.tags = true
    return this.#tagsOf(this.base.eventTags(id))
  }

  /** Which tags the rows name depends on all tags that are known. */
  #tagsOf(rows: readonly JsonMap[]): readonly JsonMap[] {
    if (rows.length === 0 || this.#tagLists.has(rows)) return rows
    this.#tagLists.add(rows)
    for (const row of rows) this.#noteTag(this.base.knownTag(idText(row.tag_id)))
    return rows
  }

  #noteTag(tag: JsonMap | undefined): void {
    if (tag !== undefined) this.reads.tags.set(idText(tag.id), tag)
  }

  shownOrganisation(id: string): JsonMap | undefined {
    const found = this.base.showing(id)
    if (found === undefined) this.reads.miss('organisations', id)
    const note = this.#note(found?.event)
    if (note !== null) note.columns = true
    return found?.organisation
  }

  sightings(eventId: string, attributeId: string): readonly JsonMap[] {
    const found = this.base.sightings(eventId, attributeId)
    const note = this.#note(this.base.event(eventId))
    if (note !== null) for (const sighting of found) note.sightings.add(sighting)
    return found
  }

  report(fits: (report: Json) => boolean): ReturnType<WorldBase['report']> {
    const found = this.base.report(fits)
    const note = this.#note(found?.event)
    if (note !== null && found !== undefined) note.reports.add(found.report)
    return found
  }

  attribute(id: string): FoundAttribute | undefined {
    const found = this.base.attribute(id)
    if (found === undefined) this.reads.miss('attributes', id)
    else this.#note(this.base.event(found.eventId))?.attributes.add(found.row)
    return found
  }

  attributeTags(attribute: JsonMap): readonly JsonMap[] {
    return this.#tagsOf(this.base.attributeTags(attribute))
  }

  attributeIdByUuid(uuid: string): string | undefined {
    const id = this.base.attributeIdByUuid(uuid)
    if (id === undefined) this.reads.miss('attributes', uuid)
    else this.attribute(id)
    return id
  }

  attributeIdByValue(eventId: string, key: string): string | undefined {
    const id = this.base.attributeIdByValue(eventId, key)
    if (id === undefined) this.reads.miss('attributes', key.replaceAll('\0', ' '))
    else this.attribute(id)
    return id
  }

  object(id: string): JsonMap | undefined {
    const found = this.base.object(id)
    if (found === undefined) this.reads.miss('objects', id)
    // The run's own objects are not noted.
    else if (this.#note(this.base.event(idKey(found.event_id))) !== null) this.reads.objects.set(id, found)
    return found
  }

  shadow(id: string): JsonMap | undefined {
    const found = this.base.shadow(id)
    if (found === undefined) this.reads.miss('shadow_attributes', id)
    else this.#note(this.base.eventOfShadow(id))?.shadows.add(found)
    return found
  }

  tag(id: string): JsonMap | undefined {
    this.reads.asked.add('tags')
    const tag = this.base.tag(id)
    if (tag === undefined) this.reads.miss('tags', id)
    this.#noteTag(tag)
    return tag
  }

  tagByName(lowerName: string): JsonMap | undefined {
    this.reads.asked.add('tags')
    const tag = this.base.tagByName(lowerName)
    if (tag === undefined) this.reads.miss('tags', lowerName)
    this.#noteTag(tag)
    return tag
  }

  galaxy(tagName: string): Shown | null {
    const found = this.base.galaxy(tagName)
    if (found === null) this.reads.miss('galaxy_clusters', tagName)
    else if (!found.own) this.reads.galaxies.set(tagName.toLowerCase(), found)
    return found
  }

  warninglists(): ReadonlyMap<string, ReadWarninglist> {
    this.reads.asked.add('warninglists')
    return this.base.warninglists()
  }

  #list(id: string): ListNote {
    let note = this.reads.lists.get(id)
    if (note === undefined) this.reads.lists.set(id, (note = { all: false, matches: new Map() }))
    return note
  }

  warninglistEntries(id: string, use: 'all' | 'match'): readonly string[] {
    this.reads.asked.add('warninglists')
    if (use === 'all') this.#list(id).all = true
    return this.base.warninglistEntries(id)
  }

  matched(id: string, value: string, match: Match): void {
    this.#list(id).matches.set(value, match)
  }

  #row(part: string, row: JsonMap | undefined): void {
    this.reads.asked.add(part)
    if (row === undefined) return
    let rows = this.reads.rows.get(part)
    if (rows === undefined) this.reads.rows.set(part, (rows = new Set()))
    rows.add(row)
  }

  partRow(part: string, id: string): JsonMap | undefined {
    const row = this.base.partRow(part, id)
    if (row === undefined) this.reads.miss(part, id)
    this.#row(part, row)
    return row
  }

  find(part: string, fits: (row: JsonMap) => boolean): JsonMap | undefined {
    const row = this.base.find(part, fits)
    this.#row(part, row)
    return row
  }

  filter(part: string, fits: (row: JsonMap) => boolean): readonly JsonMap[] {
    const rows = this.base.filter(part, fits)
    this.reads.asked.add(part)
    for (const row of rows) this.#row(part, row)
    return rows
  }

  last(table: string): number {
    const last = this.base.last(table)
    this.reads.last.set(table, last)
    return last
  }
}

const newNote = (): EventNote => ({
  ...{ columns: false, all: false, tags: false },
  ...{ attributes: new Set(), shadows: new Set(), sightings: new Set(), reports: new Set() },
  taken: { attributes: new Set(), objects: new Set(), shadows: new Set() }
})

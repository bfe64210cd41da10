// What a run read of its world: the rows that look-ups answered, and the look-ups that found nothing. A world of these rows alone answers the
// same questions in the same way, wherever it is read again. Rows of the run's own data are not noted: its file has them.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RecordedWorld } from '../../contract/surroundings.ts'
import { at, isMap, values, withoutKeys, type MutableMap } from '../php/values.ts'
import type { WorldBase } from './base.ts'
import type { BaseIndex } from './base-index.ts'
import { idKey } from './columns.ts'
import { NotedBase } from './noted-base.ts'
import { mostMisses, ReadNotes, type EventNote } from './read-notes.ts'
import { attributesOf, partOf } from './rows.ts'

/** What lies below an event, at either place. */
const below = [
  ...['Attribute', 'Object', 'ShadowAttribute', 'EventReport', 'Galaxy', 'RelatedEvent', 'CryptographicKey'],
  'Sighting'
]
const tagParts = ['EventTag', 'Tag']

/** The reads of one run. */
export class WorldReads {
  #base: BaseIndex | null = null
  readonly #notes = new ReadNotes()

  of(base: BaseIndex): WorldBase {
    this.#base = base
    return new NotedBase(base, this.#notes)
  }

  /** The rows that were read, in the order of the world. */
  world(): RecordedWorld {
    const base = this.#base
    if (base === null) return { parts: {}, misses: {} }
    if (base.has('events')) for (const event of this.#wholeEvents(base)) this.#noteTaken(base, event)
    const parts: { [part: string]: readonly Json[] } = {}
    // Whether there are events decides where the run's own one stands.
    for (const part of new Set(['events', ...this.#notes.asked]))
      if (base.has(part)) parts[part] = this.#rowsOf(part, base)
    const misses: { [part: string]: readonly string[] } = {}
    for (const [part, names] of this.#notes.misses) misses[part] = [...names].slice(0, mostMisses)
    return { parts, misses, ...this.#seed(base) }
  }

  #wholeEvents({ own }: BaseIndex): readonly JsonMap[] {
    const whole = [...this.#notes.events].filter(([, { all }]) => all).map(([event]) => event)
    return own === undefined ? whole : [own, ...whole]
  }

  /** Ids below an event that is there as a whole and that another event has, too: which one is found then, the other's row decides. */
  #noteTaken(base: BaseIndex, event: JsonMap): void {
    const { attributes, objects, shadows } = base.looked
    const taken = (other: JsonMap | undefined): EventNote | null =>
      other === undefined || other === event || other === base.own ? null : this.#notes.note(other)
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
        if (this.#notes.objects.has(id)) continue
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

  #rowsOf(part: string, base: BaseIndex): readonly Json[] {
    if (part === 'events') return this.#eventRows(base)
    if (part === 'warninglists') return this.#listRows(base)
    // Tags are kept as they were found.
    if (part === 'tags') return []
    const read = this.#notes.rows.get(part)
    return read === undefined ? [] : base.rows(part).filter((row) => read.has(row))
  }

  #eventRows(base: BaseIndex): readonly Json[] {
    const given = Array.isArray(base.data.events) ? (base.data.events as readonly JsonMap[]) : []
    const ownId = base.own === undefined ? null : idKey(at(base.own.Event, 'id'))
    return given.filter(isMap).flatMap((raw) => {
      const event = isMap(raw['response']) ? raw['response'] : raw
      const note = this.#notes.events.get(event)
      // Its place is the one of the event that the run's own data stands for.
      const isPlace = ownId !== null && idKey(at(event.Event, 'id')) === ownId
      if (note === undefined) return isPlace ? [{ Event: { id: at(event.Event, 'id') ?? null } }] : []
      return [note.all ? event : partOfEvent(event, note)]
    })
  }

  #listRows(base: BaseIndex): readonly Json[] {
    return [...base.warninglists().values()].flatMap(({ row, entries }) => {
      const note = this.#notes.lists.get(row.id)
      if (note === undefined || (!note.all && note.matches.size === 0)) return []
      const { types, ...columns } = row
      const list = { ...columns, matching_attributes: types }
      const matches = [...note.matches].map(([value, match]) => [value, match])
      return [{ ...list, list: note.all ? entries() : [], ...(matches.length > 0 ? { matches } : {}) }] as Json[]
    })
  }

  #seed({ data }: BaseIndex): Pick<RecordedWorld, 'tags' | 'objects' | 'last' | 'galaxies'> {
    const galaxies = [...this.#notes.galaxies].map(([tag, { galaxy, cluster }]) => ({ tag, galaxy, cluster }))
    const hasTags = data.tags !== undefined || data.events !== undefined
    return {
      ...(hasTags ? { tags: [...this.#notes.tags.values()] } : {}),
      ...(this.#notes.objects.size > 0 ? { objects: [...this.#notes.objects.values()] } : {}),
      ...(this.#notes.last.size > 0 ? { last: Object.fromEntries(this.#notes.last) } : {}),
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

// Makes up what saving would make up in the things of one event: ids, references, defaults, dates. What is there stays, and
// rows without anything to add are not copied.
import { largest } from '../../../contract/lists.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import { idText } from '../../php/cast.ts'
import { at, isEmpty, isList, isMap, put, values, withKey, type MutableMap } from '../../php/values.ts'
import { dateOf, secondsOf } from '../../world/dates.ts'
import { attributeTypes } from '../../world/models/attribute-types.ts'
import type { WorldData } from '../../world/world.ts'
import { uuidOf } from './content-uuid.ts'
import { KnownIds } from './known-ids.ts'
import type { MadeUp, Noun } from './made-up.ts'
import * as rows from './rows.ts'

/** What MISP's own answers come out of. */
export interface Surroundings {
  readonly world: WorldData
  readonly settings: JsonMap
  /** Unix seconds, where somebody said what time it is; else the data's own dates have to do. */
  readonly now?: number | undefined
  readonly made: MadeUp
}

/** The date of data that says none at all: nothing that is made up may depend on when the run is. */
const noDate = 1_704_067_200

/** MISP fires before it saves: there are no ids yet. */
export interface Saved {
  readonly isSaved: boolean
}

export class Filler {
  readonly #made: MadeUp
  readonly #ids: KnownIds
  readonly #uuid: string
  readonly #host: string
  readonly #known: JsonMap | null
  #knownAttributes: ReadonlyMap<string, string> | null = null
  #timestamp: string | null = null
  #row: JsonMap | null = null
  readonly #organisations = new Map<'Org' | 'Orgc', JsonMap>()
  readonly #tagsMade = new Set<string>()
  /** Of the event that everything belongs to; empty before it is saved. */
  readonly eventId: string

  constructor(
    private readonly around: Surroundings,
    /** The event's own columns, as given. */
    private readonly event: JsonMap,
    /** What was given, with the things of the event in or beside it. */
    private readonly given: JsonMap,
    private readonly saved: Saved
  ) {
    this.#made = around.made
    const host = around.settings['MISP.host_org_id']
    this.#host = isEmpty(host) ? '1' : idText(host)
    this.#ids = new KnownIds(around.world, given, this.#host)
    this.#known = this.#ids.eventWithUuid(idText(event.uuid))
    this.#uuid = rows.isMissing('uuid', event.uuid) ? uuidOf(this.#seed()) : idText(event.uuid)
    this.eventId = this.#idOfEvent()
  }

  /** The event as the world has it already. */
  get known(): JsonMap | null {
    return this.#known ?? (this.eventId === '' ? null : this.#ids.eventWithId(this.eventId))
  }

  #seed(): string {
    const { info = '', date = '', timestamp = '', id = '' } = this.event
    const content = JSON.stringify([info, date, timestamp, id])
    const first = this.#rowsGiven()
      .slice(0, 50)
      .map((row) => `${idText(row.uuid)} ${idText(row.type)} ${idText(row.value)}`)
    return `event\n${content}\n${first.join('\n')}`
  }

  #idOfEvent(): string {
    if (!rows.isMissing('id', this.event.id)) return idText(this.event.id)
    if (!this.saved.isSaved) return ''
    const known = idText(at(this.#known?.Event, 'id'))
    if (known !== '') return known
    const told = this.#rowsGiven().find((row) => !rows.isMissing('event_id', row.event_id))
    return told ? idText(told.event_id) : this.#ids.next('events')
  }

  #rowsGiven(): JsonMap[] {
    const part = (name: string): Json => this.given[name] ?? this.event[name] ?? null
    const own = [
      part('Attribute'),
      part('Object'),
      part('Sighting'),
      part('ShadowAttribute'),
      part('EventReport'),
      part('Tag')
    ]
    return own.flatMap((rows) => (isList(rows) ? [...rows] : [rows])).filter(isMap)
  }

  /** When it happened, as far as the data says. */
  get timestamp(): string {
    if (this.#timestamp !== null) return this.#timestamp
    const { timestamp, publish_timestamp: published, date } = this.event
    const of = (value: Json | undefined): number => Number(idText(value)) || 0
    const inside = (): number =>
      largest(
        this.#rowsGiven().map((row) => of(row.timestamp ?? row.date_sighting)),
        0
      )
    const day = typeof date === 'string' ? (secondsOf(date) ?? 0) : 0
    const found = of(timestamp) || inside() || of(published) || day || this.around.now || noDate
    return (this.#timestamp = String(Math.floor(found)))
  }

  uuidFor(noun: Noun, seed: string): string {
    this.#made.uuid(noun)
    return uuidOf(`${noun}\n${this.#uuid}\n${seed}`)
  }

  id(noun: Noun, table: Parameters<KnownIds['next']>[0], known?: string): string | undefined {
    if (!this.saved.isSaved) return undefined
    this.#made.id(noun)
    return known ?? this.#ids.next(table)
  }

  /** The columns of the event that everything belongs to. */
  eventRow(): JsonMap {
    return (this.#row ??= this.#eventRow())
  }

  #eventRow(): JsonMap {
    const made = this.#made
    return rows.completed('event', this.event, rows.eventColumns, made, (name) => {
      switch (name) {
        case 'id':
          return this.eventId === '' ? undefined : (made.id('event'), this.eventId)
        case 'uuid':
          return (made.uuid('event'), this.#uuid)
        case 'org_id':
          return this.#organisation('Org')
        case 'orgc_id':
          return this.#organisation('Orgc')
        case 'timestamp':
          return (made.date('event', this.event), this.timestamp)
        case 'date':
          return (made.date('event', this.event), dateOf(Number(this.timestamp)))
        case 'threat_level_id':
          return this.#setting('MISP.default_event_threat_level')
        case 'distribution':
          return this.#setting('MISP.default_event_distribution')
        case 'attribute_count':
          return String(this.#attributesGiven())
        default:
          return undefined
      }
    })
  }

  #setting(name: string): string | undefined {
    const value = this.around.settings[name]
    return isEmpty(value) || typeof value === 'object' ? undefined : idText(value)
  }

  #attributesGiven(): number {
    const part = (name: string): readonly Json[] => values(this.given[name] ?? this.event[name])
    return (
      part('Attribute').length +
      part('Object').reduce<number>((sum, object) => sum + values(at(object, 'Attribute')).length, 0)
    )
  }

  #shown(name: 'Org' | 'Orgc'): JsonMap {
    const shown = this.given[name] ?? this.event[name]
    return isMap(shown) ? shown : {}
  }

  #organisation(name: 'Org' | 'Orgc'): string {
    this.#made.reference(name === 'Org' ? 'org_id' : 'orgc_id')
    return this.#organisationId(name)
  }

  #organisationId(name: 'Org' | 'Orgc'): string {
    const shown = this.#shown(name)
    const column = this.event[name === 'Org' ? 'org_id' : 'orgc_id']
    const given = rows.isMissing('org_id', column) ? idText(shown.id) : idText(column)
    if (given !== '') return given
    if (name === 'Org' && isEmpty(shown)) return this.#host
    if (isEmpty(shown)) return this.#organisationId('Org')
    return this.#ids.organisation(idText(shown.uuid) || idText(shown.name), '')
  }

  /** The organisation as Event::fetchEvent shows it. */
  organisation(name: 'Org' | 'Orgc'): JsonMap {
    const known = this.#organisations.get(name) ?? this.#organisationRow(name)
    this.#organisations.set(name, known)
    return known
  }

  #organisationRow(name: 'Org' | 'Orgc'): JsonMap {
    const id = this.#organisationId(name)
    const base = this.#shown(name)
    if (isEmpty(base) && name === 'Orgc' && id === this.#organisationId('Org')) return this.organisation('Org')
    const made = this.#made
    return rows.completed('organisation', base, rows.organisationColumns, made, (column) => {
      if (column === 'id') return id
      if (column === 'name') return id === this.#host ? 'ORGNAME' : `Organisation ${id}`
      made.uuid('organisation')
      return uuidOf(`organisation\n${idText(base.name)}\n${id}`)
    })
  }

  /** `object`: the id of the object that it stands in, '0' for none, undefined where only the attribute itself says. */
  attribute(row: JsonMap, index: number, object?: string): JsonMap {
    const made = this.#made
    const out = rows.completed('attribute', row, rows.attributeColumns, made, (name) => {
      switch (name) {
        case 'id':
          return this.id('attribute', 'attributes', this.#knownAttribute(idText(row.uuid)))
        case 'uuid':
          return this.uuidFor('attribute', `${object ?? ''} ${index} ${idText(row.type)} ${idText(row.value)}`)
        case 'event_id':
          return this.eventId === '' ? undefined : (made.reference('event_id'), this.eventId)
        case 'object_id':
          if (object === undefined || object === '0') return (made.fallback('attribute', row, name), '0')
          return object === '' ? undefined : (made.reference(name), object)
        case 'timestamp':
          return (made.date('attribute', row), this.timestamp)
        case 'category':
        case 'to_ids':
          return this.#ofType(row, name)
        case 'distribution':
          return this.#attributeDistribution()
        default:
          return undefined
      }
    })
    return this.tagged(this.#inObject(out, object))
  }

  #inObject(attribute: JsonMap, object: string | undefined): JsonMap {
    if (object === undefined || object === '0' || object === '') return attribute
    if (!isEmpty(attribute.object_id)) return attribute
    this.#made.reference('object_id')
    return withKey(attribute, 'object_id', object)
  }

  #ofType(row: JsonMap, name: string): Json | undefined {
    const known = attributeTypes.get(idText(row.type))
    if (known === undefined) return undefined
    this.#made.fallback('attribute', row, name)
    return name === 'category' ? known.category : known.toIds
  }

  #attributeDistribution(): string | undefined {
    const level = this.#setting('MISP.default_attribute_distribution')
    return level === 'event' ? '5' : level
  }

  #knownAttribute(uuid: string): string | undefined {
    if (this.#known === null || uuid === '') return undefined
    if (this.#knownAttributes === null) {
      const own = [...values(this.#known.Attribute ?? at(this.#known.Event, 'Attribute'))]
      this.#knownAttributes = new Map(own.map((row) => [idText(at(row, 'uuid')), idText(at(row, 'id'))]))
    }
    const id = this.#knownAttributes.get(uuid)
    return id === '' ? undefined : id
  }

  tagged(row: JsonMap): JsonMap {
    const tags = row.Tag
    if (!isList(tags) || tags.length === 0) return row
    const filled = mapped(tags, (tag) => this.tag(tag))
    return filled === tags || filled === undefined ? row : withKey(row, 'Tag', filled)
  }

  tag(row: JsonMap, columns = rows.tagColumns): JsonMap {
    const made = this.#made
    return rows.completed('tag', row, columns, made, (name) => {
      switch (name) {
        case 'id': {
          if (isEmpty(row.name)) return undefined
          this.#countTag(idText(row.name))
          return this.#ids.tag(idText(row.name), '')
        }
        case 'colour':
          made.fallback('tag', row, name)
          return `#${uuidOf(idText(row.name)).slice(0, 6)}`
        case 'is_galaxy':
          made.fallback('tag', row, name)
          return idText(row.name).startsWith('misp-galaxy:')
        case 'event_id':
          return (made.reference(name), this.eventId)
        default:
          return undefined
      }
    })
  }

  /** A tag is one, however many things have it. */
  #countTag(name: string): void {
    if (!this.#tagsMade.has(name)) this.#made.id('tag')
    this.#tagsMade.add(name)
  }

  object(row: JsonMap, index: number): JsonMap {
    const made = this.#made
    const out = rows.completed('object', row, rows.objectColumns, made, (name) => {
      switch (name) {
        case 'id':
          return this.id('object', 'objects')
        case 'uuid':
          return this.uuidFor('object', `${index} ${idText(row.name)}`)
        case 'event_id':
          return this.eventId === '' ? undefined : (made.reference(name), this.eventId)
        case 'timestamp':
          return (made.date('object', row), this.timestamp)
        default:
          return undefined
      }
    })
    return this.#objectParts(out)
  }

  #objectParts(object: JsonMap): JsonMap {
    const id = idText(object.id)
    const attributes = mapped(object.Attribute, (row, i) => this.attribute(row, i, id))
    const references = mapped(object.ObjectReference, (row, i) => this.#reference(row, i, object))
    if (attributes === object.Attribute && references === object.ObjectReference) return object
    const out: MutableMap = {}
    for (const name in object) put(out, name, object[name] as Json)
    if (attributes !== undefined) out.Attribute = attributes
    if (references !== undefined) out.ObjectReference = references
    return out
  }

  #reference(row: JsonMap, index: number, object: JsonMap): JsonMap {
    const made = this.#made
    return rows.completed('object reference', row, rows.referenceColumns, made, (name) => {
      if (name === 'id') return this.id('object reference', 'others')
      if (name === 'uuid') return this.uuidFor('object reference', `${idText(object.uuid)} ${index}`)
      if (name === 'timestamp') return (made.date('object reference', row), this.timestamp)
      if (name === 'source_uuid') return (made.reference(name), object.uuid)
      if (name !== 'object_id' && name !== 'event_id') return undefined
      const value = name === 'object_id' ? object.id : this.eventId
      return isEmpty(value) ? undefined : (made.reference(name), value)
    })
  }
}

/** The list itself when no row changed; what is no row stays. */
export function mapped(list: Json | undefined, change: (row: JsonMap, index: number) => JsonMap): Json | undefined {
  if (!isList(list)) return list
  let out: Json[] | null = null
  for (let i = 0; i < list.length; i++) {
    const before = list[i] as Json
    const after = isMap(before) ? change(before, i) : before
    if (after !== before) (out ??= list.slice())[i] = after
  }
  return out ?? list
}

// Makes up what saving would make up of one event itself: its ids, dates and organisations. What is there stays, and rows without anything to add
// are not copied.
import { largest } from '../../../contract/lists.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import { idText } from '../../php/cast.ts'
import { at, isEmpty, isList, isMap, values } from '../../php/values.ts'
import { dateOf, secondsOf } from '../../world/dates.ts'
import type { WorldData } from '../../world/world.ts'
import { uuidOf } from './content-uuid.ts'
import { KnownIds } from './known-ids.ts'
import type { MadeUp, Noun } from './made-up.ts'
import * as rows from './rows.ts'

/** What MISP's own answers come out of. */
export interface MadeFrom {
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

export class EventFiller {
  protected readonly made: MadeUp
  protected readonly ids: KnownIds
  readonly #uuid: string
  readonly #host: string
  /** By its uuid. */
  protected readonly stored: JsonMap | null
  #timestamp: string | null = null
  #row: JsonMap | null = null
  readonly #organisations = new Map<'Org' | 'Orgc', JsonMap>()
  /** Of the event that everything belongs to; empty before it is saved. */
  readonly eventId: string

  constructor(
    private readonly around: MadeFrom,
    /** The event's own columns, as given. */
    private readonly event: JsonMap,
    /** What was given, with the things of the event in or beside it. */
    private readonly given: JsonMap,
    private readonly saved: Saved
  ) {
    this.made = around.made
    const host = around.settings['MISP.host_org_id']
    this.#host = isEmpty(host) ? '1' : idText(host)
    this.ids = new KnownIds(around.world, given, this.#host)
    this.stored = this.ids.eventWithUuid(idText(event.uuid))
    this.#uuid = rows.isMissing('uuid', event.uuid) ? uuidOf(this.#seed()) : idText(event.uuid)
    this.eventId = this.#idOfEvent()
  }

  /** The event as the world has it already. */
  get known(): JsonMap | null {
    return this.stored ?? (this.eventId === '' ? null : this.ids.eventWithId(this.eventId))
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
    const known = idText(at(this.stored?.Event, 'id'))
    if (known !== '') return known
    const told = this.#rowsGiven().find((row) => !rows.isMissing('event_id', row.event_id))
    return told ? idText(told.event_id) : this.ids.next('events')
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
    this.made.uuid(noun)
    return uuidOf(`${noun}\n${this.#uuid}\n${seed}`)
  }

  id(noun: Noun, table: Parameters<KnownIds['next']>[0], known?: string): string | undefined {
    if (!this.saved.isSaved) return undefined
    this.made.id(noun)
    return known ?? this.ids.next(table)
  }

  /** The columns of the event that everything belongs to. */
  eventRow(): JsonMap {
    return (this.#row ??= this.#eventRow())
  }

  #eventRow(): JsonMap {
    const made = this.made
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
          return this.setting('MISP.default_event_threat_level')
        case 'distribution':
          return this.setting('MISP.default_event_distribution')
        case 'attribute_count':
          return String(this.#attributesGiven())
        default:
          return undefined
      }
    })
  }

  protected setting(name: string): string | undefined {
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
    this.made.reference(name === 'Org' ? 'org_id' : 'orgc_id')
    return this.#organisationId(name)
  }

  #organisationId(name: 'Org' | 'Orgc'): string {
    const shown = this.#shown(name)
    const column = this.event[name === 'Org' ? 'org_id' : 'orgc_id']
    const given = rows.isMissing('org_id', column) ? idText(shown.id) : idText(column)
    if (given !== '') return given
    if (name === 'Org' && isEmpty(shown)) return this.#host
    if (isEmpty(shown)) return this.#organisationId('Org')
    return this.ids.organisation(idText(shown.uuid) || idText(shown.name), '')
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
    const made = this.made
    return rows.completed('organisation', base, rows.organisationColumns, made, (column) => {
      if (column === 'id') return id
      if (column === 'name') return id === this.#host ? 'ORGNAME' : `Organisation ${id}`
      made.uuid('organisation')
      return uuidOf(`organisation\n${idText(base.name)}\n${id}`)
    })
  }
}

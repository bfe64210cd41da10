// Indexes over the data of a world, built when first asked and shared by all handles made from that data.
import type { Json, JsonMap } from '../../contract/json.ts'
import { objectRowOf, tagRowOf } from './columns.ts'
import { GalaxyIndex, type Shown } from './galaxies.ts'
import type { EventNeed, FoundAttribute, WorldBase, WorldSeed } from './base.ts'
import { isMap, at, values } from '../php/values.ts'
import { idText } from '../php/cast.ts'
import { largest } from '../../contract/lists.ts'
import { attributesOf, attributeTagRows, eventTagRows, partOf, valueKey } from './rows.ts'
import { readWarninglists, type ReadWarninglist } from './warninglists.ts'
import type { WorldData } from './world.ts'

/** MySQL's reading of an id column's value: leading digits. */
export function idKey(value: Json | undefined): string {
  const text = idText(value)
  if (/^[1-9]\d*$/.test(text)) return text
  const digits = /^\s*0*(\d+)/.exec(text)
  return digits?.[1] ?? ''
}

const rowsIn = (value: unknown, name: string): readonly JsonMap[] =>
  Array.isArray(value)
    ? (value as Json[]).filter(isMap).map((row) => {
        const inner = row[name]
        return isMap(inner) ? inner : row
      })
    : []

/** In place of the world's own, for which whoever gave it has looked. */
function withEvent(events: readonly JsonMap[], own: readonly JsonMap[]): readonly JsonMap[] {
  const [event] = own
  if (event === undefined) return events
  const id = idKey(at(event.Event, 'id'))
  const place = events.findIndex((known) => idKey(at(known.Event, 'id')) === id)
  return place < 0 ? [...events, event] : events.with(place, event)
}

interface TagIndex {
  readonly byId: Map<string, JsonMap>
  readonly byName: Map<string, JsonMap>
  last: number
}

/** The model that MISP's API wraps the rows of a part in. */
const models: { readonly [part: string]: string } = {
  event_blocklists: 'EventBlocklist',
  organisations: 'Organisation',
  roles: 'Role',
  sharing_groups: 'SharingGroup',
  threads: 'Thread',
  users: 'User',
  galaxies: 'Galaxy',
  galaxy_clusters: 'GalaxyCluster',
  decaying_models: 'DecayingModel'
}

export class BaseIndex implements WorldBase {
  readonly events: readonly JsonMap[]
  /** The event that was given beside the world. */
  readonly own: JsonMap | undefined
  /** By event: the attributes outside of objects by type, category and value. */
  private readonly valueIndexes = new Map<string, Map<string, string>>()
  private eventIndex: Map<string, JsonMap> | null = null
  private attributeIndex: Map<string, FoundAttribute> | null = null
  private attributeUuids: Map<string, string> | null = null
  private objectIndex: Map<string, JsonMap> | null = null
  private shadowIndex: Map<string, { readonly shadow: JsonMap; readonly event: JsonMap }> | null = null
  private tagIndex: TagIndex | null = null
  private galaxyIndex: GalaxyIndex | null = null
  private tagsScanned = false
  private lists: ReadonlyMap<string, ReadWarninglist> | null = null
  private readonly attributeTagIndex = new WeakMap<JsonMap, readonly JsonMap[]>()
  private readonly eventTagIndex = new Map<string, readonly JsonMap[]>()
  private readonly partIndexes = new Map<string, Map<string, JsonMap>>()
  private readonly parts = new Map<string, readonly JsonMap[]>()

  constructor(
    readonly data: WorldData,
    input: Json | undefined,
    private readonly seed: WorldSeed | null = null
  ) {
    const own = isMap(input) && isMap(input.Event) && idText(input.Event.id) !== '' ? [input] : []
    this.own = own[0]
    this.events = data.events === undefined ? own : withEvent(rowsIn(data.events, 'response'), own)
  }

  has(part: string): boolean {
    return this.data[part] !== undefined
  }

  event(id: string, _need: EventNeed = 'all'): JsonMap | undefined {
    if (this.eventIndex === null) {
      this.eventIndex = new Map()
      for (const event of this.events) {
        const key = idKey(at(event.Event, 'id'))
        if (key !== '' && !this.eventIndex.has(key)) this.eventIndex.set(key, event)
      }
    }
    return this.eventIndex.get(id)
  }

  eventIdByUuid(uuid: string): string | undefined {
    const event = this.events.find((candidate) => at(candidate.Event, 'uuid') === uuid)
    return event === undefined ? undefined : idKey(at(event.Event, 'id'))
  }

  eventIds(): readonly string[] {
    const ids = this.events.map((event) => Number(idKey(at(event.Event, 'id')))).filter((id) => id > 0)
    return ids.sort((a, b) => a - b).map(String)
  }

  /** An organisation as the first event that names it shows it. */
  shownOrganisation(id: string): JsonMap | undefined {
    return this.showing(id)?.organisation
  }

  showing(id: string): { readonly event: JsonMap; readonly organisation: JsonMap } | undefined {
    for (const event of this.events) {
      for (const name of ['Orgc', 'Org']) {
        const organisation = at(event, name) ?? at(event.Event, name)
        if (isMap(organisation) && idKey(organisation.id) === id) return { event, organisation }
      }
    }
    return undefined
  }

  sightings(eventId: string, attributeId: string): readonly JsonMap[] {
    return values(at(this.event(eventId), 'Sighting')).filter(
      (sighting): sighting is JsonMap => isMap(sighting) && idKey(sighting.attribute_id) === attributeId
    )
  }

  report(fits: (report: Json) => boolean): { readonly event: JsonMap; readonly report: Json } | undefined {
    for (const event of rowsIn(this.data.events, 'events')) {
      const report = [...values(at(event, 'EventReport')), ...values(at(event.Event, 'EventReport'))].find(fits)
      if (report !== undefined) return { event, report }
    }
    return undefined
  }

  /** Which ids below events were looked for. */
  get looked(): { readonly attributes: boolean; readonly objects: boolean; readonly shadows: boolean } {
    return {
      attributes: this.attributeIndex !== null,
      objects: this.objectIndex !== null,
      shadows: this.shadowIndex !== null
    }
  }

  private attributes(): Map<string, FoundAttribute> {
    if (this.attributeIndex !== null) return this.attributeIndex
    const index = new Map<string, FoundAttribute>()
    for (const event of this.events) {
      const eventId = idKey(at(event.Event, 'id'))
      for (const [row, object] of attributesOf(event)) {
        const key = idKey(row.id)
        if (key !== '' && !index.has(key)) index.set(key, { eventId, row: complete(row, eventId, object) })
      }
    }
    this.attributeIndex = index
    return index
  }

  /** The attribute as its event shows it. */
  attribute(id: string): FoundAttribute | undefined {
    return this.attributes().get(id)
  }

  /** The tag rows of an attribute; always the same ones, because they are told apart by identity. */
  attributeTags(attribute: JsonMap): readonly JsonMap[] {
    const known = this.attributeTagIndex.get(attribute)
    if (known !== undefined) return known
    const rows = attributeTagRows(attribute, this.tagId)
    this.attributeTagIndex.set(attribute, rows)
    return rows
  }

  attributeIdByUuid(uuid: string): string | undefined {
    if (this.attributeUuids === null) {
      this.attributeUuids = new Map()
      for (const [id, found] of this.attributes()) this.attributeUuids.set(idText(found.row.uuid), id)
    }
    return this.attributeUuids.get(uuid)
  }

  attributeIdByValue(eventId: string, key: string): string | undefined {
    let index = this.valueIndexes.get(eventId)
    if (index === undefined) {
      index = new Map()
      for (const [id, { row, eventId: of }] of this.attributes()) {
        if (of !== eventId || idKey(row.object_id) !== '0' || row.deleted === true) continue
        if (!index.has(valueKey(row))) index.set(valueKey(row), id)
      }
      this.valueIndexes.set(eventId, index)
    }
    return index.get(key)
  }

  last(table: string): number {
    return this.seed?.last[table] ?? this.countLast(table)
  }

  private countLast(table: string): number {
    switch (table) {
      case 'tags':
        return this.scannedTags().last
      case 'events':
        return largest(
          this.events.map((event) => Number(idKey(at(event.Event, 'id')))),
          0
        )
      case 'attributes': {
        let last = 0
        for (const id of this.attributes().keys()) last = Math.max(last, Number(id))
        return last
      }
      case 'event_tags':
        return this.lastTagRowId('EventTag')
      case 'attribute_tags':
        return this.lastTagRowId('AttributeTag')
      case 'event_blocklists':
        return largest(
          this.rows('event_blocklists').map((row) => Number(idKey(row.id))),
          0
        )
      default:
        return 0
    }
  }

  private lastTagRowId(part: 'EventTag' | 'AttributeTag'): number {
    let last = 0
    const look = (rows: Json | undefined): void => {
      for (const row of values(rows)) last = Math.max(last, Number(idKey(at(row, 'id'))))
    }
    for (const event of this.events) {
      look(at(event, part))
      if (part === 'EventTag') continue
      for (const attribute of values(at(event, 'Attribute'))) look(at(attribute, part))
      for (const object of values(at(event, 'Object')))
        for (const attribute of values(at(object, 'Attribute'))) look(at(attribute, part))
    }
    return last
  }

  object(id: string): JsonMap | undefined {
    if (this.objectIndex === null) {
      this.objectIndex = new Map(this.seed?.objects.map((row) => [idKey(row.id), row]))
      for (const event of this.events) {
        for (const object of values(partOf(event, 'Object'))) {
          if (!isMap(object)) continue
          const row = objectRowOf({ event_id: at(event.Event, 'id') ?? '', ...object })
          const key = idKey(object.id)
          if (!this.objectIndex.has(key)) this.objectIndex.set(key, row)
        }
      }
    }
    return this.objectIndex.get(id)
  }

  shadow(id: string): JsonMap | undefined {
    return this.shadows().get(id)?.shadow
  }

  eventOfShadow(id: string): JsonMap | undefined {
    return this.shadows().get(id)?.event
  }

  private shadows(): ReadonlyMap<string, { readonly shadow: JsonMap; readonly event: JsonMap }> {
    if (this.shadowIndex !== null) return this.shadowIndex
    const index = (this.shadowIndex = new Map<string, { readonly shadow: JsonMap; readonly event: JsonMap }>())
    for (const event of this.events) {
      const add = (shadow: Json): void => {
        if (isMap(shadow)) index.set(idKey(shadow.id), { shadow, event })
      }
      for (const shadow of values(partOf(event, 'ShadowAttribute'))) add(shadow)
      for (const [attribute] of attributesOf(event)) for (const shadow of values(attribute.ShadowAttribute)) add(shadow)
    }
    return index
  }

  private tags(): TagIndex {
    if (this.tagIndex !== null) return this.tagIndex
    this.tagIndex = { byId: new Map(), byName: new Map(), last: 0 }
    for (const tag of this.seed?.tags ?? []) this.keepTag(tag)
    if (!this.seed?.tags) for (const tag of rowsIn(this.data.tags, 'Tag')) this.addTag(tag)
    return this.tagIndex
  }

  /** Tags that only the events show: looked at when the tags of the world do not answer. */
  private scannedTags(): TagIndex {
    const index = this.tags()
    // Of a recorded world every tag that was asked for is known.
    if (this.tagsScanned || this.seed?.tags) return index
    this.tagsScanned = true
    for (const event of this.events) {
      for (const row of eventTagRows(event, this.tagId)) if (isMap(row.Tag)) this.addTag(row.Tag)
      for (const [attribute] of attributesOf(event)) {
        for (const row of values(attribute.AttributeTag)) if (isMap(row) && isMap(row.Tag)) this.addTag(row.Tag)
        for (const tag of values(attribute.Tag)) if (isMap(tag)) this.addTag(tag)
      }
    }
    return index
  }

  /** Keeps a tag under its id and name; one without an id, or with one that is taken, gets the next. */
  private addTag(tag: JsonMap): string {
    const index = this.tags()
    const name = idText(tag.name)
    const given = idKey(tag.id)
    if (name === '') return given
    const lower = name.toLowerCase()
    const known = index.byName.get(lower)
    if (known !== undefined) return idText(known.id)
    const id = given !== '' && !index.byId.has(given) ? given : String(index.last + 1)
    this.keepTag({ ...tagRowOf(tag), id, name, colour: tag.colour ?? '' })
    return id
  }

  private keepTag(row: JsonMap): void {
    const index = this.tags()
    const id = idText(row.id)
    index.last = Math.max(index.last, Number(id))
    index.byId.set(id, row)
    index.byName.set(idText(row.name).toLowerCase(), row)
  }

  /** The id of a tag as an event shows it. */
  readonly tagId = (tag: JsonMap): string => this.addTag(tag)

  tag(id: string): JsonMap | undefined {
    return this.tags().byId.get(id) ?? this.scannedTags().byId.get(id)
  }

  tagByName(lowerName: string): JsonMap | undefined {
    return this.tags().byName.get(lowerName) ?? this.scannedTags().byName.get(lowerName)
  }

  /** Without looking at what only events show. */
  knownTag(id: string): JsonMap | undefined {
    return this.tags().byId.get(id)
  }

  eventTags(id: string): readonly JsonMap[] {
    let rows = this.eventTagIndex.get(id)
    if (rows === undefined) {
      const event = this.event(id)
      rows = event === undefined ? [] : eventTagRows(event, this.tagId)
      this.eventTagIndex.set(id, rows)
    }
    return rows
  }

  galaxy(tagName: string): Shown | null {
    const lower = tagName.toLowerCase()
    const seeded = this.seed?.galaxies.find(({ tag }) => tag === lower)
    return seeded === undefined ? this.galaxies().find(tagName) : { ...seeded, own: false }
  }

  /** What the events show of galaxies. */
  private galaxies(): GalaxyIndex {
    this.galaxyIndex ??= new GalaxyIndex((part) => this.rows(part), this.shownGalaxies())
    return this.galaxyIndex
  }

  private *shownGalaxies(): Generator<readonly [galaxy: Json, own: boolean]> {
    for (const event of this.events) {
      const own = event === this.own
      for (const galaxy of values(partOf(event, 'Galaxy'))) yield [galaxy, own]
      for (const [attribute] of attributesOf(event)) {
        for (const galaxy of values(attribute.Galaxy)) yield [galaxy, own]
      }
    }
  }

  /** The warninglists; the same lists for every handle, so that what is built for matching is built once. */
  warninglists(): ReadonlyMap<string, ReadWarninglist> {
    this.lists ??= readWarninglists(rowsIn(this.data.warninglists, ''))
    return this.lists
  }

  warninglistEntries(id: string): readonly string[] {
    return this.warninglists().get(id)?.entries() ?? []
  }

  /** A row of another part (organisations, threads…) by id. */
  partRow(part: string, id: string): JsonMap | undefined {
    let index = this.partIndexes.get(part)
    if (index === undefined) {
      index = new Map(this.rows(part).map((row) => [idKey(row.id), row]))
      this.partIndexes.set(part, index)
    }
    return index.get(id)
  }

  find(part: string, fits: (row: JsonMap) => boolean): JsonMap | undefined {
    return this.rows(part).find(fits)
  }

  filter(part: string, fits: (row: JsonMap) => boolean): readonly JsonMap[] {
    return this.rows(part).filter(fits)
  }

  rows(part: string): readonly JsonMap[] {
    let rows = this.parts.get(part)
    if (rows === undefined) this.parts.set(part, (rows = rowsIn(this.data[part], models[part] ?? part)))
    return rows
  }
}

/** Attributes of exports leave out what their place says. */
function complete(row: JsonMap, eventId: string, object: JsonMap | null): JsonMap {
  if (row.event_id !== undefined && row.object_id !== undefined) return row
  return { event_id: eventId, object_id: object === null ? '0' : (object.id ?? '0'), ...row }
}

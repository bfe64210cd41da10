// Indexes over the data of a world, built when first asked and shared by all handles made from that data.
import type { Json, JsonMap } from '../../contract/json.ts'
import { objectRowOf, tagRowOf } from './columns.ts'
import { GalaxyIndex } from './galaxies.ts'
import { isMap, at, values } from '../php/values.ts'
import { idText } from '../php/cast.ts'
import { attributesOf, attributeTagRows, eventTagRows, partOf } from './rows.ts'
import { readWarninglists, type ReadWarninglist } from './warninglists.ts'
import type { WorldData } from './world.ts'

export interface FoundAttribute {
  readonly eventId: string
  readonly row: JsonMap
}

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
  galaxies: 'Galaxy',
  galaxy_clusters: 'GalaxyCluster',
  decaying_models: 'DecayingModel'
}

export class BaseIndex {
  readonly events: readonly JsonMap[]
  /** By event: the attributes outside of objects by type, category and value. */
  readonly valueIndexes = new Map<string, Map<string, string>>()
  private eventIndex: Map<string, JsonMap> | null = null
  private attributeIndex: Map<string, FoundAttribute> | null = null
  private attributeUuids: Map<string, string> | null = null
  private objectIndex: Map<string, JsonMap> | null = null
  private shadowIndex: Map<string, JsonMap> | null = null
  private tagIndex: TagIndex | null = null
  private galaxyIndex: GalaxyIndex | null = null
  private tagsScanned = false
  private lists: ReadonlyMap<string, ReadWarninglist> | null = null
  private readonly attributeTagIndex = new WeakMap<JsonMap, readonly JsonMap[]>()
  private readonly eventTagIndex = new Map<string, readonly JsonMap[]>()
  private readonly partIndexes = new Map<string, Map<string, JsonMap>>()

  constructor(
    readonly data: WorldData,
    input: Json | undefined
  ) {
    const own = isMap(input) && isMap(input.Event) && idText(input.Event.id) !== '' ? [input] : []
    this.events = data.events === undefined ? own : withEvent(rowsIn(data.events, 'response'), own)
  }

  event(id: string): JsonMap | undefined {
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

  attributeIds(eventId: string): string[] {
    const ids: string[] = []
    for (const [id, found] of this.attributes()) if (found.eventId === eventId) ids.push(id)
    return ids
  }

  lastAttributeId(): number {
    let last = 0
    for (const id of this.attributes().keys()) last = Math.max(last, Number(id))
    return last
  }

  object(id: string): JsonMap | undefined {
    if (this.objectIndex === null) {
      this.objectIndex = new Map()
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
    if (this.shadowIndex === null) {
      this.shadowIndex = new Map()
      for (const event of this.events) {
        for (const shadow of values(partOf(event, 'ShadowAttribute'))) this.addShadow(shadow)
        for (const [attribute] of attributesOf(event)) {
          for (const shadow of values(attribute.ShadowAttribute)) this.addShadow(shadow)
        }
      }
    }
    return this.shadowIndex.get(id)
  }

  private addShadow(shadow: Json): void {
    if (isMap(shadow)) this.shadowIndex?.set(idKey(shadow.id), shadow)
  }

  private tags(): TagIndex {
    if (this.tagIndex !== null) return this.tagIndex
    this.tagIndex = { byId: new Map(), byName: new Map(), last: 0 }
    for (const tag of rowsIn(this.data.tags, 'Tag')) this.addTag(tag)
    return this.tagIndex
  }

  /** Tags that only the events show: looked at when the tags of the world do not answer. */
  private scannedTags(): TagIndex {
    const index = this.tags()
    if (this.tagsScanned) return index
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
    index.last = Math.max(index.last, Number(id))
    const row = { ...tagRowOf(tag), id, name, colour: tag.colour ?? '' }
    index.byId.set(id, row)
    index.byName.set(lower, row)
    return id
  }

  /** The id of a tag as an event shows it. */
  readonly tagId = (tag: JsonMap): string => this.addTag(tag)

  tag(id: string): JsonMap | undefined {
    return this.tags().byId.get(id) ?? this.scannedTags().byId.get(id)
  }

  tagByName(lowerName: string): JsonMap | undefined {
    return this.tags().byName.get(lowerName) ?? this.scannedTags().byName.get(lowerName)
  }

  lastTagId(): number {
    return this.scannedTags().last
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

  /** What the events show of galaxies. */
  galaxies(): GalaxyIndex {
    this.galaxyIndex ??= new GalaxyIndex((part) => this.rows(part), this.shownGalaxies())
    return this.galaxyIndex
  }

  private *shownGalaxies(): Generator<Json> {
    for (const event of this.events) {
      yield* values(partOf(event, 'Galaxy'))
      for (const [attribute] of attributesOf(event)) yield* values(attribute.Galaxy)
    }
  }

  /** The warninglists; the same lists for every handle, so that what is built for matching is built once. */
  warninglists(): ReadonlyMap<string, ReadWarninglist> {
    this.lists ??= readWarninglists(rowsIn(this.data.warninglists, ''))
    return this.lists
  }

  /** A row of another part (organisations, threads…) by id. */
  partRow(part: string, name: string, id: string): JsonMap | undefined {
    let index = this.partIndexes.get(part)
    if (index === undefined) {
      index = new Map(rowsIn(this.data[part], name).map((row) => [idKey(row.id), row]))
      this.partIndexes.set(part, index)
    }
    return index.get(id)
  }

  rows(part: string): readonly JsonMap[] {
    return rowsIn(this.data[part], models[part] ?? part)
  }

  partRows(part: string, name: string): readonly JsonMap[] {
    return rowsIn(this.data[part], name)
  }
}

/** Attributes of exports leave out what their place says. */
function complete(row: JsonMap, eventId: string, object: JsonMap | null): JsonMap {
  if (row.event_id !== undefined && row.object_id !== undefined) return row
  return { event_id: eventId, object_id: object === null ? '0' : (object.id ?? '0'), ...row }
}

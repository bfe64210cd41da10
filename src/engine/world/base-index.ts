// Indexes over the data of a world, built when first asked and shared by all handles made from that data.
import type { Json, JsonMap } from '../../contract/json.ts'
import { BelowEvents } from './below-events.ts'
import { idKey } from './columns.ts'
import { GalaxyIndex, type Shown } from './galaxies.ts'
import type { EventNeed, FoundAttribute, WorldBase, WorldSeed } from './base.ts'
import { isMap, at, values } from '../php/values.ts'
import { idText } from '../php/cast.ts'
import { largest } from '../../contract/lists.ts'
import { attributesOf, attributeTagRows, eventTagRows, partOf } from './rows.ts'
import { TagTable } from './tag-table.ts'
import { readWarninglists, type ReadWarninglist } from './warninglists.ts'
import type { WorldData } from './world.ts'

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
  private eventIndex: Map<string, JsonMap> | null = null
  private galaxyIndex: GalaxyIndex | null = null
  private lists: ReadonlyMap<string, ReadWarninglist> | null = null
  private readonly attributeTagIndex = new WeakMap<JsonMap, readonly JsonMap[]>()
  private readonly eventTagIndex = new Map<string, readonly JsonMap[]>()
  private readonly partIndexes = new Map<string, Map<string, JsonMap>>()
  private readonly parts = new Map<string, readonly JsonMap[]>()
  private readonly tags: TagTable
  private readonly below: BelowEvents

  constructor(
    readonly data: WorldData,
    input: Json | undefined,
    private readonly seed: WorldSeed | null = null
  ) {
    const own = isMap(input) && isMap(input.Event) && idText(input.Event.id) !== '' ? [input] : []
    this.own = own[0]
    this.events = data.events === undefined ? own : withEvent(rowsIn(data.events, 'response'), own)
    this.below = new BelowEvents(this.events, seed?.objects ?? [])
    // The tags of a world are read when one is asked for.
    this.tags = new TagTable(this.events, () => rowsIn(data.tags, 'Tag'), seed?.tags ?? null)
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

  get looked(): BelowEvents['looked'] {
    return this.below.looked
  }

  attribute(id: string): FoundAttribute | undefined {
    return this.below.attribute(id)
  }

  attributeIdByUuid(uuid: string): string | undefined {
    return this.below.attributeIdByUuid(uuid)
  }

  attributeIdByValue(eventId: string, key: string): string | undefined {
    return this.below.attributeIdByValue(eventId, key)
  }

  object(id: string): JsonMap | undefined {
    return this.below.object(id)
  }

  shadow(id: string): JsonMap | undefined {
    return this.below.shadow(id)
  }

  eventOfShadow(id: string): JsonMap | undefined {
    return this.below.eventOfShadow(id)
  }

  /** The tag rows of an attribute; always the same ones, because they are told apart by identity. */
  attributeTags(attribute: JsonMap): readonly JsonMap[] {
    const known = this.attributeTagIndex.get(attribute)
    if (known !== undefined) return known
    const rows = attributeTagRows(attribute, this.tags.idOf)
    this.attributeTagIndex.set(attribute, rows)
    return rows
  }

  last(table: string): number {
    return this.seed?.last[table] ?? this.countLast(table)
  }

  private countLast(table: string): number {
    switch (table) {
      case 'tags':
        return this.tags.last
      case 'events':
        return largest(
          this.events.map((event) => Number(idKey(at(event.Event, 'id')))),
          0
        )
      case 'attributes':
        return this.below.lastAttribute
      case 'event_tags':
        return lastTagRowId(this.events, 'EventTag')
      case 'attribute_tags':
        return lastTagRowId(this.events, 'AttributeTag')
      case 'event_blocklists':
        return largest(
          this.rows('event_blocklists').map((row) => Number(idKey(row.id))),
          0
        )
      default:
        return 0
    }
  }

  tag(id: string): JsonMap | undefined {
    return this.tags.byId(id)
  }

  tagByName(lowerName: string): JsonMap | undefined {
    return this.tags.byName(lowerName)
  }

  /** Without looking at what only events show. */
  knownTag(id: string): JsonMap | undefined {
    return this.tags.known(id)
  }

  eventTags(id: string): readonly JsonMap[] {
    let rows = this.eventTagIndex.get(id)
    if (rows === undefined) {
      const event = this.event(id)
      rows = event === undefined ? [] : eventTagRows(event, this.tags.idOf)
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

function lastTagRowId(events: readonly JsonMap[], part: 'EventTag' | 'AttributeTag'): number {
  let last = 0
  const look = (rows: Json | undefined): void => {
    for (const row of values(rows)) last = Math.max(last, Number(idKey(at(row, 'id'))))
  }
  for (const event of events) {
    look(at(event, part))
    if (part === 'EventTag') continue
    for (const attribute of values(at(event, 'Attribute'))) look(at(attribute, part))
    for (const object of values(at(event, 'Object')))
      for (const attribute of values(at(object, 'Attribute'))) look(at(attribute, part))
  }
  return last
}

// A world's data with a note of whatever is looked up in it.
import type { Json, JsonMap } from '../../contract/json.ts'
import { idText } from '../php/cast.ts'
import type { EventNeed, FoundAttribute, WorldBase } from './base.ts'
import type { BaseIndex } from './base-index.ts'
import { idKey } from './columns.ts'
import type { Shown } from './galaxies.ts'
import type { EventNote, ReadNotes } from './read-notes.ts'
import type { ReadWarninglist } from './warninglists.ts'
import type { Match } from './world.ts'

export class NotedBase implements WorldBase {
  readonly #tagLists = new WeakSet<object>()

  constructor(
    private readonly base: BaseIndex,
    private readonly reads: ReadNotes
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
    return this.#askedTag(id, this.base.tag(id))
  }

  tagByName(lowerName: string): JsonMap | undefined {
    return this.#askedTag(lowerName, this.base.tagByName(lowerName))
  }

  #askedTag(by: string, tag: JsonMap | undefined): JsonMap | undefined {
    this.reads.asked.add('tags')
    if (tag === undefined) this.reads.miss('tags', by)
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

  warninglistEntries(id: string, use: 'all' | 'match'): readonly string[] {
    this.reads.asked.add('warninglists')
    if (use === 'all') this.reads.list(id).all = true
    return this.base.warninglistEntries(id)
  }

  matched(id: string, value: string, match: Match): void {
    this.reads.list(id).matches.set(value, match)
  }

  partRow(part: string, id: string): JsonMap | undefined {
    const row = this.base.partRow(part, id)
    if (row === undefined) this.reads.miss(part, id)
    this.reads.row(part, row)
    return row
  }

  find(part: string, fits: (row: JsonMap) => boolean): JsonMap | undefined {
    const row = this.base.find(part, fits)
    this.reads.row(part, row)
    return row
  }

  filter(part: string, fits: (row: JsonMap) => boolean): readonly JsonMap[] {
    const rows = this.base.filter(part, fits)
    this.reads.asked.add(part)
    for (const row of rows) this.reads.row(part, row)
    return rows
  }

  last(table: string): number {
    const last = this.base.last(table)
    this.reads.last.set(table, last)
    return last
  }
}

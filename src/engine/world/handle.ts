// The implementation of World: look-ups over base data and overlay. Changes are in handle-changes.ts.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { WorldChange } from '../../contract/run.ts'
import { attributeRowOf, eventRowOf, tagColumns, idKey } from './columns.ts'
import type { WorldBase } from './base.ts'
import { galaxiesOf } from './galaxies.ts'
import { isMap, at, values, withKey, type MutableMap } from '../php/values.ts'
import { idText } from '../php/cast.ts'
import type { Overlay } from './overlay.ts'
import { attributeRows, eventFields, eventRows, exportable, isInRows, only, valueKey } from './rows.ts'
import type { Assumption, ListToMatch, WarninglistRow } from './world.ts'

/** Look-ups; what they answer for the present state is kept until the next change. */
export class WorldLookups {
  readonly process = new Map<string, unknown>()
  protected readonly memo = new Map<string, JsonMap | null>()

  constructor(
    protected readonly base: WorldBase,
    protected readonly overlay: Overlay
  ) {}

  get changes(): readonly WorldChange[] {
    return this.overlay.changes
  }
  get assumptions(): readonly Assumption[] {
    return [...this.overlay.assumptions.values()]
  }
  has(part: string): boolean {
    return this.base.has(part)
  }
  find(part: string, fits: (row: JsonMap) => boolean): JsonMap | undefined {
    return this.base.find(part, fits)
  }
  filter(part: string, fits: (row: JsonMap) => boolean): readonly JsonMap[] {
    return this.base.filter(part, fits)
  }
  unknown(part: string, what: string): void {
    const key = `${part} ${what}`
    if (!this.overlay.assumptions.has(key)) this.overlay.assumptions.set(key, { part, what })
  }

  private remember(key: string, build: () => JsonMap | null): JsonMap | null {
    const known = this.memo.get(key)
    if (known !== undefined) return known
    const built = build()
    this.memo.set(key, built)
    return built
  }

  protected eventFields(id: string): JsonMap | null {
    const changed = this.overlay.events.get(id)
    if (changed !== undefined) return changed.fields
    const event = this.base.event(id, 'columns')
    if (event !== undefined) return eventFields(event)
    if (!this.has('events') && id !== '') this.unknown('events', `event ${id}`)
    return null
  }

  eventRow(id: Json | undefined): JsonMap | null {
    const key = idKey(id)
    return this.remember(`row ${key}`, () => {
      const fields = this.eventFields(key)
      return fields === null ? null : eventRowOf(fields)
    })
  }

  eventByUuid(uuid: string): JsonMap | null {
    const id = this.base.eventIdByUuid(uuid)
    return id === undefined ? null : this.eventRow(id)
  }

  eventTags(eventId: Json | undefined): readonly JsonMap[] {
    const id = idKey(eventId)
    const changed = this.overlay.events.get(id)?.tags
    if (changed !== null && changed !== undefined) return changed
    return this.base.eventTags(id)
  }

  private tagRowsBelow(rows: readonly JsonMap[], columns: readonly string[], tagFields: readonly string[]): JsonMap[] {
    return rows.map((row) => ({ ...only(row, columns), Tag: only((row.Tag ?? {}) as JsonMap, tagFields) }))
  }

  simpleEvent(id: string): JsonMap | null {
    const event = /^\s*[+-]?[\d.]/.test(id) && !id.includes('-') ? this.eventRow(id) : this.eventByUuid(id)
    if (event === null) return null
    return this.remember(`simple ${idText(event.id)}`, () => {
      const columns = ['id', 'event_id', 'tag_id', 'local', 'relationship_type']
      return { Event: event, EventTag: this.tagRowsBelow(this.eventTags(event.id), columns, tagColumns) }
    })
  }

  quickEvent(id: Json | undefined): JsonMap | null {
    const event = this.eventRow(id)
    if (event === null) return null
    return this.remember(`quick ${idText(event.id)}`, () => {
      const columns = ['id', 'event_id', 'tag_id', 'local', 'relationship_type']
      const tags = this.tagRowsBelow(this.eventTags(event.id), columns, ['id', 'name', 'colour', 'exportable'])
      return { Event: event, Orgc: this.briefOrganisation(event), EventTag: tags }
    })
  }

  private briefOrganisation(event: JsonMap): JsonMap {
    const found = this.organisation(event.orgc_id)
    const of = found === null ? this.base.event(idText(event.id), 'columns') : undefined
    const shown = found ?? at(of, 'Orgc') ?? at(of?.Event, 'Orgc')
    return { id: event.orgc_id ?? null, uuid: at(shown, 'uuid') ?? null, name: at(shown, 'name') ?? null }
  }

  fetchEvent(id: Json | undefined): JsonMap | null {
    const key = idKey(id)
    const fields = this.eventFields(key)
    if (fields === null) return null
    return this.remember(`fetch ${key}`, () => this.buildEvent(key, fields))
  }

  eventIds(): readonly string[] {
    return this.base.eventIds()
  }

  fetchFirstEvent(): JsonMap | null {
    const [first] = this.eventIds()
    return first === undefined ? null : this.fetchEvent(first)
  }

  private buildEvent(id: string, fields: JsonMap): JsonMap {
    const event = this.base.event(id, 'all')
    const rows: MutableMap = {
      ...(event === undefined ? eventRows({ Event: fields }) : eventRows(event)),
      Event: fields
    }
    const changed = this.overlay.events.get(id)
    rows.EventTag = this.eventTags(id).filter(exportable)
    if (changed?.tags !== null && changed?.tags !== undefined) {
      rows.Galaxy = galaxiesOf(this.eventTags(id), (name) => this.base.galaxy(name), 'event_tag_id')
    }
    this.applyAttributes(id, rows)
    return rows
  }

  private applyAttributes(id: string, rows: MutableMap): void {
    const added = this.overlay.events.get(id)?.added ?? []
    const change = (attribute: Json): Json => this.shownAttribute(attribute)
    const own = added.filter((each) => idKey(this.overlay.attributes.get(each)?.row.object_id) === '0')
    const isShown = (attribute: Json): boolean => at(attribute, 'deleted') !== true
    rows.Attribute = [...values(rows.Attribute), ...own.map((each) => this.overlay.attributes.get(each)?.row as Json)]
      .map(change)
      .filter(isShown)
    rows.Object = values(rows.Object).map((object) => {
      if (!isMap(object)) return object
      const objectId = idKey(object.id)
      const extra = added.map((each) => this.overlay.attributes.get(each)?.row as JsonMap)
      const mine = extra.filter((row) => idKey(row.object_id) === objectId)
      const attributes = [...values(object.Attribute), ...mine].map(change).filter(isShown)
      return { ...object, ...(this.overlay.objects.get(objectId) ?? {}), Attribute: attributes }
    })
    rows.ShadowAttribute = this.openShadows(rows.ShadowAttribute)
  }

  private openShadows(shadows: Json | undefined): readonly Json[] {
    if (this.overlay.shadows.size === 0) return values(shadows)
    return values(shadows).filter((shadow) => this.overlay.shadows.get(idKey(at(shadow, 'id')))?.deleted !== true)
  }

  private shownAttribute(attribute: Json): Json {
    if (!isMap(attribute)) return attribute
    const found = this.overlay.attributes.get(idKey(attribute.id))?.row ?? attribute
    const row = isInRows(found) ? found : attributeRows(found, this.base.attributeTags(found))
    const tags = values(row.AttributeTag)
    const shown = tags.every((tag) => exportable(tag as JsonMap))
      ? row
      : withKey(
          row,
          'AttributeTag',
          tags.filter((tag) => exportable(tag as JsonMap))
        )
    const shadows = values(row.ShadowAttribute)
    if (shadows.length === 0) return shown
    const open = this.openShadows(shadows)
    return open.length === shadows.length ? shown : withKey(shown, 'ShadowAttribute', open)
  }

  protected attribute(id: Json | undefined): { readonly eventId: string; readonly row: JsonMap } | undefined {
    const key = idKey(id)
    return this.overlay.attributes.get(key) ?? this.base.attribute(key)
  }

  attributeRow(id: Json | undefined): JsonMap | null {
    const found = this.attribute(id)
    if (found === undefined && !this.has('events')) this.unknown('attributes', `attribute ${idText(id)}`)
    return found === undefined ? null : attributeRowOf(found.row)
  }

  attributeByUuid(uuid: string): JsonMap | null {
    for (const [id, found] of this.overlay.attributes) if (found.row.uuid === uuid) return this.attributeRow(id)
    const id = this.base.attributeIdByUuid(uuid)
    return id === undefined ? null : this.attributeRow(id)
  }

  attributeTags(attributeId: Json | undefined): readonly JsonMap[] {
    const row = this.attribute(attributeId)?.row
    return row === undefined ? [] : this.base.attributeTags(row)
  }

  fetchAttribute(id: Json | undefined): JsonMap | null {
    const attribute = this.attributeRow(id)
    if (attribute === null) return null
    const tags = this.attributeTags(id).map((row) => ({
      ...only((row.Tag ?? {}) as JsonMap, ['id', 'name', 'colour', 'exportable']),
      local: row.local === true
    }))
    const object = idText(attribute.object_id) === '0' ? null : this.objectRow(attribute.object_id)
    return {
      Attribute: tags.length > 0 ? { ...attribute, Tag: tags } : attribute,
      Event: this.briefEvent(idText(attribute.event_id)) ?? [],
      ...(object === null ? {} : { Object: object })
    }
  }

  private briefEvent(id: string): JsonMap | null {
    return this.remember(`brief ${id}`, () => {
      const event = this.eventRow(id)
      const columns =
        'id date info uuid published analysis threat_level_id org_id orgc_id distribution sharing_group_id'
      return event === null ? null : { ...only(event, columns.split(' ')), Orgc: this.briefOrganisation(event) }
    })
  }

  attributeByValue(attribute: JsonMap): JsonMap | null {
    const id = this.base.attributeIdByValue(idKey(attribute.event_id), valueKey(attribute))
    const row = id === undefined || id === idKey(attribute.id) ? null : this.attributeRow(id)
    return row !== null && valueKey(row) === valueKey(attribute) ? row : null
  }

  objectRow(id: Json | undefined): JsonMap | null {
    const key = idKey(id)
    return this.overlay.objects.get(key) ?? this.base.object(key) ?? null
  }

  shadowAttribute(id: Json | undefined): JsonMap | null {
    const key = idKey(id)
    return this.overlay.shadows.get(key) ?? this.base.shadow(key) ?? null
  }

  sightings(attributeId: string): readonly JsonMap[] {
    const eventId = this.attribute(attributeId)?.eventId
    const key = idKey(attributeId)
    const shown = eventId === undefined ? [] : this.base.sightings(eventId, key)
    const own = values(this.attribute(attributeId)?.row.Sighting).filter(
      (sighting): sighting is JsonMap => isMap(sighting) && idKey(sighting.attribute_id) === key
    )
    return [...shown, ...own]
  }

  private partRow(part: string, name: string, id: Json | undefined): JsonMap | null {
    const key = idKey(id)
    if (!this.has(part) && key !== '' && key !== '0') this.unknown(part, `${name} ${key}`)
    return this.base.partRow(part, key) ?? null
  }

  organisation(id: Json | undefined): JsonMap | null {
    const key = idKey(id)
    if (this.has('organisations')) return this.base.partRow('organisations', key) ?? null
    const shown = this.base.shownOrganisation(key)
    if (shown === undefined && key !== '') this.unknown('organisations', `organisation ${key}`)
    return shown ?? null
  }

  thread(id: Json | undefined): JsonMap | null {
    return this.partRow('threads', 'Thread', id)
  }

  tag(id: Json | undefined): JsonMap | null {
    const key = idKey(id)
    return this.overlay.tags.get(key) ?? this.base.tag(key) ?? null
  }

  tagByName(name: string): JsonMap | null {
    const lower = name.toLowerCase()
    const known = this.base.tagByName(lower)
    if (known !== undefined) return known
    for (const tag of this.overlay.tags.values()) if (idText(tag.name).toLowerCase() === lower) return tag
    return null
  }

  warninglists(): readonly WarninglistRow[] {
    if (!this.has('warninglists')) this.unknown('warninglists', 'all warninglists')
    return [...this.base.warninglists().values()].map((list) => list.row)
  }

  warninglistEntries(id: string): readonly string[] {
    return this.overlay.warninglistEntries.get(id) ?? this.base.warninglistEntries(id, 'all')
  }

  warninglistToMatch(id: string): ListToMatch {
    const changed = this.overlay.warninglistEntries.get(id)
    if (changed !== undefined) return { entries: () => changed }
    const list = this.base.warninglists().get(id)
    return {
      entries: () => this.base.warninglistEntries(id, 'match'),
      ...(list?.matches ? { matches: list.matches } : {}),
      matched: (value, match) => this.base.matched?.(id, value, match)
    }
  }

  eventOfReport(fits: (report: Json) => boolean): { readonly event: JsonMap; readonly report: Json } | null {
    return this.base.report(fits) ?? null
  }

  blocklisted(eventUuid: string): boolean {
    if (this.overlay.blocklist.has(eventUuid)) return true
    return this.base.find('event_blocklists', (row) => row.event_uuid === eventUuid) !== undefined
  }
}

import type { Json, JsonMap } from '../../contract/json.ts'
import { copyAttribute } from '../format/shapes.ts'
import type { WorldSeed } from './base.ts'
import { BaseIndex } from './base-index.ts'
import {
  asColumn,
  attributeColumns,
  attributeRowOf,
  databaseRow,
  databaseText,
  eventColumns,
  fetchedAttributeColumns,
  splitValue,
  tagRowOf,
  idKey
} from './columns.ts'
import { galaxiesOf } from './galaxies.ts'
import { WorldLookups } from './handle.ts'
import { at, withKey, type MutableMap } from '../php/values.ts'
import { idText } from '../php/cast.ts'
import { Overlay, type EventOverlay } from './overlay.ts'
import type { WorldReads } from './reads.ts'
import { attributeRows, tagBelow } from './rows.ts'
import type { AttributeTagInsert, World, WorldData } from './world.ts'

type Fields = { [column: string]: readonly [Json, Json] }

/** What changes between two rows, as the database shows it. */
function differences(before: JsonMap, after: JsonMap): Fields {
  const fields: Fields = {}
  for (const column in after) {
    const was = databaseText(at(before, column))
    const is = databaseText(after[column])
    if (was !== is) fields[column] = [was, is]
  }
  return fields
}

const typed = (fields: JsonMap): JsonMap => {
  const out: MutableMap = {}
  for (const column in fields) out[column] = asColumn(column, fields[column] as Json)
  return out
}

class WorldHandle extends WorldLookups implements World {
  fork(): World {
    return new WorldHandle(this.base, this.overlay.fork())
  }

  private nextId(table: string): string {
    const next = (this.overlay.lastIds.get(table) ?? this.base.last(table)) + 1
    this.overlay.lastIds.set(table, next)
    return String(next)
  }

  private record(table: string, id: string, fields: Fields): void {
    if (Object.keys(fields).length > 0) this.overlay.changes.push({ table, op: 'changed', id, fields })
  }

  private changedEvent(id: string): EventOverlay {
    const known = this.overlay.events.get(id)
    if (known !== undefined) return known
    const event: EventOverlay = { fields: this.eventFields(id) ?? { id }, tags: null, added: [] }
    this.overlay.events.set(id, event)
    return event
  }

  updateEvent(id: string, fields: JsonMap): void {
    const row = this.eventRow(id)
    if (row === null) return
    const after = typed(fields)
    const changed = differences(row, after)
    if (Object.keys(changed).length === 0) return
    const event = this.changedEvent(idKey(id))
    event.fields = { ...event.fields, ...after }
    this.record('events', idKey(id), changed)
    this.memo.clear()
  }

  insertEvent(fields: JsonMap): string {
    const id = this.nextId('events')
    const row = typed({ ...fields, id })
    this.overlay.events.set(id, { fields: row, tags: [], added: [] })
    this.overlay.changes.push({ table: 'events', op: 'added', row: databaseRow(row, eventColumns) })
    this.memo.clear()
    return id
  }

  private keepAttribute(id: string, eventId: string, row: JsonMap): void {
    this.overlay.attributes.set(id, { eventId, row })
    this.memo.delete(`fetch ${eventId}`)
  }

  updateAttribute(id: string, fields: JsonMap): void {
    const found = this.attribute(id)
    if (found === undefined) return
    const before = attributeRowOf(found.row)
    const after = typed(fields)
    const row = copyAttribute(found.row)
    for (const column in after) row[column] = after[column] as Json
    const wanted = 'type' in fields || 'value' in fields ? splitValue(row.type, row.value) : null
    const columns = wanted === null ? after : { ...after, value1: wanted[0], value2: wanted[1] }
    const { value: _virtual, ...changed } = differences(before, columns)
    if (Object.keys(changed).length === 0) return
    this.keepAttribute(idKey(id), found.eventId, row)
    this.record('attributes', idKey(id), changed)
  }

  insertAttribute(fields: JsonMap): string {
    const id = this.nextId('attributes')
    const full = attributeRowOf(typed({ ...fields, id }))
    const row: MutableMap = {}
    for (const column of fetchedAttributeColumns) row[column] = full[column] ?? null
    row.AttributeTag = []
    row.Galaxy = []
    row.ShadowAttribute = []
    const eventId = idKey(full.event_id)
    this.keepAttribute(id, eventId, row)
    const event = this.changedEvent(eventId)
    event.added = [...event.added, id]
    this.overlay.changes.push({ table: 'attributes', op: 'added', row: databaseRow(full, attributeColumns) })
    return id
  }

  updateObject(id: string, fields: JsonMap): void {
    const before = this.objectRow(id)
    if (before === null) return
    const after = typed(fields)
    const changed = differences(before, after)
    if (Object.keys(changed).length === 0) return
    this.overlay.objects.set(idKey(id), { ...before, ...after })
    this.memo.delete(`fetch ${idKey(before.event_id)}`)
    this.record('objects', idKey(id), changed)
  }

  updateShadowAttribute(id: string, fields: JsonMap): void {
    const before = this.shadowAttribute(id)
    if (before === null) return
    const after = typed(fields)
    const changed = differences({ deleted: false, ...before }, after)
    if (Object.keys(changed).length === 0) return
    this.overlay.shadows.set(idKey(id), { ...before, ...after })
    this.record('shadow_attributes', idKey(id), changed)
    this.memo.clear()
  }

  insertTag(fields: JsonMap): string {
    const id = this.nextId('tags')
    const row = tagRowOf({ ...fields, id })
    this.overlay.tags.set(id, row)
    this.overlay.changes.push({ table: 'tags', op: 'added', row: databaseRow(row, Object.keys(row)) })
    return id
  }

  private setEventTags(eventId: string, tags: readonly JsonMap[]): void {
    this.changedEvent(eventId).tags = tags
    this.memo.clear()
  }

  insertEventTag(row: Parameters<World['insertEventTag']>[0]): string {
    const id = this.nextId('event_tags')
    const eventId = idKey(row.eventId)
    const tag = tagBelow(this.tag(row.tagId) ?? { id: row.tagId }, row.local, row.relationship)
    const columns = {
      id,
      event_id: row.eventId,
      tag_id: row.tagId,
      local: row.local,
      relationship_type: row.relationship
    }
    if (this.eventRow(eventId) !== null)
      this.setEventTags(eventId, [...this.eventTags(eventId), { ...columns, Tag: tag }])
    this.overlay.changes.push({ table: 'event_tags', op: 'added', row: databaseRow(columns, Object.keys(columns)) })
    return id
  }

  updateEventTag(eventId: string, row: JsonMap, relationship: string | null): void {
    const tag = tagBelow(row.Tag as JsonMap, row.local === true, relationship)
    const changed = { ...row, relationship_type: relationship, Tag: tag }
    this.setEventTags(
      idKey(eventId),
      this.eventTags(eventId).map((each) => (each === row ? changed : each))
    )
    this.record('event_tags', idText(row.id), differences(row, { relationship_type: relationship }))
  }

  deleteEventTag(eventId: string, row: JsonMap): void {
    this.setEventTags(
      idKey(eventId),
      this.eventTags(eventId).filter((each) => each !== row)
    )
    const columns = ['id', 'event_id', 'tag_id', 'local', 'relationship_type']
    this.overlay.changes.push({
      table: 'event_tags',
      op: 'removed',
      row: databaseRow({ event_id: eventId, ...row }, columns)
    })
  }

  private setAttributeTags(attributeId: string, tags: readonly JsonMap[]): void {
    const found = this.attribute(attributeId)
    if (found === undefined) return
    const row = withKey(attributeRows(found.row, tags), 'AttributeTag', tags)
    const isGalaxy = (each: Json): boolean => idText(at(at(each, 'Tag'), 'name')).startsWith('misp-galaxy:')
    const changed = [...this.base.attributeTags(found.row), ...tags].some(isGalaxy)
    const galaxies = changed ? galaxiesOf(tags, (name) => this.base.galaxy(name), 'attribute_tag_id') : null
    this.keepAttribute(idKey(attributeId), found.eventId, galaxies === null ? row : withKey(row, 'Galaxy', galaxies))
  }

  insertAttributeTag(row: AttributeTagInsert): string {
    const id = this.nextId('attribute_tags')
    const tag = tagBelow(this.tag(row.tagId) ?? { id: row.tagId }, row.local, row.relationship)
    const columns = {
      id,
      attribute_id: row.attributeId,
      event_id: row.eventId,
      tag_id: row.tagId,
      local: row.local,
      relationship_type: row.relationship
    }
    const { event_id: _event, ...shown } = columns
    this.setAttributeTags(row.attributeId, [...this.attributeTags(row.attributeId), { ...shown, Tag: tag }])
    this.overlay.changes.push({ table: 'attribute_tags', op: 'added', row: databaseRow(columns, Object.keys(columns)) })
    return id
  }

  updateAttributeTag(
    attributeId: string,
    row: JsonMap,
    fields: { readonly local?: boolean; readonly relationship: string | null }
  ): void {
    const local = fields.local ?? row.local === true
    const columns = { local, relationship_type: fields.relationship }
    const changed = { ...row, ...columns, Tag: tagBelow(row.Tag as JsonMap, local, fields.relationship) }
    this.setAttributeTags(
      attributeId,
      this.attributeTags(attributeId).map((each) => (each === row ? changed : each))
    )
    this.record('attribute_tags', idText(row.id), differences(row, columns))
  }

  deleteAttributeTag(attributeId: string, row: JsonMap): void {
    const found = this.attribute(attributeId)
    this.setAttributeTags(
      attributeId,
      this.attributeTags(attributeId).filter((each) => each !== row)
    )
    const columns = ['id', 'attribute_id', 'event_id', 'tag_id', 'local', 'relationship_type']
    const removed = databaseRow({ attribute_id: attributeId, event_id: found?.row.event_id ?? '', ...row }, columns)
    this.overlay.changes.push({ table: 'attribute_tags', op: 'removed', row: removed })
  }

  insertBlocklistEntry(row: JsonMap): string {
    const id = this.nextId('event_blocklists')
    this.overlay.blocklist.add(idText(row.event_uuid))
    this.overlay.changes.push({
      table: 'event_blocklists',
      op: 'added',
      row: databaseRow({ id, ...row }, ['id', ...Object.keys(row)])
    })
    return id
  }

  insertAnalystData(table: string, row: JsonMap): string {
    const id = this.nextId(table)
    this.overlay.changes.push({ table, op: 'added', row: databaseRow({ id, ...row }, ['id', ...Object.keys(row)]) })
    return id
  }

  replaceWarninglistEntries(id: string, values: readonly string[]): void {
    const row = (value: string): JsonMap => ({ value, warninglist_id: id })
    for (const value of this.warninglistEntries(id)) {
      this.overlay.changes.push({ table: 'warninglist_entries', op: 'removed', row: row(value) })
    }
    this.overlay.warninglistEntries.set(id, values)
    for (const value of values)
      this.overlay.changes.push({ table: 'warninglist_entries', op: 'added', row: row(value) })
  }
}

const indexes = new WeakMap<WorldData, BaseIndex>()

export interface WorldOrigin {
  /** Of a recorded world: what was worked out of rows that it does not hold. */
  readonly seed?: WorldSeed | undefined
  /** Notes what is read. */
  readonly reads?: WorldReads | undefined
}

/**
 * A handle on a world. `input` is the data that the run starts with: a world without events takes its event from it. Costs nothing
 * until asked; handles of the same data (without input) share their indexes.
 */
export function createWorld(data: WorldData = {}, input?: Json, { seed, reads }: WorldOrigin = {}): World {
  const isShared = input === undefined && seed === undefined
  const base = (isShared ? indexes.get(data) : undefined) ?? new BaseIndex(data, input, seed)
  if (isShared) indexes.set(data, base)
  return new WorldHandle(reads ? reads.of(base) : base, new Overlay())
}

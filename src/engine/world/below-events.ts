// Attributes, objects and proposals of a world's events, by id.
import type { Json, JsonMap } from '../../contract/json.ts'
import { idText } from '../php/cast.ts'
import { at, isMap, values } from '../php/values.ts'
import type { FoundAttribute } from './base.ts'
import { idKey, objectRowOf } from './columns.ts'
import { attributesOf, partOf, valueKey } from './rows.ts'

export class BelowEvents {
  /** By event: the attributes outside of objects by type, category and value. */
  private readonly valueIndexes = new Map<string, Map<string, string>>()
  private attributeIndex: Map<string, FoundAttribute> | null = null
  private attributeUuids: Map<string, string> | null = null
  private objectIndex: Map<string, JsonMap> | null = null
  private shadowIndex: Map<string, { readonly shadow: JsonMap; readonly event: JsonMap }> | null = null

  /** @param recorded objects of a recorded world, whose events may be there in part */
  constructor(
    private readonly events: readonly JsonMap[],
    private readonly recorded: readonly JsonMap[]
  ) {}

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

  get lastAttribute(): number {
    let last = 0
    for (const id of this.attributes().keys()) last = Math.max(last, Number(id))
    return last
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

  object(id: string): JsonMap | undefined {
    if (this.objectIndex === null) {
      this.objectIndex = new Map(this.recorded.map((row) => [idKey(row.id), row]))
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
}

/** Attributes of exports leave out what their place says. */
function complete(row: JsonMap, eventId: string, object: JsonMap | null): JsonMap {
  if (row.event_id !== undefined && row.object_id !== undefined) return row
  return { event_id: eventId, object_id: object === null ? '0' : (object.id ?? '0'), ...row }
}

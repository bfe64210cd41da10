// Makes up what saving would make up in the things of one event: ids, references, defaults, dates. What is there stays, and
// rows without anything to add are not copied.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { idText } from '../../php/cast.ts'
import { at, isEmpty, isList, isMap, put, values, withKey, type MutableMap } from '../../php/values.ts'
import { attributeTypes } from '../../world/models/attribute-types.ts'
import { uuidOf } from './content-uuid.ts'
import { EventFiller } from './event-filler.ts'
import * as rows from './rows.ts'

export class Filler extends EventFiller {
  #knownAttributes: ReadonlyMap<string, string> | null = null
  readonly #tagsMade = new Set<string>()

  /** `object`: the id of the object that it stands in, '0' for none, undefined where only the attribute itself says. */
  attribute(row: JsonMap, index: number, object?: string): JsonMap {
    const made = this.made
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
    this.made.reference('object_id')
    return withKey(attribute, 'object_id', object)
  }

  #ofType(row: JsonMap, name: string): Json | undefined {
    const known = attributeTypes.get(idText(row.type))
    if (known === undefined) return undefined
    this.made.fallback('attribute', row, name)
    return name === 'category' ? known.category : known.toIds
  }

  #attributeDistribution(): string | undefined {
    const level = this.setting('MISP.default_attribute_distribution')
    return level === 'event' ? '5' : level
  }

  #knownAttribute(uuid: string): string | undefined {
    if (this.stored === null || uuid === '') return undefined
    if (this.#knownAttributes === null) {
      const own = [...values(this.stored.Attribute ?? at(this.stored.Event, 'Attribute'))]
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
    const made = this.made
    return rows.completed('tag', row, columns, made, (name) => {
      switch (name) {
        case 'id': {
          if (isEmpty(row.name)) return undefined
          this.#countTag(idText(row.name))
          return this.ids.tag(idText(row.name), '')
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
    if (!this.#tagsMade.has(name)) this.made.id('tag')
    this.#tagsMade.add(name)
  }

  object(row: JsonMap, index: number): JsonMap {
    const made = this.made
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
    const made = this.made
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

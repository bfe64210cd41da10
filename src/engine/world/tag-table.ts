// The tags of a world, by id and by name: those of its own list, and those that only its events show.
import type { JsonMap } from '../../contract/json.ts'
import { idText } from '../php/cast.ts'
import { isMap, values } from '../php/values.ts'
import { idKey, tagRowOf } from './columns.ts'
import { attributesOf, eventTagRows } from './rows.ts'

interface TagIndex {
  readonly byId: Map<string, JsonMap>
  /** Names in lower case, as MySQL compares them. */
  readonly byName: Map<string, JsonMap>
  last: number
}

export class TagTable {
  private index: TagIndex | null = null
  private isScanned = false

  /** @param recorded of a recorded world every tag that was asked for; then neither list nor events are looked at */
  constructor(
    private readonly events: readonly JsonMap[],
    private readonly listed: () => readonly JsonMap[],
    private readonly recorded: readonly JsonMap[] | null
  ) {}

  byId(id: string): JsonMap | undefined {
    return this.all().byId.get(id) ?? this.scanned().byId.get(id)
  }

  byName(lowerName: string): JsonMap | undefined {
    return this.all().byName.get(lowerName) ?? this.scanned().byName.get(lowerName)
  }

  /** Without looking at what only events show. */
  known(id: string): JsonMap | undefined {
    return this.all().byId.get(id)
  }

  /** The last id, whatever shows it. */
  get last(): number {
    return this.scanned().last
  }

  /** The id of a tag as an event shows it: one without an id, or with one that is taken, gets the next. */
  readonly idOf = (tag: JsonMap): string => {
    const index = this.all()
    const name = idText(tag.name)
    const given = idKey(tag.id)
    if (name === '') return given
    const known = index.byName.get(name.toLowerCase())
    if (known !== undefined) return idText(known.id)
    const id = given !== '' && !index.byId.has(given) ? given : String(index.last + 1)
    keepTag(index, { ...tagRowOf(tag), id, name, colour: tag.colour ?? '' })
    return id
  }

  private all(): TagIndex {
    if (this.index !== null) return this.index
    const index = (this.index = { byId: new Map(), byName: new Map(), last: 0 })
    if (this.recorded !== null) for (const tag of this.recorded) keepTag(index, tag)
    else for (const tag of this.listed()) this.idOf(tag)
    return index
  }

  /** Events are looked at when the tags of the world do not answer. */
  private scanned(): TagIndex {
    const index = this.all()
    if (this.isScanned || this.recorded !== null) return index
    this.isScanned = true
    for (const event of this.events) {
      for (const row of eventTagRows(event, this.idOf)) if (isMap(row.Tag)) this.idOf(row.Tag)
      for (const [attribute] of attributesOf(event)) {
        for (const row of values(attribute.AttributeTag)) if (isMap(row) && isMap(row.Tag)) this.idOf(row.Tag)
        for (const tag of values(attribute.Tag)) if (isMap(tag)) this.idOf(tag)
      }
    }
    return index
  }
}

function keepTag(index: TagIndex, row: JsonMap): void {
  const id = idText(row.id)
  index.last = Math.max(index.last, Number(id))
  index.byId.set(id, row)
  index.byName.set(idText(row.name).toLowerCase(), row)
}

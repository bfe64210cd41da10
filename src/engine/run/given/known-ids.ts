// Ids that saving would give: those of the world for what it has already, else the next ones after all that are taken.
import { largest } from '../../../contract/lists.ts'
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import { at, isMap, values } from '../../php/values.ts'
import { idText } from '../../php/cast.ts'
import type { WorldData } from '../../world/world.ts'

type Table = 'events' | 'attributes' | 'objects' | 'tags' | 'organisations' | 'others'

const idOf = (row: Json | undefined): number => {
  const id = Number(idText(at(row, 'id')))
  return Number.isSafeInteger(id) ? id : 0
}

/** Rows of a part, without MISP's wrapper. */
const rowsOf = (part: unknown, name: string): JsonMap[] =>
  Array.isArray(part) ? (part as Json[]).map((row) => at(row, name) ?? row).filter(isMap) : []

const attributesIn = (event: Json): readonly Json[] =>
  values(at(event, 'Attribute') ?? at(at(event, 'Event'), 'Attribute'))
const objectsIn = (event: Json): readonly Json[] => values(at(event, 'Object') ?? at(at(event, 'Event'), 'Object'))
const flat = (event: Json): Json[] => [
  ...attributesIn(event),
  ...objectsIn(event).flatMap((object) => values(at(object, 'Attribute')))
]

export class KnownIds {
  readonly #last = new Map<Table, number>()
  #tags: Map<string, string> | null = null
  readonly #organisations = new Map<string, string>()

  constructor(
    private readonly world: WorldData,
    /** The event, or what else was given, in which ids are taken already. */
    private readonly given: JsonMap,
    /** The organisation of this MISP, whose id is taken. */
    private readonly host: string
  ) {}

  next(table: Table): string {
    const id = (this.#last.get(table) ?? this.#taken(table)) + 1
    this.#last.set(table, id)
    return String(id)
  }

  /** The world's own event with that UUID. */
  eventWithUuid(uuid: string): JsonMap | null {
    if (uuid === '') return null
    const found = rowsOf(this.world.events, 'response').find(
      (event) => idText(at(event.Event, 'uuid')).toLowerCase() === uuid.toLowerCase()
    )
    return found ?? null
  }

  /** The world's own event with that id. */
  eventWithId(id: string): JsonMap | null {
    const wanted = Number(id)
    return rowsOf(this.world.events, 'response').find((event) => idOf(event.Event) === wanted) ?? null
  }

  /** Tags of one name have one id; MISP knows no other. */
  tag(name: string, given: string): string {
    this.#tags ??= this.#knownTags()
    const key = name.toLowerCase()
    const known = this.#tags.get(key)
    if (known !== undefined) return given === '' ? known : given
    const id = given === '' ? this.next('tags') : given
    this.#tags.set(key, id)
    return id
  }

  organisation(key: string, given: string): string {
    const known = this.#organisations.get(key) ?? this.#worldOrganisation(key)
    if (known !== undefined) return given === '' ? known : given
    const id = given === '' ? this.next('organisations') : given
    this.#organisations.set(key, id)
    return id
  }

  #worldOrganisation(key: string): string | undefined {
    const found = rowsOf(this.world.organisations, 'Organisation').find(
      (row) => idText(row.uuid) === key || plainText((row.name ?? '') as string) === key
    )
    return found && idOf(found) > 0 ? String(idOf(found)) : undefined
  }

  #knownTags(): Map<string, string> {
    const tags = new Map<string, string>()
    const add = (row: Json): void => {
      const id = idOf(row)
      const name = idText(at(row, 'name')).toLowerCase()
      if (id > 0 && name !== '' && !tags.has(name)) tags.set(name, String(id))
    }
    for (const row of rowsOf(this.world.tags, 'Tag')) add(row)
    for (const row of this.#tagsGiven()) add(row)
    return tags
  }

  #tagsGiven(): Json[] {
    const event = this.given.Event ?? this.given
    return [...values(at(event, 'Tag')), ...flat(this.given).flatMap((attribute) => values(at(attribute, 'Tag')))]
  }

  #taken(table: Table): number {
    const events = rowsOf(this.world.events, 'response')
    const all = [...events, this.given]
    switch (table) {
      case 'events':
        return largest(
          events.map((event) => idOf(event.Event)),
          0
        )
      case 'attributes':
        return largest(
          all.flatMap((event) => flat(event).map(idOf)),
          0
        )
      case 'objects':
        return largest(
          all.flatMap((event) => objectsIn(event).map(idOf)),
          0
        )
      case 'tags':
        return largest([...rowsOf(this.world.tags, 'Tag'), ...this.#tagsGiven()].map(idOf), 0)
      case 'organisations': {
        const own = ['Org', 'Orgc'].map((name) => at(this.given.Event, name) ?? at(this.given, name) ?? null)
        const known = [...rowsOf(this.world.organisations, 'Organisation'), ...own].map(idOf)
        return largest(known, Number(this.host) || 0)
      }
      case 'others':
        return 0
    }
  }
}

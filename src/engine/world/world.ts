// The world is what MISP's database would hold. A run starts from an immutable world and gets a handle (this interface) that
// reads it and records every change in MISP's tables and columns. A handle costs nothing until it is asked: indexes are lazy,
// and shared by all handles made from the same data. Owned by the engine's world folder.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { WorldChange } from '../../contract/run.ts'

/** The parts of a world, in the shapes of MISP's own JSON API (see shared vectors' world.json). Absent parts are unknown. */
export interface WorldData {
  /** Events as Event::fetchEvent gives them (`{Event, Attribute, Object, EventTag, …}`) or in core format (`{Event: {…, Attribute}}`). */
  readonly events?: readonly JsonMap[]
  readonly organisations?: readonly JsonMap[]
  readonly roles?: readonly JsonMap[]
  readonly users?: readonly JsonMap[]
  readonly tags?: readonly JsonMap[]
  readonly sharing_groups?: readonly JsonMap[]
  readonly galaxies?: readonly JsonMap[]
  readonly galaxy_clusters?: readonly JsonMap[]
  readonly warninglists?: readonly JsonMap[]
  readonly decaying_models?: readonly JsonMap[]
  readonly threat_levels?: readonly JsonMap[]
  readonly [part: string]: unknown
}

/** Something that the world could not answer, and what was assumed instead. */
export interface Assumption {
  readonly part: string
  readonly what: string
}

/** A warninglist with the attribute types that it applies to ('ALL' for every one). */
export interface WarninglistRow {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly category: string
  readonly description: string
  readonly version: string
  readonly enabled: boolean
  readonly default: boolean
  readonly types: readonly string[]
}

/** The entry of a warninglist that a value matched, or why nobody knows. */
export type Match = string | { readonly code: string; readonly message: string }
export type RecordedMatches = ReadonlyMap<string, Match>

/** What values are compared with. */
export interface ListToMatch {
  entries(): readonly string[]
  readonly matches?: RecordedMatches
  readonly matched?: (value: string, match: Match) => void
}

/** A row of event_tags or attribute_tags with its `Tag`, as Event::fetchEvent shows it. */
type TagRow = JsonMap

/**
 * Look-ups answer rows in MISP's shapes (strings for numbers, real booleans), null where MISP's find answers nothing. Ids may be
 * given as strings or numbers. Changes are recorded once; setting a column to what it holds records nothing.
 */
export interface World {
  /** Changes so far, in order. mergeChanges() of changes.ts folds them into MISP's before and after. */
  readonly changes: readonly WorldChange[]
  /** What had to be assumed so far because the world has no such part. */
  readonly assumptions: readonly Assumption[]
  /** What MISP's PHP process keeps between two nodes (properties of module and model instances). A fork starts without. */
  readonly process: Map<string, unknown>
  /** An independent handle on the present state: what a job, or a snapshot, sees. */
  fork(): World
  /** Notes that the world cannot know something. Each is kept once. */
  unknown(part: string, what: string): void
  has(part: string): boolean
  /** The first row of a part that fits, without MISP's wrapper (`{Galaxy: {…}}` or the row itself). Only what is answered counts as read. */
  find(part: string, fits: (row: JsonMap) => boolean): JsonMap | undefined
  /** All rows of a part that fit; none when it is absent or no list. */
  filter(part: string, fits: (row: JsonMap) => boolean): readonly JsonMap[]

  /** The events row, columns in the database's order. */
  eventRow(id: Json | undefined): JsonMap | null
  eventByUuid(uuid: string): JsonMap | null
  /** Ids of all events, ascending. */
  eventIds(): readonly string[]
  /** Event::fetchEvent as site admin: `{Event, Attribute, Object, EventTag, …}` with all changes applied. */
  fetchEvent(id: Json | undefined): JsonMap | null
  /** What Event::fetchEvent answers first when it is given no id. */
  fetchFirstEvent(): JsonMap | null
  /** Event::fetchSimpleEvent with tags: `{Event, EventTag}`; by id or uuid. */
  simpleEvent(id: string): JsonMap | null
  /** Event::quickFetchEvent: `{Event, Orgc, EventTag}`. */
  quickEvent(id: Json | undefined): JsonMap | null
  /** The attributes row with value, value1 and value2, columns in the database's order. */
  attributeRow(id: Json | undefined): JsonMap | null
  attributeByUuid(uuid: string): JsonMap | null
  /** MispAttribute::fetchAttribute: `{Attribute, Event, Object?}` with tags. */
  fetchAttribute(id: Json | undefined): JsonMap | null
  /** Another attribute of the event with the same type, category and value, outside of objects (MispAttribute::findAttributeByValue). */
  attributeByValue(attribute: JsonMap): JsonMap | null
  objectRow(id: Json | undefined): JsonMap | null
  shadowAttribute(id: Json | undefined): JsonMap | null
  sightings(attributeId: string): readonly JsonMap[]
  organisation(id: Json | undefined): JsonMap | null
  thread(id: Json | undefined): JsonMap | null
  tag(id: Json | undefined): JsonMap | null
  /** The first tag of that name, in any case. */
  tagByName(name: string): JsonMap | null
  eventTags(eventId: Json | undefined): readonly TagRow[]
  attributeTags(attributeId: Json | undefined): readonly TagRow[]
  warninglists(): readonly WarninglistRow[]
  warninglistEntries(id: string): readonly string[]
  warninglistToMatch(id: string): ListToMatch
  /** The first event report that fits, and its event. */
  eventOfReport(fits: (report: Json) => boolean): { readonly event: JsonMap; readonly report: Json } | null
  blocklisted(eventUuid: string): boolean

  updateEvent(id: string, fields: JsonMap): void
  insertEvent(fields: JsonMap): string
  updateAttribute(id: string, fields: JsonMap): void
  insertAttribute(fields: JsonMap): string
  updateObject(id: string, fields: JsonMap): void
  updateShadowAttribute(id: string, fields: JsonMap): void
  insertTag(fields: JsonMap): string
  insertEventTag(row: {
    readonly eventId: string
    readonly tagId: string
    readonly local: boolean
    readonly relationship: string | null
  }): string
  updateEventTag(eventId: string, row: TagRow, relationship: string | null): void
  deleteEventTag(eventId: string, row: TagRow): void
  insertAttributeTag(row: AttributeTagInsert): string
  updateAttributeTag(
    attributeId: string,
    row: TagRow,
    fields: { readonly local?: boolean; readonly relationship: string | null }
  ): void
  deleteAttributeTag(attributeId: string, row: TagRow): void
  insertBlocklistEntry(row: JsonMap): string
  /** A row of `notes`, `opinions` or `relationships`. */
  insertAnalystData(table: string, row: JsonMap): string
  replaceWarninglistEntries(id: string, values: readonly string[]): void
}

export interface AttributeTagInsert {
  readonly attributeId: string
  readonly eventId: string
  readonly tagId: string
  readonly local: boolean
  readonly relationship: string | null
}

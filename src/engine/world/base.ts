// What a world's data answers, before a run changes anything: the one place that every look-up goes through, so that what a run read can be
// noted (reads.ts), and be answered again without the world that it was read from.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Shown } from './galaxies.ts'
import type { ReadWarninglist } from './warninglists.ts'
import type { Match } from './world.ts'

/** What of an event is looked at: its own columns and whose it is, or everything below it. */
export type EventNeed = 'columns' | 'all'

export interface FoundAttribute {
  readonly eventId: string
  readonly row: JsonMap
}

/** Of a recorded world: what was worked out of rows that were not recorded. */
export interface WorldSeed {
  /** Tags as they were found, in place of looking for them in events. Null: nothing outside of the run's own data had any. */
  readonly tags: readonly JsonMap[] | null
  readonly objects: readonly JsonMap[]
  /** Last ids by table. */
  readonly last: { readonly [table: string]: number }
  readonly galaxies: readonly { readonly tag: string; readonly galaxy: JsonMap; readonly cluster: JsonMap }[]
}

/** Ids are texts of digits; a row that is not there is undefined. */
export interface WorldBase {
  has(part: string): boolean
  event(id: string, need: EventNeed): JsonMap | undefined
  eventIdByUuid(uuid: string): string | undefined
  /** Ascending. */
  eventIds(): readonly string[]
  eventTags(id: string): readonly JsonMap[]
  shownOrganisation(id: string): JsonMap | undefined
  sightings(eventId: string, attributeId: string): readonly JsonMap[]
  report(fits: (report: Json) => boolean): { readonly event: JsonMap; readonly report: Json } | undefined
  attribute(id: string): FoundAttribute | undefined
  /** Always the same rows for an attribute, because they are told apart by identity. */
  attributeTags(attribute: JsonMap): readonly JsonMap[]
  attributeIdByUuid(uuid: string): string | undefined
  /** The first attribute outside of objects with that valueKey() of rows.ts. */
  attributeIdByValue(eventId: string, key: string): string | undefined
  object(id: string): JsonMap | undefined
  shadow(id: string): JsonMap | undefined
  tag(id: string): JsonMap | undefined
  tagByName(lowerName: string): JsonMap | undefined
  galaxy(tagName: string): Shown | null
  warninglists(): ReadonlyMap<string, ReadWarninglist>
  warninglistEntries(id: string, use: 'all' | 'match'): readonly string[]
  /** A value matched a list, or nobody knows whether it does. */
  matched?(id: string, value: string, match: Match): void
  partRow(part: string, id: string): JsonMap | undefined
  find(part: string, fits: (row: JsonMap) => boolean): JsonMap | undefined
  filter(part: string, fits: (row: JsonMap) => boolean): readonly JsonMap[]
  /** The last id of a table; 0 where it has none. */
  last(table: string): number
}

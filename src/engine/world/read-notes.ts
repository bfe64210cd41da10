// What a run's look-ups found, as it is noted while the run goes on.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { Shown } from './galaxies.ts'
import type { Match } from './world.ts'

export interface EventNote {
  /** Its columns and whose it is; else only that it is there. */
  columns: boolean
  all: boolean
  tags: boolean
  readonly attributes: Set<JsonMap>
  readonly shadows: Set<JsonMap>
  readonly sightings: Set<JsonMap>
  readonly reports: Set<Json>
  /** Ids that this event has before others. */
  readonly taken: { readonly attributes: Set<string>; readonly objects: Set<string>; readonly shadows: Set<string> }
}

export interface ListNote {
  all: boolean
  readonly matches: Map<string, Match>
}

/** Names of look-ups that found nothing are kept up to here for each part. */
export const mostMisses = 100

export class ReadNotes {
  readonly asked = new Set<string>()
  readonly rows = new Map<string, Set<JsonMap>>()
  readonly events = new Map<JsonMap, EventNote>()
  readonly objects = new Map<string, JsonMap>()
  readonly tags = new Map<string, JsonMap>()
  readonly last = new Map<string, number>()
  readonly galaxies = new Map<string, Shown>()
  readonly lists = new Map<string, ListNote>()
  readonly misses = new Map<string, Set<string>>()

  miss(part: string, what: string): void {
    let misses = this.misses.get(part)
    if (misses === undefined) this.misses.set(part, (misses = new Set()))
    if (misses.size <= mostMisses) misses.add(what)
  }

  note(event: JsonMap): EventNote {
    let note = this.events.get(event)
    if (note === undefined) this.events.set(event, (note = newNote()))
    return note
  }

  list(id: string): ListNote {
    let note = this.lists.get(id)
    if (note === undefined) this.lists.set(id, (note = { all: false, matches: new Map() }))
    return note
  }

  row(part: string, row: JsonMap | undefined): void {
    this.asked.add(part)
    if (row === undefined) return
    let rows = this.rows.get(part)
    if (rows === undefined) this.rows.set(part, (rows = new Set()))
    rows.add(row)
  }
}

const newNote = (): EventNote => ({
  ...{ columns: false, all: false, tags: false },
  ...{ attributes: new Set(), shadows: new Set(), sightings: new Set(), reports: new Set() },
  taken: { attributes: new Set(), objects: new Set(), shadows: new Set() }
})

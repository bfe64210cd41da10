// What a handle has changed so far, over the base data. Forking copies it; the maps hold changed rows only.
import type { JsonMap } from '../../contract/json.ts'
import type { WorldChange } from '../../contract/run.ts'
import type { Assumption } from './world.ts'

export interface EventOverlay {
  /** The event's fields with their changes. */
  fields: JsonMap
  /** The tag rows, once they changed. */
  tags: readonly JsonMap[] | null
  /** Ids of attributes that were added. */
  added: readonly string[]
}

export class Overlay {
  readonly changes: WorldChange[] = []
  readonly assumptions = new Map<string, Assumption>()
  readonly events = new Map<string, EventOverlay>()
  /** Changed and added attributes, in Event::fetchEvent's rows, with the event that lists them. */
  readonly attributes = new Map<string, { readonly eventId: string; readonly row: JsonMap }>()
  readonly objects = new Map<string, JsonMap>()
  readonly shadows = new Map<string, JsonMap>()
  readonly tags = new Map<string, JsonMap>()
  readonly blocklist = new Set<string>()
  readonly warninglistEntries = new Map<string, readonly string[]>()
  /** The last id given out, by table. */
  readonly lastIds = new Map<string, number>()

  fork(): Overlay {
    const copy = new Overlay()
    for (const change of this.changes) copy.changes.push(change)
    copyMap(this.assumptions, copy.assumptions)
    for (const [id, event] of this.events) copy.events.set(id, { ...event })
    copyMap(this.attributes, copy.attributes)
    copyMap(this.objects, copy.objects)
    copyMap(this.shadows, copy.shadows)
    copyMap(this.tags, copy.tags)
    for (const uuid of this.blocklist) copy.blocklist.add(uuid)
    copyMap(this.warninglistEntries, copy.warninglistEntries)
    copyMap(this.lastIds, copy.lastIds)
    return copy
  }
}

function copyMap<T>(from: ReadonlyMap<string, T>, to: Map<string, T>): void {
  for (const [key, value] of from) to.set(key, value)
}

// The world is what MISP's database would hold. A run starts from an immutable world and gets a handle (this interface) that
// reads it and records every change in MISP's tables and columns. Owned by the engine's world folder.
import type { JsonMap } from '../../contract/json.ts'
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

/** Extended by the implementation with the look-ups and operations that triggers and actions need. */
export interface World {
  readonly data: WorldData
  /** Changes so far, in order. */
  readonly changes: readonly WorldChange[]
}

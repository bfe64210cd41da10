// Triggers that get less than an event look the rest up in MISP's database. Their first post shows what stood there then, which the world
// of the workspace may not have, or have otherwise by now.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { codeOf } from '../../../engine/modules/implementations.ts'
import { PhpThrow } from '../../../engine/php/exceptions.ts'
import { isMap } from '../../../engine/php/values.ts'
import { underPhp } from '../../../engine/php/version.ts'
import { profiles } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { diff } from '../../../engine/replay/diff.ts'
import { createWorld } from '../../../engine/world/create.ts'
import type { WorldData } from '../../../engine/world/world.ts'

export interface ShownInput {
  readonly profile: ProfileId
  readonly trigger: string
  readonly original: JsonMap
  /** As MISP posted it. */
  readonly posted: Json
  /** As the trigger makes it here; undefined: it makes nothing. */
  readonly own: Json | undefined
}

/** Whether all that differs may come from the database: the trigger reads it, and what it got itself is in the post. */
export function isFromDatabase({ profile, trigger, original, posted, own }: ShownInput): boolean {
  if (!isMap(posted) || !readsDatabase(profile, trigger, original, posted)) return false
  const differing = own === undefined ? [] : diff(own, posted, { limit: mostDiffering })
  return differing.every(({ path, after }) => {
    const [part] = path
    if (part !== 'Event' && part !== 'Thread') return false
    const key = path.at(-1)
    if (typeof key !== 'string' || after === undefined || typeof after === 'object') return true
    // What the trigger got shows itself: an attribute, a tag, columns of the event.
    const own = typeof path[1] === 'string' && path.length > 2 ? givenItem(original, path[1]) : original[part]
    const given = isMap(own ?? null) ? (own as JsonMap)[key] : undefined
    return given === undefined || typeof given === 'object' || String(given) === String(after)
  })
}

const mostDiffering = 1000

const givenItem = (original: JsonMap, list: string): Json | undefined =>
  original[list === '_AttributeFlattened' ? 'Attribute' : list]

function readsDatabase(profile: ProfileId, trigger: string, original: JsonMap, posted: JsonMap): boolean {
  const nothing = normalized(profile, trigger, original, { events: [], threads: [] })
  const shown: WorldData = {
    events: isMap(posted['Event'] ?? null) ? [{ Event: posted['Event'] as Json }] : [],
    threads: isMap(posted['Thread'] ?? null) ? [posted['Thread'] as JsonMap] : []
  }
  return JSON.stringify(normalized(profile, trigger, original, shown)) !== JSON.stringify(nothing)
}

function normalized(profile: ProfileId, trigger: string, original: JsonMap, world: WorldData): Json | false | null {
  try {
    return underPhp(profiles[profile].php, () =>
      codeOf(profile).normalize(trigger, original, createWorld(world))
    ) as Json
  } catch (thrown) {
    if (thrown instanceof PhpThrow) return null
    throw thrown
  }
}

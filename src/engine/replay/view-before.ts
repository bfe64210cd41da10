// What a node read: the data as it came, through the filters that were on. A step's own view is that of what it left.
import type { Json } from '../../contract/json.ts'
import { PhpThrow } from '../php/exceptions.ts'
import { isMap } from '../php/values.ts'
import { underPhp } from '../php/version.ts'
import { profiles } from '../profiles/profiles.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import { createRoamingData } from '../run/roaming-data.ts'

interface Step {
  readonly before: Json
  readonly after?: Json
  readonly view: Json
}

export function viewBefore({ before, after, view }: Step, profile: ProfileId): Json {
  if (before === after || before === null) return view
  if (!isMap(before) || before['enabledFilters'] === undefined) return before
  try {
    return underPhp(profiles[profile].php, () => createRoamingData(before, profiles[profile]).getData())
  } catch (thrown) {
    if (!(thrown instanceof PhpThrow)) throw thrown
    return view
  }
}

// What the end of a run meant for MISP and for whoever did the thing there.
import type { Json } from '../../contract/json.ts'
import type { WorldChange } from '../../contract/run.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import { modulesOf } from '../modules/table.ts'
import type { ProfileId } from '../profiles/profiles.ts'

export interface Consequence {
  /** What was not done, in one sentence; null where there is nothing to tell, or nobody can. */
  readonly consequence: string | null
  /** What MISP keeps and shows all the same; null where it is as everybody thinks. */
  readonly aftermath: string | null
}

const nothing: Consequence = { consequence: null, aftermath: null }
const only = (consequence: string): Consequence => ({ consequence, aftermath: null })

/** @param data what the trigger was called with. @param changes of the world, which posts do not tell. */
export function consequenceOf(
  { outcome, trigger, origin }: Pick<RunSummary, 'outcome' | 'trigger' | 'origin'>,
  pathType: 'blocking' | 'non-blocking' | null,
  profile: ProfileId,
  data: Json,
  changes: readonly { readonly change: WorldChange }[]
): Consequence {
  if (outcome === null || outcome === 'success' || outcome === 'no end') return nothing
  if (outcome === 'not started' || outcome === 'cannot tell') return nothing
  if (pathType !== 'blocking') return only('The workflow runs in the background; MISP’s operation was not affected.')
  const refused = modulesOf(profile).facts('trigger', trigger)?.refused
  if (!refused) return only('MISP’s operation was blocked.')
  const known = origin === 'local' ? changes.map(({ change }) => change) : null
  // PHP's own error ends the operation with it; nothing of what follows a refusal happens.
  return outcome === 'aborted' ? only(refused.not) : { consequence: refused.not, aftermath: refused.but(data, known) }
}

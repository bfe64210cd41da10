import { CodedError } from '../../../contract/errors.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { triggerIdOf } from '../../../engine/graph/walk-helpers.ts'
import { isAdHocId } from '../../../engine/modules/ad-hoc/definition.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import { profileIds } from '../../../engine/profiles/profiles.ts'
import { nearestProfile } from './run-input.ts'

/** The trigger that a run has: the workflow's own, or the one that it is run as. Throws TRIGGER_UNKNOWN. */
export function triggerFor({ data }: RawWorkflow, { as, profile: given }: RunOptionsInput): string | null {
  const trigger = as ?? triggerIdOf(data)
  if (trigger === null) return null
  const { profile } = nearestProfile(given)
  if (modulesOf(profile).find('trigger', trigger)) return trigger
  const where = profileIds.filter((one) => modulesOf(one).find('trigger', trigger))
  const kind = isAdHocId(trigger) ? ' (an ad-hoc workflow)' : ''
  const others = where.length === 0 ? '' : ` MISP ${where.join(', ')} has it (--profile).`
  const why = `MISP ${profile} has no trigger “${trigger}”${kind}.${others}`
  const text = `${why} The workflow can be run as if another trigger had fired it, for example event-publish (--as event-publish).`
  throw new CodedError('TRIGGER_UNKNOWN', text, { place: 'workflow', trigger, profiles: where, why })
}

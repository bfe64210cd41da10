// The engine's ports on Node: time and ids.
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import type { Ports } from '../../../engine/effects/ports.ts'
import { runClock } from '../../ports/clock.ts'
import { newUuid } from '../../ports/ids.ts'

/** `limits`: of templates, where they are not the usual ones. */
export const enginePorts = (limits: Partial<Limits> = {}): Ports => ({
  clock: runClock(),
  uuid: newUuid,
  templateLimits: limits
})

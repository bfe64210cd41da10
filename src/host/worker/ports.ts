// The engine's ports on Node: time, ids, and the renderer of templates.
import type { Ports } from '../../engine/run/ports.ts'
import { systemClock } from '../ports/clock.ts'
import { newUuid } from '../ports/ids.ts'

export const enginePorts = (): Ports => ({ clock: systemClock, uuid: newUuid })

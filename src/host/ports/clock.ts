import type { Clock } from '../../engine/run/ports.ts'

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }

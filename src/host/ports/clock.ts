import type { Clock } from '../../engine/effects/ports.ts'

/** The time of this machine, and what mocks say that they take on top of it. One for each run. */
export function runClock(): Clock {
  let skipped = 0
  return {
    now: () => Date.now() + skipped,
    monotonic: () => performance.now() + skipped,
    skip: (ms) => void (skipped += ms)
  }
}

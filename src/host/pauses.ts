// Long work in a thread that others wait for.
import { setImmediate as breathe } from 'node:timers/promises'

/** Awaited between parts of long work. */
export type Pause = () => Promise<void> | undefined

const heldMs = 8

/** Whenever the thread was held for some milliseconds, others get it. `check` throws when the work is no longer wanted. */
export function createPauses(check?: () => void): Pause {
  let since = performance.now()
  const rest = async (): Promise<void> => {
    await breathe()
    check?.()
    since = performance.now()
  }
  return () => (performance.now() - since < heldMs ? undefined : rest())
}

// Long work in a thread that others wait for.
import { setImmediate as breathe } from 'node:timers/promises'

/** Work that must not be in the middle of other work of its kind: each begins when the one before it is over, however that ended. */
export function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}

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

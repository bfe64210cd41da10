// Long work in a thread that others wait for.
import { setImmediate as breathe } from 'node:timers/promises'

/** Answers what is awaited between parts of long work: whenever the thread was held for `heldMs`, others get it. */
export function createPauses(heldMs = 8): () => Promise<void> | undefined {
  let since = performance.now()
  const rest = async (): Promise<void> => {
    await breathe()
    since = performance.now()
  }
  return () => (performance.now() - since < heldMs ? undefined : rest())
}

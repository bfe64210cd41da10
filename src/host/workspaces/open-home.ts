// The workspace of a person is opened where it can be: through the process that holds it, or in this one.
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { HostCapture } from '../capture/host-capture.ts'
import { hasHolderHere, nonceOf, pollMs } from '../holder/find-holder.ts'
import { relayTo, type Relay } from '../holder/relay.ts'
import { createHost, type AppHost, type HostOptions } from '../host.ts'

export interface Home extends AppHost {
  /** Null where another process takes the posts. */
  readonly capture: HostCapture | null
  /** Null where this process holds the workspace, or nobody could be asked. */
  readonly through: Relay | null
}

/** `patienceMs`: how long a holder that cannot be spoken to (it starts, or it ends) is waited for. Throws what opening a workspace throws. */
export async function openHome(options: HostOptions, patienceMs = 5000): Promise<Home> {
  const root = resolve(options.workspace)
  let patience = performance.now() + patienceMs
  let holder = nonceOf(root)
  for (;;) {
    const through = await relayTo(root, options, Math.max(pollMs, patience - performance.now()))
    if (through !== null && 'why' in through) return here({ ...options, readOnly: through.why })
    if (through !== null) return { ...through, through, capture: null }
    // Commands that hold it one after the other are no holder that stands still.
    const next = nonceOf(root)
    if (next !== holder) patience = performance.now() + patienceMs
    holder = next
    const isInVain = performance.now() > patience
    if (!hasHolderHere(root) || isInVain) {
      const own = await createHost(options)
      const { writable, heldBy } = own.workspace.info()
      // Somebody else may have been faster, and may be spoken to by now.
      if (writable || isInVain || heldBy === null) return { ...own, through: null }
      await own.close()
    }
    await wait(pollMs)
  }
}

const here = async (options: HostOptions): Promise<Home> => ({ ...(await createHost(options)), through: null })

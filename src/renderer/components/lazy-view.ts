// Views are loaded when they are needed, and all of them soon after the start, so that each can be opened while the host is gone.
import { lazy } from 'react'
import { retries } from '../stores/retry.ts'

const waiting = new Set<() => Promise<unknown>>()
/** After what the first view asks for. */
const afterStart = 3000
let started = false

/** Tried again when the connection is back; until then the view says that it is loading. */
const loadUntilThere = <T>(load: () => Promise<T>): Promise<T> =>
  load().catch(
    () =>
      new Promise<T>((resolve) => {
        const stop = retries.subscribe(() => {
          stop()
          resolve(loadUntilThere(load))
        })
      })
  )

export const lazyView: typeof lazy = (load) => {
  waiting.add(load)
  if (started) setTimeout(() => void loadWaiting())
  return lazy(() => loadUntilThere(load))
}

/** One after the other; views that bring views of their own are followed by those. */
async function loadWaiting(): Promise<void> {
  for (const load of waiting) {
    waiting.delete(load)
    // Not there now: it is tried again when it is needed.
    await load().catch(() => undefined)
  }
}

export function loadViewsSoon(): void {
  started = true
  setTimeout(() => void loadWaiting(), afterStart)
}

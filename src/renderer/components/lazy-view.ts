// Views are loaded when they are needed, and all of them soon after the start, so that each can be opened while the host is gone.
// They come in few files, see vite.renderer.config.ts; a view within one of them is imported as anything else.
import { createElement, lazy, useState } from 'react'
import type { ComponentType } from 'react'
import { retries } from '../stores/retry.ts'

const waiting: (() => Promise<unknown>)[] = []
/** After what the first view asks for. */
const afterStart = 500

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

interface ViewModule<P> {
  readonly default: ComponentType<P>
}

/** A view that is there already is shown at once: one that suspends, if for a moment only, React holds back for 300 ms. */
export function lazyView<P extends object>(load: () => Promise<ViewModule<P>>): ComponentType<P> {
  let there: ComponentType<P> | null = null
  const keeping = async (): Promise<ViewModule<P>> => {
    const module = await load()
    there = module.default
    return module
  }
  waiting.push(keeping)
  const Later = lazy(() => loadUntilThere(keeping)) as unknown as ComponentType<P>
  return function View(props: P) {
    // Once chosen it stays: another component would start anew.
    const [{ Chosen }] = useState(() => ({ Chosen: there ?? Later }))
    return createElement(Chosen, props)
  }
}

async function loadAll(): Promise<void> {
  for (const load of waiting) {
    // Not there now: it is tried again when it is needed.
    await load().catch(() => undefined)
  }
}

export function loadViewsSoon(): void {
  setTimeout(() => void loadAll(), afterStart)
}

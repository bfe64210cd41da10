// What forms hold that is saved nowhere, by what it is for: as long as the page is open it is there again when its form is.
import { createStore } from 'zustand/vanilla'

/** JSON values. */
export const unsaved = createStore<{ readonly drafts: ReadonlyMap<string, { readonly value: unknown }> }>(() => ({
  drafts: new Map()
}))

/** A draft that is as what is saved is none. */
export function keepDraft<T>(key: string, value: T, saved: T): void {
  const drafts = new Map(unsaved.getState().drafts)
  if (JSON.stringify(value) === JSON.stringify(saved)) {
    if (!drafts.delete(key)) return
  } else drafts.set(key, { value })
  unsaved.setState({ drafts })
}

export function dropDraft(key: string): void {
  const drafts = new Map(unsaved.getState().drafts)
  if (drafts.delete(key)) unsaved.setState({ drafts })
}

export const draftOf = <T>(key: string): { readonly value: T } | undefined =>
  unsaved.getState().drafts.get(key) as { readonly value: T } | undefined

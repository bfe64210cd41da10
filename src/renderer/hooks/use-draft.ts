import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { client } from '../client/client.ts'
import { draftOf, dropDraft, keepDraft, unsaved } from '../stores/unsaved.ts'

// A window of the desktop app closes when it is told to; a browser asks the person.
globalThis.addEventListener('beforeunload', (event) => {
  if (unsaved.getState().drafts.size > 0 && !client.desktop) event.preventDefault()
})

export interface DraftState {
  /** It differs from what is saved. */
  readonly changed: boolean
  /** Back to what is saved, or to what has been saved now. */
  readonly settle: (now?: { readonly saved: unknown }) => void
}

/**
 * What a form holds before it is saved; it is still there when its view is left and opened again. A new saved value is taken over where the
 * person had changed nothing; what they changed stays.
 * @param key what the draft is for
 * @param saved a JSON value
 */
export function useDraft<T>(key: string, saved: T): readonly [T, (change: T | ((draft: T) => T)) => void, DraftState] {
  const [base, setBase] = useState(saved)
  useEffect(() => setBase(saved), [key, JSON.stringify(saved)])
  const kept = useStore(unsaved, ({ drafts }) => drafts.get(key)) as { readonly value: T } | undefined
  const set = (change: T | ((draft: T) => T)): void => {
    const before = draftOf<T>(key)
    keepDraft(key, change instanceof Function ? change(before ? before.value : base) : change, base)
  }
  const settle = (now?: { readonly saved: unknown }): void => {
    if (now) setBase(now.saved as T)
    dropDraft(key)
  }
  return [kept ? kept.value : base, set, { changed: kept !== undefined, settle }]
}

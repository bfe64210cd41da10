import { useState } from 'react'
import { client } from '../client/client.ts'

/** What was typed and is not saved anywhere, by what it is for; as long as the page is open. */
const kept = new Map<string, string>()

// A window of the desktop app closes when it is told to; a browser asks the person.
addEventListener('beforeunload', (event) => {
  if (kept.size > 0 && !client.desktop) event.preventDefault()
})

/** A text that is still there when its view is left and opened again; null: nothing was typed. */
export function useKeptText(key: string): readonly [string | null, (text: string | null) => void] {
  const [, draw] = useState(0)
  const set = (text: string | null): void => {
    if (text === null) kept.delete(key)
    else kept.set(key, text)
    draw((count) => count + 1)
  }
  return [kept.get(key) ?? null, set]
}

// The title of the window or tab: what is open, and where.
import { visibleLine } from '../../contract/visible.ts'
import { createStore } from 'zustand/vanilla'

export const title = createStore<{ readonly opened: readonly string[] }>(() => ({ opened: [] }))

/** Names what is open as long as it is. Gives the function that takes the name back. */
export function nameOpened(name: string): () => void {
  title.setState(({ opened }) => ({ opened: [...opened, name] }))
  return () =>
    title.setState(({ opened }) => {
      const at = opened.lastIndexOf(name)
      return { opened: opened.filter((_, i) => i !== at) }
    })
}

/** `Run of event-publish · Runs · My workspace – Retrace`. */
export const titleOf = (parts: readonly (string | null | undefined)[]): string => {
  const said = visibleLine(parts.filter(Boolean).join(' · '))
  return said === '' ? 'Retrace' : `${said} – Retrace`
}

import { useEffect } from 'react'
import { nameOpened } from '../stores/title.ts'

/** What the view has open, for the title of the window; null while it is not known. */
export function useTitle(name: string | null): void {
  useEffect(() => (name === null || name === '' ? undefined : nameOpened(name)), [name])
}

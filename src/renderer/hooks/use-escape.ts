import { useEffect, useRef } from 'react'
import { onEscape } from '../stores/escape.ts'

/** Escape closes it, as long as it is open and nothing was opened in it since. */
export function useEscape(close: () => void, isOpen = true): void {
  const latest = useRef(close)
  latest.current = close
  useEffect(() => (isOpen ? onEscape(() => latest.current()) : undefined), [isOpen])
}

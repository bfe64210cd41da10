import { useEffect, useRef, useState } from 'react'

/**
 * What a form holds before it is saved. A new saved value is taken over where the person had changed nothing; what they changed stays.
 * @param saved a JSON value
 */
export function useDraft<T>(saved: T): readonly [T, (change: T | ((draft: T) => T)) => void] {
  const [draft, setDraft] = useState(saved)
  const before = useRef(saved)
  useEffect(() => {
    const old = JSON.stringify(before.current)
    before.current = saved
    setDraft((draft) => (JSON.stringify(draft) === old ? saved : draft))
  }, [saved])
  return [draft, setDraft]
}

import { useLayoutEffect, useRef, useState } from 'react'

const restMs = 90

/** The value: at once when it changes now and then; once it has come to rest when it changes with every frame, as under a slider. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  const changedAt = useRef(-Infinity)
  const last = useRef(value)
  useLayoutEffect(() => {
    if (last.current === value) return
    last.current = value
    const now = performance.now()
    const isQuick = now - changedAt.current < restMs
    changedAt.current = now
    if (!isQuick) return setSettled(value)
    const timer = setTimeout(() => setSettled(value), restMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

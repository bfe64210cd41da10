// What Escape closes: the innermost thing that is open, and nothing else. Whoever opens something puts its way out on the stack and takes it
// off when it is gone.
const open: (() => void)[] = []

/** Gives the function that takes it off. */
export function onEscape(close: () => void): () => void {
  open.push(close)
  return () => {
    const at = open.lastIndexOf(close)
    if (at >= 0) open.splice(at, 1)
  }
}

/** False when nothing is open. */
export function closeInnermost(): boolean {
  const close = open.at(-1)
  close?.()
  return close !== undefined
}

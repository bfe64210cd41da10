export interface TextDiff {
  /** The first line that differs, from 1. */
  readonly line: number
  readonly own: readonly string[]
  readonly other: readonly string[]
  /** Lines that are not shown, of either. */
  readonly more: number
}

const mostLines = 20

/** The lines between the common beginning and the common end of two texts; null for equal ones. */
export function textDiff(own: string, other: string): TextDiff | null {
  if (own === other) return null
  const a = own.split('\n')
  const b = other.split('\n')
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const left = a.slice(start, a.length - end)
  const right = b.slice(start, b.length - end)
  return {
    line: start + 1,
    own: left.slice(0, mostLines),
    other: right.slice(0, mostLines),
    more: Math.max(0, left.length - mostLines) + Math.max(0, right.length - mostLines)
  }
}

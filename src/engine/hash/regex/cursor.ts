/** Walks over the codes of a pattern. Syntax is ASCII, so looking ahead happens on text. */
export interface Cursor {
  readonly done: () => boolean
  readonly offset: () => number
  /** The next character as text, empty at the end. */
  readonly peek: () => string
  readonly at: (text: string) => boolean
  /** Consumes the text when it comes next. */
  readonly take: (text: string) => boolean
  /** Consumes one code; -1 at the end. */
  readonly next: () => number
  readonly skip: (length: number) => void
  readonly match: (pattern: RegExp) => RegExpMatchArray | null
  /** Consumes up to and including the text (or to the end) and returns the codes before it. */
  readonly until: (text: string) => readonly number[]
}

// How far `match` looks ahead: names and numbers are short.
const window = 80

export const createCursor = (codes: readonly number[]): Cursor => {
  let at = 0
  // One character for each code, so that offsets agree; what is beyond 16 bits is never syntax.
  const text = codes.map((code) => String.fromCharCode(code < 0x10000 ? code : 0xfffd)).join('')
  const startsWith = (wanted: string): boolean => text.startsWith(wanted, at)
  return {
    done: () => at >= codes.length,
    offset: () => at,
    peek: () => text[at] ?? '',
    at: startsWith,
    take: (wanted) => {
      if (!startsWith(wanted)) return false
      at += wanted.length
      return true
    },
    next: () => codes[at++] ?? -1,
    skip: (length) => {
      at += length
    },
    match: (pattern) => pattern.exec(text.slice(at, at + window)),
    until: (wanted) => {
      const end = text.indexOf(wanted, at)
      const found = codes.slice(at, end < 0 ? codes.length : end)
      at = end < 0 ? codes.length : end + wanted.length
      return found
    }
  }
}

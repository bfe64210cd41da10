const lastStart = 2 ** 16 - 1

/**
 * Of the three characters at each place of a text: where no entry begins so, nothing is cut out of the text and looked up. Read once for
 * all lists.
 */
export function startsOf(text: string): readonly number[] {
  const { length } = text
  if (length < 3) return []
  const starts = new Array<number>(length - 2)
  let first = text.charCodeAt(0)
  let second = text.charCodeAt(1)
  for (let at = 2; at < length; at++) {
    const third = text.charCodeAt(at)
    starts[at - 2] = ((first * 961) ^ (second * 31) ^ third) & lastStart
    first = second
    second = third
  }
  return starts
}

/** Finds the first entry of a list that occurs in a text, without trying every entry. */
export class SubstringIndex {
  private readonly short: (readonly [position: number, entry: string])[] = []
  /** Entries of three characters and more by their first three. */
  private readonly byStart = new Map<string, (readonly [position: number, entry: string])[]>()

  private readonly starts = new Uint8Array(lastStart + 1)

  constructor(entries: readonly string[]) {
    entries.forEach((entry, position) => {
      if (entry.length < 3) {
        this.short.push([position, entry])
        return
      }
      const start = entry.slice(0, 3)
      this.starts[startsOf(start)[0] as number] = 1
      const same = this.byStart.get(start)
      if (same === undefined) this.byStart.set(start, [[position, entry]])
      else same.push([position, entry])
    })
  }

  /** @param starts of the text */
  first(text: string, starts = startsOf(text)): string | false {
    let best = Infinity
    let found: string | false = false
    for (const [position, entry] of this.short) {
      if (text.includes(entry)) {
        best = position
        found = entry
        break
      }
    }
    for (let at = 0; at < starts.length; at++) {
      if (this.starts[starts[at] as number] === 0) continue
      for (const [position, entry] of this.byStart.get(text.slice(at, at + 3)) ?? []) {
        if (position >= best) break
        if (text.startsWith(entry, at)) {
          best = position
          found = entry
          break
        }
      }
    }
    return found
  }
}

/** Finds the first entry of a list that occurs in a text, without trying every entry. */
export class SubstringIndex {
  private readonly short: (readonly [position: number, entry: string])[] = []
  /** Entries of three characters and more by their first three. */
  private readonly byStart = new Map<string, (readonly [position: number, entry: string])[]>()

  constructor(entries: readonly string[]) {
    entries.forEach((entry, position) => {
      if (entry.length < 3) {
        this.short.push([position, entry])
        return
      }
      const start = entry.slice(0, 3)
      const same = this.byStart.get(start)
      if (same === undefined) this.byStart.set(start, [[position, entry]])
      else same.push([position, entry])
    })
  }

  first(text: string): string | false {
    let best = Infinity
    let found: string | false = false
    for (const [position, entry] of this.short) {
      if (text.includes(entry)) {
        best = position
        found = entry
        break
      }
    }
    for (let at = 0; at + 3 <= text.length; at++) {
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

const startBits = 16

/** Of three characters; where no entry begins so, nothing is cut out of the text and looked up. */
const startAt = (text: string, at: number): number =>
  ((text.charCodeAt(at) * 961) ^ (text.charCodeAt(at + 1) * 31) ^ text.charCodeAt(at + 2)) & (2 ** startBits - 1)

/** Finds the first entry of a list that occurs in a text, without trying every entry. */
export class SubstringIndex {
  private readonly short: (readonly [position: number, entry: string])[] = []
  /** Entries of three characters and more by their first three. */
  private readonly byStart = new Map<string, (readonly [position: number, entry: string])[]>()

  private readonly starts = new Uint8Array(2 ** startBits)

  constructor(entries: readonly string[]) {
    entries.forEach((entry, position) => {
      if (entry.length < 3) {
        this.short.push([position, entry])
        return
      }
      const start = entry.slice(0, 3)
      this.starts[startAt(entry, 0)] = 1
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
      if (this.starts[startAt(text, at)] === 0) continue
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

// Finds many texts in a text in one pass (Aho-Corasick). Each text that a run hides costs nothing more where it is looked for, so neither
// many secrets nor long errors make masking slow.
import { mask } from './mask.ts'
import { cutFrom, formsOf } from './secret-forms.ts'

/** A longer secret is recognised by its beginning; what follows it is hidden as far as the secret is long. */
const longestPattern = 4096

/** More cannot be looked for: a text is then hidden as a whole. */
const mostCharacters = 1_000_000

/** So many are looked for in every form that they may have; of more only as they are. */
const mostEncoded = 500

/** Nodes of the tree of all texts, by number; 0 is the root. */
class Automaton {
  readonly #edges = new Map<number, number>()
  readonly #starts = new Set<number>()
  readonly #parents = [0]
  readonly #codes = [0]
  readonly #depths = [0]
  readonly #fails = [0]
  /** Length of the longest text that ends at a node, 0 for none; and how far one of them goes on. */
  readonly #lengths = [0]
  readonly #tails = [0]

  constructor(readonly texts: readonly string[]) {
    for (const text of texts) this.#insert(text)
    this.#link()
  }

  #insert(text: string): void {
    const length = Math.min(text.length, longestPattern)
    const cut = cutFrom(text) ?? length
    let node = 0
    for (let i = 0; i < length; i++) {
      node = this.#child(node, text.charCodeAt(i))
      if (i + 1 >= cut) this.#lengths[node] = i + 1
    }
    this.#lengths[node] = length
    this.#tails[node] = Math.max(this.#tails[node]!, text.length - length)
  }

  #child(node: number, code: number): number {
    const key = node * 0x10000 + code
    const known = this.#edges.get(key)
    if (known !== undefined) return known
    const made = this.#parents.length
    this.#edges.set(key, made)
    if (node === 0) this.#starts.add(code)
    this.#parents.push(node)
    this.#codes.push(code)
    this.#depths.push(this.#depths[node]! + 1)
    this.#fails.push(0)
    this.#lengths.push(0)
    this.#tails.push(0)
    return made
  }

  /** Where to go on when a text does not go on as it began. Shorter beginnings first: each needs those of its parent. */
  #link(): void {
    for (const node of byDepth(this.#depths)) {
      if (this.#depths[node]! > 1) this.#fails[node] = this.next(this.#fails[this.#parents[node]!]!, this.#codes[node]!)
      const fail = this.#fails[node]!
      this.#lengths[node] ||= this.#lengths[fail]!
      this.#tails[node] = Math.max(this.#tails[node]!, this.#tails[fail]!)
    }
  }

  next(from: number, code: number): number {
    for (let node = from; node !== 0; node = this.#fails[node]!) {
      const to = this.#edges.get(node * 0x10000 + code)
      if (to !== undefined) return to
    }
    return this.#starts.has(code) ? this.#edges.get(code)! : 0
  }

  /** Adds where the texts stand, as [begin, end] pairs. */
  find(text: string, spans: Span[]): void {
    let node = 0
    for (let i = 0; i < text.length; i++) {
      node = this.next(node, text.charCodeAt(i))
      const length = this.#lengths[node]!
      if (length > 0) spans.push([i + 1 - length, Math.min(text.length, i + 1 + this.#tails[node]!)])
    }
  }
}

type Span = readonly [begin: number, end: number]

/** All nodes but the root, ordered by depth. */
function byDepth(depths: readonly number[]): number[] {
  const levels: number[][] = []
  for (let node = 1; node < depths.length; node++) (levels[depths[node]!] ??= []).push(node)
  return levels.flat()
}

/** Texts to be hidden, which may become more. */
export class SecretTexts {
  readonly #known = new Set<string>()
  // Each is at least twice the next, so that texts that come one by one are not sorted in again and again.
  #automata: Automaton[] = []
  #characters = 0

  constructor(texts: Iterable<string> = []) {
    this.add(texts)
  }

  add(texts: Iterable<string>): void {
    let fresh: string[] = []
    for (const text of texts) {
      if (text === '' || this.#known.has(text)) continue
      this.#known.add(text)
      for (const form of this.#known.size > mostEncoded ? [text] : formsOf(text)) {
        this.#characters += Math.min(form.length, longestPattern)
        fresh.push(form)
      }
    }
    if (fresh.length === 0 || this.#characters > mostCharacters) return
    while (this.#automata.length > 0 && this.#automata.at(-1)!.texts.length < 2 * fresh.length)
      fresh = this.#automata.pop()!.texts.concat(fresh)
    this.#automata.push(new Automaton(fresh))
  }

  /** `text` with dots for each of the texts; those that overlap become one. */
  hide(text: string): string {
    if (this.#characters > mostCharacters) return mask
    const spans: Span[] = []
    for (const automaton of this.#automata) automaton.find(text, spans)
    if (spans.length === 0) return text
    spans.sort((a, b) => a[0] - b[0] || b[1] - a[1])
    const parts: string[] = []
    let [begin, end] = spans[0]!
    let shown = 0
    const put = (): void => {
      parts.push(text.slice(shown, begin), mask)
      shown = end
    }
    for (const [from, to] of spans) {
      if (from < end) end = Math.max(end, to)
      else {
        put()
        begin = from
        end = to
      }
    }
    put()
    return parts.join('') + text.slice(shown)
  }
}

// Every three characters that stand side by side in a run, as one bit each: a text that has three which the run has not cannot be in it. The
// rest is looked for really.
const gramBits = 24
const gramCount = 2 ** gramBits
/** Bits for each different gram; an eighth of them is set then, and a text of five characters passes by chance once in some hundreds. */
const bitsPerGram = 8
const leastBytes = 16

let table: Uint16Array | null = null

/** Capital and small letters are one, character by character, so that a part of a text stays a part of it. */
function foldTable(): Uint16Array {
  if (table !== null) return table
  table = new Uint16Array(0x10000)
  for (let code = 0; code < 0x10000; code++) {
    const small = String.fromCharCode(code).toLowerCase()
    table[code] = small.length === 1 ? small.charCodeAt(0) : code
  }
  return table
}

const isPlain = (text: string): boolean => /^[\u0000-\u007f]*$/.test(text)

export function fold(text: string): string {
  if (isPlain(text)) return text.toLowerCase()
  const codes = foldTable()
  let folded = ''
  for (let i = 0; i < text.length; i++) folded += String.fromCharCode(codes[text.charCodeAt(i)] as number)
  return folded
}

const gramOf = (a: number, b: number, c: number): number => {
  let mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 12)) & (gramCount - 1)
}

/** Calls for each gram of a text. */
function eachGram(text: string, take: (gram: number) => void): void {
  const codes = foldTable()
  if (text.length < 3) return
  let a = codes[text.charCodeAt(0)] as number
  let b = codes[text.charCodeAt(1)] as number
  for (let i = 2; i < text.length; i++) {
    const c = codes[text.charCodeAt(i)] as number
    take(gramOf(a, b, c))
    a = b
    b = c
  }
}

/** Collects the grams of one run after the other. */
export class GramCollector {
  readonly #seen = new Uint8Array(gramCount / 8)
  #grams: number[] = []
  #words = new Set<string>()

  readonly #take = (gram: number): void => {
    const mark = 1 << (gram & 7)
    const at = gram >>> 3
    if (((this.#seen[at] as number) & mark) !== 0) return
    this.#seen[at] = (this.#seen[at] as number) | mark
    this.#grams.push(gram)
  }

  add(text: string): void {
    if (text.length > 40) return eachGram(text, this.#take)
    // Keys, types and ids come again and again.
    if (this.#words.has(text)) return
    if (this.#words.size < 100_000) this.#words.add(text)
    eachGram(text, this.#take)
  }

  /** The bits of what was added, at most so many bytes, and begins anew. */
  finish(mostBytes: number): Uint8Array {
    const wanted = Math.ceil((this.#grams.length * bitsPerGram) / 8)
    const bits = new Uint8Array(Math.max(leastBytes, Math.min(wanted, mostBytes)))
    for (const gram of this.#grams) {
      const at = placeIn(gram, bits.length)
      bits[at >>> 3] = (bits[at >>> 3] as number) | (1 << (at & 7))
      this.#seen[gram >>> 3] = 0
    }
    this.#grams = []
    this.#words = new Set()
    return bits
  }
}

const placeIn = (gram: number, bytes: number): number => Math.floor((gram / gramCount) * bytes * 8)

/** The grams that a text must have which holds all of these; none for what is too short to tell anything. */
export function gramsOf(texts: readonly string[]): readonly number[] {
  const grams = new Set<number>()
  for (const text of texts) eachGram(text, (gram) => grams.add(gram))
  return [...grams]
}

/** False: not all of the grams were added. */
export function mayHold(bits: Uint8Array, grams: readonly number[]): boolean {
  return grams.every((gram) => {
    const at = placeIn(gram, bits.length)
    return ((bits[at >>> 3] as number) & (1 << (at & 7))) !== 0
  })
}

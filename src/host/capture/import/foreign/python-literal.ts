// Values as Python's pprint writes them: what MISP's own tools/misp-workflows/webhook-listener.py prints of a post. Long texts come in
// pieces that belong together; keys are sorted, so the order that MISP wrote is not known.
import type { Json } from '../../../../contract/json.ts'

/** PHP writes no deeper JSON than this. */
const mostLevels = 512

const words: Readonly<Record<string, Json>> = { True: true, False: false, None: null }
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0'
}
const plain = /[^'"\\\n]+/y
const number = /-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y
const word = /[A-Za-z]+/y
const space = /\s+/y

/** What stands where a value should be. */
export class NoLiteral extends Error {}

/** Reads one value of `text` after another, each in one pass. */
export class PythonReader {
  constructor(
    readonly text: string,
    public at = 0
  ) {}

  /** The value that begins at `at`, which goes behind it. Throws NoLiteral. */
  value(levels = mostLevels): Json {
    this.#skip()
    const sign = this.text[this.at]
    if (levels < 0) throw new NoLiteral('too many levels')
    if (sign === '{') return this.#map(levels)
    if (sign === '[') return this.#list(levels)
    if (sign === '(') return this.#inParentheses(levels)
    if (sign === "'" || sign === '"') return this.#text()
    const digits = this.#match(number)
    if (digits !== null) return Number(digits)
    const name = this.#match(word)
    const known = name === null ? undefined : words[name]
    if (known === undefined) throw new NoLiteral(`no value at character ${this.at}`)
    return known
  }

  #skip(): void {
    // pprint indents what belongs to a value: a line that begins with a brace is the next one, and this one was cut off.
    if (this.#match(space) !== null && this.text[this.at] === '{' && this.text[this.at - 1] === '\n')
      throw new NoLiteral(`the next value begins at character ${this.at}`)
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found === null) return null
    this.at = pattern.lastIndex
    return found[0]
  }

  #take(sign: string): boolean {
    this.#skip()
    if (this.text[this.at] !== sign) return false
    this.at++
    return true
  }

  #need(sign: string): void {
    if (!this.#take(sign)) throw new NoLiteral(`no ${sign} at character ${this.at}`)
  }

  #map(levels: number): Json {
    this.#need('{')
    const pairs: [string, Json][] = []
    while (!this.#take('}')) {
      const key = this.value(0)
      if (typeof key === 'object') throw new NoLiteral(`no key at character ${this.at}`)
      this.#need(':')
      pairs.push([String(key), this.value(levels - 1)])
      if (this.#take(',')) continue
      this.#need('}')
      break
    }
    return Object.fromEntries(pairs)
  }

  #list(levels: number): Json {
    this.#need('[')
    const items: Json[] = []
    while (!this.#take(']')) {
      items.push(this.value(levels - 1))
      if (this.#take(',')) continue
      this.#need(']')
      break
    }
    return items
  }

  /** A long text in pieces. */
  #inParentheses(levels: number): Json {
    this.#need('(')
    const inner = this.value(levels - 1)
    this.#need(')')
    return inner
  }

  #text(): string {
    const pieces: string[] = []
    do pieces.push(this.#piece())
    while (this.#isText())
    return pieces.join('')
  }

  #isText(): boolean {
    this.#skip()
    return this.text[this.at] === "'" || this.text[this.at] === '"'
  }

  #piece(): string {
    const quote = this.text[this.at++] as string
    let out = ''
    for (;;) {
      out += this.#match(plain) ?? ''
      const sign = this.text[this.at++]
      if (sign === quote) return out
      if (sign === '\\') out += this.#escaped()
      else if (sign === undefined || sign === '\n') throw new NoLiteral(`a text has no end at character ${this.at}`)
      else out += sign
    }
  }

  #escaped(): string {
    const sign = this.text[this.at++] ?? ''
    const length = { x: 2, u: 4, U: 8 }[sign]
    if (length === undefined) return escapes[sign] ?? sign
    const code = Number.parseInt(this.text.slice(this.at, this.at + length), 16)
    if (Number.isNaN(code) || code > 0x10ffff) throw new NoLiteral(`no character at ${this.at}`)
    this.at += length
    return String.fromCodePoint(code)
  }
}

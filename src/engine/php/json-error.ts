// Where a text stops being JSON. JSON.parse says so only sometimes, so this scanner runs after it failed.

/** "line 3, column 7" of an offset. */
export const placeOf = (text: string, offset: number): string => {
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++
    start = at + 1
  }
  return `line ${line}, column ${offset - start + 1}`
}

const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const scalar = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![A-Za-z0-9_.+-])/y

export interface JsonProblem {
  readonly offset: number
  /** Null: deeper than allowed. PHP's parser stops there, whatever comes behind. */
  readonly message: string | null
}

type Expect = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'next' | 'end'

const match = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

const isBlank = (unit: number): boolean => unit === 32 || unit === 10 || unit === 13 || unit === 9

const unexpected = (text: string, offset: number): JsonProblem => ({
  offset,
  message: `unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(offset) ?? 0))}`
})

/** The first place where the text is not JSON. Only called for texts that are not. */
export const findJsonError = (text: string, maxDepth: number): JsonProblem => {
  const scan = new Scan(text, maxDepth)
  while (scan.at < text.length) {
    if (isBlank(text.charCodeAt(scan.at))) scan.at++
    else if (!scan.step()) return scan.problem ?? unexpected(text, scan.at)
  }
  return { offset: text.length, message: text.length === 0 ? 'it is empty' : 'it ends too early' }
}

/** One token at a time, without an object for each: 30 MB of numbers are 15 million tokens. */
class Scan {
  at = 0
  problem: JsonProblem | null = null
  private expect: Expect = 'value'
  private readonly stack: string[] = []

  constructor(
    private readonly text: string,
    private readonly maxDepth: number
  ) {}

  /** False where the text is wrong: at `at` when there is no `problem`. */
  step(): boolean {
    const char = this.text[this.at] as string
    switch (this.expect) {
      case 'end':
        return false
      case ':':
        return char === ':' && this.go(1, 'value')
      case 'next':
        if (char === ',') return this.go(1, this.stack.at(-1) === '[' ? 'value' : 'key')
        return char === ']' ? this.close('[') : char === '}' && this.close('{')
      case 'key or }':
        return char === '}' ? this.close('{') : this.key(char)
      case 'key':
        return this.key(char)
      case 'value or ]':
        return char === ']' ? this.close('[') : this.value(char)
      case 'value':
        return this.value(char)
    }
  }

  private go(length: number, expect: Expect): true {
    this.at += length
    this.expect = expect
    return true
  }

  private get after(): Expect {
    return this.stack.length === 0 ? 'end' : 'next'
  }

  private close(opened: '[' | '{'): boolean {
    return this.stack.pop() === opened && this.go(1, this.after)
  }

  private key(char: string): boolean {
    return char === '"' && this.string(':')
  }

  private value(char: string): boolean {
    if (char === '"') return this.string(this.after)
    if (char === '[' || char === '{') {
      if (this.stack.length === this.maxDepth) {
        this.problem = { offset: this.at, message: null }
        return false
      }
      this.stack.push(char)
      return this.go(1, char === '[' ? 'value or ]' : 'key or }')
    }
    const end = match(scalar, this.text, this.at)
    return end >= 0 && this.go(end - this.at, this.after)
  }

  private string(expect: Expect): boolean {
    const { text, at } = this
    for (let i = at + 1; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code === 34) return this.go(i + 1 - at, expect)
      const length = code === 92 ? match(escape, text, i) - i : 1
      if (code < 32 || length < 0) {
        this.at = i
        return false
      }
      i += length - 1
    }
    this.problem = { offset: at, message: 'a string that does not end' }
    return false
  }
}

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
const blank = /[ \t\r\n]*/y
const scalar = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![A-Za-z0-9_.+-])/y

interface Problem {
  readonly offset: number
  readonly message: string
}

/** The first place where the text is not JSON. Only called for texts that are not. */
export const findJsonError = (text: string): Problem => {
  const stack: ('[' | '{')[] = []
  let at = skip(text, 0)
  let expect: Expect = 'value'
  while (at < text.length) {
    const step = advance(text, at, expect, stack)
    if ('message' in step) return step
    at = skip(text, step.at)
    expect = step.expect
  }
  return { offset: text.length, message: text.length === 0 ? 'it is empty' : 'it ends too early' }
}

type Expect = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'next' | 'end'
type Step = Problem | { readonly at: number; readonly expect: Expect }

const match = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}
const skip = (text: string, at: number): number => match(blank, text, at)

const unexpected = (text: string, offset: number): Problem => ({
  offset,
  message: `unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(offset) ?? 0))}`
})

const advance = (text: string, at: number, expect: Expect, stack: ('[' | '{')[]): Step => {
  const char = text[at] as string
  const after = (): Expect => (stack.length === 0 ? 'end' : 'next')
  const close = (opened: '[' | '{'): Step => {
    if (stack.pop() !== opened) return unexpected(text, at)
    return { at: at + 1, expect: after() }
  }
  if (expect === 'end') return unexpected(text, at)
  if (expect === ':') return char === ':' ? { at: at + 1, expect: 'value' } : unexpected(text, at)
  if (expect === 'next') {
    if (char === ',') return { at: at + 1, expect: stack.at(-1) === '[' ? 'value' : 'key' }
    return char === ']' ? close('[') : char === '}' ? close('{') : unexpected(text, at)
  }
  if (expect === 'value or ]' && char === ']') return close('[')
  if (expect === 'key or }' && char === '}') return close('{')
  const isKey = expect === 'key' || expect === 'key or }'
  if (char === '"') return advanceString(text, at, isKey ? ':' : after())
  if (isKey) return unexpected(text, at)
  if (char === '[' || char === '{') {
    stack.push(char)
    return { at: at + 1, expect: char === '[' ? 'value or ]' : 'key or }' }
  }
  const end = match(scalar, text, at)
  return end < 0 ? unexpected(text, at) : { at: end, expect: after() }
}

const advanceString = (text: string, at: number, expect: Expect): Step => {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 34) return { at: i + 1, expect }
    if (code < 32) return unexpected(text, i)
    if (code !== 92) continue
    const length = match(escape, text, i) - i
    if (length < 0) return unexpected(text, i)
    i += length - 1
  }
  return { offset: at, message: 'a string that does not end' }
}

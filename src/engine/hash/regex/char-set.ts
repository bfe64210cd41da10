// Sets of characters: bytes in byte mode, code points in UTF-8 mode.

/** A set: a table for codes below 256 and a test for the others. */
export interface CharSet {
  readonly low: Uint8Array
  readonly high: (code: number) => boolean
}

type Test = (code: number) => boolean

export const buildSet = (test: Test): CharSet => {
  const low = new Uint8Array(256)
  for (let code = 0; code < 256; code++) if (test(code)) low[code] = 1
  return { low, high: test }
}

export const holds = (set: CharSet, code: number): boolean => (code < 256 ? set.low[code] === 1 : set.high(code))

export const range =
  (from: number, to: number): Test =>
  (code) =>
    code >= from && code <= to
export const single =
  (wanted: number): Test =>
  (code) =>
    code === wanted
export const oneOf =
  (text: string): Test =>
  (code) =>
    code < 0x10000 && text.includes(String.fromCharCode(code))
export const not =
  (test: Test): Test =>
  (code) =>
    !test(code)
export const any =
  (tests: readonly Test[]): Test =>
  (code) =>
    tests.some((test) => test(code))

/** A Unicode property tested by the JavaScript engine on one character, which cannot backtrack. */
export const property = (name: string): Test | null => {
  try {
    const pattern = new RegExp(`^\\p{${name}}$`, 'u')
    return (code) => pattern.test(String.fromCodePoint(code))
  } catch {
    return null
  }
}

const letterOrDigit = range(48, 57)
const upper = range(65, 90)
const lower = range(97, 122)
const alpha = any([upper, lower])
const word = any([letterOrDigit, alpha, single(95)])
const space = oneOf('\t\n\v\f\r ')
const unicodeSpaces = any([oneOf('\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000'), range(0x2000, 0x200a)])
const known = (name: string): Test => property(name) as Test

/** \d \w \s \h \v \N and their opposites, or null. */
export const shorthand = (letter: string, unicode: boolean): Test | null => {
  const negative = not(shorthandOf(letter.toLowerCase(), unicode) ?? single(-1))
  if ('dwshv'.includes(letter)) return shorthandOf(letter, unicode)
  if ('DWSHV'.includes(letter)) return negative
  return letter === 'N' ? not(single(10)) : null
}

const shorthandOf = (letter: string, unicode: boolean): Test | null => {
  switch (letter) {
    case 'd':
      return unicode ? known('Nd') : letterOrDigit
    case 'w':
      return unicode ? wordTest(true) : word
    case 's':
      return unicode ? unicodeSpaces : space
    case 'h':
      return any([oneOf('\t \u00a0\u1680\u180e\u202f\u205f\u3000'), range(0x2000, 0x200a)])
    case 'v':
      return oneOf('\n\v\f\r\u0085\u2028\u2029')
    default:
      return null
  }
}

/** \w, also for \b. */
export const wordTest = (unicode: boolean): Test => (unicode ? any([word, known('L'), known('N')]) : word)

const posixAscii: Readonly<Record<string, Test>> = {
  alpha,
  digit: letterOrDigit,
  alnum: any([alpha, letterOrDigit]),
  upper,
  lower,
  space,
  blank: oneOf('\t '),
  punct: any([range(33, 47), range(58, 64), range(91, 96), range(123, 126)]),
  cntrl: any([range(0, 31), single(127)]),
  print: range(32, 126),
  graph: range(33, 126),
  xdigit: any([letterOrDigit, range(65, 70), range(97, 102)]),
  word,
  ascii: range(0, 127)
}
const posixUnicode = (name: string): Test | null => {
  const properties: Readonly<Record<string, string>> = { alpha: 'L', digit: 'Nd', upper: 'Lu', lower: 'Ll' }
  const found = properties[name]
  if (found) return known(found)
  if (name === 'alnum') return any([known('L'), known('N')])
  if (name === 'space') return unicodeSpaces
  return name === 'word' ? wordTest(true) : null
}

/** [:alpha:] and its kin, or null. */
export const posixClass = (name: string, unicode: boolean): Test | null => {
  if (!Object.hasOwn(posixAscii, name)) return null
  return (unicode ? posixUnicode(name) : null) ?? (posixAscii[name] as Test)
}

/** The same set without regard to case: ASCII letters in byte mode, simple case pairs in UTF-8 mode. */
export const foldCase = (test: Test, unicode: boolean): Test => {
  if (!unicode) return (code) => test(code) || (lower(code) && test(code - 32)) || (upper(code) && test(code + 32))
  return (code) => test(code) || caseVariants(code).some(test)
}

/** Other cases of a code point. */
export const caseVariants = (code: number): number[] => {
  const char = String.fromCodePoint(code)
  return [char.toLowerCase(), char.toUpperCase()]
    .filter((other) => other !== char && [...other].length === 1)
    .map((other) => other.codePointAt(0) as number)
}

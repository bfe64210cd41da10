// Backslash sequences of PCRE2, outside and inside of classes.
import { PatternError } from './ast.ts'
import type { Assertion, GroupRef, Node } from './ast.ts'
import { any, buildSet, not, oneOf, property, shorthand } from './char-set.ts'
import { charNode } from './parser-state.ts'
import type { ParserState } from './parser-state.ts'

const assertions: Readonly<Record<string, Assertion>> = {
  A: 'start',
  z: 'end',
  Z: 'end or newline',
  G: 'match start',
  b: 'word',
  B: 'no word'
}
const controls: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }

/** An escape outside of a class; the backslash is consumed. */
export const parseEscape = (state: ParserState): Node => {
  const { cursor, flags } = state
  if (cursor.done()) throw new PatternError('\\ at end of pattern')
  const letter = cursor.peek()
  const assertion = assertions[letter]
  if (assertion) {
    cursor.next()
    return { type: 'assert', what: assertion, unicode: flags.unicode }
  }
  if (cursor.take('K')) return { type: 'keep' }
  if (cursor.take('R')) return newlineNode(flags.unicode)
  if (cursor.take('X')) throw new PatternError('\\X is not supported', 'REGEX_UNSUPPORTED')
  if (cursor.take('C')) return { type: 'set', set: buildSet(() => true) }
  return parseReference(state) ?? parseSetEscape(state) ?? charNode(parseCharEscape(state, false), flags)
}

/** \R: CRLF is taken as one. */
const newlineNode = (unicode: boolean): Node => {
  const code = (value: number): Node => ({ type: 'set', set: buildSet((other) => other === value) })
  const single = buildSet(oneOf(unicode ? '\n\v\f\r\u0085\u2028\u2029' : '\n\v\f\r\u0085'))
  const pair: Node = { type: 'sequence', items: [code(13), code(10)] }
  return { type: 'atomic', item: { type: 'choice', items: [pair, { type: 'set', set: single }] } }
}

/** \d, \w, \p{L}…, also inside of classes. */
export const parseSetTest = (state: ParserState): ((code: number) => boolean) | null => {
  const { cursor, flags } = state
  const letter = cursor.peek()
  if (letter === 'p' || letter === 'P') return parseProperty(state)
  const test = letter === '' ? null : shorthand(letter, flags.unicode)
  if (test) cursor.next()
  return test
}

const parseSetEscape = (state: ParserState): Node | null => {
  const test = parseSetTest(state)
  return test && { type: 'set', set: buildSet(test) }
}

const parseProperty = ({ cursor }: ParserState): ((code: number) => boolean) => {
  const found = cursor.match(/^([pP])(?:\{(\^?)\s*([A-Za-z_&]+)\s*\}|([A-Z]))/)
  if (!found) throw new PatternError('malformed \\P or \\p sequence')
  cursor.skip(found[0].length)
  const test = propertyTest(found[3] ?? (found[4] as string))
  if (!test) throw new PatternError('unknown property after \\P or \\p')
  return (found[1] === 'P') !== (found[2] === '^') ? not(test) : test
}

const propertyTest = (name: string): ((code: number) => boolean) | null => {
  if (name === 'Any') return () => true
  if (name === 'L&')
    return any([property('Lu'), property('Ll'), property('Lt')].flatMap((test) => (test ? [test] : [])))
  if (name === 'Xan') return any([property('L'), property('N')].flatMap((test) => (test ? [test] : [])))
  if (name === 'Xwd') return shorthand('w', true)
  if (name === 'Xsp' || name === 'Xps') return shorthand('s', true)
  return property(name) ?? property(`Script=${name}`)
}

const parseReference = (state: ParserState): Node | null => {
  const { cursor, flags, references } = state
  const named = cursor.match(/^k(?:\{(\w+)\}|<(\w+)>|'(\w+)')/) ?? cursor.match(/^g\{([A-Za-z_]\w*)\}/)
  const call = cursor.match(/^g(?:<([-+]?\w+)>|'([-+]?\w+)')/)
  const numbered = cursor.match(/^g(?:\{([-+]?[0-9]+)\}|([-+]?[0-9]+))/) ?? cursor.match(/^([1-9][0-9]*)/)
  const found = named ?? call ?? numbered
  if (!found) return null
  const text = found.slice(1).find((part) => part !== undefined) as string
  // \10 and above is a character in octal unless there are so many groups.
  if (!named && !call && /^[1-9][0-9]+$/.test(found[0]) && Number(text) > state.totalGroups) return null
  cursor.skip(found[0].length)
  const group = groupRef(text, state)
  references.push(group)
  return call ? { type: 'call', group } : { type: 'backreference', group, ignoreCase: flags.ignoreCase }
}

/** A group by number (also relative) or name. */
export const groupRef = (text: string, state: ParserState): GroupRef => {
  if (!/^[-+]?[0-9]+$/.test(text)) return { name: text }
  const number = Number(text)
  if (text.startsWith('-')) return { number: positive(state.groups + 1 + number) }
  return { number: text.startsWith('+') ? state.groups + number : number }
}

const positive = (number: number): number => {
  if (number < 1) throw new PatternError('reference to non-existent subpattern')
  return number
}

/** An escape that stands for one character. */
export const parseCharEscape = (state: ParserState, inClass: boolean): number => {
  const { cursor, flags } = state
  const letter = cursor.peek()
  if (inClass && letter === 'b') {
    cursor.next()
    return 8
  }
  if (Object.hasOwn(controls, letter)) {
    cursor.next()
    return controls[letter] as number
  }
  const hex = cursor.match(/^x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{0,2}))/)
  if (hex) return consumed(state, hex[0], parseInt(hex[1] ?? (hex[2] || '0'), 16))
  const octal = cursor.match(/^o\{([0-7]+)\}/) ?? cursor.match(/^([0-7]{1,3})/)
  if (octal) {
    const code = parseInt(octal[1] as string, 8)
    return consumed(state, octal[0], flags.unicode ? code : code & 255)
  }
  const control = cursor.match(/^c([\x20-\x7e])/)
  if (control) return consumed(state, control[0], (control[1] as string).toUpperCase().charCodeAt(0) ^ 64)
  if (/[A-Za-z0-9]/.test(letter))
    throw new PatternError(`unrecognized character follows \\ at offset ${cursor.offset()}`)
  return cursor.next()
}

const consumed = ({ cursor, flags }: ParserState, text: string, code: number): number => {
  cursor.skip(text.length)
  if (code > (flags.unicode ? 0x10ffff : 255))
    throw new PatternError('character code point value in \\x{} or \\o{} is too large')
  return code
}

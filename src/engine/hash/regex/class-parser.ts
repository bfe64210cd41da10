// Character classes: [a-z], [^\d], [[:alpha:]].
import { append } from '../../../contract/lists.ts'
import { PatternError } from './ast.ts'
import type { Node } from './ast.ts'
import { any, buildSet, foldCase, not, posixClass, range, single } from './char-set.ts'
import { parseCharEscape, parseSetTest } from './escapes.ts'
import type { ParserState } from './parser-state.ts'

type Test = (code: number) => boolean

/** A class; the opening bracket is consumed. */
export const parseClass = (state: ParserState): Node => {
  const { cursor, flags } = state
  const negative = cursor.take('^')
  const tests: Test[] = []
  let first = true
  while (first || !cursor.at(']')) {
    first = false
    if (cursor.done()) throw new PatternError('missing terminating ] for character class')
    if (cursor.take('\\Q')) append(tests, cursor.until('\\E').map(single))
    else if (!cursor.take('\\E')) tests.push(parseMember(state))
  }
  cursor.next()
  const inside = flags.ignoreCase ? foldCase(any(tests), flags.unicode) : any(tests)
  return { type: 'set', set: buildSet(negative ? not(inside) : inside) }
}

const parseMember = (state: ParserState): Test => {
  const { cursor } = state
  const from = parseAtom(state)
  const isRange = cursor.at('-') && !cursor.at('-]') && cursor.match(/^-[\s\S]/) !== null
  if (!isRange) return typeof from === 'number' ? single(from) : from
  cursor.next()
  const to = parseAtom(state)
  if (typeof from !== 'number' || typeof to !== 'number') throw new PatternError('invalid range in character class')
  if (from > to) throw new PatternError('range out of order in character class')
  return range(from, to)
}

/** One character, or a test for a whole set. */
const parseAtom = (state: ParserState): number | Test => {
  const { cursor, flags } = state
  const posix = cursor.match(/^\[:(\^?)(\w+):\]/)
  if (posix) {
    cursor.skip(posix[0].length)
    const test = posixClass(posix[2] as string, flags.unicode)
    if (!test) throw new PatternError('unknown POSIX class name')
    return posix[1] ? not(test) : test
  }
  if (cursor.match(/^\[[.=]\w*[.=]\]/)) throw new PatternError('POSIX collating elements are not supported')
  if (!cursor.take('\\')) return cursor.next()
  if (cursor.done()) throw new PatternError('\\ at end of pattern')
  if (cursor.match(/^[BRX]/)) throw new PatternError('escape sequence is invalid in character class')
  return parseSetTest(state) ?? parseCharEscape(state, true)
}

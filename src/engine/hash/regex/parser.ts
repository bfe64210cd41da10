// Reads a PCRE2 pattern (without delimiters) into its syntax tree.
import { PatternError } from './ast.ts'
import type { Flags, GroupRef, Node, Pattern, RepeatMode } from './ast.ts'
import { buildSet, not, single } from './char-set.ts'
import { parseClass } from './class-parser.ts'
import { createCursor } from './cursor.ts'
import type { Cursor } from './cursor.ts'
import { parseEscape } from './escapes.ts'
import { parseGroup } from './groups.ts'
import { charNode } from './parser-state.ts'
import type { ParserState } from './parser-state.ts'

const maxDepth = 250
const maxRepeat = 65535

/** Parses a pattern given as codes. Throws PatternError. */
export const parsePattern = (codes: readonly number[], flags: Flags): Pattern => {
  const cursor = createCursor(codes)
  const state: ParserState = {
    cursor,
    flags,
    groups: 0,
    depth: 0,
    names: new Map(),
    references: [],
    totalGroups: countGroups(codes),
    parseChoice: () => parseChoice(state),
    parseSequence: () => parseSequence(state)
  }
  const root = parseChoice(state)
  if (!cursor.done()) throw new PatternError(`unmatched closing parenthesis at offset ${cursor.offset()}`)
  for (const reference of state.references) checkReference(reference, state)
  return { root, groups: state.groups, names: state.names }
}

const checkReference = (reference: GroupRef, state: ParserState): void => {
  const exists = 'name' in reference ? state.names.has(reference.name) : reference.number <= state.groups
  if (!exists) throw new PatternError('reference to non-existent subpattern')
}

/** An estimate that is right for patterns without `(` in classes or quotes; only \10 and higher depend on it. */
const countGroups = (codes: readonly number[]): number => {
  let count = 0
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] === 92) i++
    else if (
      codes[i] === 40 &&
      (codes[i + 1] !== 63 ||
        (codes[i + 2] === 60 && codes[i + 3] !== 61 && codes[i + 3] !== 33) ||
        codes[i + 2] === 80)
    )
      count++
  }
  return count
}

const parseChoice = (state: ParserState): Node => {
  if (++state.depth > maxDepth) throw new PatternError('parentheses are too deeply nested')
  const items: Node[] = []
  do items.push(parseSequence(state))
  while (state.cursor.take('|'))
  state.depth--
  return items.length === 1 ? (items[0] as Node) : { type: 'choice', items }
}

const parseSequence = (state: ParserState): Node => {
  const { cursor } = state
  const items: Node[] = []
  for (;;) {
    if (state.flags.extended) skipExtended(cursor)
    if (cursor.done() || cursor.at('|') || cursor.at(')')) break
    if (cursor.take('\\Q')) {
      for (const code of cursor.until('\\E')) items.push(charNode(code, state.flags))
      if (items.length > 0) items.push(parseQuantifier(items.pop() as Node, state))
      continue
    }
    if (cursor.take('\\E')) continue
    // `(?:^)*` may be repeated, `^*` may not.
    const bare = !cursor.at('(')
    const item = parseItem(state)
    items.push(
      bare && (item.type === 'assert' || item.type === 'keep')
        ? refuseQuantifier(item, state)
        : parseQuantifier(item, state)
    )
  }
  return items.length === 1 ? (items[0] as Node) : items.length === 0 ? { type: 'empty' } : { type: 'sequence', items }
}

const skipExtended = (cursor: Cursor): void => {
  for (;;) {
    if (' \t\n\v\f\r'.includes(cursor.peek() || 'x')) cursor.next()
    else if (cursor.at('#')) while (!cursor.done() && cursor.next() !== 10);
    else return
  }
}

const parseItem = (state: ParserState): Node => {
  const { cursor, flags } = state
  if (cursor.take('(')) return parseGroup(state)
  if (cursor.take('[')) return parseClass(state)
  if (cursor.take('\\')) return parseEscape(state)
  if (cursor.take('.')) return { type: 'set', set: buildSet(flags.dotAll ? () => true : not(single(10))) }
  if (cursor.take('^'))
    return { type: 'assert', what: flags.multiline ? 'line start' : 'start', unicode: flags.unicode }
  if (cursor.take('$')) {
    return {
      type: 'assert',
      what: flags.multiline ? 'line end' : flags.dollarEndOnly ? 'end' : 'end or newline',
      unicode: flags.unicode
    }
  }
  if (cursor.at('*') || cursor.at('+') || cursor.at('?')) throw notRepeatable(cursor)
  return charNode(cursor.next(), flags)
}

const notRepeatable = (cursor: Cursor): PatternError =>
  new PatternError(`quantifier does not follow a repeatable item at offset ${cursor.offset()}`)

const refuseQuantifier = (item: Node, state: ParserState): Node => {
  if (readQuantifier(state)) throw notRepeatable(state.cursor)
  return item
}

const parseQuantifier = (item: Node, state: ParserState): Node => {
  if (state.flags.extended) skipExtended(state.cursor)
  const found = readQuantifier(state)
  if (!found) return item
  const { cursor } = state
  let mode: RepeatMode = state.flags.ungreedy ? 'lazy' : 'greedy'
  if (cursor.take('+')) mode = 'possessive'
  else if (cursor.take('?')) mode = state.flags.ungreedy ? 'greedy' : 'lazy'
  // What follows at once is another quantifier: PCRE refuses it too, by parseItem.
  return { type: 'repeat', item, min: found.min, max: found.max, mode }
}

const readQuantifier = ({ cursor }: ParserState): { min: number; max: number } | null => {
  if (cursor.take('*')) return { min: 0, max: Infinity }
  if (cursor.take('+')) return { min: 1, max: Infinity }
  if (cursor.take('?')) return { min: 0, max: 1 }
  const braces = cursor.match(/^\{([0-9]+)(?:(,)([0-9]*))?\}/)
  if (!braces) return null
  cursor.skip(braces[0].length)
  const min = Number(braces[1])
  const max = braces[3] ? Number(braces[3]) : braces[2] ? Infinity : min
  if (min > maxRepeat || (max !== Infinity && max > maxRepeat))
    throw new PatternError('number too big in {} quantifier')
  if (min > max) throw new PatternError('numbers out of order in {} quantifier')
  return { min, max }
}

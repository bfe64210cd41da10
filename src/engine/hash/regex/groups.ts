// Everything that starts with a parenthesis.
import { PatternError } from './ast.ts'
import type { Flags, GroupRef, Node } from './ast.ts'
import { groupRef } from './escapes.ts'
import type { ParserState } from './parser-state.ts'

/** A group; the opening parenthesis is consumed. */
export const parseGroup = (state: ParserState): Node => {
  const { cursor } = state
  if (cursor.at('*')) return parseVerb(state)
  if (!cursor.take('?')) return state.flags.noCapture ? inner(state) : capture(state, null)
  if (cursor.take(':')) return inner(state)
  if (cursor.take('|')) return branchReset(state)
  if (cursor.take('>')) return { type: 'atomic', item: inner(state) }
  if (cursor.take('#')) return comment(state)
  for (const [mark, behind, negative] of looks) {
    if (cursor.take(mark)) return { type: 'look', behind, negative, item: inner(state) }
  }
  if (cursor.take('(')) return condition(state)
  return parseNamed(state) ?? parseCall(state) ?? parseFlags(state)
}

const looks = [
  ['=', false, false],
  ['!', false, true],
  ['<=', true, false],
  ['<!', true, true]
] as const

const close = ({ cursor }: ParserState): void => {
  if (!cursor.take(')')) throw new PatternError('missing closing parenthesis')
}

/** What is inside; flags that change there end there. */
const inner = (state: ParserState): Node => {
  const flags = state.flags
  const item = state.parseChoice()
  state.flags = flags
  close(state)
  return item
}

const capture = (state: ParserState, name: string | null): Node => {
  const index = ++state.groups
  if (name !== null) state.names.set(name, [...(state.names.get(name) ?? []), index])
  return { type: 'capture', index, item: inner(state) }
}

const comment = ({ cursor }: ParserState): Node => {
  cursor.until(')')
  return { type: 'empty' }
}

const parseVerb = ({ cursor }: ParserState): Node => {
  if (cursor.take('*FAIL)') || cursor.take('*F)')) return { type: 'fail' }
  throw new PatternError('verbs such as (*SKIP) are not supported', 'REGEX_UNSUPPORTED')
}

/** (?|…): every alternative counts its groups from the same number. */
const branchReset = (state: ParserState): Node => {
  const { flags, groups } = state
  const items: Node[] = []
  let most = groups
  do {
    state.groups = groups
    items.push(state.parseSequence())
    most = Math.max(most, state.groups)
  } while (state.cursor.take('|'))
  state.groups = most
  state.flags = flags
  close(state)
  return { type: 'choice', items }
}

const parseNamed = (state: ParserState): Node | null => {
  const { cursor } = state
  const named = cursor.match(/^(?:P?<([A-Za-z_]\w{0,31})>|'([A-Za-z_]\w{0,31})')/)
  if (named) {
    cursor.skip(named[0].length)
    return capture(state, (named[1] ?? named[2]) as string)
  }
  if (cursor.match(/^(?:P?<|')/)) throw new PatternError('syntax error in subpattern name')
  const back = cursor.match(/^P=(\w+)\)/)
  if (!back) return null
  cursor.skip(back[0].length)
  const group: GroupRef = { name: back[1] as string }
  state.references.push(group)
  return { type: 'backreference', group, ignoreCase: state.flags.ignoreCase }
}

const parseCall = (state: ParserState): Node | null => {
  const found = state.cursor.match(/^(?:(R)|([-+]?[0-9]+)|&(\w+)|P>(\w+))\)/)
  if (!found) return null
  state.cursor.skip(found[0].length)
  const group = found[1] ? { number: 0 } : groupRef((found[2] ?? found[3] ?? found[4]) as string, state)
  state.references.push(group)
  return { type: 'call', group }
}

const parseFlags = (state: ParserState): Node => {
  const { cursor } = state
  const found = cursor.match(/^(\^?)([imsxnUJ]*)(?:-([imsxnUJ]*))?([:)])/)
  if (!found) throw new PatternError('unrecognized character after (? or (?-')
  cursor.skip(found[0].length)
  const before = state.flags
  state.flags = changeFlags(before, found[1] === '^', found[2] as string, found[3] ?? '')
  if (found[4] === ')') return { type: 'empty' }
  const item = state.parseChoice()
  state.flags = before
  close(state)
  return item
}

const letters: Readonly<Record<string, keyof Flags>> = {
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  x: 'extended',
  n: 'noCapture',
  U: 'ungreedy'
}

const changeFlags = (flags: Flags, reset: boolean, on: string, off: string): Flags => {
  const next: Record<keyof Flags, boolean> = { ...flags }
  if (reset) for (const letter of 'imsxn') next[letters[letter] as keyof Flags] = false
  for (const letter of on) if (letters[letter]) next[letters[letter]] = true
  for (const letter of off) if (letters[letter]) next[letters[letter]] = false
  return next
}

/** (?(1)yes|no), (?(<name>)…), (?(DEFINE)…), (?(?=…)…); the second parenthesis is consumed. */
const condition = (state: ParserState): Node => {
  const test = conditionTest(state)
  const flags = state.flags
  const branches = state.parseChoice()
  state.flags = flags
  close(state)
  const items = branches.type === 'choice' ? branches.items : [branches]
  if (items.length > 2 || (test === 'define' && items.length > 1)) {
    throw new PatternError('conditional subpattern contains more than two branches')
  }
  return { type: 'condition', test, yes: items[0] as Node, no: items[1] ?? { type: 'empty' } }
}

const conditionTest = (state: ParserState): GroupRef | Node | 'define' => {
  const { cursor } = state
  if (cursor.match(/^\?(?:[=!]|<[=!])/)) return parseGroup(state)
  const found = cursor.match(/^(?:<(\w+)>|'(\w+)'|([-+]?[0-9]+)|(\w+))\)/)
  if (!found) throw new PatternError('malformed condition')
  cursor.skip(found[0].length)
  if (found[4] === 'DEFINE') return 'define'
  if (found[4] === 'R') throw new PatternError('recursion conditions are not supported', 'REGEX_UNSUPPORTED')
  const group = groupRef((found[1] ?? found[2] ?? found[3] ?? found[4]) as string, state)
  state.references.push(group)
  return group
}

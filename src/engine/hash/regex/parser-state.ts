import type { Flags, GroupRef, Node } from './ast.ts'
import { buildSet, foldCase, single } from './char-set.ts'
import type { Cursor } from './cursor.ts'

/** What the parts of the parser share. `flags` changes at `(?i)` and is restored at the end of the group. */
export interface ParserState {
  readonly cursor: Cursor
  flags: Flags
  groups: number
  depth: number
  readonly names: Map<string, number[]>
  readonly references: GroupRef[]
  /** Capturing groups of the whole pattern, counted before, for \10 and forward references. */
  readonly totalGroups: number
  readonly parseChoice: () => Node
  /** One alternative. */
  readonly parseSequence: () => Node
}

/** A literal character. */
export const charNode = (code: number, flags: Flags): Node => {
  const test = single(code)
  return { type: 'set', set: buildSet(flags.ignoreCase ? foldCase(test, flags.unicode) : test) }
}

// The parsed form of a PCRE pattern.
import type { CharSet } from './char-set.ts'

export type Node =
  | { readonly type: 'empty' | 'fail' | 'keep' }
  | { readonly type: 'set'; readonly set: CharSet }
  | { readonly type: 'sequence'; readonly items: readonly Node[] }
  | { readonly type: 'choice'; readonly items: readonly Node[] }
  | { readonly type: 'capture'; readonly index: number; readonly item: Node }
  | { readonly type: 'atomic'; readonly item: Node }
  | { readonly type: 'look'; readonly item: Node; readonly behind: boolean; readonly negative: boolean }
  | {
      readonly type: 'repeat'
      readonly item: Node
      readonly min: number
      readonly max: number
      readonly mode: RepeatMode
    }
  | { readonly type: 'assert'; readonly what: Assertion; readonly unicode: boolean }
  | { readonly type: 'backreference'; readonly group: GroupRef; readonly ignoreCase: boolean }
  | { readonly type: 'call'; readonly group: GroupRef }
  | { readonly type: 'condition'; readonly test: GroupRef | Node | 'define'; readonly yes: Node; readonly no: Node }

export type RepeatMode = 'greedy' | 'lazy' | 'possessive'
/** A group by number or by name; names are resolved when the whole pattern is known. */
export type GroupRef = { readonly number: number } | { readonly name: string }
export type Assertion =
  'start' | 'end' | 'end or newline' | 'line start' | 'line end' | 'match start' | 'word' | 'no word'

export interface Pattern {
  readonly root: Node
  /** Capturing groups without the whole match. */
  readonly groups: number
  readonly names: ReadonlyMap<string, readonly number[]>
}

export interface Flags {
  readonly ignoreCase: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
  readonly extended: boolean
  readonly ungreedy: boolean
  readonly dollarEndOnly: boolean
  readonly noCapture: boolean
  /** UTF-8 mode: code points and Unicode properties. Without it the pattern and the subject are bytes, as in PCRE. */
  readonly unicode: boolean
}

/** The pattern is no valid PCRE (PHP warns "Compilation failed"). */
export class PatternError extends Error {
  override readonly name = 'PatternError'
  constructor(
    message: string,
    readonly kind: 'REGEX_INVALID' | 'REGEX_UNSUPPORTED' = 'REGEX_INVALID'
  ) {
    super(message)
  }
}

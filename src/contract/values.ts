// Looking into data that stays where it is: the host keeps a run's data, a shell asks for the page that it shows.
import type { Sentence } from './sentence.ts'

export type ValueType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'missing'

/** Keys from the root, list positions as numbers. `[]` is the value itself. */
export type ValuePath = readonly (string | number)[]

/** A value in one line. */
export interface ValueSummary {
  readonly type: ValueType
  /** One line of at most 120 characters; MISP's things show what names them (`ip-dst 198.51.100.4`). */
  readonly preview: string
  /** Entries of a list or map; characters of a text; 0 otherwise. */
  readonly count: number
  /** Bytes as compact JSON; null when it was not worth counting. */
  readonly size: number | null
  /** Of an attribute, event or tag: what MISP shows beside its name. */
  readonly misp?: MispMarks
}

export interface MispMarks {
  readonly toIds?: boolean
  /** The first few; `colour` as in `#ff0000`. */
  readonly tags?: readonly { readonly name: string; readonly colour: string | null }[]
  /** How many it has besides. */
  readonly moreTags?: number
}

/** What a search compares: texts, keys, or the places that a hash path (`Event.Attribute.{n}.value`) finds. */
export const searchKinds = ['text', 'key', 'path'] as const
export type SearchKind = (typeof searchKinds)[number]

export interface ValueEntry extends ValueSummary {
  readonly key: string | number
}

/** One page of one level of a JSON value. */
export interface ValuePage extends ValueSummary {
  readonly path: ValuePath
  readonly offset: number
  readonly entries: readonly ValueEntry[]
  /** Of a text: the characters from `offset` on; of other scalars their JSON. */
  readonly text?: string
}

export interface ValueMatch {
  readonly path: ValuePath
  /** Where the query was found. */
  readonly in: 'key' | 'value' | 'path'
  readonly preview: string
}

export interface ValueMatches {
  readonly matches: readonly ValueMatch[]
  /** Pass it to go on; null when the whole value was searched. */
  readonly cursor: string | null
}

/** One difference between two values. Lists are aligned by uuid, id or name where their items have one. */
export interface ValueChange {
  readonly op: 'added' | 'removed' | 'changed'
  readonly path: ValuePath
  /** How a person names the place: `Event.Attribute 198.51.100.4 · to_ids`. */
  readonly label: string
  readonly before: ValueSummary | null
  readonly after: ValueSummary | null
}

/** Changes of the same kind in one sentence: `to_ids: true to false on 3 attributes`. */
export interface ChangeSentence extends Sentence {
  readonly op: ValueChange['op']
  /** Which of `changes` it tells of, by position. */
  readonly of: readonly number[]
}

export interface ValueChanges {
  readonly changes: readonly ValueChange[]
  /** The same in words. */
  readonly words: readonly ChangeSentence[]
  readonly total: number
  /** There are more than `total`, and sentences that count say so. */
  readonly isCut: boolean
}

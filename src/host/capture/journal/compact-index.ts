// What a compacted segment's index says; the format is described in docs/file-formats.md.
import type { PostMeta } from './segments.ts'

/** One post in a compacted segment. */
export interface CompactRecord {
  readonly seq: number
  readonly meta: PostMeta
  readonly bytes: number
  readonly sha256: string
  /** Ranges of pieces. */
  readonly parts: readonly number[]
}

/** What stands at the end of a compacted segment. */
export interface CompactIndex {
  /** `[offset in the file, bytes there, number of its first piece]` of each block. */
  readonly blocks: readonly (readonly [offset: number, bytes: number, firstPiece: number])[]
  readonly pieceLengths: readonly number[]
  readonly records: readonly CompactRecord[]
}

// Which numbers of posts stand in which file.
import { join } from 'node:path'
import { readCompactHead } from './compaction-reader.ts'
import type { StoredPost } from './journal.ts'
import type { SegmentFiles } from './segment-files.ts'
import { compactName, listSegments, segmentName } from './segments-recovery.ts'
import { scanSegment, type RecordRef } from './segments.ts'

export interface Span {
  readonly segment: number
  readonly compact: boolean
  readonly first: number
  last: number
  readonly posts: number
  /** Raw segments: records by number. */
  readonly refs: Map<number, RecordRef> | null
}

/** A post that was just written. */
export function addPost(spans: Span[], { seq, offset, metaBytes, bodyBytes, external, segment }: StoredPost): void {
  const ref: RecordRef = { seq, offset, metaBytes, bodyBytes, external }
  const span = spans.at(-1)
  if (span !== undefined && span.segment === segment && span.refs !== null) {
    span.refs.set(seq, ref)
    span.last = Math.max(span.last, seq)
  } else spans.push({ segment, compact: false, first: seq, last: seq, posts: 1, refs: new Map([[seq, ref]]) })
}

/** Ascending. Files that cannot be read are noted and left out. */
export async function findSpans(dir: string, files: Pick<SegmentFiles, 'orNote'>): Promise<Span[]> {
  const { raw, compact } = await listSegments(dir)
  const spans: Span[] = []
  for (const segment of compact) {
    const head = await files.orNote(compactName(segment), () => readCompactHead(join(dir, compactName(segment))))
    if (head === null) continue
    const { first, last, posts } = head
    if (posts > 0) spans.push({ segment, compact: true, first, last, posts, refs: null })
  }
  const compacted = new Set(compact)
  for (const segment of raw) {
    // Both there: the process ended between writing the compacted segment and removing the raw one.
    if (compacted.has(segment)) continue
    const path = join(dir, segmentName(segment))
    const records = (await files.orNote(segmentName(segment), () => scanSegment(path)))?.records ?? []
    const [first, last] = [records[0], records.at(-1)]
    if (first === undefined || last === undefined) continue
    const refs = new Map(records.map((ref) => [ref.seq, ref]))
    spans.push({ segment, compact: false, first: first.seq, last: last.seq, posts: records.length, refs })
  }
  return spans.sort((a, b) => a.first - b.first)
}

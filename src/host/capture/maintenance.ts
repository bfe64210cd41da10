// What makes a capture folder smaller: compacting sealed segments, and removing posts for good.
import { join } from 'node:path'
import { readCompactHead } from '../store/compaction-reader.ts'
import { compactSegment, recompactSegment } from '../store/compaction.ts'
import { compactName, listSegments } from '../store/segments-recovery.ts'

export interface Compaction {
  readonly before: number
  readonly after: number
  readonly segments: number
}

/** Compacts every sealed segment. Damaged ones stay as they are and are reported. */
export async function compactSealed(
  dir: string,
  active: number,
  problem: (message: string) => void
): Promise<Compaction> {
  let [before, after, segments] = [0, 0, 0]
  const { raw, compact } = await listSegments(dir)
  for (const segment of raw) {
    if (segment === active || compact.includes(segment)) continue
    const done = await compactSegment(dir, segment)
    if (done === null) {
      problem(`Segment ${segment} is damaged and stays as it is.`)
      continue
    }
    ;[before, after, segments] = [before + done.before, after + done.after, segments + 1]
  }
  return { before, after, segments }
}

/** Writes compacted segments anew without some posts. Answers the bytes that became free. */
export async function removePosts(dir: string, gone: ReadonlySet<number>): Promise<number> {
  let saved = 0
  for (const segment of (await listSegments(dir)).compact) {
    const { first, last } = await readCompactHead(join(dir, compactName(segment)))
    const touched = [...gone].some((seq) => seq >= first && seq <= last)
    if (touched) saved += await recompactSegment(dir, segment, (seq) => !gone.has(seq))
  }
  return saved
}

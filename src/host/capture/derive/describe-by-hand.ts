// A run as a person put it together: described out of its posts, which are read back.
import type { PostReader } from '../journal/segments-reader.ts'
import { describeRun, type CapturedRun } from './captured-run.ts'
import type { RawPost } from '../understand/ndjson.ts'
import type { PostSummary } from '../understand/post-parse.ts'
import type { Understood } from '../understand/understand.ts'

/** Null when none of its posts is there any more. */
export async function describeByHand(
  reader: PostReader,
  understand: (seq: number, post: RawPost) => Understood,
  id: string,
  posts: readonly (readonly [seq: number, job: number])[],
  original: CapturedRun | undefined
): Promise<CapturedRun | null> {
  const list: { post: PostSummary; job: number }[] = []
  for (const [seq, job] of posts) {
    const stored = await reader.readWhatIsLeft(seq)
    if (stored !== null) list.push({ post: understand(seq, stored).summary, job })
  }
  if (list.length === 0) return null
  const parent = original?.parent ?? null
  return describeRun(id, list, {
    ...{ confidence: 1, reason: 'assembled manually', parent, open: false, corrected: true }
  })
}

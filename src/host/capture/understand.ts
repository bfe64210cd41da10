// From stored bytes to what grouping needs: the same in this thread and in the parse thread.
import type { Ports } from '../../engine/run/ports.ts'
import { computeBranch } from './branch.ts'
import type { RawPost } from './ndjson.ts'
import { parsePost, summarize, type PostSummary } from './post-parse.ts'

export interface Understood {
  readonly summary: PostSummary
  /** Data of an end post: the graph is learned from it. */
  readonly end: unknown
}

export function understand(seq: number, { meta, body }: RawPost, render?: Ports['render']): Understood {
  const parsed = parsePost(meta, body)
  const summary = summarize({ seq, meta, bytes: body.length }, parsed, (post) => computeBranch(post, render))
  return { summary, end: parsed.kind === 'end' ? parsed.data : undefined }
}

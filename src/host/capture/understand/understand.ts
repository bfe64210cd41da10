// From stored bytes to what grouping needs: the same in this thread and in the parse thread.
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import { computeBranch } from './branch.ts'
import type { RawPost } from './ndjson.ts'
import type { PostMeta } from '../journal/segments.ts'
import { parsePost, summarize, unknownPost, type PostProblem, type PostSummary } from './post-parse.ts'

export interface Understood {
  readonly summary: PostSummary
  /** Data of an end post: the graph is learned from it. */
  readonly end: unknown
}

/** A post that comes in from a file. */
export interface ImportedPost extends RawPost {
  /** Where it was understood on the way in: its number is not known yet. */
  readonly understood?: Understood | null
}

export function understand(seq: number, { meta, body }: RawPost, limits: Partial<Limits>): Understood {
  const parsed = parsePost(meta, body)
  const summary = summarize({ seq, meta, bytes: body.length }, parsed, (post) => computeBranch(post, limits))
  return { summary, end: parsed.kind === 'end' ? parsed.data : undefined }
}

/** What is left to say of a post that nobody could look into. */
export function notUnderstood(seq: number, meta: PostMeta, problem: PostProblem): Understood {
  return { summary: summarize({ seq, meta, bytes: 0 }, unknownPost(meta, problem)), end: undefined }
}

// A captured run as one JSON file: its posts as they came, and what Retrace found out about them. Importing it needs only the posts.
import { CodedError } from '../../../contract/errors.ts'
import type { Json } from '../../../contract/json.ts'
import type { MissingPost } from '../../../contract/workspace.ts'
import { decodeRun, encodeRun, type CapturedRun } from './captured-run.ts'
import { encodePostLine, parsePostLine, type NumberedPost, type PostLine, type RawPost } from '../understand/ndjson.ts'

export interface CapturedRunFile {
  readonly format: 'retrace-captured-run'
  readonly version: 1
  readonly run: Omit<CapturedRun, 'posts' | 'open' | 'startedAt' | 'endedAt'> & {
    readonly startedAt: string
    readonly endedAt: string
    readonly jobs: readonly number[]
  }
  readonly posts: readonly PostLine[]
  /** Posts of the run that could not be read when the file was written: they are not in it. */
  readonly missing?: readonly MissingPost[]
  /** As far as it is known: given, or made from the posts (`partial`). */
  readonly workflow: Json
}

export function buildRunFile(
  run: CapturedRun,
  posts: readonly (RawPost & { readonly job: number })[],
  missing: readonly MissingPost[],
  workflow: Json
): CapturedRunFile {
  // The same file of a run that was just grouped as of one that was read.
  const { posts: _posts, open: _open, startedAt, endedAt, ...rest } = decodeRun(encodeRun(run)) ?? run
  return {
    ...{ format: 'retrace-captured-run', version: 1 },
    run: {
      ...rest,
      startedAt: new Date(startedAt).toISOString(),
      endedAt: new Date(endedAt).toISOString(),
      jobs: posts.map(({ job }) => job)
    },
    posts: posts.map((post) => JSON.parse(encodePostLine(post)) as PostLine),
    ...(missing.length > 0 ? { missing } : {}),
    workflow
  }
}

export const isRunFile = (json: unknown): json is { readonly posts: unknown } =>
  typeof json === 'object' && json !== null && (json as { format?: unknown }).format === 'retrace-captured-run'

/** The posts of a run file. Throws INPUT_WRONG_TYPE with the place. */
export function postsOfRunFile(json: { readonly posts: unknown }, file: string): NumberedPost[] {
  if (!Array.isArray(json.posts))
    throw new CodedError('INPUT_WRONG_TYPE', `${file} has no list of posts.`, { file, place: 'posts' })
  return json.posts.map((post, i) => parsePostLine(JSON.stringify(post), file, i + 1))
}

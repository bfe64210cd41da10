// A captured run's posts as run events, for views, exports and the terminal.
import type { Json } from '../../contract/json.ts'
import type { RunEvent } from '../../contract/run.ts'
import type { Ports } from '../../engine/effects/ports.ts'
import type { CapturedRun } from './captured-run.ts'
import { deriveEvents } from './derive.ts'
import type { RawPost } from './ndjson.ts'
import { parsePost } from './post-parse.ts'

export interface LoadOptions {
  readonly workflow?: Json
  readonly render?: Ports['render']
}

/** `posts` are those of the run, in its order. */
export function loadCapturedEvents(
  run: CapturedRun,
  posts: readonly RawPost[],
  options: LoadOptions = {}
): readonly RunEvent[] {
  const parent =
    run.parent === null ? {} : { parent: { runId: run.parent.runId, nodeId: Number(run.parent.nodeId) || 0 } }
  return deriveEvents(
    posts.map(({ meta, body }, i) => ({
      ...{ seq: run.posts[i]?.[0] ?? i, at: meta.at, job: run.posts[i]?.[1] ?? 0, target: meta.target },
      post: parsePost(meta, body)
    })),
    { runId: run.id, ...options, ...parent }
  )
}

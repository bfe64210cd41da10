// The thread that understands large posts, so that the listener's thread never parses for long.
import { join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { openCaptured, readRecordBody, type PostMeta } from '../store/segments.ts'
import { readBody } from '../store/segments-reader.ts'
import { segmentName } from '../store/segments-recovery.ts'
import type { Limits } from '../../engine/jinja/limits.ts'
import type { StoredPost } from '../store/journal.ts'
import { showPost } from './show-post.ts'
import type { ShowRequest, ShownPost } from './show-post.ts'
import { understand } from './understand.ts'
import type { Understood } from './understand.ts'

export interface ParseRequest {
  readonly seq: number
  readonly meta: PostMeta
  /** The body, or where to read it. */
  readonly body: Uint8Array | { readonly dir: string; readonly post: StoredPost }
  /** Of templates, as the workspace says. */
  readonly limits: Partial<Limits>
}

async function bodyOf({ body: from }: ParseRequest): Promise<Buffer> {
  if (from instanceof Uint8Array) return Buffer.from(from.buffer, from.byteOffset, from.length)
  const { dir, post } = from
  if (post.meta.bodyFile !== undefined) return readBody(dir, post.meta.bodyFile)
  const file = await openCaptured(join(dir, segmentName(post.segment)))
  try {
    return await readRecordBody(file, post)
  } finally {
    await file.close()
  }
}

async function answer(request: ParseRequest | ShowRequest): Promise<Understood | ShownPost> {
  if ('show' in request) {
    // Buffers arrive as plain arrays of bytes.
    const { meta, body } = request.show
    return showPost({ ...request, show: { meta, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) } })
  }
  const { seq, meta, limits } = request
  return understand(seq, { meta, body: await bodyOf(request) }, limits)
}

parentPort?.on('message', (request: ParseRequest | ShowRequest) => {
  answer(request).then(
    (done) => parentPort!.postMessage(done),
    (error: unknown) => parentPort!.postMessage({ failed: error instanceof Error ? error.message : String(error) })
  )
})

// The thread that understands large posts, so that the listener's thread never parses for long.
import { join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { openCaptured, readRecordBody, type PostMeta } from '../store/segments.ts'
import { readBody } from '../store/segments-reader.ts'
import { segmentName } from '../store/segments-recovery.ts'
import type { JsonMap } from '../../contract/json.ts'
import type { StoredPost } from '../store/journal.ts'
import { understand } from './understand.ts'

export interface ParseRequest {
  readonly seq: number
  readonly meta: PostMeta
  /** The body, or where to read it. */
  readonly body: Uint8Array | { readonly dir: string; readonly post: StoredPost }
  /** The workspace's. */
  readonly settings: JsonMap
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

parentPort?.on('message', (request: ParseRequest) => {
  const { seq, meta, settings } = request
  bodyOf(request).then(
    (body) => parentPort!.postMessage(understand(seq, { meta, body }, settings)),
    (error: unknown) => parentPort!.postMessage({ failed: error instanceof Error ? error.message : String(error) })
  )
})

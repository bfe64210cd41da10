// The thread that understands large posts, so that the listener's thread never parses for long.
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { bodyPath, readRecordBody } from '../store/segments.ts'
import { segmentName } from '../store/segments-recovery.ts'
import type { JsonMap } from '../../contract/json.ts'
import type { StoredPost } from '../store/journal.ts'
import { understand } from './understand.ts'

export interface ParseRequest {
  readonly dir: string
  readonly post: StoredPost
  /** The workspace's. */
  readonly settings: JsonMap
}

async function bodyOf({ dir, post }: ParseRequest): Promise<Buffer> {
  if (post.meta.bodyFile !== undefined) return readFile(bodyPath(dir, post.meta.bodyFile))
  const file = await open(join(dir, segmentName(post.segment)), 'r')
  try {
    return await readRecordBody(file, post)
  } finally {
    await file.close()
  }
}

parentPort?.on('message', (request: ParseRequest) => {
  bodyOf(request).then(
    (body) =>
      parentPort!.postMessage(understand(request.post.seq, { meta: request.post.meta, body }, request.settings)),
    (error: unknown) => parentPort!.postMessage({ failed: error instanceof Error ? error.message : String(error) })
  )
})

// The thread that understands large posts, so that the listener's thread never parses for long.
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { AsideAnswer, AsideAsked } from '../../aside/aside.ts'
import { guardFolder } from '../../store/files.ts'
import { Hold, type HoldTicket } from '../../store/hold.ts'
import { openCaptured, readRecordBody, type PostMeta } from '../journal/segments.ts'
import { readBody } from '../journal/segments-reader.ts'
import { segmentName } from '../journal/segments-recovery.ts'
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import type { StoredPost } from '../journal/journal.ts'
import { toFailure } from '../../registry/failure.ts'
import { packBatch, readAndKeep, type ImportAnswer, type ImportAsked, type ReadBatch } from '../import/thread.ts'
import { showPost } from '../derive/show-post.ts'
import type { ShowRequest, ShownPost } from '../derive/show-post.ts'
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

let reading: AsyncGenerator<ReadBatch> | null = null

/** The next batch of the one file that this thread reads. */
async function nextBatch({ import: asked }: ImportAsked): Promise<ImportAnswer> {
  try {
    reading ??= readAndKeep(asked)
    const { done, value } = await reading.next()
    return { batch: done === true ? null : packBatch(value, asked.limits) }
  } catch (error) {
    // What has no code is told as the mistake that it is, by whoever asked.
    return { refused: toFailure(error, 'import', () => undefined) }
  }
}

const hold = (workerData as { readonly hold?: HoldTicket | null } | null)?.hold ?? null
if (hold !== null) {
  Hold.adopted(hold)
  guardFolder(hold.folder)
}

async function aside({ aside: { task, input } }: AsideAsked): Promise<AsideAnswer> {
  let mistake: string | undefined
  try {
    // Only then: who parses posts needs none of it.
    const { tasks } = await import('../../aside/tasks.ts')
    return { done: await (tasks[task] as (given: typeof input) => unknown)(input) }
  } catch (error) {
    const refused = toFailure(error, task, (_context, thrown) => {
      mistake = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    })
    return { refused, ...(mistake === undefined ? {} : { mistake }) }
  }
}

const answerTo = (request: ParseRequest | ShowRequest | ImportAsked | AsideAsked): Promise<object> =>
  'aside' in request ? aside(request) : 'import' in request ? nextBatch(request) : answer(request)

/** What is moved instead of copied. */
const bytesIn = (answer: object): ArrayBuffer[] =>
  'batch' in answer && answer.batch !== null && 'bytes' in (answer.batch as object)
    ? [(answer.batch as { readonly bytes: Uint8Array<ArrayBuffer> }).bytes.buffer]
    : []

parentPort?.on('message', (request: ParseRequest | ShowRequest | ImportAsked | AsideAsked) => {
  answerTo(request).then(
    (done) => parentPort!.postMessage(done, bytesIn(done)),
    (error: unknown) => parentPort!.postMessage({ failed: error instanceof Error ? error.message : String(error) })
  )
})

// Posts as they are shown or leave a workspace: inflated, and with their secrets hidden. What is large, or may become so, is done in a
// thread: the listener never waits for somebody who looks at a post.
import { CodedError } from '../../contract/errors.ts'
import type { PostMeta } from '../store/segments.ts'
import { maskPost } from './mask.ts'
import type { RawPost } from './ndjson.ts'
import { ParseThread } from './parse-thread.ts'
import { decodeBody, isPacked } from './post-body.ts'

export interface ShowRequest {
  readonly show: RawPost
  /** Secrets of sources, to be hidden with all others; null hides nothing. */
  readonly secrets: readonly string[] | null
  /** The first bytes of what was sent; absent: the body as it was encoded. */
  readonly inflated?: { readonly most: number }
}

export interface ShownPost {
  readonly meta: PostMeta
  readonly body: Buffer
  /** Bytes of the whole body. */
  readonly length: number
}

export function showPost({ show, secrets, inflated }: ShowRequest): ShownPost {
  const { meta, body } = secrets === null ? show : maskPost(show, secrets)
  if (inflated === undefined) return { meta, body, length: body.length }
  const text = inflate({ meta, body })
  return { meta, body: text.subarray(0, inflated.most), length: text.length }
}

function inflate({ meta, body }: RawPost): Buffer {
  try {
    return decodeBody(meta, body)
  } catch {
    // Broken, or too large once unpacked: the bytes as they came.
    return body
  }
}

const largeBytes = 256 * 1024

export class PostViews {
  private readonly thread: ParseThread

  constructor(parserUrl: URL | null) {
    this.thread = new ParseThread('', parserUrl)
  }

  /** Throws WORKER_STOPPED when the thread ends, INPUT_TOO_LARGE when the post takes more memory than the thread has. */
  async show(request: ShowRequest): Promise<ShownPost> {
    const { meta, body } = request.show
    const isSmall = body.length <= largeBytes && !isPacked(meta)
    if (isSmall || !this.thread.isThere) return showPost(request)
    const answer = await this.thread.show(request)
    if (answer === null) throw new CodedError('WORKER_STOPPED')
    return { ...answer, body: Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength) }
  }

  stop(): Promise<void> {
    return this.thread.stop()
  }
}

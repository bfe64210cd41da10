// Posts for who looks at them. What is large, or may become so, is inflated and masked in a thread: the listener never waits for it.
import { Buffer } from 'node:buffer'
import { CodedError } from '../../../contract/errors.ts'
import { ParseThread } from '../understand/parse-thread.ts'
import { isLarge } from '../understand/post-body.ts'
import { showPost } from './show-post.ts'
import type { ShowRequest, ShownPost } from './show-post.ts'

export class PostViews {
  private readonly thread: ParseThread

  constructor(parserUrl: URL | null) {
    this.thread = new ParseThread('', parserUrl)
  }

  /** Throws WORKER_STOPPED when the thread ends, INPUT_TOO_LARGE when the post takes more memory than the thread has. */
  async show(request: ShowRequest): Promise<ShownPost> {
    const { meta, body } = request.show
    if (!isLarge(meta, body.length) || !this.thread.isThere) return showPost(request)
    const answer = await this.thread.show(request)
    if (answer === null) throw new CodedError('WORKER_STOPPED')
    return { ...answer, body: Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength) }
  }

  stop(): Promise<void> {
    return this.thread.stop()
  }
}

// Our end of the parse thread: one post at a time. A post that takes more memory than the thread may have is not understood, and never
// tried elsewhere: it would end the process, and again at every start.
import { existsSync } from 'node:fs'
import { totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { CodedError } from '../../../contract/errors.ts'
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import type { StoredPost } from '../journal/journal.ts'
import { createTurns } from '../../pauses.ts'
import type { RawPost } from './ndjson.ts'
import type { ParseRequest } from './parse-worker.ts'
import type { ShowRequest, ShownPost } from '../derive/show-post.ts'
import { notUnderstood, type Understood } from './understand.ts'

const usualMemoryMb = Math.round(Math.max(1024, Math.min(4096, totalmem() / 4 / 1024 ** 2)))

export class ParseThread {
  private worker: Worker | null = null
  private readonly alone = createTurns()

  /** `url`: the built parse-worker; a file that is not there means no thread. */
  constructor(
    private readonly dir: string,
    private readonly url: URL | null,
    private readonly memoryMb = usualMemoryMb
  ) {}

  get isThere(): boolean {
    return this.url !== null && existsSync(fileURLToPath(this.url))
  }

  /** Null when the thread cannot help; the caller then parses itself. */
  parse(post: StoredPost, limits: Partial<Limits>): Promise<Understood | null> {
    const { seq, meta } = post
    return this.ask({ seq, meta, body: { dir: this.dir, post }, limits })
  }

  parseRaw(seq: number, { meta, body }: RawPost, limits: Partial<Limits>): Promise<Understood | null> {
    return this.ask({ seq, meta, body, limits })
  }

  /** Null when the thread cannot help; throws INPUT_TOO_LARGE when the post takes more memory than the thread may have. */
  show(request: ShowRequest): Promise<ShownPost | null> {
    return this.alone(() =>
      this.askNow<ShownPost>(request, () => {
        throw new CodedError('INPUT_TOO_LARGE', 'Showing the post needs more memory than allowed.')
      })
    )
  }

  private ask(request: ParseRequest): Promise<Understood | null> {
    const { seq, meta } = request
    const message = 'Parsing the post needs more memory than allowed.'
    const full = (): Understood => notUnderstood(seq, meta, { code: 'INPUT_TOO_LARGE', message })
    return this.alone(() => this.askNow(request, full))
  }

  /** `full`: the answer when the thread ran out of memory. */
  private askNow<T extends object>(request: ParseRequest | ShowRequest, full: () => T): Promise<T | null> {
    this.worker ??= this.start()
    const { worker } = this
    return new Promise((resolve, reject) => {
      const done = (answer: T | null): void => {
        worker.off('message', take)
        worker.off('error', fail)
        worker.off('exit', gone)
        resolve(answer)
      }
      const take = (answer: T | { readonly failed: string }): void => done('failed' in answer ? null : answer)
      const gone = (): void => {
        this.worker = null
        done(null)
      }
      const fail = (error: Error): void => {
        this.worker = null
        const isFull = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        try {
          done(isFull ? full() : null)
        } catch (coded) {
          reject(coded as Error)
          done(null)
        }
      }
      worker.on('message', take).on('error', fail).on('exit', gone)
      worker.postMessage(request)
    })
  }

  async stop(): Promise<void> {
    const { worker } = this
    this.worker = null
    await worker?.terminate()
  }

  private start(): Worker {
    const worker = new Worker(this.url!, { resourceLimits: { maxOldGenerationSizeMb: this.memoryMb } })
    // It may end between two posts, too: the next one gets a new thread.
    worker.on('error', () => {
      if (this.worker === worker) this.worker = null
    })
    // The shell decides how long the process lives.
    worker.unref()
    return worker
  }
}

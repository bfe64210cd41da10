// Our end of the parse thread: one post at a time. Null when the thread cannot help; the caller then parses itself.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { JsonMap } from '../../contract/json.ts'
import type { StoredPost } from '../store/journal.ts'
import type { ParseRequest } from './parse-worker.ts'
import type { Understood } from './understand.ts'

export class ParseThread {
  private worker: Worker | null = null

  /** `url`: the built parse-worker; a file that is not there means no thread. */
  constructor(
    private readonly dir: string,
    private readonly url: URL | null
  ) {}

  get isThere(): boolean {
    return this.url !== null && existsSync(fileURLToPath(this.url))
  }

  parse(post: StoredPost, settings: JsonMap): Promise<Understood | null> {
    this.worker ??= this.start()
    const { worker } = this
    return new Promise((resolve) => {
      const done = (answer: Understood | null): void => {
        worker.off('message', take)
        worker.off('error', fail)
        worker.off('exit', fail)
        resolve(answer)
      }
      const take = (answer: Understood | { readonly failed: string }): void => done('failed' in answer ? null : answer)
      const fail = (): void => {
        this.worker = null
        done(null)
      }
      worker.on('message', take).on('error', fail).on('exit', fail)
      worker.postMessage({ dir: this.dir, post, settings } satisfies ParseRequest)
    })
  }

  async stop(): Promise<void> {
    const { worker } = this
    this.worker = null
    await worker?.terminate()
  }

  private start(): Worker {
    const worker = new Worker(this.url!)
    // It may end between two posts, too: the next one gets a new thread.
    worker.on('error', () => {
      if (this.worker === worker) this.worker = null
    })
    // The shell decides how long the process lives.
    worker.unref()
    return worker
  }
}

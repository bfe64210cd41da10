// Long runs that just came in are made ready to be opened, the newest first, while nothing else goes on.
import type { RunSummary } from '../../contract/run-views.ts'
import { isLong } from './outline.ts'

/** More at once come from an import; those will be read when somebody opens them. */
const most = 20
const quietMs = 1500

export interface PreparingOptions {
  readonly prepare: (runId: string) => Promise<void>
  /** A run is gone: what was kept for it goes too. */
  readonly drop: (runId: string) => Promise<void>
  /** Of either: it costs time later, nothing else. */
  readonly failed: (error: unknown) => void
}

export class Preparing {
  /** Oldest first. */
  readonly #waiting = new Set<string>()
  #dropping = Promise.resolve()
  #timer: NodeJS.Timeout | null = null
  #closed = false

  constructor(private readonly options: PreparingOptions) {}

  /** Runs came or changed. */
  note(changed: readonly RunSummary[], removed: readonly string[]): void {
    for (const id of removed) {
      this.#waiting.delete(id)
      // One after the other: of thousands at once everybody else's files would wait.
      this.#dropping = this.#dropping.then(() => this.options.drop(id)).catch(this.options.failed)
    }
    for (const run of changed) {
      if (run.origin !== 'captured' || !isLong(run)) continue
      this.#waiting.delete(run.id)
      if (run.state === 'done' && run.deletedAt === null) this.#waiting.add(run.id)
    }
    if (this.#waiting.size > 0) this.#soon()
  }

  close(): void {
    this.#closed = true
    if (this.#timer) clearTimeout(this.#timer)
  }

  #soon(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#work(), quietMs)
    this.#timer.unref()
  }

  async #work(): Promise<void> {
    const newest = [...this.#waiting].slice(-most).reverse()
    this.#waiting.clear()
    for (const id of newest) {
      if (this.#closed) return
      await this.options.prepare(id).catch(this.options.failed)
    }
  }
}

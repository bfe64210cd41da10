// Long runs are made ready to be opened, the newest first, while nothing else goes on: those that just came in, and at a start local ones, of
// which an earlier version of the app may have kept what this one does not use.
import type { RunSummary } from '../../contract/run-views.ts'
import { isLong } from './outline.ts'

/** More at once come from an import; those will be read when somebody opens them. */
const most = 20
const quietMs = 1500
/** A larger one is read when somebody opens it. */
const largest = 64 * 1024 * 1024

const isReady = (run: RunSummary): boolean =>
  run.origin === 'captured' && isLong(run) && run.state === 'done' && run.deletedAt === null

/** Those of an import that are made ready before it ends, where the process ends with it: whoever opens them first need not wait. */
export const worthPreparing = (runs: readonly RunSummary[]): readonly string[] =>
  runs
    .filter(isReady)
    .slice(-most)
    .map(({ id }) => id)

export interface PreparingOptions {
  readonly prepare: (runId: string) => Promise<void>
  /** Runs are as they were before the start: what was kept of one still stands until then. */
  readonly known: () => Promise<void>
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

  /** The runs that there are at the start, newest first. */
  begin(runs: readonly RunSummary[]): void {
    const long = runs.filter((run) => isLong(run) && run.state === 'done' && run.origin === 'local')
    const own = long.filter(({ size, deletedAt }) => size <= largest && deletedAt === null)
    for (const { id } of own.slice(0, most).reverse()) this.#waiting.add(id)
    if (own.length > 0) this.#soon()
  }

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
      if (isReady(run)) this.#waiting.add(run.id)
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
    await this.options.known()
    const newest = [...this.#waiting].slice(-most).reverse()
    this.#waiting.clear()
    for (const id of newest) {
      if (this.#closed) return
      await this.options.prepare(id).catch(this.options.failed)
    }
  }
}

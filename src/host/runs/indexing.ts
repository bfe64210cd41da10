// Keeps the search index up while nothing else goes on: runs that ended, and at a start those that it does not know, the newest first. Half of
// the time is left to others.
import { setTimeout as wait } from 'node:timers/promises'
import type { RunSummary } from '../../contract/run-views.ts'
import { createPauses } from '../pauses.ts'

/** Milliseconds: before the first look, after a run came, and between two runs at least. */
const usual = { first: 8000, quiet: 2000, rest: 10 }

export interface IndexingOptions {
  /** Runs that are not on the index, newest first. */
  readonly unknown: () => Promise<readonly string[]>
  readonly learn: (runId: string) => Promise<void>
  /** It costs time later, nothing else. */
  readonly failed: (error: unknown) => void
  readonly delays?: typeof usual
}

const portionSize = 1000

/**
 * Of these runs those that `sift` names by their positions, the order kept. A portion at a time: what is asked of each run and what goes to
 * another thread never hold this one for all of them.
 */
export async function siftInPortions<T>(
  runs: readonly RunSummary[],
  stamp: (run: RunSummary) => T,
  sift: (portion: readonly T[]) => Promise<readonly number[]>
): Promise<RunSummary[]> {
  const pause = createPauses()
  const found: RunSummary[] = []
  for (let from = 0; from < runs.length; from += portionSize) {
    const portion = runs.slice(from, from + portionSize)
    const positions = await sift(await stampAll(portion, stamp, pause))
    for (const at of positions) found.push(portion[at]!)
    await pause()
  }
  return found
}

/** What stands for each of them, with pauses. */
export async function stampAll<T>(
  runs: readonly RunSummary[],
  stamp: (run: RunSummary) => T,
  pause = createPauses()
): Promise<T[]> {
  const all: T[] = []
  for (const run of runs) {
    all.push(stamp(run))
    const rest = pause()
    if (rest) await rest
  }
  return all
}

export class Indexing {
  /** Oldest first. */
  readonly #waiting = new Set<string>()
  readonly #closing = new AbortController()
  readonly #delays: typeof usual
  #timer: NodeJS.Timeout
  #isBusy = false
  #hasLooked = false

  constructor(private readonly options: IndexingOptions) {
    this.#delays = options.delays ?? usual
    this.#timer = setTimeout(() => void this.#work(), this.#delays.first).unref()
  }

  /** Runs came or changed. */
  note(changed: readonly RunSummary[], removed: readonly string[]): void {
    for (const id of removed) this.#waiting.delete(id)
    for (const { id, state } of changed) {
      this.#waiting.delete(id)
      if (state === 'done' || state === 'cancelled') this.#waiting.add(id)
    }
    // Before the first look all of them are new.
    if (!this.#hasLooked || this.#isBusy) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#work(), this.#delays.quiet).unref()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#closing.abort()
  }

  async #work(): Promise<void> {
    this.#isBusy = true
    try {
      if (!this.#hasLooked) await this.#look()
      while (this.#waiting.size > 0) await this.#next()
    } catch (error) {
      if (!this.#closing.signal.aborted) this.options.failed(error)
    } finally {
      this.#isBusy = false
    }
  }

  async #look(): Promise<void> {
    this.#waiting.clear()
    this.#hasLooked = true
    const came = await this.options.unknown()
    const since = [...this.#waiting]
    for (const id of [...came.toReversed(), ...since]) {
      this.#waiting.delete(id)
      this.#waiting.add(id)
    }
  }

  async #next(): Promise<void> {
    // The newest: a list of thousands is not made anew for each.
    const batch = [...this.#waiting].toReversed()
    this.#waiting.clear()
    for (const id of batch) {
      const began = performance.now()
      await this.options.learn(id)
      const rest = Math.max(this.#delays.rest, performance.now() - began)
      await wait(rest, undefined, { signal: this.#closing.signal, ref: false })
    }
  }
}

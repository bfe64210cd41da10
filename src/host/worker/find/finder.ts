// Searches runs: by the index those that need not be read, and the others by reading them, one after the other. What was read is on the index
// from then on.
import type { FindQuestion } from '../../../contract/finding.ts'
import { lostPostCode } from '../../capture/derive/derive.ts'
import { createPauses } from '../../pauses.ts'
import type { Pause } from '../../pauses.ts'
import { GramCollector } from '../../search/grams.ts'
import { SearchIndex } from '../../search/index-file.ts'
import type { IndexedRun } from '../../search/index-file.ts'
import type { OpenRun } from '../runs/open-run.ts'
import type { RunBook } from '../runs/run-book.ts'
import type { Halt } from '../thread/halt.ts'
import type { Looked, RunRef } from '../thread/protocol.ts'
import { gramsOfQuestion, lookIn } from './look.ts'
import { partsOf } from './parts.ts'
import { walk } from './walk.ts'

/** So much of a run's size on disk its bits may take. */
const share = 8

export class Finder {
  readonly #indexes = new Map<string, SearchIndex>()

  constructor(readonly book: RunBook) {}

  #indexOf(folder: string, keep: boolean): SearchIndex {
    const key = `${folder}\n${keep}`
    const index = this.#indexes.get(key) ?? new SearchIndex(folder, keep)
    this.#indexes.set(key, index)
    return index
  }

  /** Positions of the runs that have to be read for the question; without one, of those that the index does not know. */
  async sift(
    folder: string,
    keep: boolean,
    runs: readonly IndexedRun[],
    question: FindQuestion | null
  ): Promise<number[]> {
    const index = this.#indexOf(folder, keep)
    return question === null ? index.unknown(runs) : index.sift(runs, gramsOfQuestion(question))
  }

  async look(ref: RunRef, stamp: string, question: FindQuestion, halt: Halt): Promise<Looked> {
    const pause = createPauses(() => halt.check())
    try {
      const run = await this.book.read(ref, pause)
      await this.#learn(ref, stamp, run, pause)
      return { hit: await lookIn(run, question, pause), unread: null }
    } catch (error) {
      return { hit: null, unread: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Puts a run on the index that is not there. */
  async learn(ref: RunRef, stamp: string): Promise<void> {
    if (await this.#indexOf(ref.folder, ref.keep).has({ id: ref.summary.id, stamp })) return
    const pause = createPauses()
    await this.#learn(ref, stamp, await this.book.read(ref, pause), pause)
  }

  async #learn({ summary, folder, keep }: RunRef, stamp: string, run: OpenRun, pause: Pause): Promise<void> {
    const entry = { id: summary.id, stamp }
    const index = this.#indexOf(folder, keep)
    if (!isOver(run) || (await index.has(entry))) return
    await index.put(entry, await bitsOf(run, Math.floor(summary.size / share), pause))
  }
}

/** Posts that cannot be read now may be there again later. */
const isOver = ({ summary: { state }, fold: { notes } }: OpenRun): boolean =>
  state !== 'running' && state !== 'paused' && !notes.some(({ code }) => code === lostPostCode)

async function bitsOf(run: OpenRun, mostBytes: number, pause: Pause): Promise<Uint8Array> {
  const grams = new GramCollector()
  const seen = new Set<object>()
  for (const { value } of partsOf(run)) {
    const walking = walk(value, seen, (key, item) => {
      if (key !== null) grams.add(key)
      if (typeof item === 'string') grams.add(item)
      else if (typeof item === 'number' || typeof item === 'boolean') grams.add(String(item))
      return false
    })
    while (!walking.next().done) await pause()
    await pause()
  }
  return grams.finish(mostBytes)
}

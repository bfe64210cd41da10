// Compacting segments and removing posts for good: one at a time, for both write the same segments anew. A removal is recorded before the
// first post goes (store/removals), so wherever it is broken off, the next start finishes it.
import { append } from '../../../contract/lists.ts'
import { join } from 'node:path'
import { createTurns } from '../../pauses.ts'
import type { Journal } from './journal.ts'
import type { RemovalLog } from './removals.ts'
import type { PostReader } from './segments-reader.ts'
import { isWhole } from './compaction-writer.ts'
import { compactName, segmentName } from './segments-recovery.ts'
import { fileOf } from '../group/accounts.ts'
import type { Ledger } from '../group/ledger.ts'
import { compactSealed, removePosts, type Compaction, type Progress } from './maintenance.ts'

interface RemovingOptions {
  readonly reader: PostReader
  readonly ledger: Ledger
  readonly log: RemovalLog
  readonly journal: () => Journal
  readonly isClosing: () => boolean
  readonly problem: (message: string) => void
}

export interface Removed {
  readonly runs: number
  readonly bytes: number
}

export class Removing {
  private readonly onFiles = createTurns()

  constructor(private readonly options: RemovingOptions) {}

  /** Compacts sealed segments, the current one too when `all`. Answers bytes before and after. */
  compact(all: boolean, progress: Progress = () => undefined): Promise<Compaction> {
    return this.onFiles(() => this.compactNow(all, progress))
  }

  private async compactNow(all: boolean, progress: Progress): Promise<Compaction> {
    const { journal, reader, isClosing, problem } = this.options
    if (all) await journal().roll()
    return compactSealed(reader.dir, journal().activeSegment, {
      problem,
      done: () => reader.refresh(),
      progress: (done, total) => !isClosing() && progress(done, total) !== false
    })
  }

  /** Removes the posts of runs for good. Returns how many runs went, and the bytes that became free. */
  removeRuns(ids: readonly string[], progress: Progress = () => undefined): Promise<Removed> {
    return this.onFiles(async () => {
      let stopped = false
      await this.compactNow(true, (done, total) => !(stopped ||= progress(done, total) === false))
      // The end came first: nothing was removed yet, and nothing is.
      if (this.options.isClosing() || stopped) return { runs: 0, bytes: 0 }
      // As they are now: grouping may have gone on while segments were compacted.
      const { runs } = this.options.ledger
      const going = ids.flatMap((id) => runs.get(id) ?? [])
      const stuck = new Set(await this.stuck(going.flatMap((run) => run.posts.map(([seq]) => seq))))
      const free = going.filter((run) => !run.posts.some(([seq]) => stuck.has(seq)))
      const gone = new Set(free.flatMap((run) => run.posts.map(([seq]) => seq)))
      return { runs: free.length, bytes: await this.remove(gone) }
    })
  }

  /** Of an import that ended within: its posts leave the journal, as if they had never come. */
  takeBack(imported: ReadonlySet<number>): Promise<void> {
    return this.onFiles(async () => {
      const { ledger, log, isClosing } = this.options
      if (imported.size === 0) return
      if (!isClosing()) await this.compactNow(true, () => undefined)
      const gone = await ledger.ofImport(imported)
      if (!isClosing()) for (const seq of await this.stuck(gone)) gone.delete(seq)
      if (!isClosing()) await this.remove(gone)
      else if (gone.size > 0) {
        // There is no time for more; the next start does the rest.
        await log.begin(gone)
        await ledger.drop(gone)
      }
    })
  }

  private async remove(gone: ReadonlySet<number>): Promise<number> {
    if (gone.size === 0) return 0
    const { ledger, log } = this.options
    const id = await log.begin(gone)
    await ledger.drop(gone)
    const saved = await this.sweep(gone)
    await log.done(id)
    return saved
  }

  private async sweep(gone: ReadonlySet<number>): Promise<number> {
    const { reader } = this.options
    try {
      return await removePosts(reader.dir, gone)
    } finally {
      await reader.refresh()
    }
  }

  /** Posts that cannot go, because their segment is damaged and stays as it is. Says so. */
  private async stuck(seqs: Iterable<number>): Promise<number[]> {
    const files = await this.options.reader.postFiles()
    const held = new Map<string, number[]>()
    for (const seq of seqs) {
      const file = files[fileOf(files, seq)]
      if (file === undefined) continue
      const name = (file.compact ? compactName : segmentName)(file.segment)
      const posts = held.get(name)
      if (posts === undefined) held.set(name, [seq])
      else posts.push(seq)
    }
    const stuck: number[] = []
    for (const [name, posts] of held) {
      if (name.endsWith('.cseg') && (await isWhole(join(this.options.reader.dir, name)))) continue
      this.options.problem(
        `${posts.length} posts are not removed: they are in ${name}, which is damaged and was left unchanged.`
      )
      append(stuck, posts)
    }
    return stuck
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.onFiles(() => Promise.resolve())
  }

  /** Goes on with removals that the end of Retrace broke off. */
  finish(): Promise<void> {
    return this.onFiles(async () => {
      const { log, reader } = this.options
      const unfinished = [...log.unfinished]
      if (unfinished.length === 0) return
      await this.compactNow(true, () => undefined)
      for (const [id, ranges] of unfinished) {
        const gone = new Set<number>()
        for (const file of await reader.postFiles()) {
          const within = ranges.filter(([from, to]) => from <= file.last && file.first <= to)
          if (within.length === 0) continue
          for (const seq of await file.numbers())
            if (within.some(([from, to]) => from <= seq && seq <= to)) gone.add(seq)
        }
        const stuck = await this.stuck(gone)
        for (const seq of stuck) gone.delete(seq)
        if (gone.size > 0) await this.sweep(gone)
        if (stuck.length === 0 && !this.options.isClosing()) await log.done(id)
      }
    })
  }
}

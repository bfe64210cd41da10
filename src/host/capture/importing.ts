// Posts that come out of files: stored beside those that the listener takes, grouped in portions, and all taken back where the import ends early.
import { CodedError } from '../../contract/errors.ts'
import { asWriteError } from '../store/files.ts'
import type { Ledger } from './group/ledger.ts'
import { inPortions, type Imported } from './import/portions.ts'
import type { Intake } from './intake.ts'
import type { Journal, StoredPost } from './journal/journal.ts'
import type { TellProblem } from './journal/maintenance.ts'
import type { PostReader } from './journal/segments-reader.ts'
import type { RawPost } from './understand/ndjson.ts'
import type { ImportedPost, Understood } from './understand/understand.ts'

/** Who brings posts in may look after them: `check` throws when no more shall come. */
export interface ImportWatch {
  readonly check?: () => void
  readonly progress?: (posts: number) => void
}

/** So many posts are grouped before the runs are settled. */
export const catchUpBatch = 2000

const numbered = (seq: number, { understood }: ImportedPost): Understood | null =>
  understood ? { ...understood, summary: { ...understood.summary, seq } } : null

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

interface ImportingOptions {
  readonly reader: PostReader
  readonly intake: Intake
  readonly ledger: Ledger
  readonly problem: TellProblem
  readonly takeBack: (seqs: ReadonlySet<number>) => Promise<unknown>
  readonly isClosing: () => boolean
}

export class Importing {
  /** Imports under way. */
  private readonly works = new Set<Promise<unknown>>()

  constructor(private readonly options: ImportingOptions) {}

  /** Returns the numbers of the posts, once they are grouped. `ready`: what was there before is known. */
  take(journal: Journal, posts: Imported, ready: Promise<void>, follow: ImportWatch): Promise<number[]> {
    const work = this.importInto(journal, posts, ready, follow)
    this.works.add(work)
    const over = (): unknown => this.works.delete(work)
    work.then(over, over)
    return work
  }

  /** Resolves when no import is under way. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.works)
  }

  private async importInto(
    journal: Journal,
    posts: Imported,
    ready: Promise<void>,
    { check, progress }: ImportWatch
  ): Promise<number[]> {
    await ready
    const { intake, ledger, problem, isClosing, takeBack } = this.options
    const seqs: number[] = []
    const goOn = (): void => {
      if (isClosing()) throw new CodedError('CANCELLED', 'Retrace is shutting down: the import was undone.')
      check?.()
    }
    let batch: Understood[] = []
    const group = async (): Promise<void> => {
      await intake.addBatch(batch, goOn)
      batch = []
      await ledger.settle()
    }
    try {
      for await (const some of inPortions(posts)) {
        goOn()
        await this.storeAll(journal, some, seqs)
        const firstSeq = seqs.length - some.length
        for (const [i, post] of some.entries()) {
          goOn()
          const seq = seqs[firstSeq + i]!
          batch.push(numbered(seq, post) ?? (await intake.understandAside(seq, post)))
          if (batch.length < catchUpBatch) continue
          await group()
          progress?.(firstSeq + i + 1)
        }
      }
      await group()
    } catch (error) {
      await takeBack(new Set(seqs)).catch((why: unknown) => {
        problem(`Posts of the import could not be removed and will be grouped at the next start: ${textOf(why)}`)
      })
      throw error
    }
    return seqs
  }

  /** In one write, as far as the journal puts posts together. `seqs` also has what was stored where another post was not. */
  private async storeAll(journal: Journal, posts: readonly RawPost[], seqs: number[]): Promise<void> {
    const results = await Promise.allSettled(posts.map(({ meta, body }) => this.store(journal, meta, body)))
    for (const result of results) if (result.status === 'fulfilled') seqs.push(result.value.seq)
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  /** The post is owed from the moment in which it is stored: the listener stores others between those of an import. */
  private store(journal: Journal, meta: RawPost['meta'], body: Buffer): Promise<StoredPost> {
    return new Promise((resolve, reject) => {
      journal.append(meta, [body], body.length, (error, post) => {
        if (post === null) return reject(asWriteError(error, journal.dir))
        this.options.reader.note(post)
        this.options.intake.owe(post.seq)
        resolve(post)
      })
    })
  }
}

// The journal of a capture folder, for the app and for `retrace listen`.
import { stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { CaptureIndex } from './capture-index.ts'
import { finishCompactions } from './compaction.ts'
import { Journal, type JournalOptions } from './journal.ts'
import { RemovalLog } from './removals.ts'
import { segmentName, type JournalProblem } from './segments-recovery.ts'
import { PostReader } from './segments-reader.ts'

/** Opens it without reading more than the newest posts. Numbers are never given twice, also when the newest posts were removed. */
export async function openJournal(
  dir: string,
  options: JournalOptions = {},
  /** The number up to which posts are known to have been given; read when absent. */
  known?: number
): Promise<{ readonly journal: Journal; readonly problems: readonly JournalProblem[] }> {
  // Before anything else: a raw segment that was compacted must not be added to.
  const unfinished = await finishCompactions(dir)
  const through = known ?? (await lastGiven(dir))
  const opened = await Journal.open(dir, options, Math.max(await new PostReader(dir).lastCompacted(), through) + 1)
  return { journal: opened.journal, problems: [...unfinished, ...opened.problems] }
}

async function lastGiven(dir: string): Promise<number> {
  const removals = new RemovalLog(dir)
  // What is wrong with the file is said by whoever removes posts.
  await removals.load()
  return Math.max((await new CaptureIndex(dir).tail()).through, removals.last)
}

/** A session without posts leaves no file behind. */
export async function closeJournal(journal: Journal): Promise<void> {
  const path = join(journal.dir, segmentName(journal.activeSegment))
  const isOurs = journal.refusal() === null
  await journal.close()
  if (!isOurs) return
  const isEmpty = await stat(path).then(
    ({ size }) => size === 0,
    () => false
  )
  if (isEmpty) await unlink(path)
}

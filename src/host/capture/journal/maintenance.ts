// What keeps a capture folder well: saying what a start found, compacting sealed segments, and removing posts for good.
import { join } from 'node:path'
import { CodedError } from '../../../contract/errors.ts'
import { readCompactHead } from './compaction-reader.ts'
import { compactSegment, finishCompactions, recompactSegment } from './compaction.ts'
import { compactName, listSegments, type JournalProblem } from './segments-recovery.ts'

export interface Compaction {
  readonly before: number
  readonly after: number
  readonly segments: number
}

/** Posts done so far and in all; answering false stops: what is under way is given up, what is done stays. */
export type Progress = (done: number, total: number) => boolean | void

/** `file`: of the workspace, where it is about one. */
export type TellProblem = (message: string, file?: string) => void

export function describeProblem(problem: JournalProblem): string {
  switch (problem.kind) {
    case 'torn':
      return `The last post was not completely written (${problem.bytes} bytes) and never acknowledged. It is kept as ${problem.aside}.`
    case 'damaged':
      return `${problem.file} is damaged between bytes ${problem.from} and ${problem.to}; the posts around it are read.`
    case 'unreadable':
      return problem.aside === null
        ? `${problem.why ?? `${problem.file} cannot be read.`} It was left unchanged.`
        : `${problem.file} cannot be read; it is kept as ${problem.aside}.`
    case 'unfinished-body':
      return `A large post arrived incompletely; the received part is kept as ${problem.aside}.`
    default: {
      const never: never = problem
      throw new Error(`unknown problem ${String(never)}`)
    }
  }
}

interface CompactionEvents {
  readonly problem: (message: string) => void
  /** A segment was compacted: its file is another one now. */
  readonly done: () => Promise<void>
  readonly progress: (done: number, total: number) => boolean
}

/** Compacts every sealed segment. Damaged ones stay as they are and are reported. */
export async function compactSealed(dir: string, active: number, events: CompactionEvents): Promise<Compaction> {
  let [before, after, segments] = [0, 0, 0]
  const { raw, compact } = await listSegments(dir)
  const sealed = raw.filter((segment) => segment !== active && !compact.includes(segment))
  for (const [i, segment] of sealed.entries()) {
    const done = await compactSegment(dir, segment, {
      progress: (posts, all) => events.progress(i + posts / Math.max(1, all), sealed.length)
    }).catch((error: unknown) => {
      if (error instanceof CodedError && error.code.startsWith('STORE_') && error.code !== 'STORE_WRITE_FAILED')
        return null
      throw error
    })
    if (done === 'stopped') break
    if (done === null) {
      events.problem(`Segment ${segment} is damaged and was left unchanged.`)
      continue
    }
    await events.done()
    ;[before, after, segments] = [before + done.before, after + done.after, segments + 1]
  }
  return { before, after, segments }
}

/** Writes compacted segments anew without some posts. Returns the bytes that became free. */
export async function removePosts(dir: string, gone: ReadonlySet<number>): Promise<number> {
  let saved = 0
  const seqs = [...gone]
  // A raw segment that is still there would bring its posts back.
  await finishCompactions(dir)
  for (const segment of (await listSegments(dir)).compact) {
    const head = await readCompactHead(join(dir, compactName(segment))).catch((error: unknown) => {
      // What cannot be read stays whole; a start has said so.
      if (error instanceof CodedError) return null
      throw error
    })
    if (head === null) continue
    const { first, last } = head
    if (seqs.some((seq) => seq >= first && seq <= last))
      saved += await recompactSegment(dir, segment, (seq) => !gone.has(seq))
  }
  return saved
}

// Turns a sealed segment into a compacted one (docs/file-formats.md, "capture"): parts that repeat between posts are stored
// once, and everything is compressed. The new file is complete and has given back every body with its SHA-256 before the
// old one is removed, so a crash at any moment loses nothing.
import { createHash } from 'node:crypto'
import { rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { CodedError } from '../../../contract/errors.ts'
import type { CompactRecord } from './compact-index.ts'
import { CompactReader } from './compaction-reader.ts'
import { verify, writeCompacted, type Writing } from './compaction-writer.ts'
import { Cutter, Recipe } from './content-store.ts'
import { assertHeld } from '../../store/hold.ts'
import { openRegular, putAside, unreadable } from '../../store/reading.ts'
import { compactName, listSegments, segmentName, type JournalProblem } from './segments-recovery.ts'
import {
  bodyPath,
  openCaptured,
  readRecordBody,
  readRecordMeta,
  scanSegment,
  Window,
  type PostMeta,
  type RecordRef
} from './segments.ts'

const turnMs = 10

async function* bodyParts(dir: string, file: Window, ref: RecordRef, meta: PostMeta): AsyncGenerator<Buffer> {
  if (meta.bodyFile === undefined) yield await readRecordBody(file, ref)
  else {
    const name = `capture/bodies/${meta.bodyFile}`
    const body = await openRegular(bodyPath(dir, meta.bodyFile), { name })
    if (body === null) throw unreadable(name, 'it does not exist')
    yield* body.createReadStream({ highWaterMark: 4 << 20 }) as AsyncIterable<Buffer>
  }
}

async function addRecord(
  dir: string,
  file: Window,
  ref: RecordRef,
  full: PostMeta,
  { table, out }: Writing
): Promise<CompactRecord> {
  const { bodyFile: _, ...meta } = full
  const recipe = new Recipe()
  const fresh: Buffer[] = []
  const cutter = new Cutter((piece) => {
    const added = table.add(piece)
    recipe.add(added.number)
    if (added.fresh) fresh.push(Buffer.from(piece))
  })
  const hash = createHash('sha256')
  let bytes = 0
  for await (const part of bodyParts(dir, file, ref, full)) {
    hash.update(part)
    bytes += part.length
    cutter.push(part)
    for (const piece of fresh.splice(0)) await out.add(piece)
  }
  cutter.end()
  for (const piece of fresh.splice(0)) await out.add(piece)
  if (bytes !== ref.bodyBytes)
    throw unreadable(`The body of post ${ref.seq}`, `it has ${bytes} bytes instead of ${ref.bodyBytes}`)
  return { seq: ref.seq, meta, bytes, sha256: hash.digest('hex'), parts: recipe.ranges }
}

export interface Compacted {
  readonly segment: number
  readonly before: number
  readonly after: number
  readonly posts: number
}

interface CompactOptions {
  /** Posts done and in all; answering false stops, and the segment stays as it is. */
  readonly progress?: (done: number, total: number) => boolean
}

/** Compacts a sealed segment. Returns sizes on disk, large bodies included. Null when it is damaged: it stays as it is. */
export async function compactSegment(
  dir: string,
  segment: number,
  { progress = () => true }: CompactOptions = {}
): Promise<Compacted | 'stopped' | null> {
  const from = join(dir, segmentName(segment))
  assertHeld(from)
  const scan = await scanSegment(from)
  if (scan.damaged.length > 0 || scan.goodBytes < scan.size) return null
  const source = await openCaptured(from)
  const bodies: string[] = []
  let before = scan.size
  try {
    const window = new Window(source, scan.size)
    const seqs = scan.records.map((ref) => ref.seq)
    const isDone = await writeCompacted(dir, segment, seqs, async (writing) => {
      const records: CompactRecord[] = []
      let spent = performance.now()
      for (const [i, ref] of scan.records.entries()) {
        const meta = await readRecordMeta(window, ref)
        if (meta.bodyFile !== undefined) {
          bodies.push(meta.bodyFile)
          before += ref.bodyBytes
        }
        records.push(await addRecord(dir, window, ref, meta, writing))
        if (performance.now() - spent < turnMs) continue
        if (!progress(i + 1, scan.records.length)) return 'stopped'
        writing.assertOurs()
        // Whoever listens or looks at a run comes first.
        await breathe()
        spent = performance.now()
      }
      return records
    })
    if (!isDone) return 'stopped'
  } finally {
    await source.close()
  }
  await removeRaw(dir, segment, bodies)
  const after = (await stat(join(dir, compactName(segment)))).size
  return { segment, before, after, posts: scan.records.length }
}

/** The bodies first: as long as the segment is there, the next start knows of them. */
async function removeRaw(dir: string, segment: number, bodies: readonly string[]): Promise<void> {
  assertHeld(dir)
  for (const name of bodies) await rm(bodyPath(dir, name), { force: true })
  await rm(join(dir, segmentName(segment)), { force: true })
}

/**
 * Does the rest of compactions that were broken off: removes raw segments whose compacted file is there, which would otherwise be added
 * to, or come back when the compacted one goes, and what was not compacted to its end. To be called before the journal is opened.
 * A compacted file that is damaged while the raw one is still there is set aside.
 */
export async function finishCompactions(dir: string): Promise<JournalProblem[]> {
  const { raw, compact } = await listSegments(dir)
  const problems: JournalProblem[] = []
  for (const segment of compact) {
    await removeLeft(dir, segment)
    if (!raw.includes(segment)) continue
    const from = join(dir, segmentName(segment))
    try {
      await verify(join(dir, compactName(segment)))
    } catch (error) {
      // A newer version's file, and the posts in the raw one, stay as they are.
      if (error instanceof CodedError && error.code === 'STORE_VERSION_UNKNOWN') {
        problems.push({ kind: 'unreadable', file: compactName(segment), aside: null, why: error.message })
        continue
      }
      const reason = error instanceof Error ? error.message : String(error)
      const { file, keptAs } = await putAside(join(dir, compactName(segment)), reason)
      problems.push({ kind: 'unreadable', file, aside: keptAs ?? file })
      continue
    }
    try {
      await removeRaw(dir, segment, await bodiesOf(from))
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      // Its posts are in the compacted file; what is here instead of the raw one is not ours to remove.
      problems.push({ kind: 'unreadable', file: segmentName(segment), aside: null, why: error.message })
    }
  }
  for (const segment of raw) await removeLeft(dir, segment)
  return problems
}

/** What was not compacted to its end. A folder of that name is none of ours. */
const removeLeft = (dir: string, segment: number): Promise<void> =>
  rm(join(dir, `${compactName(segment)}.tmp`), { force: true }).catch(() => undefined)

/** Names of the files in `bodies/` that belong to a raw segment. */
async function bodiesOf(path: string): Promise<string[]> {
  const { records } = await scanSegment(path)
  const source = await openCaptured(path)
  try {
    const window = new Window(source)
    const names: string[] = []
    for (const ref of records) if (ref.external) names.push((await readRecordMeta(window, ref)).bodyFile ?? '')
    return names.filter((name) => name !== '')
  } finally {
    await source.close()
  }
}

/** Writes a compacted segment again without the posts that `keep` refuses. Returns the bytes saved. */
export async function recompactSegment(dir: string, segment: number, keep: (seq: number) => boolean): Promise<number> {
  const path = join(dir, compactName(segment))
  assertHeld(path)
  const reader = await CompactReader.open(path)
  try {
    const kept = reader.records.filter((record) => keep(record.seq))
    if (kept.length === reader.records.length) return 0
    const before = (await stat(path)).size
    if (kept.length === 0) {
      await unlink(path)
      return before
    }
    const seqs = kept.map((record) => record.seq)
    await writeCompacted(dir, segment, seqs, async ({ table, out, assertOurs }) => {
      const records: CompactRecord[] = []
      for (const record of kept) {
        const recipe = new Recipe()
        for await (const piece of reader.parts(record)) {
          const { number, fresh } = table.add(piece)
          recipe.add(number)
          if (fresh) await out.add(piece)
        }
        assertOurs()
        records.push({ ...record, parts: recipe.ranges })
      }
      return records
    })
    return before - (await stat(path)).size
  } finally {
    await reader.close()
  }
}

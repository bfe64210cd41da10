// Files of stored posts, opened once each, and which of them cannot be read.
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { CodedError } from '../../../contract/errors.ts'
import { CompactReader } from './compaction-reader.ts'
import { asUnreadable } from '../../store/reading.ts'
import { compactName, segmentName } from './segments-recovery.ts'
import { openCaptured } from './segments.ts'

/** Its file went, or was closed, while it was about to be read. */
export const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EBADF')

const keptCompacts = 6
/** More are not told one by one. */
const mostNoted = 1000

export class SegmentFiles {
  /** Promises: two readers at once must not open a file twice. */
  private raws = new Map<number, Promise<FileHandle>>()
  private compacts = new Map<number, Promise<CompactReader>>()
  /** Files that cannot be read, and why. */
  private readonly bad = new Map<string, CodedError>()

  constructor(private readonly dir: string) {}

  /** What could not be read so far, each file once. */
  get unreadable(): readonly CodedError[] {
    return [...this.bad.values()]
  }

  /** Null for a file that cannot be read: it is noted, and the others are read. */
  async orNote<T>(name: string, read: () => Promise<T>): Promise<T | null> {
    try {
      return await read()
    } catch (error) {
      if (isGone(error)) throw error
      this.noteUnread(name, error)
      return null
    }
  }

  /** Notes what cannot be read, once; rethrows what is no such thing. */
  noteUnread(name: string, error: unknown): CodedError {
    const coded = asUnreadable(error, `capture/${name}`)
    if (this.bad.size < mostNoted || this.bad.has(name)) this.bad.set(name, coded)
    return coded
  }

  raw(segment: number): Promise<FileHandle> {
    let file = this.raws.get(segment)
    if (file === undefined) this.raws.set(segment, (file = openCaptured(join(this.dir, segmentName(segment)))))
    return file
  }

  compact(segment: number): Promise<CompactReader> {
    const known = this.compacts.get(segment)
    if (known !== undefined) return known
    const reader = CompactReader.open(join(this.dir, compactName(segment)))
    this.compacts.set(segment, reader)
    const [oldest] = this.compacts.keys()
    if (this.compacts.size > keptCompacts && oldest !== undefined) {
      void closeOpened(this.compacts.get(oldest)!)
      this.compacts.delete(oldest)
    }
    return reader
  }

  /** Those that are asked for again are opened again. */
  async close(): Promise<void> {
    const opened = [...this.raws.values(), ...this.compacts.values()]
    this.raws.clear()
    this.compacts.clear()
    await Promise.all(opened.map(closeOpened))
  }
}

/** One that could not be opened was told to whoever wanted to read it. */
async function closeOpened(opening: Promise<{ close(): Promise<void> }>): Promise<void> {
  await opening.then(
    (opened) => opened.close(),
    () => undefined
  )
}

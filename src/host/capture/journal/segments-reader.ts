// Any stored post by its number, wherever it is: in the segment being written, a sealed one or a compacted one.
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { CodedError } from '../../../contract/errors.ts'
import { readCompactHead } from './compaction-reader.ts'
import { isThere } from '../../store/files.ts'
import type { StoredPost } from './journal.ts'
import { readRegular, unreadable } from '../../store/reading.ts'
import { isGone, SegmentFiles } from './segment-files.ts'
import { addPost, findSpans, type Span } from './segment-spans.ts'
import { compactName, listSegments, segmentName, unknownNumbers } from './segments-recovery.ts'
import { bodyPath, readRecordBody, readRecordMeta, Window, type PostMeta } from './segments.ts'

export interface StoredBody {
  readonly meta: PostMeta
  readonly body: Buffer
}

/** Why a post that was asked for is not there, in words. */
export interface Unread {
  readonly why: string
  readonly isGone?: true
}

/** A post's place and meta, for walking over many. */
export interface PostPlace {
  readonly seq: number
  readonly bytes: number
  readonly meta: PostMeta
}

/** Posts of one file. `numbers` reads them, where that takes a look into the file. */
export interface PostsOfFile {
  readonly segment: number
  readonly compact: boolean
  readonly first: number
  readonly last: number
  readonly posts: number
  readonly numbers: () => Promise<Iterable<number>>
}

const gone: Unread = { why: 'It is not there any more.', isGone: true }

/** A file goes only once; of many that are compacted at a time another one may be gone at each try. */
const mostTries = 50

export class PostReader {
  private spans: Span[] | null = null
  private looking: Promise<Span[]> | null = null
  /** Counts refreshes: a look that began before one is not to be trusted. */
  private refreshes = 0
  /** Written while the files are looked through: the look may have come too early for them. */
  private noted: StoredPost[] = []
  private readonly files: SegmentFiles

  constructor(readonly dir: string) {
    this.files = new SegmentFiles(dir)
  }

  /** What could not be read so far, each file once. */
  get unreadable(): readonly CodedError[] {
    return this.files.unreadable
  }

  /** Looks at the end of each compacted file, where what is in it stands; takes as long as there are files. */
  async check(goOn: () => boolean): Promise<void> {
    for (const span of await this.allSpans())
      if (span.compact && goOn())
        await this.files.orNote(compactName(span.segment), () => this.files.compact(span.segment))
  }

  /** Forgets what it knows of the files: segments were added, compacted or removed. */
  async refresh(): Promise<void> {
    this.spans = null
    this.refreshes++
    await this.files.close()
  }

  close(): Promise<void> {
    return this.refresh()
  }

  /** A post that was just written: looking for it again in the files would read them whole. */
  note(post: StoredPost): void {
    if (this.looking !== null) this.noted.push(post)
    else if (this.spans !== null) addPost(this.spans, post)
  }

  /** The post, or null when it does not exist (any more). */
  read(seq: number): Promise<StoredBody | null> {
    return this.again(() => this.readOnce(seq))
  }

  /** A post that must be there. Throws when it is not. */
  async readStored(seq: number): Promise<StoredBody> {
    const stored = await this.read(seq)
    if (stored === null) throw new Error('it does not exist')
    return stored
  }

  /** A post of which the body cannot be read keeps what else is known of it; the damage is noted. Null when nothing is known. */
  async readWhatIsLeft(seq: number): Promise<StoredBody | null> {
    for await (const [, post] of this.readEach([seq])) if (!('why' in post)) return post
    const place = await this.files.orNote(`post ${seq}`, () => this.place(seq))
    return place === null ? null : { meta: place.meta, body: Buffer.alloc(0) }
  }

  /** Segments may be compacted, and their files go one after the other, while they are read: then they are looked for once more. */
  private async again<T>(read: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      const before = this.refreshes
      try {
        return await read()
      } catch (error) {
        const isLater = isGone(error) || this.refreshes !== before
        if (!isLater || tries === mostTries) throw error
        await this.refresh()
      }
    }
  }

  /**
   * Many posts one after the other: those that lie together are read together. One that cannot be read, or is not there any more, is told
   * so in its place, and keeps nobody from the others.
   */
  async *readEach(seqs: readonly number[]): AsyncGenerator<readonly [seq: number, post: StoredBody | Unread]> {
    const windows = new Map<FileHandle, Window>()
    const through = (file: FileHandle): Window => {
      const window = windows.get(file) ?? new Window(file)
      windows.set(file, window)
      return window
    }
    for (const seq of seqs) {
      let post: StoredBody | Unread
      try {
        post = (await this.again(() => this.readOnce(seq, through))) ?? gone
      } catch (error) {
        post = isGone(error) ? gone : { why: this.files.noteUnread(`post ${seq}`, error).message }
      }
      yield [seq, post]
    }
  }

  private async readOnce(seq: number, through?: (file: FileHandle) => Window): Promise<StoredBody | null> {
    const span = await this.spanOf(seq)
    if (span === null) return null
    if (span.compact) {
      const reader = await this.files.compact(span.segment)
      const record = reader.record(seq)
      return record === undefined ? null : { meta: record.meta, body: await reader.body(record) }
    }
    const ref = span.refs!.get(seq)
    if (ref === undefined) return null
    const raw = await this.files.raw(span.segment)
    const file = through === undefined ? raw : through(raw)
    const meta = await readRecordMeta(file, ref)
    if (meta.bodyFile === undefined) return { meta, body: await readRecordBody(file, ref) }
    try {
      return { meta, body: await readBody(this.dir, meta.bodyFile) }
    } catch (error) {
      // While a segment is compacted its bodies go before it does: by now they are in the other file.
      if (!(await isThere(join(this.dir, compactName(span.segment))))) throw error
      throw Object.assign(new Error('the segment was compacted', { cause: error }), { code: 'ENOENT' })
    }
  }

  /** Size and meta of a post without its body. */
  place(seq: number): Promise<PostPlace | null> {
    return this.again(() => this.placeOnce(seq))
  }

  /** The same of one among many: what cannot be read is told and not thrown. */
  async placeOrWhy(seq: number): Promise<PostPlace | Unread> {
    try {
      return (await this.place(seq)) ?? gone
    } catch (error) {
      return isGone(error) ? gone : { why: this.files.noteUnread(`post ${seq}`, error).message }
    }
  }

  private async placeOnce(seq: number): Promise<PostPlace | null> {
    const span = await this.spanOf(seq)
    if (span === null) return null
    if (span.compact) {
      const record = (await this.files.compact(span.segment)).record(seq)
      return record === undefined ? null : { seq, bytes: record.bytes, meta: record.meta }
    }
    const ref = span.refs!.get(seq)
    return ref === undefined
      ? null
      : { seq, bytes: ref.bodyBytes, meta: await readRecordMeta(await this.files.raw(span.segment), ref) }
  }

  /** Numbers, sizes and metas of all posts from `from` on, in order. */
  async *places(from = 0): AsyncGenerator<PostPlace> {
    for (const span of await this.allSpans()) {
      if (span.last < from) continue
      if (span.compact) {
        const reader = await this.files.orNote(compactName(span.segment), () => this.files.compact(span.segment))
        for (const { seq, bytes, meta } of reader?.records ?? []) if (seq >= from) yield { seq, bytes, meta }
        continue
      }
      const file = await this.files.orNote(segmentName(span.segment), () => this.files.raw(span.segment))
      for (const ref of file === null ? [] : span.refs!.values()) {
        if (file === null || ref.seq < from) continue
        const meta = await this.files.orNote(`${segmentName(span.segment)} ${ref.seq}`, () => readRecordMeta(file, ref))
        if (meta !== null) yield { seq: ref.seq, bytes: ref.bodyBytes, meta }
      }
    }
  }

  /** Numbers of all posts, ascending. */
  numbers(): Promise<Float64Array> {
    return this.again(() => this.numbersOnce())
  }

  private async numbersOnce(): Promise<Float64Array> {
    const spans = await this.allSpans()
    const lists: number[][] = []
    for (const span of spans) {
      lists.push(span.compact ? await this.numbersIn(span.segment) : [...span.refs!.keys()])
    }
    const all = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0))
    let at = 0
    for (const list of lists) {
      all.set(list, at)
      at += list.length
    }
    return all
  }

  private async numbersIn(segment: number): Promise<number[]> {
    const reader = await this.files.orNote(compactName(segment), () => this.files.compact(segment))
    return reader?.records.map(({ seq }) => seq) ?? []
  }

  /** How many posts there are. */
  async count(): Promise<number> {
    return (await this.allSpans()).reduce((sum, span) => sum + (span.refs?.size ?? span.posts), 0)
  }

  /** The posts of each file, ascending. */
  async postFiles(): Promise<readonly PostsOfFile[]> {
    return (await this.allSpans()).map(({ segment, compact, first, last, refs, posts }) => ({
      ...{ segment, compact, first, last, posts: refs?.size ?? posts },
      numbers: async () => (compact ? await this.numbersIn(segment) : refs!.keys())
    }))
  }

  /** The highest number of a stored post; 0 when there is none. */
  async lastSeq(): Promise<number> {
    return (await this.allSpans()).reduce((max, span) => Math.max(max, span.last), 0)
  }

  /** The highest number of a post in a compacted segment. */
  async lastCompacted(): Promise<number> {
    let last = 0
    let unknown = 0
    for (const segment of (await listSegments(this.dir)).compact) {
      const head = await this.files.orNote(compactName(segment), () =>
        readCompactHead(join(this.dir, compactName(segment)))
      )
      if (head === null) unknown++
      else last = Math.max(last, head.last)
    }
    return last + unknown * unknownNumbers
  }

  private async spanOf(seq: number): Promise<Span | null> {
    const find = (spans: readonly Span[]): Span | null =>
      spans.find((span) => span.first <= seq && seq <= span.last) ?? null
    const known = find(this.spans ?? [])
    if (known !== null) return known
    // It may have been written after the last look.
    this.spans = null
    return find(await this.allSpans())
  }

  private async allSpans(): Promise<Span[]> {
    if (this.spans !== null) return this.spans
    // Files may go while they are looked through: then once more.
    this.looking ??= this.again(() => this.lookThrough()).finally(() => (this.looking = null))
    return this.looking
  }

  private async lookThrough(): Promise<Span[]> {
    const before = this.refreshes
    const spans = await findSpans(this.dir, this.files)
    if (this.refreshes !== before) return this.lookThrough()
    for (const post of this.noted.splice(0)) addPost(spans, post)
    return (this.spans = spans)
  }
}

/** A large body, which is a file of its own. */
export async function readBody(dir: string, name: string): Promise<Buffer> {
  const path = bodyPath(dir, name)
  const shown = `capture/bodies/${name}`
  const body = await readRegular(path, { name: shown, maxBytes: 2 ** 31 - 1 })
  if (body === null) throw unreadable(shown, 'it does not exist')
  return body
}

// Appends posts to the capture folder. What is queued while a write is under way goes out together with the next one, so the
// number of writes follows the disk and not the number of posts. A post is acknowledged when write() returned: it is then in
// the kernel's page cache, which survives kill -9 of this process (power loss is not claimed).
import { close as closeCallback, ftruncate, open as openCallback, writev as writevCallback, writevSync } from 'node:fs'
import { mkdir, open, readdir, rename, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  encodeRecordHead,
  recordBytes,
  recordTail,
  scanSegment,
  segmentHead,
  type PostMeta,
  type RecordRef
} from './segments.ts'

const openFile = promisify(openCallback)
const closeFile = promisify(closeCallback)
const truncateFile = promisify(ftruncate)

/** An accepted post: where it is. `segment` is the number of its segment. */
export interface StoredPost extends RecordRef {
  readonly segment: number
  readonly meta: PostMeta
}

export type JournalProblem =
  | { readonly kind: 'torn'; readonly file: string; readonly aside: string; readonly bytes: number }
  | { readonly kind: 'damaged'; readonly file: string; readonly from: number; readonly to: number }
  | { readonly kind: 'unreadable'; readonly file: string; readonly aside: string }
  | { readonly kind: 'unfinished-body'; readonly file: string; readonly aside: string }

export interface JournalOptions {
  /** A segment is closed and a new one begun above this size. */
  readonly segmentBytes?: number
  readonly onSealed?: (segment: number) => void
}

interface Pending {
  readonly meta: PostMeta
  readonly body: readonly Buffer[]
  readonly bodyBytes: number
  readonly done: (error: NodeJS.ErrnoException | null, post: StoredPost | null) => void
}

export const segmentName = (segment: number): string => `${String(segment).padStart(6, '0')}.seg`
export const compactName = (segment: number): string => `${String(segment).padStart(6, '0')}.cseg`
const maxBuffers = 900
/** More would make posts wait for each other's bytes, and reading from the network wait for the disk. */
const maxBatchBytes = 1024 * 1024
/** Handing a small write to the thread pool costs more than the write. */
const directBytes = 256 * 1024
/** A direct write that took this long says that the disk is busy: the next ones go to the thread pool. */
const slowMs = 20

export const isDiskFull = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'ENOSPC' || error.code === 'EDQUOT' || error.code === 'EFBIG'

/** Segment numbers in a capture folder, ascending, raw (`.seg`) and compacted (`.cseg`). */
export async function listSegments(dir: string): Promise<{ readonly raw: number[]; readonly compact: number[] }> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const numbers = (pattern: RegExp): number[] =>
    names.flatMap((name) => (pattern.test(name) ? [Number.parseInt(name, 10)] : [])).sort((a, b) => a - b)
  return { raw: numbers(/^\d{6,}\.seg$/), compact: numbers(/^\d{6,}\.cseg$/) }
}

async function freeName(path: string): Promise<string> {
  for (let n = 0; ; n++) {
    const candidate = n === 0 ? path : `${path}.${n}`
    const taken = await stat(candidate).then(
      () => true,
      () => false
    )
    if (!taken) return candidate
  }
}

/** Copies the bytes after the last complete record to a `.torn` file, then cuts them off. Nothing else is touched. */
async function setTornTailAside(path: string, goodBytes: number, size: number): Promise<JournalProblem> {
  const aside = await freeName(`${path}.torn`)
  const from = await open(path, 'r')
  const to = await open(aside, 'wx')
  try {
    const buffer = Buffer.allocUnsafe(1 << 20)
    for (let at = goodBytes; at < size;) {
      const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, size - at), at)
      if (bytesRead === 0) break
      await to.write(buffer, 0, bytesRead)
      at += bytesRead
    }
    await to.sync()
  } finally {
    await from.close()
    await to.close()
  }
  await truncate(path, goodBytes)
  return { kind: 'torn', file: path, aside, bytes: size - goodBytes }
}

export interface Recovered {
  readonly problems: readonly JournalProblem[]
  readonly nextSeq: number
  readonly lastSegment: number
  readonly lastBytes: number
}

/** Looks at the newest raw segment after a start, sets a torn tail aside, and says where to go on. */
async function recover(dir: string, minSeq: number): Promise<Recovered> {
  const problems: JournalProblem[] = []
  const bodies = join(dir, 'bodies')
  for (const name of await readdir(bodies)) {
    if (!name.endsWith('.part')) continue
    const aside = await freeName(join(bodies, `${name}.torn`))
    await rename(join(bodies, name), aside)
    problems.push({ kind: 'unfinished-body', file: join(bodies, name), aside })
  }
  const { raw, compact } = await listSegments(dir)
  const lastSegment = Math.max(0, ...raw, ...compact)
  let nextSeq = minSeq
  let lastBytes = Number.POSITIVE_INFINITY
  const newest = raw.at(-1)
  // A sealed segment may be empty of posts, so walk back until a record tells the last number that was given.
  for (const segment of [...raw].reverse()) {
    const path = join(dir, segmentName(segment))
    const scan = await scanSegment(path)
    for (const [from, to] of scan.damaged) problems.push({ kind: 'damaged', file: path, from, to })
    let goodBytes = scan.goodBytes
    if (scan.size > scan.goodBytes && segment === newest) {
      problems.push(await setTornTailAside(path, scan.goodBytes, scan.size))
    }
    if (goodBytes === 0) goodBytes = Number.POSITIVE_INFINITY
    if (segment === newest && segment === lastSegment) lastBytes = goodBytes
    const seqs = scan.records.map((record) => record.seq)
    if (seqs.length > 0) {
      nextSeq = Math.max(nextSeq, ...seqs.slice(-1).map((seq) => seq + 1))
      break
    }
  }
  if (lastSegment === 0) lastBytes = Number.POSITIVE_INFINITY
  return { problems, nextSeq, lastSegment, lastBytes }
}

export class Journal {
  private fd = -1
  private segment = 0
  private offset = 0
  private nextSeq = 1
  private writing = false
  private closed = false
  private queue: Pending[] = []
  private idle: (() => void)[] = []

  private constructor(
    readonly dir: string,
    private readonly options: JournalOptions
  ) {}

  /**
   * Opens the capture folder for appending. `minSeq`: the smallest number that may be given to a new post (compacted segments know
   * theirs). Whoever opens it must hold the workspace's lock.
   */
  static async open(
    dir: string,
    options: JournalOptions = {},
    minSeq = 1
  ): Promise<{ readonly journal: Journal; readonly problems: readonly JournalProblem[] }> {
    await mkdir(join(dir, 'bodies'), { recursive: true })
    const recovered = await recover(dir, minSeq)
    const journal = new Journal(dir, options)
    journal.nextSeq = recovered.nextSeq
    if (recovered.lastBytes < (options.segmentBytes ?? 64 * 1024 * 1024)) {
      journal.segment = recovered.lastSegment
      journal.offset = recovered.lastBytes
      journal.fd = await openFile(join(dir, segmentName(journal.segment)), 'r+')
    } else {
      journal.segment = recovered.lastSegment
      await journal.startSegment()
    }
    return { journal, problems: recovered.problems }
  }

  /** The segment that is being written; all others are sealed. */
  get activeSegment(): number {
    return this.segment
  }

  /** Posts that wait for their write. */
  get pending(): number {
    return this.queue.length
  }

  /** A fresh name in `bodies/` for a large body that is written before its record. */
  private bodyCounter = 0
  newBodyName(): string {
    return `${String(this.segment).padStart(6, '0')}-${Date.now().toString(36)}-${process.pid.toString(36)}-${(this.bodyCounter++).toString(36)}`
  }

  /** Queues a post. `done` is called once it is written, or with the error of the write. */
  append(meta: PostMeta, body: readonly Buffer[], bodyBytes: number, done: Pending['done']): void {
    if (this.closed) {
      done(Object.assign(new Error('the journal is closed'), { code: 'ECLOSED' }), null)
      return
    }
    this.queue.push({ meta, body, bodyBytes, done })
    if (!this.writing) {
      this.writing = true
      // One turn later, so that what arrived in the same turn of the event loop shares a write.
      setImmediate(() => void this.drain())
    }
  }

  write(meta: PostMeta, body: Buffer): Promise<StoredPost> {
    return new Promise((resolve, reject) => {
      this.append(meta, [body], body.length, (error, post) => (post === null ? reject(error) : resolve(post)))
    })
  }

  /** Resolves when everything queued so far is written. */
  flushed(): Promise<void> {
    return this.writing ? new Promise((resolve) => this.idle.push(resolve)) : Promise.resolve()
  }

  /** Closes the current segment and begins a new one, if it holds posts. */
  async roll(): Promise<void> {
    await this.flushed()
    if (this.offset > segmentHead.length) await this.startSegment()
  }

  async close(): Promise<void> {
    this.closed = true
    await this.flushed()
    if (this.fd >= 0) await closeFile(this.fd)
    this.fd = -1
  }

  private async startSegment(): Promise<void> {
    const sealed = this.fd >= 0 ? this.segment : 0
    const fd = await openFile(join(this.dir, segmentName(this.segment + 1)), 'wx')
    if (this.fd >= 0) await closeFile(this.fd)
    this.fd = fd
    this.segment += 1
    this.offset = 0
    if (sealed > 0) this.options.onSealed?.(sealed)
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      if (this.offset > (this.options.segmentBytes ?? 64 * 1024 * 1024)) {
        // Failing to begin a segment (disk full) must not stop the capture: the old one goes on.
        await this.startSegment().catch(() => undefined)
      }
      await this.writeBatch(this.takeBatch())
    }
    this.writing = false
    for (const resolve of this.idle.splice(0)) resolve()
  }

  private takeBatch(): Pending[] {
    let bytes = 0
    let buffers = 0
    let n = 0
    for (; n < this.queue.length && bytes < maxBatchBytes && buffers < maxBuffers; n++) {
      bytes += this.queue[n]!.bodyBytes
      buffers += this.queue[n]!.body.length + 2
    }
    return this.queue.splice(0, n)
  }

  private async writeBatch(batch: readonly Pending[]): Promise<void> {
    const buffers: Buffer[] = this.offset === 0 ? [segmentHead] : []
    let end = this.offset === 0 ? segmentHead.length : this.offset
    const posts: StoredPost[] = []
    for (const { meta, body, bodyBytes } of batch) {
      const head = encodeRecordHead(this.nextSeq, meta, bodyBytes)
      const external = meta.bodyFile !== undefined
      const post: StoredPost = {
        seq: this.nextSeq,
        offset: end,
        metaBytes: head.length - 32,
        bodyBytes,
        external,
        segment: this.segment,
        meta
      }
      buffers.push(head)
      if (!external) for (const part of body) buffers.push(part)
      buffers.push(recordTail)
      end += recordBytes(post)
      this.nextSeq += 1
      posts.push(post)
    }
    const wait = this.writeAll(buffers, end - this.offset)
    const error = wait === null ? null : await wait
    if (error === null) this.offset = end
    else await this.cutBack()
    batch.forEach((pending, i) => pending.done(error, error === null ? posts[i]! : null))
  }

  private avoidDirectUntil = 0

  /** Bytes written on the spot: all, some, or none when the write is not for this way. */
  private writeDirect(buffers: Buffer[], bytes: number): number {
    if (bytes > directBytes || Date.now() < this.avoidDirectUntil) return 0
    const start = performance.now()
    try {
      return writevSync(this.fd, buffers, this.offset)
    } catch {
      // The other way meets the same error and reports it.
      return 0
    } finally {
      if (performance.now() - start > slowMs) this.avoidDirectUntil = Date.now() + 1000
    }
  }

  private writeAll(buffers: Buffer[], bytes: number): Promise<NodeJS.ErrnoException | null> | null {
    if (this.writeDirect(buffers, bytes) === bytes) return null
    return new Promise((resolve) => {
      let position = this.offset
      const step = (rest: Buffer[]): void => {
        writevCallback(this.fd, rest, position, (error, written) => {
          if (error !== null) return resolve(error)
          position += written
          let i = 0
          while (i < rest.length && written >= rest[i]!.length) written -= rest[i++]!.length
          if (i === rest.length) return resolve(null)
          step(written > 0 ? [rest[i]!.subarray(written), ...rest.slice(i + 1)] : rest.slice(i))
        })
      }
      step(buffers)
    })
  }

  /** A failed write may have left part of a record: cut it off, so that the next post stands on a record's end. */
  private async cutBack(): Promise<void> {
    await truncateFile(this.fd, this.offset).catch(() => this.startSegment().catch(() => undefined))
  }
}

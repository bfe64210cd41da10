// Appends posts to the capture folder. What is queued while a write is under way goes out together with the next one, so the
// number of writes follows the disk and not the number of posts. A post is acknowledged when write() returned: it is then in
// the kernel's page cache, which survives kill -9 of this process (power loss is not claimed).
import {
  close as closeCallback,
  fstatSync,
  ftruncate,
  open as openCallback,
  writev as writevCallback,
  writevSync
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CodedError } from '../../../contract/errors.ts'
import { handOver } from '../../uncaught.ts'
import { makeFolder, privateFile } from '../../store/files.ts'
import { identityOf, isSameFile, type Hold } from '../../store/hold.ts'
import { encodeRecordHead, recordBytes, recordTail, segmentHead, type PostMeta, type RecordRef } from './segments.ts'
import { recover, segmentName, type JournalProblem } from './segments-recovery.ts'

const openFile = promisify(openCallback)
const closeFile = promisify(closeCallback)
const truncateFile = promisify(ftruncate)

/** An accepted post: where it is. `segment` is the number of its segment. */
export interface StoredPost extends RecordRef {
  readonly segment: number
  readonly meta: PostMeta
}

export interface JournalOptions {
  /** A segment is closed and a new one begun above this size. */
  readonly segmentBytes?: number
  readonly onSealed?: (segment: number) => void
  /** The right to write, looked at before each write. */
  readonly hold?: Hold
}

interface Pending {
  readonly meta: PostMeta
  readonly body: readonly Buffer[]
  readonly bodyBytes: number
  readonly done: (error: NodeJS.ErrnoException | null, post: StoredPost | null) => void
}

/** Told at most once. Whoever is told may fail without the others waiting for ever. */
function onceForSure(done: Pending['done']): Pending['done'] {
  let isTold = false
  return (error, post) => {
    if (isTold) return
    isTold = true
    try {
      done(error, post)
    } catch (mistake) {
      handOver(mistake)
    }
  }
}

const maxBuffers = 900
/** More would make posts wait for each other's bytes, and reading from the network wait for the disk. */
const maxBatchBytes = 1024 * 1024
/** Handing a small write to the thread pool costs more than the write. */
const directBytes = 256 * 1024
/** A direct write that took this long says that the disk is busy: the next ones go to the thread pool. */
const slowMs = 20

export const isDiskFull = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'ENOSPC' || error.code === 'EDQUOT' || error.code === 'EFBIG'

export class Journal {
  private fd = -1
  /** The open segment: where it has to be, and which file it is. */
  private opened: { readonly path: string; readonly identity: ReturnType<typeof identityOf> } | null = null
  private segmentLost: string | null = null
  private segment = 0
  private offset = 0
  private nextSeq = 1
  private writing = false
  private closed = false
  private queue: Pending[] = []
  private idle: (() => void)[] = []
  private rolls: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []

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
    await makeFolder(join(dir, 'bodies'))
    const recovered = await recover(dir, minSeq)
    const journal = new Journal(dir, options)
    journal.nextSeq = recovered.nextSeq
    journal.segment = recovered.lastSegment
    // A late write of a holder that may still live somewhere stays in its own segment.
    const goesOn = recovered.lastBytes < (options.segmentBytes ?? 64 * 1024 * 1024) && !options.hold?.isUncertain
    if (goesOn) {
      journal.offset = recovered.lastBytes
      const path = join(dir, segmentName(journal.segment))
      journal.useSegment(await openFile(path, 'r+'), path)
    } else await journal.startSegment()
    return { journal, problems: recovered.problems }
  }

  /** The segment that is being written; all others are sealed. */
  get activeSegment(): number {
    return this.segment
  }

  /** The highest number that was given to a post so far. */
  get lastGiven(): number {
    return this.nextSeq - 1
  }

  /** Posts that wait for their write. */
  get pending(): number {
    return this.queue.length
  }

  /** Why nothing can be written any more; null while it can. As last seen. */
  get lost(): string | null {
    return this.options.hold?.reason ?? this.segmentLost
  }

  /** Null when a write may go ahead: the workspace is ours, and the open segment is still the file of its name. */
  refusal(): CodedError | null {
    try {
      this.options.hold?.check()
      const { path, identity } = this.opened ?? { path: '', identity: null }
      if (identity === null || isSameFile(identityOf(path), identity)) return null
      const reason = `${segmentName(this.segment)} was moved or deleted while it was open`
      this.segmentLost = reason
      this.options.hold?.lose(reason)
      return new CodedError('WORKSPACE_READ_ONLY', `The workspace is read-only: ${reason}.`)
    } catch (error) {
      if (error instanceof CodedError) return error
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      return new CodedError('STORE_WRITE_FAILED', `The capture folder cannot be checked (${code}).`)
    }
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
    this.queue.push({ meta, body, bodyBytes, done: onceForSure(done) })
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

  /**
   * Closes the current segment and begins a new one, if it holds posts: between two writes, for the file changes under them, and however
   * many posts keep coming.
   */
  roll(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.rolls.push({ resolve, reject })
      if (this.writing) return
      this.writing = true
      void this.drain()
    })
  }

  private async rollNow(): Promise<void> {
    const asked = this.rolls.splice(0)
    try {
      if (!this.closed && this.offset > segmentHead.length) await this.startSegment()
      for (const { resolve } of asked) resolve()
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }

  async close(): Promise<void> {
    this.closed = true
    await this.flushed()
    if (this.fd >= 0) await closeFile(this.fd)
    this.fd = -1
    this.opened = null
  }

  private useSegment(fd: number, path: string): void {
    const { dev, ino } = fstatSync(fd, { bigint: true })
    this.fd = fd
    this.opened = { path, identity: { device: dev, inode: ino } }
  }

  private async startSegment(): Promise<void> {
    const refusal = this.refusal()
    if (refusal !== null) throw refusal
    const sealed = this.fd >= 0 ? this.segment : 0
    const path = join(this.dir, segmentName(this.segment + 1))
    const fd = await openFile(path, 'wx', privateFile)
    if (this.fd >= 0) await closeFile(this.fd)
    this.useSegment(fd, path)
    this.segment += 1
    this.offset = 0
    if (sealed > 0) this.options.onSealed?.(sealed)
  }

  private async drain(): Promise<void> {
    while (this.queue.length + this.rolls.length > 0) {
      if (this.rolls.length > 0) await this.rollNow()
      if (this.queue.length === 0) continue
      if (this.offset > (this.options.segmentBytes ?? 64 * 1024 * 1024)) {
        // Failing to begin a segment (disk full) must not stop the capture: the old one goes on.
        await this.startSegment().catch(() => undefined)
      }
      const batch = this.takeBatch()
      try {
        await this.writeBatch(batch)
      } catch (error) {
        // A post that cannot be put into bytes costs its batch, never those that come after.
        handOver(error)
        for (const { done } of batch) done(error as NodeJS.ErrnoException, null)
      }
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
    const refusal = this.refusal()
    if (refusal !== null) return batch.forEach((pending) => pending.done(refusal, null))
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
    batch.forEach((pending, i) => {
      try {
        pending.done(error, error === null ? posts[i]! : null)
      } catch (mistake) {
        // Of one that asked: the others must have their answers, and the journal go on.
        setImmediate(() => {
          throw mistake
        })
      }
    })
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
    if (this.refusal() !== null) return
    await truncateFile(this.fd, this.offset).catch(() => this.startSegment().catch(() => undefined))
  }
}

// A body while it arrives: in memory, or in a file when it is large or memory is short. What is held counts in a budget that all connections
// share, also what waits for a slow disk; above it the peer waits, which costs nobody anything.
import { createWriteStream, type WriteStream } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { privateFile } from '../../store/files.ts'

export interface Budget {
  used: number
  readonly max: number
}

export interface BodyHost {
  readonly limits: {
    readonly bodyBytes: number
    /** Bodies above this go to a file while they arrive. */
    readonly memoryBytes: number
  }
  readonly budget: Budget
  /** A fresh name for a file, or why there is no place for one. */
  spoolPath(): string | NodeJS.ErrnoException
}

/** The peer's end of it. */
export interface BodyFlow {
  pause(): void
  resume(): void
  /** The file cannot be written. */
  failed(error: NodeJS.ErrnoException): void
}

/** Smaller ones stay in memory, whatever the budget says: a file each would cost more. */
const smallBody = 65_536
/** From this many parts on, small ones are put together: a slow sender's crumbs would cost more in bookkeeping than in bytes. */
const manyParts = 64
const crumbBytes = 16_384
const slabBytes = 65_536

export class IncomingBody {
  bytes = 0
  private chunks: Buffer[] = []
  private held = 0
  /** Is the last chunk while it is filled. */
  private slab: Buffer | null = null
  private filled = 0
  private spool: WriteStream | null = null
  private spoolName: string | null = null
  private waits = false

  /** `announced`: bytes, null when the peer did not say. */
  constructor(
    private readonly host: BodyHost,
    private readonly announced: number | null,
    private readonly flow: BodyFlow
  ) {}

  /** The peer waits for our disk, and not we for the peer. */
  get isWaiting(): boolean {
    return this.waits
  }

  /** False when the body is larger than the limit. */
  take(data: Buffer): boolean {
    this.bytes += data.length
    if (this.bytes > this.host.limits.bodyBytes) return false
    if (this.spool !== null) {
      this.write(data)
      return true
    }
    this.keep(data)
    this.held += data.length
    this.host.budget.used += data.length
    const { limits, budget } = this.host
    const expected = this.announced ?? this.bytes
    if (expected > limits.memoryBytes || (budget.used > budget.max && expected > smallBody)) this.beginSpool()
    return true
  }

  private keep(data: Buffer): void {
    if (this.chunks.length < manyParts || data.length >= crumbBytes) {
      this.closeSlab()
      this.chunks.push(data)
      return
    }
    if (this.slab !== null && this.filled + data.length > slabBytes) this.closeSlab()
    if (this.slab === null) {
      this.slab = Buffer.allocUnsafeSlow(slabBytes)
      this.chunks.push(this.slab)
    }
    this.filled += data.copy(this.slab, this.filled)
  }

  private closeSlab(): void {
    if (this.slab === null) return
    const part = this.slab.subarray(0, this.filled)
    this.chunks[this.chunks.length - 1] = this.filled < crumbBytes ? Buffer.from(part) : part
    this.slab = null
    this.filled = 0
  }

  private beginSpool(): void {
    this.closeSlab()
    const place = this.host.spoolPath()
    if (typeof place !== 'string') return this.flow.failed(place)
    this.spoolName = place
    this.spool = createWriteStream(this.spoolName, { flags: 'wx', mode: privateFile, highWaterMark: 1 << 20 })
    this.spool.on('error', (error: NodeJS.ErrnoException) => this.flow.failed(error))
    const chunks = this.chunks
    this.chunks = []
    this.release()
    for (const chunk of chunks) this.write(chunk)
  }

  private write(data: Buffer): void {
    const { budget } = this.host
    budget.used += data.length
    const goesOn = this.spool!.write(data, () => {
      budget.used -= data.length
      if (this.waits && this.spool!.writableLength === 0) this.setWaiting(false)
    })
    if (!goesOn || budget.used > budget.max) this.setWaiting(true)
  }

  private setWaiting(waits: boolean): void {
    this.waits = waits
    if (waits) this.flow.pause()
    else this.flow.resume()
  }

  private release(): void {
    this.host.budget.used -= this.held
    this.held = 0
  }

  /** Nothing more comes. `done` is called once the file is whole, at once without one; never when writing it failed. */
  finish(done: (body: readonly Buffer[], spooled: string | null) => void): void {
    this.closeSlab()
    const { spool } = this
    if (spool === null) return done(this.chunks, null)
    // Called for a failed write too: then the body is not whole, and 'error' tells why.
    spool.end((error?: Error | null) => {
      if (!error && spool.errored === null && this.spoolName !== null) done([], this.spoolName)
    })
  }

  /** The file belongs to somebody else now. */
  handOver(): void {
    this.spoolName = null
  }

  drop(): void {
    this.chunks = []
    this.slab = null
    this.release()
    if (this.spoolName === null) return
    const name = this.spoolName
    this.spoolName = null
    this.spool?.destroy()
    // It was never acknowledged. If it cannot be removed, the next start sets it aside and says so.
    unlink(name).catch(() => undefined)
  }
}

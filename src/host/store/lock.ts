// One writer per workspace. `workspace.lock` names the process that holds it. Who meets one judges its holder: a live process of this
// machine is believed whatever the clock says, one that is gone (its id free, reused or a zombie's) is not; of a holder on another machine or
// in another container only the count in the lock tells, which it raises every few seconds: it is watched for the stale time, by a clock
// that nobody can set.
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, fstatSync, linkSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ownIdentity } from '../ports/processes.ts'
import { Hold, identityOf, type HoldTicket } from './hold.ts'
import { describeHolder, encodeLock, judgeHolder, lockName, readLock } from './lock-file.ts'
import type { FoundLock, LockContent } from './lock-file.ts'

export interface LockOptions {
  /** A holder elsewhere that shows no sign of life for so long is gone. It shows one twelve times in this time. */
  readonly staleMs?: number
  /** How long a start waits for a holder that is just ending. */
  readonly endingMs?: number
  /** False for who can do without: an answer at once, never a wait. */
  readonly wait?: boolean
  /** The hold was lost: `reason` is a clause, for people. */
  readonly onLost?: (reason: string) => void
}

export interface WorkspaceLock {
  readonly hold: Hold
  /** Says in the lock that it will be released soon: a start waits for that. */
  ending(): void
  /** Says in the lock where the holder can be spoken to. */
  announce(socket: string): void
  release(): void
}

const defaultStaleMs = 60_000
const defaultEndingMs = 5_000
const pollMs = 50
/** A process that was just killed may look alive for a moment. */
const aliveLooks = 3

/** Takes the lock, or says who has it. Never rejects. */
export async function acquireLock(folder: string, options: LockOptions = {}): Promise<WorkspaceLock> {
  const root = resolve(folder)
  const claim = Claim.prepare(join(root, lockName))
  if (typeof claim === 'string') return refused(root, `it cannot be written (${claim})`, null)
  try {
    return await contend(root, claim, options)
  } finally {
    claim.forget()
  }
}

async function contend(root: string, claim: Claim, options: LockOptions): Promise<WorkspaceLock> {
  const { staleMs = defaultStaleMs, endingMs = defaultEndingMs, wait: mayWait = true } = options
  const watch = new Watch()
  const began = performance.now()
  for (let looksAlive = 0; ;) {
    const appeared = claim.appear()
    if (appeared === 'taken') return holdLock(root, claim, options, false)
    if (appeared !== 'exists') return refused(root, `it cannot be written (${appeared})`, null)
    const found = readLock(claim.file)
    if (found.kind === 'odd') return refused(root, `its ${lockName} is ${found.what}`, null)
    if (found.kind === 'file') {
      const verdict = judgeHolder(claim.file, found.lock)
      const isStale = verdict === 'unknown' && watch.see(found) >= staleMs
      if ((verdict === 'gone' || isStale) && claim.succeed(found.raw)) return holdLock(root, claim, options, isStale)
      const isInVain = {
        alive: (looksAlive += verdict === 'alive' ? 1 : 0) > aliveLooks,
        ending: performance.now() - began > endingMs,
        unknown: watch.hasSeenLife,
        gone: false
      }[verdict]
      if (isInVain || (!mayWait && verdict !== 'gone')) return refusedBy(root, found)
    }
    await wait(Math.min(pollMs, staleMs / 4))
  }
}

function refused(folder: string, reason: string, heldBy: string | null): WorkspaceLock {
  const hold = Hold.refused(folder, reason, heldBy)
  return { hold, ending: () => undefined, announce: () => undefined, release: () => hold.end() }
}

function refusedBy(folder: string, found: FoundLock & { readonly kind: 'file' }): WorkspaceLock {
  const holder = describeHolder(found.lock)
  return refused(folder, `${holder} has it open`, holder)
}

/** A lock that is looked at again and again. */
class Watch {
  hasSeenLife = false
  private raw: string | null = null
  private nonce: string | undefined
  private since = 0

  /** Returns for how many milliseconds it has not changed. */
  see({ raw, lock }: FoundLock & { readonly kind: 'file' }): number {
    if (raw !== this.raw) {
      this.hasSeenLife = this.raw !== null && lock?.nonce === this.nonce
      this.raw = raw
      this.nonce = lock?.nonce
      this.since = performance.now()
    }
    return performance.now() - this.since
  }
}

/** A lock of our own on its way to its place. The file stays open, so that nobody gets its inode while we hold the workspace. */
class Claim {
  readonly nonce = randomUUID()
  private beat = 0
  private isOurs = false
  /** What stands in it beside who has it. */
  more: Partial<LockContent> = {}
  private readonly rival = new Watch()

  private constructor(
    readonly file: string,
    private readonly temporary: string,
    readonly fd: number
  ) {}

  /** Or the error's code. */
  static prepare(file: string): Claim | string {
    const temporary = `${file}.${randomUUID()}`
    try {
      const claim = new Claim(file, temporary, openSync(temporary, 'wx+', 0o600))
      claim.write()
      return claim
    } catch (error) {
      rmQuietly(temporary)
      return codeOf(error)
    }
  }

  /** A hard link is the one way to make a file appear with its content, or fail because it is there. */
  appear(): 'taken' | 'exists' | (string & {}) {
    try {
      linkSync(this.temporary, this.file)
      this.isOurs = true
      return 'taken'
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EEXIST') return 'exists'
      return linksAreMissing.has(code) ? this.appearByRename() : code
    }
  }

  /** Where a file system has no hard links: a claim on nothing, then a rename. */
  private appearByRename(): 'taken' | 'exists' {
    return this.succeed(null) ? 'taken' : 'exists'
  }

  /** Takes the place of a dead holder's lock. Only one can claim it, and only as long as it is that very lock. */
  succeed(raw: string | null): boolean {
    const claim = `${this.file}.after-${createHash('sha256')
      .update(raw ?? '')
      .digest('hex')
      .slice(0, 16)}`
    if (!this.mark(claim)) return false
    try {
      const now = readLock(this.file)
      if ((now.kind === 'file' ? now.raw : null) !== raw || now.kind === 'odd') return false
      renameSync(this.temporary, this.file)
      this.isOurs = true
      return true
    } catch {
      return false
    } finally {
      rmQuietly(claim)
    }
  }

  /** A claim is there for less than a moment: one that stays was left behind. */
  private mark(claim: string): boolean {
    try {
      writeFileSync(claim, this.content(), { flag: 'wx', mode: 0o600 })
      return true
    } catch {
      const left = readLock(claim)
      if (left.kind !== 'file') return false
      if (judgeHolder(claim, left.lock) === 'gone' || this.rival.see(left) > defaultEndingMs) rmQuietly(claim)
      return false
    }
  }

  private content(): string {
    const seenAt = new Date().toISOString()
    return encodeLock({ version: 1, ...ownIdentity(), nonce: this.nonce, seenAt, beat: this.beat++, ...this.more })
  }

  /** Into the file that is open, wherever it is by now: never over somebody else's lock. */
  write(): void {
    const bytes = Buffer.from(this.content())
    writeSync(this.fd, bytes, 0, bytes.length, 0)
  }

  /** Cleans up after an attempt that did not succeed. */
  forget(): void {
    rmQuietly(this.temporary)
    if (!this.isOurs) closeQuietly(this.fd)
  }
}

const linksAreMissing = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

function holdLock(root: string, claim: Claim, options: LockOptions, isUncertain: boolean): WorkspaceLock {
  const { staleMs = defaultStaleMs, onLost } = options
  const { dev, ino } = fstatSync(claim.fd, { bigint: true })
  const ticket: HoldTicket = {
    folder: root,
    nonce: claim.nonce,
    lockFile: { device: dev, inode: ino },
    root: identityOf(root) ?? { device: 0n, inode: 0n }
  }
  const timer = setInterval(() => beat(), Math.max(1, staleMs / 12))
  timer.unref()
  const hold = Hold.taken(
    ticket,
    (reason) => {
      clearInterval(timer)
      onLost?.(reason)
    },
    isUncertain
  )
  const say = (more: Partial<LockContent>): void => {
    claim.more = { ...claim.more, ...more }
    beat()
  }
  function beat(): void {
    if (!hold.isHeld()) return
    try {
      claim.write()
      hold.wrote()
    } catch {
      // A full disk, a share that is away: the lock is ours until somebody takes it, and that is seen before each write.
    }
  }
  // The time in it may be that of the beginning of a long wait.
  beat()
  let released = false
  return {
    hold,
    ending: () => say({ ending: true }),
    announce: (socket) => say({ socket }),
    release() {
      if (released) return
      released = true
      clearInterval(timer)
      if (hold.isHeld()) rmQuietly(join(root, lockName))
      hold.end()
      closeQuietly(claim.fd)
    }
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

function rmQuietly(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // A lock that stays behind is judged by who meets it.
  }
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd)
  } catch {
    // Nothing is lost with it.
  }
}

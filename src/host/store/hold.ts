// The right to write a workspace. It is looked at before each write, because it can be lost while nobody looks: the lock taken, removed or
// overwritten, the folder moved, deleted or another one put in its place. Once lost it stays lost: what another instance wrote meanwhile is
// not known here.
//
// Every write to a workspace passes `assertHeld`, at the latest where files.ts writes; threads get a ticket and look for themselves.
import { statSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import { describeHolder, lockName, readLock } from './lock-file.ts'

/** What tells a hold from every other one; may cross to another thread of the process. */
export interface HoldTicket {
  readonly folder: string
  readonly nonce: string
  readonly lockFile: FileIdentity
  readonly root: FileIdentity
}

interface FileIdentity {
  readonly device: bigint
  readonly inode: bigint
}

export function identityOf(path: string): FileIdentity | null {
  const info = statSync(path, { bigint: true, throwIfNoEntry: false })
  return info === undefined ? null : { device: info.dev, inode: info.ino }
}

export const isSameFile = (a: FileIdentity | null, b: FileIdentity | null): boolean =>
  a !== null && b !== null && a.device === b.device && a.inode === b.inode

export class Hold {
  #reason: string | null
  /** Time and size of the lock as it was last read: while they stand, so does its text. */
  #seen = ''

  private constructor(
    readonly folder: string,
    readonly ticket: HoldTicket | null,
    reason: string | null,
    /** Who has it instead, for people. */
    readonly heldBy: string | null,
    /** The holder before may still be alive somewhere: it showed no sign of life. */
    readonly isUncertain: boolean,
    private readonly onLost: (reason: string) => void
  ) {
    this.#reason = reason
    register(this)
  }

  static taken(ticket: HoldTicket, onLost: (reason: string) => void, isUncertain = false): Hold {
    return new Hold(ticket.folder, ticket, null, null, isUncertain, onLost)
  }

  /** Nothing may be written here. `reason`: a clause, for people. */
  static refused(folder: string, reason: string, heldBy: string | null): Hold {
    return new Hold(folder, null, reason, heldBy, false, () => undefined)
  }

  /** In another thread of the process that has it. */
  static adopted(ticket: HoldTicket): Hold {
    return Hold.taken(ticket, () => undefined)
  }

  /** As it was when last looked at. */
  get writable(): boolean {
    return this.#reason === null
  }

  /** Why nothing may be written; null while it may. */
  get reason(): string | null {
    return this.#reason
  }

  /** Looks. Throws WORKSPACE_READ_ONLY, or STORE_WRITE_FAILED when it cannot be told for the moment. */
  check(): void {
    if (this.#reason === null) {
      const reason = this.#look()
      if (reason !== null) this.lose(reason)
    }
    if (this.#reason !== null) throw readOnly(this.#reason)
  }

  isHeld(): boolean {
    try {
      this.check()
      return true
    } catch {
      return false
    }
  }

  /** From now on nothing is written here. */
  lose(reason: string): void {
    if (this.#reason !== null) return
    this.#reason = reason
    this.onLost(reason)
  }

  /** The one who has it wrote the lock anew. */
  wrote(): void {
    const info = statSync(join(this.folder, lockName), { bigint: true, throwIfNoEntry: false })
    if (info !== undefined) this.#seen = `${info.mtimeNs} ${info.size}`
  }

  end(): void {
    held.delete(this)
  }

  #look(): string | null {
    const ticket = this.ticket!
    const file = join(ticket.folder, lockName)
    let info
    try {
      info = statSync(file, { bigint: true, throwIfNoEntry: false })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      if (code === 'ENOTDIR' || code === 'ELOOP') return whyGone(ticket)
      // A share that does not answer: nothing is written now, and nothing is lost yet.
      throw new CodedError('STORE_WRITE_FAILED', `The workspace’s lock cannot be checked (${code}).`)
    }
    if (info === undefined) return whyGone(ticket)
    if (!isSameFile({ device: info.dev, inode: info.ino }, ticket.lockFile)) return whyGone(ticket)
    const seen = `${info.mtimeNs} ${info.size}`
    if (seen === this.#seen) return null
    const found = readLock(file)
    if (found.kind !== 'file' || found.lock?.nonce !== ticket.nonce) return whyGone(ticket)
    this.#seen = seen
    return null
  }
}

function whyGone({ folder, root, nonce }: HoldTicket): string {
  let now: FileIdentity | null = null
  try {
    now = identityOf(folder)
  } catch {
    // As good as gone.
  }
  if (now === null) return 'its folder was moved or deleted while it was open'
  if (!isSameFile(now, root)) return 'its folder was replaced by another one'
  const found = readLock(join(folder, lockName))
  if (found.kind === 'none') return `its ${lockName} was removed`
  if (found.kind === 'file' && found.lock !== null && found.lock.nonce !== nonce)
    return `${describeHolder(found.lock)} took it over`
  return `its ${lockName} was overwritten`
}

const readOnly = (reason: string): CodedError =>
  new CodedError('WORKSPACE_READ_ONLY', `The workspace is read-only: ${reason}.`)

/** Of this thread. Tests open a folder twice in one process: then one valid hold is enough. */
const held = new Set<Hold>()

const register = (hold: Hold): void => void held.add(hold)

const holdsOf = (file: string): readonly Hold[] => {
  const path = resolve(file)
  return [...held].filter(({ folder }) => path.startsWith(folder + sep))
}

/** As people know it: `workflows/guard/2.json` of a workspace that is open here, the bare name of any other file. */
export function shownName(file: string): string {
  const [hold] = holdsOf(file)
  return hold ? relative(hold.folder, resolve(file)).replaceAll(sep, '/') : basename(file)
}

/** Looks whether a file may be written. Files outside of open workspaces are nobody's business here. Throws as Hold.check does. */
export function assertHeld(file: string): void {
  const holds = holdsOf(file)
  if (holds.length === 0 || holds.slice(1).some((hold) => hold.isHeld())) return
  holds[0]!.check()
}

export function mayWrite(file: string): boolean {
  try {
    assertHeld(file)
    return true
  } catch {
    return false
  }
}

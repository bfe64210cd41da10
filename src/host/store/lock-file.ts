// workspace.lock as a file: what stands in it, and what that says about its holder.
import { lstatSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isLocalFolder, lookAtProcess, ownIdentity } from '../ports/processes.ts'

export const lockName = 'workspace.lock'

export interface LockContent {
  readonly version: 1
  readonly pid: number
  readonly host: string
  readonly nonce: string
  /** ISO; for people, and for versions of Retrace that know nothing better. */
  readonly seenAt?: string
  /** Counted up by the holder: whoever sees it change knows that the holder lives, whatever the clocks say. */
  readonly beat?: number
  readonly boot?: string | null
  readonly space?: string | null
  readonly started?: string | null
  /** The holder is about to let go. */
  readonly ending?: boolean
  /** Where other processes of the user can speak to the holder (host/holder). */
  readonly socket?: string
}

/** `none`: nothing is there. `odd`: something that is no file. */
export type FoundLock =
  | { readonly kind: 'none' }
  | { readonly kind: 'odd'; readonly what: string }
  | { readonly kind: 'file'; readonly raw: string; readonly lock: LockContent | null }

/** Longer than any lock; so that reading the number and its spaces is one read. */
const lockBytes = 600
const mostBytes = 64 * 1024

export function readLock(file: string): FoundLock {
  try {
    const info = lstatSync(file)
    if (!info.isFile()) return { kind: 'odd', what: info.isDirectory() ? 'a folder' : 'no file' }
    if (info.size > mostBytes) return { kind: 'file', raw: `${info.size} ${info.mtimeMs}`, lock: null }
    const raw = readFileSync(file, 'utf8')
    return { kind: 'file', raw, lock: parseLock(raw) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return code === 'ENOENT' ? { kind: 'none' } : { kind: 'odd', what: `not readable (${code})` }
  }
}

function parseLock(raw: string): LockContent | null {
  try {
    const lock: unknown = JSON.parse(raw)
    return isLock(lock) ? lock : null
  } catch {
    return null
  }
}

function isLock(value: unknown): value is LockContent {
  if (typeof value !== 'object' || value === null) return false
  const lock = value as { readonly [key: string]: unknown }
  const mayBe = (name: string, type: string): boolean =>
    lock[name] === undefined || lock[name] === null || typeof lock[name] === type
  return (
    lock['version'] === 1 &&
    Number.isSafeInteger(lock['pid']) &&
    (lock['pid'] as number) > 0 &&
    typeof lock['host'] === 'string' &&
    typeof lock['nonce'] === 'string' &&
    ['boot', 'space', 'started'].every((name) => mayBe(name, 'string')) &&
    mayBe('ending', 'boolean') &&
    mayBe('socket', 'string')
  )
}

/** Always as long, so that a write over the one before leaves nothing of it behind. */
export const encodeLock = (lock: LockContent): string => `${JSON.stringify(lock).padEnd(lockBytes)}\n`

/** `unknown`: only signs of life can tell. */
export type Verdict = 'alive' | 'ending' | 'gone' | 'unknown'

export function judgeHolder(file: string, lock: LockContent | null): Verdict {
  if (lock === null) return 'unknown'
  const own = ownIdentity()
  if (lock.host !== own.host) return 'unknown'
  // A lock of an earlier version says nothing of its boot and namespace.
  if (lock.boot !== undefined && lock.boot !== own.boot) return isLocalFolder(dirname(file)) ? 'gone' : 'unknown'
  if (lock.space !== undefined && lock.space !== own.space) return 'unknown'
  const { state, started } = lookAtProcess(lock.pid)
  if (state === 'gone') return 'gone'
  if (lock.started === undefined || lock.started === null || started === null) return 'unknown'
  // Somebody else has its id by now.
  if (lock.started !== started) return 'gone'
  return state === 'ending' || lock.ending ? 'ending' : 'alive'
}

export const describeHolder = (lock: LockContent | null): string =>
  lock === null ? 'another process' : `process ${lock.pid} on ${lock.host}`

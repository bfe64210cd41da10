// One writer per workspace. `workspace.lock` names the process that holds it; a heartbeat tells a live holder from one that was
// killed and whose process id somebody else has by now.
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

const heartbeatMs = 10_000
const staleMs = 60_000

interface LockFile {
  readonly version: 1
  readonly pid: number
  readonly host: string
  readonly nonce: string
  /** ISO; renewed by the holder. */
  readonly seenAt: string
}

export interface WorkspaceLock {
  readonly held: boolean
  /** Who has it instead, for people. */
  readonly heldBy: string | null
  release(): void
}

/** Takes the lock, or says who has it. `onLost` is called when another instance took over a lock that looked dead (a machine that slept). */
export function acquireLock(folder: string, onLost: () => void = () => undefined): WorkspaceLock {
  const file = join(folder, 'workspace.lock')
  const nonce = randomUUID()
  const content = (): string =>
    JSON.stringify({
      version: 1,
      pid: process.pid,
      host: hostname(),
      nonce,
      seenAt: new Date().toISOString()
    } satisfies LockFile)
  for (let attempt = 0; attempt < 3; attempt++) {
    const taken = take(file, content())
    if (taken === 'no access') return notHeld('nobody (the folder cannot be written)')
    if (taken === 'taken') return holdLock(file, nonce, content, onLost)
    const holder = readLock(file)
    if (!holder && isFresh(file)) return notHeld('another process')
    if (holder && isAlive(holder)) return notHeld(`process ${holder.pid} on ${holder.host}`)
    if (!removeStale(file, holder?.nonce)) return notHeld('another process')
  }
  return notHeld('another process')
}

const notHeld = (heldBy: string): WorkspaceLock => ({ held: false, heldBy, release: () => undefined })

function holdLock(file: string, nonce: string, content: () => string, onLost: () => void): WorkspaceLock {
  const timer = setInterval(() => {
    if (readLock(file)?.nonce === nonce) return writeFileSync(file, content())
    clearInterval(timer)
    onLost()
  }, heartbeatMs)
  timer.unref()
  return {
    held: true,
    heldBy: null,
    release() {
      clearInterval(timer)
      if (readLock(file)?.nonce === nonce) rmSync(file, { force: true })
    }
  }
}

/** A hard link is the one way to make a file appear with its content, or fail because it is there. */
function take(file: string, content: string): 'taken' | 'exists' | 'no access' {
  const temporary = `${file}.${randomUUID()}`
  try {
    writeFileSync(temporary, content)
    linkSync(temporary, file)
    return 'taken'
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EEXIST' ? 'exists' : 'no access'
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** Moves a dead holder's lock away; false when it was somebody's live lock after all (two instances found it at once). */
function removeStale(file: string, nonce: string | undefined): boolean {
  const moved = `${file}.${randomUUID()}`
  try {
    renameSync(file, moved)
    if (readLock(moved)?.nonce === nonce) return true
    linkSync(moved, file)
    return false
  } catch {
    // Somebody else moved it first; the next attempt sees what is there now.
    return true
  } finally {
    rmSync(moved, { force: true })
  }
}

function isFresh(file: string): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs < staleMs
  } catch {
    return false
  }
}

function readLock(file: string): LockFile | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockFile
  } catch {
    // Gone, or caught while it is being renewed.
    return null
  }
}

function isAlive(lock: LockFile): boolean {
  const fresh = Date.now() - Date.parse(lock.seenAt) < staleMs
  if (lock.host !== hostname()) return fresh
  try {
    process.kill(lock.pid, 0)
    return fresh
  } catch (error) {
    // EPERM: it lives and is not ours.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' && fresh
  }
}

// Who holds a workspace, as far as they can be spoken to from here.
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { CodedError } from '../../contract/errors.ts'
import { judgeHolder, lockName, readLock } from '../store/lock-file.ts'
import { isTrusted } from './socket-place.ts'

export const pollMs = 50

/** Null when nobody holds the workspace who can be spoken to. */
export async function connectToHolder(root: string): Promise<Socket | null> {
  const path = lockOf(root)?.socket
  if (typeof path !== 'string' || !isTrusted(root, path)) return null
  return new Promise((done) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.off('error', failed)
      done(socket)
    })
    const failed = (): void => done(null)
    socket.once('error', failed)
  })
}

/** One that stands still (a debugger, a machine that sleeps) takes connections and never answers. `ask`: a question of any kind. */
export async function isAnswering(ask: () => Promise<unknown>, withinMs: number): Promise<boolean> {
  const late = new AbortController()
  // A short command that ends just now lets go of who had only knocked.
  const isThere = ask().then(
    () => true,
    (error: unknown) => !(error instanceof CodedError && error.code === 'HOST_LOST')
  )
  try {
    return await Promise.race([isThere, wait(withinMs, false, { signal: late.signal }).catch(() => false)])
  } finally {
    late.abort()
  }
}

export function lockOf(root: string) {
  const found = readLock(join(root, lockName))
  return found.kind === 'file' ? found.lock : null
}

export const nonceOf = (root: string): string | null => lockOf(root)?.nonce ?? null

export function hasHolderHere(root: string): boolean {
  const lock = lockOf(root)
  const verdict = lock === null ? 'gone' : judgeHolder(join(root, lockName), lock)
  return verdict === 'alive' || verdict === 'ending'
}

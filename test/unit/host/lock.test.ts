import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { acquireLock } from '../../../src/host/store/lock.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()
const staleMs = 60
/** As an earlier version wrote it. */
const lockFile = (root: string, more: object): void =>
  writeFileSync(
    join(root, 'workspace.lock'),
    JSON.stringify({
      version: 1,
      pid: process.pid,
      host: hostname(),
      nonce: 'other',
      seenAt: new Date().toISOString(),
      ...more
    })
  )

describe('the lock of a workspace', () => {
  it('is held by one, and free again after its release', async () => {
    const root = folder()
    const first = await acquireLock(root)
    const second = await acquireLock(root)
    expect([first.hold.writable, second.hold.writable]).toEqual([true, false])
    expect(second.hold.heldBy).toBe(`process ${process.pid} on ${hostname()}`)
    first.release()
    const next = await acquireLock(root)
    expect(next.hold.writable).toBe(true)
    next.release()
    expect(existsSync(join(root, 'workspace.lock'))).toBe(false)
  })

  it('is taken from a process that was killed', async () => {
    const root = folder()
    // No process has this id: it is above every limit.
    lockFile(root, { pid: 2 ** 30 })
    const lock = await acquireLock(root)
    expect(lock.hold.writable).toBe(true)
    lock.release()
  })

  it('is taken from an id that somebody else has by now', async () => {
    const root = folder()
    lockFile(root, { seenAt: '2024-10-21T12:00:00.000Z' })
    const lock = await acquireLock(root, { staleMs })
    expect(lock.hold.writable).toBe(true)
    lock.release()
  })

  it('is left to a live holder on another machine', async () => {
    const root = folder()
    lockFile(root, { host: 'elsewhere', pid: 2 ** 30, beat: 1 })
    let beat = 1
    const living = setInterval(() => lockFile(root, { host: 'elsewhere', pid: 2 ** 30, beat: ++beat }), 20)
    const lock = await acquireLock(root, { staleMs: 60_000 })
    clearInterval(living)
    expect(lock.hold).toMatchObject({ writable: false, heldBy: `process ${2 ** 30} on elsewhere` })
    expect(readFileSync(join(root, 'workspace.lock'), 'utf8')).toContain('elsewhere')
    lock.release()
  })
})

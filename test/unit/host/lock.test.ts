import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { acquireLock } from '../../../src/host/store/lock.ts'
import { temporaryFolders } from './temporary.ts'

const folder = temporaryFolders()
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
  it('is held by one, and free again after its release', () => {
    const root = folder()
    const first = acquireLock(root)
    expect([first.held, acquireLock(root).held]).toEqual([true, false])
    first.release()
    const next = acquireLock(root)
    expect(next.held).toBe(true)
    next.release()
    expect(existsSync(join(root, 'workspace.lock'))).toBe(false)
  })

  it('is taken from a process that was killed', () => {
    const root = folder()
    // No process has this id: it is above every limit.
    lockFile(root, { pid: 2 ** 30 })
    const lock = acquireLock(root)
    expect(lock.held).toBe(true)
    lock.release()
  })

  it('is taken from an id that somebody else has by now', () => {
    const root = folder()
    lockFile(root, { seenAt: '2024-10-21T12:00:00.000Z' })
    const lock = acquireLock(root)
    expect(lock.held).toBe(true)
    lock.release()
  })

  it('is left to a live holder on another machine', () => {
    const root = folder()
    lockFile(root, { host: 'elsewhere', pid: 2 ** 30 })
    expect(acquireLock(root)).toMatchObject({ held: false, heldBy: `process ${2 ** 30} on elsewhere` })
    expect(readFileSync(join(root, 'workspace.lock'), 'utf8')).toContain('elsewhere')
  })
})

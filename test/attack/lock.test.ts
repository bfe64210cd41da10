// Who holds a workspace: processes that are stopped, killed, reused ids, clocks that jump. Whatever happens, one process writes, and every
// acknowledged post is there afterwards, once.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { lookAtProcess, ownIdentity } from '../../src/host/ports/processes.ts'
import { acquireLock } from '../../src/host/store/lock.ts'
import { encodeLock } from '../../src/host/store/lock-file.ts'
import type { LockContent } from '../../src/host/store/lock-file.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { buildHolder, sender, storedBodies } from './lock-processes.ts'
import { repeat, scale } from './scale.ts'
import { isUnix } from './unix.ts'

const folder = temporaryFolders()
const staleMs = 120
const lockName = 'workspace.lock'

let holders: Awaited<ReturnType<typeof buildHolder>>
beforeAll(async () => {
  holders = await buildHolder()
})
afterAll(() => holders.end())

const workspaceFolder = (): string => mkdtempSync(join(holders.dir, 'w-'))
const lock = (root: string, more: Partial<LockContent> = {}): void =>
  writeFileSync(
    join(root, lockName),
    encodeLock({ version: 1, ...ownIdentity(), nonce: 'other', seenAt: new Date().toISOString(), beat: 1, ...more })
  )
const passes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function taken(root: string, options = { staleMs }): Promise<boolean> {
  const { hold, release } = await acquireLock(root, options)
  const { writable } = hold
  release()
  return writable
}

describe.skipIf(!isUnix)('a holder that is stopped', () => {
  it(
    'keeps the workspace, and no acknowledged post is lost',
    async () => {
      const acknowledged = new Set<string>()
      const post = sender(acknowledged)
      const root = workspaceFolder()
      const first = await holders.start(root, { staleMs })
      for (let round = 0; round < repeat(1, 40); round++) {
        await post(first.port, 5)
        const within = post(first.port, 5)
        first.process.kill('SIGSTOP')
        await passes(2 * staleMs)
        const second = await holders.start(root, { staleMs })
        expect(second).toMatchObject({ writable: false, readOnly: expect.stringContaining(`${first.process.pid}`) })
        first.process.kill('SIGCONT')
        second.process.kill('SIGTERM')
        expect(await within).toEqual([200, 200, 200, 200, 200])
        expect(await post(first.port, 5)).toEqual([200, 200, 200, 200, 200])
      }
      first.process.kill('SIGTERM')
      await once(first.process, 'exit')
      const found = await storedBodies(root)
      expect([...acknowledged].filter((body) => found.get(body) !== 1)).toEqual([])
    },
    scale(20_000, 120_000)
  )

  it(
    'stops writing when its lock was removed meanwhile and somebody else has the workspace',
    async () => {
      for (let round = 0; round < repeat(1, 40); round++) {
        const acknowledged = new Set<string>()
        const post = sender(acknowledged)
        const root = workspaceFolder()
        const first = await holders.start(root, { staleMs })
        await post(first.port, 4)
        first.process.kill('SIGSTOP')
        rmSync(join(root, lockName))
        const second = await holders.start(root, { staleMs })
        expect(second.writable).toBe(true)
        await post(second.port, 3)
        first.process.kill('SIGCONT')
        expect(await post(first.port, 3)).toEqual([503, 503, 503])
        expect(await post(second.port, 3)).toEqual([200, 200, 200])
        for (const { process } of [first, second]) {
          process.kill('SIGTERM')
          await once(process, 'exit')
        }
        const found = await storedBodies(root)
        expect(acknowledged.size).toBe(10)
        expect([...acknowledged].filter((body) => found.get(body) !== 1)).toEqual([])
      }
    },
    scale(20_000, 120_000)
  )
})

describe.skipIf(!isUnix)('a start right after', () => {
  it(
    'a kill takes the workspace',
    async () => {
      const acknowledged = new Set<string>()
      const post = sender(acknowledged)
      const root = workspaceFolder()
      for (let kill = 0; kill < repeat(2, 100); kill++) {
        const holder = await holders.start(root)
        expect(holder).toMatchObject({ writable: true, readOnly: null })
        await post(holder.port, 3)
        holder.process.kill('SIGKILL')
      }
      const last = await holders.start(root)
      last.process.kill('SIGTERM')
      await once(last.process, 'exit')
      const found = await storedBodies(root)
      expect([...acknowledged].filter((body) => found.get(body) !== 1)).toEqual([])
      expect(readdirSync(root)).not.toContain(lockName)
    },
    scale(20_000, 120_000)
  )

  it('an order to end waits for the end', async () => {
    const root = workspaceFolder()
    const first = await holders.start(root, { closeMs: 400 })
    first.process.kill('SIGTERM')
    const second = await holders.start(root)
    expect(second).toMatchObject({ writable: true, readOnly: null })
  })

  it('a process that was killed, before it is gone, waits for it', async () => {
    const root = folder()
    const child = spawn('sleep', ['60'])
    lock(root, { pid: child.pid!, started: lookAtProcess(child.pid!).started })
    expect((await acquireLock(root, { wait: false })).hold.writable).toBe(false)
    child.kill('SIGKILL')
    expect(await taken(root)).toBe(true)
  })
})

describe('the holder of a lock', () => {
  it('is believed while it lives, however old its sign of life is', async () => {
    const root = folder()
    lock(root, { seenAt: '2001-01-01T00:00:00.000Z' })
    expect(await taken(root, { staleMs: 1 })).toBe(false)
  })

  it('is not believed when its id is somebody else’s by now', async () => {
    const root = folder()
    lock(root, { started: '1' })
    expect(await taken(root, { staleMs: 60_000 })).toBe(true)
  })

  it.skipIf(!isUnix)('is not believed when it is a zombie', async () => {
    const root = folder()
    // `sleep 60` takes the place of the shell and never asks for its child, which must not end before that: the shell would ask.
    const parent = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 60'])
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    while (
      !spawnSync('ps', ['-o', 'stat=', '-p', String(pid)])
        .stdout.toString()
        .startsWith('Z')
    )
      await passes(5)
    lock(root, { pid, started: lookAtProcess(pid).started })
    expect(await taken(root, { staleMs: 60_000 })).toBe(true)
    parent.kill('SIGKILL')
  })

  it('is told from a process with the same id elsewhere by its signs of life', async () => {
    for (const elsewhere of [
      { host: 'elsewhere' },
      { space: 'pid:[1]' },
      { boot: 'other', host: 'elsewhere' },
      { started: null }
    ]) {
      const quiet = folder()
      lock(quiet, elsewhere)
      expect([elsewhere, await taken(quiet)]).toEqual([elsewhere, true])
      const living = folder()
      let beat = 1
      lock(living, elsewhere)
      const timer = setInterval(() => lock(living, { ...elsewhere, beat: ++beat }), 15)
      const got = await taken(living, { staleMs: 5000 })
      clearInterval(timer)
      expect([elsewhere, got]).toEqual([elsewhere, false])
    }
  })

  it('is not made out of garbage, which counts for the stale time only', async () => {
    for (const garbage of ['', 'null', '[]', '{"version":1}', '{"version":1,"pid":-1,"host":"x","nonce":"y"}', '\0']) {
      const root = folder()
      writeFileSync(join(root, lockName), garbage)
      expect((await acquireLock(root, { wait: false })).hold.writable).toBe(false)
      expect([garbage, await taken(root)]).toEqual([garbage, true])
    }
  })

  it('has signs of life that follow no clock that can be set', async () => {
    const root = folder()
    const first = await acquireLock(root, { staleMs })
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      for (const now of ['2061-01-01', '1971-01-01']) {
        vi.setSystemTime(new Date(now))
        expect(await taken(root)).toBe(false)
        expect(first.hold.isHeld()).toBe(true)
        const elsewhere = folder()
        lock(elsewhere, { host: 'elsewhere', seenAt: '2024-01-01T00:00:00.000Z' })
        expect(await taken(elsewhere)).toBe(true)
      }
    } finally {
      vi.useRealTimers()
      first.release()
    }
  })

  it('is one of those who find a dead lock at once', async () => {
    for (let round = 0; round < repeat(3, 50); round++) {
      const root = folder()
      lock(root, round % 2 === 0 ? { pid: 2 ** 30 } : { host: 'elsewhere' })
      const all = await Promise.all(Array.from({ length: 8 }, () => acquireLock(root, { staleMs })))
      expect(all.filter(({ hold }) => hold.isHeld())).toHaveLength(1)
      for (const { release } of all) release()
      expect(readdirSync(root)).toEqual([])
    }
  })
})

const canLimit = spawnSync('prlimit', ['--version']).status === 0

describe('a sign of life that cannot be written', () => {
  it.skipIf(!canLimit)('does not end the holder', async () => {
    const acknowledged = new Set<string>()
    const post = sender(acknowledged)
    const root = workspaceFolder()
    const holder = await holders.start(root, { staleMs: 60 })
    expect(await post(holder.port, 2)).toEqual([200, 200])
    const limit = (bytes: string): unknown =>
      spawnSync('prlimit', ['--pid', String(holder.process.pid), `--fsize=${bytes}:unlimited`])
    limit('0')
    await passes(60)
    expect(await post(holder.port, 2)).toEqual([507, 507])
    limit('unlimited')
    expect(await post(holder.port, 2)).toEqual([200, 200])
    holder.process.kill('SIGTERM')
    await once(holder.process, 'exit')
    const found = await storedBodies(root)
    expect([...found.values()]).toEqual([1, 1, 1, 1])
  })
})

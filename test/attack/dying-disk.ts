// A disk that dies at the k-th operation that changes something: this one is not done, or half done, and none after it is. What is on
// the disk then is what a kill at that moment leaves. To be imported before whatever writes.
import fs from 'node:fs'
import promises, { type FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Death = 'before' | 'half'

let left = Number.POSITIVE_INFINITY
let way: Death = 'before'
let folder = '\0'
const done: string[] = []

class DiskDied extends Error {
  readonly code = 'EDISKDIED'
}

/** From now on: `operations` of them are done in the folder, the next one is not, or by half, and nothing after it. */
export function dieAfter(operations: number, how: Death, inFolder: string): void {
  ;[left, way, folder] = [operations, how, inFolder]
  done.length = 0
}

/** Lives again. Answers the operations that were done, and whether it had died. */
export function revive(): { readonly operations: readonly string[]; readonly died: boolean } {
  const died = left < 0
  left = Number.POSITIVE_INFINITY
  folder = '\0'
  return { operations: [...done], died }
}

/** Whether the operation is to be done: wholly, by half (the last one), or not. */
function next(name: string, canBeHalf: boolean): 'whole' | 'half' {
  if (folder === '\0') return 'whole'
  if (--left >= 0) {
    done.push(name)
    return 'whole'
  }
  if (left === -1 && way === 'half' && canBeHalf) return 'half'
  throw new DiskDied(`the disk died at ${name}`)
}

const isOurs = (path: unknown): boolean => typeof path === 'string' && path.startsWith(folder)
type Any = (...args: never[]) => unknown
type Table = Record<string, Any>

function patchPaths(name: string, changes: (args: unknown[]) => boolean = () => true): void {
  const table = promises as unknown as Table
  const real = table[name]!
  table[name] = async (...args: unknown[]) => {
    if (isOurs(args[0]) && changes(args)) next(`${name} ${String(args[0]).slice(folder.length)}`, false)
    return await (real as (...rest: unknown[]) => unknown)(...args)
  }
}
patchPaths('open', ([, flags]) => typeof flags === 'string' && flags !== 'r')
for (const name of ['rename', 'rm', 'unlink', 'truncate', 'mkdir', 'writeFile', 'copyFile']) patchPaths(name)

const appendFile = promises.appendFile
promises.appendFile = async (path, data, options) => {
  if (isOurs(path) && next(`appendFile ${String(path).slice(folder.length)}`, true) === 'half') {
    await appendFile(path, halfOf(data as string | Buffer), options)
    throw new DiskDied('the disk died while it was added to a file')
  }
  return appendFile(path, data, options)
}

const halfOf = <T extends string | Uint8Array>(data: T): T => data.slice(0, Math.floor(data.length / 2)) as T

const probe = await promises.open(join(tmpdir(), `dying-disk-${process.pid}`), 'w')
const handle = Object.getPrototypeOf(probe) as Record<
  string,
  (this: FileHandle, ...args: unknown[]) => Promise<unknown>
>
await probe.close()
await promises.rm(join(tmpdir(), `dying-disk-${process.pid}`))
for (const name of ['write', 'writeFile', 'appendFile', 'sync', 'truncate']) {
  const real = handle[name]!
  handle[name] = async function (data: unknown, ...rest: unknown[]) {
    const isData = typeof data === 'string' || data instanceof Uint8Array
    if (next(`handle.${name}`, isData) === 'whole') return real.call(this, data, ...rest)
    const half = halfOf(data as string)
    await (name === 'write' ? real.call(this, half, 0, half.length, rest[2]) : real.call(this, half, ...rest))
    throw new DiskDied(`the disk died at handle.${name}`)
  }
}

type Done = (error: Error | null, result?: unknown) => void
function patchCallback(name: 'writev' | 'ftruncate' | 'open'): void {
  const table = fs as unknown as Table
  const real = table[name] as unknown as (...args: unknown[]) => unknown
  table[name] = (...args: unknown[]) => {
    const call = args.at(-1) as Done
    try {
      if (name === 'open' ? isOurs(args[0]) && args[1] !== 'r' : true) next(name, false)
    } catch (error) {
      setImmediate(() => call(error as Error))
      return
    }
    real(...args)
  }
}
for (const name of ['writev', 'ftruncate', 'open'] as const) patchCallback(name)

const writevSync = fs.writevSync
fs.writevSync = (fd, buffers, position) => {
  if (next('writevSync', true) === 'whole') return writevSync(fd, buffers, position)
  const all = Buffer.concat(buffers as Buffer[])
  writevSync(fd, [halfOf(all)], position)
  throw new DiskDied('the disk died at writevSync')
}

syncBuiltinESMExports()

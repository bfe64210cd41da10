// Files that survive. A write goes to a temporary file, is flushed, and replaces the old one by rename, so that a reader sees the
// old or the new file and nothing between. What Retrace creates is for its user alone, stays inside its folder even when that has links
// that lead out, and never replaces what could not be read.
import { randomBytes } from 'node:crypto'
import { constants, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { lstat, open, realpath, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import { ensureFolder, ensureFolderSync } from './ensure-folder.ts'
import { assertHeld, shownName } from './hold.ts'
import { patiently } from './patiently.ts'

/** Windows has no such bits and ignores them. */
export const privateFile = 0o600
export const privateFolder = 0o700

/** Workspaces and other folders that this process has opened: no write for a file in them leaves them. */
const guarded = new Set<string>()
/** Files that could not be read and stay as they are, and why nothing may be written in their place. */
const untouchable = new Map<string, CodedError>()

export const guardFolder = (folder: string): void => void guarded.add(resolve(folder))

export const leaveAsItIs = (file: string, why: CodedError): void => void untouchable.set(resolve(file), why)
export const mayBeWritten = (file: string): boolean => !untouchable.has(resolve(file))
export const forgetReading = (file: string): void => void untouchable.delete(resolve(file))

/** Writes `content` (text, bytes, or pieces of text) so that the file is there whole or not at all. */
export async function writeAtomic(
  file: string,
  content: string | Uint8Array | AsyncIterable<string> | Iterable<string>,
  /** Who may read it, from the first byte on; by default the user alone, or whoever could read the file before. */
  mode?: number
): Promise<void> {
  await assertWritable(file)
  // A name may have all the 255 bytes that there are.
  const name = basename(file).slice(0, 50)
  const temporary = join(dirname(file), `.${name}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`)
  try {
    await makeFolder(dirname(file))
    const handle = await open(temporary, 'wx', mode ?? (await modeOf(file)))
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content)
      else for await (const piece of content) await handle.appendFile(piece)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await patiently(() => {
      // It may have taken long.
      assertHeld(file)
      return rename(temporary, file)
    })
    await syncFolder(dirname(file))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw asWriteError(error, file)
  }
}

const modeOf = async (file: string): Promise<number> => {
  const info = await lstat(file).catch(() => null)
  return info?.isFile() ? info.mode & 0o777 : privateFile
}

/** Adds text to the end of a file, which is made when it is missing. Never follows a link, never waits for a pipe's reader. */
export async function appendText(file: string, text: string): Promise<void> {
  const handle = await openForWriting(file, constants.O_APPEND | constants.O_CREAT)
  try {
    await handle.writeFile(text)
  } catch (error) {
    throw asWriteError(error, file)
  } finally {
    await handle.close()
  }
}

const noFollow = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Opens a file for writing that is a file itself and no link, pipe or device. `flags` beside O_WRONLY (or O_RDWR). */
export async function openForWriting(file: string, flags: number): Promise<FileHandle> {
  await assertWritable(file)
  const access = (flags & constants.O_RDWR) === 0 ? constants.O_WRONLY : 0
  try {
    const handle = await open(file, flags | access | noFollow, privateFile)
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
    throw Object.assign(new Error('no file'), { code: 'EINVAL' })
  } catch (error) {
    throw asWriteError(error, file)
  }
}

/** Makes a folder, and those above it, for the user alone. Throws STORE_WRITE_FAILED. */
export async function makeFolder(folder: string): Promise<void> {
  assertHeld(folder)
  await assertInside(folder)
  await ensureFolder(folder, privateFolder).catch((error: unknown) => {
    throw asWriteError(error, folder)
  })
}

/** Moves a file or a folder within the workspace; what is at the new place already moves on to a free name. */
export async function moveFile(from: string, to: string): Promise<void> {
  await assertWritable(from)
  await makeFolder(dirname(to))
  try {
    if (await isThere(to)) await patiently(async () => rename(to, await freeName(to, '~')))
    await patiently(() => rename(from, to))
  } catch (error) {
    throw asWriteError(error, to)
  }
}

/** Removes a file, if it is there. */
export async function removeFile(file: string): Promise<void> {
  await assertWritable(file)
  await rm(file, { force: true }).catch((error: unknown) => {
    throw asWriteError(error, file)
  })
}

/** The first of `<path>`, `<path><mark>1` or 2, … that nothing has, not even a link to nothing. */
export async function freeName(path: string, mark = '.', first = 1): Promise<string> {
  let free = path
  for (let n = first; await isThere(free); n++) free = `${path}${mark}${n}`
  return free
}

/** Whether something has that name: a file, a folder, or a link to nothing, too. */
export const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false
  )

export function isThereSync(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Copies a folder of ours, such as the demo, to where the user keeps it. What is there already stays. */
export function copyPrivate(from: string, to: string): void {
  ensureFolderSync(to, privateFolder)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyPrivate(source, target)
    else if (!isThereSync(target)) writeFileSync(target, readFileSync(source), { flag: 'wx', mode: privateFile })
  }
}

async function assertWritable(file: string): Promise<void> {
  assertHeld(file)
  const why = untouchable.get(resolve(file))
  if (why) throw why
  await assertInside(dirname(file))
}

/** Throws STORE_WRITE_FAILED when links lead from a guarded folder to somewhere else. */
export async function assertInside(folder: string): Promise<void> {
  const at = resolve(folder)
  const root = [...guarded].find((one) => at === one || at.startsWith(one + sep))
  if (root === undefined) return
  const realRoot = await realpath(root).catch(() => root)
  let existing = at
  while (existing !== root && !(await isThere(existing))) existing = dirname(existing)
  const real = await realpath(existing).catch(() => null)
  if (real !== null ? real === realRoot || real.startsWith(realRoot + sep) : existing === root) return
  throw new CodedError(
    'STORE_WRITE_FAILED',
    `Nothing is written to ${at.slice(root.length + 1)}: a link leads out of the folder there.`,
    { file: at.slice(root.length + 1) }
  )
}

/** A rename is only durable once the folder is. Some platforms cannot open folders; there the rename has to do. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  if (!handle) return
  await handle.sync().catch(() => undefined)
  await handle.close()
}

/** In words, where there are some. */
export const reasonOf = (code: string): string => reasons[code] ?? code

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EACCES: 'permission denied',
  EROFS: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'it is a link',
  EISDIR: 'it is a folder',
  ENOTDIR: 'there is a file where a folder should be',
  EEXIST: 'there is a file where a folder should be',
  EINVAL: 'it is not a regular file',
  ENXIO: 'it is not a regular file'
}

export function asWriteError(error: unknown, file: string): Error {
  if (error instanceof CodedError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!code) return error instanceof Error ? error : new Error(String(error))
  const name = shownName(file)
  return new CodedError('STORE_WRITE_FAILED', `${name} cannot be written: ${reasonOf(code)}.`, {
    file: name,
    reason: code
  })
}

// Files that a command writes where a person said (`--out`, `--posts`). A new one is for that person alone; a file that is there is replaced
// when the new one is whole. Nothing is written through a link, nor into another name of the same file.
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  realpathSync,
  statSync,
  writeFileSync,
  type Stats
} from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { casesFolder } from '../host/cases/case-files.ts'
import { CodedError } from '../contract/errors.ts'
import { ensureFolder } from '../host/store/ensure-folder.ts'
import { asWriteError, privateFile, writeAtomic } from '../host/store/files.ts'

/** Reasons that are about the place that was named: another name helps. */
const ofPlace = new Set([
  ...['ELOOP', 'EISDIR', 'ENOTDIR', 'ENOENT', 'EEXIST', 'ENAMETOOLONG', 'EINVAL', 'ENXIO'],
  ...['EACCES', 'EPERM', 'EROFS']
])

function asOutError(error: unknown, file: string): Error {
  const told = asWriteError(error, file)
  if (!(told instanceof CodedError) || told.code !== 'STORE_WRITE_FAILED') return told
  const reason = String(told.details?.reason)
  const text = reason === 'ENOENT' ? `${file} cannot be written: no file can be made there.` : told.message
  return ofPlace.has(reason) ? new CodedError(told.code, text, { ...told.details, isPlace: true }) : told
}

/**
 * Throws as `writeOut` does where it can be told before there is something to write.
 * @param inputs files that the command reads: COMMAND_INVALID where it would replace one of them
 * @param makesFolder the command makes the folder that is not there
 */
export function checkOut(
  file: string,
  inputs: readonly (string | undefined)[] = [],
  makesFolder = false
): 'new' | 'stream' | 'replace' {
  try {
    const info = lstatSync(file, { throwIfNoEntry: false })
    if (info === undefined) return checkPlace(file, makesFolder)
    if (isStream(file, info)) return 'stream'
    if (info.isSymbolicLink()) throw Object.assign(new Error('a link'), { code: 'ELOOP' })
    if (info.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
    const workspace = workspaceOf(file)
    if (workspace !== null)
      throw new CodedError(
        'COMMAND_INVALID',
        `${file} is a file of the workspace ${workspace}: give another name for what this command writes.`
      )
    if (inputs.some((input) => input !== undefined && isRead(file, info, input)))
      throw new CodedError(
        'COMMAND_INVALID',
        `${file} is what this command reads: give another name for what it writes.`
      )
    return 'replace'
  } catch (error) {
    throw asOutError(error, file)
  }
}

/** A file can be made there, as far as that can be told without making it. */
function checkPlace(file: string, makesFolder: boolean): 'new' {
  if (/[\\/]$/.test(file))
    throw new CodedError('STORE_WRITE_FAILED', `${file} cannot be written: it names a folder.`, { file, isPlace: true })
  let folder = dirname(file)
  while (makesFolder && !existsSync(folder)) folder = dirname(folder)
  if (!statSync(folder).isDirectory()) throw Object.assign(new Error('a file'), { code: 'ENOTDIR' })
  accessSync(folder, constants.W_OK)
  return 'new'
}

/** Also where a link leads to it, and what is in a folder that is read. */
function isRead(file: string, { dev, ino }: Stats, other: string): boolean {
  try {
    const found = statSync(other)
    if (found.isDirectory()) return isBelow(realpathSync(file), realpathSync(other))
    return found.dev === dev && found.ino === ino
  } catch {
    // Reading it says what is wrong.
    return false
  }
}

const isBelow = (file: string, folder: string): boolean => file.startsWith(folder.endsWith(sep) ? folder : folder + sep)

/** Whose own file it is; null for none. Cases of a workspace are a person's, who changes them as any file. */
function workspaceOf(file: string): string | null {
  const path = realpathSync(file)
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'catalogue.json'))) return isBelow(path, join(folder, casesFolder)) ? null : folder
    if (folder === dirname(folder)) return null
  }
}

/** For what a person works on afterwards, in a folder that may have to be made: nothing is replaced. Throws FILE_EXISTS, and as `checkOut` does. */
export function checkNew(file: string): 'new' | 'stream' {
  const how = checkOut(file, [], true)
  if (how !== 'replace') return how
  throw taken(file)
}

const taken = (file: string): CodedError =>
  new CodedError('FILE_EXISTS', `${file} is there already. Delete it, or give another name.`, { file })

/** A folder for what is written out, which is as readable as whatever else the user makes. Throws STORE_WRITE_FAILED. */
export const makeOutFolder = (folder: string): Promise<void> =>
  ensureFolder(folder).catch((error: unknown) => {
    throw asOutError(error, folder)
  })

/** Throws STORE_WRITE_FAILED for a link, a folder and what cannot be written. */
export const writeOut = async (file: string, text: string): Promise<void> => write(checkOut(file), file, text)

/** Throws FILE_EXISTS for a file that is there, else as `writeOut` does. */
export const writeNew = async (file: string, text: string): Promise<void> => write(checkNew(file), file, text)

async function write(how: ReturnType<typeof checkOut>, file: string, text: string): Promise<void> {
  try {
    if (how === 'new') writeFileSync(file, text, { flag: 'wx', mode: privateFile })
    else if (how === 'stream') writeStream(file, text)
    else await writeAtomic(file, text)
  } catch (error) {
    // Somebody made it in between.
    if (how === 'new' && (error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(file)
    throw asOutError(error, file)
  }
}

/** Where the names of this process's own output are links. Below /dev/shm anybody may have made one. */
const ownOutput = ['/dev', '/dev/fd']

/** Pipes, devices, and this process's own output. */
function isStream(file: string, info: Stats): boolean {
  const target = info.isSymbolicLink() && ownOutput.includes(dirname(resolve(file))) ? statSync(file) : info
  if (info.isSymbolicLink() && target !== info && target.isFile()) return true
  return target.isFIFO() || target.isCharacterDevice()
}

function writeStream(file: string, text: string): void {
  // Fails at once when nobody reads a pipe, for whom opening it in the usual way would wait.
  const probe = openPipe(file)
  try {
    writeFileSync(file, text, { flag: 'a' })
  } finally {
    closeSync(probe)
  }
}

function openPipe(file: string): number {
  try {
    return openSync(file, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error
    throw new CodedError('STORE_WRITE_FAILED', `${file} cannot be written: it is a pipe that nobody reads.`, {
      file,
      isPlace: true
    })
  }
}

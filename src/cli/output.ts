// Files that a command writes where a person said (`--out`, `--posts`). A new one is for that person alone; a file that is there is replaced
// when the new one is whole. Nothing is written through a link, nor into another name of the same file.
import { closeSync, constants, lstatSync, openSync, statSync, writeFileSync, type Stats } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { CodedError } from '../contract/errors.ts'
import { ensureFolder } from '../host/store/ensure-folder.ts'
import { asWriteError, privateFile, writeAtomic } from '../host/store/files.ts'

/** Throws as `writeOut` does where it can be told before there is something to write. */
export function checkOut(file: string): 'new' | 'stream' | 'replace' {
  try {
    const info = lstatSync(file, { throwIfNoEntry: false })
    if (info === undefined) return 'new'
    if (isStream(file, info)) return 'stream'
    if (info.isSymbolicLink()) throw Object.assign(new Error('a link'), { code: 'ELOOP' })
    if (info.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
    return 'replace'
  } catch (error) {
    throw asWriteError(error, file)
  }
}

/** A folder for what is written out, which is as readable as whatever else the user makes. Throws STORE_WRITE_FAILED. */
export const makeOutFolder = (folder: string): Promise<void> =>
  ensureFolder(folder).catch((error: unknown) => {
    throw asWriteError(error, folder)
  })

/** Throws STORE_WRITE_FAILED for a link, a folder and what cannot be written. */
export async function writeOut(file: string, text: string): Promise<void> {
  const how = checkOut(file)
  try {
    if (how === 'new') writeFileSync(file, text, { flag: 'wx', mode: privateFile })
    else if (how === 'stream') writeStream(file, text)
    else await writeAtomic(file, text)
  } catch (error) {
    throw asWriteError(error, file)
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
    throw new CodedError('STORE_WRITE_FAILED', `${file} cannot be written: it is a pipe that nobody reads.`, { file })
  }
}

// A file that a person named, on the command line or by opening it with the app: links and pipes (`<(…)`, /dev/stdin) are as good as files. What cannot be read has a code and
// the name; nothing is waited for that may never come.
import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  type Dirent,
  type Stats
} from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { Socket } from 'node:net'
import { CodedError } from '../../contract/errors.ts'
import { kindOf, mostBytes } from './reading.ts'

const refuse = (name: string, why: string): CodedError =>
  new CodedError('FILE_UNREADABLE', `${name} cannot be read: ${why}.`, { file: name })

const tooLarge = (name: string, bytes: number): CodedError =>
  new CodedError('INPUT_TOO_LARGE', `${name} has ${bytes} bytes; the limit is ${mostBytes}.`, { file: name })

const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

function notOpened(error: unknown, name: string): CodedError {
  const { code = 'unknown', path } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const told = path !== undefined && isLink(path) ? 'cannot be read: it is a link to nothing' : 'does not exist'
    return new CodedError('FILE_NOT_FOUND', `${name} ${told}.`, { file: name })
  }
  return refuse(name, reasons[code] ?? code)
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
  } catch {
    // Something above it is a file.
    return false
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  // Windows opens no folders.
  EISDIR: 'it is a folder',
  ELOOP: 'it is a link that leads back to itself'
}

/** What was named, or what a link of that name leads to. Throws FILE_NOT_FOUND and FILE_UNREADABLE. */
export function statGiven(file: string, name = file): Stats {
  try {
    return statSync(file)
  } catch (error) {
    throw notOpened(error, name)
  }
}

/** Whether it is one, or a link to one; what may not be looked at is none. */
export const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** What is in a folder, by name. Throws FILE_NOT_FOUND, and FILE_UNREADABLE also for a file. */
export function listGiven(folder: string, name = folder): readonly Dirent[] {
  if (!statGiven(folder, name).isDirectory()) throw refuse(name, 'it is not a folder')
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    throw notOpened(error, name)
  }
}

/** Opens a file, or a link to one, of any size; pipes and devices are none. Throws FILE_NOT_FOUND and FILE_UNREADABLE. */
export async function openGivenFile(file: string, name: string): Promise<FileHandle> {
  const fail = (error: unknown): never => {
    throw notOpened(error, name)
  }
  // A pipe is not opened in passing: its writer would be left alone.
  const before = await stat(file).catch(fail)
  if (!before.isFile()) throw refuse(name, kindOf(before))
  const handle = await open(file, withoutWaiting).catch(fail)
  const info = await handle.stat()
  if (info.isFile()) return handle
  await handle.close()
  throw refuse(name, kindOf(info))
}

/** Opens what was named, whatever it is, without waiting. Throws FILE_NOT_FOUND, FILE_UNREADABLE and INPUT_TOO_LARGE. */
function openGiven(file: string, name: string): { readonly fd: number; readonly info: Stats } {
  let fd: number
  try {
    fd = openSync(file, withoutWaiting)
  } catch (error) {
    throw notOpened(error, name)
  }
  const info = fstatSync(fd)
  if (!info.isDirectory() && info.size <= mostBytes) return { fd, info }
  closeSync(fd)
  throw info.isDirectory() ? refuse(name, 'it is a folder') : tooLarge(name, info.size)
}

/** Whether it is a regular file, or a link to one, that can be read. Throws as `readGiven` does. */
export function isRegular(file: string, name = file): boolean {
  // A pipe is not opened in passing: its writer would be left alone.
  const info = statGiven(file, name)
  if (!info.isFile() && !info.isDirectory()) return false
  closeSync(openGiven(file, name).fd)
  return true
}

/** The bytes. Throws FILE_NOT_FOUND, FILE_UNREADABLE and INPUT_TOO_LARGE. */
export async function readGiven(file: string, name = file): Promise<Buffer> {
  const { fd, info } = openGiven(file, name)
  try {
    if (info.isFIFO()) return await readPipe(fd, name)
    // The stream closes what it was given.
    return await collect(createReadStream('', { fd, highWaterMark: 1 << 20 }), name)
  } catch (error) {
    if (error instanceof CodedError) throw error
    throw refuse(name, (error as NodeJS.ErrnoException).code ?? String(error))
  }
}

/** One of the file system that nobody has open for writing would be waited for without an end: the first read tells. */
async function readPipe(fd: number, name: string): Promise<Buffer> {
  const first = Buffer.alloc(1 << 16)
  let length = 0
  try {
    length = readSync(fd, first)
    if (length === 0) {
      closeSync(fd)
      throw refuse(name, 'it is a pipe that nobody writes to')
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
  }
  const rest = await collect(new Socket({ fd, readable: true, writable: false }), name)
  return Buffer.concat([first.subarray(0, length), rest])
}

async function collect(stream: AsyncIterable<Buffer>, name: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    size += chunk.length
    if (size > mostBytes) throw tooLarge(name, size)
  }
  return Buffer.concat(chunks)
}

// The one way to read a file of a workspace or of the user's folder. A file that came from elsewhere can be anything: a pipe that nobody
// writes to, a link that leads out, gigabytes of zeros, JSON of another shape. What cannot be read is reported by name and kept: as `.bad`
// where Retrace may write, in its place where it may not be touched (a newer Retrace's file, one without permission).
import { constants } from 'node:fs'
import { lstat, open, rename, type FileHandle } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { z } from 'zod'
import { CodedError } from '../../contract/errors.ts'
import { nestsDeeper } from '../../contract/json-depth.ts'
import type { WorkspaceProblem } from '../../contract/workspace.ts'
import { assertInside, forgetReading, isThere, leaveAsItIs } from './files.ts'
import { assertHeld } from './hold.ts'
import { linesOf } from './lines.ts'
import { migrate, type FileKind } from './migrations.ts'
import { patiently } from './patiently.ts'

const megabyte = 1024 * 1024
/** V8 cannot hold a text much longer than this. */
export const mostBytes = 400 * megabyte
/** Far more than MISP's own limit of 512, far less than what ends the process when it is printed again. */
const mostLevels = 1200

export interface ReadOptions {
  /** As people know it: the path within the workspace. */
  readonly name?: string
  readonly maxBytes?: number
  /** For files that the user named on the command line. */
  readonly followLinks?: boolean
}

export const unreadable = (name: string, why: string, more: Readonly<Record<string, unknown>> = {}): CodedError =>
  new CodedError('STORE_FILE_UNREADABLE', `${name} cannot be read: ${why}.`, { file: name, ...more })

export const kindOf = (info: { isDirectory(): boolean; isFIFO(): boolean; isSocket(): boolean }): string =>
  info.isDirectory()
    ? 'it is a folder'
    : info.isFIFO()
      ? 'it is a pipe'
      : info.isSocket()
        ? 'it is a socket'
        : 'it is a device'

/** Opens a regular file; null when there is none. Never waits. Throws STORE_FILE_UNREADABLE. */
export async function openRegular(
  file: string,
  { name = basename(file), followLinks = false }: ReadOptions = {}
): Promise<FileHandle | null> {
  const info = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw failed(name, error)
  })
  if (info === null) return null
  if (info.isSymbolicLink() && !followLinks) throw unreadable(name, 'it is a link')
  if (!info.isSymbolicLink() && !info.isFile()) throw unreadable(name, kindOf(info))
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (followLinks ? 0 : (constants.O_NOFOLLOW ?? 0))
  const handle = await open(file, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && !info.isSymbolicLink()) return null
    throw failed(name, error)
  })
  if (handle === null) return null
  const opened = await handle.stat()
  if (opened.isFile()) return handle
  await handle.close()
  throw unreadable(name, kindOf(opened))
}

/** The coded error of what could not be read, also where the system refuses it. Rethrows anything else: a mistake of ours. */
export function asUnreadable(error: unknown, name: string): CodedError {
  if (error instanceof CodedError) return error
  if (error instanceof Error && 'syscall' in error) return failed(name, error as NodeJS.ErrnoException)
  throw error
}

function failed(name: string, { code = 'unknown' }: NodeJS.ErrnoException): CodedError {
  if (code === 'ENOENT') return unreadable(name, 'it is a link to nothing')
  if (code === 'ELOOP') return unreadable(name, 'it is a link')
  // It may be readable tomorrow: it keeps its name.
  return unreadable(name, code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code, { inPlace: true })
}

/** The file's bytes; null when there is none. Throws STORE_FILE_UNREADABLE. */
export async function readRegular(file: string, options: ReadOptions = {}): Promise<Buffer | null> {
  const { name = basename(file), maxBytes = mostBytes } = options
  const handle = await openRegular(file, options)
  if (handle === null) return null
  try {
    const { size } = await handle.stat()
    if (size > maxBytes) throw unreadable(name, `it has ${size} bytes; the limit is ${maxBytes}`)
    return await handle.readFile()
  } catch (error) {
    throw error instanceof CodedError ? error : failed(name, error as NodeJS.ErrnoException)
  } finally {
    await handle.close()
  }
}

export async function readText(file: string, options: ReadOptions = {}): Promise<string | null> {
  return (await readRegular(file, options))?.toString('utf8') ?? null
}

/** JSON that can be walked and printed again. Throws STORE_FILE_UNREADABLE. */
export function parseJson(text: string, name: string): unknown {
  // A walk over the value would be the deep recursion that is to be avoided.
  if (nestsDeeper(text, mostLevels, true)) throw unreadable(name, `it nests deeper than ${mostLevels} levels`)
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw unreadable(name, text.trim() === '' ? 'it is empty' : 'it is not valid JSON')
  }
}

/** How a kind of file is read: its version by `migrate`, its shape by the schema. */
export interface Shape<T> {
  readonly kind: FileKind
  readonly schema: z.ZodType<T>
  /** Whether the text, which is not parsed yet, holds more than anybody can use; the file is left as it is. */
  readonly isTooMuch?: (text: string) => boolean
}

/** Throws STORE_VERSION_UNKNOWN for a newer Retrace's file, STORE_FILE_UNREADABLE for what has another shape. */
export function parseStored<T>(raw: unknown, name: string, { kind, schema }: Shape<T>): T {
  const parsed = schema.safeParse(migrate(kind, raw, name))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw unreadable(name, `${issue?.path.map(String).join('.') || 'the file'}: ${issue?.message ?? 'of another shape'}`)
}

/** The file; null when there is none. Throws STORE_FILE_UNREADABLE and STORE_VERSION_UNKNOWN, and touches nothing. */
export async function readStored<T>(file: string, shape: Shape<T>, options: ReadOptions = {}): Promise<T | null> {
  const { name = basename(file) } = options
  const text = await readText(file, options)
  if (text === null) return null
  if (shape.isTooMuch?.(text)) throw unreadable(name, 'it has more nodes than the limit', { inPlace: true })
  return parseStored(parseJson(text, name), name, shape)
}

/** Where problems go, and whether files may be renamed. */
export interface Care {
  readonly report: (problem: WorkspaceProblem) => void
  readonly writable: () => boolean
}

/** The file; null when there is none, or when it cannot be read: then it was reported and kept. */
export async function readOrReport<T>(
  file: string,
  shape: Shape<T>,
  care: Care,
  options: ReadOptions = {}
): Promise<T | null> {
  return orReport(file, care, options.name, () => readStored(file, shape, options))
}

/** What `read` makes of the file; null when that cannot be read, which is reported; it is kept. */
export async function orReport<T>(
  file: string,
  care: Care,
  name: string | undefined,
  read: () => Promise<T>
): Promise<T | null> {
  forgetReading(file)
  try {
    return await read()
  } catch (error) {
    care.report(await keep(file, error, care, name))
    return null
  }
}

/** Keeps a file that could not be read, and says where it is. */
export async function keep(
  file: string,
  error: unknown,
  { writable }: Pick<Care, 'writable'>,
  name = basename(file)
): Promise<WorkspaceProblem> {
  const coded =
    error instanceof CodedError ? error : unreadable(name, error instanceof Error ? error.message : String(error))
  const isNewer = coded.code === 'STORE_VERSION_UNKNOWN'
  const untouchable = isNewer || coded.details?.inPlace === true
  if (!untouchable && writable()) return putAside(file, coded.message, name)
  if (untouchable) leaveAsItIs(file, coded)
  return {
    file: name,
    code: isNewer ? coded.code : 'STORE_FILE_UNREADABLE',
    message: `${coded.message} It was left unchanged.`,
    keptAs: null
  }
}

/** Renames what cannot be read to the next free `<file>.bad`, `<file>.bad2`, … so that nothing is lost. `reason`: a sentence with the name. */
export async function putAside(file: string, reason: string, name = basename(file)): Promise<WorkspaceProblem> {
  let keptAs = `${file}.bad`
  for (let n = 2; await isThere(keptAs); n++) keptAs = `${file}.bad${n}`
  const moved = await assertInside(dirname(file))
    .then(() => assertHeld(file))
    .then(
      () => patiently(() => rename(file, keptAs)).then(() => true),
      () => false
    )
    .catch(() => false)
  const said = reason.includes(basename(file)) ? reason : `${name} cannot be read (${reason}).`
  return {
    file: name,
    code: 'STORE_FILE_UNREADABLE',
    message: `${said} ${moved ? `It was kept as ${basename(keptAs)}.` : 'It was left unchanged.'}`,
    keptAs: moved ? basename(keptAs) : null
  }
}

const portionBytes = 256 * 1024

/**
 * Lines of a file in portions small enough that nobody notices the time they take; nothing without a file. A last line without an end is one,
 * too. Throws STORE_FILE_UNREADABLE, also for a line that no text can hold.
 */
export async function* readLines(file: string, options: ReadOptions = {}): AsyncGenerator<string[]> {
  const { name = basename(file), maxBytes = mostBytes } = options
  const handle = await openRegular(file, options)
  if (handle === null) return
  try {
    yield* linesOf(chunksOf(handle), maxBytes, () => unreadable(name, `a line has more than ${maxBytes} bytes`))
  } catch (error) {
    throw error instanceof CodedError ? error : failed(name, error as NodeJS.ErrnoException)
  } finally {
    await handle.close()
  }
}

async function* chunksOf(handle: FileHandle): AsyncGenerator<Buffer> {
  const buffer = Buffer.alloc(portionBytes)
  for (let at = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

// Files that survive. A write goes to a temporary file, is flushed, and replaces the old one by rename, so that a reader sees the
// old or the new file and nothing between. What cannot be read is kept as `.bad` and reported, never reset.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import type { WorkspaceProblem } from '../../contract/workspace.ts'

/** Writes `content` (text, bytes, or pieces of text) so that the file is there whole or not at all. */
export async function writeAtomic(
  file: string,
  content: string | Uint8Array | AsyncIterable<string> | Iterable<string>,
  /** Who may read it, from the first byte on. */
  mode = 0o666
): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`)
  await mkdir(dirname(file), { recursive: true })
  try {
    const handle = await open(temporary, 'wx', mode)
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content)
      else for await (const piece of content) await handle.appendFile(piece)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
    await syncFolder(dirname(file))
  } catch (error) {
    await rm(temporary, { force: true })
    throw asWriteError(error, file)
  }
}

/** A rename is only durable once the folder is. Some platforms cannot open folders; there the rename has to do. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  if (!handle) return
  await handle.sync().catch(() => undefined)
  await handle.close()
}

export function asWriteError(error: unknown, file: string): Error {
  if (error instanceof CodedError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!code) return error instanceof Error ? error : new Error(String(error))
  const why =
    code === 'ENOSPC' ? 'the disk is full' : code === 'EACCES' || code === 'EROFS' ? 'it is not allowed' : code
  return new CodedError('STORE_WRITE_FAILED', `${basename(file)} cannot be written: ${why}.`, {
    file: basename(file),
    reason: code
  })
}

/** The parsed file; null when it is not there. Throws STORE_FILE_UNREADABLE after having put an unreadable one aside. */
export async function readJson(file: string): Promise<unknown> {
  if (!existsSync(file)) return null
  const text = await readFile(file, 'utf8')
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    const problem = await putAside(file, error instanceof Error ? error.message : String(error))
    throw new CodedError('STORE_FILE_UNREADABLE', problem.message, { file: problem.file, keptAs: problem.keptAs })
  }
}

/** Renames an unreadable file to the next free `<file>.bad`, `<file>.bad2`, … so that no bytes are lost. */
export async function putAside(file: string, reason: string): Promise<WorkspaceProblem> {
  let keptAs = `${file}.bad`
  for (let n = 2; existsSync(keptAs); n++) keptAs = `${file}.bad${n}`
  const moved = await rename(file, keptAs).then(
    () => true,
    () => false
  )
  return {
    file: basename(file),
    code: 'STORE_FILE_UNREADABLE',
    message: `${basename(file)} cannot be read (${reason}). ${moved ? `It was kept as ${basename(keptAs)}.` : 'It was left as it is.'}`,
    keptAs: moved ? basename(keptAs) : null
  }
}

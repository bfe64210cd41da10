// Files on their way in and values on their way out: they stream past the operations, which only carry their ids.
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { copyFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CodedError } from '../contract/errors.ts'
import { asWriteError, makeFolder, privateFile } from './store/files.ts'
import { openGivenFile } from './store/given-file.ts'
import { isPlainName } from './store/paths.ts'

interface Upload {
  readonly file: string
  readonly name?: string
  readonly isLent?: boolean
  /** `file` is one. */
  readonly isFolder?: boolean
}

export class Uploads {
  readonly #files = new Map<string, Upload>()

  /** `folder`: asked for each upload; where it is depends on whether the workspace may be written. */
  constructor(private readonly folder: () => string) {}

  /** Keeps a body until it is used. Answers its id for `uploadId`. */
  async receive(body: Readable, name?: string): Promise<string> {
    const folder = this.folder()
    await makeFolder(folder)
    const id = randomUUID()
    const file = join(folder, `${id}.upload`)
    try {
      await pipeline(body, createWriteStream(file, { flags: 'wx', mode: privateFile }))
    } catch (error) {
      await rm(file, { force: true })
      throw asWriteError(error, 'upload')
    }
    this.#files.set(id, { file, ...(name === undefined ? {} : { name }) })
    return id
  }

  /**
   * A copy of a file of this machine, so that the file itself stays where it is. `name`: what errors call it. Throws FILE_NOT_FOUND and
   * FILE_UNREADABLE.
   */
  async take(file: string, name?: string): Promise<string> {
    const handle = await openGivenFile(file, name ?? basename(file))
    try {
      return await this.receive(handle.createReadStream({ autoClose: false }), name)
    } finally {
      await handle.close()
    }
  }

  /** The file itself, for who only reads it and is over before it changes. */
  lend(file: string, name: string): string {
    const id = randomUUID()
    this.#files.set(id, { file, name, isLent: true })
    return id
  }

  /** One folder of files by their paths in it, which are uploads no more. What is outside of it no path leads to: PARAMS_INVALID. */
  async gather(files: readonly { readonly uploadId: string; readonly name: string }[]): Promise<string> {
    const id = randomUUID()
    const folder = join(this.folder(), `${id}.folder`)
    this.#files.set(id, { file: folder, isFolder: true })
    try {
      for (const { uploadId, name } of files) {
        const parts = name.split('/')
        if (!parts.every(isPlainName))
          throw new CodedError('PARAMS_INVALID', `“${name.slice(0, 100)}” is no file of a folder.`)
        const place = join(folder, ...parts)
        await makeFolder(dirname(place))
        await (this.#files.get(uploadId)?.isLent ? copyFile : rename)(this.fileOf(uploadId), place)
        this.forget(uploadId)
      }
    } catch (error) {
      await this.discard(id)
      throw asWriteError(error, 'upload')
    }
    return id
  }

  isFolder(id: string): boolean {
    return this.#files.get(id)?.isFolder === true
  }

  fileOf(id: string): string {
    const file = this.#files.get(id)?.file
    if (file === undefined)
      throw new CodedError('UPLOAD_NOT_FOUND', 'The upload no longer exists. Upload the file again.')
    return file
  }

  /** What errors call it; undefined where nobody said. */
  nameOf(id: string): string | undefined {
    return this.#files.get(id)?.name
  }

  /** The file was moved away. */
  forget(id: string): void {
    this.#files.delete(id)
  }

  /** Nobody needs it any more. */
  async discard(id: string): Promise<void> {
    const known = this.#files.get(id)
    this.#files.delete(id)
    if (known && !known.isLent) await rm(known.file, { force: true, recursive: true })
  }

  async close(): Promise<void> {
    for (const { file, isLent } of this.#files.values()) if (!isLent) await rm(file, { force: true, recursive: true })
    this.#files.clear()
  }
}

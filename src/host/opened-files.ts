// Files that the app was started with, or that were opened with it later: read when a window asks, which imports them as if they had been dropped
// on it. Large ones are copied aside.
import { append } from '../contract/lists.ts'
import { basename } from 'node:path'
import type { FileHandle } from 'node:fs/promises'
import type { OpenedFile, OpenedFiles as Opened } from '../contract/workspace.ts'
import { headLength } from '../engine/format/file-kind.ts'
import type { LogMistake } from './ports/log.ts'
import { toFailure } from './registry/failure.ts'
import { openGivenFile } from './store/given-file.ts'
import type { Uploads } from './uploads.ts'

/** What a window takes as text. */
const inlineLimit = 8 * 1024 * 1024

export class OpenedFiles {
  #waiting: string[] = []

  constructor(
    private readonly uploads: Pick<Uploads, 'take'>,
    private readonly mistake: LogMistake
  ) {}

  add(files: readonly string[]): void {
    append(this.#waiting, files)
  }

  /** Each file once. One that cannot be read does not keep the others back. */
  async take(): Promise<Opened> {
    const files: OpenedFile[] = []
    const failed: Opened['failed'][number][] = []
    for (let file = this.#waiting.shift(); file !== undefined; file = this.#waiting.shift()) {
      try {
        files.push(await this.#read(file))
      } catch (error) {
        failed.push(toFailure(error, 'opened file', this.mistake))
      }
    }
    return { files, failed }
  }

  async #read(file: string): Promise<OpenedFile> {
    const name = basename(file)
    const handle = await openGivenFile(file, name)
    try {
      const { size } = await handle.stat()
      if (size > inlineLimit)
        return { name, head: await headOf(handle), content: { uploadId: await this.uploads.take(file) } }
      const text = await handle.readFile('utf8')
      return { name, head: text.slice(0, headLength), content: { text } }
    } finally {
      await handle.close()
    }
  }
}

async function headOf(handle: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(headLength), 0, headLength, 0)
  return buffer.toString('utf8', 0, bytesRead)
}

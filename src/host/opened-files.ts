// Files that the app was started with: copied aside at once, and handed to the first window that asks, which imports them as if they had been
// dropped on it.
import { append } from '../contract/lists.ts'
import { open, readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { OpenedFile } from '../contract/workspace.ts'
import type { Uploads } from './uploads.ts'

/** What a window takes as text. */
const inlineLimit = 8 * 1024 * 1024
const headLength = 4096

export class OpenedFiles {
  #waiting: string[] = []

  constructor(private readonly uploads: Pick<Uploads, 'take'>) {}

  add(files: readonly string[]): void {
    append(this.#waiting, files)
  }

  /** Each file once. Throws FILE_NOT_FOUND; the others come with the next call. */
  async take(): Promise<OpenedFile[]> {
    const files: OpenedFile[] = []
    for (let file = this.#waiting.shift(); file !== undefined; file = this.#waiting.shift()) {
      const uploadId = await this.uploads.take(file)
      const { size } = await stat(file)
      const text = size <= inlineLimit ? await readFile(file, 'utf8') : null
      files.push({
        name: basename(file),
        size,
        text,
        head: text?.slice(0, headLength) ?? (await headOf(file)),
        uploadId
      })
    }
    return files
  }
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headLength), 0, headLength, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

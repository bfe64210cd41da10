// Answers of a MISP wait in files until all of them are there: hundreds of them, each of up to 64 MB, would fill the memory.
import { Readable } from 'node:stream'
import { CodedError } from '../../contract/errors.ts'
import type { GivenText } from '../aside/given-text.ts'
import type { Uploads } from '../uploads.ts'

/** Bytes of all answers of one import. */
const mostBytes = 2 * 1024 ** 3

export class AnswerSpool {
  readonly #ids: string[] = []
  #bytes = 0

  constructor(
    private readonly uploads: Uploads,
    private readonly limit = mostBytes
  ) {}

  /** Throws INPUT_TOO_LARGE when all answers together are more than the limit, and STORE_WRITE_FAILED. */
  async add(text: string, name: string): Promise<GivenText> {
    this.#bytes += Buffer.byteLength(text)
    if (this.#bytes > this.limit)
      throw new CodedError(
        'INPUT_TOO_LARGE',
        `${name}: the answers of this MISP take more than ${this.limit} bytes together. Import fewer kinds at once.`,
        { file: name }
      )
    const id = await this.uploads.receive(Readable.from([Buffer.from(text)]), name)
    this.#ids.push(id)
    return { file: this.uploads.fileOf(id) }
  }

  /** Removes what nobody moved away. */
  async close(): Promise<void> {
    for (const id of this.#ids.splice(0)) await this.uploads.discard(id)
  }
}

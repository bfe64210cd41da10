// Reads a file that is imported in a thread of its own: the listener's thread only gets the posts. A batch is asked for when the one before it has
// been used, so that a large file is never in memory as a whole.
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { CodedError } from '../../../contract/errors.ts'
import type { Failure } from '../../../contract/wire.ts'
import { readImport, type ImportBatch } from './source.ts'

/** What the parse-worker is asked for, and what it answers. */
export type ImportAsked = {
  readonly import: { readonly file: string; readonly name: string; readonly trigger?: string | undefined }
}
export type ImportAnswer = { readonly batch: ImportBatch | null } | { readonly refused: Failure }

/** `url`: the built parse-worker; without it the file is read in this thread. Throws as `readImport` does; INPUT_TOO_LARGE for want of memory. */
export async function* importBatches(
  file: string,
  name: string,
  url: URL | null,
  trigger?: string
): AsyncGenerator<ImportBatch> {
  if (url === null || !existsSync(fileURLToPath(url))) return yield* readImport(file, name, trigger)
  const worker = new Worker(url)
  // An error comes with the question that waits for it.
  worker.on('error', () => undefined)
  worker.unref()
  try {
    for (;;) {
      worker.postMessage({ import: { file, name, trigger } } satisfies ImportAsked)
      const answer = await answerOf(worker, name)
      if ('refused' in answer) throw new CodedError(answer.refused.code, answer.refused.message, answer.refused.details)
      if (answer.batch === null) return
      yield withBuffers(answer.batch)
    }
  } finally {
    await worker.terminate()
  }
}

async function answerOf(worker: Worker, name: string): Promise<ImportAnswer> {
  try {
    const [answer] = (await once(worker, 'message')) as [ImportAnswer]
    return answer
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error
    throw new CodedError('INPUT_TOO_LARGE', `${name} takes more memory than there is for it.`, { file: name })
  }
}

/** Buffers arrive as plain arrays of bytes. */
function withBuffers(batch: ImportBatch): ImportBatch {
  if (batch.kind === 'log') return batch
  const posts = batch.posts.map((post) => {
    const { buffer, byteOffset, byteLength } = post.body
    return { ...post, body: Buffer.from(buffer, byteOffset, byteLength) }
  })
  return { ...batch, posts }
}

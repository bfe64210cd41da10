// Reads a file that is imported in a thread of its own, and understands its posts there: the listener's thread only stores and groups them. A batch
// is asked for while the one before it is used, so that a large file is never in memory as a whole.
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { CodedError } from '../../../contract/errors.ts'
import type { Failure } from '../../../contract/wire.ts'
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import { isLarge } from '../understand/post-body.ts'
import { understand, type ImportedPost, type Understood } from '../understand/understand.ts'
import { readImport, type ImportBatch, type NumberedPost } from './source.ts'

/** What the parse-worker is asked for, and what it answers. */
export interface ImportAsked {
  readonly import: {
    readonly file: string
    readonly name: string
    readonly trigger?: string | undefined
    /** Of templates, as the workspace says. */
    readonly limits: Partial<Limits>
  }
}
export type ImportAnswer = { readonly batch: PackedBatch | null } | { readonly refused: Failure }

/** A batch on its way between threads: the bodies are moved in one piece, as bodies of their own each would be copied. */
export type PackedBatch =
  | { readonly kind: 'log' }
  | { readonly kind: 'posts' | 'run'; readonly posts: readonly PackedPost[]; readonly bytes: Uint8Array }

type PackedPost = Pick<NumberedPost, 'meta' | 'number'> & {
  readonly length: number
  readonly understood: Understood | null
}

export function packBatch(batch: ImportBatch, limits: Partial<Limits>): PackedBatch {
  if (batch.kind === 'log') return batch
  const posts = batch.posts.map(({ meta, number, body }) => {
    // Large ones are looked into one by one, in a thread that may run out of memory over it.
    const understood = isLarge(meta, body.length) ? null : understand(0, { meta, body }, limits)
    // What nobody understands is told apart by its number, which is not known here.
    return { meta, number, length: body.length, understood: understood?.summary.kind === 'unknown' ? null : understood }
  })
  return { kind: batch.kind, posts, bytes: joined(batch.posts.map(({ body }) => body)) }
}

/** In memory of their own, so that it can be moved: a small Buffer is a part of one that others share, and `concat` makes such. */
function joined(bodies: readonly Buffer[]): Uint8Array {
  const bytes = new Uint8Array(bodies.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const body of bodies) {
    bytes.set(body, at)
    at += body.length
  }
  return bytes
}

function unpackBatch(batch: PackedBatch): ImportBatch {
  if (batch.kind === 'log') return batch
  const { buffer, byteOffset } = batch.bytes
  let at = byteOffset
  const posts = batch.posts.map(({ length, ...post }): NumberedPost & ImportedPost => {
    at += length
    return { ...post, body: Buffer.from(buffer, at - length, length) }
  })
  return { kind: batch.kind, posts }
}

/** `url`: the built parse-worker; without it the file is read in this thread. Throws as `readImport` does; INPUT_TOO_LARGE for want of memory. */
export async function* importBatches(asked: ImportAsked['import'], url: URL | null): AsyncGenerator<ImportBatch> {
  if (url === null || !existsSync(fileURLToPath(url))) return yield* readImport(asked.file, asked.name, asked.trigger)
  const worker = new Worker(url)
  // An error comes with the question that waits for it.
  worker.on('error', () => undefined)
  worker.unref()
  const next = (): Promise<ImportAnswer | Error> => {
    worker.postMessage({ import: asked } satisfies ImportAsked)
    return answerOf(worker, asked.name)
  }
  try {
    let coming = next()
    for (;;) {
      const answer = await coming
      if (answer instanceof Error) throw answer
      if ('refused' in answer) throw new CodedError(answer.refused.code, answer.refused.message, answer.refused.details)
      if (answer.batch === null) return
      coming = next()
      yield unpackBatch(answer.batch)
    }
  } finally {
    await worker.terminate()
  }
}

/** Never rejects: nobody may wait for a batch that is not wanted any more. */
async function answerOf(worker: Worker, name: string): Promise<ImportAnswer | Error> {
  try {
    const [answer] = (await once(worker, 'message')) as [ImportAnswer]
    return answer
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_WORKER_OUT_OF_MEMORY')
      return error instanceof Error ? error : new Error(String(error))
    return new CodedError('INPUT_TOO_LARGE', `${name} takes more memory than there is for it.`, { file: name })
  }
}

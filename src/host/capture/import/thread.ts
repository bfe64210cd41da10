// Reads a file that is imported in a thread of its own, and understands its posts there: the listener's thread only stores and groups them. A batch
// is asked for while the one before it is used, so that a large file is never in memory as a whole.
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { CodedError } from '../../../contract/errors.ts'
import { append } from '../../../contract/lists.ts'
import type { Failure } from '../../../contract/wire.ts'
import type { Limits } from '../../../engine/jinja/python/limits.ts'
import { isLarge } from '../understand/post-body.ts'
import { addressOf, type DataSignature, type PostSummary } from '../understand/post-parse.ts'
import { understand, type ImportedPost } from '../understand/understand.ts'
import type { HoldTicket } from '../../store/hold.ts'
import { keepLog, type KeptLog } from './log-import.ts'
import type { NumberedPost } from '../understand/ndjson.ts'
import { readImport, type PostBatch } from './source.ts'

/** What the parse-worker is asked for, and what it answers. */
export interface ImportAsked {
  readonly import: {
    readonly file: string
    readonly name: string
    readonly trigger?: string | undefined
    /** Of templates, as the workspace says. */
    readonly limits: Partial<Limits>
    /** The capture folder. */
    readonly dir: string
  }
}

/** As `ImportBatch`; a log is kept by whoever read it, who has it in memory. */
export type ReadBatch = { readonly kind: 'log'; readonly kept: KeptLog } | PostBatch

/** Throws as `readImport` and `keepLog` do. */
export async function* readAndKeep({ file, name, trigger, dir }: ImportAsked['import']): AsyncGenerator<ReadBatch> {
  for await (const batch of readImport(file, name, trigger))
    yield batch.kind === 'log' ? { kind: 'log', kept: await keepLog(batch.entries, { name, dir }) } : batch
}
export type ImportAnswer = { readonly batch: PackedBatch | null } | { readonly refused: Failure }

/**
 * A batch on its way between threads. The bodies are moved in one piece, as bodies of their own each would be copied; what is said of the
 * posts goes as one text, which is read in less than half the time that copies of so many small objects take.
 */
export type PackedBatch =
  | Extract<ReadBatch, { readonly kind: 'log' }>
  | {
      readonly kind: PostBatch['kind']
      readonly share: number
      /** PackedPost[] as JSON. */
      readonly posts: string
      readonly digests: Float64Array
      /** Of end posts: any data, which JSON may not give back as it is (1e999). */
      readonly ends: readonly unknown[]
      readonly bytes: Uint8Array
    }

/** Without what the post's meta and its target tell. */
interface PackedSummary extends Pick<PostSummary, 'moduleId' | 'nodeId' | 'time' | 'equal' | 'key' | 'errorCount'> {
  readonly data: DataSignature | null
  /** How many digests are its. */
  readonly digests: number
  /** Left out where all is null, as in most posts. */
  readonly ended?: Pick<PostSummary, 'executed' | 'failed' | 'prints' | 'inputs'>
  readonly branch?: PostSummary['branch']
  readonly label?: PostSummary['label']
}

type PackedPost = Pick<NumberedPost, 'meta' | 'number'> & {
  readonly length: number
  readonly summary: PackedSummary | null
  /** Whether an end is its. */
  readonly hasEnd: boolean
}

function packSummary(summary: PostSummary): PackedSummary {
  const { moduleId, nodeId, time, equal, key, errorCount, data, branch, label } = summary
  const { executed, failed, prints, inputs } = summary
  return {
    ...{ moduleId, nodeId, time, equal, key, errorCount },
    ...{ data: data && { ...data, digests: none }, digests: data?.digests.length ?? 0 },
    ...(executed ? { ended: { executed, failed, prints, inputs } } : {}),
    ...(branch ? { branch } : {}),
    ...(label ? { label } : {})
  }
}

/** Strings that many posts have are those of their target, one for all. */
function unpackSummary(packed: PackedSummary, { meta, length }: PackedPost, digests: Float64Array): PostSummary {
  const { target, place } = addressOf(meta.target)
  const { data, ended } = packed
  // Written out: spreads of parts would take longer than all else here.
  return {
    seq: 0,
    at: meta.at,
    opened: meta.opened ?? null,
    source: meta.source,
    from: place.from,
    kind: target.kind,
    trigger: target.trigger,
    moduleId: packed.moduleId,
    nodeId: packed.nodeId,
    result: target.result,
    time: packed.time,
    bytes: length,
    equal: packed.equal,
    data: data && { ...data, digests },
    key: packed.key,
    executed: ended?.executed ?? null,
    failed: ended?.failed ?? null,
    prints: ended?.prints ?? null,
    inputs: ended?.inputs ?? null,
    errorCount: packed.errorCount,
    branch: packed.branch ?? null,
    label: packed.label ?? null
  }
}

export function packBatch(batch: ReadBatch, limits: Partial<Limits>): PackedBatch {
  if (batch.kind === 'log') return batch
  const ends: unknown[] = []
  const digests: number[] = []
  const posts = batch.posts.map(({ meta, number, body }): PackedPost => {
    // Large ones are looked into one by one, in a thread that may run out of memory over it.
    const understood = isLarge(meta, body.length) ? null : understand(0, { meta, body }, limits)
    const rest = { meta, number, length: body.length }
    // What nobody understands is told apart by its number, which is not known here.
    if (understood === null || understood.summary.kind === 'unknown') return { ...rest, summary: null, hasEnd: false }
    const { summary, end } = understood
    const hasEnd = end !== undefined
    if (hasEnd) ends.push(end)
    if (summary.data) append(digests, summary.data.digests)
    return { ...rest, summary: packSummary(summary), hasEnd }
  })
  const bytes = joined(batch.posts.map(({ body }) => body))
  const { kind, share } = batch
  return { kind, share, posts: JSON.stringify(posts), digests: Float64Array.from(digests), ends, bytes }
}

const none = new Float64Array(0)

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

export function unpackBatch(batch: PackedBatch): ReadBatch {
  if (batch.kind === 'log') return batch
  const { buffer, byteOffset } = batch.bytes
  let [at, digested, ended] = [byteOffset, 0, 0]
  const posts = (JSON.parse(batch.posts) as PackedPost[]).map((post): NumberedPost & ImportedPost => {
    const { meta, number, length, summary: packed, hasEnd } = post
    at += length
    const body = Buffer.from(buffer, at - length, length)
    if (packed === null) return { meta, number, body, understood: null }
    digested += packed.digests
    const summary = unpackSummary(packed, post, batch.digests.subarray(digested - packed.digests, digested))
    return { meta, number, body, understood: { summary, end: hasEnd ? batch.ends[ended++] : undefined } }
  })
  return { kind: batch.kind, posts, share: batch.share }
}

export interface ImportThread {
  /** The built parse-worker; without it the file is read in this thread. */
  readonly url: URL | null
  /** The right to write the workspace, at which the thread looks by itself. */
  readonly hold?: HoldTicket | null
  readonly signal?: AbortSignal
}

/** Throws as `readAndKeep` does; INPUT_TOO_LARGE for want of memory; the signal's reason. */
export async function* importBatches(
  asked: ImportAsked['import'],
  { url, hold = null, signal }: ImportThread
): AsyncGenerator<ReadBatch> {
  if (url === null || !existsSync(fileURLToPath(url))) return yield* readAndKeep(asked)
  const worker = new Worker(url, { workerData: { hold } })
  // An error comes with the question that waits for it.
  worker.on('error', () => undefined)
  worker.unref()
  const next = (): Promise<ImportAnswer | Error> => {
    worker.postMessage({ import: asked } satisfies ImportAsked)
    return answerOf(worker, asked.name, signal)
  }
  try {
    let coming = next()
    for (;;) {
      const answer = await coming
      signal?.throwIfAborted()
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
async function answerOf(worker: Worker, name: string, signal: AbortSignal | undefined): Promise<ImportAnswer | Error> {
  try {
    const [answer] = (await once(worker, 'message', signal ? { signal } : {})) as [ImportAnswer]
    return answer
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_WORKER_OUT_OF_MEMORY')
      return error instanceof Error ? error : new Error(String(error))
    return new CodedError('INPUT_TOO_LARGE', `${name} takes more memory than there is for it.`, { file: name })
  }
}

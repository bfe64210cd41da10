// Reads compacted segments: any post's body without unpacking the others.
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { z } from 'zod'
import { CodedError } from '../../../contract/errors.ts'
import type { CompactIndex, CompactRecord } from './compact-index.ts'
import { unreadable } from '../../store/reading.ts'
import { captureName, mostSeq, openCaptured, parseMeta, type PostMeta } from './segments.ts'
import { countLeading } from '../../../contract/lists.ts'

const decompress = promisify(brotliDecompress)
const keptBlocks = 8

export interface CompactHead {
  readonly segment: number
  readonly first: number
  readonly last: number
  readonly posts: number
}

const seq = z.int().min(1).max(mostSeq)
const count = z.int().min(0)
const headShape: z.ZodType<CompactHead> = z.object({
  segment: count,
  first: seq.or(z.literal(0)),
  last: seq.or(z.literal(0)),
  posts: count
})
const version = z.object({ format: z.literal('retrace-capture-compact'), version: z.int().min(1) })

/** Ours are 1 MB and a piece. */
const mostBlockBytes = 4 * 1024 * 1024
const mostIndexBytes = 512 * 1024 * 1024
const mostBodyBytes = 1024 * 1024 * 1024

const indexShape = z.object({
  blocks: z.array(z.tuple([count, count, count])),
  pieceLengths: z.array(count.max(mostBlockBytes)),
  records: z.array(
    z.object({
      seq,
      meta: z.unknown().transform((value): PostMeta => parseMeta(value)),
      bytes: count.max(mostBodyBytes),
      sha256: z.string(),
      parts: z.array(count)
    })
  )
})

/**
 * The first line: enough to know which posts are in the file. Throws STORE_FILE_UNREADABLE when it is none of ours, STORE_VERSION_UNKNOWN for a
 * newer version.
 */
export async function readCompactHead(path: string): Promise<CompactHead> {
  const file = await openCaptured(path)
  try {
    return parseHead((await file.read(Buffer.alloc(512), 0, 512, 0)).buffer.toString('utf8'), path)
  } finally {
    await file.close()
  }
}

function parseHead(text: string, path: string): CompactHead {
  const name = captureName(path)
  let raw: unknown = null
  try {
    raw = JSON.parse(text.split('\n')[0] ?? '')
  } catch {
    // Said below.
  }
  const found = version.safeParse(raw)
  if (found.success && found.data.version > 1)
    throw new CodedError(
      'STORE_VERSION_UNKNOWN',
      `${name} has version ${found.data.version}; this Retrace knows up to 1.`,
      { file: name }
    )
  const head = headShape.safeParse(raw)
  if (!found.success || !head.success || head.data.first > head.data.last)
    throw unreadable(name, 'its first line is none of a compacted segment')
  return head.data
}

/** Whatever breaks while a file is read, it is the file. */
const damaged = (path: string, error: unknown): unknown => {
  if (error instanceof CodedError) return error
  if (error instanceof Error && 'code' in error && ['ENOENT', 'EMFILE', 'EBADF'].includes(String(error.code)))
    return error
  return unreadable(captureName(path), error instanceof Error ? error.message : String(error))
}

/** Throws when pieces are named that are not there, or more of them than a body has bytes. */
function assertWhole({ pieceLengths, records, blocks }: CompactIndex): void {
  if (pieceLengths.length > 0 && blocks[0]?.[2] !== 0) throw new Error('its blocks do not begin with the first piece')
  for (const { seq: number, parts, bytes } of records) {
    let sum = 0
    for (let i = 0; i < parts.length; i += 2) {
      const [first, many] = [parts[i]!, parts[i + 1] ?? -1]
      if (many < 0 || first + many > pieceLengths.length)
        throw new Error(`post ${number} has pieces that are not there`)
      for (let piece = first; piece < first + many && sum <= bytes; piece++) sum += pieceLengths[piece]!
    }
    if (sum !== bytes) throw new Error(`post ${number} has other pieces than bytes`)
  }
}

export class CompactReader {
  private readonly starts: Float64Array
  private readonly cache = new Map<number, Buffer>()
  private readonly bySeq: Map<number, CompactRecord>

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly index: CompactIndex
  ) {
    this.bySeq = new Map(index.records.map((record) => [record.seq, record]))
    // Where each piece starts within its block.
    this.starts = new Float64Array(index.pieceLengths.length)
    let block = 0
    let at = 0
    index.pieceLengths.forEach((length, piece) => {
      if (index.blocks[block + 1]?.[2] === piece) {
        block++
        at = 0
      }
      this.starts[piece] = at
      at += length
    })
  }

  static async open(path: string): Promise<CompactReader> {
    const file = await openCaptured(path)
    try {
      const { size } = await file.stat()
      if (size < 16) throw new Error('it has no end')
      parseHead((await readAt(file, 0, Math.min(512, size))).toString('utf8'), path)
      const footer = await readAt(file, size - 16, 16)
      if (footer.toString('latin1', 12) !== 'RCPT') throw new Error('it has no end')
      const [offset, bytes] = [footer.readUIntLE(0, 6), footer.readUIntLE(6, 6)]
      if (offset + bytes > size) throw new Error('its index is not there')
      const text = await decompress(await readAt(file, offset, bytes), { maxOutputLength: mostIndexBytes })
      const index: CompactIndex = indexShape.parse(JSON.parse(text.toString()))
      assertWhole(index)
      return new CompactReader(path, file, index)
    } catch (error) {
      await file.close()
      throw damaged(path, error instanceof z.ZodError ? new Error('its index is of another shape') : error)
    }
  }

  get records(): readonly CompactRecord[] {
    return this.index.records
  }

  record(seq: number): CompactRecord | undefined {
    return this.bySeq.get(seq)
  }

  /** The pieces of a body, in order. */
  async *parts(record: CompactRecord): AsyncGenerator<Buffer> {
    for (let i = 0; i < record.parts.length; i += 2) {
      const first = record.parts[i]!
      for (let piece = first; piece < first + record.parts[i + 1]!; piece++) {
        const block = await this.block(this.blockOf(piece))
        const start = this.starts[piece]!
        yield block.subarray(start, start + this.index.pieceLengths[piece]!)
      }
    }
  }

  async body(record: CompactRecord): Promise<Buffer> {
    const parts: Buffer[] = []
    const hash = createHash('sha256')
    for await (const part of this.parts(record)) {
      parts.push(part)
      hash.update(part)
    }
    if (hash.digest('hex') !== record.sha256)
      throw unreadable(captureName(this.path), `the body of post ${record.seq} is damaged`)
    return Buffer.concat(parts)
  }

  async close(): Promise<void> {
    await this.file.close()
  }

  private blockOf(piece: number): number {
    return Math.max(0, countLeading(this.index.blocks, (block) => block[2] <= piece) - 1)
  }

  private async block(number: number): Promise<Buffer> {
    const known = this.cache.get(number)
    if (known !== undefined) {
      this.cache.delete(number)
      this.cache.set(number, known)
      return known
    }
    const [offset, bytes] = this.index.blocks[number]!
    const block = await readAt(this.file, offset, bytes)
      .then((packed) => decompress(packed, { maxOutputLength: mostBlockBytes }))
      .catch((error: unknown) => {
        throw damaged(this.path, error)
      })
    this.cache.set(number, block)
    if (this.cache.size > keptBlocks) this.cache.delete(this.cache.keys().next().value!)
    return block
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  if (length > mostIndexBytes) throw new Error('it names more bytes than it can have')
  const buffer = Buffer.allocUnsafe(length)
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled)
    if (bytesRead === 0) throw new Error('the file ends too early')
    filled += bytesRead
  }
  return buffer
}

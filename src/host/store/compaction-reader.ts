// Reads compacted segments: any post's body without unpacking the others.
import { open, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import type { CompactIndex, CompactRecord } from './compaction.ts'

const decompress = promisify(brotliDecompress)
const keptBlocks = 8

export interface CompactHead {
  readonly segment: number
  readonly first: number
  readonly last: number
  readonly posts: number
}

/** The first line: enough to know which posts are in the file. Throws when it is none of ours. */
export async function readCompactHead(path: string): Promise<CompactHead> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0)
    const line = buffer.toString('utf8', 0, bytesRead).split('\n')[0] ?? ''
    const head = JSON.parse(line) as CompactHead & { format?: string; version?: number }
    if (head.format !== 'retrace-capture-compact' || head.version !== 1)
      throw new Error(`${path} is not a compacted segment`)
    return head
  } finally {
    await file.close()
  }
}

export class CompactReader {
  private readonly starts: Float64Array
  private readonly cache = new Map<number, Buffer>()
  private readonly bySeq: Map<number, CompactRecord>

  private constructor(
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
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      const footer = await readAt(file, size - 16, 16)
      if (footer.toString('latin1', 12) !== 'RCPT') throw new Error(`${path} has no end`)
      const packed = await readAt(file, footer.readUIntLE(0, 6), footer.readUIntLE(6, 6))
      return new CompactReader(file, JSON.parse((await decompress(packed)).toString()) as CompactIndex)
    } catch (error) {
      await file.close()
      throw error
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
    for await (const part of this.parts(record)) parts.push(part)
    return Buffer.concat(parts)
  }

  async close(): Promise<void> {
    await this.file.close()
  }

  private blockOf(piece: number): number {
    let low = 0
    let high = this.index.blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.index.blocks[middle]![2] <= piece) low = middle
      else high = middle - 1
    }
    return low
  }

  private async block(number: number): Promise<Buffer> {
    const known = this.cache.get(number)
    if (known !== undefined) {
      this.cache.delete(number)
      this.cache.set(number, known)
      return known
    }
    const [offset, bytes] = this.index.blocks[number]!
    const block = await decompress(await readAt(this.file, offset, bytes))
    this.cache.set(number, block)
    if (this.cache.size > keptBlocks) this.cache.delete(this.cache.keys().next().value!)
    return block
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled)
    if (bytesRead === 0) throw new Error('the file ends too early')
    filled += bytesRead
  }
  return buffer
}

// Writes a compacted segment: blocks of pieces, then the index, under a name beside its place until every body was read back from it.
import { createHash } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { privateFile } from '../../store/files.ts'
import { assertHeld, mayWrite } from '../../store/hold.ts'
import { patiently } from '../../store/patiently.ts'
import { asUnreadable, unreadable } from '../../store/reading.ts'
import type { CompactIndex, CompactRecord } from './compact-index.ts'
import { CompactReader } from './compaction-reader.ts'
import { PieceTable } from './content-store.ts'
import { compactName } from './segments-recovery.ts'
import { captureName } from './segments.ts'

const compress = promisify(brotliCompress)
const blockBytes = 1024 * 1024
const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 22 } }

const compactFormat = 'retrace-capture-compact'
const footerBytes = 16
const footerMark = 'RCPT'

class BlockWriter {
  readonly blocks: [number, number, number][] = []
  private parts: Buffer[] = []
  private bytes = 0
  private first = 0
  private next = 0

  constructor(
    private readonly file: FileHandle,
    private offset: number
  ) {}

  async add(piece: Buffer): Promise<void> {
    // A copy: the piece is part of a buffer that is used again.
    this.parts.push(Buffer.from(piece))
    this.bytes += piece.length
    this.next++
    if (this.bytes >= blockBytes) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.parts.length === 0) return
    const packed = await compress(Buffer.concat(this.parts), options)
    await this.file.write(packed, 0, packed.length, this.offset)
    this.blocks.push([this.offset, packed.length, this.first])
    this.offset += packed.length
    this.parts = []
    this.bytes = 0
    this.first = this.next
  }

  get end(): number {
    return this.offset
  }
}

export interface Writing {
  readonly table: PieceTable
  readonly out: BlockWriter
  /** Throws where another process has the workspace by now. */
  readonly assertOurs: () => void
}

/**
 * Writes a compacted segment beside its place and puts it there only when it is on disk and every body was read back from it: until then, what is
 * in its place stays. False: `add` stopped, and nothing was written.
 */
export async function writeCompacted(
  dir: string,
  segment: number,
  seqs: readonly number[],
  add: (writing: Writing) => Promise<readonly CompactRecord[] | 'stopped'>
): Promise<boolean> {
  const path = join(dir, compactName(segment))
  const temporary = `${path}.tmp`
  try {
    const target = await openNew(temporary)
    try {
      const head = compactHead(segment, seqs)
      await target.write(head, 0, head.length, 0)
      const table = new PieceTable()
      const out = new BlockWriter(target, head.length)
      const records = await add({ table, out, assertOurs: () => assertHeld(temporary) })
      if (records === 'stopped') return false
      await out.flush()
      await writeIndex(target, out.end, { blocks: out.blocks, pieceLengths: table.lengths, records })
    } finally {
      await target.close()
    }
    await verify(temporary)
    assertHeld(path)
    await patiently(() => rename(temporary, path))
    return true
  } finally {
    if (mayWrite(temporary)) await rm(temporary, { force: true })
  }
}

/** What a process that ended left under that name goes; a link under it is not followed. */
async function openNew(temporary: string): Promise<FileHandle> {
  await rm(temporary, { force: true })
  return open(temporary, 'wx', privateFile)
}

const compactHead = (segment: number, seqs: readonly number[]): Buffer =>
  Buffer.from(
    `${JSON.stringify({ format: compactFormat, version: 1, segment, first: seqs[0] ?? 0, last: seqs.at(-1) ?? 0, posts: seqs.length })}\n`
  )

async function writeIndex(file: FileHandle, offset: number, index: CompactIndex): Promise<void> {
  const packed = await compress(Buffer.from(JSON.stringify(index)), options)
  const footer = Buffer.alloc(footerBytes)
  footer.writeUIntLE(offset, 0, 6)
  footer.writeUIntLE(packed.length, 6, 6)
  footer.write(footerMark, 12, 'latin1')
  await file.write(packed, 0, packed.length, offset)
  await file.write(footer, 0, footerBytes, offset + packed.length)
  await file.sync()
}

/** Whether every body of a compacted segment can be read. */
export async function isWhole(path: string): Promise<boolean> {
  try {
    await verify(path)
    return true
  } catch (error) {
    // Rethrows mistakes of ours.
    asUnreadable(error, captureName(path))
    return false
  }
}

/** Rebuilds every body and compares its hash. */
export async function verify(path: string): Promise<void> {
  const reader = await CompactReader.open(path)
  try {
    for (const record of reader.records) {
      const hash = createHash('sha256')
      for await (const part of reader.parts(record)) hash.update(part)
      if (hash.digest('hex') !== record.sha256)
        throw unreadable(captureName(path), `the body of post ${record.seq} is damaged`)
    }
  } finally {
    await reader.close()
  }
}

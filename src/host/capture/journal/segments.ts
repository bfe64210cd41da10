// The format of a capture segment (docs/file-formats.md, "capture"): one line of JSON that names the format, then records.
// A record is a fixed header, its meta as JSON, the body's bytes as they came, and a closing mark. Records are only ever
// appended; the order of write() calls is what makes an acknowledged record survive kill -9.
import type { FileHandle } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { CodedError } from '../../../contract/errors.ts'
import { openRegular, unreadable } from '../../store/reading.ts'

export const segmentHead = Buffer.from('{"format":"retrace-capture-segment","version":1}\n')
const recordHeaderBytes = 32
const openMark = 0x4f505452
const closeMark = Buffer.from('RTEO')
const externalFlag = 1
/** A meta larger than this is not one of ours: the listener's own limit on a request's head is far below. */
export const maxMetaBytes = 4 * 1024 * 1024
/** A segment ends at 64 MB; one post may go far beyond, what is larger than any post is looked through in vain. */
const mostSegmentBytes = 2 ** 31
/** Numbers above are none that were ever given, and would leave none for the next post. */
export const mostSeq = 2 ** 46

/** Unix milliseconds that a date can have. */
const time = z.number().min(0).max(8.64e15)
export const isTime = (value: number): boolean => value >= 0 && value <= 8.64e15

const meta: z.ZodType<PostMeta> = z.object({
  at: time,
  opened: time.exactOptional(),
  source: z.string(),
  method: z.string(),
  target: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  bodyFile: z.string().exactOptional(),
  sha256: z.string().exactOptional()
})

/** What a record says of its post. Throws STORE_FILE_UNREADABLE. */
export function parseMeta(value: unknown): PostMeta {
  const parsed = meta.safeParse(value)
  if (parsed.success) return parsed.data
  throw unreadable('A post', `its record has an unexpected structure (${parsed.error.issues[0]?.path.join('.') ?? ''})`)
}

/** Opens a file under capture/. Throws ENOENT as `open` does, STORE_FILE_UNREADABLE for what is no regular file. */
export async function openCaptured(path: string): Promise<FileHandle> {
  const file = await openRegular(path, { name: captureName(path) })
  if (file === null) throw Object.assign(new Error(`${captureName(path)} no longer exists`), { code: 'ENOENT' })
  return file
}

export const captureName = (path: string): string => `capture/${basename(path)}`

/** What is kept about a post besides its body. Times are Unix milliseconds. */
export interface PostMeta {
  /** When the last byte of the body had arrived. */
  readonly at: number
  /** When the connection was accepted: a post of the same MISP process cannot have been answered after that. */
  readonly opened?: number
  readonly source: string
  readonly method: string
  /** Path and query exactly as on the wire. */
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Name of the file in `bodies/` when the body is kept apart (large bodies). */
  readonly bodyFile?: string
  /** Set by imports that knew it. */
  readonly sha256?: string
}

/** The file of a large body. Its name comes from a file of the workspace: one that leads elsewhere is refused. */
export function bodyPath(dir: string, name: string): string {
  if (/^[\w-][\w.-]*$/.test(name)) return join(dir, 'bodies', name)
  throw new CodedError('STORE_FILE_UNREADABLE', 'A post names a file outside capture/bodies/.', { name })
}

/** Where a record is. `offset` is that of its header in the segment file. */
export interface RecordRef {
  readonly seq: number
  readonly offset: number
  readonly metaBytes: number
  readonly bodyBytes: number
  readonly external: boolean
}

export interface SegmentScan {
  readonly records: readonly RecordRef[]
  /** End of the last complete record. */
  readonly goodBytes: number
  readonly size: number
  /** Byte ranges inside the file that are no record although complete records follow. */
  readonly damaged: readonly (readonly [from: number, to: number])[]
}

export function encodeRecordHead(seq: number, meta: PostMeta, bodyBytes: number): Buffer {
  const text = JSON.stringify(meta)
  const textBytes = Buffer.byteLength(text)
  const head = Buffer.allocUnsafe(recordHeaderBytes + textBytes)
  head.writeUInt32LE(openMark, 0)
  head.writeUInt32LE(textBytes, 4)
  head.writeUIntLE(bodyBytes, 8, 6)
  head.writeUInt16LE(meta.bodyFile === undefined ? 0 : externalFlag, 14)
  head.writeUIntLE(seq, 16, 6)
  head.writeUInt16LE(0, 22)
  head.write(text, recordHeaderBytes)
  head.writeUInt32LE(crc32(head.subarray(recordHeaderBytes), crc32(head.subarray(0, 24))), 24)
  head.writeUInt32LE(0, 28)
  return head
}

export const recordTail = closeMark

/** Bytes that a record takes in its segment. */
export const recordBytes = (ref: Pick<RecordRef, 'metaBytes' | 'bodyBytes' | 'external'>): number =>
  recordHeaderBytes + ref.metaBytes + (ref.external ? 0 : ref.bodyBytes) + closeMark.length

/** As much as there is. */
const readUpTo = async (file: FileHandle, offset: number, length: number): Promise<Buffer> => {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

const readExact = async (file: FileHandle, offset: number, length: number): Promise<Buffer | null> => {
  const bytes = await readUpTo(file, offset, length)
  return bytes.length === length ? bytes : null
}

/** A part of a file that was read at once: small records next to each other cost one read and not several each. */
export class Window {
  private start = 0
  private bytes: Buffer = Buffer.alloc(0)

  constructor(
    private readonly file: FileHandle,
    /** Not known of a file that grows. */
    private readonly size = Number.POSITIVE_INFINITY,
    private readonly windowBytes = 1 << 16
  ) {}

  /** The bytes, when they are here already. They are shared: copy what is kept. */
  here(offset: number, length: number): Buffer | null {
    const from = offset - this.start
    return from < 0 || from + length > this.bytes.length ? null : this.bytes.subarray(from, from + length)
  }

  async read(offset: number, length: number): Promise<Buffer | null> {
    const known = this.here(offset, length)
    if (known !== null) return known
    if (length > this.windowBytes) return readExact(this.file, offset, length)
    const bytes = await readUpTo(this.file, offset, Math.min(this.windowBytes, Math.max(length, this.size - offset)))
    if (bytes.length < length) return null
    this.start = offset
    this.bytes = bytes
    return this.here(offset, length)
  }
}

function parseHead(head: Buffer, offset: number, size: number): RecordRef | null {
  if (head.readUInt32LE(0) !== openMark) return null
  const metaBytes = head.readUInt32LE(4)
  if (metaBytes > maxMetaBytes || offset + recordHeaderBytes + metaBytes > size) return null
  const seq = head.readUIntLE(16, 6)
  if (seq === 0 || seq > mostSeq) return null
  const ref: RecordRef = {
    seq,
    offset,
    metaBytes,
    bodyBytes: head.readUIntLE(8, 6),
    external: (head.readUInt16LE(14) & externalFlag) !== 0
  }
  return offset + recordBytes(ref) > size ? null : ref
}

const isWhole = (head: Buffer, meta: Buffer, tail: Buffer): boolean =>
  crc32(meta, crc32(head.subarray(0, 24))) === head.readUInt32LE(24) && tail.equals(closeMark)

/** The record there when all of it is in the window; undefined: look with `readRecordAt`. */
function recordHere(window: Window, offset: number, size: number): RecordRef | undefined {
  const head = window.here(offset, recordHeaderBytes)
  const ref = head === null ? null : parseHead(head, offset, size)
  if (head === null || ref === null) return undefined
  const meta = window.here(offset + recordHeaderBytes, ref.metaBytes)
  const tail = window.here(offset + recordBytes(ref) - closeMark.length, closeMark.length)
  return meta !== null && tail !== null && isWhole(head, meta, tail) ? ref : undefined
}

async function readRecordAt(window: Window, offset: number, size: number): Promise<RecordRef | null> {
  if (offset + recordHeaderBytes > size) return null
  const shared = await window.read(offset, recordHeaderBytes)
  if (shared === null) return null
  const head = Buffer.from(shared)
  const ref = parseHead(head, offset, size)
  if (ref === null) return null
  const meta = await window.read(offset + recordHeaderBytes, ref.metaBytes)
  if (meta === null || crc32(meta, crc32(head.subarray(0, 24))) !== head.readUInt32LE(24)) return null
  const tail = await window.read(offset + recordBytes(ref) - closeMark.length, closeMark.length)
  return tail !== null && tail.equals(closeMark) ? ref : null
}

/** The next place at or after `offset` where a complete record starts, or null. */
async function findRecord(file: FileHandle, offset: number, size: number): Promise<RecordRef | null> {
  const records = new Window(file, size)
  const mark = Buffer.alloc(4)
  mark.writeUInt32LE(openMark)
  const step = 1 << 20
  for (let at = offset; at < size; at += step) {
    const bytes = await readExact(file, at, Math.min(step + 3, size - at))
    if (bytes === null) return null
    for (let i = bytes.indexOf(mark); i >= 0; i = bytes.indexOf(mark, i + 1)) {
      const ref = await readRecordAt(records, at + i, size)
      if (ref !== null) return ref
    }
  }
  return null
}

/**
 * Reads a segment's record headers, not its bodies. Bytes at the end that are no complete record are outside `goodBytes`; a damaged
 * range with complete records behind it is listed and skipped. Never writes.
 */
export async function scanSegment(path: string): Promise<SegmentScan> {
  const file = await openCaptured(path)
  try {
    const { size } = await file.stat()
    if (size > mostSegmentBytes)
      throw unreadable(captureName(path), `it has ${size} bytes; no segment has more than ${mostSegmentBytes}`)
    await assertOurVersion(file, path)
    const records: RecordRef[] = []
    const damaged: (readonly [number, number])[] = []
    const window = new Window(file, size)
    let offset = segmentHead.length
    if (size < segmentHead.length) return { records, goodBytes: 0, size, damaged }
    while (offset < size) {
      let ref = recordHere(window, offset, size) ?? (await readRecordAt(window, offset, size))
      if (ref === null) {
        ref = await findRecord(file, offset + 1, size)
        if (ref === null) break
        damaged.push([offset, ref.offset])
      }
      records.push(ref)
      offset = ref.offset + recordBytes(ref)
    }
    return { records, goodBytes: offset, size, damaged }
  } finally {
    await file.close()
  }
}

/** A segment of a newer version is none to read, and none to cut or to add to. */
async function assertOurVersion(file: FileHandle, path: string): Promise<void> {
  const line = (await readUpTo(file, 0, 200)).toString('utf8').split('\n')[0] ?? ''
  const version = /^\{"format":"retrace-capture-segment","version":(\d+)/.exec(line)?.[1]
  if (version === undefined || Number(version) <= 1) return
  const name = captureName(path)
  throw new CodedError('STORE_VERSION_UNKNOWN', `${name} has version ${version}; this Retrace knows up to 1.`, {
    file: name
  })
}

/** `file`: the segment, or a window of it for whoever reads one record after the other. */
export async function readRecordMeta(file: FileHandle | Window, ref: RecordRef): Promise<PostMeta> {
  const text = await readPart(file, ref.offset + recordHeaderBytes, ref.metaBytes)
  if (text === null) throw unreadable(`Post ${ref.seq}`, 'its record is truncated')
  try {
    return parseMeta(JSON.parse(text.toString()))
  } catch (error) {
    throw error instanceof CodedError ? error : unreadable(`Post ${ref.seq}`, 'its record is not valid JSON')
  }
}

/** The body's bytes of a record that holds them itself. */
export async function readRecordBody(file: FileHandle | Window, ref: RecordRef): Promise<Buffer> {
  const body = await readPart(file, ref.offset + recordHeaderBytes + ref.metaBytes, ref.bodyBytes)
  if (body === null) throw unreadable(`Post ${ref.seq}`, 'its record is truncated')
  return body
}

const readPart = (file: FileHandle | Window, offset: number, length: number): Promise<Buffer | null> =>
  file instanceof Window ? file.read(offset, length) : readExact(file, offset, length)

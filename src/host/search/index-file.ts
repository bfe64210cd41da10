// search/index.bin: what a search need not read. Whoever deletes it loses nothing; one that is damaged, or that was made for another folder,
// is thrown away and made again. Records are appended; the last one of a run counts. Only where they stand is kept in memory.
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { realpath, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { isThere, makeFolder, openForWriting, removeFile } from '../store/files.ts'
import { openRegular } from '../store/reading.ts'
import { mayHold } from './grams.ts'

/** What a run is, so that it need not be read again: changes when the run does. */
export interface IndexedRun {
  readonly id: string
  readonly stamp: string
}

interface Entry {
  readonly stamp: string
  readonly at: number
  readonly bytes: number
}

const mark = 0x49535452
const headBytes = 16
const portion = 4 * 1024 * 1024
/** A record larger than this is none of ours. */
const mostRecord = 64 * 1024 * 1024
/** Of what may not be written. */
const mostInMemory = 64 * 1024 * 1024
/** Changes when more, or other things, of a run are searched. */
const rules = 3

/** The folder that an index was made for: a copy elsewhere, or one that somebody made up, has another mark. */
async function headOf(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true })
  const place = createHash('sha256')
    .update(`${await realpath(folder)}\n${dev}\n${ino}`)
    .digest('hex')
  return `${JSON.stringify({ format: 'retrace.search', version: 1, rules, place })}\n`
}

function record({ id, stamp }: IndexedRun, bits: Uint8Array): Buffer {
  const [name, state] = [Buffer.from(id), Buffer.from(stamp)]
  const body = Buffer.concat([name, state, bits])
  const head = Buffer.alloc(headBytes)
  head.writeUInt32LE(mark, 0)
  head.writeUInt16LE(name.length, 4)
  head.writeUInt16LE(state.length, 6)
  head.writeUInt32LE(bits.length, 8)
  head.writeUInt32LE(crc32(body, crc32(head.subarray(0, 12))), 12)
  return Buffer.concat([head, body])
}

interface Found extends IndexedRun {
  readonly at: number
  readonly bytes: number
  readonly bits: Uint8Array
}

class Damaged extends Error {}

/** The records of a file, one after the other. Throws for anything that is none; the cut end of the last one is left out. */
async function* recordsOf(handle: FileHandle, from: number): AsyncGenerator<Found> {
  let rest = Buffer.alloc(0)
  let at = from
  for (let offset = from; ;) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(portion), 0, portion, offset)
    offset += bytesRead
    rest = rest.length === 0 ? buffer.subarray(0, bytesRead) : Buffer.concat([rest, buffer.subarray(0, bytesRead)])
    for (let found = readRecord(rest, at); found !== null; found = readRecord(rest, at)) {
      yield found
      rest = rest.subarray(found.bytes)
      at += found.bytes
    }
    if (bytesRead === 0) return
  }
}

function readRecord(text: Buffer, at: number): Found | null {
  if (text.length < headBytes) return null
  if (text.readUInt32LE(0) !== mark) throw new Damaged()
  const names = text.readUInt16LE(4)
  const states = text.readUInt16LE(6)
  const bytes = headBytes + names + states + text.readUInt32LE(8)
  if (bytes > mostRecord) throw new Damaged()
  if (text.length < bytes) return null
  const body = text.subarray(headBytes, bytes)
  if (crc32(body, crc32(text.subarray(0, 12))) !== text.readUInt32LE(12)) throw new Damaged()
  return {
    id: body.subarray(0, names).toString(),
    stamp: body.subarray(names, names + states).toString(),
    ...{ at, bytes, bits: body.subarray(names + states) }
  }
}

export class SearchIndex {
  readonly #folder: string
  readonly #file: string
  readonly #keep: boolean
  #entries = new Map<string, Entry>()
  /** What is not in the file. */
  #own = new Map<string, { readonly stamp: string; readonly bits: Uint8Array }>()
  #ownBytes = 0
  #head = ''
  #end = 0
  #live = 0
  #opening: Promise<void> | null = null
  #writing: Promise<void> = Promise.resolve()

  /** `keep`: whether the workspace may be written. */
  constructor(folder: string, keep: boolean) {
    this.#folder = folder
    this.#file = join(folder, 'search', 'index.bin')
    this.#keep = keep
  }

  /** Of these runs, the positions of those that must be read: the others have not all of the grams. */
  async sift(runs: readonly IndexedRun[], grams: readonly number[]): Promise<number[]> {
    await this.#open()
    if (grams.length === 0) return runs.map((_, i) => i)
    const without = await this.#without(grams)
    return runs.flatMap(({ id, stamp }, i) => (without.get(id) === stamp ? [] : [i]))
  }

  /** Positions of the runs that are not known as they are now. */
  async unknown(runs: readonly IndexedRun[]): Promise<number[]> {
    await this.#open()
    const known = (id: string): string | undefined => this.#own.get(id)?.stamp ?? this.#entries.get(id)?.stamp
    return runs.flatMap(({ id, stamp }, i) => (known(id) === stamp ? [] : [i]))
  }

  async has(run: IndexedRun): Promise<boolean> {
    return (await this.unknown([run])).length === 0
  }

  /** That it cannot be kept is no failure. */
  async put(run: IndexedRun, bits: Uint8Array): Promise<void> {
    await this.#open()
    this.#remember(run, bits)
    if (!this.#keep) return
    this.#writing = this.#writing.then(() => this.#write()).catch(() => undefined)
    await this.#writing
  }

  #remember({ id, stamp }: IndexedRun, bits: Uint8Array): void {
    this.#forget(id)
    if (this.#ownBytes + bits.length > mostInMemory) return
    this.#own.set(id, { stamp, bits })
    this.#ownBytes += bits.length
  }

  #forget(id: string): void {
    this.#ownBytes -= this.#own.get(id)?.bits.length ?? 0
    this.#own.delete(id)
  }

  async #without(grams: readonly number[]): Promise<ReadonlyMap<string, string>> {
    const without = new Map<string, string>()
    try {
      for await (const { id, stamp, at, bits } of this.#records())
        if (this.#entries.get(id)?.at === at && !mayHold(bits, grams)) without.set(id, stamp)
    } catch {
      await this.#startAnew()
      without.clear()
    }
    for (const [id, { stamp, bits }] of this.#own) {
      if (mayHold(bits, grams)) without.delete(id)
      else without.set(id, stamp)
    }
    return without
  }

  async *#records(): AsyncGenerator<Found> {
    if (this.#end === 0) return
    const handle = await openRegular(this.#file)
    if (handle === null) throw new Damaged()
    try {
      yield* recordsOf(handle, Buffer.byteLength(this.#head))
    } finally {
      await handle.close()
    }
  }

  #open(): Promise<void> {
    return (this.#opening ??= this.#read())
  }

  async #read(): Promise<void> {
    // Who only looks may look where nothing is.
    if (!this.#keep && !(await isThere(this.#folder))) return
    this.#head = await headOf(this.#folder)
    const handle = await openRegular(this.#file).catch(() => null)
    if (handle === null) return
    try {
      const length = Buffer.byteLength(this.#head)
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0)
      if (buffer.subarray(0, bytesRead).toString() !== this.#head) throw new Damaged()
      this.#end = length
      for await (const found of recordsOf(handle, length)) this.#enter(found)
    } catch {
      await this.#startAnew()
    } finally {
      await handle.close()
    }
  }

  #enter({ id, stamp, at, bytes }: Omit<Found, 'bits'>): void {
    this.#live += bytes - (this.#entries.get(id)?.bytes ?? 0)
    this.#entries.set(id, { stamp, at, bytes })
    this.#end = at + bytes
  }

  /** Nothing of the file counts; it is made again run by run. */
  async #startAnew(): Promise<void> {
    this.#entries = new Map()
    this.#end = 0
    this.#live = 0
    if (this.#keep) await removeFile(this.#file).catch(() => undefined)
  }

  async #write(): Promise<void> {
    const waiting = [...this.#own]
    if (waiting.length === 0) return
    // Mostly of runs that changed since: rather made again than read for ever.
    if (this.#end > portion && this.#end > 2 * this.#live) await this.#startAnew()
    const { O_CREAT, O_TRUNC } = constants
    await makeFolder(dirname(this.#file))
    const handle = await openForWriting(this.#file, this.#end === 0 ? O_CREAT | O_TRUNC : 0)
    try {
      const head = Buffer.from(this.#head)
      const at = this.#end === 0 ? head.length : this.#end
      const texts = waiting.map(([id, { stamp, bits }]) => record({ id, stamp }, bits))
      const all = Buffer.concat(this.#end === 0 ? [head, ...texts] : texts)
      // Behind the last whole record: what a kill left there is written over.
      await handle.write(all, 0, all.length, this.#end)
      await handle.truncate(this.#end + all.length)
      let place = at
      for (const [i, [id, { stamp, bits }]] of waiting.entries()) {
        this.#enter({ id, stamp, at: place, bytes: (texts[i] as Buffer).length })
        place += (texts[i] as Buffer).length
        if (this.#own.get(id)?.bits === bits) this.#forget(id)
      }
    } finally {
      await handle.close()
    }
  }
}

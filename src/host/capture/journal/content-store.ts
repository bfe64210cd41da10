// Content addressing within one compacted segment: bodies are cut where their content says so (a rolling hash), so that the
// same part gives the same pieces wherever it stands; each piece is stored once.
import { createHash } from 'node:crypto'

const minPiece = 512
const maxPiece = 16 * 1024
/** One cut in 2^11 positions: pieces of about 2.5 KB. */
const cutShift = 32 - 11

/** Fixed numbers per byte; part of the format only in so far as equal cuts save space. */
const gear = new Uint32Array(256)
for (let i = 0, x = 0x9e3779b9; i < 256; i++) {
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) + 0x6d2b79f5
  gear[i] = Math.imul(x ^ (x >>> 13), 0x297a2d39) >>> 0
}

/** End of the piece that starts at `from`; -1 when the bytes end before it does. */
function findCut(bytes: Buffer, from: number): number {
  const end = Math.min(bytes.length, from + maxPiece)
  let hash = 0
  for (let i = from + minPiece - 64; i < end; i++) {
    hash = ((hash << 1) + gear[bytes[i]!]!) | 0
    if (hash >>> cutShift === 0 && i >= from + minPiece) return i + 1
  }
  return end - from === maxPiece ? end : -1
}

/** Cuts a body that arrives in parts. Call `push` for each, then `end`. */
export class Cutter {
  private rest: Buffer = Buffer.alloc(0)

  constructor(private readonly take: (piece: Buffer) => void) {}

  push(part: Buffer): void {
    const bytes = this.rest.length === 0 ? part : Buffer.concat([this.rest, part])
    let from = 0
    for (let to = findCut(bytes, from); to > 0; to = findCut(bytes, from)) {
      this.take(bytes.subarray(from, to))
      from = to
    }
    this.rest = bytes.subarray(from)
  }

  end(): void {
    if (this.rest.length > 0) this.take(this.rest)
    this.rest = Buffer.alloc(0)
  }
}

/** Gives pieces their numbers; `add` says whether the piece is new. */
export class PieceTable {
  private readonly numbers = new Map<string, number>()
  readonly lengths: number[] = []

  add(piece: Buffer): { readonly number: number; readonly fresh: boolean } {
    const key = createHash('sha256').update(piece).digest('base64')
    const known = this.numbers.get(key)
    if (known !== undefined) return { number: known, fresh: false }
    const number = this.lengths.length
    this.numbers.set(key, number)
    this.lengths.push(piece.length)
    return { number, fresh: true }
  }
}

/** A list of piece numbers as ranges `[first, count, first, count, …]`. */
export class Recipe {
  readonly ranges: number[] = []

  add(number: number): void {
    const last = this.ranges.length - 2
    if (last >= 0 && this.ranges[last]! + this.ranges[last + 1]! === number) this.ranges[last + 1]!++
    else this.ranges.push(number, 1)
  }
}

// capture/removed.ndjson: which posts were removed for good. The line is there before the first of them goes, so that a removal that was
// broken off is finished at the next start, nobody takes the rest for lost, and no number is ever given twice.
import { constants } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../../contract/errors.ts'
import { asWriteError, openForWriting } from '../../store/files.ts'
import { readText } from '../../store/reading.ts'
import { countLeading } from '../../../contract/lists.ts'

const head = '{"format":"retrace-capture-removed","version":1}\n'

type Range = readonly [first: number, last: number]
type Line = { readonly id: number; readonly at: string; readonly removed: readonly Range[] } | { readonly done: number }

/** Numbers as ranges, ascending. */
function rangesOf(seqs: Iterable<number>): Range[] {
  const ranges: [number, number][] = []
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && seq <= last[1] + 1) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges
}

const isRange = (value: unknown): value is Range =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((part) => Number.isSafeInteger(part) && (part as number) > 0) &&
  (value[0] as number) <= (value[1] as number)

function parseLine(line: string): Line | null {
  try {
    const parsed = JSON.parse(line) as { id?: unknown; removed?: unknown; done?: unknown } | null
    if (Number.isSafeInteger(parsed?.done)) return parsed as Line
    if (!Number.isSafeInteger(parsed?.id) || !Array.isArray(parsed?.removed)) return null
    return parsed.removed.every(isRange) ? (parsed as Line) : null
  } catch {
    return null
  }
}

export const removalsName = 'capture/removed.ndjson'

export class RemovalLog {
  private readonly file: string
  /** Ascending, without overlaps. */
  private ranges: Range[] = []
  /** Begun and not finished, by their id. */
  private readonly open = new Map<number, readonly Range[]>()
  private lastId = 0
  /** Bytes of whole lines. What stands behind them was not written to its end: a removal that had not begun. */
  private bytes = 0
  private newer = false

  constructor(dir: string) {
    this.file = join(dir, 'removed.ndjson')
  }

  /** Returns what is wrong with the file. */
  async load(): Promise<string | null> {
    const read = await readText(this.file, { name: removalsName }).catch((error: unknown) => {
      if (error instanceof CodedError) return error
      throw error
    })
    if (read instanceof CodedError) {
      this.newer = true
      return `${read.message} It was left unchanged: posts cannot be removed`
    }
    const text = read ?? ''
    // Not even the head was written to its end: no removal had begun.
    if (head.startsWith(text) && text !== head) return null
    if (!text.startsWith(head)) {
      this.newer = true
      return 'removed.ndjson has an unknown version and was left unchanged: posts cannot be removed'
    }
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    this.bytes = Buffer.byteLength(whole)
    const bad = whole
      .slice(head.length)
      .split('\n')
      .filter((line) => line !== '' && !this.take(line)).length
    return bad === 0 ? null : `removed.ndjson has ${bad} unreadable lines; they were left unchanged`
  }

  private take(line: string): boolean {
    const parsed = parseLine(line)
    if (parsed === null) return false
    if ('done' in parsed) this.open.delete(parsed.done)
    else {
      this.open.set(parsed.id, parsed.removed)
      this.lastId = Math.max(this.lastId, parsed.id)
      this.add(parsed.removed)
    }
    return true
  }

  private add(ranges: readonly Range[]): void {
    const merged: [number, number][] = []
    for (const [from, to] of [...this.ranges, ...ranges].sort((a, b) => a[0] - b[0])) {
      const last = merged.at(-1)
      if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
      else merged.push([from, to])
    }
    this.ranges = merged
  }

  /** True of a post that was removed, or that is about to be. */
  has(seq: number): boolean {
    const range = this.ranges[countLeading(this.ranges, ([, to]) => to < seq)]
    return (range?.[0] ?? Infinity) <= seq
  }

  get last(): number {
    return this.ranges.at(-1)?.[1] ?? 0
  }

  get count(): number {
    return this.ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0)
  }

  /** Removals that were begun and not finished, with their posts. */
  get unfinished(): ReadonlyMap<number, readonly Range[]> {
    return this.open
  }

  /** Says that the posts go, before they do. Returns the id to call `done` with. */
  async begin(seqs: Iterable<number>): Promise<number> {
    const removed = rangesOf(seqs)
    const id = ++this.lastId
    await this.append({ id, at: new Date().toISOString(), removed })
    this.open.set(id, removed)
    this.add(removed)
    return id
  }

  async done(id: number): Promise<void> {
    await this.append({ done: id })
    this.open.delete(id)
  }

  private async append(line: Line): Promise<void> {
    if (this.newer) throw new CodedError('STORE_FILE_UNREADABLE', 'removed.ndjson is of an unknown version.')
    const file = await openForWriting(this.file, constants.O_APPEND | constants.O_CREAT)
    try {
      await file.truncate(this.bytes)
      const text = `${this.bytes === 0 ? head : ''}${JSON.stringify(line)}\n`
      await file.appendFile(text)
      await file.sync()
      this.bytes += Buffer.byteLength(text)
    } catch (error) {
      throw asWriteError(error, this.file)
    } finally {
      await file.close()
    }
  }
}

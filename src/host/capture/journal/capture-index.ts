// capture/runs.ndjson: which runs were found in the posts, one a line, added to as runs settle. It only saves work: when it is lost
// or cannot be read, the runs are found again in the posts. capture/corrections.ndjson holds what a person changed, which
// nothing can find again: it is only ever added to, and a bad line never drops the others.
import { join } from 'node:path'
import { z } from 'zod'
import { CodedError } from '../../../contract/errors.ts'
import type { CapturedRun } from '../derive/captured-run.ts'
import { decodeRun, encodeRun } from '../derive/captured-run.ts'
import type { CorrectionLine } from '../group/corrections.ts'
import { appendText, isThere, writeAtomic } from '../../store/files.ts'
import { openRegular, parseJson, putAside, readLines, unreadable } from '../../store/reading.ts'

const runsHead = '{"format":"retrace-capture-runs","version":1}\n'
const correctionsHead = '{"format":"retrace-capture-corrections","version":1}\n'

const tornLine = 'runs.ndjson has an incomplete line; the runs after it are rebuilt'

const tailBytes = 256 * 1024
const portionRuns = 500
const pieceBytes = 1024 * 1024

type Line =
  | { readonly run: CapturedRun }
  | { readonly parent: readonly [string, string, string] }
  | { readonly gone: readonly number[] }
  | Progress

const seq = z
  .int()
  .min(0)
  .max(2 ** 48)
/** Most lines are runs: what comes first is tried first. */
const anyLine = z.union([
  z.object({ run: z.array(z.unknown()) }),
  z.object({ through: seq, waiting: z.array(seq), unassigned: z.array(seq) }),
  z.object({ parent: z.tuple([z.string(), z.string(), z.string()]) }),
  z.object({ gone: z.array(seq) })
])
const correctionLine: z.ZodType<CorrectionLine> = z.union([
  z.object({ undo: z.int(), at: z.string() }),
  z.object({
    id: z.int(),
    at: z.string(),
    kind: z.enum(['move', 'split', 'merge']),
    posts: z.array(seq),
    to: z.string().nullable()
  })
])

/** Whether the first line is that of a newer version, and not just of something else. */
function isNewer(line: string, format: string): boolean {
  const head = z.object({ format: z.literal(format), version: z.int().min(2) })
  try {
    return head.safeParse(JSON.parse(line)).success
  } catch {
    return false
  }
}

/** All posts up to `through` are in runs, belong to none (`unassigned`), or wait for the rest of their run (`waiting`). */
export interface Progress {
  readonly through: number
  readonly waiting: readonly number[]
  readonly unassigned: readonly number[]
}

export interface LoadedIndex {
  readonly through: number
  readonly waiting: readonly number[]
  readonly unassigned: readonly number[]
  readonly problem: string | null
  /** `cut`: nothing may be added behind what stands at the end. `newer`: nothing may be written at all. */
  readonly state: 'whole' | 'cut' | 'newer'
}

const newer: LoadedIndex = {
  ...{ through: 0, waiting: [], unassigned: [], state: 'newer' },
  problem: 'runs.ndjson has an unknown version and was left unchanged; runs are rebuilt from the posts'
}

export class CaptureIndex {
  private readonly runsFile: string
  private readonly correctionsFile: string
  private lines = 0
  /** What stands there is not ours to add to: it is put aside before anything is written. */
  private spoiled = false
  private corrections: 'ours' | 'spoiled' | 'newer' = 'ours'

  constructor(dir: string) {
    this.runsFile = join(dir, 'runs.ndjson')
    this.correctionsFile = join(dir, 'corrections.ndjson')
  }

  /** What the end of the file says, without reading the rest: how far the runs go, and the newest of them. */
  async tail(): Promise<{ readonly through: number; readonly runs: readonly CapturedRun[] }> {
    const text = await readEnd(this.runsFile, tailBytes).catch(() => '')
    // The first line is the head, or cut: the file may be longer than this.
    const lines = text.split('\n').slice(1).map(parseLine)
    const end = lines.findLastIndex((line) => line !== null && 'through' in line)
    const progress = lines[end]
    if (progress === undefined || progress === null || !('through' in progress)) return { through: 0, runs: [] }
    const runs = new Map<string, CapturedRun>()
    for (const line of lines.slice(0, end)) if (line !== null && !('through' in line)) applyLine(runs, new Set(), line)
    return { through: progress.through, runs: [...runs.values()] }
  }

  /**
   * Reads the runs, and gives them to `found` in portions as they are then. A line that cannot be read drops what comes after it: those
   * posts are grouped again.
   */
  async load(found: (runs: readonly CapturedRun[]) => Promise<void>): Promise<LoadedIndex> {
    const runs = new Map<string, CapturedRun>()
    const unassigned = new Set<number>()
    let progress: Progress = { through: 0, waiting: [], unassigned: [] }
    let problem: string | null = null
    // Runs count once the progress line behind them is there.
    let pending: Exclude<Line, Progress>[] = []
    const settle = async (): Promise<void> => {
      for (let at = 0; at < pending.length; at += portionRuns) {
        const changed = new Set(pending.slice(at, at + portionRuns).map((entry) => applyLine(runs, unassigned, entry)))
        await found([...changed].flatMap((id) => runs.get(id) ?? []))
      }
      pending = []
    }
    const take = async (line: string): Promise<string | null> => {
      if (this.lines++ === 0) {
        if (`${line}\n` === runsHead) return null
        // Perhaps the head was not written to its end.
        if (!runsHead.startsWith(line)) throw unreadable(runsName, 'its first line is another one')
        return tornLine
      }
      const parsed = parseLine(line)
      if (parsed === null) return tornLine
      if (!('through' in parsed)) {
        pending.push(parsed)
        return null
      }
      await settle()
      for (const one of parsed.unassigned) unassigned.add(one)
      progress = parsed
      return null
    }
    let isCut = false
    try {
      reading: for await (const lines of readLines(this.runsFile, { name: runsName, maxBytes: mostLineBytes })) {
        for (const line of lines) {
          if (this.lines === 0 && isNewer(line, 'retrace-capture-runs')) return newer
          if ((problem = await take(line)) !== null) break reading
        }
      }
      isCut = !['', '\n'].includes(await readEnd(this.runsFile, 1))
      this.spoiled = problem !== null
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      this.spoiled = true
      problem = `${error.message} Its runs are rebuilt from the posts.`
    }
    isCut ||= problem !== null
    const { through, waiting } = progress
    return { through, waiting, unassigned: [...unassigned], problem, state: isCut ? 'cut' : 'whole' }
  }

  /** Adds what settled, and how far it goes. */
  async append(
    runs: readonly CapturedRun[],
    parents: readonly (readonly [string, string, string])[],
    progress: Progress
  ): Promise<void> {
    const lines = [
      ...runs.map((run) => ({ run: encodeRun(run) })),
      ...parents.map((parent) => ({ parent })),
      progress
    ].map((line) => `${JSON.stringify(line)}\n`)
    if (this.lines === 0) lines.unshift(runsHead)
    this.lines += lines.length
    await appendText(this.runsFile, lines.join(''))
  }

  /** Writes the index anew: after retention, or when it has many superseded lines. */
  async rewrite(runs: Iterable<CapturedRun>, progress: Progress): Promise<void> {
    const pieces = [runsHead]
    let count = 2
    for (const run of runs) {
      // Few large pieces: each is a write of its own.
      const line = `${JSON.stringify({ run: encodeRun(run) })}\n`
      if (pieces.at(-1)!.length + line.length < pieceBytes) pieces[pieces.length - 1] += line
      else pieces.push(line)
      count++
    }
    pieces.push(`${JSON.stringify(progress)}\n`)
    this.lines = count
    if (this.spoiled && (await isThere(this.runsFile))) await putAside(this.runsFile, 'it is damaged', runsName)
    this.spoiled = false
    await writeAtomic(this.runsFile, pieces)
  }

  /** `write`: a file with bad lines is put aside, and one without them takes its place. */
  async loadCorrections(
    write = true
  ): Promise<{ readonly lines: readonly CorrectionLine[]; readonly problem: string | null }> {
    const lines: CorrectionLine[] = []
    let bad = 0
    let why = ''
    try {
      let number = 0
      for await (const some of readLines(this.correctionsFile, { name: correctionsName, maxBytes: mostLineBytes })) {
        for (const line of some) {
          if (++number === 1 && isNewer(line, 'retrace-capture-corrections')) {
            this.corrections = 'newer'
            return { lines: [], problem: `${correctionsName} has a newer version and was left unchanged` }
          }
          if (line === '' || (number === 1 && `${line}\n` === correctionsHead)) continue
          const parsed = correctionLine.safeParse(jsonOrNull(line))
          if (parsed.success) lines.push(parsed.data)
          else bad++
        }
      }
      if (bad === 0) return { lines, problem: null }
      why = `${correctionsName} has ${bad} unreadable lines`
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      why = error.message
    }
    this.corrections = 'spoiled'
    if (!write) return { lines, problem: why }
    // Kept beside, and out of the way of lines to come.
    const { message } = await putAside(this.correctionsFile, why, correctionsName)
    await writeAtomic(this.correctionsFile, correctionsHead + lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    this.corrections = 'ours'
    return { lines, problem: message }
  }

  async addCorrection(line: CorrectionLine): Promise<void> {
    if (this.corrections !== 'ours')
      throw new CodedError(
        'STORE_VERSION_UNKNOWN',
        `${correctionsName} was left unchanged: nothing can be added to it.`
      )
    const isNew = !(await isThere(this.correctionsFile))
    // A line that was not written to its end must not spoil the next one.
    const isTorn = !isNew && !['', '\n'].includes(await readEnd(this.correctionsFile, 1))
    await appendText(this.correctionsFile, `${isNew ? correctionsHead : isTorn ? '\n' : ''}${JSON.stringify(line)}\n`)
  }
}

export const runsName = 'capture/runs.ndjson'
export const correctionsName = 'capture/corrections.ndjson'
const mostLineBytes = 64 * 1024 * 1024

function jsonOrNull(line: string): unknown {
  try {
    return parseJson(line, 'the line')
  } catch {
    return null
  }
}

/** Returns the run that the line is about; empty for none. */
function applyLine(runs: Map<string, CapturedRun>, unassigned: Set<number>, line: Exclude<Line, Progress>): string {
  if ('run' in line) {
    const { run } = line
    runs.set(run.id, run)
    for (const [seq] of run.posts) unassigned.delete(seq)
    return run.id
  }
  if ('parent' in line) {
    const [id, runId, nodeId] = line.parent
    const run = runs.get(id)
    if (run !== undefined) runs.set(id, { ...run, parent: { runId, nodeId } })
    return id
  }
  for (const seq of line.gone) unassigned.delete(seq)
  return ''
}

function parseLine(line: string): Line | null {
  const { data } = anyLine.safeParse(jsonOrNull(line))
  if (data === undefined) return null
  if (!('run' in data)) return data
  const run = decodeRun(data.run)
  return run && { run }
}

/** The last bytes of a file as text; empty when there is no file. */
async function readEnd(path: string, bytes: number): Promise<string> {
  const file = await openRegular(path)
  if (file === null) return ''
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.min(size, bytes))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

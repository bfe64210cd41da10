// capture/runs.ndjson: which runs were found in the posts, one a line, added to as runs settle. It only saves work: when it is lost
// or cannot be read, the runs are found again in the posts. capture/corrections.ndjson holds what a person changed, which
// nothing can find again: it is only ever added to, and a bad line never drops the others.
import { open, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { CapturedRun } from '../capture/captured-run.ts'
import { decodeRun, encodeRun } from '../capture/captured-run.ts'
import type { CorrectionLine } from '../capture/corrections.ts'
import { appendText, moveFile, writeAtomic } from './files.ts'

const runsHead = '{"format":"retrace-capture-runs","version":1}\n'
const correctionsHead = '{"format":"retrace-capture-corrections","version":1}\n'

const tornLine = 'runs.ndjson has a line that was not written to its end; runs behind it are found again'

const tailBytes = 256 * 1024
const portionBytes = 256 * 1024
const portionRuns = 500
const pieceBytes = 1024 * 1024

type Line =
  | { readonly run: readonly unknown[] }
  | { readonly parent: readonly [string, string, string] }
  | { readonly gone: readonly number[] }
  | Progress

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
  problem: 'runs.ndjson is of an unknown version and is left as it is; runs are found in the posts'
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

export class CaptureIndex {
  private readonly runsFile: string
  private readonly correctionsFile: string
  private lines = 0

  constructor(dir: string) {
    this.runsFile = join(dir, 'runs.ndjson')
    this.correctionsFile = join(dir, 'corrections.ndjson')
  }

  /** What the end of the file says, without reading the rest: how far the runs go, and the newest of them. */
  async tail(): Promise<{ readonly through: number; readonly runs: readonly CapturedRun[] }> {
    const text = await readEnd(this.runsFile, tailBytes)
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
    for await (const lines of readLines(this.runsFile)) {
      for (const line of lines) {
        if (this.lines++ === 0) {
          if (`${line}\n` === runsHead) continue
          // Perhaps the head was not written to its end.
          if (!runsHead.startsWith(line)) return newer
          problem = tornLine
          break
        }
        const parsed = parseLine(line)
        if (parsed === null) {
          problem = tornLine
          break
        }
        if (!('through' in parsed)) {
          pending.push(parsed)
          continue
        }
        await settle()
        for (const seq of parsed.unassigned) unassigned.add(seq)
        progress = parsed
      }
      if (problem !== null) break
    }
    const isCut = problem !== null || !['', '\n'].includes(await readEnd(this.runsFile, 1))
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
    await writeAtomic(this.runsFile, pieces)
  }

  async loadCorrections(): Promise<{ readonly lines: readonly CorrectionLine[]; readonly problem: string | null }> {
    const text = await readText(this.correctionsFile)
    if (text === null) return { lines: [], problem: null }
    const lines: CorrectionLine[] = []
    const bad: string[] = []
    for (const line of text.split('\n').slice(1)) {
      if (line === '') continue
      try {
        lines.push(JSON.parse(line) as CorrectionLine)
      } catch {
        bad.push(line)
      }
    }
    if (bad.length === 0) return { lines, problem: null }
    // Kept beside, and out of the way of lines to come.
    const aside = `${this.correctionsFile}.bad`
    await moveFile(this.correctionsFile, aside)
    await writeAtomic(this.correctionsFile, correctionsHead + lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    return {
      lines,
      problem: `corrections.ndjson had ${bad.length} unreadable lines; it is kept as corrections.ndjson.bad`
    }
  }

  async addCorrection(line: CorrectionLine): Promise<void> {
    const text = await readText(this.correctionsFile)
    await appendText(this.correctionsFile, `${text === null ? correctionsHead : ''}${JSON.stringify(line)}\n`)
  }
}

/** Answers the run that the line is about; empty for none. */
function applyLine(runs: Map<string, CapturedRun>, unassigned: Set<number>, line: Exclude<Line, Progress>): string {
  if ('run' in line) {
    const run = decodeRun(line.run)
    if (run === null) return ''
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
  try {
    return JSON.parse(line) as Line
  } catch {
    return null
  }
}

/** The last bytes of a file as text; empty when there is no file. */
async function readEnd(path: string, bytes: number): Promise<string> {
  const file = await openOrNull(path)
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

/** Lines of a file in portions small enough that nobody notices the time they take. A last line without an end is one, too. */
async function* readLines(path: string): AsyncGenerator<string[]> {
  const file = await openOrNull(path)
  if (file === null) return
  try {
    const buffer = Buffer.alloc(portionBytes)
    const decoder = new TextDecoder()
    let rest = ''
    for (let at = 0; ;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) break
      at += bytesRead
      const lines = (rest + decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      yield lines
    }
    if (rest !== '') yield [rest]
  } finally {
    await file.close()
  }
}

const openOrNull = (path: string): Promise<FileHandle | null> =>
  open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })

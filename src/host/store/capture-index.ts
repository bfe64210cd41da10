// capture/runs.ndjson: which runs were found in the posts, one a line, added to as runs settle. It only saves work: when it is lost
// or cannot be read, the runs are found again in the posts. capture/corrections.ndjson holds what a person changed, which
// nothing can find again: it is only ever added to, and a bad line never drops the others.
import { appendFile, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { CapturedRun } from '../capture/captured-run.ts'
import { decodeRun, encodeRun } from '../capture/captured-run.ts'
import type { CorrectionLine } from '../capture/corrections.ts'
import { writeAtomic } from './files.ts'

const runsHead = '{"format":"retrace-capture-runs","version":1}\n'
const correctionsHead = '{"format":"retrace-capture-corrections","version":1}\n'

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
  readonly runs: Map<string, CapturedRun>
  readonly through: number
  readonly waiting: readonly number[]
  readonly unassigned: readonly number[]
  readonly problem: string | null
}

const empty = (problem: string | null = null): LoadedIndex => ({
  runs: new Map(),
  through: 0,
  waiting: [],
  unassigned: [],
  problem
})

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

  /** Reads the runs. A line that cannot be read drops what comes after it: those posts are grouped again. */
  async load(): Promise<LoadedIndex> {
    const text = await readText(this.runsFile)
    if (text === null) return empty()
    if (!text.startsWith(runsHead)) return empty('runs.ndjson is of an unknown version')
    const runs = new Map<string, CapturedRun>()
    const unassigned = new Set<number>()
    let progress: Progress = { through: 0, waiting: [], unassigned: [] }
    let problem: string | null = null
    // Runs count once the progress line behind them is there.
    let pending: Exclude<Line, Progress>[] = []
    for (const line of text.slice(runsHead.length).split('\n')) {
      if (line === '') continue
      this.lines++
      let parsed: Line
      try {
        parsed = JSON.parse(line) as Line
      } catch {
        problem = 'runs.ndjson ends in a line that was not written to its end; those runs are found again'
        break
      }
      if (!('through' in parsed)) pending.push(parsed)
      else {
        for (const entry of pending) apply(runs, unassigned, entry)
        pending = []
        for (const seq of parsed.unassigned) unassigned.add(seq)
        progress = parsed
      }
    }
    return { runs, through: progress.through, waiting: progress.waiting, unassigned: [...unassigned], problem }
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
    await appendFile(this.runsFile, lines.join(''))
  }

  /** Writes the index anew: after retention, or when it has many superseded lines. */
  async rewrite(runs: Iterable<CapturedRun>, progress: Progress): Promise<void> {
    const lines = [runsHead]
    for (const run of runs) lines.push(`${JSON.stringify({ run: encodeRun(run) })}\n`)
    lines.push(`${JSON.stringify(progress)}\n`)
    this.lines = lines.length
    await writeAtomic(this.runsFile, lines)
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
    await rename(this.correctionsFile, aside)
    await writeAtomic(this.correctionsFile, correctionsHead + lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    return {
      lines,
      problem: `corrections.ndjson had ${bad.length} unreadable lines; it is kept as corrections.ndjson.bad`
    }
  }

  async addCorrection(line: CorrectionLine): Promise<void> {
    const text = await readText(this.correctionsFile)
    await appendFile(this.correctionsFile, `${text === null ? correctionsHead : ''}${JSON.stringify(line)}\n`)
  }
}

function apply(runs: Map<string, CapturedRun>, unassigned: Set<number>, line: Exclude<Line, Progress>): void {
  if ('run' in line) {
    const run = decodeRun(line.run)
    if (run === null) return
    runs.set(run.id, run)
    for (const [seq] of run.posts) unassigned.delete(seq)
  } else if ('parent' in line) {
    const [id, runId, nodeId] = line.parent
    const run = runs.get(id)
    if (run !== undefined) runs.set(id, { ...run, parent: { runId, nodeId } })
  } else for (const seq of line.gone) unassigned.delete(seq)
}

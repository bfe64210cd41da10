// Runs of the imported logs beside those that were captured. A log is read when it came or changed, not for each question.
import type { RunSummary } from '../../../contract/run-views.ts'
import type { Aside } from '../../aside/aside.ts'
import { matchRuns, stampsOfLogs, type FoundLog, type LogMatch, type LogProblem } from './log-import.ts'

export class MatchedLogs {
  readonly #known = new Map<string, FoundLog>()

  /** `problem` is told of each log that cannot be read. */
  constructor(
    private readonly aside: () => Aside,
    private readonly problem: (problem: LogProblem) => void
  ) {}

  /** Takes what whoever keeps a log has found in it. */
  know({ stamp, runs }: FoundLog): void {
    this.#known.set(stamp.name, { stamp, runs })
  }

  async match(dir: string, captured: () => readonly RunSummary[]): Promise<readonly LogMatch[]> {
    const files = await this.#read(dir)
    return files.length === 0 ? [] : matchRuns(files, captured())
  }

  async #read(dir: string): Promise<readonly FoundLog['runs'][]> {
    const stamps = await stampsOfLogs(dir)
    const unread = stamps.filter(({ name, state }) => this.#known.get(name)?.stamp.state !== state)
    if (unread.length > 0) {
      const names = unread.map(({ name }) => name)
      const bytes = unread.reduce((sum, stamp) => sum + stamp.bytes, 0)
      const { runs, problems } = await this.aside().run('runsOfLogs', { dir, names }, { bytes, name: 'capture/logs' })
      unread.forEach((stamp, i) => this.know({ stamp, runs: runs[i]! }))
      for (const problem of problems) this.problem(problem)
    }
    const there = new Set(stamps.map(({ name }) => name))
    for (const name of this.#known.keys()) if (!there.has(name)) this.#known.delete(name)
    // Ids count files, also one that is gone by now.
    return stamps.map(({ name }) => this.#known.get(name)?.runs ?? [])
  }
}

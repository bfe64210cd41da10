// Runs of the imported logs beside those that were captured. Logs are read again when one came or went, not for each question.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunSummary } from '../../../contract/run-views.ts'
import { bytesIn, type Aside } from '../../aside/aside.ts'
import { matchRuns, type LogMatch, type LogsRead } from './log-import.ts'

export class MatchedLogs {
  #known: { readonly stamp: string; readonly read: LogsRead } | null = null

  /** `problem` is told of each log that cannot be read. */
  constructor(
    private readonly aside: () => Aside,
    private readonly problem: (message: string) => void
  ) {}

  async match(dir: string, captured: () => readonly RunSummary[]): Promise<readonly LogMatch[]> {
    const { files, problems } = await this.#read(dir)
    for (const problem of problems) this.problem(problem)
    return files.length === 0 ? [] : matchRuns(files, captured())
  }

  async #read(dir: string): Promise<LogsRead> {
    const folder = join(dir, 'logs')
    const stamp = await stampOf(folder)
    if (this.#known?.stamp === stamp) return this.#known.read
    const read = await this.aside().run('runsOfLogs', { dir }, { bytes: await bytesIn(folder), name: 'capture/logs' })
    this.#known = { stamp, read }
    return read
  }
}

async function stampOf(folder: string): Promise<string> {
  const names = (await readdir(folder).catch(() => [])).sort()
  const stamps = await Promise.all(
    names.map(async (name) => {
      const info = await stat(join(folder, name)).catch(() => null)
      return `${name} ${info?.size} ${info?.mtimeMs} ${info?.mode}`
    })
  )
  return stamps.join('\n')
}

// MISP's logs in a workspace: capture/logs/<name>.json, parsed entries as imported. Runs that were captured too take the log's lines;
// the others are shown as runs without data.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RunSummary } from '../../contract/run-views.ts'
import { CodedError } from '../../contract/errors.ts'
import { writeAtomic } from '../store/files.ts'
import { parseJson, parseStored, readText, type Shape } from '../store/reading.ts'
import { runsOfLog, type LogEntry, type LogRun } from './execution-log.ts'

interface LogFile {
  readonly format: 'retrace-misp-log'
  readonly version: number
  readonly name: string
  readonly entries: readonly LogEntry[]
}

const text = z.string()
const shape: Shape<LogFile> = {
  kind: 'log',
  schema: z.object({
    format: z.literal('retrace-misp-log'),
    version: z.number(),
    name: text,
    entries: z.array(z.object({ time: text, trigger: text, workflowId: text, message: text }))
  })
}

export async function saveLog(dir: string, name: string, entries: readonly LogEntry[]): Promise<string> {
  const folder = join(dir, 'logs')
  const clean = name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 80)
  const file = join(folder, `${Date.now().toString(36)}-${clean}.json`)
  const content: LogFile = { format: 'retrace-misp-log', version: 1, name, entries }
  await writeAtomic(file, JSON.stringify(content))
  return file
}

/** Every log in order; of one that cannot be read nothing is known, and `problem` is told why. Its place stays taken: ids count files. */
export async function readLogs(
  dir: string,
  problem: (message: string) => void = () => undefined
): Promise<readonly LogFile[]> {
  const names = await readdir(join(dir, 'logs')).catch(() => [])
  const files: LogFile[] = []
  for (const name of names.filter((entry) => entry.endsWith('.json')).sort()) {
    const shown = `capture/logs/${name}`
    try {
      const content = await readText(join(dir, 'logs', name), { name: shown })
      files.push(content === null ? none : parseStored(parseJson(content, shown), shown, shape))
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      problem(`${error.message} It was left unchanged.`)
      files.push(none)
    }
  }
  return files
}

const none: LogFile = { format: 'retrace-misp-log', version: 1, name: '', entries: [] }

/** Server time has no zone: a captured run matches at any whole quarter of an hour's distance, within a few seconds. */
function sameTime(log: LogRun, run: RunSummary): boolean {
  const quarter = 15 * 60_000
  const apart = Math.abs(log.startedAt - Date.parse(run.startedAt))
  if (apart > 15 * 3600_000) return false
  const rest = apart % quarter
  return Math.min(rest, quarter - rest) <= 3000
}

const sameNodes = (log: LogRun, run: RunSummary): boolean => {
  const modules = [...new Set(log.nodes.map((node) => node.moduleId))].sort().join(' ')
  return modules === run.words.split(' ').sort().join(' ').trim()
}

export interface LogMatch {
  readonly log: LogRun
  readonly lines: readonly LogEntry[]
  /** The captured run with the same trigger, nodes, outcome and time; null: it was not captured. */
  readonly run: RunSummary | null
  readonly id: string
}

/** Runs of all imported logs with the captured runs they belong to; each captured run is taken once. */
export async function matchLogs(
  dir: string,
  captured: () => readonly RunSummary[],
  problem?: (message: string) => void
): Promise<readonly LogMatch[]> {
  const files = await readLogs(dir, problem)
  if (files.length === 0) return []
  const key = (trigger: string, outcome: string | null, steps: number): string => `${trigger} ${outcome} ${steps}`
  const candidates = new Map<string, RunSummary[]>()
  for (const run of captured()) {
    const list = candidates.get(key(run.trigger, run.outcome, run.steps))
    if (list === undefined) candidates.set(key(run.trigger, run.outcome, run.steps), [run])
    else list.push(run)
  }
  const taken = new Set<string>()
  const matches: LogMatch[] = []
  for (const [f, file] of files.entries()) {
    for (const [i, log] of runsOfLog(file.entries).entries()) {
      const run = candidates
        .get(key(log.trigger, log.outcome, log.nodes.length))
        ?.find((one) => !taken.has(one.id) && sameNodes(log, one) && sameTime(log, one))
      if (run !== undefined) taken.add(run.id)
      matches.push({
        log,
        lines: log.entries.map((entry) => file.entries[entry]!),
        run: run ?? null,
        id: `log-${f + 1}-${i + 1}`
      })
    }
  }
  return matches
}

/** Runs that only the log knows, as lists show them. */
export async function logRuns(
  dir: string,
  captured: () => readonly RunSummary[],
  problem?: (message: string) => void
): Promise<RunSummary[]> {
  return (await matchLogs(dir, captured, problem)).flatMap(({ log, run, id }) =>
    run === null ? [summaryOf(log, id)] : []
  )
}

const summaryOf = (log: LogRun, id: string): RunSummary => ({
  ...{ id, origin: 'imported', source: 'workflow-execution.log', state: 'done', outcome: log.outcome },
  outcomeText: 'from MISP’s log, without data',
  ...{ trigger: log.trigger, workflowId: log.workflowId, workflowName: log.workflowName || null, event: null },
  startedAt: new Date(log.startedAt).toISOString(),
  durationMs: log.endedAt - log.startedAt,
  ...{
    steps: log.nodes.length,
    errors: log.errors.length,
    effects: 0,
    worldChanges: 0,
    size: 0,
    name: null,
    pinned: false
  },
  ...{ parent: null, confidence: null, deletedAt: null },
  words: [...new Set(log.nodes.map((node) => node.moduleId)), ...log.errors].join(' ')
})

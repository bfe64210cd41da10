// MISP's logs in a workspace: capture/logs/<name>.json, parsed entries as imported. Runs that were captured too take the log's lines;
// the others are shown as runs without data.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RunSummary } from '../../../contract/run-views.ts'
import type { ParsedParams } from '../../../contract/operations.ts'
import type { LogLine, LogSorting } from '../../../contract/workspace.ts'
import { CodedError } from '../../../contract/errors.ts'
import { writeAtomic } from '../../store/files.ts'
import { parseJson, parseStored, readText, type Shape } from '../../store/reading.ts'
import { inOrder } from '../../runs/ordered-page.ts'
import { isNodeEntry, runsOfLog, type LogEntry, type LogRun } from './execution-log.ts'

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

export interface KeptLog extends FoundLog {
  readonly entries: number
}

/** What a log that is kept says, and of which file it was read. */
export interface FoundLog {
  readonly stamp: LogStamp
  readonly runs: readonly LogRun[]
}

/** A file as it is: while all stands, so does what was read of it. */
export interface LogStamp {
  readonly name: string
  readonly state: string
  readonly bytes: number
}

/** Keeps the entries of a log that is imported. */
export async function keepLog(
  entries: readonly LogEntry[],
  { name, dir }: { readonly name: string; readonly dir: string }
): Promise<KeptLog> {
  const clean = name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 80)
  const content: LogFile = { format: 'retrace-misp-log', version: 1, name, entries }
  const file = `${Date.now().toString(36)}-${clean}.json`
  await writeAtomic(join(dir, 'logs', file), JSON.stringify(content))
  return { entries: entries.length, runs: runsOfLog(entries), stamp: await stampOf(dir, file) }
}

async function stampOf(dir: string, name: string): Promise<LogStamp> {
  const info = await stat(join(dir, 'logs', name)).catch(() => null)
  return { name, state: `${info?.size} ${info?.mtimeMs} ${info?.mode}`, bytes: info?.size ?? 0 }
}

/** Every log in order. The place of one that cannot be read stays taken: ids count files. */
export async function stampsOfLogs(dir: string): Promise<readonly LogStamp[]> {
  const names = await readdir(join(dir, 'logs')).catch(() => [])
  return Promise.all(
    names
      .filter((entry) => entry.endsWith('.json'))
      .sort()
      .map((name) => stampOf(dir, name))
  )
}

export interface LogProblem {
  /** Of the workspace. */
  readonly file: string
  readonly message: string
}

/** Of a log that cannot be read nothing is known, and `problem` is told why. */
async function readLog(
  dir: string,
  name: string,
  problem: (problem: LogProblem) => void = () => undefined
): Promise<LogFile> {
  const shown = `capture/logs/${name}`
  try {
    const content = await readText(join(dir, 'logs', name), { name: shown })
    return content === null ? none : parseStored(parseJson(content, shown), shown, shape)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    problem({ file: shown, message: `${error.message} It was left unchanged.` })
    return none
  }
}

/** The log in a place, counted from 0; null where there are fewer. */
export async function logAt(dir: string, place: number): Promise<LogFile | null> {
  const stamp = (await stampsOfLogs(dir))[place]
  return stamp ? readLog(dir, stamp.name) : null
}

const none: LogFile = { format: 'retrace-misp-log', version: 1, name: '', entries: [] }

const quarter = 15 * 60_000
const near = 3000

/** Server time has no zone: a captured run matches at any whole quarter of an hour's distance, within a few seconds. */
function isSameTime(log: number, run: number): boolean {
  const apart = Math.abs(log - run)
  if (apart > 15 * 3600_000) return false
  const rest = apart % quarter
  return Math.min(rest, quarter - rest) <= near
}

const slots = quarter / near

/** Where in its quarter of an hour a time is: what is the same time has the same place or the one beside it. */
const slotOf = (time: number): number => Math.floor((((time % quarter) + quarter) % quarter) / near)

const modulesOfLog = (log: LogRun): string => [...new Set(log.nodes.map(({ moduleId }) => moduleId))].sort().join(' ')
const modulesOfRun = (run: RunSummary): string => run.words.split(' ').sort().join(' ').trim()

interface Candidate {
  readonly place: number
  readonly at: number
  readonly run: RunSummary
}

interface AskedRuns {
  readonly dir: string
  readonly names: readonly string[]
}

/** The runs of each log that is named, and what cannot be read, for people. */
export async function runsOfLogs({ dir, names }: AskedRuns): Promise<{
  readonly runs: readonly (readonly LogRun[])[]
  readonly problems: readonly LogProblem[]
}> {
  const problems: LogProblem[] = []
  const runs: LogRun[][] = []
  for (const name of names)
    runs.push(runsOfLog((await readLog(dir, name, (problem) => void problems.push(problem))).entries))
  return { runs, problems }
}

/** Of which log, in which file, counted from 1. */
const logRunId = (file: number, run: number): string => `log-${file + 1}-${run + 1}`

export interface WantedLines {
  readonly search: string
  readonly runId?: string | undefined
  readonly step?: number | undefined
}

export const isWanted = ({ search, runId, step }: WantedLines): ((line: LogLine) => boolean) => {
  const wanted = search.toLowerCase()
  return (line) =>
    (runId === undefined || line.runId === runId) &&
    (step === undefined || line.step === step) &&
    (wanted === '' || `${line.text}\n${line.trigger}`.toLowerCase().includes(wanted))
}

type LogOrder = ParsedParams<'log.list'>['sort']

const keys: Record<LogSorting, (line: LogLine) => string | number | null> = {
  time: (line) => line.at,
  trigger: (line) => line.trigger,
  workflow: (line) => line.workflowId,
  message: (line) => line.text.toLowerCase(),
  run: (line) => line.runId
}

/** The newest first, unless somebody chose another order. */
export const lineOrder = (sort: LogOrder): ((a: LogLine, b: LogLine) => number) =>
  sort
    ? inOrder({ key: keys[sort.by], at: ({ at }) => at, id: ({ id }) => id }, sort.down)
    : (a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)

interface AskedLines extends WantedLines {
  readonly dir: string
  /** Captured runs that runs of the logs are, by the latter's ids. */
  readonly captured: Readonly<Record<string, string>>
  readonly most: number
  readonly sort: LogOrder
}

/** The first lines of all logs that are wanted, and how many there are. */
export async function linesOfLogs({ dir, captured, most, sort, ...wanted }: AskedLines): Promise<{
  readonly lines: readonly LogLine[]
  readonly total: number
}> {
  const found: LogLine[] = []
  const isOne = isWanted(wanted)
  for (const [f, { name }] of (await stampsOfLogs(dir)).entries()) {
    const file = await readLog(dir, name)
    for (const [r, log] of runsOfLog(file.entries).entries()) {
      const id = logRunId(f, r)
      let step = 0
      log.entries.forEach((at, i) => {
        const entry = file.entries[at]!
        const isNode = isNodeEntry(entry)
        if (isNode) step++
        const line: LogLine = {
          ...{ id: `${id}.${i}`, at: entry.time, trigger: entry.trigger || null, workflowId: entry.workflowId || null },
          ...{ text: entry.message, runId: captured[id] ?? id, step: isNode ? step : null, origin: 'imported' }
        }
        if (isOne(line)) found.push(line)
      })
    }
  }
  return { lines: found.sort(lineOrder(sort)).slice(0, most), total: found.length }
}

export interface LogMatch {
  readonly log: LogRun
  /** The captured run with the same trigger, nodes, outcome and time; null: it was not captured. */
  readonly run: RunSummary | null
  readonly id: string
}

/** Runs of all imported logs with the captured runs they belong to; each captured run is taken once. */
export function matchRuns(files: readonly (readonly LogRun[])[], captured: readonly RunSummary[]): readonly LogMatch[] {
  const keyOf = (run: LogRun | RunSummary, steps: number, modules: string): string =>
    JSON.stringify([run.trigger, run.outcome, steps, modules])
  // Runs that can be the same at all: thousands of both kinds are not compared with each other.
  const candidates = new Map<string, Candidate[]>()
  // The first one last, where it is taken from without moving the others.
  for (const [place, run] of [...captured.entries()].reverse()) {
    const at = Date.parse(run.startedAt)
    const key = `${slotOf(at)} ${keyOf(run, run.steps, modulesOfRun(run))}`
    const list = candidates.get(key) ?? []
    list.push({ place, at, run })
    candidates.set(key, list)
  }
  const take = (log: LogRun): RunSummary | null => {
    const key = keyOf(log, log.nodes.length, modulesOfLog(log))
    const slot = slotOf(log.startedAt)
    const found = [slot - 1, slot, slot + 1].flatMap((one) => {
      const list = candidates.get(`${(one + slots) % slots} ${key}`) ?? []
      const index = list.findLastIndex(({ at }) => isSameTime(log.startedAt, at))
      return index < 0 ? [] : [{ list, index, candidate: list[index] as Candidate }]
    })
    const [first] = found.sort((a, b) => a.candidate.place - b.candidate.place)
    if (first && first.index === first.list.length - 1) first.list.pop()
    else first?.list.splice(first.index, 1)
    return first?.candidate.run ?? null
  }
  return files.flatMap((runs, f) => runs.map((log, i) => ({ log, run: take(log), id: logRunId(f, i) })))
}

/** A run that only the log knows, as lists show it. */
export const summaryOfLogged = (log: LogRun, id: string): RunSummary => ({
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

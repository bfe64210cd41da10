// MISP's own log of workflows, in both shapes in which it leaves MISP: the file workflow-execution.log and the log entries that
// its interface exports. It names runs, nodes and outcomes but holds no data, so runs made from it are marked as such.
import { parseMispDate } from './log-date.ts'
import { entryAt, ownLines } from './log-lines.ts'
import { isUnknownMap } from '../../../contract/json.ts'

export interface LogEntry {
  /** The server's local time as written; no zone is given. */
  readonly time: string
  readonly trigger: string
  readonly workflowId: string
  readonly message: string
}

export interface LogNode {
  readonly nodeId: string
  readonly moduleId: string
  readonly status: string
}

export interface LogRun {
  readonly trigger: string
  readonly workflowId: string
  readonly workflowName: string
  /** Milliseconds as if the server's local time were UTC. */
  readonly startedAt: number
  readonly endedAt: number
  readonly outcome: 'success' | 'blocked' | 'failure' | 'no end' | 'not started'
  readonly nodes: readonly LogNode[]
  readonly errors: readonly string[]
  /** Numbers of the entries, from 0. */
  readonly entries: readonly number[]
  /** The run inside which it ran (index), or null. */
  readonly parent: number | null
}

const linePattern = /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\] Workflow\(([^:()]*):([^()]*)\)\. (.*)$/s

/** Parses the file, also with what docker, journald or grep put before its lines; lines without a head belong to the message before them. */
export function parseExecutionLog(text: string): LogEntry[] {
  const entries: { time: string; trigger: string; workflowId: string; message: string }[] = []
  for (const line of ownLines(text)) {
    const match = linePattern.exec(line)
    if (match !== null) {
      entries.push({ time: match[1]!, trigger: match[2]!, workflowId: match[3]!, message: match[4]! })
    } else if (entries.length > 0) entries.at(-1)!.message += `\n${line}`
  }
  return entries.map((entry) => ({ ...entry, message: entry.message.trimEnd() }))
}

/** Not the posts of a file, in which the words may stand as data. */
export const looksLikeExecutionLog = (text: string): boolean =>
  !/^\s*(?:\{|\[\s*[[{"\]])/.test(text) &&
  text
    .slice(0, 10_000)
    .split('\n')
    .some((line) => entryAt(line) >= 0)

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

/** Reads MISP's log export: a list of `{Log: …}` or of the entries themselves, newest first or last. Null when it is none. */
export function parseLogExport(json: unknown): LogEntry[] | null {
  const list = Array.isArray(json)
    ? json
    : isUnknownMap(json) && Array.isArray(json['response'])
      ? json['response']
      : null
  if (list === null) return null
  const rows = list
    .map((item) => (isUnknownMap(item) && isUnknownMap(item['Log']) ? item['Log'] : item))
    .filter(isUnknownMap)
  const own = rows.filter((row) => row['model'] === 'Workflow' && row['action'] === 'execute_workflow')
  if (own.length === 0) return rows.some((row) => 'action' in row && 'model' in row) ? [] : null
  own.sort((a, b) => Number(textOf(a['id'])) - Number(textOf(b['id'])))
  const triggers = new Map<string, string>()
  return own.map((row) => {
    const message = textOf(row['title'])
    const workflowId = textOf(row['model_id'])
    const named = /^(?:Started|Finished) executing workflow for trigger `([^`]*)`/.exec(message)
    if (named !== null) triggers.set(workflowId, named[1]!)
    return { time: textOf(row['created']), trigger: triggers.get(workflowId) ?? '', workflowId, message }
  })
}

/** A line about one node: each is a step of its run. */
export const isNodeEntry = ({ message }: LogEntry): boolean =>
  /^(Executed node|Error while executing module|Could not (execute|load))/.test(message)

interface Building {
  trigger: string
  workflowId: string
  workflowName: string
  startedAt: number
  endedAt: number
  outcome: LogRun['outcome']
  nodes: LogNode[]
  errors: string[]
  entries: number[]
  parent: number | null
}

/** Puts entries together to runs. A run that starts inside another one of another workflow is taken for nested when it also ends inside. */
export function runsOfLog(entries: readonly LogEntry[]): LogRun[] {
  const runs: Building[] = []
  const open: number[] = []
  /** Places in `open` by workflow, the last one last. */
  const openBy = new Map<string, number[]>()
  const start = (entry: LogEntry): number => {
    const at = parseMispDate(entry.time)
    const { trigger, workflowId } = entry
    const parent = open.at(-1) ?? null
    runs.push({
      trigger,
      workflowId,
      workflowName: '',
      startedAt: at,
      endedAt: at,
      outcome: 'no end',
      nodes: [],
      errors: [],
      entries: [],
      parent
    })
    const places = openBy.get(workflowId) ?? []
    openBy.set(workflowId, places)
    places.push(open.length)
    open.push(runs.length - 1)
    return runs.length - 1
  }
  entries.forEach((entry, i) => {
    const { message } = entry
    const begins = message.startsWith('Started executing workflow for trigger')
    // A run of the same workflow that is still open was ended by a PHP Error.
    const known = begins ? -1 : (openBy.get(entry.workflowId)?.at(-1) ?? -1)
    const index = begins ? start(entry) : known >= 0 ? open[known]! : start(entry)
    const run = runs[index]!
    run.entries.push(i)
    run.endedAt = parseMispDate(entry.time)
    read(run, message)
    if (run.outcome !== 'no end' || message.startsWith('Error while normalizing')) {
      // What began inside and has no end of its own stopped with an Error.
      while (open.length > 0) {
        const last = open.pop()!
        openBy.get(runs[last]!.workflowId)!.pop()
        if (last === index) break
      }
    }
  })
  return runs
}

function read(run: Building, message: string): void {
  const node =
    /^Executed node `([^`]*)`\nNode `[^`]*` \(([^)]*)\) from Workflow `(.*)` \((?:(?!` \()[^)])*\) executed successfully with status: ([\w-]+)/s.exec(
      message
    )
  if (node !== null) {
    run.nodes.push({ moduleId: node[1]!, nodeId: node[2]!, status: node[4]! })
    run.workflowName = node[3]!
    return
  }
  const end = /^Finished executing workflow for trigger `[^`]*` \([^)]*\)\. Outcome: (success|blocked|failure)/.exec(
    message
  )
  if (end !== null) run.outcome = end[1] as LogRun['outcome']
  else if (message.startsWith('Error while normalizing')) run.outcome = 'not started'
  const failed = /^Error while executing module (\S+)\. Error: /.exec(message)
  if (failed !== null) run.nodes.push({ moduleId: failed[1]!, nodeId: '', status: 'error' })
  const disabled = /^Could not execute disabled module `([^`]*)`/.exec(message)
  if (disabled !== null) run.nodes.push({ moduleId: disabled[1]!, nodeId: '', status: 'disabled_module' })
  const unknown = /^Could not load class for module: (.*)$/s.exec(message)
  if (unknown !== null) run.nodes.push({ moduleId: unknown[1]!, nodeId: '', status: 'loading_error' })
  if (/^(Error|Could not|Execution)/.test(message)) run.errors.push(message)
}

// MISP's log: lines that local runs wrote, and those of imported logs, the newest first.
import { append } from '../../contract/lists.ts'
import type { ParsedParams, Result } from '../../contract/operations.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import type { LogLine } from '../../contract/workspace.ts'
import { CodedError } from '../../contract/errors.ts'
import { join } from 'node:path'
import { bytesIn } from '../aside/aside.ts'
import { capturedSummaries } from '../capture/host-capture.ts'
import { isWanted, lineOrder } from '../capture/import/log-import.ts'
import { logOfRun } from '../runs/local-log.ts'
import type { Services } from './services.ts'

/** More would read too many files; older runs show their lines when they are opened. */
const mostLocal = 1000

export async function listLog(
  services: Services,
  { search, runId, step, sort, cursor, limit }: ParsedParams<'log.list'>,
  signal: AbortSignal
): Promise<Result<'log.list'>> {
  const { workspace, capture, aside } = services
  workspace.assertThere()
  const service = await capture.service()
  const wanted = { search, runId, step }
  const local = (await localLines(services, runId, signal)).filter(isWanted(wanted))
  const from = cursor === null ? 0 : Number(cursor)
  const matches = await capture.logs.match(service.dir, () => capturedSummaries(service))
  const captured = Object.fromEntries(matches.flatMap(({ id, run }) => (run === null ? [] : [[id, run.id]])))
  const bytes = await bytesIn(join(service.dir, 'logs'))
  const asked = { dir: service.dir, captured, most: from + limit, sort, ...wanted }
  const imported = await aside.run('linesOfLogs', asked, { bytes, name: 'capture/logs', signal })
  const total = local.length + imported.total
  return {
    lines: [...local, ...imported.lines].sort(lineOrder(sort)).slice(from, from + limit),
    cursor: from + limit < total ? String(from + limit) : null,
    total
  }
}

/** Throws STORE_FILE_UNREADABLE for the one run that is asked for; of all runs, one that cannot be read is told as a problem. */
async function localLines(
  { workspace, capture }: Services,
  runId: string | undefined,
  signal: AbortSignal
): Promise<LogLine[]> {
  const runs =
    runId === undefined
      ? workspace.runs.list({ origin: ['local'] }, '', null, mostLocal).runs
      : [workspace.runs.get(runId)].flatMap((run) => (run?.origin === 'local' ? [run] : []))
  const lines: LogLine[] = []
  for (const run of runs) {
    signal.throwIfAborted()
    if (!isOver(run)) continue
    try {
      append(lines, await logOfRun(run.id, workspace.runFile(run.id), run.startedAt))
    } catch (error) {
      if (!(error instanceof CodedError) || runId !== undefined) throw error
      capture.problemOnce(`The log of the run ${run.id} is missing: ${error.message}`)
    }
  }
  return lines
}

/** Whether its file has to be there. */
const isOver = ({ state, size }: RunSummary): boolean => (state === 'done' || state === 'unreadable') && size > 0

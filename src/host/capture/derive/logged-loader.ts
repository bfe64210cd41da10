// A run that only MISP's log knows, as run events: its nodes with their results, in the order of the log, and no data at all.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { NodeResult, RunEvent, RunEventMap, RunEventType } from '../../../contract/run.ts'
import { CodedError } from '../../../contract/errors.ts'
import { nodeResults } from '../../../contract/run.ts'
import { defaultProfile } from '../../../engine/profiles/profiles.ts'
import type { ProfileId } from '../../../engine/profiles/profiles.ts'
import { anyModule } from '../understand/module-facts.ts'
import { isNodeEntry, runsOfLog, type LogEntry, type LogNode, type LogRun } from '../import/execution-log.ts'
import { withNodes } from '../group/fitting-workflow.ts'
import { parseMispDate } from '../import/log-date.ts'
import { logAt } from '../import/log-import.ts'
import { captureFolder } from '../service.ts'

export interface LoggedRun {
  readonly events: readonly RunEvent[]
  /** Of the workspace's workflows for the trigger the first that has the run's nodes. */
  readonly workflow: Json
  readonly options: JsonMap
}

/** `runId` is log-FILE-RUN, counted from 1, as matchRuns gives it. Throws RUN_NOT_FOUND. */
export async function loadLogged(
  runId: string,
  folder: string,
  workflows: readonly Json[],
  profile: ProfileId = defaultProfile
): Promise<LoggedRun> {
  const [, file, run] = (/^log-(\d+)-(\d+)$/.exec(runId) ?? []).map(Number)
  const log = file === undefined ? null : await logAt(captureFolder(folder), file - 1)
  const found = log && run !== undefined ? runsOfLog(log.entries)[run - 1] : undefined
  if (!log || !found) throw new CodedError('RUN_NOT_FOUND', `There is no run “${runId}” in the imported logs.`)
  const lines = found.entries.flatMap((entry) => log.entries[entry] ?? [])
  return {
    events: eventsOf(runId, found, lines, profile),
    workflow: withNodes(workflows, found.nodes) ?? null,
    options: {}
  }
}

function eventsOf(runId: string, run: LogRun, lines: readonly LogEntry[], profile: ProfileId): readonly RunEvent[] {
  const events: RunEvent[] = []
  const emit = <T extends RunEventType>(at: number, type: T, nodeId: number | null, data: RunEventMap[T]): void => {
    const head = { runId, seq: events.length + 1, at: Math.max(0, at - run.startedAt), nodeId }
    events.push({ ...head, type, data } as RunEvent)
  }
  const { workflowId, workflowName, trigger: triggerId, outcome } = run
  const pathType = anyModule(triggerId)?.blocking ? 'blocking' : 'non-blocking'
  emit(run.startedAt, 'run.started', null, {
    ...{ workflowId, workflowName, triggerId, pathType, profile },
    assumptions: []
  })
  let next = 0
  for (const line of lines) {
    const at = parseMispDate(line.time)
    const node = isNodeEntry(line) ? run.nodes[next++] : undefined
    if (!node) continue
    const ref = refOf(node)
    emit(at, 'node.started', ref.nodeId, { ...ref, path: [] })
    emit(at, 'node.finished', ref.nodeId, finishedOf(node, run.errors.includes(line.message) ? line.message : null))
  }
  emit(run.endedAt, 'run.finished', null, {
    ...{ outcome, outcomeText: 'from MISP’s log, without data', success: outcome === 'success', walk: null },
    blockingErrors: outcome === 'blocked' ? run.errors : []
  })
  return events
}

/** The log names no node of a module that failed. */
const refOf = ({ nodeId, moduleId }: LogNode) => {
  const definition = anyModule(moduleId)
  return {
    ...{ nodeId: Number(nodeId), moduleId, moduleType: definition?.module_type ?? 'action' },
    ...(definition ? { name: definition.name } : {})
  }
}

function finishedOf(node: LogNode, error: string | null): RunEventMap['node.finished'] {
  const result = (nodeResults as readonly string[]).includes(node.status) ? (node.status as NodeResult) : 'error'
  return {
    ...refOf(node),
    ...{ result, success: result === 'success', errors: [], ...(error === null ? {} : { message: error }) },
    ...{ before: null, after: null, view: null, params: {}, derived: ['duration'] }
  }
}

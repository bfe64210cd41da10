// Lines of MISP's workflow-execution.log (Workflow::__logToFile), and what the log does to the worker of a concurrent branch.
import { phpString } from '../../php/cast.ts'
import { phpError } from '../../php/exceptions.ts'
import { isEmpty } from '../../php/values.ts'
import { dateTimeOf } from '../../world/dates.ts'
import { event } from '../environment.ts'
import type { Scope } from '../environment.ts'
import type { Gen } from '../../effects/signals.ts'

const line = (scope: Scope, message: string): string => {
  const { workflow, env } = scope
  const place = `${phpString(workflow['trigger_id'] ?? null)}:${phpString(workflow['id'] ?? null)}`
  return `[${dateTimeOf(env.now())}] Workflow(${place}). ${message}\n`
}

/** Workflow::logExecutionError: written with debug mode on or off; loads the log object. */
export function* logError(scope: Scope, message: string): Gen<void> {
  scope.process.logLoaded = true
  yield event(scope, null, 'log', { line: line(scope, message), error: true })
}

/** Workflow::logExecutionIfDebug. */
export function* logIfDebug(scope: Scope, message: string, nodeId: number | null): Gen<void> {
  if (!isDebugging(scope)) return
  yield* requireLog(scope, nodeId)
  yield event(scope, nodeId, 'log', { line: line(scope, message), error: false })
}

export const isDebugging = (scope: Scope): boolean => !isEmpty(scope.workflow['debug_enabled'])

/** Workflow::$Log is null in a worker that walks a branch (WorkflowShell::walkGraph), until an error has been logged. */
function* requireLog(scope: Scope, nodeId: number | null): Gen<void> {
  if (scope.process.logLoaded || !scope.env.profile.concurrentWorkerHasNoLog) return
  if (scope.env.crash) throw phpError('Error', 'Call to a member function createLogEntry() on null')
  if (scope.process.noted) return
  scope.process.noted = true
  yield event(scope, nodeId, 'note', {
    nodeId,
    code: 'CONCURRENT_WORKER_DIES',
    text:
      `MISP ${scope.env.profile.id} with debug mode on would stop this branch here: its worker has no log object and crashes ` +
      'after the effect of this node and before its post. Shown is how the branch would run.'
  })
}

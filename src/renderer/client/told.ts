// Answers that came with a run before anybody asked the questions. Each is taken once: whoever asks again asks the host.
import type { OperationName, Params, Result } from '../../contract/operations.ts'
import { firstChanges, firstWorldChanges } from '../../contract/run-views.ts'
import type { FirstLook } from '../../contract/run-views.ts'

const byRun = new Map<string, Map<string, unknown>>()
/** Runs whose answers are kept for somebody who may look soon. */
const most = 4

export function tell(runId: string, first: FirstLook | null): void {
  byRun.delete(runId)
  if (first === null || first.step === 0) return
  const { step, why, changes, world } = first
  const answers = new Map<string, unknown>()
  const keep = <N extends OperationName>(name: N, params: Params<N>, answer: Result<N> | null): unknown =>
    answer !== null && answers.set(name + JSON.stringify(params), answer)
  answers.set(`run.why${JSON.stringify({ runId, step })}`, why)
  keep('run.changes', { runId, step, limit: firstChanges }, changes)
  keep('run.worldChanges', { runId, offset: 0, limit: firstWorldChanges }, world)
  byRun.set(runId, answers)
  for (const old of byRun.keys()) if (byRun.size > most) byRun.delete(old)
}

/** The answer that came before, which is told no more; undefined when none did. */
export function takeTold<N extends OperationName>(
  name: N,
  params: Params<N>
): { readonly data: Result<N> } | undefined {
  const { runId } = params as { readonly runId?: string }
  const answers = runId === undefined ? undefined : byRun.get(runId)
  const key = name + JSON.stringify(params)
  if (!answers?.has(key)) return undefined
  const data = answers.get(key) as Result<N>
  answers.delete(key)
  return { data }
}

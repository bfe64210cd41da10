// Runs that are open: their steps without data. Data is asked for by the panes that show it.
import { createStore } from 'zustand/vanilla'
import type { Json } from '../../contract/json.ts'
import { unpackRun } from '../../contract/packed-steps.ts'
import type { RunDetail, RunStep } from '../../contract/run-views.ts'
import type { Failure } from '../../contract/wire.ts'
import { client } from '../client/client.ts'

export interface OpenRun {
  readonly detail: RunDetail | null
  /** The workflow that it ran, as MISP exports it; null while loading or when only posts are known. */
  readonly workflow: Json
  /** True when the graph was rebuilt from posts. */
  readonly rebuilt: boolean
  readonly failure: Failure | null
}

export const openRuns = createStore<{ readonly byId: ReadonlyMap<string, OpenRun> }>(() => ({ byId: new Map() }))

const update = (runId: string, change: (run: OpenRun) => OpenRun): void =>
  openRuns.setState(({ byId }) => {
    const run = byId.get(runId) ?? { detail: null, workflow: null, rebuilt: false, failure: null }
    return { byId: new Map(byId).set(runId, change(run)) }
  })

export async function loadRun(runId: string): Promise<void> {
  const [detail, workflow] = await Promise.all([
    client.call('runs.get', { runId }),
    client.call('run.workflow', { runId })
  ])
  update(runId, (run) => ({
    detail: detail.ok ? unpackRun(detail.data) : run.detail,
    workflow: workflow.ok ? workflow.data.workflow : run.workflow,
    rebuilt: workflow.ok ? workflow.data.rebuilt : run.rebuilt,
    failure: detail.ok ? null : detail.error
  }))
}

/** Loads it once; later calls only refresh what is shown when the host says that it changed. */
export function openRun(runId: string): void {
  if (!openRuns.getState().byId.has(runId)) {
    update(runId, (run) => run)
    void loadRun(runId)
  }
}

const mergeSteps = (old: readonly RunStep[], fresh: readonly RunStep[]): readonly RunStep[] => {
  const steps = [...old]
  for (const step of fresh) steps[step.step - 1] = step
  return steps
}

client.on('run.progress', ({ runId, steps, state }) => {
  const run = openRuns.getState().byId.get(runId)
  if (!run?.detail) return
  const detail = run.detail
  update(runId, () => ({
    ...run,
    detail: { ...detail, steps: mergeSteps(detail.steps, steps), summary: { ...detail.summary, state } }
  }))
  if (state !== 'running') void loadRun(runId)
})
client.on('runs.changed', ({ changed }) => {
  for (const summary of changed) {
    const run = openRuns.getState().byId.get(summary.id)
    if (run?.detail && run.detail.summary.steps === summary.steps)
      update(summary.id, () => ({ ...run, detail: run.detail && { ...run.detail, summary } }))
    else if (run) void loadRun(summary.id)
  }
})
client.onState((state) => {
  if (state === 'open') for (const runId of openRuns.getState().byId.keys()) void loadRun(runId)
})

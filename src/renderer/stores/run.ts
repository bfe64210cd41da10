// Runs that are open: their steps without data. Data is asked for by the panes that show it.
import { createStore } from 'zustand/vanilla'
import type { Json } from '../../contract/json.ts'
import { unpackRun } from '../../contract/packed-steps.ts'
import type { RunDetail, RunStep, RunSummary } from '../../contract/run-views.ts'
import type { Failure } from '../../contract/wire.ts'
import { client } from '../client/client.ts'
import { tell } from '../client/told.ts'

export interface OpenRun {
  readonly detail: RunDetail | null
  /** The workflow that it ran, as MISP exports it; null while loading or when only posts are known. */
  readonly workflow: Json
  /** True when the graph was rebuilt from posts. */
  readonly rebuilt: boolean
  /** Why it cannot be repeated as it was; null: it can, or nobody knows yet. */
  readonly notRepeatable: string | null
  readonly failure: Failure | null
}

export const openRuns = createStore<{ readonly byId: ReadonlyMap<string, OpenRun> }>(() => ({ byId: new Map() }))

const update = (runId: string, change: (run: OpenRun) => OpenRun): void =>
  openRuns.setState(({ byId }) => {
    const run = byId.get(runId) ?? { detail: null, workflow: null, rebuilt: false, notRepeatable: null, failure: null }
    return { byId: new Map(byId).set(runId, change(run)) }
  })

/** Runs that are being loaded, and what was said of them meanwhile. */
const loading = new Map<string, RunSummary | null>()

/** What is told first of `step` comes with it; without one, of the step that explains the outcome. */
export async function loadRun(runId: string, step: number | null = null): Promise<void> {
  if (loading.has(runId)) return
  loading.set(runId, null)
  const opened = await client.call('runs.open', { runId, step })
  const said = loading.get(runId) ?? null
  loading.delete(runId)
  if (!opened.ok) return update(runId, (run) => ({ ...run, failure: opened.error }))
  const { detail, workflow, rebuilt, first, notRepeatable = null } = opened.data
  tell(runId, first)
  update(runId, () => ({ detail: unpackRun(detail), workflow, rebuilt, notRepeatable, failure: null }))
  if (said && isNews(said, detail.summary)) void loadRun(runId)
}

/** More of it is known than a new summary. */
const isChanged = (old: RunSummary, next: RunSummary): boolean => old.steps !== next.steps || old.state !== next.state

/** What was said while the run was on its way is not in what came. That it began is. */
const isNews = (said: RunSummary, shown: RunSummary): boolean =>
  isChanged(shown, said) && (said.state !== 'running' || said.steps > shown.steps)

/** Loads it once, and anew where that failed; later calls only refresh what is shown when the host says that it changed. `step`: -1 for the one that explains the outcome. */
export function openRun(runId: string, step = -1): void {
  const known = openRuns.getState().byId.get(runId)
  if (known === undefined || (known.failure !== null && known.detail === null)) {
    update(runId, (run) => ({ ...run, failure: null }))
    void loadRun(runId, step < 0 ? null : step)
  }
}

const mergeSteps = (old: readonly RunStep[], fresh: readonly RunStep[]): readonly RunStep[] => {
  const steps = [...old]
  for (const step of fresh) steps[step.step - 1] = step
  return steps
}

client.on('run.progress', ({ runId, steps, state }) => {
  const detail = openRuns.getState().byId.get(runId)?.detail
  if (!detail) return
  const summary = { ...detail.summary, state }
  update(runId, (run) => ({ ...run, detail: { ...detail, steps: mergeSteps(detail.steps, steps), summary } }))
})
client.on('runs.changed', ({ changed }) => {
  for (const summary of changed) {
    const run = openRuns.getState().byId.get(summary.id)
    if (!run) continue
    if (loading.has(summary.id)) loading.set(summary.id, summary)
    else if (run.detail && !isChanged(run.detail.summary, summary))
      update(summary.id, () => ({ ...run, detail: run.detail && { ...run.detail, summary } }))
    else void loadRun(summary.id)
  }
})
client.onState((state) => {
  if (state === 'open') for (const runId of openRuns.getState().byId.keys()) void loadRun(runId)
})

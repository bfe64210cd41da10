// What an update of MISP changes for workflows, over all inputs that are known for each: asked of operations, one at a time, by the app and by
// the terminal alike.
import type { DataSource, ParsedParams, Result, RunOptionsInput, WorkflowSource } from '../contract/operations.ts'
import type { RunSummary } from '../contract/run-views.ts'
import type { UpgradeGroup, UpgradeReport, UpgradeRun, UpgradeWorkflow } from '../contract/upgrade.ts'
import type { DataSummary, WorkflowSummary } from '../contract/workspace.ts'
import type { ConnectedHost } from './holder/local-host.ts'
import type { WorkerOperation } from './worker/thread/protocol.ts'
import { parseProfile } from './worker/runs/run-input.ts'

/** With all params: what has a default in the contract, too. */
export type Ask = <N extends WorkerOperation>(name: N, params: ParsedParams<N>) => Promise<Result<N>>

/** A host reads the params itself; there they may be more than it needs. */
export const askingHost =
  (host: ConnectedHost): Ask =>
  (name, params) =>
    host.ask(name, params as never)

export interface UpgradeInput {
  /** What examples are called: a run's id, a file, a data set. */
  readonly name: string
  readonly data: DataSource
}

export interface UpgradeSubject {
  readonly id: string | null
  readonly name: string
  readonly source: WorkflowSource
  readonly inputs: readonly UpgradeInput[]
}

export interface UpgradeQuestion {
  readonly from: string
  readonly to: string
  readonly options?: RunOptionsInput
  readonly subjects: readonly UpgradeSubject[]
}

const mostExamples = 5

/** @param tell called before each piece of work; it may throw to end all of it */
export async function reportUpgrade(
  ask: Ask,
  { from: first, to: then, options = {}, subjects }: UpgradeQuestion,
  tell: (label: string, done: number, total: number) => void
): Promise<UpgradeReport> {
  const [from, to] = [parseProfile(first), parseProfile(then)]
  const total = subjects.reduce((sum, { inputs }) => sum + 1 + inputs.length, 0)
  const workflows: UpgradeWorkflow[] = []
  let done = 0
  for (const { id, name, source, inputs } of subjects) {
    tell(`Looking at ${name}`, done++, total)
    const look = await ask('upgrade.look', { workflow: source, from, to, options })
    const runs: (readonly [name: string, run: UpgradeRun])[] = []
    for (const input of inputs) {
      tell(`Running ${name} on ${input.name}`, done++, total)
      runs.push([input.name, await ask('upgrade.compare', { workflow: source, data: input.data, from, to, options })])
    }
    workflows.push({ id, name, ...look, ...countRuns(runs) })
  }
  return { from, to, workflows }
}

type Counted = Pick<UpgradeWorkflow, 'same' | 'onlyData' | 'groups' | 'refused'>

export function countRuns(runs: readonly (readonly [name: string, run: UpgradeRun])[]): Counted {
  const groups = new Map<string, UpgradeGroup>()
  let [same, onlyData, refused] = [0, 0, 0]
  for (const [name, run] of runs) {
    if (run.state === 'refused') refused++
    else if (run.state === 'same') {
      same++
      if (run.dataAt !== null) onlyData++
    } else {
      const { nodeId, kind, rules, endRules, outcomes } = run
      const key = JSON.stringify([nodeId, kind, rules, endRules, outcomes])
      const known = groups.get(key)
      const { count, examples } = known ?? { count: 0, examples: [] }
      const shown = examples.length < mostExamples ? [...examples, name] : examples
      // What holds of one of them only is not said of all.
      const isOne = known === undefined || (known.before === run.before && known.after === run.after)
      const [before, after] = isOne ? [run.before, run.after] : kind
      groups.set(key, { nodeId, before, after, rules, endRules, outcomes, count: count + 1, examples: shown })
    }
  }
  return { same, onlyData, refused, groups: [...groups.values()].sort((a, b) => b.count - a.count) }
}

/** The newest of each are looked at. */
const mostRuns = 100
const mostEvents = 100

/** What a workspace has for a workflow: events of its data sets, and what its runs began with. */
export function inputsOf(
  workflow: WorkflowSummary,
  data: readonly DataSummary[],
  runs: readonly RunSummary[]
): readonly UpgradeInput[] {
  const events = data.flatMap(({ id, name, events: list }): UpgradeInput[] =>
    list.length < 2
      ? [{ name, data: { dataId: id } }]
      : list.map((event, index) => ({ name: `${name}: ${event.info}`, data: { dataId: id, index } }))
  )
  const own = runs.filter((run) => isOf(run, workflow)).slice(0, mostRuns)
  return [
    ...events.slice(0, mostEvents),
    ...own.map((run): UpgradeInput => ({ name: run.id, data: { runId: run.id, step: 0, which: 'original' } }))
  ]
}

/** A run again and a nested one are runs of it, too; what MISP’s log tells has no data. */
const isOf = (run: RunSummary, { id, name, trigger }: WorkflowSummary): boolean =>
  run.origin !== 'imported' &&
  run.deletedAt === null &&
  run.trigger === trigger &&
  (run.workflowId === id || run.workflowName === name)

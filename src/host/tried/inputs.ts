// What a workflow is tried on: runs and data of the workspace, and files that a person chose.
import type { Hits } from '../../contract/coverage.ts'
import type { DataSource, ParsedParams } from '../../contract/operations.ts'
import type { RunSummary } from '../../contract/run-views.ts'
import type { DataSummary, WorkflowSummary } from '../../contract/workspace.ts'

export interface TriedInput {
  /** What examples are called: a run's id, a file, a data set. */
  readonly name: string
  readonly data: DataSource
}

/** What may have touched nodes: stored runs, data that the workflow is run on, cases, of which some are asked about together. */
export type Touching =
  | ({ readonly name: string } & ({ readonly runId: string } | Pick<TriedInput, 'data'>))
  | { readonly names: readonly string[]; readonly hits: () => Promise<readonly (Hits | null)[]> }

type Which = Pick<WorkflowSummary, 'id' | 'name' | 'trigger'>

/** What MISP’s log tells has no data. */
const isThere = ({ origin, deletedAt }: RunSummary): boolean => origin !== 'imported' && deletedAt === null

/** A run again and a nested one are runs of it, too. */
const isOf = (run: RunSummary, { id, name, trigger }: Which): boolean =>
  isThere(run) && run.trigger === trigger && (run.workflowId === id || run.workflowName === name)

const beginningOf = ({ id }: RunSummary): TriedInput => ({
  name: id,
  data: { runId: id, step: 0, which: 'original' }
})

/** What the newest runs of a trigger began with, whichever workflow it was. */
export const inputsOfTrigger = (trigger: string | null, runs: readonly RunSummary[], most: number): TriedInput[] =>
  runs
    .filter((run) => isThere(run) && run.trigger === trigger)
    .slice(0, most)
    .map(beginningOf)

/** The newest runs of a workflow, captured and local ones. */
export const runsOfWorkflow = (workflow: Which, runs: readonly RunSummary[], most: number): Touching[] =>
  runs
    .filter((run) => isOf(run, workflow))
    .slice(0, most)
    .map((run) => ({ name: run.id, runId: run.id }))

/** Files that a person chose. */
export const inputsOfFiles = (files: ParsedParams<'impact.report'>['files']): TriedInput[] =>
  files.map(({ name, uploadId }) => ({ name, data: { uploadId } }))

/** Each event of the data sets. */
export const inputsOfData = (data: readonly DataSummary[]): TriedInput[] =>
  data.flatMap(({ id, name, events }): TriedInput[] =>
    events.length < 2
      ? [{ name, data: { dataId: id } }]
      : events.map(({ info }, index) => ({ name: `${name}: ${info}`, data: { dataId: id, index } }))
  )

/** The newest of each are looked at. */
const mostRuns = 100
const mostEvents = 100

/** What a workspace has for a workflow: events of its data sets, and what its runs began with. */
export const inputsOfWorkflow = (
  workflow: Which,
  data: readonly DataSummary[],
  runs: readonly RunSummary[]
): readonly TriedInput[] => [
  ...inputsOfData(data).slice(0, mostEvents),
  ...runs
    .filter((run) => isOf(run, workflow))
    .slice(0, mostRuns)
    .map(beginningOf)
]

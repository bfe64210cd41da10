// A workflow over many inputs, asked of operations one at a time, by the app and by the terminal alike: what a change would have changed, and what
// of it has ever run.
import { addHits, coverageOf, type Coverage, type Hits } from '../contract/coverage.ts'
import type { ImpactReport } from '../contract/impact.ts'
import type { ParsedParams } from '../contract/operations.ts'
import type { RunSummary } from '../contract/run-views.ts'
import type { UpgradeRun } from '../contract/upgrade.ts'
import type { DataSummary, WorkflowSummary } from '../contract/workspace.ts'
import { countRuns, type Ask, type UpgradeInput } from './upgrade-report.ts'

/** Called before each piece of work; it may throw to end all of it. */
type Tell = (label: string, done: number, total: number) => void

/** The thread that is asked has the next one there when it is done with one. */
const atOnce = 3

export async function reportImpact(
  ask: Ask,
  question: Omit<ParsedParams<'impact.compare'>, 'data'>,
  inputs: readonly UpgradeInput[],
  tell: Tell
): Promise<ImpactReport> {
  const runs: (readonly [name: string, run: UpgradeRun])[] = []
  const asked: Promise<UpgradeRun>[] = []
  for (const [done, { name }] of inputs.entries()) {
    tell(`Running on ${name}`, done, inputs.length)
    for (const { data } of inputs.slice(asked.length, done + atOnce)) {
      const coming = ask('impact.compare', { ...question, data })
      // Whoever waits for it gets the error; nobody does once an earlier one has failed.
      coming.catch(() => undefined)
      asked.push(coming)
    }
    runs.push([name, await (asked[done] as Promise<UpgradeRun>)])
  }
  const { groups, ...counted } = countRuns(runs)
  return { ...counted, groups: groups.map(({ rules: _rules, endRules: _none, ...group }) => group) }
}

/** What is looked at: stored runs, and data that it is run on. */
export type Touching = { readonly name: string } & (
  { readonly runId: string } | Pick<UpgradeInput, 'data'> | { readonly hits: () => Hits | null | Promise<Hits | null> }
)

export async function reportCoverage(
  ask: Ask,
  question: Pick<ParsedParams<'coverage.of'>, 'workflow' | 'options'>,
  inputs: readonly Touching[],
  tell: Tell
): Promise<Coverage> {
  let all = (await ask('coverage.of', question)).hits as Hits
  let leftOut = 0
  for (const [done, { name, ...input }] of inputs.entries()) {
    tell(`Looking at ${name}`, done, inputs.length)
    const hits = 'hits' in input ? await input.hits() : (await ask('coverage.of', { ...question, ...input })).hits
    if (hits === null) leftOut++
    else all = addHits(all, hits)
  }
  return coverageOf(all, inputs.length - leftOut, leftOut)
}

const isThere = ({ origin, deletedAt }: RunSummary): boolean => origin !== 'imported' && deletedAt === null

/** What the newest runs of a trigger began with, whichever workflow it was. */
export const inputsOfTrigger = (trigger: string | null, runs: readonly RunSummary[], most: number): UpgradeInput[] =>
  runs
    .filter((run) => isThere(run) && run.trigger === trigger)
    .slice(0, most)
    .map(({ id }) => ({ name: id, data: { runId: id, step: 0, which: 'original' } }))

/** The newest runs of a workflow, captured and local ones. */
export const runsOfWorkflow = (
  { id, name, trigger }: Pick<WorkflowSummary, 'id' | 'name' | 'trigger'>,
  runs: readonly RunSummary[],
  most: number
): Touching[] =>
  runs
    .filter((run) => isThere(run) && run.trigger === trigger && (run.workflowId === id || run.workflowName === name))
    .slice(0, most)
    .map((run) => ({ name: run.id, runId: run.id }))

/** Files that a person chose. */
export const inputsOfFiles = (files: ParsedParams<'impact.report'>['files']): UpgradeInput[] =>
  files.map(({ name, uploadId }) => ({ name, data: { uploadId } }))

/** Each event of the data sets. */
export const inputsOfData = (data: readonly DataSummary[]): UpgradeInput[] =>
  data.flatMap(({ id, name, events }): UpgradeInput[] =>
    events.length < 2
      ? [{ name, data: { dataId: id } }]
      : events.map(({ info }, index) => ({ name: `${name}: ${info}`, data: { dataId: id, index } }))
  )

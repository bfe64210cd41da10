// A workflow tried on many inputs: an update of MISP, another version of it, what of it has run.
import { z } from 'zod'
import type { Coverage, Hits } from '../coverage.ts'
import type { TriedReport, TriedRun } from '../tried.ts'
import type { UpgradeLook, UpgradeReport } from '../upgrade.ts'
import { takes } from './operation.ts'
import { caseIdText, dataSource, id, json, profile, runOptions, workflowSource } from './params.ts'

const version = z.string().min(1).max(60)
/** What of a question was otherwise: absent is the same. */
const otherwise = z.strictObject({ workflow: json.optional(), options: runOptions.optional() })
/** Uploads that a workflow is tried on, with the names that people know them by. They are gone when the answer is there. */
const triedFiles = z
  .array(z.strictObject({ uploadId: id, name: z.string().min(1).max(500) }))
  .max(10_000)
  .default([])
/** Over what a workflow is tried: the newest of its runs, and uploads. `data`, beside it: the workspace's data sets. */
const triedOver = {
  ...{ runs: z.int().min(0).max(5000).default(100), files: triedFiles },
  /** Files of MISP's database in place of the workspace's world, by their paths in a folder as `--world` takes it. */
  world: triedFiles
}

export const triedOperations = {
  // What an update of MISP changes. `upgrade.report` asks the two others for each workflow and each of its inputs.
  'upgrade.look': takes(
    z.strictObject({ workflow: workflowSource, from: version, to: version, options: runOptions.default({}) })
  ).gives<UpgradeLook>(),
  'upgrade.compare': takes(
    z.strictObject({
      ...{ workflow: workflowSource, data: dataSource },
      ...{ from: version, to: version, options: runOptions.default({}) }
    })
  ).gives<TriedRun>(),
  /** Of all workflows when none is named, over the workspace's data sets and runs. Progress comes as `job.progress` events. */
  'upgrade.report': takes(
    z.strictObject({ from: version, to: version, workflowIds: z.array(id).max(10_000).optional() })
  ).gives<UpgradeReport>(),

  // What another workflow, version of MISP or settings change over runs. `impact.report` asks the other for some inputs at a time; `before` says
  // what of the workflow and its options was otherwise.
  'impact.compare': takes(
    z.strictObject({
      ...{ workflow: workflowSource, inputs: z.array(dataSource).max(100) },
      ...{ options: runOptions.default({}), before: otherwise }
    })
  ).gives<{ readonly runs: readonly TriedRun[] }>(),
  /** Over what the newest runs of its trigger began with, data sets and uploads. Progress comes as `job.progress` events. */
  'impact.report': takes(
    z.strictObject({
      ...{ workflow: workflowSource, options: runOptions.default({}), before: otherwise },
      ...{ ...triedOver, data: z.boolean().default(true) }
    })
  ).gives<TriedReport>(),

  /** What a stored run, or a run on `data`, touches of the workflow; what nothing touches without both. Null: it is no input, or no run of it. */
  'coverage.of': takes(
    z.strictObject({
      ...{ workflow: workflowSource, runId: id.optional(), data: dataSource.optional() },
      ...{ options: runOptions.default({}) }
    })
  ).gives<{ readonly hits: Hits | null }>(),
  /** What each of these cases touches of it; null: the case is about another workflow. `workflowId`: its id in the workspace. */
  'coverage.ofCases': takes(
    z.strictObject({ workflow: workflowSource, workflowId: id, caseIds: z.array(caseIdText).max(1000), profile })
  ).gives<{ readonly hits: readonly (Hits | null)[] }>(),
  /** Over the newest runs of that workflow, runs on data sets and uploads, and the workspace's cases. Progress comes as `job.progress` events. */
  'coverage.report': takes(
    z.strictObject({
      ...{ workflow: workflowSource, workflowId: id, options: runOptions.default({}) },
      ...{ ...triedOver, data: z.boolean().default(false), cases: z.boolean().default(false) }
    })
  ).gives<Coverage>()
} as const

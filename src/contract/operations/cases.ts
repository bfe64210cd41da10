// Cases of the workspace's folder `cases/`.
import { z } from 'zod'
import type { CaseResult, CaseRow } from '../case.ts'
import { takes } from './operation.ts'
import { caseIdText, id, nothing, profile, textGiven } from './params.ts'

const tickedDifferences = z.array(z.strictObject({ at: z.int().min(0), text: z.string().max(100_000) })).max(1000)
/** Differences that are expected from now on, and places of answers and mocks that are left out; one of them at least. */
const caseUpdate = z.strictObject({
  caseId: caseIdText,
  ticked: tickedDifferences.default([]),
  unused: z.array(z.string().min(1).max(2000)).max(10_000).default([]),
  /** It was shown as it comes out under that version of MISP instead of its own. */
  profile
})

const caseOfRun = {
  runId: id,
  expect: z.array(z.string().min(1).max(2000)).max(1000).default([]),
  name: z.string().min(1).max(200).optional(),
  byName: z.boolean().default(false)
}

export const caseOperations = {
  /**
   * A case out of a run: its text, and what running it gives. `expect`: parts and hash paths, absent: outcome and path. Its workflow is inside,
   * unless it is in `workflowFile`, beside the case, or the workspace's one of that name (`byName`). CASE_NOT_MADE, WORKFLOW_NOT_FOUND.
   */
  'cases.make': takes(z.strictObject({ ...caseOfRun, workflowFile: z.string().min(1).max(500).optional() })).gives<{
    readonly name: string
    readonly text: string
    readonly result: CaseResult
  }>(),
  // Cases are named by their paths within that folder. CASE_NOT_FOUND.
  'cases.look': takes(nothing).gives<readonly CaseRow[]>(),
  /** As `cases.look`, with what running them last gave. */
  'cases.list': takes(nothing).gives<readonly CaseRow[]>(),
  /** Runs a few, offline. `cases.test` asks it for many. */
  'cases.check': takes(z.strictObject({ caseIds: z.array(caseIdText).max(1000), profile })).gives<readonly CaseRow[]>(),
  /** All when none is named. Progress comes as `job.progress` events; what was run stays known when it is cancelled. */
  'cases.test': takes(z.strictObject({ caseIds: z.array(caseIdText).max(100_000).optional(), profile })).gives<
    readonly CaseRow[]
  >(),
  /** A run of it, as a run of the workspace. */
  'cases.open': takes(z.strictObject({ caseId: caseIdText, profile })).gives<{ readonly runId: string }>(),
  /** Its text with what was ticked as what is expected from now on, and without what nothing asks for. CASE_CHANGED. */
  'cases.updated': takes(caseUpdate).gives<{
    readonly text: string
  }>(),
  /** Writes that, and runs it. CASE_CHANGED when it gives another result than the one shown; nothing is written then. */
  'cases.update': takes(caseUpdate).gives<CaseRow>(),
  /** Its text under another name. */
  'cases.renamed': takes(z.strictObject({ caseId: caseIdText, name: z.string().min(1).max(200) })).gives<{
    readonly text: string
  }>(),
  'cases.rename': takes(z.strictObject({ caseId: caseIdText, name: z.string().min(1).max(200) })).gives<CaseRow>(),
  /** Makes a case of a run, in a new file. `byName`: of the workspace's workflow as it is then, instead of the one inside. */
  'cases.keep': takes(z.strictObject(caseOfRun)).gives<CaseRow>(),
  /** A case that comes as a file, in a new file of its name. What is wrong with it is its result. */
  'cases.import': takes(z.strictObject(textGiven)).gives<CaseRow>(),
  /** Into the bin of the folder: the files stay until they are restored. */
  'cases.delete': takes(z.strictObject({ caseIds: z.array(caseIdText).min(1).max(100_000) })).gives<{
    readonly deleted: number
  }>(),
  /** FILE_EXISTS when something else has its place. */
  'cases.restore': takes(z.strictObject({ caseIds: z.array(caseIdText).min(1).max(100_000) })).gives<{
    readonly restored: number
  }>()
} as const

// Captured runs held against offline ones.
import { z } from 'zod'
import { differenceKinds } from '../verify.ts'
import type { AcceptedDifference, ListedDifference, VerifyReport } from '../verify.ts'
import { takes } from './operation.ts'
import { id, ids, nothing, profile, workflowSource } from './params.ts'

export const verifyOperations = {
  /**
   * Runs a captured run's input offline through the workspace's workflow (the version that fits best, or one that is chosen) and holds the
   * posts that this gives against MISP's. Nothing is sent. VERIFY_NOT_CAPTURED for a run that MISP did not post.
   */
  'run.verify': takes(
    z.strictObject({ runId: id, workflow: workflowSource.optional(), profile })
  ).gives<VerifyReport>(),
  /**
   * As `run.verify`, of several runs or of all that were captured, oldest first; the verdicts are kept with the runs. One that Retrace fails at
   * is different, of kind `fault`. `brief`: without the values of a difference, which may be large. What was verified before it is cancelled
   * stays so.
   */
  'runs.verify': takes(
    z.strictObject({
      runIds: ids.optional(),
      workflow: workflowSource.optional(),
      profile,
      brief: z.boolean().default(false)
    })
  ).gives<readonly VerifyReport[]>(),
  /** Differences that are expected, newest first; those whose day is over, too. */
  'verify.accepted': takes(nothing).gives<readonly ListedDifference[]>(),
  /** For one run, or for every run of a workflow of the workspace. */
  'verify.accept': takes(
    z.strictObject({
      for: z.union([z.strictObject({ runId: id }), z.strictObject({ workflowId: id })]),
      nodeId: z.int().nullable(),
      kind: z.enum(differenceKinds).exclude(['fault']),
      path: z.string().max(10_000).nullable(),
      reason: z.string().trim().min(1).max(2000),
      until: z.iso.date()
    })
  ).gives<AcceptedDifference>(),
  /** Into the folder's bin. Kept verdicts of runs that had it do not stand any more. ACCEPTED_NOT_FOUND. */
  'verify.unaccept': takes(z.strictObject({ id })).gives<readonly ListedDifference[]>()
} as const

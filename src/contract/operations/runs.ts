// The list of runs: pages of it, one of them opened, two compared.
import { z } from 'zod'
import type { DiffPart, DiffStep, RunComparison, StepDifferences } from '../comparison.ts'
import { findQuestion } from '../finding.ts'
import type { RunHits } from '../finding.ts'
import type { OpenedRun, PackedRunDetail } from '../packed-steps.ts'
import { runOrigins, runSortings } from '../run-views.ts'
import type { RunFacets, RunPreview, RunSummary } from '../run-views.ts'
import { outcomes } from '../run.ts'
import { listedVerdicts } from '../verify.ts'
import type { PostAccounts, RunPage } from '../workspace.ts'
import { takes } from './operation.ts'
import { id, ids, limit, nothing } from './params.ts'

const runFilter = z.strictObject({
  origin: z.array(z.enum(runOrigins)).optional(),
  outcome: z.array(z.enum([...outcomes, 'running'])).optional(),
  trigger: z.array(z.string()).optional(),
  workflow: z.array(z.string()).optional(),
  source: z.array(z.string()).optional(),
  /** Runs with a node of this very module. */
  module: z.string().max(300).optional(),
  /** Captured runs by what verifying them last answered, as far as that still stands. */
  verdict: z.array(z.enum(listedVerdicts)).optional(),
  parent: id.optional(),
  /** Runs at the top of their tree: those that match, or that a run which matches came out of. */
  roots: z.boolean().optional(),
  pinned: z.boolean().optional(),
  deleted: z.boolean().optional()
})
export type RunFilter = z.output<typeof runFilter>

export const runsOperations = {
  // Newest first; a cursor stays valid while new runs arrive.
  'runs.list': takes(
    z.strictObject({
      filter: runFilter.default({}),
      search: z.string().max(1000).default(''),
      /** Instead of newest first. What is equal stands newest first, what has no value last. */
      sort: z.strictObject({ by: z.enum(runSortings), down: z.boolean() }).optional(),
      cursor: z.string().nullable().default(null),
      limit
    })
  ).gives<RunPage>(),
  /** What runs can be filtered by, each with the number of runs, most first. */
  'runs.facets': takes(nothing).gives<RunFacets>(),
  /** All runs at once, newest first, with the number of their posts. */
  'runs.rows': takes(nothing).gives<{
    readonly runs: readonly (RunSummary & { readonly posts: number })[]
    readonly accounts: PostAccounts
  }>(),
  /** Secrets in what it says are masked unless `unmasked`. */
  'runs.get': takes(z.strictObject({ runId: id, unmasked: z.boolean().default(false) })).gives<PackedRunDetail>(),
  /**
   * All that its view shows at first: with the workflow (null when it is unknown), and with what is told first of `step`, by default the step
   * that explains the outcome. `first`: null for a run that is long or large, whose data is asked for once its steps are seen.
   */
  'runs.open': takes(z.strictObject({ runId: id, step: z.int().min(0).nullable().default(null) })).gives<OpenedRun>(),
  /** The first place of each run where it appears, newest run first, some runs at a time. Masked secrets are not searched. */
  'runs.find': takes(
    z.strictObject({
      question: findQuestion,
      /** Only these. RUN_NOT_FOUND. */
      runIds: ids.optional(),
      cursor: z.string().nullable().default(null),
      limit
    })
  ).gives<RunHits>(),
  /** What a list shows beside it: how the run ended, and its first and last steps, at most so many. */
  'runs.preview': takes(z.strictObject({ runId: id, steps: z.int().min(1).max(100).default(14) })).gives<RunPreview>(),
  /** Two runs held against each other. A run in progress is compared as far as it came. */
  'runs.compare': takes(z.strictObject({ runId: id, otherId: id })).gives<RunComparison>(),
  /** One line of it, from 0; -1: what the runs started with. STEP_NOT_FOUND. */
  'runs.compareStep': takes(
    z.strictObject({ runId: id, otherId: id, row: z.int().min(-1), limit })
  ).gives<StepDifferences>(),
  /** The lines from that one on with all that differs in them, for scripts. `next`: null behind the last one. */
  'runs.differences': takes(z.strictObject({ runId: id, otherId: id, from: z.int().min(0).default(0), limit })).gives<{
    readonly outcomes: RunComparison['outcomes']
    readonly summary: readonly string[]
    /** What differs of what the runs started with. */
    readonly start: readonly DiffPart[]
    /** What differs of what is told of their ends, besides the outcomes: texts, what PHP threw, jobs. */
    readonly end: readonly DiffPart[]
    readonly steps: readonly DiffStep[]
    readonly next: number | null
  }>(),
  'runs.pin': takes(z.strictObject({ runIds: ids, pinned: z.boolean() })).gives<readonly RunSummary[]>(),
  'runs.rename': takes(z.strictObject({ runId: id, name: z.string().max(500).nullable() })).gives<RunSummary>(),
  'runs.delete': takes(z.strictObject({ runIds: ids })).gives<readonly RunSummary[]>(),
  'runs.restore': takes(z.strictObject({ runIds: ids })).gives<readonly RunSummary[]>()
} as const

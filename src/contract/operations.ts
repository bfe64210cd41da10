// The one map of operations. Client, preload, gate, HTTP routes and WebSocket are derived from it by types: a new call is
// one line here and one handler in host/operations (or in host/worker/operations for what works on data).
import { z } from 'zod'
import type {
  FilterLook,
  HashKey,
  HashLook,
  ModuleUse,
  TemplateCompletions,
  TemplateLive,
  TemplateLook,
  TriggerRow,
  WhyNotReport
} from './authoring.ts'
import type { BlueprintDetail, BlueprintImport, BlueprintSummary, Draft } from './editing.ts'
import { effectOptions, pinnedOutput, placeholder } from './effects.ts'
import type {
  AnswerSet,
  ConnectionTest,
  CustomModuleInfo,
  LiveSettings,
  MockSet,
  RenderedMail,
  RunPlan,
  TakenOver,
  TakeOverSource,
  WorldDiff,
  WorldNeed,
  WorldPart
} from './effects.ts'
import { anyJson, anyMap } from './any-json.ts'
import type { BlameEntry, Chain } from './chain.ts'
import { findQuestion } from './finding.ts'
import type { RunHits } from './finding.ts'
import type { CaseResult, CaseRow } from './case.ts'
import type { DiffPart, DiffStep, RunComparison, StepDifferences } from './comparison.ts'
import type { Json, JsonMap } from './json.ts'
import type { ModuleDefinition } from './modules.ts'
import type { MispSettings } from './misp-settings.ts'
import { captureChange, liveChange, retentionRules } from './own-settings.ts'
import { outcomes } from './run.ts'
import type { EffectAnswer } from './run.ts'
import type { OpenedRun, PackedRunDetail } from './packed-steps.ts'
import type { Sentence } from './sentence.ts'
import type {
  ModuleExecution,
  PausedAt,
  RunEffect,
  RunFacets,
  RunPreview,
  RunSummary,
  StepReason
} from './run-views.ts'
import type { ProfilesState, ProfileUse } from './profiles.ts'
import { runOrigins, runSortings } from './run-views.ts'
import type { RecordedInput } from './surroundings.ts'
import type { TrustState } from './trust.ts'
import { differenceKinds, listedVerdicts } from './verify.ts'
import type { AcceptedDifference, ListedDifference, VerifyReport } from './verify.ts'
import type { SwitchedWorkspace, WorkspaceList } from './workspaces.ts'
import type { Coverage, Hits } from './coverage.ts'
import type { TriedReport, TriedRun } from './tried.ts'
import type { UpgradeLook, UpgradeReport } from './upgrade.ts'
import { watchPaths } from './watch.ts'
import type { WatchRow } from './watch.ts'
import { searchKinds } from './values.ts'
import type { ValueChanges, ValueMatches, ValuePage } from './values.ts'
import type {
  AppInfo,
  CaptureSettings,
  CaptureStatus,
  DataSummary,
  ImportedPosts,
  LogLine,
  OpenedFiles,
  MissingPost,
  PostDetail,
  PostAccounts,
  PostSummary,
  RetentionPlan,
  RunPage,
  StorageInfo,
  WorkflowDetail,
  WorkflowProblem,
  WorkflowSummary,
  WorkspaceInfo
} from './workspace.ts'
import { logSortings, postSortings } from './workspace.ts'

declare const resultType: unique symbol

interface Operation<P extends z.ZodType, R> {
  readonly params: P
  /** Never there: carries the result's type. */
  readonly [resultType]?: R
}

const takes = <P extends z.ZodType>(params: P) => ({ gives: <R>(): Operation<P, R> => ({ params }) })

const id = z.string().min(1).max(200)
const triggerOfPosts = z.string().min(1).max(200).optional()
const ids = z.array(id).min(1).max(100_000)
const offset = z.int().min(0).default(0)
const limit = z.int().min(1).max(1000).default(100)
const path = z.array(z.union([z.string(), z.int().min(0)])).max(10_000)
const json: z.ZodType<Json> = anyJson
const map: z.ZodType<JsonMap> = anyMap
const nothing = z.strictObject({}).default({})
/** A profile's name, or a version of MISP. */
const profile = z.string().max(60).optional()
const version = z.string().min(1).max(60)

const stepValues = ['input', 'output', 'view', 'params', 'errors', 'original', 'normalized', 'effects', 'post'] as const
export type StepValue = (typeof stepValues)[number]

/** A value of a run: of its trigger (step 0: original, normalized) or of one of its steps. */
const valueOfStep = { runId: id, step: z.int().min(0), which: z.enum(stepValues) }
const shownValue = { ...valueOfStep, unmasked: z.boolean().optional() }

/** Which one, where there are several: its place from 0, or its UUID, id or name. */
const entry = z.union([z.int().min(0), z.string().min(1).max(500)])

/**
 * Where data comes from: given, a data set of the workspace, an upload, a file on this machine (not from a browser), or a run.
 * With `trigger` it is what that trigger's workflow starts with: normalised into core format.
 */
const dataSource = z.union([
  z.strictObject({ json, index: entry.optional(), trigger: id.optional() }),
  z.strictObject({ dataId: id, index: entry.optional(), trigger: id.optional() }),
  z.strictObject({ uploadId: id, index: entry.optional(), trigger: id.optional() }),
  z.strictObject({ ...valueOfStep, trigger: id.optional() })
])
export type DataSource = z.output<typeof dataSource>

const workflowSource = z.union([
  z.strictObject({ json }),
  z.strictObject({ workflowId: id, version: z.int().min(1).optional() }),
  z.strictObject({ runId: id })
])
export type WorkflowSource = z.output<typeof workflowSource>

const runOptions = z.strictObject({
  settings: map.optional(),
  mispDefaults: z.boolean().optional(),
  mocks: map.optional(),
  /** Named mocks and pins of the workspace; `mocks` and `pins` win over theirs. */
  mockSet: id.optional(),
  pins: z.record(z.string().max(20), pinnedOutput).optional(),
  placeholders: z.record(z.string().max(200), placeholder).optional(),
  /** Who answers effects that no mock answers. */
  effects: effectOptions.optional(),
  /** World parts; absent ones come from the input event. A large one is uploaded, as a map of parts in one file. */
  world: map.optional(),
  worldUploadId: id.optional(),
  cascade: z.int().min(0).max(100).optional(),
  /** Absent: the one of the run, the workflow or the workspace. */
  profile,
  now: z.iso.datetime({ offset: true }).optional(),
  crash: z.boolean().optional(),
  /** The id of the user who starts it: newer versions post it, and show that user a toast. Absent: nobody, as in a job. */
  user: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  /** As if this trigger had fired the workflow. */
  as: id.optional(),
  /** The data is used as it is: nothing is made up. */
  raw: z.boolean().optional()
})
export type RunOptionsInput = z.output<typeof runOptions>

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

/** A file's text, or an upload. */
const given = { name: z.string().min(1).max(500) }
const fileGiven = z.union([
  z.strictObject({ ...given, text: z.string() }),
  z.strictObject({ ...given, uploadId: z.string().min(1).max(200) })
])
/** What the world holds goes to the bin before the first rows come; else they are merged into it. */
const newWorld = z.boolean().default(false)
const moduleAlone = z.strictObject({
  moduleId: id,
  params: map.default({}),
  filters: map.optional(),
  data: dataSource,
  convert: z.boolean().default(false),
  options: runOptions.default({}),
  /** As a run of the workspace. */
  keep: z.boolean().default(false),
  /** With the data before and after, and as the next module would read it. */
  values: z.boolean().default(false),
  unmasked: z.boolean().default(false)
})
const caseIdText = z.string().min(1).max(2000)
const tickedDifferences = z.array(z.strictObject({ at: z.int().min(0), text: z.string().max(100_000) })).max(1000)
/** Differences that are expected from now on, and places of answers and mocks that are left out; one of them at least. */
const caseUpdate = z.strictObject({
  caseId: caseIdText,
  ticked: tickedDifferences.default([]),
  unused: z.array(z.string().min(1).max(2000)).max(10_000).default([]),
  /** It was shown as it comes out under that version of MISP instead of its own. */
  profile
})
const effectOfRun = { runId: id, effect: z.int().min(0) }

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

const trustChoices = z.strictObject({
  items: z.array(z.strictObject({ key: z.string().max(300), hash: z.string().max(100) })).max(1000)
})

export const operations = {
  /** Ends a call that is under way: it is answered CANCELLED, and leaves nothing. False when it is over already. */
  'calls.cancel': takes(z.strictObject({ callId: id })).gives<{ readonly found: boolean }>(),
  'app.info': takes(nothing).gives<AppInfo>(),
  /** Files that the app was started with. Each is answered once. */
  'app.openedFiles': takes(nothing).gives<OpenedFiles>(),

  /** The person's workspaces and the demonstrations; which of them is open. */
  'workspaces.list': takes(nothing).gives<WorkspaceList>(),
  /**
   * Opens another one in place of the one that is open. One of the person's own takes MISP's posts from then on; a demonstration never does.
   * WORKSPACE_NOT_FOUND, DEMO_NOT_FOUND.
   */
  'workspaces.open': takes(
    z.union([z.strictObject({ folder: z.string().min(1).max(4096) }), z.strictObject({ demonstration: id })])
  ).gives<SwitchedWorkspace>(),
  /** An empty one of the person's own. FILE_EXISTS. */
  'workspaces.create': takes(
    z.strictObject({ name: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,79}$/u) })
  ).gives<SwitchedWorkspace>(),
  /** Takes one off the list. Its folder stays as it is. */
  'workspaces.forget': takes(z.strictObject({ folder: z.string().min(1).max(4096) })).gives<WorkspaceList>(),

  'workspace.info': takes(nothing).gives<WorkspaceInfo>(),
  /** MISP's settings by name, `enabled_triggers` and `enabled_modules`. */
  'workspace.settings': takes(nothing).gives<MispSettings>(),
  /** Changes those that are given. SETTING_INVALID names what is none of MISP's; nothing is changed then. */
  'workspace.set': takes(z.strictObject({ settings: map })).gives<MispSettings>(),

  // Which MISP the workspace, a workflow or a source of posts is treated as.
  'profiles.list': takes(nothing).gives<ProfilesState>(),
  /** Null, of a workflow or a source: none of its own any more. PROFILE_UNKNOWN. */
  'profiles.choose': takes(
    z.strictObject({
      for: z.union([
        z.literal('workspace'),
        z.strictObject({ workflowId: id }),
        z.strictObject({ source: z.string().max(1000) })
      ]),
      profile: z.string().min(1).max(60).nullable()
    })
  ).gives<ProfilesState>(),
  /** The one that a run of this workflow would have, and what it was recognised by or speaks against it. */
  'workflows.profile': takes(z.strictObject({ workflow: workflowSource })).gives<ProfileUse>(),

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
  ).gives<Coverage>(),

  // What came with the workspace or an import and would send, open, delete or run something: off until a person allows it.
  'trust.list': takes(nothing).gives<TrustState>(),
  /** TRUST_CHANGED when one of them is not there as it was shown; nothing is allowed then. */
  'trust.allow': takes(trustChoices).gives<TrustState>(),
  /** Off for good, as far as it stays the same. */
  'trust.decline': takes(trustChoices).gives<TrustState>(),

  // Runs. Newest first; a cursor stays valid while new runs arrive.
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
  'runs.get': takes(z.strictObject({ runId: id })).gives<PackedRunDetail>(),
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
  'runs.restore': takes(z.strictObject({ runIds: ids })).gives<readonly RunSummary[]>(),

  // One run's data, a page at a time.
  // Secrets in `params` and `post` are masked unless `unmasked`.
  'run.value': takes(z.strictObject({ ...shownValue, path: path.default([]), offset, limit })).gives<ValuePage>(),
  'run.search': takes(
    z.strictObject({
      ...shownValue,
      query: z.string().min(1).max(1000),
      in: z.enum(searchKinds).default('text'),
      cursor: z.string().nullable().default(null),
      limit
    })
  ).gives<ValueMatches>(),
  'run.changes': takes(z.strictObject({ runId: id, step: z.int().min(1), limit })).gives<ValueChanges>(),
  /** Why a step did what it did: the condition with the values it found. Null where there is nothing to tell. */
  'run.why': takes(z.strictObject({ runId: id, step: z.int().min(1) })).gives<StepReason | null>(),
  /** Why the run ended as it did; with `nodeId`, why that node was not reached. Null while the run goes on, and for a node that was. */
  'run.chain': takes(z.strictObject({ runId: id, nodeId: z.int().optional() })).gives<Chain | null>(),
  /**
   * Who wrote what stands at a place of a step's input or output (step 0: of what the run started with), newest first. `path`: keys, or a
   * hash path. Values above 20,000 characters come as one line.
   */
  'run.blame': takes(
    z.strictObject({
      runId: id,
      /** Null: after the whole run, in its walk and in each of its jobs. */
      step: z.int().min(0).nullable().default(null),
      which: z.enum(['input', 'output']).default('output'),
      path: z.union([path, z.string().min(1).max(10_000)])
    })
  ).gives<readonly BlameEntry[]>(),
  /** What hash paths find after these steps, at most 500 (0: what the run started with), and whether the step changed it. */
  'run.watch': takes(
    z
      .strictObject({ runId: id, paths: watchPaths.min(1), from: z.int().min(0), to: z.int().min(0) })
      .refine(({ from, to }) => to - from < 500, 'at most 500 steps')
  ).gives<{ readonly rows: readonly WatchRow[] }>(),
  /** The hash paths that are watched in the runs of its workflow. */
  'watches.get': takes(z.strictObject({ runId: id })).gives<{ readonly paths: readonly string[] }>(),
  'watches.set': takes(z.strictObject({ runId: id, paths: watchPaths })).gives<{ readonly paths: readonly string[] }>(),
  /** About the bytes of the data at each step, the trigger first. */
  'run.sizes': takes(z.strictObject({ runId: id })).gives<{ readonly sizes: readonly number[] }>(),
  /** With requests and answers in full; secrets masked unless asked for. */
  'run.effects': takes(z.strictObject({ runId: id, offset, limit, unmasked: z.boolean().default(false) })).gives<{
    readonly effects: readonly RunEffect[]
    readonly total: number
  }>(),
  /** The whole value as text, for copying. PARAMS_INVALID above 16 MB: use `run.download`. */
  'run.text': takes(z.strictObject({ ...shownValue, path: path.default([]) })).gives<{ readonly text: string }>(),

  /** The workflow that it ran, as MISP exports it. `rebuilt`: made from its posts, since the workflow itself is not known. */
  'run.workflow': takes(z.strictObject({ runId: id })).gives<{ readonly workflow: Json; readonly rebuilt: boolean }>(),

  /** Of a module that was run on its own: what it was asked for with. Null for a run of a workflow. */
  'run.module': takes(z.strictObject({ runId: id })).gives<RecordedInput['module'] | null>(),

  /** Its events from that one on, each as one line of JSON, some megabytes at a time. `next`: null behind the last one. */
  'run.events': takes(
    z.strictObject({ runId: id, from: z.int().min(0).default(0), unmasked: z.boolean().default(false) })
  ).gives<{ readonly lines: readonly string[]; readonly next: number | null }>(),

  /**
   * Events of a run that was started to be followed, and of those that it fired, as they happen; answered once there are some. Each is told
   * once; what repeats in them is written once, as in a run's file. `more`: false behind the last one, when the run is on disk.
   */
  'run.follow': takes(z.strictObject({ runId: id, unmasked: z.boolean().default(false) })).gives<{
    readonly lines: readonly string[]
    readonly more: boolean
  }>(),

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
  /**
   * A case out of a run: its text, and what running it gives. `expect`: parts and hash paths, absent: outcome and path. `workflow`: where the case
   * refers to for it; absent: it is inside. CASE_NOT_MADE.
   */
  'cases.make': takes(
    z.strictObject({
      runId: id,
      expect: z.array(z.string().min(1).max(2000)).max(1000).default([]),
      name: z.string().min(1).max(200).optional(),
      workflow: z
        .union([
          z.strictObject({ file: z.string().min(1).max(500) }),
          z.strictObject({ name: z.string().min(1).max(200) })
        ])
        .optional()
    })
  ).gives<{ readonly name: string; readonly text: string; readonly result: CaseResult }>(),
  // Cases of the workspace's folder `cases/`, by their paths within it. CASE_NOT_FOUND.
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
  'cases.keep': takes(
    z.strictObject({
      runId: id,
      expect: z.array(z.string().min(1).max(2000)).max(1000).default([]),
      name: z.string().min(1).max(200).optional(),
      byName: z.boolean().default(false)
    })
  ).gives<CaseRow>(),
  /** A case that comes as a file, in a new file of its name. What is wrong with it is its result. */
  'cases.import': takes(z.strictObject({ name: z.string().min(1).max(500), text: z.string() })).gives<CaseRow>(),
  /** Into the bin of the folder: the files stay until they are restored. */
  'cases.delete': takes(z.strictObject({ caseIds: z.array(caseIdText).min(1).max(100_000) })).gives<{
    readonly deleted: number
  }>(),
  /** FILE_EXISTS when something else has its place. */
  'cases.restore': takes(z.strictObject({ caseIds: z.array(caseIdText).min(1).max(100_000) })).gives<{
    readonly restored: number
  }>(),
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
  'verify.unaccept': takes(z.strictObject({ id })).gives<readonly ListedDifference[]>(),

  // Executing. Progress comes as `run.progress` events.
  'run.start': takes(
    z.strictObject({
      workflow: workflowSource,
      data: dataSource,
      options: runOptions.default({}),
      /** paused: stops before the first node and waits for `run.step`. */
      mode: z.enum(['run', 'paused']).default('run'),
      parent: id.optional(),
      name: z.string().max(500).optional(),
      /** A person changed the data before: kept with the run's options, and shown. */
      edited: z.boolean().default(false),
      /** WORKSPACE_READ_ONLY where it cannot be kept, instead of a run that is gone with this process. */
      keep: z.boolean().default(false),
      /** Its events are asked for with `run.follow`. */
      follow: z.boolean().default(false)
    })
  ).gives<{ readonly runId: string }>(),
  /**
   * Runs a run of Retrace once more. As it was: from its file alone, with its clock, uuids, settings, answers and the rows that it read; nothing is
   * sent. `todaysWorld`: with the workspace's world, settings and modules as they are now, and its answers. RUN_NOT_REPEATABLE says what is missing.
   */
  'run.again': takes(
    z.strictObject({
      runId: id,
      todaysWorld: z.boolean().default(false),
      keep: z.boolean().default(false),
      follow: z.boolean().default(false)
    })
  ).gives<{
    readonly runId: string
    /** Why it may come out otherwise than it did. */
    readonly lacks: readonly string[]
    /** The time of its clock, ISO 8601; null where it is not known. */
    readonly now: string | null
  }>(),
  'run.step': takes(
    z.strictObject({
      runId: id,
      command: z.enum(['next', 'continue']),
      breakpoints: z.array(z.int()).optional(),
      /** Replaces the roaming data before going on. */
      data: json.optional()
    })
  ).gives<{ readonly state: RunSummary['state'] }>(),
  /**
   * Where a paused run stands: the node that comes next, and the roaming data before it as text (null above 4 million characters, or
   * without `data`). RUN_NOT_RUNNING when it is not paused.
   */
  'run.paused': takes(z.strictObject({ runId: id, data: z.boolean().default(false) })).gives<PausedAt>(),
  'run.cancel': takes(z.strictObject({ runId: id })).gives<{ readonly state: RunSummary['state'] }>(),

  'workflows.list': takes(nothing).gives<readonly WorkflowSummary[]>(),
  'workflows.get': takes(
    z.strictObject({ workflowId: id, version: z.int().min(1).optional() })
  ).gives<WorkflowDetail>(),
  /** A new version, or without `workflowId` a new workflow. */
  'workflows.save': takes(
    z.strictObject({
      workflowId: id.optional(),
      text: z.string().optional(),
      workflow: json.optional(),
      /** The version that was edited: WORKFLOW_CHANGED when there is a newer one by now. */
      base: z.int().min(1).optional(),
      /**
       * Of one that comes from elsewhere and whose uuid the workspace has already: `ask` throws WORKFLOW_KNOWN, which names it; `version` makes
       * it a new version of that one; `copy` gives it a uuid of its own.
       */
      ifKnown: z.enum(['ask', 'version', 'copy']).optional(),
      note: z.string().max(2000).default('')
    })
  ).gives<WorkflowSummary>(),
  'workflows.check': takes(z.strictObject({ workflow: workflowSource, options: runOptions.default({}) })).gives<
    readonly WorkflowProblem[]
  >(),

  /** The JSON text as MISP would import it; what nobody changed stands as it was imported, to the byte. */
  'workflows.export': takes(z.strictObject({ workflowId: id, version: z.int().min(1).optional() })).gives<{
    readonly name: string
    readonly text: string
  }>(),
  /** Into the bin of the workspace, with all versions. Gives what was moved. */
  'workflows.delete': takes(z.strictObject({ workflowIds: ids })).gives<readonly WorkflowSummary[]>(),
  'workflows.restore': takes(z.strictObject({ workflowIds: ids })).gives<readonly WorkflowSummary[]>(),
  /** Makes an older version the newest one. */
  'workflows.revert': takes(
    z.strictObject({ workflowId: id, version: z.int().min(1), note: z.string().max(2000).default('') })
  ).gives<WorkflowSummary>(),

  // Drafts: what was edited and not saved, one a workflow, kept at once.
  'drafts.get': takes(z.strictObject({ workflowId: id })).gives<Draft | null>(),
  'drafts.save': takes(z.strictObject({ workflowId: id, base: z.int().min(0), workflow: json })).gives<{
    readonly at: string
  }>(),
  'drafts.discard': takes(z.strictObject({ workflowId: id })).gives<Record<string, never>>(),

  'blueprints.list': takes(nothing).gives<readonly BlueprintSummary[]>(),
  'blueprints.get': takes(z.strictObject({ uuid: id })).gives<BlueprintDetail>(),
  /** Files of blueprints; as MISP does, one that is here already is replaced when the file's timestamp is newer (`force`: always). */
  'blueprints.import': takes(
    z.strictObject({
      files: z
        .array(z.strictObject({ name: z.string().max(1000), text: z.string() }))
        .min(1)
        .max(5000),
      /** From the repository: marks them as default ones. */
      repository: z.boolean().default(false),
      force: z.boolean().default(false)
    })
  ).gives<BlueprintImport>(),
  /** Creates a blueprint out of nodes, or changes the one with that uuid. */
  'blueprints.save': takes(
    z.strictObject({
      uuid: id.optional(),
      name: z.string().min(1).max(500),
      description: z.string().max(10_000).default(''),
      nodes: json
    })
  ).gives<BlueprintSummary>(),
  'blueprints.export': takes(z.strictObject({ uuid: id })).gives<{ readonly name: string; readonly text: string }>(),
  'blueprints.delete': takes(z.strictObject({ uuid: id })).gives<Record<string, never>>(),

  'data.list': takes(nothing).gives<readonly DataSummary[]>(),
  'data.get': takes(z.strictObject({ dataId: id })).gives<DataSummary>(),
  'data.value': takes(z.strictObject({ dataId: id, path: path.default([]), offset, limit })).gives<ValuePage>(),
  /** The data set's JSON as text. PARAMS_INVALID above 16 MB. */
  'data.text': takes(z.strictObject({ dataId: id, path: path.default([]) })).gives<{ readonly text: string }>(),
  'data.import': takes(
    z.union([
      z.strictObject({ name: z.string().min(1).max(500), text: z.string() }),
      z.strictObject({ name: z.string().min(1).max(500), uploadId: id })
    ])
  ).gives<DataSummary>(),

  // `profile`: those of another version of MISP than the workspace's.
  'modules.list': takes(z.strictObject({ profile }).default({})).gives<readonly ModuleDefinition[]>(),
  /**
   * Asks the misp-modules service that is set for its modules (GET /modules) and keeps the list in the world. Contacts it: asked for by
   * a person only. Throws SERVICE_NOT_SET.
   */
  'modules.fromService': takes(nothing).gives<{
    readonly url: string
    readonly total: number
    readonly actions: number
  }>(),
  'modules.get': takes(z.strictObject({ moduleId: id, profile })).gives<ModuleDefinition>(),
  'module.execute': takes(moduleAlone).gives<ModuleExecution>(),
  /** As `run.plan`, for one module alone. */
  'module.plan': takes(moduleAlone).gives<RunPlan>(),
  'module.explain': takes(
    z.strictObject({ moduleId: id, params: map.default({}), filters: map.optional(), profile })
  ).gives<Sentence>(),

  'hash.extract': takes(z.strictObject({ data: dataSource, path: z.string().max(10_000), limit })).gives<{
    readonly matches: readonly Json[]
    readonly total: number
  }>(),
  'hash.get': takes(z.strictObject({ data: dataSource, path: z.string().max(10_000) })).gives<{
    readonly value: Json
  }>(),
  'hash.explain': takes(z.strictObject({ data: dataSource, path: z.string().max(10_000) })).gives<Json>(),
  normalize: takes(z.strictObject({ trigger: id, data: dataSource, options: runOptions.default({}) })).gives<{
    /** What was made up, as a run says it. */
    readonly assumptions: readonly string[]
    readonly value: Json
  }>(),

  // Looking into any data source, a page at a time.
  'source.value': takes(z.strictObject({ data: dataSource, path: path.default([]), offset, limit })).gives<ValuePage>(),
  'source.search': takes(
    z.strictObject({
      data: dataSource,
      query: z.string().min(1).max(1000),
      in: z.enum(searchKinds).default('text'),
      cursor: z.string().nullable().default(null),
      limit
    })
  ).gives<ValueMatches>(),
  /** PARAMS_INVALID above 16 MB. */
  'source.text': takes(z.strictObject({ data: dataSource, path: path.default([]) })).gives<{ readonly text: string }>(),

  // Writing workflows. `base`: the selector whose items the path is read in.
  'hash.complete': takes(
    z.strictObject({ data: dataSource, path: z.string().max(10_000), base: z.string().max(10_000).optional() })
  ).gives<{
    readonly keys: readonly HashKey[]
  }>(),
  'hash.look': takes(
    z.strictObject({ data: dataSource, path: z.string().max(10_000), base: z.string().max(10_000).optional(), limit })
  ).gives<HashLook>(),
  'hash.filter': takes(z.strictObject({ data: dataSource, filters: map, limit, profile })).gives<FilterLook>(),
  'template.render': takes(
    z.strictObject({ template: z.string().max(1_000_000), data: dataSource })
  ).gives<TemplateLook>(),
  /** Sends template and data to the misp-modules service that is set: asked for by a person only. Throws SERVICE_NOT_SET. */
  'template.renderLive': takes(
    z.strictObject({ template: z.string().max(1_000_000), data: dataSource })
  ).gives<TemplateLive>(),
  /** Limits of templates that differ from the usual ones, by name; `set` replaces them. SETTING_INVALID. */
  'template.limits': takes(nothing).gives<{ readonly limits: JsonMap }>(),
  'template.setLimits': takes(z.strictObject({ limits: map })).gives<{ readonly limits: JsonMap }>(),
  /** What may come next in a template; `offset` in UTF-16 units. */
  'template.complete': takes(
    z.strictObject({ template: z.string().max(1_000_000), offset: z.int().min(0), data: dataSource })
  ).gives<TemplateCompletions>(),
  /** The definition with the options that MISP reads from its database: tags, organisations… of the workspace's world and the data. */
  'modules.resolve': takes(
    z.strictObject({ moduleId: id, data: dataSource.optional(), profile })
  ).gives<ModuleDefinition>(),
  /** Which workflows of the workspace use which modules. */
  'modules.usage': takes(nothing).gives<readonly ModuleUse[]>(),
  'triggers.list': takes(nothing).gives<readonly TriggerRow[]>(),
  /** Why a trigger did not run a workflow, against data and settings. */
  'triggers.whyNot': takes(
    z.strictObject({
      trigger: id,
      data: dataSource.optional(),
      workflow: workflowSource.optional(),
      settings: map.default({}),
      profile
    })
  ).gives<WhyNotReport>(),

  'data.rename': takes(z.strictObject({ dataId: id, name: z.string().min(1).max(500) })).gives<DataSummary>(),
  /** Into the bin: the files stay until they are restored. */
  'data.delete': takes(z.strictObject({ dataIds: ids })).gives<readonly DataSummary[]>(),
  'data.restore': takes(z.strictObject({ dataIds: ids })).gives<readonly DataSummary[]>(),

  'capture.status': takes(nothing).gives<CaptureStatus>(),
  'capture.settings': takes(nothing).gives<CaptureSettings>(),
  /** Changes what is given, starts the listener anew, and answers how it is then. A secret is needed for anything but loopback. */
  'capture.configure': takes(captureChange).gives<CaptureStatus>(),
  // What captured posts take on disk. Progress comes as `job.progress` events.
  'storage.info': takes(nothing).gives<StorageInfo>(),
  /** What rules would remove now; nothing is removed. */
  'storage.preview': takes(z.strictObject({ rules: retentionRules })).gives<RetentionPlan>(),
  /** Switches retention on, or off (null). What goes by itself is announced a day before in `storage.info`. */
  'storage.setRules': takes(z.strictObject({ rules: retentionRules.nullable() })).gives<StorageInfo>(),
  /** Removes for good what was shown: runs that the rules remove and that ended by `until`, the `newest` of the preview. */
  'storage.remove': takes(z.strictObject({ rules: retentionRules, until: z.iso.datetime() })).gives<{
    readonly runs: number
    readonly bytes: number
  }>(),
  /** Stores once what repeats between posts, compressed; every byte can be given back. */
  'storage.compact': takes(nothing).gives<{
    readonly before: number
    readonly after: number
    readonly stopped: boolean
  }>(),
  /** Ends a compaction that is under way; what is done stays. */
  'storage.stop': takes(nothing).gives<Record<string, never>>(),
  // `total` counts what the search was made among; `accounts`, all posts of the workspace.
  'posts.list': takes(
    z.strictObject({
      search: z.string().max(1000).default(''),
      /** Only posts without a run, or whose run is doubtful. */
      unassigned: z.boolean().default(false),
      /** Those before all others, newest first in both. Not with `sort`. */
      doubtfulFirst: z.boolean().default(false),
      sort: z.strictObject({ by: z.enum(postSortings), down: z.boolean() }).optional(),
      runId: id.optional(),
      cursor: z.string().nullable().default(null),
      limit
    })
  ).gives<{
    readonly posts: readonly PostSummary[]
    readonly cursor: string | null
    readonly total: number
    readonly accounts: PostAccounts
  }>(),
  /** A post as it came: headers and body as text (base64 where it is not UTF-8), secrets masked unless asked for. */
  'posts.get': takes(z.strictObject({ postId: id, unmasked: z.boolean().default(false) })).gives<PostDetail>(),
  /** `runId` null: to a run of their own. */
  'posts.move': takes(z.strictObject({ postIds: ids, runId: id.nullable() })).gives<{ readonly undoId: string }>(),
  'runs.merge': takes(z.strictObject({ runIds: ids })).gives<{ readonly undoId: string }>(),
  /** The posts from this one on become another run. */
  'runs.split': takes(z.strictObject({ runId: id, postId: id })).gives<{ readonly undoId: string }>(),
  'posts.undo': takes(z.strictObject({ undoId: id })).gives<{ readonly undone: boolean }>(),
  /** MISP's execution log of the workspace: imported, and of local runs. Newest first. */
  'log.list': takes(
    z.strictObject({
      search: z.string().max(1000).default(''),
      runId: id.optional(),
      step: z.number().int().min(1).optional(),
      /** Instead of newest first. */
      sort: z.strictObject({ by: z.enum(logSortings), down: z.boolean() }).optional(),
      cursor: z.string().nullable().default(null),
      limit
    })
  ).gives<{ readonly lines: readonly LogLine[]; readonly cursor: string | null; readonly total: number }>(),
  /** Captured posts (NDJSON), a run as one file, MISP's execution log or its log export. */
  /** `trigger`: of posts that come without the path they were sent to. */
  'capture.import': takes(
    z.union([
      z.strictObject({ name: z.string().min(1).max(500), text: z.string(), trigger: triggerOfPosts }),
      z.strictObject({ name: z.string().min(1).max(500), uploadId: id, trigger: triggerOfPosts })
    ])
  ).gives<{
    readonly kind: 'posts' | 'run' | 'log'
    readonly runs: number
    readonly posts: number
    readonly lines: number
    readonly unassigned: number
  }>(),
  /** As `capture.import`, telling where each line went. `graphs`: workflows by which the runs of this file are told apart, too. */
  'posts.import': takes(
    z.strictObject({
      name: z.string().min(1).max(500),
      uploadId: id,
      graphs: z.array(json).max(1000).default([]),
      trigger: triggerOfPosts
    })
  ).gives<ImportedPosts>(),
  /** A captured run as text: its posts as NDJSON, one JSON file, or its workflow. */
  'runs.export': takes(
    z.strictObject({
      runId: id,
      format: z.enum(['ndjson', 'json', 'workflow']).default('ndjson'),
      unmasked: z.boolean().default(false)
    })
  ).gives<{
    readonly name: string
    readonly text: string
    /** Posts of the run that are not in it, because they cannot be read. */
    readonly missing: readonly MissingPost[]
  }>(),

  // Effects: what a run would contact, did send, and changed.
  /** What a live run would contact, with the token that `options.effects.confirm` takes. Runs dry; nothing leaves. */
  'run.plan': takes(
    z.strictObject({ workflow: workflowSource, data: dataSource, options: runOptions.default({}) })
  ).gives<RunPlan>(),
  /** `effect`: position in `run.effects`. Secrets are masked unless asked for. */
  'run.curl': takes(z.strictObject({ ...effectOfRun, unmasked: z.boolean().default(false) })).gives<{
    readonly text: string
  }>(),
  /** Sends one effect again, live. Without `confirm` it answers whom it would contact and the token. */
  'run.resend': takes(z.strictObject({ ...effectOfRun, confirm: z.string().max(200).optional() })).gives<{
    readonly target: string
    readonly refused: string | null
    readonly token: string | null
    readonly answer: EffectAnswer | null
  }>(),
  'run.mail': takes(z.strictObject(effectOfRun)).gives<RenderedMail>(),
  'run.worldChanges': takes(z.strictObject({ runId: id, offset, limit })).gives<WorldDiff>(),
  /** What the workflow mentions and the world lacks. */
  'run.needs': takes(
    z.strictObject({ workflow: workflowSource, data: dataSource.optional(), options: runOptions.default({}) })
  ).gives<readonly WorldNeed[]>(),

  // Mocks and pins.
  'mocks.list': takes(z.strictObject({ workflowId: id.nullable().optional() }).default({})).gives<readonly MockSet[]>(),
  'mocks.save': takes(
    z.strictObject({
      id: id.optional(),
      name: z.string().min(1).max(200),
      workflowId: id.nullable().default(null),
      mocks: map.default({}),
      pins: z.record(z.string().max(20), pinnedOutput).default({}),
      placeholders: z.record(z.string().max(200), placeholder).default({})
    })
  ).gives<MockSet>(),
  'mocks.delete': takes(z.strictObject({ id })).gives<readonly MockSet[]>(),
  /** Unpins one node, or all. */
  'mocks.unpin': takes(z.strictObject({ id, nodeId: z.int().optional() })).gives<MockSet>(),
  /** Mocks out of the answers that a run got, by node, in order; of all its effects or of some. */
  'run.mocks': takes(z.strictObject({ runId: id, effects: z.array(z.int().min(0)).max(10_000).optional() })).gives<{
    readonly mocks: JsonMap
  }>(),
  /** Answers of services, as `retrace` or a proxy recorded them, for the policy `recorded`. */
  'answers.list': takes(nothing).gives<readonly AnswerSet[]>(),
  'answers.import': takes(fileGiven).gives<AnswerSet>(),
  'answers.delete': takes(z.strictObject({ id })).gives<readonly AnswerSet[]>(),

  // Live services. Passwords are kept outside of the workspace and never answered.
  'live.settings': takes(nothing).gives<LiveSettings>(),
  'live.configure': takes(liveChange).gives<LiveSettings>(),
  /** Whether the service answers. Contacts it: asked for by a person only. `url`: for http, or instead of the settings'. */
  'live.test': takes(
    z.strictObject({ kind: z.enum(['http', 'mail', 'zmq', 'misp-modules']), url: z.string().max(2000).optional() })
  ).gives<ConnectionTest>(),

  // The world: what MISP's database would hold.
  'world.list': takes(nothing).gives<readonly WorldPart[]>(),
  'world.value': takes(z.strictObject({ part: id, path: path.default([]), offset, limit })).gives<ValuePage>(),
  /** Into the bin; `world.restore` takes back what was removed last. */
  'world.remove': takes(z.strictObject({ part: id })).gives<readonly WorldPart[]>(),
  'world.restore': takes(z.strictObject({ part: id })).gives<readonly WorldPart[]>(),

  // Custom modules of the workspace's modules/ folder.
  'customModules.list': takes(nothing).gives<readonly CustomModuleInfo[]>(),
  /** On as it is now, or as it was listed (`sha256`; TRUST_CHANGED when it is another one): a changed module is off again. */
  'customModules.switch': takes(
    z.strictObject({ file: id, on: z.boolean(), sha256: z.string().max(64).optional() })
  ).gives<{
    readonly file: string
    readonly on: boolean
  }>(),
  'customModules.create': takes(
    z.strictObject({
      id,
      kind: z.enum(['action', 'logic']).default('action'),
      language: z.enum(['ts', 'js']).default('ts')
    })
  ).gives<{ readonly file: string }>(),
  'customModules.text': takes(z.strictObject({ file: id })).gives<{ readonly text: string }>(),

  // Taking over from MISP: saved answers of its API, or fetched read-only.
  'takeover.sources': takes(z.strictObject({ address: z.string().max(2000).default('') })).gives<
    readonly TakeOverSource[]
  >(),
  /** Anything that MISP's API answers, or the world's files have: it is told by its shape and put where it belongs. */
  'takeover.import': takes(
    z.union([
      z.strictObject({ ...given, text: z.string(), newWorld }),
      z.strictObject({ ...given, uploadId: z.string().min(1).max(200), newWorld })
    ])
  ).gives<readonly TakenOver[]>(),
  /** `key` absent: the one that is kept for the address. */
  'takeover.fetch': takes(
    z.strictObject({
      address: z.string().min(1).max(2000),
      key: z.string().max(200).optional(),
      keepKey: z.boolean().default(false),
      selfSigned: z.boolean().default(false),
      newWorld,
      what: z
        .array(z.strictObject({ kind: z.string().max(50), id: z.string().max(100).optional() }))
        .min(1)
        .max(200)
    })
  ).gives<readonly TakenOver[]>(),
  /** Addresses whose key is kept, and where keys are kept. */
  'keys.list': takes(nothing).gives<{ readonly names: readonly string[]; readonly kept: 'system' | 'memory' }>(),
  'keys.delete': takes(z.strictObject({ name: z.string().min(1).max(2000) })).gives<{ readonly deleted: boolean }>()
} as const

export type OperationName = keyof typeof operations
type OperationMap = typeof operations
/** What a caller passes: what has a default may be left out. */
export type Params<N extends OperationName> = z.input<OperationMap[N]['params']>
/** What a handler gets. */
export type ParsedParams<N extends OperationName> = z.output<OperationMap[N]['params']>
export type Result<N extends OperationName> = OperationMap[N] extends Operation<z.ZodType, infer R> ? R : never

export const isOperationName = (name: string): name is OperationName => Object.hasOwn(operations, name)

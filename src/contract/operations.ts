// The one map of operations. Client, preload, gate, HTTP routes and WebSocket are derived from it by types: a new call is
// one line here and one handler in host/operations (or in host/worker/operations for what works on data).
import { z } from 'zod'
import type { Json, JsonMap } from './json.ts'
import type { ModuleDefinition } from './modules.ts'
import { outcomes } from './run.ts'
import type { ModuleExecution, RunDetail, RunEffect, RunSummary, StepReason } from './run-views.ts'
import { runOrigins } from './run-views.ts'
import type { ValueChanges, ValueMatches, ValuePage } from './values.ts'
import type {
  AppInfo,
  CaptureSettings,
  CaptureStatus,
  DataSummary,
  LogLine,
  PostDetail,
  PostSummary,
  RunPage,
  WorkflowDetail,
  WorkflowProblem,
  WorkflowSummary,
  WorkspaceInfo,
  WorkspaceSettings
} from './workspace.ts'

declare const resultType: unique symbol

interface Operation<P extends z.ZodType, R> {
  readonly params: P
  /** Never there: carries the result's type. */
  readonly [resultType]?: R
}

const takes = <P extends z.ZodType>(params: P) => ({ gives: <R>(): Operation<P, R> => ({ params }) })

const id = z.string().min(1).max(200)
const ids = z.array(id).min(1).max(100_000)
const offset = z.int().min(0).default(0)
const limit = z.int().min(1).max(1000).default(100)
const path = z.array(z.union([z.string(), z.int().min(0)])).max(10_000)
const json = z.json() as z.ZodType<Json>
const map = z.record(z.string(), json) as z.ZodType<JsonMap>
const nothing = z.strictObject({}).default({})

export const stepValues = [
  'input',
  'output',
  'view',
  'params',
  'errors',
  'original',
  'normalized',
  'effects',
  'post'
] as const
export type StepValue = (typeof stepValues)[number]

/** A value of a run: of its trigger (step 0: original, normalized) or of one of its steps. */
const valueOfStep = { runId: id, step: z.int().min(0), which: z.enum(stepValues) }

/** Where data comes from: given, a data set of the workspace, an upload, a file on this machine (not from a browser), or a run. */
const dataSource = z.union([
  z.strictObject({ json }),
  z.strictObject({ dataId: id, index: z.int().min(0).optional() }),
  z.strictObject({ uploadId: id, index: z.int().min(0).optional() }),
  z.strictObject(valueOfStep)
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
  /** World parts; absent ones come from the input event. */
  world: map.optional(),
  cascade: z.int().min(0).max(100).optional(),
  profile: z.string().optional(),
  now: z.iso.datetime({ offset: true }).optional(),
  crash: z.boolean().optional()
})
export type RunOptionsInput = z.output<typeof runOptions>

const runFilter = z.strictObject({
  origin: z.array(z.enum(runOrigins)).optional(),
  outcome: z.array(z.enum([...outcomes, 'running'])).optional(),
  trigger: z.array(z.string()).optional(),
  workflow: z.array(z.string()).optional(),
  source: z.array(z.string()).optional(),
  parent: id.optional(),
  pinned: z.boolean().optional(),
  deleted: z.boolean().optional()
})
export type RunFilter = z.output<typeof runFilter>

export const operations = {
  'app.info': takes(nothing).gives<AppInfo>(),

  'workspace.info': takes(nothing).gives<WorkspaceInfo>(),
  'workspace.settings': takes(nothing).gives<WorkspaceSettings>(),
  'workspace.set': takes(z.strictObject({ settings: map })).gives<WorkspaceSettings>(),

  // Runs. Newest first; a cursor stays valid while new runs arrive.
  'runs.list': takes(
    z.strictObject({
      filter: runFilter.default({}),
      search: z.string().max(1000).default(''),
      cursor: z.string().nullable().default(null),
      limit
    })
  ).gives<RunPage>(),
  'runs.get': takes(z.strictObject({ runId: id })).gives<RunDetail>(),
  'runs.pin': takes(z.strictObject({ runIds: ids, pinned: z.boolean() })).gives<readonly RunSummary[]>(),
  'runs.rename': takes(z.strictObject({ runId: id, name: z.string().max(500).nullable() })).gives<RunSummary>(),
  'runs.delete': takes(z.strictObject({ runIds: ids })).gives<readonly RunSummary[]>(),
  'runs.restore': takes(z.strictObject({ runIds: ids })).gives<readonly RunSummary[]>(),

  // One run's data, a page at a time.
  'run.value': takes(z.strictObject({ ...valueOfStep, path: path.default([]), offset, limit })).gives<ValuePage>(),
  'run.search': takes(
    z.strictObject({
      ...valueOfStep,
      query: z.string().min(1).max(1000),
      in: z.enum(['text', 'key']).default('text'),
      cursor: z.string().nullable().default(null),
      limit
    })
  ).gives<ValueMatches>(),
  'run.changes': takes(z.strictObject({ runId: id, step: z.int().min(1), limit })).gives<ValueChanges>(),
  /** Why a step did what it did: the condition with the values it found. Null where there is nothing to tell. */
  'run.why': takes(z.strictObject({ runId: id, step: z.int().min(1) })).gives<StepReason | null>(),
  'run.effects': takes(z.strictObject({ runId: id, offset, limit })).gives<{
    readonly effects: readonly RunEffect[]
    readonly total: number
  }>(),
  /** The whole value as text, for copying. PARAMS_INVALID above 16 MB: use `run.download`. */
  'run.text': takes(z.strictObject({ ...valueOfStep, path: path.default([]) })).gives<{ readonly text: string }>(),

  /** The workflow that it ran, as MISP exports it. `rebuilt`: made from its posts, since the workflow itself is not known. */
  'run.workflow': takes(z.strictObject({ runId: id })).gives<{ readonly workflow: Json; readonly rebuilt: boolean }>(),

  // Executing. Progress comes as `run.progress` events.
  'run.start': takes(
    z.strictObject({
      workflow: workflowSource,
      data: dataSource,
      options: runOptions.default({}),
      /** paused: stops before the first node and waits for `run.step`. */
      mode: z.enum(['run', 'paused']).default('run'),
      parent: id.optional(),
      name: z.string().max(500).optional()
    })
  ).gives<{ readonly runId: string }>(),
  'run.step': takes(
    z.strictObject({
      runId: id,
      command: z.enum(['next', 'continue']),
      breakpoints: z.array(z.int()).optional(),
      /** Replaces the roaming data before going on. */
      data: json.optional()
    })
  ).gives<{ readonly state: RunSummary['state'] }>(),
  'run.cancel': takes(z.strictObject({ runId: id })).gives<{ readonly state: RunSummary['state'] }>(),

  'workflows.list': takes(nothing).gives<readonly WorkflowSummary[]>(),
  'workflows.get': takes(
    z.strictObject({ workflowId: id, version: z.int().min(1).optional() })
  ).gives<WorkflowDetail>(),
  'workflows.save': takes(
    z.strictObject({
      workflowId: id.optional(),
      text: z.string().optional(),
      workflow: json.optional(),
      note: z.string().max(2000).default('')
    })
  ).gives<WorkflowSummary>(),
  'workflows.check': takes(z.strictObject({ workflow: workflowSource, options: runOptions.default({}) })).gives<
    readonly WorkflowProblem[]
  >(),

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

  'modules.list': takes(nothing).gives<readonly ModuleDefinition[]>(),
  'modules.get': takes(z.strictObject({ moduleId: id })).gives<ModuleDefinition>(),
  'module.execute': takes(
    z.strictObject({
      moduleId: id,
      params: map.default({}),
      filters: map.optional(),
      data: dataSource,
      convert: z.boolean().default(false),
      options: runOptions.default({})
    })
  ).gives<ModuleExecution>(),
  'module.explain': takes(z.strictObject({ moduleId: id, params: map.default({}), filters: map.optional() })).gives<{
    readonly text: string
  }>(),

  'hash.extract': takes(z.strictObject({ data: dataSource, path: z.string().max(10_000), limit })).gives<{
    readonly matches: readonly Json[]
    readonly total: number
  }>(),
  'hash.get': takes(z.strictObject({ data: dataSource, path: z.string().max(10_000) })).gives<{
    readonly value: Json
  }>(),
  'hash.explain': takes(z.strictObject({ data: dataSource, path: z.string().max(10_000) })).gives<Json>(),
  normalize: takes(z.strictObject({ trigger: id, data: dataSource, options: runOptions.default({}) })).gives<{
    readonly value: Json
  }>(),

  'capture.status': takes(nothing).gives<CaptureStatus>(),
  'capture.settings': takes(nothing).gives<CaptureSettings>(),
  /** Changes what is given, starts the listener anew, and answers how it is then. A secret is needed for anything but loopback. */
  'capture.configure': takes(
    z.strictObject({
      enabled: z.boolean().optional(),
      host: z.string().min(1).max(255).optional(),
      port: z.int().min(0).max(65535).optional(),
      sources: z
        .array(z.strictObject({ name: z.string().max(100), secret: z.string().max(200).nullable() }))
        .max(100)
        .optional(),
      maxBodyBytes: z.int().min(1024).optional(),
      forward: z.string().max(2000).nullable().optional()
    })
  ).gives<CaptureStatus>(),
  'posts.list': takes(
    z.strictObject({
      search: z.string().max(1000).default(''),
      /** Only posts without a run, or whose run is doubtful. */
      unassigned: z.boolean().default(false),
      runId: id.optional(),
      cursor: z.string().nullable().default(null),
      limit
    })
  ).gives<{ readonly posts: readonly PostSummary[]; readonly cursor: string | null; readonly total: number }>(),
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
      cursor: z.string().nullable().default(null),
      limit
    })
  ).gives<{ readonly lines: readonly LogLine[]; readonly cursor: string | null; readonly total: number }>(),
  /** Captured posts (NDJSON), a run as one file, MISP's execution log or its log export. */
  'capture.import': takes(
    z.union([
      z.strictObject({ name: z.string().min(1).max(500), text: z.string() }),
      z.strictObject({ name: z.string().min(1).max(500), uploadId: id })
    ])
  ).gives<{
    readonly kind: 'posts' | 'run' | 'log'
    readonly runs: number
    readonly posts: number
    readonly lines: number
    readonly unassigned: number
  }>(),
  /** A run as text: its posts as NDJSON, or one JSON file. */
  'runs.export': takes(
    z.strictObject({
      runId: id,
      format: z.enum(['ndjson', 'json']).default('ndjson'),
      unmasked: z.boolean().default(false)
    })
  ).gives<{
    readonly name: string
    readonly text: string
  }>()
} as const

export type OperationName = keyof typeof operations
type OperationMap = typeof operations
/** What a caller passes: what has a default may be left out. */
export type Params<N extends OperationName> = z.input<OperationMap[N]['params']>
/** What a handler gets. */
export type ParsedParams<N extends OperationName> = z.output<OperationMap[N]['params']>
export type Result<N extends OperationName> = OperationMap[N] extends Operation<z.ZodType, infer R> ? R : never

export const isOperationName = (name: string): name is OperationName => Object.hasOwn(operations, name)

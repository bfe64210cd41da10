// Executing: workflows and single modules.
import { z } from 'zod'
import type { RunPlan, WorldNeed } from '../effects.ts'
import type { Json } from '../json.ts'
import type { ModuleExecution, PausedAt, RunSummary } from '../run-views.ts'
import { takes } from './operation.ts'
import { dataSource, id, json, map, runOptions, workflowSource } from './params.ts'

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

export const executingOperations = {
  /**
   * Events of a run that was started to be followed, and of those that it fired, as they happen; answered once there are some. Each is told
   * once; what repeats in them is written once, as in a run's file. `more`: false behind the last one, when the run is on disk.
   */
  'run.follow': takes(z.strictObject({ runId: id, unmasked: z.boolean().default(false) })).gives<{
    readonly lines: readonly string[]
    readonly more: boolean
  }>(),

  // Progress comes as `run.progress` events.
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

  'module.execute': takes(moduleAlone).gives<ModuleExecution>(),
  /** As `run.plan`, for one module alone. */
  'module.plan': takes(moduleAlone).gives<RunPlan>(),
  normalize: takes(z.strictObject({ trigger: id, data: dataSource, options: runOptions.default({}) })).gives<{
    /** What was made up, as a run says it. */
    readonly assumptions: readonly string[]
    readonly value: Json
  }>(),

  /** What a live run would contact, with the token that `options.effects.confirm` takes. Runs dry; nothing leaves. */
  'run.plan': takes(
    z.strictObject({ workflow: workflowSource, data: dataSource, options: runOptions.default({}) })
  ).gives<RunPlan>(),
  /** What the workflow mentions and the world lacks. */
  'run.needs': takes(
    z.strictObject({ workflow: workflowSource, data: dataSource.optional(), options: runOptions.default({}) })
  ).gives<readonly WorldNeed[]>()
} as const

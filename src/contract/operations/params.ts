// Params that operations of several areas take.
import { z } from 'zod'
import { anyJson, anyMap } from '../any-json.ts'
import { effectOptions, pinnedOutput, placeholder } from '../effects.ts'
import type { Json, JsonMap } from '../json.ts'

export const id = z.string().min(1).max(200)
export const ids = z.array(id).min(1).max(100_000)
export const offset = z.int().min(0).default(0)
export const limit = z.int().min(1).max(1000).default(100)
export const path = z.array(z.union([z.string(), z.int().min(0)])).max(10_000)
export const json: z.ZodType<Json> = anyJson
export const map: z.ZodType<JsonMap> = anyMap
export const nothing = z.strictObject({}).default({})

/** A profile's name, or a version of MISP. */
export const profile = z.string().max(60).optional()

const stepValues = ['input', 'output', 'view', 'params', 'errors', 'original', 'normalized', 'effects', 'post'] as const
export type StepValue = (typeof stepValues)[number]

/** A value of a run: of its trigger (step 0: original, normalized) or of one of its steps. */
const valueOfStep = { runId: id, step: z.int().min(0), which: z.enum(stepValues) }
export const shownValue = { ...valueOfStep, unmasked: z.boolean().optional() }

/** Which one, where there are several: its place from 0, or its UUID, id or name. */
const entry = z.union([z.int().min(0), z.string().min(1).max(500)])

/**
 * Where data comes from: given, a data set of the workspace, an upload, a file on this machine (not from a browser), or a run.
 * With `trigger` it is what that trigger's workflow starts with: normalised into core format.
 */
export const dataSource = z.union([
  z.strictObject({ json, index: entry.optional(), trigger: id.optional() }),
  z.strictObject({ dataId: id, index: entry.optional(), trigger: id.optional() }),
  z.strictObject({ uploadId: id, index: entry.optional(), trigger: id.optional() }),
  z.strictObject({ ...valueOfStep, trigger: id.optional() })
])
export type DataSource = z.output<typeof dataSource>

export const workflowSource = z.union([
  z.strictObject({ json }),
  z.strictObject({ workflowId: id, version: z.int().min(1).optional() }),
  z.strictObject({ runId: id })
])
export type WorkflowSource = z.output<typeof workflowSource>

export const runOptions = z.strictObject({
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

/** A file's text, or an upload. */
export const textGiven = { name: z.string().min(1).max(500), text: z.string() }
export const uploadGiven = { name: z.string().min(1).max(500), uploadId: id }

export const caseIdText = z.string().min(1).max(2000)

// The shapes of the files of a workspace, as far as Retrace relies on them: a file is read by its schema or not at all. What is inside a
// workflow, an event or an answer is judged by those who use it.
import { z } from 'zod'
import { pinnedOutput, placeholder } from '../../contract/effects.ts'
import type { MockSet } from '../../contract/effects.ts'
import { isUnknownMap, type Json, type JsonMap } from '../../contract/json.ts'
import { outcomes } from '../../contract/run.ts'
import { runOrigins, type RunSummary } from '../../contract/run-views.ts'
import { watchPaths } from '../../contract/watch.ts'
import { differenceKinds, verifyVerdicts } from '../../contract/verify.ts'
import type { AcceptedDifference } from '../../contract/verify.ts'
import type { DataSummary } from '../../contract/workspace.ts'
import { hasManyNodes } from '../../engine/graph/count-nodes.ts'
import type { FileKind } from './migrations.ts'
import { isPlainName } from './paths.ts'
import type { Shape } from './reading.ts'

const text = z.string()
const count = z.number().min(0)
const optionalText = text.nullable()
const json = z.custom<Json>((value) => value !== undefined)
const map = z.custom<JsonMap>(isUnknownMap, 'expected an object')
/** Of runs in the index, which has no file of that name to be held against. */
const id = text.refine(isPlainName, 'is no id')
/** The file's name tells the id: what stands in the file gives way to it. */
const saidId = text

const shape = <T>(kind: FileKind, schema: z.ZodType<T>): Shape<T> => ({ kind, schema })
const graphShape = <T>(kind: FileKind, schema: z.ZodType<T>): Shape<T> => ({
  ...shape(kind, schema),
  isTooMuch: (text) => hasManyNodes(text, 'file')
})

export const catalogueShape = shape(
  'catalogue',
  z.looseObject({ version: z.number(), name: text, createdAt: text, settings: map })
)

/** A profile's name or a MISP version; one that this Retrace does not know is kept. */
const version = text.min(1).max(60)
export const storedVersions = z.looseObject({
  workspace: z
    .looseObject({
      profile: version,
      how: z.enum(['chosen', 'recognised', 'new']),
      evidence: z.array(text.max(1000)).max(300)
    })
    .exactOptional(),
  /** Chosen for a workflow, by id, or a source of posts, by name. */
  workflows: z.record(text, version).exactOptional(),
  sources: z.record(text, version).exactOptional()
})
export type StoredVersions = z.output<typeof storedVersions>

export const workflowShape = graphShape(
  'workflow',
  z.looseObject({
    format: z.literal('retrace.workflow'),
    version: z.number(),
    id: saidId,
    number: z.number(),
    savedAt: text,
    note: text,
    workflow: json,
    text: text.optional()
  })
)

export const draftShape = graphShape(
  'draft',
  z.looseObject({ workflowId: saidId, base: z.int().min(0), at: text, workflow: json })
)

export const blueprintShape = graphShape(
  'blueprint',
  z.looseObject({
    format: z.literal('retrace.blueprint'),
    version: z.number(),
    default: z.boolean(),
    blueprint: map,
    text: optionalText
  })
)

export const dataShape = shape<DataSummary>(
  'data',
  z.object({
    id: saidId,
    name: text,
    size: count,
    importedAt: text,
    events: z.array(z.object({ id: optionalText, uuid: optionalText, info: text }))
  })
)

const nodeId = z.number().nullable()
const runVerified = z.object({
  verdict: z.enum(verifyVerdicts),
  accepted: count,
  at: text,
  until: text.exactOptional(),
  against: text.exactOptional(),
  stale: z.boolean().exactOptional()
})

const runSummary: z.ZodType<RunSummary> = z.looseObject({
  id,
  origin: z.enum(runOrigins),
  source: optionalText,
  state: z.enum(['running', 'paused', 'done', 'cancelled', 'unreadable']),
  outcome: z.enum(outcomes).nullable(),
  outcomeText: text,
  trigger: text,
  workflowId: optionalText,
  workflowName: optionalText,
  event: z.looseObject({ id: optionalText, uuid: optionalText, info: text }).nullable(),
  startedAt: text.refine((value) => !Number.isNaN(Date.parse(value)), 'is no time'),
  durationMs: z.number().nullable(),
  steps: count,
  errors: count,
  effects: count,
  worldChanges: count,
  size: count,
  name: optionalText,
  pinned: z.boolean(),
  parent: z.looseObject({ runId: text, nodeId, relation: z.enum(['nested', 'job', 'start', 'again']) }).nullable(),
  confidence: z.number().nullable(),
  reason: text.exactOptional(),
  verified: runVerified.exactOptional(),
  deletedAt: optionalText,
  words: text
}) as unknown as z.ZodType<RunSummary>

export const runHeaderShape = shape(
  'run',
  z.looseObject({
    format: z.literal('retrace.run'),
    version: z.number(),
    summary: runSummary,
    workflow: json,
    options: map
  })
)

export const runIndexShape = shape('run-index', z.looseObject({ format: z.literal('retrace.run-index') }))

/** What a person said about a run. */
const remark = z.object({
  id: text,
  name: optionalText.exactOptional(),
  pinned: z.boolean().exactOptional(),
  deletedAt: optionalText.exactOptional(),
  verified: runVerified.exactOptional()
})
export const runIndexLine = z.union([z.object({ run: runSummary }), z.object({ remark }), z.object({ gone: text })])

export const mocksShape = shape<MockSet>(
  'mocks',
  z.looseObject({
    id: saidId,
    name: text,
    workflowId: optionalText,
    savedAt: text,
    mocks: map,
    pins: z.record(text, pinnedOutput),
    placeholders: z.record(text, placeholder)
  })
)

export interface WatchFile {
  readonly id: string
  /** What tells the workflow, for people. */
  readonly workflow: string
  readonly paths: readonly string[]
}
export const watchesShape = shape<WatchFile>(
  'watches',
  z.looseObject({ id: saidId, workflow: text, paths: watchPaths })
)

export const acceptedShape = shape<AcceptedDifference>(
  'accepted',
  z.looseObject({
    id: saidId,
    workflowId: optionalText,
    runId: optionalText,
    nodeId: z.number().nullable(),
    kind: z.enum(differenceKinds),
    path: optionalText,
    reason: text,
    until: text.refine((value) => /^\d{4}-\d\d-\d\d$/.test(value), 'is no day'),
    at: text
  })
)

export interface AnswerFile {
  readonly id: string
  readonly name: string
  readonly importedAt: string
  readonly answers: readonly Json[]
}
export const answersShape = shape<AnswerFile>(
  'answers',
  z.looseObject({ id: saidId, name: text, importedAt: text, answers: z.array(json) })
)

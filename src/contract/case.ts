// A run kept as a test: what it is given, what answers its requests, and what a person expects of it. resources/case.schema.json says the
// same to editors; docs/cases.md explains it.
import { z } from 'zod'
import { anyJson, anyMap } from './any-json.ts'
import type { DiffPart } from './comparison.ts'
import { pinnedOutput } from './effects.ts'
import type { Json, JsonMap } from './json.ts'
import { recordedModule } from './recorded-shapes.ts'
import { outcomes } from './run.ts'

export const caseFormat = 'retrace.case'
export const caseVersion = 1

const text = z.string().max(100_000)
const name = z.string().min(1).max(200)
const names = z.array(name).max(10_000)
const node = z.int().min(0)
/** PHP's empty map is a list. */
const map = z.union([
  anyMap,
  z
    .array(z.never())
    .max(0)
    .transform((): JsonMap => ({}))
])
const maps = z.array(map)
const orEmptyList = <T extends z.ZodType>(shape: T) =>
  z.preprocess((value) => (Array.isArray(value) && value.length === 0 ? {} : value), shape)

/** A file below the folder of the case, with slashes. */
const localFile = z.string().min(1).max(500)

/**
 * Every key that is given has to be there with the same value: maps are compared key by key, lists and texts as a whole. The dots that stand
 * for a secret fit any text.
 */
const request = z.looseObject({ kind: z.enum(['http', 'mail', 'zmq', 'misp-modules', 'template']) })

const answer = z.strictObject({
  /** Absent: of any node. */
  node: node.optional(),
  module: name.optional(),
  request: request.optional(),
  answer: z.looseObject({}),
  /** Milliseconds that MISP would have waited for it. */
  takes: z.number().min(0).optional()
})

const expectedValue = z.strictObject({
  /** A hash path; with `{` or `[` in it the list of all that it finds, else the value itself, null where there is none. */
  path: z.string().min(1).max(2000),
  is: anyJson as z.ZodType<Json>,
  /** After the last execution of that node; absent: at the end. */
  after: node.optional(),
  /** The node that set the value when the case was made: where a failure starts when it does not any more. */
  from: node.optional()
})

const expectedChange = z.looseObject({
  node: node.nullable(),
  table: name,
  op: z.enum(['added', 'removed', 'changed'])
})

const expectations = z.strictObject({
  outcome: z.enum(outcomes).optional(),
  /** Stands in what MISP says to whoever was blocked, or in what failed. */
  message: text.min(1).optional(),
  /** The steps in their order: the node, and which way it went. */
  path: z.array(name).max(100_000).optional(),
  /** Everything that would leave MISP, in its order. */
  effects: z.array(request).optional(),
  /** Changes of MISP's database, in their order. */
  changes: z.array(expectedChange).optional(),
  values: z.array(expectedValue).max(1000).optional()
})

/** What a run worked out of rows that are not in the case. */
const found = z.strictObject({
  tags: maps.optional(),
  objects: maps.optional(),
  last: orEmptyList(z.record(z.string(), z.number())).optional(),
  galaxies: z.array(z.strictObject({ tag: z.string(), galaxy: map, cluster: map })).optional()
})

export const caseShape = z.strictObject({
  format: z.literal(caseFormat),
  version: z.literal(caseVersion),
  $schema: z.string().max(2000).optional(),
  name: name.optional(),
  about: text.optional(),

  /** One of three: inside, a file below the case's folder, or what the workspace has under that name or id. */
  workflow: anyJson.optional() as z.ZodOptional<z.ZodType<Json>>,
  workflowFile: localFile.optional(),
  workflowName: name.optional(),
  /** Run as if that trigger had fired it. */
  as: name.optional(),
  /** One of two. */
  input: anyJson.optional() as z.ZodOptional<z.ZodType<Json>>,
  inputFile: localFile.optional(),
  /** What the trigger made of the input, where only MISP's post tells it. */
  normalized: map.optional(),

  profile: name.optional(),
  /** The clock of the run, ISO 8601; it stands still. */
  now: z.iso.datetime({ offset: true }).optional(),
  /** Where new UUIDs are drawn from. */
  uuids: name.optional(),

  /** Absent or true: what is not given is assumed, as `retrace run` does. False: there is nothing beside what is given. */
  assume: z.boolean().optional(),
  settings: map.optional(),
  /** Settings that are set, and whose values are not written here. */
  secrets: names.optional(),
  mode: z.enum(['executeWorkflow', 'executeWorkflowForTrigger', 'router']).optional(),
  trigger: name.optional(),
  enabledTriggers: names.optional(),
  enabledModules: names.optional(),
  enabledAdHoc: names.optional(),
  /** The user that MISP runs workflows as, and the id of the one who caused the run. */
  user: map.optional(),
  currentUser: name.optional(),
  cascade: z.int().min(0).max(100).optional(),
  crash: z.boolean().optional(),
  lastId: z.number().optional(),
  /** Other workflows that may be fired. */
  workflows: maps.max(1000).optional(),
  /** What the misp-modules service lists, those that do not matter by name only; null: it is down. */
  service: z
    .array(z.union([z.string(), map]))
    .nullable()
    .optional(),
  modules: z.array(recordedModule).optional(),
  pins: orEmptyList(z.record(z.string(), pinnedOutput)).optional(),
  edits: z.array(z.tuple([z.int().min(0), anyJson as z.ZodType<Json>])).optional(),
  endpoint: z.array(z.tuple([z.int().min(0), map])).optional(),

  /** The part of MISP's database that the run reads; or a file with it. */
  world: map.optional(),
  worldFile: localFile.optional(),
  found: orEmptyList(found).optional(),
  /** The event that the database has beside the world's. */
  shown: map.optional(),

  /** Answers by node id or module id. */
  mocks: map.optional(),
  answers: z.array(answer).optional(),

  expect: orEmptyList(expectations)
})

export type Case = z.output<typeof caseShape>
export type CaseAnswer = NonNullable<Case['answers']>[number]
export type Expectations = Case['expect']
export type ExpectedValue = NonNullable<Expectations['values']>[number]

/** What can be ticked besides hash paths. With the outcome comes the message; by itself it is expected whatever the outcome is. */
export const expectable = ['outcome', 'message', 'path', 'effects', 'changes'] as const
export type Expectable = (typeof expectable)[number]

/**
 * passed: all is as expected. failed: something is otherwise. stale: the workflow is gone, an answer is not used, or something that is expected
 * can never come about. broken: the case cannot be read or run.
 */
export type CaseState = 'passed' | 'failed' | 'stale' | 'broken'

/** One thing that is otherwise. `before`: expected, `after`: what came out. */
export interface CaseDifference extends DiffPart {
  /** The step of the run where it shows first, from 1; null where there is none. */
  readonly step: number | null
  /** In one sentence. */
  readonly text: string
  /** `path` in its parts. */
  readonly keys: readonly (string | number)[]
}

export interface CaseResult {
  readonly name: string
  readonly state: CaseState
  readonly differences: readonly CaseDifference[]
  /** The first step that differs, from 1; null where all is as expected, or nobody can tell. */
  readonly step: number | null
  /** The node of that step. */
  readonly nodeId: number | null
  /** Why it is stale or broken, or what else is to be said, in sentences. */
  readonly reasons: readonly string[]
  /** Places of mocks and answers that nothing asks for: `answers[3]`, `mocks.webhook`. */
  readonly unused: readonly string[]
}

/** Why a case with such a mock or answer is stale. */
export const unusedReason = (place: string): string => `Nothing asks for ${place}.`

/** A case of the workspace's folder `cases/`. */
export interface CaseRow {
  /** Its path within the folder, with slashes. */
  readonly id: string
  readonly name: string
  /** Its workflow's name; null where the case cannot be read. */
  readonly workflow: string | null
  /** Of the workflow in the workspace; null where it has none. */
  readonly workflowId: string | null
  /** Another one when the case, or something that it reads, is another. */
  readonly stamp: string
  /** Null: not run since it became what it is. */
  readonly result: CaseResult | null
  /** The version of MISP that it was run under, where that was asked for; null: its own. */
  readonly profile: string | null
}

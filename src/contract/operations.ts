// The one map of operations, an area a file. Client, preload, gate, HTTP routes and WebSocket are derived from it by types: a new call is one line in
// its area and one handler in host/operations (or in host/worker/operations for what works on data).
import type { z } from 'zod'
import { appOperations } from './operations/app.ts'
import { authoringOperations } from './operations/authoring.ts'
import { captureOperations } from './operations/capture.ts'
import { caseOperations } from './operations/cases.ts'
import { dataOperations } from './operations/data.ts'
import { effectOperations } from './operations/effects.ts'
import { executingOperations } from './operations/executing.ts'
import { runOperations } from './operations/run.ts'
import { runsOperations } from './operations/runs.ts'
import { triedOperations } from './operations/tried.ts'
import { verifyOperations } from './operations/verify.ts'
import { workflowOperations } from './operations/workflows.ts'
import { worldOperations } from './operations/world.ts'
import type { Operation } from './operations/operation.ts'

export type { DataSource, RunOptionsInput, StepValue, WorkflowSource } from './operations/params.ts'
export type { RunFilter } from './operations/runs.ts'

export const operations = {
  ...appOperations,
  ...runsOperations,
  ...runOperations,
  ...executingOperations,
  ...effectOperations,
  ...caseOperations,
  ...verifyOperations,
  ...triedOperations,
  ...workflowOperations,
  ...authoringOperations,
  ...dataOperations,
  ...captureOperations,
  ...worldOperations
} as const

export type OperationName = keyof typeof operations
type OperationMap = typeof operations
/** What a caller passes: what has a default may be left out. */
export type Params<N extends OperationName> = z.input<OperationMap[N]['params']>
/** What a handler gets. */
export type ParsedParams<N extends OperationName> = z.output<OperationMap[N]['params']>
export type Result<N extends OperationName> = OperationMap[N] extends Operation<z.ZodType, infer R> ? R : never

export const isOperationName = (name: string): name is OperationName => Object.hasOwn(operations, name)

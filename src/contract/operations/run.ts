// One run, looked into: its data a page at a time, and why it came out as it did.
import { z } from 'zod'
import type { BlameEntry, Chain } from '../chain.ts'
import type { Json } from '../json.ts'
import type { StepReason } from '../run-views.ts'
import type { RecordedInput } from '../surroundings.ts'
import { searchKinds } from '../values.ts'
import type { ValueChanges, ValueMatches, ValuePage } from '../values.ts'
import { watchPaths } from '../watch.ts'
import type { WatchRow } from '../watch.ts'
import { takes } from './operation.ts'
import { id, limit, offset, path, shownValue } from './params.ts'

export const runOperations = {
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
  /** The whole value as text, for copying. PARAMS_INVALID above 16 MB: use `run.download`. */
  'run.text': takes(z.strictObject({ ...shownValue, path: path.default([]) })).gives<{ readonly text: string }>(),

  /** The workflow that it ran, as MISP exports it. `rebuilt`: made from its posts, since the workflow itself is not known. */
  'run.workflow': takes(z.strictObject({ runId: id })).gives<{ readonly workflow: Json; readonly rebuilt: boolean }>(),

  /** Of a module that was run on its own: what it was asked for with. Null for a run of a workflow. */
  'run.module': takes(z.strictObject({ runId: id })).gives<RecordedInput['module'] | null>(),

  /** Its events from that one on, each as one line of JSON, some megabytes at a time. `next`: null behind the last one. */
  'run.events': takes(
    z.strictObject({ runId: id, from: z.int().min(0).default(0), unmasked: z.boolean().default(false) })
  ).gives<{ readonly lines: readonly string[]; readonly next: number | null }>()
} as const

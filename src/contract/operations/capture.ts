// What MISP posted: taking, keeping and grouping it, imports, MISP's execution log.
import { z } from 'zod'
import { captureChange, retentionRules } from '../own-settings.ts'
import { logSortings, postSortings } from '../workspace.ts'
import type {
  CaptureSettings,
  CaptureStatus,
  ImportedPosts,
  LogLine,
  MissingPost,
  PostAccounts,
  PostDetail,
  PostSummary,
  RetentionPlan,
  StorageInfo
} from '../workspace.ts'
import { takes } from './operation.ts'
import { id, ids, json, limit, nothing, textGiven, uploadGiven } from './params.ts'

const triggerOfPosts = z.string().min(1).max(200).optional()

export const captureOperations = {
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
  /**
   * Captured posts (NDJSON), a run as one file, MISP's execution log or its log export. `trigger`: of posts that come without the path they
   * were sent to.
   */
  'capture.import': takes(
    z.union([
      z.strictObject({ ...textGiven, trigger: triggerOfPosts }),
      z.strictObject({ ...uploadGiven, trigger: triggerOfPosts })
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
      ...uploadGiven,
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
  }>()
} as const

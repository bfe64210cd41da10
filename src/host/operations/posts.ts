// Operations on raw posts: the list, one post, and what a person says about where posts belong.
import { createHash } from 'node:crypto'
import { isUtf8 } from 'node:buffer'
import type { ParsedParams, Result } from '../../contract/operations.ts'
import type { MissingPost, PostSorting, PostSummary } from '../../contract/workspace.ts'
import { CodedError } from '../../contract/errors.ts'
import type { CapturedRun } from '../capture/derive/captured-run.ts'
import { maskPostTarget } from '../capture/understand/mask.ts'
import type { RawPost } from '../capture/understand/ndjson.ts'
import { parseTarget } from '../capture/listen/post-target.ts'
import { isPacked } from '../capture/understand/post-body.ts'
import { parsePost } from '../capture/understand/post-parse.ts'
import type { CaptureService } from '../capture/service.ts'
import type { Handlers } from '../registry/registry.ts'
import { ordered, pageOfOrdered } from '../runs/ordered-page.ts'
import type { Ordering } from '../runs/ordered-page.ts'
import type { PostPlace } from '../capture/journal/segments-reader.ts'
import type { Services } from './services.ts'

type PostOperations = 'posts.list' | 'posts.get' | 'posts.move' | 'posts.undo' | 'runs.merge' | 'runs.split'

const shownBytes = 1024 * 1024
const shownRowBytes = 32 * 1024
const doubtful = 0.9

export const postHandlers = ({ capture, workspace }: Services): Handlers<PostOperations> => {
  const secrets = (): string[] => capture.settings.sources.flatMap(({ secret }) => secret ?? [])
  const writable = async (): Promise<CaptureService> => {
    workspace.assertWritable()
    return capture.service()
  }
  return {
    'posts.list': async (params, { signal }) => listPosts(await capture.service(), params, secrets(), signal),
    'posts.get': async (params) => getPost(await capture.service(), params, secrets()),
    'posts.move': async ({ postIds, runId }) => {
      const service = await writable()
      if (runId !== null) findRun(service, runId)
      return undo(await service.movePosts(postIds.map(seqOf), runId ?? undefined))
    },
    'posts.undo': async ({ undoId }) => ({ undone: (await (await writable()).undoCorrection(seqOf(undoId))) !== null }),
    'runs.merge': async ({ runIds }) => {
      const service = await writable()
      const [into, ...others] = runIds.map((id) => findRun(service, id)).sort((a, b) => a.startedAt - b.startedAt)
      return undo(
        await service.movePosts(
          others.flatMap((run) => run.posts.map(([seq]) => seq)),
          into!.id,
          'merge'
        )
      )
    },
    'runs.split': async ({ runId, postId }) => {
      const service = await writable()
      findRun(service, runId)
      return undo(await service.splitRun(runId, seqOf(postId)))
    }
  }
}

const undo = ({ id }: { readonly id: number }): { readonly undoId: string } => ({ undoId: String(id) })

function seqOf(id: string): number {
  const seq = Number(id)
  if (!Number.isInteger(seq) || seq < 1) throw new CodedError('PARAMS_INVALID', `“${id.slice(0, 50)}” is not a post.`)
  return seq
}

function findRun(service: CaptureService, id: string): CapturedRun {
  const run = service.runs.get(id)
  if (run === undefined) throw new CodedError('RUN_NOT_FOUND', `There is no captured run “${id}”.`)
  return run
}

export interface RunPost extends RawPost {
  readonly seq: number
  readonly job: number
}

/** The posts of a run as they are stored, and those that cannot be read. */
export async function readPosts(
  service: CaptureService,
  run: CapturedRun
): Promise<{ readonly posts: readonly RunPost[]; readonly missing: readonly MissingPost[] }> {
  const posts: RunPost[] = []
  const missing: MissingPost[] = []
  const jobs = new Map(run.posts)
  for await (const [seq, stored] of service.reader.readEach([...jobs.keys()]))
    if ('why' in stored) missing.push({ id: String(seq), why: stored.why })
    else posts.push({ ...stored, seq, job: jobs.get(seq) ?? 0 })
  return { posts, missing }
}

function rowOf(
  service: CaptureService,
  { seq, bytes, meta }: PostPlace,
  secrets: readonly string[] | null
): PostSummary {
  const run = service.runOf(seq)
  const { kind, trigger, moduleId } = parseTarget(meta.target)
  const lost = service.isUnassigned(seq)
  return {
    ...{
      id: String(seq),
      at: new Date(meta.at).toISOString(),
      source: meta.source,
      target: secrets === null ? meta.target : maskPostTarget(meta.target, meta.source, secrets)
    },
    ...{ size: bytes, runId: run?.id ?? null, confidence: run?.confidence ?? null },
    reason: run?.reason ?? (lost ? 'not understood: stored unchanged' : null),
    ...{ kind: lost ? 'unknown' : kind, trigger: trigger || null, moduleId: moduleId || null }
  }
}

/** Of a post that cannot be read, only its number is known, and when its run began. */
function unreadRow(service: CaptureService, seq: number, why: string): PostSummary {
  const run = service.runOf(seq)
  return {
    ...{ id: String(seq), at: new Date(run?.startedAt ?? 0).toISOString(), source: run?.source ?? '', target: '' },
    ...{ size: 0, runId: run?.id ?? null, confidence: run?.confidence ?? null, reason: why },
    ...{ kind: 'unknown', trigger: run?.trigger ?? null, moduleId: null }
  }
}

/** Says of a post without a run why it is not understood. For a list only small ones are looked into, and none is unpacked. */
async function explained(service: CaptureService, row: PostSummary, inList: boolean): Promise<PostSummary> {
  if (row.kind !== 'unknown' || row.size > (inList ? shownRowBytes : shownBytes)) return row
  for await (const [, stored] of service.reader.readEach([seqOf(row.id)])) {
    if ('why' in stored) return { ...row, reason: stored.why }
    if (!inList || !isPacked(stored.meta)) return withProblem(row, stored)
  }
  return row
}

function withProblem(row: PostSummary, { meta, body }: RawPost): PostSummary {
  const { problem } = parsePost(meta, body)
  return problem === undefined ? row : { ...row, reason: `${problem.message} (${problem.code}); stored unchanged` }
}

async function listPosts(
  service: CaptureService,
  params: ParsedParams<'posts.list'>,
  secrets: readonly string[],
  signal: AbortSignal
): Promise<Result<'posts.list'>> {
  const { unassigned, runId, cursor, limit } = params
  const numbers = await candidates(service, unassigned, runId)
  if (params.sort) return sortedPosts(service, numbers, { ...params, sort: params.sort }, secrets, signal)
  const accounts = await service.accounts()
  const first = params.doubtfulFirst && !unassigned && runId === undefined ? doubtfulPosts(service) : []
  const isFirst = new Set(first)
  const [part, before] = parseCursor(cursor)
  const posts: PostSummary[] = []
  const lists = [
    { name: 'doubtful', of: first, skip: new Set<number>() },
    { name: 'others', of: numbers, skip: isFirst }
  ]
  for (const { name, of, skip } of part === 'others' ? lists.slice(1) : lists) {
    for (let i = of.length - 1; i >= 0; i--) {
      const seq = of[i]!
      if ((name === part && seq >= before) || skip.has(seq)) continue
      const found = await listedRow(service, seq, params, secrets)
      signal.throwIfAborted()
      if (found === null) continue
      // The cursor names the last one shown, in the list that it is from.
      if (posts.length === limit) {
        const last = posts.at(-1)!.id
        const list = isFirst.has(Number(last)) ? 'doubtful' : 'others'
        return { posts, cursor: `${list}:${last}`, total: numbers.length, accounts }
      }
      posts.push(found.isRead ? await explained(service, found.row, true) : found.row)
    }
  }
  return { posts, cursor: null, total: numbers.length, accounts }
}

/** The row of a post that the list shows; null for one that it leaves out. */
async function listedRow(
  service: CaptureService,
  seq: number,
  { search, runId }: Pick<ParsedParams<'posts.list'>, 'search' | 'runId'>,
  secrets: readonly string[]
): Promise<{ readonly row: PostSummary; readonly isRead: boolean } | null> {
  const found = await service.reader.placeOrWhy(seq)
  const isRead = !('why' in found)
  if (!isRead && found.isGone && runId === undefined) return null
  const row = isRead ? rowOf(service, found, secrets) : unreadRow(service, seq, found.why)
  const text = `${row.target}\n${row.source}\n${row.runId ?? ''}\n${row.reason ?? ''}`.toLowerCase()
  return text.includes(search.toLowerCase()) ? { row, isRead } : null
}

const keys: Record<PostSorting, (post: PostSummary) => string | number | null> = {
  time: (post) => post.at,
  source: (post) => post.source.toLowerCase() || null,
  kind: (post) => post.kind,
  target: (post) => post.target.toLowerCase(),
  size: (post) => post.size,
  run: (post) => post.runId,
  grouping: (post) => post.confidence
}

async function sortedPosts(
  service: CaptureService,
  numbers: ArrayLike<number>,
  params: ParsedParams<'posts.list'> & { readonly sort: { readonly by: PostSorting; readonly down: boolean } },
  secrets: readonly string[],
  signal: AbortSignal
): Promise<Result<'posts.list'>> {
  const rows: { readonly row: PostSummary; readonly isRead: boolean }[] = []
  for (const seq of Array.from(numbers)) {
    const found = await listedRow(service, seq, params, secrets)
    signal.throwIfAborted()
    if (found) rows.push(found)
  }
  const { by, down } = params.sort
  const ordering: Ordering<(typeof rows)[number]> = {
    ...{ key: ({ row }) => keys[by](row), at: ({ row }) => row.at, id: ({ row }) => row.id }
  }
  const { page, cursor } = pageOfOrdered(ordered(rows, ordering, down), ordering, { ...params, down })
  const posts = await Promise.all(page.map(({ row, isRead }) => (isRead ? explained(service, row, true) : row)))
  return { posts, cursor, total: numbers.length, accounts: await service.accounts() }
}

function parseCursor(cursor: string | null): readonly [list: string, before: number] {
  const [list = '', seq] = (cursor ?? 'doubtful:Infinity').split(':')
  if (Number.isNaN(Number(seq))) throw new CodedError('PARAMS_INVALID', 'The cursor does not belong to posts.list.')
  return [list, Number(seq)]
}

/** Numbers of the posts in question, ascending. */
async function candidates(
  service: CaptureService,
  unassigned: boolean,
  runId: string | undefined
): Promise<ArrayLike<number>> {
  if (runId !== undefined) return findRun(service, runId).posts.map(([seq]) => seq)
  return unassigned ? doubtfulPosts(service) : service.reader.numbers()
}

/** Posts that need a person: without a run, or of a run that is doubtful. Ascending. */
function doubtfulPosts(service: CaptureService): readonly number[] {
  const found = [...service.unassigned]
  for (const run of service.runs.values())
    if (run.confidence < doubtful && !run.open) for (const [seq] of run.posts) found.push(seq)
  return found.sort((a, b) => a - b)
}

async function getPost(
  service: CaptureService,
  { postId, unmasked }: ParsedParams<'posts.get'>,
  secrets: readonly string[]
): Promise<Result<'posts.get'>> {
  const seq = seqOf(postId)
  const stored = await service.reader.read(seq)
  if (stored === null) throw new CodedError('PARAMS_INVALID', `There is no post ${postId}.`)
  const request = { show: stored, secrets: unmasked ? null : secrets, inflated: { most: shownBytes } }
  const { meta, body: shown, length } = await service.views.show(request)
  // A cut may go through a character.
  const readable =
    isUtf8(shown) ||
    isUtf8(shown.subarray(0, shownBytes - 3)) ||
    isUtf8(shown.subarray(0, shownBytes - 2)) ||
    isUtf8(shown.subarray(0, shownBytes - 1))
  const row = rowOf(service, { seq, bytes: stored.body.length, meta: stored.meta }, unmasked ? null : secrets)
  return {
    ...(await explained(service, row, false)),
    ...{ method: meta.method, headers: meta.headers, text: shown.toString(readable ? 'utf8' : 'base64') },
    ...{ encoding: readable ? 'utf8' : 'base64', truncated: length > shownBytes },
    ...{ sha256: createHash('sha256').update(stored.body).digest('hex'), masked: !unmasked }
  }
}

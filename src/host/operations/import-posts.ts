// Posts of a file into the workspace, with the run and the line of each: for those who want to know where every line went.
import type { ParsedParams, Result } from '../../contract/operations.ts'
import type { ImportedRun } from '../../contract/workspace.ts'
import type { CapturedRun } from '../capture/derive/captured-run.ts'
import { runsOfLog } from '../capture/import/execution-log.ts'
import { graphsOf, groupStream } from '../capture/import/file.ts'
import type { KeptLog } from '../capture/import/log-import.ts'
import type { NumberedPost, RawPost } from '../capture/understand/ndjson.ts'
import { readImport, type ImportBatch, type PostBatch } from '../capture/import/source.ts'
import type { ReadBatch } from '../capture/import/thread.ts'
import type { CaptureService } from '../capture/service.ts'
import type { Call } from '../registry/calls.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

type Imported = Result<'posts.import'>

export async function firstOf<B extends ImportBatch | ReadBatch>(batches: AsyncGenerator<B>): Promise<B | PostBatch> {
  const { value, done } = await batches.next()
  return done === true ? { kind: 'posts', posts: [], share: 1 } : value
}

export async function* postsOf(
  first: readonly NumberedPost[],
  batches: AsyncIterable<ImportBatch>
): AsyncGenerator<NumberedPost> {
  yield* first
  for await (const batch of batches) if (batch.kind !== 'log') yield* batch.posts
}

async function* listsOf(
  first: PostBatch,
  batches: AsyncIterable<ReadBatch>,
  take: (batch: PostBatch) => void
): AsyncGenerator<readonly RawPost[]> {
  take(first)
  yield first.posts
  for await (const batch of batches) {
    if (batch.kind === 'log') continue
    take(batch)
    yield batch.posts
  }
}

export const importHandlers = (services: Services): Handlers<'posts.import'> => ({
  'posts.import': (params, call) => importFile(services, params, call)
})

async function importFile(
  services: Services,
  { name, uploadId, graphs, trigger }: ParsedParams<'posts.import'>,
  call: Call
): Promise<Imported> {
  const { workspace, capture, uploads } = services
  workspace.assertWritable()
  const file = uploads.fileOf(uploadId)
  const service = await capture.service()
  const batches = service.readImport({ file, name, trigger }, call.signal)
  const first = await firstOf(batches)
  if (first.kind === 'log') {
    await capture.showLog(service, first.kept)
    return describeLog(first.kept)
  }
  const bring = (): Promise<Imported> => importInto(services, service, { name, first, batches }, call)
  if (graphs.length === 0) return bring()
  const own = workspace.workflows.list().map(({ id }) => workspace.workflows.get(id).workflow)
  await service.useGraphs(graphsOf([...graphs, ...own]))
  try {
    return await bring()
  } finally {
    // Given for this file only.
    await service.useGraphs(graphsOf(own))
  }
}

interface PostFile {
  readonly name: string
  readonly first: PostBatch
  readonly batches: AsyncIterable<ReadBatch>
}

/** Stores posts as they are read: a file is never in memory as a whole. One that turns out to be wrong, or is cancelled, leaves nothing behind. */
export async function bringIn(
  { capture }: Services,
  service: CaptureService,
  { name, first, batches }: PostFile,
  { signal, tell }: Call
): Promise<{
  readonly runs: readonly CapturedRun[]
  /** By the posts' new numbers, those that they have in the file. */
  readonly numbers: ReadonlyMap<number, number>
}> {
  const lines: number[] = []
  let share = 0
  const lists = listsOf(first, batches, (batch) => {
    share = batch.share
    for (const { number } of batch.posts) lines.push(number)
  })
  const seqs = await service.importPosts(lists, {
    check: () => signal.throwIfAborted(),
    progress: () => tell(`Importing ${name}`, Math.round(100 * share), 100)
  })
  await capture.recount(service)
  const numbers = new Map(seqs.map((seq, i) => [seq, lines[i]!]))
  return { runs: [...service.runs.values()].filter((run) => run.posts.some(([seq]) => numbers.has(seq))), numbers }
}

async function importInto(services: Services, service: CaptureService, file: PostFile, call: Call): Promise<Imported> {
  const { runs, numbers } = await bringIn(services, service, file, call)
  await services.prepare?.(runs.map(({ id }) => id))
  return {
    runs: runs.map((run) => inLines(run, numbers)),
    unassigned: [...service.unassigned].flatMap((seq) => numbers.get(seq) ?? [])
  }
}

const inLines = (run: CapturedRun, numbers: ReadonlyMap<number, number>): ImportedRun => ({
  ...{ id: run.id, trigger: run.trigger, parent: run.parent?.runId ?? null },
  posts: run.posts.flatMap(([seq]) => numbers.get(seq) ?? []),
  ...{ confidence: run.confidence, reason: run.reason }
})

/** The same without a workspace: what would become of the file. `file` is also its name for people. */
export async function lookIntoFile(
  { file, name }: { readonly file: string; readonly name: string },
  graphs: readonly unknown[],
  trigger?: string
): Promise<Imported> {
  const batches = readImport(file, name, trigger)
  const first = await firstOf(batches)
  if (first.kind === 'log') {
    const { entries } = first
    return describeLog({ entries: entries.length, runs: runsOfLog(entries) })
  }
  const posts = postsOf(first.posts, batches)
  const { runs, parents, unassigned } = await groupStream(posts, graphsOf(graphs))
  return {
    runs: runs.map((run) => ({
      ...{ id: `c-${run.id}`, trigger: run.trigger },
      parent: parents.has(run.id) ? `c-${parents.get(run.id)!.runId}` : null,
      posts: run.posts.map(({ post }) => post.seq).sort((a, b) => a - b),
      ...{ confidence: run.confidence, reason: run.reason }
    })),
    unassigned
  }
}

/** Runs of MISP's log: `posts` are the numbers of its entries. They hold no data. */
function describeLog({ entries, runs }: Pick<KeptLog, 'entries' | 'runs'>): Imported {
  const used = new Set(runs.flatMap((run) => run.entries))
  return {
    runs: runs.map((run, i) => ({
      ...{ id: `log-${i + 1}`, trigger: run.trigger, parent: run.parent === null ? null : `log-${run.parent + 1}` },
      posts: run.entries.map((entry) => entry + 1),
      confidence: 0.8,
      reason: 'from MISP’s log: no data, and the log does not distinguish runs'
    })),
    unassigned: Array.from({ length: entries }, (_, i) => i + 1).filter((number) => !used.has(number - 1))
  }
}

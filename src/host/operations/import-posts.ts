// Posts of a file into the workspace, with the run and the line of each: for those who want to know where every line went.
import type { ParsedParams, Result } from '../../contract/operations.ts'
import type { ImportedRun } from '../../contract/workspace.ts'
import type { CapturedRun } from '../capture/derive/captured-run.ts'
import { sizeOf } from '../aside/given-text.ts'
import { runsOfLog } from '../capture/import/execution-log.ts'
import { graphsOf, groupStream } from '../capture/import/file.ts'
import type { KeptLog } from '../capture/import/log-import.ts'
import type { RawPost } from '../capture/understand/ndjson.ts'
import { readImport, readLogEntries, type ImportBatch, type NumberedPost } from '../capture/import/source.ts'
import type { CaptureService } from '../capture/service.ts'
import type { Call } from '../registry/calls.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

type Imported = Result<'posts.import'>

export async function firstOf(batches: AsyncGenerator<ImportBatch>): Promise<ImportBatch> {
  const { value, done } = await batches.next()
  return done === true ? { kind: 'posts', posts: [] } : value
}

export async function* postsOf(
  first: readonly NumberedPost[],
  batches: AsyncIterable<ImportBatch>
): AsyncGenerator<NumberedPost> {
  yield* first
  for await (const batch of batches) if (batch.kind !== 'log') yield* batch.posts
}

async function* listsOf(
  first: readonly NumberedPost[],
  batches: AsyncIterable<ImportBatch>
): AsyncGenerator<readonly NumberedPost[]> {
  yield first
  for await (const batch of batches) if (batch.kind !== 'log') yield batch.posts
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
  const batches = service.readImport({ file, name, trigger })
  const first = await firstOf(batches)
  if (first.kind === 'log') {
    const kept = await keepLogOf(services, service, { file, name }, call.signal)
    return describeLog(kept)
  }
  const posts = listsOf(first.posts, batches)
  if (graphs.length === 0) return importInto(services, service, posts, call)
  const own = workspace.workflows.list().map(({ id }) => workspace.workflows.get(id).workflow)
  await service.useGraphs(graphsOf([...graphs, ...own]))
  try {
    return await importInto(services, service, posts, call)
  } finally {
    // Given for this file only.
    await service.useGraphs(graphsOf(own))
  }
}

/** Keeps MISP's log and lists the runs that only it knows. */
export async function keepLogOf(
  { capture, aside }: Services,
  service: CaptureService,
  { file, name }: { readonly file: string; readonly name: string },
  signal: AbortSignal
): Promise<KeptLog> {
  const bytes = await sizeOf({ file })
  const kept = await aside.run('keepLog', { file, name, dir: service.dir }, { bytes, name, signal })
  await capture.showLogged(service)
  return kept
}

async function importInto(
  services: Services,
  service: CaptureService,
  posts: AsyncIterable<readonly NumberedPost[]>,
  { signal }: Call
): Promise<Imported> {
  const lines: number[] = []
  const numbered = async function* (): AsyncGenerator<readonly RawPost[]> {
    for await (const some of posts) {
      for (const { number } of some) lines.push(number)
      yield some
    }
  }
  const seqs = await service.importPosts(numbered(), { check: () => signal.throwIfAborted() })
  await services.capture.recount(service)
  const numbers = new Map(seqs.map((seq, i) => [seq, lines[i]!]))
  const touched = [...service.runs.values()].filter((run) => run.posts.some(([seq]) => numbers.has(seq)))
  await services.prepare?.(touched.map(({ id }) => id))
  return {
    runs: touched.map((run) => inLines(run, numbers)),
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
    const entries = (await readLogEntries(file)) ?? []
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
function describeLog({ entries, runs }: KeptLog): Imported {
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

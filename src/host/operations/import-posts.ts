// Posts of a file into the workspace, with the run and the line of each: for those who want to know where every line went.
import { open, readFile } from 'node:fs/promises'
import type { ParsedParams, Result } from '../../contract/operations.ts'
import type { ImportedRun } from '../../contract/workspace.ts'
import { CodedError } from '../../contract/errors.ts'
import type { CapturedRun } from '../capture/captured-run.ts'
import { looksLikeExecutionLog, parseExecutionLog, parseLogExport, runsOfLog } from '../capture/execution-log.ts'
import type { LogEntry } from '../capture/execution-log.ts'
import { graphsOf, groupStream, postsOfFile } from '../capture/import-file.ts'
import { saveLog } from '../capture/log-import.ts'
import type { RawPost } from '../capture/ndjson.ts'
import { isRunFile, postsOfRunFile } from '../capture/run-file.ts'
import type { CaptureService } from '../capture/service.ts'
import type { Call } from '../registry/calls.ts'
import type { Handlers } from '../registry/registry.ts'
import { enginePorts } from '../worker/ports.ts'
import type { Services } from './services.ts'

type Imported = Result<'posts.import'>
type Numbered = RawPost & { readonly number: number }

export const importHandlers = (services: Services): Handlers<'posts.import'> => ({
  'posts.import': (params, call) => importFile(services, params, call)
})

async function importFile(
  services: Services,
  { name, uploadId, graphs }: ParsedParams<'posts.import'>,
  call: Call
): Promise<Imported> {
  const { workspace, capture, uploads } = services
  workspace.assertWritable()
  const file = uploads.fileOf(uploadId)
  const service = await capture.service()
  const log = await readLog(file)
  if (log !== null) {
    await saveLog(service.dir, name, log)
    await capture.showLogged(service)
    return describeLog(log)
  }
  const posts = await sourceOf(file, name)
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

async function importInto(
  { capture }: Services,
  service: CaptureService,
  posts: () => AsyncGenerator<Numbered>,
  { signal }: Call
): Promise<Imported> {
  const lines: number[] = []
  const numbered = async function* (): AsyncGenerator<RawPost> {
    for await (const post of posts()) {
      lines.push(post.number)
      yield post
    }
  }
  const seqs = await service.importPosts(numbered(), { check: () => signal.throwIfAborted() })
  await capture.recount(service)
  const numbers = new Map(seqs.map((seq, i) => [seq, lines[i]!]))
  const touched = [...service.runs.values()].filter((run) => run.posts.some(([seq]) => numbers.has(seq)))
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
export async function lookIntoFile(file: string, graphs: readonly unknown[]): Promise<Imported> {
  const log = await readLog(file)
  if (log !== null) return describeLog(log)
  const posts = await sourceOf(file, file)
  const { runs, parents, unassigned } = await groupStream(posts(), graphsOf(graphs), enginePorts().render)
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

async function headOf(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Posts one a line, or those of a run file. */
async function sourceOf(file: string, name: string): Promise<() => AsyncGenerator<Numbered>> {
  const head = await headOf(file)
  if (!/^\s*\{\s*"format"\s*:\s*"retrace-captured-run"/.test(head)) return () => postsOfFile(file, name)
  const json = parseJson(await readFile(file, 'utf8'))
  if (!isRunFile(json)) throw new CodedError('INPUT_WRONG_TYPE', `${name} is not a captured run.`, { file: name })
  const posts = postsOfRunFile(json, name)
  return async function* () {
    for (const [i, post] of posts.entries()) yield { ...post, number: i + 1 }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function readLog(file: string): Promise<LogEntry[] | null> {
  const head = await headOf(file)
  if (looksLikeExecutionLog(head)) return parseExecutionLog(await readFile(file, 'utf8'))
  if (!/^\s*(\[|\{\s*"response")/.test(head)) return null
  const json = parseJson(await readFile(file, 'utf8'))
  return json === null ? null : parseLogExport(json)
}

/** Runs of MISP's log: `posts` are the numbers of its entries. They hold no data. */
function describeLog(entries: readonly LogEntry[]): Imported {
  const runs = runsOfLog(entries)
  const used = new Set(runs.flatMap((run) => run.entries))
  return {
    runs: runs.map((run, i) => ({
      ...{ id: `log-${i + 1}`, trigger: run.trigger, parent: run.parent === null ? null : `log-${run.parent + 1}` },
      posts: run.entries.map((entry) => entry + 1),
      confidence: 0.8,
      reason: 'from MISP’s log: no data, and the log does not distinguish runs'
    })),
    unassigned: entries.flatMap((_, i) => (used.has(i) ? [] : [i + 1]))
  }
}

// `retrace import`: runs out of a file of posts (NDJSON), of a captured run, or of MISP's workflow log.
import { open, readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Json } from '../contract/json.ts'
import { CodedError } from '../contract/errors.ts'
import type { CapturedRun } from '../host/capture/captured-run.ts'
import { looksLikeExecutionLog, parseExecutionLog, parseLogExport, runsOfLog } from '../host/capture/execution-log.ts'
import { graphsOf, groupStream, postsOfFile } from '../host/capture/import-file.ts'
import { saveLog } from '../host/capture/log-import.ts'
import type { RawPost } from '../host/capture/ndjson.ts'
import { isRunFile, postsOfRunFile } from '../host/capture/run-file.ts'
import { enginePorts } from '../host/worker/ports.ts'
import { parseCommand } from './args.ts'
import { openCapture } from './capture-workspace.ts'
import { findCommand } from './commands.ts'
import type { Command, CommandContext } from './context.ts'
import { readWorkflow } from './input.ts'
import { createStyle, visible } from './style.ts'

/** As printed with --json; fixed by shared scripts. */
interface ImportedRun {
  readonly id: string
  readonly trigger: string
  readonly parent: string | null
  readonly posts: readonly number[]
  readonly confidence: number
  readonly reason?: string
}
interface Imported {
  readonly runs: readonly ImportedRun[]
  readonly unassigned: readonly number[]
}

type Numbered = RawPost & { readonly number: number }

export const importCommand: Command = async (context) => {
  const kinds = { workspace: 'text', graph: 'list', json: 'flag' } as const
  const { options, words } = parseCommand(context.args, kinds, findCommand('import')?.usage ?? '', { min: 1, max: 1 })
  const file = words[0] as string
  const graphs: Json[] = []
  for (const graph of options.graph) graphs.push((await readWorkflow(graph)) as Json)
  const log = await readLog(file)
  const imported =
    log !== null
      ? await importLog(context, file, log, options.workspace)
      : await importPosts(context, file, graphs, options.workspace)
  if (options.json) context.print(JSON.stringify(imported))
  else show(context, imported)
  return imported.unassigned.length > 0 ? 1 : 0
}

async function importPosts(
  context: CommandContext,
  file: string,
  graphs: readonly Json[],
  folder: string | undefined
): Promise<Imported> {
  const posts = await sourceOf(file)
  if (folder === undefined) {
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
  const session = await openCapture(context, folder, { write: true, graphs })
  try {
    const numbers = new Map<number, number>()
    const lines: number[] = []
    const numbered = async function* (): AsyncGenerator<RawPost> {
      for await (const post of posts()) {
        lines.push(post.number)
        yield post
      }
    }
    const seqs = await session.capture.importPosts(numbered())
    seqs.forEach((seq, i) => numbers.set(seq, lines[i]!))
    const touched = [...session.capture.runs.values()].filter((run) => run.posts.some(([seq]) => numbers.has(seq)))
    return {
      runs: touched.map((run) => inLines(run, numbers)),
      unassigned: [...session.capture.unassigned].flatMap((seq) => numbers.get(seq) ?? [])
    }
  } finally {
    await session.close()
  }
}

const inLines = (run: CapturedRun, numbers: ReadonlyMap<number, number>): ImportedRun => ({
  ...{ id: run.id, trigger: run.trigger, parent: run.parent?.runId ?? null },
  posts: run.posts.flatMap(([seq]) => numbers.get(seq) ?? []),
  ...{ confidence: run.confidence, reason: run.reason }
})

async function headOf(file: string): Promise<string> {
  const info = await stat(file).catch(() => null)
  if (info === null) throw new CodedError('FILE_NOT_FOUND', `${file} does not exist.`, { file })
  if (!info.isFile()) throw new CodedError('FILE_UNREADABLE', `${file} is not a file.`, { file })
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Posts one a line, or those of a run file. */
async function sourceOf(file: string): Promise<() => AsyncGenerator<Numbered>> {
  const head = await headOf(file)
  if (!/^\s*\{\s*"format"\s*:\s*"retrace-captured-run"/.test(head)) return () => postsOfFile(file)
  const json = parseJson(await readFile(file, 'utf8'))
  if (!isRunFile(json)) throw new CodedError('INPUT_WRONG_TYPE', `${file} is not a captured run.`, { file })
  const posts = postsOfRunFile(json, file)
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

type Log = ReturnType<typeof parseExecutionLog>

async function readLog(file: string): Promise<Log | null> {
  const head = await headOf(file)
  if (looksLikeExecutionLog(head)) return parseExecutionLog(await readFile(file, 'utf8'))
  if (!/^\s*(\[|\{\s*"response")/.test(head)) return null
  const json = parseJson(await readFile(file, 'utf8'))
  return json === null ? null : parseLogExport(json)
}

/** Runs of MISP's log: `posts` are the numbers of its entries. They hold no data. */
async function importLog(
  context: CommandContext,
  file: string,
  entries: Log,
  folder: string | undefined
): Promise<Imported> {
  const runs = runsOfLog(entries)
  if (folder !== undefined) {
    const session = await openCapture(context, folder, { write: true })
    try {
      await saveLog(session.capture.dir, basename(file), entries)
    } finally {
      await session.close()
    }
  }
  const used = new Set(runs.flatMap((run) => run.entries))
  return {
    runs: runs.map((run, i) => ({
      ...{ id: `log-${i + 1}`, trigger: run.trigger, parent: run.parent === null ? null : `log-${run.parent + 1}` },
      posts: run.entries.map((entry) => entry + 1),
      confidence: 0.8,
      reason: 'from MISP’s log: no data, and the log does not tell runs apart'
    })),
    unassigned: entries.flatMap((_, i) => (used.has(i) ? [] : [i + 1]))
  }
}

function show({ print, color }: CommandContext, { runs, unassigned }: Imported): void {
  const { bold, dim, green, yellow } = createStyle(color)
  for (const run of runs) {
    const sure = run.confidence >= 0.9 ? green : yellow
    const parent = run.parent === null ? '' : dim(`  inside ${run.parent}`)
    print(
      `${bold(run.id)}  ${visible(run.trigger)}  ${run.posts.length} posts  ${sure(`${Math.round(run.confidence * 100)} %`)}${parent}`
    )
    if (run.reason !== undefined) print(dim(`    ${run.reason}`))
  }
  print(
    `${runs.length} runs, ${unassigned.length} posts in no run${unassigned.length > 0 ? `: lines ${unassigned.slice(0, 20).join(', ')}` : ''}`
  )
}

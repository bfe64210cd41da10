// What a file that is imported holds: posts one a line, those of a run's file, or entries of MISP's log. Read piece by piece, in whatever thread.
import { open, readFile, stat } from 'node:fs/promises'
import { CodedError } from '../../../contract/errors.ts'
import { nestsDeeper } from '../../../contract/json-depth.ts'
import { looksLikeExecutionLog, parseExecutionLog, parseLogExport } from './execution-log.ts'
import type { LogEntry } from './execution-log.ts'
import { postsOfFile } from './file.ts'
import type { RawPost } from '../understand/ndjson.ts'
import { mostBytes } from '../../store/reading.ts'
import { isRunFile, postsOfRunFile } from '../derive/run-file.ts'

/** A post with its line in the file, from 1, or its place in the run. */
export type NumberedPost = RawPost & { readonly number: number }

/** The first one tells what the file is; of posts there are more. */
export type ImportBatch =
  /** Read and kept by `keepLog`. */
  { readonly kind: 'log' } | { readonly kind: 'posts' | 'run'; readonly posts: readonly NumberedPost[] }

const batchBytes = 4 * 1024 * 1024

/** @param name of the file for people. Throws INPUT_NOT_JSON and INPUT_WRONG_TYPE with the place. */
export async function* readImport(file: string, name: string): AsyncGenerator<ImportBatch> {
  const head = await headOf(file)
  if ((await readLog(file, head, name)) !== null) return yield { kind: 'log' }
  if (/^\s*\{\s*"format"\s*:\s*"retrace-captured-run"/.test(head)) {
    const json = parseJson(await textOf(file, name))
    if (!isRunFile(json)) throw new CodedError('INPUT_WRONG_TYPE', `${name} is not a captured run.`, { file: name })
    const posts = postsOfRunFile(json, name).map((post, i) => ({ ...post, number: i + 1 }))
    return yield { kind: 'run', posts }
  }
  let posts: NumberedPost[] = []
  let bytes = 0
  for await (const post of postsOfFile(file, name)) {
    posts.push(post)
    bytes += post.body.length + 1000
    if (bytes < batchBytes) continue
    yield { kind: 'posts', posts }
    posts = []
    bytes = 0
  }
  yield { kind: 'posts', posts }
}

/** Entries of MISP's log; null for what is none. */
export const readLogEntries = async (file: string): Promise<LogEntry[] | null> =>
  readLog(file, await headOf(file), file)

async function headOf(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function readLog(file: string, head: string, name: string): Promise<LogEntry[] | null> {
  if (looksLikeExecutionLog(head)) return parseExecutionLog(await textOf(file, name))
  if (!/^\s*(\[|\{\s*"response")/.test(head)) return null
  const json = parseJson(await textOf(file, name))
  return json === null ? null : parseLogExport(json)
}

/** What is no list of posts is read as a whole, and no text is longer. */
async function textOf(file: string, name: string): Promise<string> {
  const { size } = await stat(file)
  if (size > mostBytes)
    throw new CodedError('INPUT_TOO_LARGE', `${name} has ${size} bytes; the limit is ${mostBytes}.`, { file: name })
  return readFile(file, 'utf8')
}
/** Of a log or a run's file: data is text in it. */
const mostLevels = 2000

function parseJson(text: string): unknown {
  if (nestsDeeper(text, mostLevels)) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

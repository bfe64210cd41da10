// What a file that is imported holds: posts one a line, those of a run's file, or entries of MISP's log. Read piece by piece, in whatever thread.
import { open, readFile, stat } from 'node:fs/promises'
import { CodedError } from '../../../contract/errors.ts'
import { nestsDeeper } from '../../../contract/json-depth.ts'
import { looksLikeExecutionLog, parseExecutionLog, parseLogExport } from './execution-log.ts'
import type { LogEntry } from './execution-log.ts'
import { postsOfFile } from './file.ts'
import { requestsOf } from './foreign/bins.ts'
import { jsonTexts } from './foreign/json-texts.ts'
import { looksLikeListenerOutput, requestsOfOutput } from './foreign/listener-output.ts'
import { postsOfRequests, type ForeignRequest } from './foreign/request.ts'
import { unwrapped } from './log-lines.ts'
import { withoutMark, type RawPost } from '../understand/ndjson.ts'
import { mostBytes } from '../../store/reading.ts'
import { isRunFile, postsOfRunFile } from '../derive/run-file.ts'

/** A post with its line in the file, from 1, or its place in the run. */
export type NumberedPost = RawPost & { readonly number: number }

/** The first one tells what the file is; of posts there are more. */
export type ImportBatch =
  /** Read and kept by `keepLog`. */
  { readonly kind: 'log' } | { readonly kind: 'posts' | 'run'; readonly posts: readonly NumberedPost[] }

const batchBytes = 4 * 1024 * 1024

/** For people whose file is none of them. */
const forms =
  'Retrace reads posts as one JSON text a line (retrace export), a captured run, MISP’s workflow-execution.log (also with what docker, journald or grep put before its lines) and its export of logs, what MISP’s webhook-listener.py printed, exports of request bins such as webhook.site, HAR files, and bare bodies of debug posts.'

/**
 * @param name of the file for people.
 * @param trigger of posts whose path is not known.
 * Throws INPUT_NOT_JSON and INPUT_WRONG_TYPE with the place, and with the forms that are read.
 */
export async function* readImport(file: string, name: string, trigger?: string): AsyncGenerator<ImportBatch> {
  const head = await headOf(file)
  const whole = new WholeFile(file, name)
  if ((await readLog(whole, head)) !== null) return yield { kind: 'log' }
  if (/^\s*\{\s*"format"\s*:\s*"retrace-captured-run"/.test(head)) {
    const json = await whole.json()
    if (!isRunFile(json)) throw new CodedError('INPUT_WRONG_TYPE', `${name} is not a captured run.`, { file: name })
    const posts = postsOfRunFile(json, name).map((post, i) => ({ ...post, number: i + 1 }))
    return yield { kind: 'run', posts }
  }
  if (!looksLikePostLines(head) || !(await beginsWithPost(file, name))) {
    const foreign = await foreignRequests(whole, name)
    if (foreign !== null) return yield* inBatches(numbered(postsOfRequests(foreign, name, trigger)))
  }
  yield* inBatches(withForms(postsOfFile(file, name)))
}

async function* inBatches(all: AsyncIterable<NumberedPost> | Iterable<NumberedPost>): AsyncGenerator<ImportBatch> {
  let posts: NumberedPost[] = []
  let bytes = 0
  for await (const post of all) {
    posts.push(post)
    bytes += post.body.length + 1000
    if (bytes < batchBytes) continue
    yield { kind: 'posts', posts }
    posts = []
    bytes = 0
  }
  yield { kind: 'posts', posts }
}

function* numbered(posts: Iterable<RawPost>): Generator<NumberedPost> {
  let number = 0
  for (const post of posts) yield { ...post, number: ++number }
}

/** Where not even the first line is a post, the file is something else. */
async function* withForms(posts: AsyncIterable<NumberedPost>): AsyncGenerator<NumberedPost> {
  let isFirst = true
  try {
    for await (const post of posts) {
      isFirst = false
      yield post
    }
  } catch (error) {
    if (!isFirst || !(error instanceof CodedError) || error.code === 'INPUT_TOO_LARGE') throw error
    throw new CodedError(error.code, `${error.message} ${forms}`, error.details)
  }
}

const looksLikePostLines = (head: string): boolean =>
  /^\s*\{/.test(head) && /"target"\s*:/.test(head) && /"at"\s*:/.test(head)

/** The words that a post's line has may stand in any data. */
async function beginsWithPost(file: string, name: string): Promise<boolean> {
  try {
    for await (const post of postsOfFile(file, name)) return post.number > 0
    return true
  } catch (error) {
    if (error instanceof CodedError) return error.code === 'INPUT_TOO_LARGE'
    throw error
  }
}

/** Requests that another tool kept; null when nobody knows the form. Throws INPUT_NOT_JSON when one of several cannot be read. */
async function foreignRequests(file: WholeFile, name: string): Promise<Iterable<ForeignRequest> | null> {
  const text = await file.text()
  const output = unwrapped(text)
  if (looksLikeListenerOutput(output.slice(0, 200_000))) return requestsOfOutput(output)
  if (!/^\s*[[{]/.test(output)) return null
  const whole = output === text ? await file.json() : parseJson(output)
  if (whole !== null) return requestsOf(whole)
  const each = [...jsonTexts(output)].map(parseJson)
  const found = requestsOf(each.filter((one) => one !== null))
  const cut = each.indexOf(null)
  if (found !== null && cut >= 0)
    throw new CodedError('INPUT_NOT_JSON', `${name}: text ${cut + 1} of its JSON texts is cut off, or is not JSON.`, {
      file: name
    })
  return found
}

/** Entries of MISP's log; null for what is none. */
export const readLogEntries = async (file: string): Promise<LogEntry[] | null> =>
  readLog(new WholeFile(file, file), await headOf(file))

async function headOf(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    return withoutMark(buffer.toString('utf8', 0, bytesRead))
  } finally {
    await handle.close()
  }
}

async function readLog(file: WholeFile, head: string): Promise<LogEntry[] | null> {
  if (looksLikeExecutionLog(unwrapped(head))) return parseExecutionLog(unwrapped(await file.text()))
  if (!/^\s*(\[|\{\s*"response")/.test(head)) return null
  const json = await file.json()
  return json === null ? null : parseLogExport(json)
}

/** What is no list of posts is read as a whole, and no text is longer. Several look at it; it is read and parsed once. */
class WholeFile {
  #text: Promise<string> | null = null
  #json: { readonly value: unknown } | null = null

  constructor(
    private readonly file: string,
    /** For people. */
    private readonly name: string
  ) {}

  text(): Promise<string> {
    return (this.#text ??= this.#read())
  }

  /** Null where it is not JSON, or nested deeper than anything that is read. */
  async json(): Promise<unknown> {
    return (this.#json ??= { value: parseJson(await this.text()) }).value
  }

  async #read(): Promise<string> {
    const { file, name } = this
    const { size } = await stat(file)
    if (size > mostBytes)
      throw new CodedError('INPUT_TOO_LARGE', `${name} has ${size} bytes; the limit is ${mostBytes}.`, { file: name })
    return withoutMark(await readFile(file, 'utf8'))
  }
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

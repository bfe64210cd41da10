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
import { withoutMark, type NumberedPost, type RawPost } from '../understand/ndjson.ts'
import { mostBytes } from '../../store/reading.ts'
import { isRunFile, postsOfRunFile } from '../derive/run-file.ts'

export interface PostBatch {
  readonly kind: 'posts' | 'run'
  readonly posts: readonly NumberedPost[]
  /** How much of the file has been read by now, from 0 to 1. */
  readonly share: number
}

/** The first one tells what the file is; of posts there are more. */
export type ImportBatch = { readonly kind: 'log'; readonly entries: readonly LogEntry[] } | PostBatch

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
  const { head, size } = await headOf(file)
  const whole = new WholeFile(file, name)
  const entries = await readLog(whole, head)
  if (entries !== null) return yield { kind: 'log', entries }
  if (/^\s*\{\s*"format"\s*:\s*"retrace-captured-run"/.test(head)) {
    const json = await whole.json()
    if (!isRunFile(json)) throw new CodedError('INPUT_WRONG_TYPE', `${name} is not a captured run.`, { file: name })
    return yield { kind: 'run', posts: postsOfRunFile(json, name), share: 1 }
  }
  if (!looksLikePostLines(head) || !(await beginsWithPost(file, name))) {
    const foreign = await foreignRequests(whole, name)
    if (foreign !== null) return yield* inBatches(inLists(postsOfRequests(foreign, name, trigger)), () => 1)
  }
  let read = 0
  const posts = postsOfFile(file, name, { told: (bytes) => (read = bytes) })
  yield* inBatches(withForms(posts), () => Math.min(1, read / size))
}

async function* inBatches(
  lists: AsyncIterable<readonly NumberedPost[]> | Iterable<readonly NumberedPost[]>,
  share: () => number
): AsyncGenerator<PostBatch> {
  let posts: NumberedPost[] = []
  let bytes = 0
  for await (const list of lists)
    for (const post of list) {
      posts.push(post)
      bytes += post.body.length + 1000
      if (bytes < batchBytes) continue
      yield { kind: 'posts', posts, share: share() }
      posts = []
      bytes = 0
    }
  yield { kind: 'posts', posts, share: 1 }
}

function* inLists(posts: Iterable<RawPost>): Generator<readonly NumberedPost[]> {
  let number = 0
  for (const post of posts) yield [{ ...post, number: ++number }]
}

/** Where not even the first line is a post, the file is something else. */
async function* withForms(lists: AsyncIterable<readonly NumberedPost[]>): AsyncGenerator<readonly NumberedPost[]> {
  let isFirst = true
  try {
    for await (const list of lists) {
      isFirst = false
      yield list
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
    for await (const list of postsOfFile(file, name)) return list.length > 0
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

async function headOf(file: string): Promise<{ readonly head: string; readonly size: number }> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    return { head: withoutMark(buffer.toString('utf8', 0, bytesRead)), size }
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

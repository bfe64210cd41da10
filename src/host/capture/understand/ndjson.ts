// Captured posts as lines of JSON (docs/file-formats.md): how they leave a workspace and come into another one. Bytes that are
// UTF-8 text travel as `body`, others as `bodyBase64`; both give the same bytes back.
import { isUtf8 } from 'node:buffer'
import { CodedError } from '../../../contract/errors.ts'
import { isTime, maxMetaBytes, type PostMeta } from '../journal/segments.ts'
import { nestsDeeper } from '../../../contract/json-depth.ts'

export interface PostLine {
  readonly at: string
  readonly opened?: string
  readonly source: string
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly bodyBase64?: string
}

export interface RawPost {
  readonly meta: PostMeta
  readonly body: Buffer
}

/** A post with its line in the file, from 1, or its place in the run. */
export type NumberedPost = RawPost & { readonly number: number }

export function encodePostLine({ meta, body }: RawPost): string {
  const headers = headerMap(meta.headers)
  const line: PostLine = {
    at: new Date(meta.at).toISOString(),
    ...(meta.opened === undefined ? {} : { opened: new Date(meta.opened).toISOString() }),
    ...{ source: meta.source, method: meta.method, target: meta.target, headers },
    ...(isUtf8(body) ? { body: body.toString('utf8') } : { bodyBase64: body.toString('base64') })
  }
  return JSON.stringify(line)
}

/** Repeated headers are joined with a comma, as HTTP allows. */
function headerMap(headers: PostMeta['headers']): Record<string, string> {
  const map = new Map<string, string>()
  for (const [name, value] of headers) map.set(name, map.has(name) ? `${map.get(name)}, ${value}` : value)
  return Object.fromEntries(map)
}

/** Without the mark of the byte order that some editors put first. */
export const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)

const text = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback)

/** A body may stand in it as JSON. */
const mostLevels = 2000

/** Parses one line. `number`: of the line, from 1. Throws INPUT_NOT_JSON, INPUT_TOO_DEEP or INPUT_WRONG_TYPE with the place. */
export function parsePostLine(line: string, file: string, number: number): NumberedPost {
  const place = `line ${number}`
  let raw: unknown
  if (nestsDeeper(line, mostLevels))
    throw new CodedError('INPUT_TOO_DEEP', `${file}: ${place} nests deeper than ${mostLevels} levels.`, { file, place })
  try {
    raw = JSON.parse(line)
  } catch {
    throw new CodedError('INPUT_NOT_JSON', `${file} is not a list of posts: ${place} is not JSON.`, { file, place })
  }
  const wrong = (what: string): CodedError =>
    new CodedError('INPUT_WRONG_TYPE', `${file} is not a list of posts: ${what} in ${place}.`, { file, place })
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw wrong('no object')
  const post = raw as Record<string, unknown>
  if (typeof post['target'] !== 'string') throw wrong('no target')
  const at = typeof post['at'] === 'number' ? post['at'] : Date.parse(text(post['at'], ''))
  if (!isTime(at)) throw wrong('no time (`at`)')
  const opened = Date.parse(text(post['opened'], ''))
  const body =
    post['bodyBase64'] === undefined ? bodyText(post['body']) : Buffer.from(text(post['bodyBase64'], ''), 'base64')
  if (body === null) throw wrong('no body')
  const headers = typeof post['headers'] === 'object' && post['headers'] !== null ? Object.entries(post['headers']) : []
  const meta: PostMeta = {
    at,
    ...(isTime(opened) ? { opened } : {}),
    source: text(post['source'], 'default') || 'default',
    method: text(post['method'], 'POST'),
    target: post['target'],
    headers: headers.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
  }
  // What could not be read again must not be written.
  if (line.length > surelyFits && metaLength(meta) > maxMetaBytes)
    throw new CodedError('INPUT_TOO_LARGE', `${file}: the head of the post in ${place} is too long.`, { file, place })
  return { meta, body, number }
}

/** Of each character of a line six at most are in the head, and some for each header. */
const surelyFits = maxMetaBytes / 10

const metaLength = (meta: PostMeta): number => Buffer.byteLength(JSON.stringify(meta))

const bodyText = (body: unknown): Buffer | null => {
  if (typeof body === 'string') return Buffer.from(body, 'utf8')
  // Written by hand or by another tool: the JSON itself.
  return typeof body === 'object' && body !== null
    ? Buffer.from(JSON.stringify(body))
    : body === undefined
      ? Buffer.alloc(0)
      : null
}

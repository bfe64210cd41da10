// Reads an HTTP/1.x request as MISP and its HTTP client really write it, which is laxer than the RFC: text in the query is not
// escaped (spaces, quotes, UTF-8, even line breaks in an exception's message). Node's own parser refuses such requests and
// resets the socket, which would abort MISP's run.
import { trim } from '../../../engine/php/cast.ts'

export interface RequestHead {
  readonly method: string
  /** Path and query exactly as sent. */
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** How the body is framed. */
  readonly framing: { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' }
  readonly expectsContinue: boolean
}

export type HeadProblem = 'bad-request-line' | 'bad-header' | 'bad-length'

const decoder = new TextDecoder('utf-8', { fatal: true })
const decode = (bytes: Buffer): string => {
  try {
    return decoder.decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

const headerPattern = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\0\r\n]*)$/

export const headerOf = (headers: RequestHead['headers'], name: string): string | undefined =>
  headers.find(([key]) => key.length === name.length && key.toLowerCase() === name)?.[1]

const valuesOf = (headers: RequestHead['headers'], name: string): string[] =>
  headers.filter(([key]) => key.length === name.length && key.toLowerCase() === name).map(([, value]) => value)

const version = / HTTP\/\d(?:\.\d)?$/

/**
 * Finds where a head ends while it arrives: each byte is looked at once. A blank line ends it, but not one inside the request line: MISP
 * writes an exception's message into the query as it is.
 */
export class HeadEnd {
  private line = 0
  private next = 0
  private state: 'first' | 'in query' | 'headers' = 'first'

  /** Index just behind the blank line, or -1. `bytes`: all of the head so far. */
  find(bytes: Buffer): number {
    for (let i = bytes.indexOf(10, this.next); i >= 0; i = bytes.indexOf(10, i + 1)) {
      const end = bytes[i - 1] === 13 ? i - 1 : i
      if (end <= this.line && this.state !== 'in query') return i + 1
      if (this.state !== 'headers') {
        // What has no query is a request of its own kind: nothing in it can hold line breaks.
        const line = bytes.subarray(this.line, end)
        const isOver = version.test(line.toString('latin1', Math.max(0, line.length - 10)))
        this.state = isOver || (this.state === 'first' && !line.includes(63)) ? 'headers' : 'in query'
      }
      this.line = i + 1
    }
    this.next = bytes.length
    return -1
  }
}

/** The request line ends where its version stands: an exception's message in the query may hold line breaks, and what looks like headers. */
function splitHead(text: string): { readonly first: string; readonly lines: readonly string[] } {
  const lines = text.replace(/\r?\n\r?\n$/, '').split(/\r?\n/)
  const end = lines.findIndex((line) => version.test(line))
  if (end <= 0) return { first: lines[0] ?? '', lines: lines.slice(1) }
  return { first: lines.slice(0, end + 1).join('\n'), lines: lines.slice(end + 1) }
}

/** Parses a head. Outside the request line it is strict: a line that proxies may read in two ways is refused. */
export function parseHead(bytes: Buffer): RequestHead | HeadProblem {
  const { first, lines } = splitHead(decode(bytes))
  const space = first.indexOf(' ')
  if (space <= 0 || !/^[A-Za-z]+$/.test(first.slice(0, space))) return 'bad-request-line'
  const target = first.slice(space + 1, version.exec(first)?.index)
  if (target === '') return 'bad-request-line'
  const headers: [string, string][] = []
  for (const line of lines) {
    const match = headerPattern.exec(line)
    if (match === null) return 'bad-header'
    headers.push([match[1]!, trim(match[2]!, ' \t')])
  }
  if (valuesOf(headers, 'host').length > 1) return 'bad-header'
  const framing = framingOf(headers)
  if (framing === null) return 'bad-length'
  const expectsContinue = (headerOf(headers, 'expect') ?? '').toLowerCase() === '100-continue'
  return { method: first.slice(0, space).toUpperCase(), target, headers, framing, expectsContinue }
}

function framingOf(headers: RequestHead['headers']): RequestHead['framing'] | null {
  const encodings = valuesOf(headers, 'transfer-encoding')
  const lengths = valuesOf(headers, 'content-length')
  if (encodings.length > 0) {
    return encodings.join().toLowerCase() === 'chunked' && lengths.length === 0 ? { kind: 'chunked' } : null
  }
  if (lengths.length === 0) return { kind: 'length', bytes: 0 }
  const [length] = lengths
  if (!/^\d{1,15}$/.test(length!) || lengths.some((other) => other !== length)) return null
  return { kind: 'length', bytes: Number(length) }
}

/** More than the digits of sizes: extensions and trailers of all chunks together. Nobody needs them. */
const mostExtra = 64 * 1024
const mostLine = 8192

/**
 * Takes the chunk framing off a body. `push` returns the data found in the bytes; `done` is true after the last chunk and its trailer,
 * `failed` when the framing is broken, or when extensions and trailers do not end.
 */
export class ChunkedBody {
  done = false
  failed = false
  private state: 'size' | 'data' | 'data-end' | 'trailer' = 'size'
  private line = ''
  private left = 0
  private extra = 0

  push(bytes: Buffer): Buffer[] {
    const out: Buffer[] = []
    let i = 0
    while (i < bytes.length && !this.done && !this.failed) {
      if (this.state === 'data') {
        const take = Math.min(this.left, bytes.length - i)
        out.push(bytes.subarray(i, i + take))
        i += take
        this.left -= take
        if (this.left === 0) this.state = 'data-end'
        continue
      }
      const end = bytes.indexOf(10, i)
      const stop = end < 0 ? bytes.length : end
      if (this.line.length + stop - i > mostLine) this.failed = true
      else this.line += bytes.toString('latin1', i, stop)
      if (end < 0 || this.failed) break
      i = end + 1
      this.endOfLine(this.line.replace(/\r$/, ''))
      this.line = ''
    }
    return out
  }

  private endOfLine(line: string): void {
    if (this.state === 'data-end') {
      if (line !== '') this.failed = true
      this.state = 'size'
    } else if (this.state === 'trailer') {
      if (line === '') this.done = true
      this.count(line.length)
    } else {
      const size = line.split(';', 1)[0]!.trim()
      if (!/^[0-9a-fA-F]{1,12}$/.test(size)) this.failed = true
      this.count(line.length - size.length)
      this.left = Number.parseInt(size, 16)
      this.state = this.left === 0 ? 'trailer' : 'data'
    }
  }

  private count(bytes: number): void {
    this.extra += bytes
    if (this.extra > mostExtra) this.failed = true
  }
}

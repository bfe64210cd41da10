// HTTP as MISP's CurlClient sends it: headers in their order, redirects followed with the same method, one limit for the whole transfer.
import { randomBytes } from 'node:crypto'
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { Agent, request } from 'undici'
import type { Dispatcher } from 'undici'
import type { EffectAnswer, HttpEffect } from '../../contract/run.ts'
import { AddressRefused } from './guard.ts'
import type { AddressGuard } from './guard.ts'
import { netFailure } from './net-failure.ts'

export interface HttpOptions {
  /** Absent: every address may be reached (services that a person configured). */
  readonly guard?: AddressGuard
  readonly timeoutSeconds: number
  /** Ends it early. */
  readonly signal?: AbortSignal
  /** Called with every host before it is contacted; a text refuses it. */
  readonly mayContact?: (url: URL) => string | null
}

const mostRedirects = 10
const mostBytes = 64 * 1024 * 1024
/** The transport's own; undici refuses some of them. */
const ownHeaders = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'expect'])
/** curl does not carry these to another host. */
const secretHeaders = new Set(['authorization', 'cookie'])

interface Hop {
  readonly url: URL
  readonly body: string
  readonly headers: readonly (readonly [string, string])[]
}

/** Performs the request. Never rejects: what fails is an answer. */
export async function performHttp(effect: HttpEffect, options: HttpOptions): Promise<EffectAnswer> {
  const startedAt = performance.now()
  // Letters and digits, as curl's.
  const boundary = randomBytes(48).toString('base64').replace(/[+/]/g, '').slice(0, 22)
  const withBoundary = (text: string): string => text.replaceAll('BOUNDARY', boundary)
  const isMultipart = effect.headers.some(([name, value]) => /^content-type$/i.test(name) && value.endsWith('BOUNDARY'))
  let hop: Hop
  try {
    hop = {
      url: new URL(effect.url),
      body: isMultipart ? withBoundary(effect.body) : effect.body,
      headers: effect.headers
        .filter(([name]) => !ownHeaders.has(name.toLowerCase()))
        .map(([name, value]) => [name, isMultipart ? withBoundary(value) : value] as const)
    }
  } catch {
    const text =
      "curl error 3 'URL using bad/illegal format or missing URL': URL using bad/illegal format or missing URL"
    return { failure: 'unresolved', message: text }
  }
  const timeout = AbortSignal.timeout(options.timeoutSeconds * 1000)
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout
  for (let redirects = 0; ; redirects++) {
    try {
      const answer = await send(effect, hop, options, signal)
      const next = answer.location === null ? null : redirected(hop, answer.status, answer.location)
      if (next === null) return { status: answer.status, headers: answer.headers, body: answer.body }
      if (redirects >= mostRedirects) {
        const text = `curl error 47 'Number of redirects hit maximum amount': Maximum (${mostRedirects}) redirects followed`
        return { failure: 'refused', message: text }
      }
      hop = next
    } catch (error) {
      const milliseconds = performance.now() - startedAt
      return netFailure(error, { host: hop.url.hostname, port: portOf(hop.url), milliseconds })
    }
  }
}

const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80))

interface Answer {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  readonly location: string | null
}

async function send(effect: HttpEffect, hop: Hop, options: HttpOptions, signal: AbortSignal): Promise<Answer> {
  const { url, headers, body } = hop
  const refused = options.mayContact?.(url) ?? null
  if (refused !== null) throw new AddressRefused(refused)
  const port = portOf(url)
  // A host that is an address is never looked up by the socket.
  await options.guard?.resolve(url.hostname, port)
  const agent = new Agent({
    connect: {
      ...(options.guard ? { lookup: options.guard.lookupFor(port) } : {}),
      rejectUnauthorized: effect.selfSigned !== true,
      timeout: options.timeoutSeconds * 1000
    },
    headersTimeout: 0,
    bodyTimeout: 0,
    maxRedirections: 0
  } as Agent.Options)
  try {
    const has = (name: string): boolean => headers.some(([own]) => own.toLowerCase() === name)
    const sent: string[] = headers.flat()
    if (!has('accept-encoding')) sent.push('Accept-Encoding', 'deflate, gzip, br')
    if (!has('accept')) sent.push('Accept', '*/*')
    if (url.username !== '' && !has('authorization')) sent.push('Authorization', basic(url))
    const response = await request(url, {
      dispatcher: agent,
      method: effect.method as Dispatcher.HttpMethod,
      headers: sent,
      body: body === '' ? null : body,
      signal
    })
    const bytes = await collect(response.body)
    const pairs = Object.entries(response.headers).flatMap(([name, value]): [string, string][] =>
      (Array.isArray(value) ? value : [value ?? '']).map((one): [string, string] => [name, one])
    )
    const { location, 'content-encoding': encoding } = response.headers
    return {
      status: response.statusCode,
      headers: pairs,
      body: decoded(bytes, String(encoding ?? '')),
      location: typeof location === 'string' && location !== '' ? location : null
    }
  } finally {
    void agent.destroy().catch(() => undefined)
  }
}

const basic = ({ username, password }: URL): string =>
  `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`

async function collect(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > mostBytes) throw new Error(`the answer is longer than ${mostBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function decoded(bytes: Buffer, encoding: string): string {
  const limit = { maxOutputLength: mostBytes }
  switch (encoding.toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return gunzipSync(bytes, limit).toString('utf8')
    case 'br':
      return brotliDecompressSync(bytes, limit).toString('utf8')
    case 'deflate':
      // Servers send both kinds under this name.
      return ((bytes[0] ?? 0) & 15) === 8
        ? inflateSync(bytes, limit).toString('utf8')
        : inflateRawSync(bytes, limit).toString('utf8')
    default:
      return bytes.toString('utf8')
  }
}

/**
 * The next request of a redirect, as curl makes it with CURLOPT_CUSTOMREQUEST: the method stays; 301, 302 and 303 drop the body. Null where
 * curl does not follow.
 */
function redirected(hop: Hop, status: number, location: string): Hop | null {
  if (![301, 302, 303, 307, 308].includes(status)) return null
  const url = new URL(location, hop.url)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  const sameHost = url.host === hop.url.host && url.protocol === hop.url.protocol
  return {
    url,
    body: status === 307 || status === 308 ? hop.body : '',
    headers: sameHost ? hop.headers : hop.headers.filter(([name]) => !secretHeaders.has(name.toLowerCase()))
  }
}

// HTTP as MISP's CurlClient sends it: headers in their order, redirects followed with the same method, one limit for the whole transfer.
import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import type { Agent, buildConnector, Dispatcher } from 'undici'
import type { EffectAnswer, HttpEffect } from '../../contract/run.ts'
import { AddressRefused, plainHost } from './guard.ts'
import type { AddressGuard } from './guard.ts'
import { netFailure } from './net-failure.ts'
import { percentDecoded, redirectOf, secretsOf } from './redirect.ts'
import type { Hop } from './redirect.ts'

export interface HttpOptions {
  readonly guard: AddressGuard
  readonly timeoutSeconds: number
  /** Ends it early. */
  readonly signal?: AbortSignal
  /** Asked about another host than the request's own before a redirect goes there; a text refuses it. Absent: none does. */
  readonly mayRedirect?: (url: URL) => string | null
}

/** Why a redirect does not go there; null when it may. */
function refusalOf(url: URL, { guard, mayRedirect }: HttpOptions): string | null {
  const isAddress = isIP(plainHost(url.hostname)) !== 0
  const refused = isAddress ? guard.refusal(url.hostname, portOf(url), url.hostname) : null
  return refused ?? (mayRedirect ? mayRedirect(url) : 'which is not the given address')
}

const mostRedirects = 10
const mostBytes = 64 * 1024 * 1024
/** The transport's own; undici refuses some of them. */
const ownHeaders = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'expect'])

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
  const secrets = secretsOf(hop)
  const redirects: string[] = []
  for (;;) {
    try {
      const { location, ...answer } = await send(effect, hop, options, signal)
      const next = redirectOf(hop, { status: answer.status, location }, secrets, (url) => refusalOf(url, options))
      if (next === null) return redirects.length === 0 ? answer : { ...answer, redirects }
      if ('refused' in next) return { failure: 'unavailable', message: next.refused }
      if (redirects.length >= mostRedirects) {
        const text = `curl error 47 'Number of redirects hit maximum amount': Maximum (${mostRedirects}) redirects followed`
        return { failure: 'refused', message: text }
      }
      redirects.push(next.left)
      hop = next.hop
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
  const port = portOf(url)
  // A host that is an address is never looked up by the socket; a name that answers otherwise by then is refused there.
  await options.guard.resolve(url.hostname, port)
  // Loaded when something is sent: a command in a terminal starts without it.
  const { Agent, buildConnector, request } = await import('undici')
  const agent = new Agent({
    connect: connectorOf(buildConnector, { effect, hop, options }),
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
    const { location: given, 'content-encoding': encoding } = response.headers
    // curl takes the first one.
    const location = Array.isArray(given) ? given[0] : given
    return {
      status: response.statusCode,
      headers: pairs,
      body: await decoded(bytes, String(encoding ?? '')),
      location: location === undefined || location === '' ? null : location
    }
  } finally {
    void agent.destroy().catch(() => undefined)
  }
}

interface Sending {
  readonly effect: HttpEffect
  readonly hop: Hop
  readonly options: HttpOptions
}

/** Connects to what was checked; the address of the socket itself has the last word. */
function connectorOf(
  build: typeof buildConnector,
  { effect, hop, options: { guard, timeoutSeconds } }: Sending
): buildConnector.connector {
  const { url } = hop
  const port = portOf(url)
  const connect = build({
    lookup: guard.lookupFor(port),
    rejectUnauthorized: effect.selfSigned !== true,
    timeout: timeoutSeconds * 1000
  })
  return (options, done) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) return done(error, null)
      const reason = guard.refusal(url.hostname, port, socket.remoteAddress ?? '')
      if (reason === null) return done(null, socket)
      socket.destroy()
      done(new AddressRefused(reason), null)
    })
}

const basic = ({ username, password }: URL): string =>
  `Basic ${Buffer.from(`${percentDecoded(username)}:${percentDecoded(password)}`).toString('base64')}`

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

// Beside this thread: an answer may have 64 MB, and posts of MISP wait meanwhile.
const unpack = {
  gzip: promisify(gunzip),
  br: promisify(brotliDecompress),
  // Servers send both kinds under the name deflate.
  zlib: promisify(inflate),
  raw: promisify(inflateRaw)
}

async function decoded(bytes: Buffer, encoding: string): Promise<string> {
  const kind = kindOf(bytes, encoding.toLowerCase())
  const plain = kind === null ? bytes : await unpack[kind](bytes, { maxOutputLength: mostBytes })
  return plain.toString('utf8')
}

function kindOf(bytes: Buffer, encoding: string): keyof typeof unpack | null {
  if (encoding === 'gzip' || encoding === 'x-gzip') return 'gzip'
  if (encoding === 'br') return 'br'
  if (encoding !== 'deflate') return null
  return ((bytes[0] ?? 0) & 15) === 8 ? 'zlib' : 'raw'
}

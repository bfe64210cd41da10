// Sends captured posts as MISP sends them: one connection each, `Connection: close`, one after the other in the order of the file,
// waiting for the closed socket. `speed` 1 keeps the times between posts, 0 sends as fast as answers come. Nothing that is answered leads
// anywhere else: redirects are a status like others.
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { CodedError } from '../../../contract/errors.ts'
import { AddressRefused, serviceGuard } from '../../ports/guard.ts'
import { percentDecoded } from '../../ports/redirect.ts'
import type { PostMeta } from '../journal/segments.ts'
import type { RawPost } from '../understand/ndjson.ts'

export interface SendTarget {
  readonly host: string
  readonly port: number
  /** Put before each post's target, as MISP puts its debug URL. */
  readonly path: string
  readonly authorization: string | null
}

export function parseSendTarget(url: string): SendTarget {
  if (!isSendTarget(url)) throw new CodedError('COMMAND_INVALID', `“${url}” is not an http:// address.`)
  const parsed = new URL(url)
  const login = `${percentDecoded(parsed.username)}:${percentDecoded(parsed.password)}`
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? 80 : Number(parsed.port),
    path: parsed.pathname.replace(/\/$/, ''),
    authorization: parsed.username === '' ? null : `Basic ${Buffer.from(login).toString('base64')}`
  }
}

export const isSendTarget = (url: string): boolean => URL.canParse(url) && new URL(url).protocol === 'http:'

/** A target with the address that its name has: what connects, connects there. */
export interface Located extends SendTarget {
  readonly address: string
}

/** Throws ADDRESS_REFUSED for what nobody sends posts to, ADDRESS_UNKNOWN for a name that DNS does not know. */
export async function locate(to: SendTarget): Promise<Located> {
  try {
    const [first] = await serviceGuard(to.host).resolve(to.host, to.port)
    return { ...to, address: first?.address ?? to.host }
  } catch (error) {
    if (error instanceof AddressRefused) throw new CodedError('ADDRESS_REFUSED', error.message)
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new CodedError('ADDRESS_UNKNOWN', `${to.host} cannot be resolved (${reason}).`)
  }
}

const skipped = new Set(['host', 'content-length', 'connection', 'transfer-encoding', 'expect'])
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** A message's line breaks stay as MISP writes them, as long as nobody can take what follows for headers or for the next request. */
const oneTarget = (target: string): string =>
  / HTTP\/[^\n]*\n|\r?\n\r?(?:\n|$)/.test(target)
    ? target.replace(/[\r\n]/g, (end) => (end === '\r' ? '%0D' : '%0A'))
    : target

function headOf(to: SendTarget, meta: PostMeta, bytes: number): string {
  const shownHost = to.host.includes(':') ? `[${to.host}]` : to.host
  const isSent = ([name, value]: PostMeta['headers'][number]): boolean =>
    token.test(name) &&
    !/[\0\r\n]/.test(value) &&
    !skipped.has(name.toLowerCase()) &&
    !(to.authorization !== null && name.toLowerCase() === 'authorization')
  const lines = [
    `${token.test(meta.method) ? meta.method : 'POST'} ${to.path}${oneTarget(meta.target)} HTTP/1.1`,
    `Host: ${shownHost}:${to.port}`,
    'Connection: close',
    ...meta.headers.filter(isSent).map(([name, value]) => `${name}: ${value}`),
    ...(to.authorization === null ? [] : [`Authorization: ${to.authorization}`]),
    `Content-Length: ${bytes}`
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** Resolves to the answer's status once the socket is closed; 0 when there was no answer. Throws as `locate` does. */
export async function sendPost(
  target: SendTarget | Located,
  { meta, body }: RawPost,
  timeoutMs = 5000
): Promise<number> {
  const to = 'address' in target ? target : await locate(target)
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect({ host: to.address, port: to.port }, () => {
      socket.write(headOf(to, meta, body.length))
      socket.write(body)
    })
    socket.setTimeout(Math.max(timeoutMs, body.length / 1000), () => socket.destroy())
    socket.on('data', (data) => {
      if (answer.length < 100) answer += data.toString('latin1')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(Number(/^HTTP\/1\.\d (\d{3})/.exec(answer)?.[1] ?? 0)))
  })
}

export interface Sent {
  readonly number: number
  readonly target: string
  readonly status: number
  readonly ms: number
}

/** Sends posts in order, all to the address that the target has at the start; yields what was answered. Throws as `locate` does. */
export async function* sendAll(to: SendTarget, posts: AsyncIterable<RawPost>, speed: number): AsyncGenerator<Sent> {
  const located = await locate(to)
  const start = Date.now()
  let first: number | null = null
  let number = 0
  for await (const post of posts) {
    first ??= post.meta.at
    if (speed > 0) {
      const wait = (post.meta.at - first) / speed - (Date.now() - start)
      if (wait > 0) await pause(Math.min(wait, 3600_000))
    }
    const began = performance.now()
    const status = await sendPost(located, post)
    yield { number: ++number, target: post.meta.target, status, ms: performance.now() - began }
  }
}

// Sends captured posts as MISP sends them: one connection each, `Connection: close`, one after the other in the order of the file,
// waiting for the closed socket. `speed` 1 keeps the times between posts, 0 sends as fast as answers come.
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { CodedError } from '../../contract/errors.ts'
import type { RawPost } from './ndjson.ts'

export interface SendTarget {
  readonly host: string
  readonly port: number
  /** Put before each post's target, as MISP puts its debug URL. */
  readonly path: string
  readonly authorization: string | null
}

export function parseSendTarget(url: string): SendTarget {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || parsed.protocol !== 'http:') {
    throw new CodedError('COMMAND_INVALID', `"${url}" is not an http:// address.`)
  }
  const login = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? 80 : Number(parsed.port),
    path: parsed.pathname.replace(/\/$/, ''),
    authorization: parsed.username === '' ? null : `Basic ${Buffer.from(login).toString('base64')}`
  }
}

const skipped = new Set(['host', 'content-length', 'connection', 'transfer-encoding', 'expect'])

/** Resolves to the answer's status once the socket is closed; 0 when there was no answer. */
export function sendPost(to: SendTarget, { meta, body }: RawPost, timeoutMs = 5000): Promise<number> {
  return new Promise((resolve) => {
    let answer = ''
    const head = [
      `${meta.method} ${to.path}${meta.target} HTTP/1.1`,
      `Host: ${to.host}:${to.port}`,
      'Connection: close',
      ...meta.headers
        .filter(
          ([name]) =>
            !skipped.has(name.toLowerCase()) && !(to.authorization !== null && name.toLowerCase() === 'authorization')
        )
        .map(([name, value]) => `${name}: ${value}`),
      ...(to.authorization === null ? [] : [`Authorization: ${to.authorization}`]),
      `Content-Length: ${body.length}`
    ]
    const socket = connect({ host: to.host, port: to.port }, () => {
      socket.write(`${head.join('\r\n')}\r\n\r\n`)
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

/** Sends posts in order; yields what was answered. */
export async function* sendAll(to: SendTarget, posts: AsyncIterable<RawPost>, speed: number): AsyncGenerator<Sent> {
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
    const status = await sendPost(to, post)
    yield { number: ++number, target: post.meta.target, status, ms: performance.now() - began }
  }
}

// Who may talk to the browser host: only a page that it served itself, on an address that it listens on. Host is checked against DNS
// rebinding, Origin and Sec-Fetch-Site against other sites, the token against other users of this machine. All of it is asked of the route that
// was found, never of the address as it was written, which the router reads in other ways than we would.
import { timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pagePolicy } from '../contract/page-policy.ts'
import { socketProtocol } from '../contract/wire.ts'
import type { Callers } from './callers.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `page`: the page's own files, for everybody. `socket`: looks for the token itself. A route that declares nothing needs the token. */
    access?: 'page' | 'socket'
  }
  interface FastifyRequest {
    /** Asked for a file of the page: nothing else may answer it. */
    ofPage: boolean
  }
}

export interface Guard {
  readonly token: string
  /** `127.0.0.1:4000`, `localhost:4000`, `[::1]:4000`. Filled once the port is known. */
  readonly hosts: Set<string>
  /** Those of a proxy that was named, which may speak TLS; this server does not. */
  readonly proxied?: ReadonlySet<string>
}

export function allowHosts(guard: Guard, host: string, port: number): void {
  const names = new Set(['127.0.0.1', 'localhost', '[::1]', isIP(host) === 6 ? `[${host}]` : host])
  for (const name of names) guard.hosts.add(`${name}:${port}`)
}

/** Before anything else, on every request and on every upgrade, of the routes that are there and of those that come later. */
export function setupGuard(app: FastifyInstance, guard: Guard, callers: Callers): void {
  app.decorateRequest('ofPage', false)
  app.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply)
    const { access } = request.routeOptions.config
    const reads = request.method === 'GET' || request.method === 'HEAD'
    request.ofPage = access === 'page' && reads && !request.ws
    const foreign = foreignness(guard, request, request.ofPage)
    reply.raw.once('finish', () => callers.answered(request.raw))
    if (foreign !== null) return deny(reply, 403, `The ${foreign} header does not belong to this app.`)
    const isKnown = hasToken(guard, request.headers)
    if (isKnown) callers.know(request.raw.socket)
    if (request.ofPage || (access === 'socket' && request.ws)) return undefined
    if (!isKnown) return deny(reply, 401, 'The token is missing or wrong. Open the address that Retrace printed.')
    if (request.ws && access !== 'socket') return deny(reply, 404, 'There is no WebSocket here.')
    return undefined
  })
}

const deny = (reply: FastifyReply, status: number, message: string): FastifyReply =>
  reply.code(status).send({ ok: false, error: { code: 'ACCESS_DENIED', message } })

const judged = ['host', 'origin', 'sec-fetch-site', 'authorization']

/** What is wrong with where a request says it comes from; null when nothing is. */
function foreignness(guard: Guard, { headers, raw }: FastifyRequest, isNavigation: boolean): string | null {
  // Of two, we would look at one and somebody on the way at the other.
  const twice = judged.find(
    (name) => raw.rawHeaders.filter((own, i) => i % 2 === 0 && own.toLowerCase() === name).length > 1
  )
  if (twice !== undefined) return twice
  if (!guard.hosts.has(headers.host ?? '')) return 'Host'
  // An address with a host of its own stands above the header.
  const written = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(raw.url ?? '')?.[1]
  if (written !== undefined && !guard.hosts.has(written)) return 'Host'
  const { origin } = headers
  const isOwn = (name: string): boolean =>
    guard.hosts.has(name.replace(/^http:\/\//, '')) || guard.proxied?.has(name.replace(/^https:\/\//, '')) === true
  if (origin !== undefined && !isOwn(origin)) return 'Origin'
  const site = headers['sec-fetch-site']
  // Following a link to the app is no access to it: the page holds nothing without the token.
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation) return 'Sec-Fetch-Site'
  return null
}

export function hasToken(guard: Guard, headers: FastifyRequest['headers']): boolean {
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
  return isToken(guard, bearer ?? tokenOfProtocols(headers['sec-websocket-protocol']))
}

function tokenOfProtocols(header: string | undefined): string | undefined {
  const protocols = (header ?? '').split(',').map((protocol) => protocol.trim())
  if (!protocols.includes(socketProtocol)) return undefined
  return protocols.find((protocol) => protocol.startsWith('token.'))?.slice('token.'.length)
}

function isToken(guard: Guard, given: string | undefined): boolean {
  const wanted = Buffer.from(guard.token)
  const got = Buffer.from(given ?? '')
  return got.length === wanted.length && timingSafeEqual(got, wanted)
}

export function setSecurityHeaders(reply: FastifyReply): void {
  void reply.headers({
    'content-security-policy': pagePolicy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()'
  })
}

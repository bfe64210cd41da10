// The browser host: the same operations over HTTP and WebSocket, and the page that calls them.
import { randomBytes } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import fastifyStatic from '@fastify/static'
import type { FastifyStaticOptions } from '@fastify/static'
import fastifyWebsocket from '@fastify/websocket'
import Fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CodedError, errorTable } from '../contract/errors.ts'
import type { ErrorCode } from '../contract/errors.ts'
import { nestsDeeper } from '../contract/json-depth.ts'
import { mostWireLevels, socketPath, socketProtocol } from '../contract/wire.ts'
import { connectShell } from '../host/connect-shell.ts'
import { asListenError } from '../host/ports/listen-error.ts'
import type { AppHost } from '../host/host.ts'
import { toFailure } from '../host/registry/failure.ts'
import { openRegular } from '../host/store/reading.ts'
import { callerLimits, watchCallers } from './callers.ts'
import type { CallerLimits, Callers } from './callers.ts'
import { allowHosts, hasToken, setSecurityHeaders, setupGuard } from './guard.ts'
import type { Guard } from './guard.ts'

export interface ServerOptions {
  readonly host: AppHost
  /** Loopback unless somebody chose otherwise. */
  readonly address?: string
  /** 0 takes a free one. */
  readonly port?: number
  /** out/renderer; null serves operations only (the dev server serves the page). */
  readonly pageFolder: string | null
  /** Hosts of a dev server in front of this one. */
  readonly extraHosts?: readonly string[]
  /** Other names of this one, with or without a port. */
  readonly names?: readonly string[]
  readonly token?: string
  readonly limits?: Partial<CallerLimits>
}

export interface RunningServer {
  /** `http://127.0.0.1:4000/#token=…`: the token is in the fragment, which browsers do not send. */
  readonly url: string
  readonly port: number
  readonly token: string
  close(): Promise<void>
}

/** Close code that tells the page that its token is not this server's. */
const wrongToken = 4401
const tryLater = 1013
const strangerBytes = 4096
const messageLimit = 64 * 1024 * 1024

/** What a browser can open: nobody is at “any address”. */
function shownName({ names = [] }: ServerOptions, address: string, port: number): string {
  const [name] = names
  if (name !== undefined) return name.includes(':') ? name : `${name}:${port}`
  const isAny = address === '0.0.0.0' || address === '::'
  return `${isAny ? 'localhost' : address.includes(':') ? `[${address}]` : address}:${port}`
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const address = options.address ?? '127.0.0.1'
  const guard: Guard = {
    token: options.token ?? randomBytes(24).toString('base64url'),
    hosts: new Set(options.extraHosts),
    proxied: new Set(options.names)
  }
  const app = await createApp(options, guard)
  await app.listen({ host: address, port: options.port ?? 0 }).catch(async (error: unknown) => {
    throw await asListenError(error, address, options.port ?? 0)
  })
  // Running out of descriptors must not end the process.
  app.server.on('error', (error) => options.host.mistake('server', error))
  const { port } = app.server.address() as { port: number }
  allowHosts(guard, address, port)
  for (const name of options.names ?? []) guard.hosts.add(name).add(name.includes(':') ? name : `${name}:${port}`)
  return {
    url: `http://${shownName(options, address, port)}/#token=${guard.token}`,
    port,
    token: guard.token,
    close: () => app.close()
  }
}

/** Everything but the address. `extend` is called before the first route is there. */
export async function createApp(
  { host, pageFolder, limits: given }: Pick<ServerOptions, 'host' | 'pageFolder' | 'limits'>,
  guard: Guard,
  extend: (app: FastifyInstance) => void = () => undefined
): Promise<FastifyInstance> {
  const limits = { ...callerLimits, ...given }
  const app = Fastify({
    ...{ bodyLimit: messageLimit, forceCloseConnections: true, frameworkErrors: refuseAddress },
    clientErrorHandler: refuseRequest,
    http: { headersTimeout: limits.headMs, connectionsCheckingInterval: Math.min(1000, limits.headMs) },
    // Data may have such keys; each schema says what it takes.
    ...{ onProtoPoisoning: 'ignore', onConstructorPoisoning: 'ignore' }
  })
  const callers = watchCallers(app.server, limits)
  app.addHook('onClose', () => callers.close())
  extend(app)
  await app.register(fastifyWebsocket, {
    options: {
      maxPayload: messageLimit,
      handleProtocols: (offered: Set<string>) => (offered.has(socketProtocol) ? socketProtocol : false)
    }
  })
  setupGuard(app, guard, callers)
  setupErrors(app, host)
  setupOperations(app, host)
  setupDownloads(app, host)
  setupSocket(app, host, guard, { limits, callers })
  await setupPage(app, pageFolder)
  return app
}

/** Addresses that the router cannot read: no hook sees them, no route answers them. */
function refuseAddress(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): void {
  setSecurityHeaders(reply)
  // Nobody else closes the connection of an upgrade that went nowhere.
  reply.raw.once('finish', () => request.raw.socket.end())
  void reply
    .code(error.statusCode ?? 400)
    .header('connection', 'close')
    .send({ ok: false, error: { code: 'ACCESS_DENIED', message: 'The address cannot be read.' } })
}

/** What is no request: no route is found for it, so that nobody else answers. */
function refuseRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
  const text = { 400: 'cannot be read', 408: 'did not arrive in time', 431: 'has a head that is too large' }[status]
  const body = JSON.stringify({ ok: false, error: { code: 'ACCESS_DENIED', message: `The request ${text}.` } })
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`
  if (socket.writable) socket.write(`${head}\r\nConnection: close\r\n\r\n${body}`)
  socket.destroySoon()
}

/** Errors of the transport in the same shape as those of operations. */
function setupErrors(app: FastifyInstance, host: AppHost): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500
    const ofClient: ErrorCode = status === 413 ? 'INPUT_TOO_LARGE' : status === 403 ? 'ACCESS_DENIED' : 'INPUT_NOT_JSON'
    const code: ErrorCode = status >= 500 ? 'INTERNAL' : error instanceof CodedError ? error.code : ofClient
    if (status >= 500) host.mistake('server', error)
    void reply
      .code(status)
      .send({ ok: false, error: { code, message: status < 500 ? error.message : errorTable.INTERNAL } })
  })
}

/** A data set as it was imported; the guard has asked for the token. */
function setupDownloads(app: FastifyInstance, host: AppHost): void {
  app.get('/api/data/:id', async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
    try {
      const { id } = request.params
      const file = await openRegular(host.dataFile(id), { name: `data/${id}.json` })
      if (file === null) throw new CodedError('FILE_UNREADABLE', `data/${id}.json no longer exists.`)
      return reply.header('cache-control', 'no-store').type('application/json').send(file.createReadStream())
    } catch (error) {
      const failure = toFailure(error, 'download', host.mistake)
      return reply.code(failure.code === 'INTERNAL' ? 500 : 404).send({ ok: false, error: failure })
    }
  })
}

function setupOperations(app: FastifyInstance, host: AppHost): void {
  const parse = app.getDefaultJsonParser('ignore', 'ignore')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (!nestsDeeper(body, mostWireLevels)) return parse(request, body, done)
    const error = new CodedError('INPUT_TOO_DEEP', `The request nests deeper than ${mostWireLevels} levels.`)
    done(Object.assign(error, { statusCode: 400 }))
  })
  app.post('/api/call/:name', async (request: FastifyRequest<{ Params: { name: string } }>) =>
    host.call(request.params.name, request.body ?? {})
  )
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _body, done) => done(null))
    scope.post('/api/upload', { bodyLimit: Number.MAX_SAFE_INTEGER }, async (request) => {
      try {
        return { ok: true, data: { uploadId: await host.uploads.receive(request.raw as Readable) } }
      } catch (error) {
        return { ok: false, error: toFailure(error, 'upload', host.mistake) }
      }
    })
  })
}

function setupSocket(
  app: FastifyInstance,
  host: AppHost,
  guard: Guard,
  { limits, callers }: { readonly limits: CallerLimits; readonly callers: Callers }
): void {
  let pages = 0
  void app.register(async (scope) => {
    scope.get(socketPath, { websocket: true, config: { access: 'socket' } }, (socket, request) => {
      // A page cannot see why an upgrade was refused, so it is told here; nothing that it sends is read.
      if (!hasToken(guard, request.headers)) {
        socket.close(wrongToken, 'the token is missing or wrong')
        callers.dismiss(request.raw.socket)
        let bytes = 0
        // A page closes by itself; who goes on sending is not listened to, nor is anything of it kept.
        request.raw.socket.on('data', (data: Buffer) => (bytes += data.length) > strangerBytes && socket.terminate())
        return undefined
      }
      if (pages >= limits.pages) {
        socket.close(tryLater, 'too many pages are open')
        return undefined
      }
      pages++
      const shell = connectShell(host, {
        post: (text) => {
          if (socket.readyState !== socket.OPEN) return
          // It opens the page anew, if it ever reads again.
          if (socket.bufferedAmount > limits.unreadBytes) socket.terminate()
          else socket.send(text)
        },
        // A broken message costs its sender the connection, nobody else anything.
        broken: () => socket.close(1003, 'message not understood')
      })
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        // What comes after a broken one is not read.
        if (socket.readyState === socket.OPEN) shell.receive(isBinary ? data : data.toString('utf8'))
      })
      socket.on('close', () => {
        pages--
        shell.close()
      })
      socket.on('error', () => socket.terminate())
      return undefined
    })
  })
}

// Assets carry a hash in their names; the page itself is asked for each time.
const setHeaders: NonNullable<FastifyStaticOptions['setHeaders']> = (reply, path) => {
  reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
}

async function setupPage(app: FastifyInstance, folder: string | null): Promise<void> {
  if (folder !== null) {
    await app.register(fastifyStatic, { root: folder, serve: false, dotfiles: 'ignore', setHeaders })
    await app.register(async (scope) => {
      // The plugin's own route is the only one in here.
      scope.addHook('onRoute', (route) => void (route.config = { ...route.config, access: 'page' }))
      await scope.register(fastifyStatic, { root: folder, decorateReply: false, dotfiles: 'ignore', setHeaders })
    })
  }
  app.all('/api/*', (_request, reply) => reply.callNotFound())
  app.setNotFoundHandler((request, reply) => {
    // Deep links are the page's business.
    if (request.ofPage && !request.url.includes('.')) return reply.sendFile('index.html')
    return reply.code(404).send({ ok: false, error: { code: 'OPERATION_UNKNOWN', message: 'Not found.' } })
  })
}

// The browser host: the same operations over HTTP and WebSocket, and the page that calls them.
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import fastifyStatic from '@fastify/static'
import fastifyWebsocket from '@fastify/websocket'
import { createBirpc } from 'birpc'
import Fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CodedError, errorTable } from '../contract/errors.ts'
import type { ErrorCode } from '../contract/errors.ts'
import { decodeWire, encodeWire, socketPath, socketProtocol } from '../contract/wire.ts'
import type { HostSide, ShellSide } from '../contract/wire.ts'
import type { Host } from '../host/host.ts'
import { allowHosts, foreignness, hasToken, setSecurityHeaders } from './guard.ts'
import type { Guard } from './guard.ts'

export interface ServerOptions {
  readonly host: Host
  /** Loopback unless somebody chose otherwise. */
  readonly address?: string
  /** 0 takes a free one. */
  readonly port?: number
  /** out/renderer; null serves operations only (the dev server serves the page). */
  readonly pageFolder: string | null
  /** Hosts of a dev server in front of this one. */
  readonly extraHosts?: readonly string[]
  readonly token?: string
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
const messageLimit = 64 * 1024 * 1024

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const address = options.address ?? '127.0.0.1'
  const guard: Guard = {
    token: options.token ?? randomBytes(24).toString('base64url'),
    hosts: new Set(options.extraHosts)
  }
  const app = Fastify({ bodyLimit: messageLimit, forceCloseConnections: true })
  await app.register(fastifyWebsocket, {
    options: {
      maxPayload: messageLimit,
      handleProtocols: (offered: Set<string>) => (offered.has(socketProtocol) ? socketProtocol : false)
    }
  })
  setupGuard(app, guard)
  setupErrors(app)
  setupOperations(app, options.host)
  setupDownloads(app, options.host)
  setupSocket(app, options.host, guard)
  if (options.pageFolder !== null) await setupPage(app, options.pageFolder)
  await app.listen({ host: address, port: options.port ?? 0 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error
    throw new CodedError('ADDRESS_IN_USE', `${address}:${options.port} is taken by another program.`)
  })
  const { port } = app.server.address() as { port: number }
  allowHosts(guard, address, port)
  const shown = address.includes(':') ? `[${address}]` : address
  return {
    url: `http://${shown}:${port}/#token=${guard.token}`,
    port,
    token: guard.token,
    close: () => app.close()
  }
}

/** Before anything else, on every request and on every upgrade. */
function setupGuard(app: FastifyInstance, guard: Guard): void {
  app.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply)
    const isSocket = request.url.split('?')[0] === socketPath
    const isApi = request.url.startsWith('/api/')
    const foreign = foreignness(guard, request.headers, request.method === 'GET' && !isApi && !isSocket)
    if (foreign !== null) return deny(reply, 403, `The ${foreign} header is not one of this app's.`)
    if (isApi && !hasToken(guard, request.headers))
      return deny(reply, 401, 'The token is missing or wrong. Open the address that Retrace printed.')
    return undefined
  })
}

const deny = (reply: FastifyReply, status: number, message: string): FastifyReply =>
  reply.code(status).send({ ok: false, error: { code: 'ACCESS_DENIED', message } })

/** Errors of the transport in the same shape as those of operations. */
function setupErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500
    const code: ErrorCode = status === 413 ? 'INPUT_TOO_LARGE' : status < 500 ? 'INPUT_NOT_JSON' : 'INTERNAL'
    void reply
      .code(status)
      .send({ ok: false, error: { code, message: status < 500 ? error.message : errorTable.INTERNAL } })
  })
}

/** A data set as it was imported; the guard has asked for the token. */
function setupDownloads(app: FastifyInstance, host: Host): void {
  app.get('/api/data/:id', async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
    try {
      const file = host.workspace.data.fileOf(request.params.id)
      return reply.header('cache-control', 'no-store').type('application/json').send(createReadStream(file))
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      return reply.code(404).send({ ok: false, error: { code: error.code, message: error.message } })
    }
  })
}

function setupOperations(app: FastifyInstance, host: Host): void {
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
        if (!(error instanceof CodedError)) throw error
        return { ok: false, error: { code: error.code, message: error.message } }
      }
    })
  })
}

function setupSocket(app: FastifyInstance, host: Host, guard: Guard): void {
  void app.register(async (scope) => {
    scope.get(socketPath, { websocket: true }, (socket, request) => {
      // A page cannot see why an upgrade was refused, so it is told here; nothing that it sends is read.
      if (!hasToken(guard, request.headers)) return socket.close(wrongToken, 'the token is missing or wrong')
      const shell = createBirpc<ShellSide, HostSide>(
        { call: (name, params, callId) => host.call(name, params, callId) },
        {
          post: (text: string) => socket.send(text),
          on: (receive) => socket.on('message', (data: Buffer) => receive(data.toString('utf8'))),
          serialize: encodeWire,
          deserialize: decodeWire,
          eventNames: ['event'],
          // A broken message costs its sender the connection, nobody else anything.
          onGeneralError: () => {
            socket.close(1003, 'message not understood')
            return true
          }
        }
      )
      const stop = host.listen(({ name, data }) => {
        if (socket.readyState === socket.OPEN) void shell.event(name, data)
      })
      socket.on('close', () => {
        stop()
        shell.$close()
      })
      socket.on('error', () => socket.terminate())
    })
  })
}

async function setupPage(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    setHeaders: (reply, path) => {
      // Assets carry a hash in their names; the page itself is asked for each time.
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    }
  })
  // Deep links are the page's business.
  app.setNotFoundHandler((request, reply) => {
    if (request.method !== 'GET' || request.url.startsWith('/api/') || request.url.includes('.')) {
      return reply.code(404).send({ ok: false, error: { code: 'OPERATION_UNKNOWN', message: 'Nothing is here.' } })
    }
    return reply.sendFile('index.html')
  })
}

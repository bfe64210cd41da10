import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer as createSocketServer } from 'node:net'
import type { AddressInfo, Server as SocketServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { HttpEffect } from '../../../../src/contract/run.ts'
import { AddressGuard } from '../../../../src/host/ports/guard.ts'
import { performHttp } from '../../../../src/host/ports/http.ts'
import { anywhere } from './anywhere.ts'

interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: readonly string[]
  readonly body: string
}

const open: (Server | SocketServer)[] = []
afterEach(() => open.splice(0).forEach((server) => server.close()))

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/tls/${name}`, import.meta.url), 'utf8')

const listening = (server: Server | SocketServer): Promise<number> =>
  new Promise((resolve) => {
    open.push(server)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

/** A server that notes what it was sent. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void, secure = false) {
  const seen: Seen[] = []
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', rawHeaders: headers } = request
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') })
      answer(request, response)
    })
  }
  const tls = { key: fixture('key.pem'), cert: fixture('cert.pem') }
  const port = await listening(secure ? createSecureServer(tls, handle) : createServer(handle))
  return { port, seen, url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}` }
}

const effect = (url: string, more: Partial<HttpEffect> = {}): HttpEffect => ({
  kind: 'http',
  method: 'POST',
  url,
  headers: [
    ['Accept', 'application/json'],
    ['Content-Type', 'application/json'],
    ['User-Agent', 'MISP 2.5.1'],
    ['X-Own', 'ä']
  ],
  body: '{"a":"ü"}',
  ...more
})
const options = { guard: anywhere, timeoutSeconds: 5 }

describe('live HTTP', () => {
  it('sends method, headers in order and body, and answers status, headers and body', async () => {
    const { url, seen } = await serve((_request, response) => response.writeHead(201, { 'X-B': 'c' }).end('fine'))
    const plain = effect(`${url}/hook?x=1`, { headers: effect('').headers.slice(0, 3) })
    expect(await performHttp(plain, options)).toMatchObject({ status: 201, body: 'fine' })
    const [request] = seen
    expect(request).toMatchObject({ method: 'POST', url: '/hook?x=1', body: '{"a":"ü"}' })
    const names = request?.headers
      .filter((_, i) => i % 2 === 0)
      .filter((name) => /^(Accept|Content-Type|User-Agent)$/.test(name))
    expect(names).toEqual(['Accept', 'Content-Type', 'User-Agent'])
  })

  it.each(['GET', 'PUT', 'DELETE'])('sends %s', async (method) => {
    const { url, seen } = await serve((_request, response) => response.end())
    await performHttp(effect(url, { method, body: method === 'PUT' ? 'x' : '' }), options)
    expect(seen[0]).toMatchObject({ method, body: method === 'PUT' ? 'x' : '' })
  })

  it('writes a boundary of its own into a multipart body and its type', async () => {
    const { url, seen } = await serve((_request, response) => response.end())
    const line = `${'-'.repeat(24)}BOUNDARY`
    const body = `--${line}\r\nContent-Disposition: attachment; name="a"\r\n\r\n1\r\n--${line}--\r\n`
    await performHttp(
      effect(url, { headers: [['Content-Type', `multipart/form-data; boundary=${line}`]], body }),
      options
    )
    const sent = seen[0]?.headers.find((value) => value.startsWith('multipart/')) ?? ''
    const boundary = sent.split('boundary=')[1] ?? ''
    expect(boundary).toMatch(/^-{24}[\w-]{22}$/)
    expect(seen[0]?.body.startsWith(`--${boundary}\r\n`)).toBe(true)
    expect(seen[0]?.body).not.toContain('BOUNDARY')
  })

  it('reads compressed answers', async () => {
    const { url } = await serve((_request, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('{"ok":1}'))
    )
    expect(await performHttp(effect(url), options)).toMatchObject({ body: '{"ok":1}' })
  })

  it.each([
    [302, 'POST', ''],
    [303, 'POST', ''],
    [307, 'POST', '{"a":"ü"}']
  ])('follows %i with the same method, and the body as curl does', async (status, method, body) => {
    const { url, seen } = await serve((request, response) =>
      request.url === '/end' ? response.end('there') : response.writeHead(status, { Location: '/end' }).end()
    )
    expect(await performHttp(effect(url), options)).toMatchObject({ status: 200, body: 'there' })
    expect(seen[1]).toMatchObject({ method, url: '/end', body })
  })

  it('does not carry the authorization to another host', async () => {
    const other = await serve((_request, response) => response.end())
    const first = await serve((_request, response) => response.writeHead(302, { Location: other.url }).end())
    await performHttp(
      effect(first.url, {
        headers: [
          ['Authorization', 'secret'],
          ['X-Own', 'kept']
        ]
      }),
      { ...options, mayRedirect: () => null }
    )
    expect(other.seen[0]?.headers).not.toContain('secret')
    expect(other.seen[0]?.headers).toContain('kept')
  })

  it('gives up after ten redirects, in the words of curl', async () => {
    const { url, seen } = await serve((_request, response) => response.writeHead(302, { Location: '/again' }).end())
    const answer = await performHttp(effect(url), options)
    expect(answer).toMatchObject({
      message: "curl error 47 'Number of redirects hit maximum amount': Maximum (10) redirects followed"
    })
    expect(seen).toHaveLength(11)
  })

  it.each([401, 403, 500])('answers status %i as it is', async (status) => {
    const { url } = await serve((_request, response) => response.writeHead(status).end('no'))
    expect(await performHttp(effect(url), options)).toMatchObject({ status, body: 'no' })
  })

  it('tells a refused connection', async () => {
    const { port, url } = await serve((_request, response) => response.end())
    await new Promise((resolve) => open.splice(0)[0]?.close(resolve))
    const answer = await performHttp(effect(url), options)
    expect(answer).toMatchObject({ failure: 'refused' })
    expect((answer as { message: string }).message).toMatch(
      new RegExp(
        `^curl error 7 'Couldn't connect to server': Failed to connect to 127\\.0\\.0\\.1 port ${port} after \\d+ ms`
      )
    )
  })

  it('tells a name without an address', async () => {
    expect(await performHttp(effect('http://nowhere.invalid/'), options)).toEqual({
      failure: 'unresolved',
      message: "curl error 6 'Couldn't resolve host name': Could not resolve host: nowhere.invalid"
    })
  })

  it('tells a server that does not answer in time', async () => {
    const { url } = await serve(() => undefined)
    const answer = await performHttp(effect(url), { guard: anywhere, timeoutSeconds: 0.2 })
    expect(answer).toMatchObject({ failure: 'timeout' })
    expect((answer as { message: string }).message).toMatch(
      /^curl error 28 'Timeout was reached': Operation timed out after \d+/
    )
  })

  it('tells a connection that was reset and one that was closed without an answer', async () => {
    const reset = await listening(createSocketServer((socket) => socket.on('data', () => socket.resetAndDestroy())))
    expect(await performHttp(effect(`http://127.0.0.1:${reset}`), options)).toMatchObject({ failure: 'reset' })
    const closed = await listening(createSocketServer((socket) => socket.on('data', () => socket.end())))
    expect(await performHttp(effect(`http://127.0.0.1:${closed}`), options)).toEqual({
      failure: 'reset',
      message: "curl error 52 'Server returned nothing (no headers, no data)': Empty reply from server"
    })
  })

  it('refuses a self-signed certificate unless it is allowed', async () => {
    const { url } = await serve((_request, response) => response.end('secure'), true)
    expect(await performHttp(effect(url), options)).toMatchObject({
      message:
        "curl error 60 'SSL peer certificate or SSH remote key was not OK': SSL certificate problem: self-signed certificate"
    })
    expect(await performHttp(effect(url, { selfSigned: true }), options)).toMatchObject({ status: 200, body: 'secure' })
  })

  it('does not reach private addresses unless they are allowed, and not by a redirect either', async () => {
    const { url, port, seen } = await serve((_request, response) => response.end('reached'))
    const guard = new AddressGuard({ allow: [], onlyAllowed: false })
    for (const host of ['127.0.0.1', '127.1', '0x7f000001', '2130706433', '[::ffff:127.0.0.1]', 'localhost']) {
      const answer = await performHttp(effect(`http://${host}:${port}/`), { ...options, guard })
      expect(answer, host).toMatchObject({ failure: 'unavailable' })
    }
    const outer = new AddressGuard({ allow: [`127.0.0.1:${port}`], onlyAllowed: false })
    const turner = await serve((_request, response) =>
      response.writeHead(302, { Location: 'http://169.254.169.254/latest' }).end()
    )
    expect(await performHttp(effect(url), { ...options, guard: outer })).toMatchObject({ body: 'reached' })
    expect(await performHttp(effect(turner.url), { ...options, guard: outer })).toMatchObject({
      failure: 'unavailable'
    })
    const both = new AddressGuard({ allow: ['127.0.0.0/8'], onlyAllowed: false })
    expect(await performHttp(effect(turner.url), { ...options, guard: both })).toMatchObject({
      message: expect.stringContaining('the metadata service of clouds') as string
    })
    expect(seen).toHaveLength(1)
  })
})

import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBirpc } from 'birpc'
import { WebSocket } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeWire, encodeWire, socketPath, socketProtocol } from '../../../src/contract/wire.ts'
import type { HostSide, ShellSide } from '../../../src/contract/wire.ts'
import { createHost } from '../../../src/host/host.ts'
import type { Host } from '../../../src/host/host.ts'
import { startServer } from '../../../src/server/server.ts'
import type { RunningServer } from '../../../src/server/server.ts'
import { eventOf, guard } from '../host/samples.ts'
import { temporaryFolders } from '../host/temporary.ts'

const folder = temporaryFolders()
let host: Host
let server: RunningServer

beforeEach(async () => {
  const root = folder()
  const page = join(root, 'page')
  mkdirSync(join(page, 'assets'), { recursive: true })
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>Retrace</title>')
  writeFileSync(join(page, 'assets', 'app-1.js'), '1')
  writeFileSync(join(root, 'secret.txt'), 'secret')
  host = await createHost({ workspace: join(root, 'workspace'), shell: 'browser', version: '0', workerUrl: null })
  server = await startServer({ host, pageFolder: page })
})
afterEach(async () => {
  await server.close()
  await host.close()
})

interface Got {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** node:http sends the headers that a test names, Host included. */
function send(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const out = request({ host: '127.0.0.1', port: server.port, method, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => (text += piece))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    out.on('error', reject)
    out.end(body)
  })
}

const json = (): Record<string, string> => ({
  authorization: `Bearer ${server.token}`,
  'content-type': 'application/json'
})

describe('the browser host', () => {
  it('prints an address on loopback with the token in the fragment', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{32}$/)
  })

  it('serves the page with a strict policy, and deep links too', async () => {
    const page = await send('GET', '/')
    expect(page.body).toContain('<title>Retrace</title>')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['content-security-policy']).not.toContain("script-src 'self' 'unsafe")
    expect(page.headers['x-content-type-options']).toBe('nosniff')
    expect((await send('GET', '/runs/abc')).body).toBe(page.body)
    expect((await send('GET', '/../secret.txt')).body).not.toContain('secret')
    expect((await send('GET', '/assets/%2e%2e/%2e%2e/secret.txt')).body).not.toContain('secret')
  })

  it('answers operations over HTTP with the token, and nothing without', async () => {
    const ok = await send('POST', '/api/call/workspace.info', json(), '{}')
    expect(JSON.parse(ok.body)).toMatchObject({ ok: true, data: { writable: true } })
    expect((await send('POST', '/api/call/workspace.info', {}, '')).status).toBe(401)
    const wrong = {
      ...json(),
      authorization: `Bearer ${server.token.slice(0, -1)}${server.token.endsWith('x') ? 'y' : 'x'}`
    }
    expect((await send('POST', '/api/call/workspace.info', wrong, '{}')).status).toBe(401)
  })

  it.each([
    ['Host', { host: 'retrace.example:80' }],
    ['Host', { host: 'localhost:1' }],
    ['Origin', { origin: 'http://retrace.example' }],
    ['Origin', { origin: 'null' }],
    ['Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }]
  ])('refuses a foreign %s on operations', async (name, headers) => {
    const answer = await send('POST', '/api/call/app.info', { ...json(), ...(headers as Record<string, string>) }, '{}')
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: 'ACCESS_DENIED', message: expect.stringContaining(name) }
    })
  })

  it('refuses a foreign Host for the page itself', async () => {
    expect((await send('GET', '/', { host: 'evil.example' })).status).toBe(403)
  })

  it('answers under the names that it was given, and shows the first of them', async () => {
    const more = await startServer({
      ...{ host, pageFolder: null, address: '0.0.0.0' },
      names: ['retrace.example.org', 'proxy.example.org:8443']
    })
    const own = server
    server = more
    const info = (host: string, origin = `http://${host}`) =>
      send('POST', '/api/call/app.info', { ...json(), host, origin }, '{}')
    for (const name of [`localhost:${more.port}`, 'retrace.example.org', `retrace.example.org:${more.port}`])
      expect((await info(name)).status, name).toBe(200)
    // A proxy in front of it may speak TLS.
    expect((await info('proxy.example.org:8443', 'https://proxy.example.org:8443')).status).toBe(200)
    for (const name of ['proxy.example.org', `other.example.org:${more.port}`, 'retrace.example.org.evil.example'])
      expect((await info(name)).status, name).toBe(403)
    expect(more.url).toContain(`http://retrace.example.org:${more.port}/#token=`)
    await more.close()
    server = own
  })

  it('tells bad JSON from a mistake of its own', async () => {
    const bad = await send('POST', '/api/call/app.info', json(), '{')
    expect([bad.status, JSON.parse(bad.body).error.code]).toEqual([400, 'INPUT_NOT_JSON'])
  })

  it('takes uploads past the operations and makes data sets of them', async () => {
    const { body } = await send('POST', '/api/upload', json(), JSON.stringify(eventOf(2)))
    const { uploadId } = JSON.parse(body).data as { uploadId: string }
    const answer = await host.call('data.import', { name: 'Uploaded', uploadId })
    expect(answer).toMatchObject({ ok: true, data: { id: 'uploaded', events: [{ info: 'sample event' }] } })
  })
})

function connect(protocols: string[], origin?: string): Promise<{ socket: WebSocket; closed: Promise<number> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${socketPath}`, {
    protocols,
    ...(origin === undefined ? {} : { headers: { origin } })
  })
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve({ socket, closed }))
    socket.addEventListener('error', () => reject(new Error('not opened')))
  })
}

describe('its WebSocket', () => {
  it('carries operations and events', async () => {
    const { socket } = await connect([socketProtocol, `token.${server.token}`])
    const events: string[] = []
    const client = createBirpc<HostSide, ShellSide>(
      { event: (name) => void events.push(name) },
      {
        post: (text: string) => socket.send(text),
        on: (receive) => socket.addEventListener('message', ({ data }) => receive(data)),
        serialize: encodeWire,
        deserialize: decodeWire
      }
    )
    const { ok, data } = (await client.call('run.start', {
      workflow: { json: guard },
      data: { json: eventOf(1) }
    })) as { ok: true; data: { runId: string } }
    expect(ok).toBe(true)
    while (!events.includes('runs.changed')) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await client.call('runs.get', { runId: data.runId })).toMatchObject({
      ok: true,
      data: { summary: { outcome: 'success' } }
    })
    expect(events).toContain('run.progress')
    expect(await client.call('nothing', {})).toMatchObject({ ok: false, error: { code: 'OPERATION_UNKNOWN' } })
    socket.close()
  })

  it('closes with 4401 on a wrong token and reads nothing', async () => {
    const { closed } = await connect([socketProtocol, 'token.wrong'])
    expect(await closed).toBe(4401)
  })

  it('refuses the upgrade for a foreign Origin', async () => {
    await expect(connect([socketProtocol, `token.${server.token}`], 'http://evil.example')).rejects.toThrow(
      'not opened'
    )
  })

  it('drops a connection that sends what is no message, and keeps the others', async () => {
    const bad = await connect([socketProtocol, `token.${server.token}`])
    const good = await connect([socketProtocol, `token.${server.token}`])
    bad.socket.send('{ not json')
    expect(await bad.closed).toBe(1003)
    expect(good.socket.readyState).toBe(WebSocket.OPEN)
    good.socket.close()
  })
})

// Without the token nothing but the page is answered, however the address is written. Every route that is registered is asked, those of
// later days too, and one that nobody declared.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHost } from '../../src/host/host.ts'
import type { Host } from '../../src/host/host.ts'
import { allowHosts } from '../../src/server/guard.ts'
import { createApp } from '../../src/server/server.ts'
import { talk } from '../unit/host/capture/raw-client.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { isLong } from './scale.ts'

const folder = temporaryFolders()
const token = 'a-token-that-is-long-enough'
const files = { 'index.html': '<!doctype html><title>Retrace</title>', 'assets/app-1.js': 'let app' }
let host: Host
let app: FastifyInstance
let port = 0
let routes: { readonly method: string; readonly url: string }[] = []
/** What must not happen for strangers. */
let done: string[] = []

beforeEach(async () => {
  const root = folder()
  mkdirSync(join(root, 'page', 'assets'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'page', name), text)
  host = await createHost({ workspace: join(root, 'workspace'), shell: 'terminal', version: '0', workerUrl: null })
  await host.call('data.import', { name: 'secret', text: '{"Event": {"info": "secret"}}' })
  done = []
  routes = []
  const guard = { token, hosts: new Set<string>() }
  app = await createApp({ host: watched(), pageFolder: join(root, 'page') }, guard, (extended) => {
    extended.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, url })
    })
    extended.route({ method: ['GET', 'POST'], url: '/later/:what', handler: () => done.push('later') })
    extended.register(async (scope) => void scope.get('/inner/*', () => done.push('inner')), { prefix: '/deep' })
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as { port: number }).port
  allowHosts(guard, '127.0.0.1', port)
})
afterEach(async () => {
  await app.close()
  await host.close()
})

/** The host, telling what it was made to do. */
function watched(): Host {
  const { uploads } = host
  return {
    ...host,
    call: (...asked: Parameters<Host['call']>) => {
      done.push(`call ${asked[0]}`)
      return host.call(...asked)
    },
    listen: (receive: Parameters<Host['listen']>[0]) => {
      done.push('listen')
      return host.listen(receive)
    },
    uploads: { receive: (body: never) => (done.push('upload'), uploads.receive(body)) },
    dataFile: (id: string) => (done.push('download'), host.dataFile(id))
  } as unknown as Host
}

/** An address that the route answers. */
const addressOf = (url: string): string =>
  url.replace(':name', 'workspace.info').replace(':id', 'secret').replace(/:\w+/g, 'x').replace('*', 'assets/app-1.js')

const hex = (letter: string): string => `%${letter.charCodeAt(0).toString(16)}`
const encodeAll = (path: string): string => path.replace(/[a-z]/gi, hex)

/** The same address as others write it. */
function formsOf(path: string): string[] {
  const last = path.lastIndexOf('/')
  const once = path.replace(/[a-z]/i, hex)
  return [
    ...[
      path,
      once,
      encodeAll(path),
      once.toUpperCase(),
      path.toUpperCase(),
      path.replace(/[a-z]/, (a) => a.toUpperCase())
    ],
    ...[
      encodeAll(path).replaceAll('%', '%25'),
      path.replaceAll('/', '%2f'),
      path.replaceAll('/', '%5c'),
      `/${path.slice(1).replaceAll('/', '\\')}`
    ],
    ...[
      `/${path}`,
      path.replaceAll('/', '//'),
      `/.${path}`,
      `/x/..${path}`,
      `/%2e%2e${path}`,
      `/assets/%2e%2e${path}`,
      `/..${path}`
    ],
    ...[`${path.slice(0, last)}/.${path.slice(last)}`, `${path.slice(0, last)}/x/..${path.slice(last)}`, path.slice(1)],
    ...[
      `${path}/`,
      `${path}//`,
      `${path}/.`,
      `${path}?a=b`,
      `${path}?token=${token}`,
      `/?${path}`,
      `${path};a=b`,
      `/;a${path}`
    ],
    ...[`${path}#a`, `/#${path}`, `${path}%00`, `${path}%23`, `${path}%3f`, `${path}.html`, `${path}%20`, `${path}%`],
    ...[
      `http://127.0.0.1:${port}${path}`,
      `http://evil.example${path}`,
      `http://evil.example${once}`,
      `//evil.example${path}`
    ],
    ...[`ws://127.0.0.1:${port}${path}`, `HTTP://a${path}`, `http:${path}`, '*', `*${path}`]
  ]
}

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'RETRACE',
  'get'
]

interface Asked {
  readonly line: string
  readonly headers?: readonly string[]
}

async function ask({ line, headers = [`Host: 127.0.0.1:${port}`] }: Asked): Promise<{ status: number; body: string }> {
  const body = '{}'
  const length = headers.some((header) => header.startsWith('Transfer-Encoding'))
    ? []
    : [`Content-Length: ${body.length}`]
  const all = [...headers, 'Content-Type: application/json', ...length]
  if (!all.some((header) => header.startsWith('Connection'))) all.push('Connection: close')
  const isUpgrade = all.includes('Connection: Upgrade')
  const parts = [`${line}\r\n${all.join('\r\n')}\r\n\r\n${isUpgrade ? '' : body}`]
  const { answer, status } = await talk(port, { parts, end: isUpgrade })
  const final = answer.replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, '')
  return { status, body: final.slice(final.indexOf('\r\n\r\n') + 4) }
}

/** What was answered though nobody may have it. */
async function leaks(requests: readonly Asked[]): Promise<string[]> {
  const found: string[] = []
  const waiting = [...requests]
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { status, body } = await ask(next)
      const isPage = status === 200 && (body === '' || Object.values(files).includes(body))
      if (status < 400 && status !== 0 && !isPage) found.push(`${next.line}: ${status} ${body.slice(0, 100)}`)
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
  return found
}

const paths = (): string[] => [...new Set(routes.map(({ url }) => addressOf(url)))]

describe('without the token', () => {
  it('no form of any route runs anything, by any method', async () => {
    expect(paths()).toEqual(
      expect.arrayContaining(['/api/call/workspace.info', '/api/upload', '/api/data/secret', '/socket', '/later/x'])
    )
    const tried = isLong ? methods : ['GET', 'HEAD', 'POST', 'DELETE', 'RETRACE']
    const requests = paths().flatMap((path) =>
      formsOf(path).flatMap((form, at) =>
        // In the short form one by each, the others by the next one.
        tried
          .filter((_, i) => isLong || (i + at) % tried.length === 0 || form === path)
          .map((method) => ({ line: `${method} ${form} HTTP/1.1` }))
      )
    )
    expect(await leaks(requests)).toEqual([])
    expect(done).toEqual([])
  })

  it('no other head of a request does, for the forms that the router understands', async () => {
    const good = `Host: 127.0.0.1:${port}`
    const heads: (readonly string[])[] = [
      [],
      ['Host:'],
      ['Host: evil.example'],
      [good, 'Host: evil.example'],
      [good, 'Authorization: Bearer'],
      [good, 'Authorization: Bearer undefined'],
      [good, `Authorization: Basic ${Buffer.from(`x:${token}`).toString('base64')}`],
      [good, `Cookie: token=${token}`],
      [good, `X-Http-Method-Override: POST`, 'X-Original-Url: /api/call/workspace.info'],
      [good, 'Sec-WebSocket-Protocol: token.'],
      [good, `Sec-WebSocket-Protocol: token.${token}`],
      [good, 'Transfer-Encoding: chunked'],
      [good, 'Content-Length: 2'],
      [good, 'Sec-Fetch-Site: same-origin', 'Sec-Fetch-Mode: navigate'],
      [good, 'Expect: 100-continue']
    ]
    const requests = paths().flatMap((path) =>
      [path, encodeAll(path), `http://evil.example${path}`].flatMap((form) =>
        heads.flatMap((headers, at) =>
          ['1.0', '1.1'].flatMap((version, minor) =>
            ['GET', 'POST']
              .filter((_, i) => isLong || (i + minor + at) % 2 === 0)
              .map((method) => ({ line: `${method} ${form} HTTP/${version}`, headers }))
          )
        )
      )
    )
    expect(await leaks(requests)).toEqual([])
    expect(done).toEqual([])
  })

  it('an upgrade gets no further than to be told so, and only where the socket is', async () => {
    const upgrade = [
      `Host: 127.0.0.1:${port}`,
      ...[
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='
      ],
      'Sec-WebSocket-Protocol: retrace.1, token.wrong'
    ]
    const upgraded: string[] = []
    for (const path of paths())
      for (const form of isLong ? formsOf(path) : [path, encodeAll(path), `/${path}`, `http://a${path}`]) {
        const { status, body } = await ask({ line: `GET ${form} HTTP/1.1`, headers: upgrade })
        if (status < 400 && status !== 0) upgraded.push(path)
        // 4401 as a close frame.
        if (status === 101) expect(body).toContain('\x88\x1f\x11\x31')
      }
    expect(new Set(upgraded)).toEqual(new Set(['/socket']))
    expect(done).toEqual([])
  })
})

describe('a stranger on the socket', () => {
  it('is cut off when it goes on sending', async () => {
    const head = [
      `GET /socket HTTP/1.1\r\nHost: 127.0.0.1:${port}`,
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'
    ].join('\r\n')
    // The begin of a masked text frame of 60 MB, and then some of it.
    const frame = Buffer.concat([Buffer.from('81ff000000000390000000000000', 'hex'), Buffer.alloc(100_000, 0x20)])
    const { status } = await talk(port, { parts: [head, 50, frame] })
    expect(status).toBe(101)
    expect(done).toEqual([])
  })
})

describe('with the token', () => {
  const headers = () => [`Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`]

  it('the same forms do run what they name', async () => {
    const own = `http://127.0.0.1:${port}/api/call/workspace.info`
    for (const form of ['/api/call/workspace.info', '/%61pi/call/workspace.info', own])
      expect((await ask({ line: `POST ${form} HTTP/1.1`, headers: headers() })).status).toBe(200)
    expect((await ask({ line: 'GET /%61pi/data/secret HTTP/1.1', headers: headers() })).body).toContain('secret')
    expect((await ask({ line: 'GET /later/x HTTP/1.1', headers: headers() })).status).toBe(200)
    expect(done).toEqual([...Array<string>(3).fill('call workspace.info'), 'download', 'later'])
  })

  it('what can be read as another site’s does not: two of a header, a host in the address', async () => {
    const call = '/api/call/workspace.info'
    const good = `Host: 127.0.0.1:${port}`
    const origin = `Origin: http://127.0.0.1:${port}`
    for (const more of [
      [good, 'Host: evil.example'],
      ['Host: evil.example', good],
      [good, good],
      [good, origin, 'Origin: http://evil.example'],
      [good, 'Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site'],
      [good, `Authorization: Bearer ${token}`]
    ])
      for (const line of [`POST ${call} HTTP/1.1`, 'GET / HTTP/1.1'])
        expect((await ask({ line, headers: [...more, `Authorization: Bearer ${token}`] })).status, String(more)).toBe(
          403
        )
    for (const host of ['evil.example', `evil.example:${port}`, `me@127.0.0.1:${port}`, '', `127.0.0.1:${port}.evil`])
      for (const scheme of ['http', 'HTTP', 'ws', 'x'])
        expect(
          (await ask({ line: `POST ${scheme}://${host}${call} HTTP/1.1`, headers: headers() })).status
        ).toBeGreaterThanOrEqual(400)
    expect(done).toEqual([])
  })

  it('what is no request gets a code', async () => {
    for (const text of [
      'EHLO x\r\n\r\n',
      `GET / HTTP/1.1\r\nX: ${'x'.repeat(50_000)}\r\n\r\n`,
      `GET /%2e%2e/x HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`
    ]) {
      const { answer, error } = await talk(port, text)
      expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))), answer).toMatchObject({
        error: { code: 'ACCESS_DENIED' }
      })
      expect(error).toBeNull()
    }
  })

  it('another site does not, however it writes the address', async () => {
    for (const form of ['/api/call/workspace.info', '/%61pi/call/workspace.info', '/socket', '/%73ocket'])
      for (const foreign of ['Origin: http://evil.example', 'Sec-Fetch-Site: cross-site'])
        for (const method of ['GET', 'POST'])
          expect((await ask({ line: `${method} ${form} HTTP/1.1`, headers: [...headers(), foreign] })).status).toBe(403)
    expect(done).toEqual([])
  })
})

// What the app's server gives away: the page's own files and data sets, and nothing beside them, however it is asked and whatever stands in their place.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startServer } from '../../src/server/server.ts'
import { ask, hosting } from '../unit/host/hosting.ts'
import { eventOf } from '../unit/host/samples.ts'

const { open, folder, later } = hosting()

async function serving() {
  const host = await open()
  const above = folder()
  const pageFolder = join(above, 'page')
  mkdirSync(join(pageFolder, 'assets'), { recursive: true })
  writeFileSync(join(pageFolder, 'index.html'), '<title>page</title>')
  writeFileSync(join(pageFolder, 'assets', 'a.js'), 'asset')
  writeFileSync(join(pageFolder, '.hidden'), 'SECRET')
  writeFileSync(join(above, 'secret.txt'), 'SECRET')
  const server = await startServer({ host, pageFolder })
  later(() => server.close())
  return { host, server }
}
type Serving = Awaited<ReturnType<typeof serving>>['server']

/** One request as it is written here; the whole answer. */
const raw = ({ port }: Serving, text: string): Promise<string> =>
  new Promise((resolve) => {
    let got = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (data) => (got += data.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(got))
  })
const get = (server: Serving, path: string, ...heads: readonly string[]): Promise<string> =>
  raw(
    server,
    [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${server.port}`, 'Connection: close', ...heads, '', ''].join('\r\n')
  )
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)

describe('files of the page', () => {
  const ups = ['..', '%2e%2e', '.%2e', '%252e%252e', '..;', '%c0%ae%c0%ae', '．．', '..%00', '..%5c..', '..\\..']
  const paths = [
    ...ups.flatMap((up) => [
      `/${up}/secret.txt`,
      `/assets/${up}/${up}/secret.txt`,
      `/assets%2f${up}%2f${up}%2fsecret.txt`,
      `//${up}/secret.txt`
    ]),
    ...[
      '/.hidden',
      '/%2ehidden',
      '/assets/../.hidden',
      '//etc/passwd',
      '/%2fetc%2fpasswd',
      '/file:///etc/passwd',
      '/assets/a.js/../../../secret.txt'
    ],
    ...['/secret.txt', '/index.html%00.txt', '/%', '/%zz', '/assets/', '/assets', '/?../secret.txt', '/#/../secret.txt']
  ]
  it('are the only ones, in whatever form others are asked for', async () => {
    const { server } = await serving()
    for (const path of paths) {
      const answer = await get(server, Buffer.from(path).toString('latin1'))
      expect([path, answer.includes('SECRET') || answer.includes('root:')]).toEqual([path, false])
      expect([path, statusOf(answer)]).toEqual([
        path,
        expect.toSatisfy((status: number) => status >= 200 && status < 500)
      ])
    }
    expect(await get(server, '/assets/a.js')).toContain('asset')
  })
})

describe('a data set', () => {
  it.skipIf(process.platform === 'win32')(
    'is given away as it was imported, or not at all: what stands in its place is not',
    async () => {
      const { host, server } = await serving()
      const { id } = await ask(host, 'data.import', { name: 'event', text: JSON.stringify(eventOf(1)) })
      const file = join(host.workspace.folder, 'data', `${id}.json`)
      const token = `Authorization: Bearer ${server.token}`
      expect(await get(server, `/api/data/${id}`, token)).toContain('sample event')
      expect(statusOf(await get(server, `/api/data/${id}`))).toBe(401)
      const places: readonly (() => void)[] = [
        () => symlinkSync('/etc/passwd', file),
        () => symlinkSync('/dev/zero', file),
        () => execFileSync('mkfifo', [file]),
        () => mkdirSync(file),
        () => undefined
      ]
      for (const make of places) {
        rmSync(file, { force: true, recursive: true })
        make()
        const answer = await get(server, `/api/data/${id}`, token)
        expect(answer).not.toContain('root:')
        expect([make.toString(), statusOf(answer), /"code":"\w+_UNREADABLE"/.test(answer)]).toEqual([
          make.toString(),
          404,
          true
        ])
      }
      for (const other of [
        '..%2f..%2fcatalogue',
        '%2e%2e',
        id.toUpperCase(),
        `${id}.meta`,
        '__proto__',
        'constructor',
        '%00'
      ])
        expect([other, statusOf(await get(server, `/api/data/${other}`, token))]).toEqual([
          other,
          expect.toSatisfy((status: number) => status >= 400 && status < 500)
        ])
    }
  )
})

describe('another site’s page', () => {
  const body = '{}'
  const post = (server: Serving, heads: readonly string[], text = body): Promise<string> =>
    raw(
      server,
      [
        'POST /api/call/workspace.info HTTP/1.1',
        'Connection: close',
        `Content-Length: ${Buffer.byteLength(text)}`,
        ...heads,
        '',
        text
      ].join('\r\n')
    )
  it('gets nothing by a form, a name that leads here, or a socket, also with the token', async () => {
    const { server } = await serving()
    const own = `127.0.0.1:${server.port}`
    const token = `Authorization: Bearer ${server.token}`
    const json = 'Content-Type: application/json'
    expect(statusOf(await post(server, [`Host: ${own}`, token, json]))).toBe(200)
    const hosts = [
      'evil.example',
      `evil.example:${server.port}`,
      `127.0.0.1.evil.example:${server.port}`,
      `127.0.0.1:${server.port + 1}`,
      '127.0.0.1',
      `0.0.0.0:${server.port}`,
      `127.1:${server.port}`,
      '',
      `${own}@evil.example`,
      `evil.example, ${own}`,
      `${own}/`,
      `[::ffff:127.0.0.1]:${server.port}`
    ]
    for (const host of hosts)
      expect([host, statusOf(await post(server, [`Host: ${host}`, token, json]))]).toEqual([host, 403])
    const origins = [
      'http://evil.example',
      'null',
      `https://${own}`,
      `http://${own}.evil.example`,
      `http://evil.example#${own}`,
      `http://${own}/`,
      `file://`,
      `http://user@${own}`
    ]
    for (const origin of origins) {
      expect([origin, statusOf(await post(server, [`Host: ${own}`, `Origin: ${origin}`, token, json]))]).toEqual([
        origin,
        403
      ])
      const upgrade = [
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='
      ]
      const answer = await get(
        server,
        '/api/socket',
        `Origin: ${origin}`,
        `Sec-WebSocket-Protocol: retrace, token.${server.token}`,
        ...upgrade
      )
      expect([origin, statusOf(answer)]).toEqual([
        origin,
        expect.toSatisfy((status: number) => status >= 400 && status < 500)
      ])
    }
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
      expect([
        type,
        statusOf(
          await post(
            server,
            [`Host: ${own}`, `Content-Type: ${type}`],
            `token=${server.token}&authorization=${server.token}`
          )
        )
      ]).toEqual([type, 401])
      expect([
        type,
        statusOf(await post(server, [`Host: ${own}`, 'Sec-Fetch-Site: cross-site', token, `Content-Type: ${type}`]))
      ]).toEqual([type, 403])
    }
  })

  it('is told when its head is too large, and the next request is answered', async () => {
    const { server } = await serving()
    expect(statusOf(await get(server, `/${'x'.repeat(20_000)}`))).toBe(431)
    expect(statusOf(await get(server, '/', `X: ${'y'.repeat(100_000)}`))).toBe(431)
    expect(statusOf(await get(server, '/', ...Array.from({ length: 3000 }, (_, i) => `H${i}: x`)))).toBe(431)
    expect(statusOf(await get(server, '/'))).toBe(200)
  })
})

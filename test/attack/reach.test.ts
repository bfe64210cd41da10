// What Retrace connects to: one list of addresses that nobody reaches by a name, whoever asks, and one list of the files that open connections at all.
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { RawPost } from '../../src/host/capture/understand/ndjson.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'

/** What the name server says; the last answer stays. */
const answers: string[] = []
vi.mock('node:dns/promises', () => ({
  lookup: (host: string, options?: { readonly all?: boolean }) => {
    const given = /^[\d.]+$|:/.test(host) ? host : answers.length > 1 ? answers.shift() : answers[0]
    if (given === undefined) return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
    const found = { address: given, family: given.includes(':') ? 6 : 4 }
    return Promise.resolve(options?.all ? [found] : found)
  }
}))
const { Forwarder } = await import('../../src/host/capture/listen/forward.ts')
const { locate, parseSendTarget, sendAll, sendPost } = await import('../../src/host/capture/listen/send.ts')
const { CaptureService } = await import('../../src/host/capture/service.ts')
const { AddressGuard, serviceGuard } = await import('../../src/host/ports/guard.ts')
const { performMail } = await import('../../src/host/ports/mail.ts')
const { queryModules } = await import('../../src/host/ports/misp-modules.ts')

const folder = temporaryFolders()
const ends: (() => unknown)[] = []
afterEach(async () => {
  answers.splice(0)
  for (const end of ends.splice(0).reverse()) await end()
})

const post = (target: string, change: Partial<RawPost['meta']> = {}, body = '{}'): RawPost => ({
  meta: { at: 0, source: '', method: 'POST', target, headers: [], ...change },
  body: Buffer.from(body)
})
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

/** A server that keeps what it is sent and answers one thing. */
async function peer(answer = ok): Promise<{ readonly port: number; readonly got: string[] }> {
  const got: string[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    const at = got.push('') - 1
    socket.on('data', (data) => {
      got[at] += data.toString('latin1')
      if (/\r\n\r\n/.test(got[at]!)) socket.end(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, got }
}

/** Every spelling of addresses that are no server of anybody. */
const never = [
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.43518',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[0:0:0:0:0:ffff:a9fe:a9fe]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b::169.254.169.254]',
  '[2002:a9fe:a9fe::]',
  '[::a9fe:a9fe]',
  '[fd00:ec2::254]',
  '168.63.129.16',
  '192.0.0.192',
  '100.100.100.200',
  '169.254.1.1',
  '[fe80::1]',
  '[febf::1]',
  '224.0.0.1',
  '[ff02::1]',
  '255.255.255.255',
  '240.0.0.1'
]

describe('an address that is nobody’s server', () => {
  it.each(never)('is reached by no name, and as no service that a person sets: %s', async (written) => {
    const url = `http://${written}/`
    await expect(locate(parseSendTarget(url))).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' })
    await expect(sendPost(parseSendTarget(url), post('/a/init'))).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' })
    const smtp = { port: 25, secure: false, selfSigned: true, user: '', password: null, from: 'a@b.c' }
    const mail = { kind: 'mail', to: 'x@y.z', subject: 's', text: 't' } as const
    expect(await performMail(mail, { ...smtp, host: written })).toMatchObject({ failure: 'unavailable' })
    const query = { kind: 'misp-modules', family: 'Action', body: { module: 'x' }, timeoutSeconds: 1 } as never
    expect(await queryModules(query, url)).toMatchObject({ failure: 'unavailable' })
    answers.push(written.replace(/^\[|\]$/g, ''))
    await expect(locate(parseSendTarget('http://collector.example.org/'))).rejects.toMatchObject({
      code: 'ADDRESS_REFUSED'
    })
    await expect(serviceGuard('collector.example.org').resolve('collector.example.org', 80)).rejects.toThrow()
    const named = new AddressGuard({ allow: ['collector.example.org'], onlyAllowed: false })
    await expect(named.resolve('collector.example.org', 80)).rejects.toThrow()
  })
})

describe('posts that are sent', () => {
  it('go where the name was at the start, also when it is somewhere else later', async () => {
    const { port, got } = await peer()
    answers.push('127.0.0.1', '127.0.0.9')
    async function* posts() {
      yield post('/a/init')
      yield post('/a/end')
    }
    const statuses: number[] = []
    for await (const { status } of sendAll(parseSendTarget(`http://collector.example.org:${port}`), posts(), 0))
      statuses.push(status)
    expect([statuses, got.length]).toEqual([[200, 200], 2])
  })

  it.each([301, 302, 307, 308])('follow no redirect: %i', async (status) => {
    const other = await peer()
    const location = `http://127.0.0.1:${other.port}/`
    const { port } = await peer(`HTTP/1.1 ${status} Moved\r\nLocation: ${location}\r\nConnection: close\r\n\r\n`)
    expect(await sendPost(parseSendTarget(`http://127.0.0.1:${port}`), post('/a/init'))).toBe(status)
    expect(other.got).toEqual([])
  })

  it('are one request each, with the headers that they have, whatever a file or a peer wrote', async () => {
    const { port, got } = await peer()
    const to = parseSendTarget(`http://me:pass%word@127.0.0.1:${port}`)
    const evil = 'GET /evil HTTP/1.1\r\nHost: x\r\n\r\n'
    await sendPost(to, post(`/a/init?x=1 HTTP/1.1\r\nX-Evil: 1\r\n\r\n${evil}`))
    await sendPost(to, post(`/a/init?message=a\n\n${evil}`))
    await sendPost(
      to,
      post('/a/init', {
        headers: [
          ['X-A', `1\r\nX-Evil: 1\r\n\r\n${evil}`],
          ['X-Evil: 1\r\nB', '2']
        ]
      })
    )
    await sendPost(to, post('/a/init', { method: 'POST /evil HTTP/1.1\r\nX-Evil: 1\r\n\r\nPOST' }))
    expect(got).toHaveLength(4)
    for (const text of got) {
      const [head = '', ...rest] = text.split('\r\n\r\n')
      expect(head).toMatch(/^POST \/a\/init[^\n]* HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/)
      expect(head).not.toMatch(/\nX-Evil|\n\n/i)
      expect(head.match(/\nAuthorization: /g)).toHaveLength(1)
      expect(rest.join('')).toBe('{}')
    }
  })
})

describe('posts that are sent on', () => {
  async function forwarding(url: string, options: Parameters<typeof Forwarder.start>[3] = {}) {
    const dir = folder()
    const service = await CaptureService.open(dir)
    let forwarder = await Forwarder.start(service.reader, url, 0, { timeoutMs: 300, retryMs: 1, ...options })
    const seen: (() => void)[] = []
    const begin = async (change: typeof options = {}) => {
      const onChange = () => seen.splice(0).forEach((tell) => tell())
      forwarder = await Forwarder.start(service.reader, url, 0, { timeoutMs: 300, retryMs: 1, onChange, ...change })
    }
    await forwarder.stop()
    await begin()
    const listener = await service.listen({
      port: 0,
      onEvent: (event) => event.type === 'post' && forwarder.notify(event.post.seq)
    })
    ends.push(async () => {
      await forwarder.stop()
      await service.close()
    })
    return {
      again: async (change: typeof options) => {
        await forwarder.stop()
        await begin(change)
      },
      /** Resolves when the post was sent on, or given up. */
      post: async () => {
        const changed = new Promise<void>((resolve) => seen.push(resolve))
        const to = parseSendTarget(`http://127.0.0.1:${listener.address.port}`)
        expect(await sendPost(to, post('/event-publish/init?type=blocking'))).toBe(200)
        await changed
        return forwarder.state
      }
    }
  }

  it('do not follow a name from out there into this machine, also after a restart', async () => {
    const inner = await peer()
    answers.push('93.184.216.34', '127.0.0.1')
    const { post, again } = await forwarding(`http://collector.example.org:${inner.port}/`)
    const refused = await post()
    expect(refused).toMatchObject({ sent: 0, failed: 1 })
    expect(refused.problem).toContain('collector.example.org was an address of the internet')
    await again({})
    expect(await post()).toMatchObject({ sent: 0, failed: 1 })
    expect(inner.got).toEqual([])
    // A person says that it is right.
    await again({ chosen: true })
    expect(await post()).toMatchObject({ sent: 1, problem: null })
  })

  it('do not follow a name from this machine out of it', async () => {
    const inner = await peer()
    answers.push('127.0.0.1')
    const { post } = await forwarding(`http://collector.example.org:${inner.port}/`)
    expect(await post()).toMatchObject({ sent: 1, problem: null })
    answers.splice(0, 1, '10.0.0.9')
    expect((await post()).problem).toContain('is now a private network (10.0.0.9)')
    answers.splice(0, 1, '169.254.169.254')
    expect((await post()).problem).toContain('the metadata service of clouds')
    answers.splice(0, 1, '127.0.0.1')
    expect(await post()).toMatchObject({ sent: 2, problem: null })
  })
})

/** What can open a connection, wait for one, look up a name, or start what can. */
const modules =
  /^(?:node:)?(?:net|tls|https?|http2|dns|dns\/promises|dgram|child_process|cluster|inspector)$|^(?:undici|nodemailer|zeromq|fastify|ws|@fastify\/.+|electron)$/
const globals =
  /(?<![.\w])(?:fetch\(|new (?:WebSocket|EventSource|XMLHttpRequest|WebTransport|RTCPeerConnection)\b)|sendBeacon\(/
/** They compute. */
const harmless = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList'])
/** The shell's own: windows and files. What of it goes out is `net`, `shell.openExternal` and what pages load. */
const ofShell = /\b(?:net\.(?:fetch|request)|openExternal|loadURL)\b/

function opens(text: string): boolean {
  const code = text.replace(/^\s*\/\/.*$|\/\*[\s\S]*?\*\//gm, '')
  if (globals.test(code)) return true
  const statements = code.matchAll(
    /(?:import|export)\s+([^'"]*?)\s*from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|require\(\s*['"]([^'"]+)['"]/g
  )
  for (const [, names = '', from, ...later] of statements) {
    const module = from ?? later.find((one) => one !== undefined) ?? ''
    if (!modules.test(module) || names.startsWith('type ')) continue
    if (module === 'electron') return ofShell.test(code)
    const values = names
      .replace(/[{}]/g, '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '))
    if (values.length === 0 || values.some((name) => !harmless.has(name))) return true
  }
  return false
}

describe('files that open connections', () => {
  const root = join(import.meta.dirname, '..', '..')
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?tsx?$/.test(file))
    .map((file) => `src/${file.replaceAll('\\', '/')}`)

  it('are those that docs/security.md lists, with what each may reach and on whose word', () => {
    const listed = readFileSync(join(root, 'docs', 'security.md'), 'utf8').matchAll(
      /^\| `(src\/[^`]+)` \| [^|]{8,} \| [^|]{4,} \|$/gm
    )
    const found = files.filter((file) => opens(readFileSync(join(root, file), 'utf8')))
    expect(found.sort()).toEqual([...listed].map(([, file]) => file).sort())
  })

  it.each([
    [`import { connect } from 'net'`, true],
    [`import net from 'node:net'`, true],
    [`import * as dns from "node:dns"`, true],
    [`const { request } = await import('undici')`, true],
    [`import 'x'\nvoid fetch('http://x')`, true],
    [`new WebSocket('ws://x')`, true],
    [`export { lookup } from 'node:dns/promises'`, true],
    [`import type { Socket } from 'node:net'`, false],
    [`import { isIP, type Socket } from 'node:net'`, false],
    [`// fetch( is never called`, false],
    [`client.fetch('x')`, false]
  ])('are found: %s', (text, is) => expect(opens(text)).toBe(is))
})

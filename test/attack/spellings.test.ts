// Addresses in every spelling, really sent for: a server of this machine counts who comes. Nobody may, unless that address was allowed.
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { AddressGuard } from '../../src/host/ports/guard.ts'
import { performHttp } from '../../src/host/ports/http.ts'
import { hosting, peer } from '../unit/host/hosting.ts'

const { later } = hosting()

/** A server on both families that only counts. */
async function counting() {
  const came: string[] = []
  const listen = (host: string, port: number) =>
    new Promise<number | null>((resolve) => {
      const server = createServer((socket) => {
        came.push(host)
        socket.on('error', () => undefined)
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nreached')
      })
      server.on('error', () => resolve(null))
      server.listen(port, host, () => {
        later(() => void server.close())
        resolve((server.address() as AddressInfo).port)
      })
    })
  const port = (await listen('127.0.0.1', 0))!
  await listen('::1', port)
  return { came, port }
}

const hosts = [
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '0x7f.1',
    '0x7f000001',
    '0X7F.0.0.0x1',
    '017700000001',
    '0177.0.0.01',
    '2130706433'
  ],
  ...[
    '127.0.0.1.',
    '127.255.255.254',
    '0',
    '0.0.0.0',
    '0.0.0.0.',
    '000.0.0.0x0',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::0001]'
  ],
  ...['[::ffff:127.0.0.1]', '[::FFFF:7F00:1]', '[0:0:0:0:0:ffff:7f00:0001]', '[::127.0.0.1]', '[::ffff:0:127.0.0.1]'],
  ...['[64:ff9b::127.0.0.1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:1:2:3:4:80ff:fffe]'],
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'localhost..',
    'a.localhost',
    'A.B.LocalHost.',
    'ｌｏｃａｌｈｏｓｔ',
    'loc\u00adalhost'
  ],
  ...['①②⑦.⓪.⓪.①', '127。0。0。1', '１２７．０．０．１', '127%2e0%2e0%2e1', '%31%32%37.0.0.1', '12\t7.0.\n0.1'],
  ...[
    'user@127.0.0.1',
    'user:pass@[::1]',
    '93.184.216.34@127.0.0.1',
    'a%40b@127.1',
    '%zz:%@127.0.0.1',
    '.',
    '...',
    '%2e'
  ]
]
const none = new AddressGuard({ allow: [], onlyAllowed: false })
const effect = (url: string) => ({ kind: 'http' as const, method: 'GET', url, headers: [], body: '' })

describe('this machine', () => {
  it.each(hosts)('is not reached as %s', async (host) => {
    const { came, port } = await counting()
    for (const url of [
      `http://${host}:${port}/`,
      `http:${host}:${port}`,
      `http:\\\\${host}:${port}\\`,
      `https://${host}:${port}/`,
      `  http://${host}:${port}#@93.184.216.34`
    ]) {
      const answer = await performHttp(effect(url), { guard: none, timeoutSeconds: 5 })
      expect([url, answer]).toEqual([
        url,
        expect.objectContaining({ failure: expect.stringMatching(/unavailable|unresolved/) as string })
      ])
    }
    expect(came).toEqual([])
  })

  it('is not reached by a redirect in any of these spellings', async () => {
    const { came, port } = await counting()
    let next = ''
    const turning = await peer((_seen, response) => void response.writeHead(302, { Location: encodeURI(next) }).end())
    const guard = new AddressGuard({ allow: [turning.url.replace('http://', '')], onlyAllowed: false })
    for (const host of hosts) {
      next = `http://${host}:${port}/`
      const answer = await performHttp(effect(turning.url), { guard, timeoutSeconds: 5, mayRedirect: () => null })
      expect([host, answer]).toEqual([host, expect.objectContaining({ failure: expect.any(String) as string })])
    }
    expect(came).toEqual([])
  })

  it('is reached on the port that was allowed, and on no other', async () => {
    const [first, second] = [await counting(), await counting()]
    const guard = new AddressGuard({ allow: [`127.0.0.1:${first.port}`], onlyAllowed: false })
    for (const host of hosts) {
      const answer = await performHttp(effect(`http://${host}:${second.port}/`), { guard, timeoutSeconds: 5 })
      expect([host, answer]).toEqual([host, expect.objectContaining({ failure: expect.any(String) as string })])
    }
    expect(await performHttp(effect(`http://127.0.0.1:${first.port}/`), { guard, timeoutSeconds: 5 })).toMatchObject({
      body: 'reached'
    })
    expect([first.came, second.came]).toEqual([['127.0.0.1'], []])
  })
})

describe('a host that is no name', () => {
  it.each(['.', '...', '%2e', '%2e%2e'])('%s is unresolved, and ends nothing', async (host) => {
    const uncaught = vi.fn()
    process.on('unhandledRejection', uncaught)
    try {
      const guard = new AddressGuard({ allow: ['*'], onlyAllowed: false })
      expect(await performHttp(effect(`http://${host}/`), { guard, timeoutSeconds: 5 })).toMatchObject({
        failure: 'unresolved'
      })
      await expect(guard.resolve(host, 80)).rejects.toMatchObject({ code: 'ENOTFOUND' })
      await new Promise((resolve) => setImmediate(resolve))
      expect(uncaught).not.toHaveBeenCalled()
    } finally {
      process.off('unhandledRejection', uncaught)
    }
  })
})

describe('user and password of an address', () => {
  it.each([
    ['%zz:%', '%zz:%'],
    ['a%3Ab:c%40d', 'a:b:c@d'],
    ['%00:%ff', '\0:%ff']
  ])('%s are sent, also where they are no good encoding', async (written, meant) => {
    const server = await peer((_seen, response) => void response.end('reached'))
    const guard = new AddressGuard({ allow: ['127.0.0.1'], onlyAllowed: true })
    expect(
      await performHttp(effect(server.url.replace('//', `//${written}@`)), { guard, timeoutSeconds: 5 })
    ).toMatchObject({ body: 'reached' })
    const sent = server.seen[0]!.headers
    expect(sent[sent.indexOf('Authorization') + 1]).toBe(`Basic ${Buffer.from(meant).toString('base64')}`)
  })
})

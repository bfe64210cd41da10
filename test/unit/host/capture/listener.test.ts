import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  Listener,
  SecretRequired,
  type ListenerEvent,
  type ListenerOptions
} from '../../../../src/host/capture/listen/listener.ts'
import { parsePost } from '../../../../src/host/capture/understand/post-parse.ts'
import { Journal } from '../../../../src/host/capture/journal/journal.ts'
import { PostReader } from '../../../../src/host/capture/journal/segments-reader.ts'
import { request, talk } from './raw-client.ts'

let dir: string
let journal: Journal
let listener: Listener
let events: ListenerEvent[]

const start = async (options: ListenerOptions = {}): Promise<number> => {
  events = []
  listener = await Listener.start(journal, { port: 0, ...options, onEvent: (event) => events.push(event) })
  return listener.address.port
}
const stored = async (): Promise<{ target: string; body: string; source: string }[]> => {
  const reader = new PostReader(dir)
  const posts = []
  for await (const { seq } of reader.places()) {
    const { meta, body } = (await reader.read(seq))!
    posts.push({ target: meta.target, body: body.toString(), source: meta.source })
  }
  await reader.close()
  return posts
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'retrace-listener-'))
  ;({ journal } = await Journal.open(dir))
})
afterEach(async () => {
  await listener?.stop({ quietMs: 0, graceMs: 200 })
  await journal.close()
  rmSync(dir, { recursive: true })
})

describe('the listener', () => {
  it('answers a post once it is stored and closes the connection', async () => {
    const port = await start()
    const { answer, error } = await talk(port, request('/event-publish/init?type=blocking', '{"a":1}'))
    expect(answer).toBe(
      'HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n'
    )
    expect(error).toBeNull()
    expect(await stored()).toEqual([
      { target: '/event-publish/init?type=blocking', body: '{"a":1}', source: 'default' }
    ])
  })

  it('takes unescaped text, line breaks and quotes in the query as they are', async () => {
    const port = await start()
    const target = '/event-publish/exec/oracle-throw?result=error&message=boom "quotes" é ü\nsecond line'
    expect((await talk(port, request(target, '{}'))).status).toBe(200)
    expect(
      (await stored())[0]?.target.startsWith('/event-publish/exec/oracle-throw?result=error&message=boom "quotes" é ü')
    ).toBe(true)
  })

  it.each(['\n\n', '\r\n\r\n', '\n\nHost: x\n\n', '\r\n \r\n\r\n\r\n'])(
    'takes a message with blank lines for one request, in one piece and byte by byte: %j',
    async (blank) => {
      const port = await start()
      const target = `/event-publish/exec/oracle-throw?result=error&message=SQL:${blank}the second part`
      const whole = request(target, '{"a":1}')
      expect((await talk(port, whole)).status).toBe(200)
      const drops = Array.from(whole, (byte) => Buffer.from([byte]))
      expect((await talk(port, { parts: drops })).status).toBe(200)
      const wanted = { target: target.replaceAll('\r\n', '\n'), body: '{"a":1}', source: 'default' }
      expect(await stored()).toEqual([wanted, wanted])
    }
  )

  it('answers at once what has no version, also with a blank line', async () => {
    const port = await start()
    expect((await talk(port, 'GET /\r\n\r\n')).status).toBe(200)
    expect((await talk(port, '\r\n\r\n')).status).toBe(400)
    expect((await talk(port, 'POST /a/init\n\n')).status).toBe(200)
  })

  it('takes double slashes, chunked bodies, gzip, Expect: 100-continue and a missing length', async () => {
    const port = await start()
    expect((await talk(port, request('//event-publish/init?type=blocking', 'x'))).status).toBe(200)
    const chunked = request('/event-publish/end', '', ['Transfer-Encoding: chunked'])
    expect(
      (await talk(port, { parts: [chunked, '3\r\nabc\r\n', 5, '4;ext=1\r\ndefg\r', 5, '\n0\r\nTrailer: x\r\n\r\n'] }))
        .status
    ).toBe(200)
    const packed = gzipSync('{"packed":true}')
    expect(
      (await talk(port, request('/event-publish/exec/webhook?result=success', packed, ['Content-Encoding: gzip'])))
        .status
    ).toBe(200)
    const expecting = await talk(port, {
      parts: [request('/a/init', '', ['Expect: 100-continue', 'Content-Length: 2']), 20, 'ok']
    })
    expect(expecting.answer.startsWith('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK')).toBe(true)
    expect((await talk(port, 'POST /b/init HTTP/1.1\r\nHost: x\r\n\r\n')).status).toBe(200)
    expect((await stored()).map(({ body }) => body)).toEqual(['x', 'abcdefg', packed.toString(), 'ok', ''])
  })

  it('keeps a large body in a file of its own', async () => {
    const port = await start({ limits: { memoryBytes: 100_000 } })
    const body = 'y'.repeat(3_000_000)
    expect((await talk(port, request('/event-publish/init', body))).status).toBe(200)
    expect((await stored())[0]?.body).toBe(body)
    expect(readdirSync(join(dir, 'bodies')).map((name) => name.endsWith('.body'))).toEqual([true])
  })

  it('refuses what is too large with a whole answer while the peer still sends', async () => {
    const port = await start({ limits: { bodyBytes: 1000 } })
    const { status, error } = await talk(port, request('/event-publish/init', 'z'.repeat(5_000_000)))
    expect({ status, error }).toEqual({ status: 413, error: null })
    const chunk = `1000\r\n${'z'.repeat(4096)}\r\n`
    const chunked = await talk(port, {
      parts: [request('/a/init', '', ['Transfer-Encoding: chunked']), chunk, chunk, '0\r\n\r\n']
    })
    expect({ status: chunked.status, error: chunked.error }).toEqual({ status: 413, error: null })
    expect(await stored()).toEqual([])
  })

  it('asks for the secret and never resets', async () => {
    const port = await start({ rules: { sources: [{ name: 'prod', secret: 's3cret' }], secret: 'other' } })
    const post = async (target: string, headers: string[] = []) => {
      const { status, error } = await talk(port, request(target, 'x'.repeat(500_000), headers))
      return error ?? status
    }
    expect(await post('/prod/s3cret/event-publish/init')).toBe(200)
    expect(await post('/prod/wrong/event-publish/init')).toBe(401)
    expect(await post('/event-publish/init')).toBe(401)
    expect(await post('/other/event-publish/init')).toBe(200)
    expect(
      await post('/event-publish/init', [`Authorization: Basic ${Buffer.from('misp:other').toString('base64')}`])
    ).toBe(200)
    expect(await post('/?token=other%2Fevent-publish%2Finit%3Ftype%3Dblocking')).toBe(200)
    expect((await stored()).map(({ source }) => source)).toEqual(['prod', 'default', 'default', 'default'])
  })

  it('refuses web pages and answers people who try the address', async () => {
    const port = await start()
    const status = async (text: Buffer): Promise<number> => (await talk(port, text)).status
    expect(await status(request('/event-publish/init', '{}', ['Origin: https://evil.example']))).toBe(403)
    expect(await status(request('/event-publish/init', '{}', ['Sec-Fetch-Site: cross-site']))).toBe(403)
    expect(await status(request('/any/path', '', [], 'GET'))).toBe(200)
    expect(await status(request('/any/path', '', ['Sec-Fetch-Site: none'], 'GET'))).toBe(200)
    expect(await status(request('/any/path', '', ['Sec-Fetch-Site: same-site'], 'GET'))).toBe(403)
    expect(await status(request('/any/path', '', [], 'DELETE'))).toBe(405)
    expect(await stored()).toEqual([])
  })

  it('survives hostile peers', async () => {
    const port = await start({ limits: { idleMs: 150, headBytes: 50_000 } })
    const outcome = async (script: Parameters<typeof talk>[1]) => {
      const { status, error } = await talk(port, script)
      return error ?? status
    }
    expect(await outcome({ parts: ['POST /a/init HT'] })).toBe(408)
    expect(await outcome({ parts: [request('/a/init', 'abc', ['Content-Length: 10'])], end: true })).toBe(400)
    expect(await outcome({ parts: [request('/a/init', 'abc', ['Content-Length: 10'])] })).toBe(408)
    expect(await outcome(`POST /a/init HTTP/1.1\r\n${'X-Long: aaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(3000)}\r\n`)).toBe(
      431
    )
    expect(await outcome('hello\r\n\r\n')).toBe(400)
    expect(await outcome(request('/a/init', 'abc', ['Content-Length: -3']))).toBe(400)
    expect(await outcome(request('/a/init', 'abc', ['Content-Length: 3', 'Content-Length: 4']))).toBe(400)
    expect(await outcome(request('/a/init', 'zz\r\nabc', ['Transfer-Encoding: chunked']))).toBe(400)
    // Shorter than what follows: the rest is ignored.
    expect(await outcome(request('/a/init', 'abcdef', ['Content-Length: 3']))).toBe(200)
    expect((await talk(port, request('/b/init', 'fine'))).status).toBe(200)
    expect((await stored()).map(({ body }) => body)).toEqual(['abc', 'fine'])
    expect(listener.budget.used).toBe(0)
  })

  it('takes 200 connections at once and loses nothing', async () => {
    const port = await start()
    const bodies = Array.from({ length: 200 }, (_, i) => `{"n":${i},"pad":"${'p'.repeat(i * 50)}"}`)
    const answers = await Promise.all(bodies.map((body) => talk(port, request('/event-publish/exec/webhook', body))))
    expect(answers.every(({ status, error }) => status === 200 && error === null)).toBe(true)
    expect((await stored()).map(({ body }) => body).sort()).toEqual([...bodies].sort())
  })

  it('finishes what is under way when it stops', async () => {
    const port = await start()
    const slow = talk(port, { parts: [request('/a/init', 'ab', ['Content-Length: 4']), 150, 'cd'] })
    const stuck = talk(port, { parts: [request('/a/init', 'ab', ['Content-Length: 4'])] })
    await new Promise((resolve) => setTimeout(resolve, 50))
    await listener.stop({ quietMs: 10, graceMs: 400 })
    expect((await slow).status).toBe(200)
    expect({ ...(await stuck), answer: '' }).toEqual({ answer: '', status: 503, error: null })
  })

  it('stops at once where nobody posts, and once', async () => {
    await start()
    const stopping = listener.stop({ quietMs: 60_000, graceMs: 120_000 })
    expect(listener.stop()).toBe(stopping)
    await stopping
  })

  it('takes what comes in the moment after a post, when it is told to stop', async () => {
    const port = await start()
    expect((await talk(port, request('/a/init', 'ab'))).status).toBe(200)
    const stopping = listener.stop({ quietMs: 500, graceMs: 5000 })
    expect((await talk(port, request('/a/exec/webhook', 'cd'))).status).toBe(200)
    await stopping
    expect((await stored()).map(({ body }) => body)).toEqual(['ab', 'cd'])
  })

  it('listens beyond loopback only with a secret', async () => {
    await expect(Listener.start(journal, { host: '0.0.0.0', port: 0 })).rejects.toThrow(SecretRequired)
    await start({ host: '0.0.0.0', rules: { sources: [], secret: 'x' } })
    expect(listener.address.host).toBe('0.0.0.0')
  })

  it('keeps posts that nobody understands', async () => {
    const port = await start()
    const deep = `{"source":{},"timestamp":"x","data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    for (const body of [
      deep,
      '{"__proto__":{"polluted":1},"source":{"__proto__":1},"data":{}}',
      Buffer.from([0xff, 0xfe, 0x00])
    ]) {
      expect((await talk(port, request('/event-publish/exec/x?result=success', body))).status).toBe(200)
    }
    const reader = new PostReader(dir)
    const kinds: string[] = []
    for await (const { seq } of reader.places()) {
      const { meta, body } = (await reader.read(seq))!
      kinds.push(parsePost(meta, body).kind)
    }
    await reader.close()
    expect(kinds[2]).toBe('unknown')
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})

// Strangers at a listener that other machines can reach: nothing is taken without the secret of the source that the post is for, however the
// request is written; and nothing that one peer reads in another way than we do.
import { networkInterfaces } from 'node:os'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { Listener, type ListenerOptions } from '../../src/host/capture/listen/listener.ts'
import { resolveSource, type SourceRules } from '../../src/host/capture/listen/sources.ts'
import { Journal } from '../../src/host/capture/journal/journal.ts'
import { PostReader } from '../../src/host/capture/journal/segments-reader.ts'
import { request, talk } from '../unit/host/capture/raw-client.ts'
import { ask, hosting } from '../unit/host/hosting.ts'
import { repeat, seeded } from './scale.ts'

const { folder, later, open } = hosting()

async function listening(options: ListenerOptions) {
  const dir = folder()
  const { journal } = await Journal.open(dir)
  const listener = await Listener.start(journal, { port: 0, ...options })
  later(async () => {
    await listener.stop({ quietMs: 0, graceMs: 50 })
    await journal.close()
  })
  const stored = async (): Promise<string[]> => {
    const reader = new PostReader(dir)
    const sources: string[] = []
    for await (const { meta } of reader.places()) sources.push(meta.source)
    await reader.close()
    return sources
  }
  return { port: listener.address.port, listener, stored }
}

const open0: SourceRules = { sources: [{ name: 'prod', secret: 's3cret' }] }
const post = '/event-publish/init?type=blocking'
const nextCode = (name: string): string => [...name].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')

/** Names that are written otherwise, and names that nobody set. */
const names = [
  ...[
    '',
    'default',
    'other',
    'PROD',
    'Prod',
    nextCode('prod'),
    '%2570rod',
    'pr%6fd',
    'prod%2F',
    '/prod',
    './prod',
    'x/../prod'
  ],
  ...[
    '%2e/prod',
    'x/%2e%2e/prod',
    'prod%00',
    'prod%20',
    'prod%E2%80%8B',
    '%EF%BD%90rod',
    'prod;x=1',
    'prod%5C',
    'prod\\',
    '//prod//'
  ],
  ...[
    'prod/x',
    'prod/.',
    'prod/..',
    'default/prod',
    'prod%3Fx',
    'prod#',
    '%',
    '%zz',
    'ＰＲＯＤ',
    's3cre',
    'S3CRET',
    's3cret%00',
    's3cret '
  ]
]
const forms = (name: string): string[] => [
  `/${name}${post}`,
  `http://127.0.0.1:27051/${name}${post}`,
  `HTTP://prod:s3cret@x/${name}${post}`,
  `/?source=${name}%2Fevent-publish%2Finit%3Ftype%3Dblocking`,
  `/?token=&source=${name}/event-publish/init`,
  `/${name}`,
  `/${name}/event-publish/init?token=wrong&x=/event-publish/init`,
  `${name}/event-publish/init`
]

describe('a listener that other machines can reach', () => {
  it('takes nothing without a secret, however the source is written', async () => {
    const { port, stored } = await listening({ host: '0.0.0.0', rules: open0 })
    const answers: [string, number][] = []
    for (const target of names.flatMap(forms).filter((target) => target !== ''))
      for (const method of ['POST', 'PUT', 'post']) {
        const { status, error } = await talk(port, request(target, '{}', [], method))
        expect([target, error]).toEqual([target, null])
        answers.push([`${method} ${target}`, status])
      }
    expect(answers.filter(([, status]) => status !== 401 && status !== 400)).toEqual([])
    expect(await stored()).toEqual([])
  }, 60_000)

  it('asks peers of its own machine, too, and believes no header', async () => {
    const { port, stored } = await listening({ host: '0.0.0.0', rules: open0 })
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address
    const headers = [
      ...['X-Forwarded-For: 127.0.0.1', 'Forwarded: for=127.0.0.1', 'X-Real-IP: ::1', 'Via: 1.1 localhost'],
      ...[
        'X-HTTP-Method-Override: GET',
        'Authorization: Basic',
        `Authorization: Basic ${btoa('s3cret:')}`,
        'Authorization: Bearer s3cret'
      ],
      ...['Cookie: s3cret', 'X-Original-URL: /prod/s3cret/event-publish/init', 'Referer: http://x/prod/s3cret/']
    ]
    for (const header of headers)
      expect([header, (await talk(port, request(post, '{}', [header]))).status]).toEqual([header, 401])
    if (outside !== undefined) {
      const answer = await new Promise<string>((resolve) => {
        const socket = connect({ host: outside, port }, () => socket.write(request(`/other${post}`, '{}')))
        let text = ''
        socket.on('data', (data) => (text += data.toString())).on('close', () => resolve(text))
      })
      expect(answer).toMatch(/^HTTP\/1\.1 401/)
    }
    expect(await stored()).toEqual([])
  })

  it('takes a source with its secret however it is written, under its own name', async () => {
    const { port, stored } = await listening({ host: '0.0.0.0', rules: open0 })
    const right = [
      ...[
        'prod/s3cret',
        'PROD/s3cret',
        '%70rod/s3cret',
        '//prod//s3cret/',
        './prod/s3cret',
        's3cret/prod',
        '%2570rod/s3cret',
        'x/../prod/s3cret'
      ],
      ...['prod/%733cret']
    ]
    for (const prefix of right)
      expect([prefix, (await talk(port, request(`/${prefix}${post}`, '{}'))).status]).toEqual([prefix, 200])
    expect(
      (await talk(port, request(`/prod?x=1&token=s3cret%2Fevent-publish%2Finit%3Ftype%3Dblocking`, '{}'))).status
    ).toBe(200)
    expect(
      (await talk(port, request(`/prod?token=s3cret&x=1%2Fevent-publish%2Finit%3Ftype%3Dblocking`, '{}'))).status
    ).toBe(200)
    const basic = [`Authorization: Basic ${btoa('misp:s3cret')}`]
    expect((await talk(port, request(`/prod${post}`, '{}', basic))).status).toBe(200)
    expect(new Set(await stored())).toEqual(new Set(['prod']))
    // Its secret opens no other source.
    expect((await talk(port, request(`/other/s3cret${post}`, '{}'))).status).toBe(401)
  })

  it('takes what has no secret of its own with the general one, and nothing under the name of a source that has', async () => {
    const rules = { ...open0, secret: 'general' }
    const { port, stored } = await listening({ host: '0.0.0.0', rules })
    const status = async (prefix: string) => (await talk(port, request(`/${prefix}${post}`, '{}'))).status
    expect([await status('general'), await status('misp-2/general'), await status('general/misp-3')]).toEqual([
      200, 200, 200
    ])
    expect([await status('prod/general'), await status('general/prod'), await status('general/PROD')]).toEqual([
      401, 401, 401
    ])
    expect(await stored()).toEqual(['default', 'misp-2', 'misp-3'])
  })

  it('does not start where nothing could be taken, whatever the address is called', async () => {
    for (const host of ['0.0.0.0', '::', '', '0', '::ffff:0.0.0.0'])
      for (const rules of [
        { sources: [] },
        { sources: [], secret: '' },
        { sources: [{ name: 'a' }] },
        { sources: [{ name: 'a', secret: '' }] }
      ])
        await expect(listening({ host, rules })).rejects.toThrow(/set a secret first/)
    const host = await open()
    const listen = (sources: { name: string; secret: string | null }[]) =>
      host.call('capture.configure', { port: 0, host: '0.0.0.0', sources })
    for (const sources of [[], [{ name: 'a', secret: null }], [{ name: 'a', secret: '' }]])
      expect(await listen(sources)).toMatchObject({ ok: false, error: { code: 'PARAMS_INVALID' } })
    expect(
      await listen([
        { name: 'a', secret: 'x' },
        { name: 'A', secret: 'y' }
      ])
    ).toMatchObject({ ok: false })
    expect(await listen([{ name: '..', secret: 'x' }])).toMatchObject({ ok: false })
    const { url } = await ask(host, 'capture.configure', {
      port: 0,
      host: '0.0.0.0',
      sources: [{ name: 'a', secret: 'x' }]
    })
    const port = Number(new URL(url!).port)
    expect((await talk(port, request(`/b${post}`, '{}'))).status).toBe(401)
    expect((await talk(port, request(`/A/x${post}`, '{}'))).status).toBe(200)
  })
})

describe('a listener on loopback', () => {
  it('keeps the name of a source that has a secret to those who know it', async () => {
    const { port, stored } = await listening({ rules: open0 })
    const found = new Set<string>()
    for (const name of names)
      for (const target of forms(name).filter((target) => target !== '')) {
        const { status } = await talk(port, request(target, '{}'))
        found.add(String(status))
      }
    expect([...found].sort()).toEqual(['200', '401'])
    const sources = await stored()
    expect(
      sources.filter((source) => source.replace(/[^a-z]/gi, '').toLowerCase() === 'prod' && !/[#;?]/.test(source))
    ).toEqual([])
    expect(sources).toContain('default')
  }, 30_000)

  it('takes nothing that a web page sent', async () => {
    const { port, stored } = await listening({})
    for (const header of [
      'Origin: null',
      'ORIGIN: https://a',
      'Origin:',
      'Sec-Fetch-Site: same-origin',
      'sec-fetch-mode: no-cors',
      'Sec-Fetch-Dest: empty'
    ])
      for (const method of ['POST', 'PUT', 'OPTIONS', 'DELETE'])
        expect([header, (await talk(port, request(post, '{}', [header], method))).status]).toEqual([header, 403])
    expect(await stored()).toEqual([])
  })
})

const raw = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`
const line = `POST ${post} HTTP/1.1`

describe('a request that can be read in two ways', () => {
  it.each<readonly [string, string, number]>([
    ['both framings', `${raw(line, 'Content-Length: 3', 'Transfer-Encoding: chunked')}0\r\n\r\n`, 400],
    ['both framings, twice', `${raw(line, 'Transfer-Encoding: identity', 'Transfer-Encoding: chunked')}0\r\n\r\n`, 400],
    ['identity and a length', `${raw(line, 'Transfer-Encoding: identity', 'Content-Length: 2')}{}`, 400],
    ['another coding first', `${raw(line, 'Transfer-Encoding: gzip, chunked')}0\r\n\r\n`, 400],
    ['a coding that is none', `${raw(line, 'Transfer-Encoding: xchunked')}0\r\n\r\n`, 400],
    ['a name with a space', `${raw(line, 'Transfer-Encoding : chunked', 'Content-Length: 2')}{}`, 400],
    ['a folded header', `${raw(line, 'Content-Length: 2', ' 0')}{}`, 400],
    ['a folded coding', `${raw(line, 'Transfer-Encoding:', '\tchunked')}0\r\n\r\n`, 400],
    ['two lengths', `${raw(line, 'Content-Length: 2', 'content-length: 3')}{}`, 400],
    ['a list of lengths', `${raw(line, 'Content-Length: 2, 2')}{}`, 400],
    ['a signed length', `${raw(line, 'Content-Length: +2')}{}`, 400],
    ['a hex length', `${raw(line, 'Content-Length: 0x2')}{}`, 400],
    ['two hosts', `${raw(line, 'Host: a', 'Host: b', 'Content-Length: 2')}{}`, 400],
    ['a NUL in a header', `${raw(line, 'X: a\0b', 'Content-Length: 2')}{}`, 400],
    ['a bare CR in a header', `${raw(line, 'X: a\rContent-Length: 5', 'Content-Length: 2')}{}`, 400],
    ['no header', `${raw(line, 'hello', 'Content-Length: 2')}{}`, 400],
    ['bare line feeds', `${line}\nContent-Length: 2\n\n{}`, 200],
    ['a chunk size that is signed', `${raw(line, 'Transfer-Encoding: chunked')}+2\r\n{}\r\n0\r\n\r\n`, 400],
    ['a chunk longer than its size', `${raw(line, 'Transfer-Encoding: chunked')}2\r\n{}}\r\n0\r\n\r\n`, 400],
    [
      'an extension without end',
      `${raw(line, 'Transfer-Encoding: chunked')}2;${'x'.repeat(9000)}\r\n{}\r\n0\r\n\r\n`,
      400
    ],
    [
      'extensions without end',
      `${raw(line, 'Transfer-Encoding: chunked')}${`1;${'x'.repeat(8000)}\r\n1\r\n`.repeat(20)}0\r\n\r\n`,
      400
    ],
    ['a trailer without end', `${raw(line, 'Transfer-Encoding: chunked')}0\r\n${'X: y\r\n'.repeat(100_000)}`, 400],
    [
      'a message with lines that look like headers',
      raw(`POST ${post}&message=a\nContent-Length: 70\nOrigin: b HTTP/1.1`, 'Content-Length: 0'),
      200
    ]
  ])('%s', async (_, text, status) => {
    const { port, stored } = await listening({})
    const conversation = await talk(port, text)
    expect({ status: conversation.status, error: conversation.error }).toEqual({ status, error: null })
    expect((await stored()).length).toBe(status === 200 ? 1 : 0)
  })

  it('is one request: what follows it on its connection is not taken', async () => {
    const { port, stored } = await listening({ host: '0.0.0.0', rules: { sources: [], secret: 'x' } })
    const good = request(`/x${post}`, '{}').toString('latin1')
    const { answer } = await talk(port, good + request(post, '{}').toString('latin1') + good)
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(await stored()).toEqual(['default'])
  })
})

describe('who a post is from', () => {
  it('is never a source whose secret was not given, for random targets', () => {
    const seed = 12
    const random = seeded(seed)
    const pieces = [
      'prod',
      'PROD',
      '%70',
      '%2f',
      '%2e',
      '..',
      '.',
      '/',
      '//',
      '\\',
      '?',
      '&',
      '=',
      'a',
      '#',
      '%25',
      ' ',
      'x=',
      'event-publish',
      'init',
      'general'
    ]
    const rules = { ...open0, secret: 'general' }
    for (let i = 0; i < repeat(1500, 100_000); i++) {
      let target = '/'
      for (let n = random() * 12; n > 0; n--) target += pieces[Math.floor(random() * pieces.length)]!
      const verdict = resolveSource(
        rules,
        { target: `${target}${random() < 0.7 ? post : ''}`, headers: [] },
        random() < 0.5
      )
      if (verdict.allowed && verdict.source.toLowerCase() === 'prod') expect.fail(`seed ${seed}: ${target}`)
      if (verdict.allowed && !target.includes('general')) expect.fail(`seed ${seed}, no secret: ${target}`)
    }
  })
})

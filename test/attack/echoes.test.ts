// Peers, services and libraries that repeat a key in what they answer: as it is, encoded, or cut short. Nothing that is shown, logged or exported has it.
import { mkdtempSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { Effect, EffectAnswer, RunEvent } from '../../src/contract/run.ts'
import { maskTarget } from '../../src/host/capture/understand/mask.ts'
import { cutFrom, formsOf } from '../../src/contract/secret-forms.ts'
import { SecretTexts } from '../../src/contract/secret-texts.ts'
import { mask } from '../../src/contract/secrets.ts'
import { settingsSecrets } from '../../src/host/capture/understand/mask.ts'
import { createMistakeLog } from '../../src/host/ports/log.ts'
import { performMail } from '../../src/host/ports/mail.ts'
import { fetchKind } from '../../src/host/takeover/fetch.ts'
import { maskAnswer, secretsOfEffect } from '../../src/host/worker/effects/show.ts'
import { createMask } from '../../src/host/worker/mask/run.ts'
import { ask, finished, hosting, peer } from '../unit/host/hosting.ts'
import { eventOf, workflowOf } from '../unit/host/samples.ts'
import { repeat, seeded } from './scale.ts'

const { open, later } = hosting()

const key = 'k3y+Zq/9 "ü" tail==77x'
const simple = 'sk-4f9aQ7xLmP20vT8bN6rJ'

/** Every way in which a text repeats a key. */
const echoes = (secret: string): { readonly [how: string]: string } => ({
  'as it is': `no such key ${secret}.`,
  'percent-encoded': `GET /?k=${encodeURIComponent(secret)} failed`,
  'percent-encoded by PHP': `k=${encodeURIComponent(secret).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`,
  'in a form': `k=${encodeURIComponent(secret).replaceAll('%20', '+')}&x`,
  'percent-encoded in small letters': encodeURIComponent(secret).replace(/%../g, (c) => c.toLowerCase()),
  'as JSON': JSON.stringify({ error: `bad ${secret}` }),
  'as JSON of PHP': JSON.stringify({ error: secret })
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'as HTML': `<p>${secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}</p>`,
  'in base64': Buffer.from(secret).toString('base64'),
  'in base64 for URLs': Buffer.from(secret).toString('base64url'),
  'with a user, in base64': `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`,
  'with a longer user, in base64': `Basic ${Buffer.from(`users:${secret}`).toString('base64')}`,
  'behind a zero, in base64': Buffer.from(`\0me\0${secret}`).toString('base64')
})

/** What a reader would get back out of a text: nothing of the key that is longer than its neighbours in base64 share. */
function leaks(text: string, secret: string): boolean {
  const readable = [text, text.replaceAll('\\/', '/')]
  for (const part of text.match(/[A-Za-z0-9+/_=-]{8,}/g) ?? [])
    readable.push(Buffer.from(part, 'base64').toString('utf8'), Buffer.from(part, 'base64url').toString('utf8'))
  try {
    readable.push(decodeURIComponent(text.replaceAll('+', ' ')), decodeURIComponent(text))
  } catch {
    // Not of that kind.
  }
  const pieces = [secret.slice(0, 10), secret.slice(-10), secret.slice(5, 15)]
  return readable.some((one) => pieces.some((piece) => one.includes(piece)))
}

it('an address that is refused does not tell the password in it', async () => {
  const host = await open()
  for (const address of [
    'ftp://u:Pass-w0rd@host',
    'http://u:Pass-w0rd@[none',
    'gopher://Pass-w0rd@host/?key=Pass-w0rd'
  ])
    for (const answer of [
      await host.call('takeover.fetch', { address, key: 'k', what: [{ kind: 'settings' }] }),
      await host.call('live.configure', { mispModules: { url: address } }),
      await host.call('capture.configure', { forward: address })
    ]) {
      expect(answer.ok).toBe(false)
      expect(JSON.stringify(answer)).not.toContain('Pass-w0rd')
    }
})

describe('a key in a text', () => {
  it.each([key, simple])('is hidden in every form: %s', (secret) => {
    const texts = new SecretTexts([secret])
    for (const [how, text] of Object.entries(echoes(secret))) {
      expect(
        leaks(text.replaceAll('&quot;', '"').replaceAll('\\"', '"'), secret) || text.includes('\\u'),
        `${how} shows it`
      ).toBe(true)
      const hidden = texts.hide(text)
      expect(hidden, how).toContain(mask)
      expect(leaks(hidden, secret), `${how}: ${hidden}`).toBe(false)
    }
  })

  it('is hidden where the text was cut, from eight characters on', () => {
    const texts = new SecretTexts([simple])
    for (let length = 8; length < simple.length; length++) {
      expect(texts.hide(`key ${simple.slice(0, length)}`), `${length}`).toBe(`key ${mask}`)
      expect(texts.hide(`key ${simple.slice(0, length)}… and more`), `${length}`).toBe(`key ${mask}… and more`)
    }
    expect(texts.hide(`…${simple.slice(-12)} is wrong`)).toBe(`…${mask} is wrong`)
  })

  it('leaves words alone that begin as a key does', () => {
    for (const word of [
      'Bearer of news',
      'https://example.org/path',
      'application/json',
      'correct horse battery staple',
      'internationalisation'
    ])
      expect(cutFrom(word), word).toBeNull()
    const texts = new SecretTexts(['https://example.org/hook', 'internationalisation'])
    expect(texts.hide('see https://example.org/ for internationals')).toBe(
      'see https://example.org/ for internationals'
    )
  })

  it('is hidden for any key', () => {
    const random = seeded(13)
    const letters = 'abcXYZ019+/=-_.~!%&"\\ äß€'
    for (let round = 0; round < repeat(200, 20_000); round++) {
      const length = 12 + Math.floor(random() * 40)
      const secret = Array.from({ length }, () => letters[Math.floor(random() * letters.length)])
        .join('')
        .trim()
      if (secret.length < 12) continue
      const texts = new SecretTexts([secret])
      for (const form of formsOf(secret)) expect(texts.hide(`<${form}>`), `seed 13 round ${round}`).toBe(`<${mask}>`)
      for (const before of ['', 'a', 'ab', 'abc']) {
        const hidden = texts.hide(Buffer.from(`${before}${secret}`).toString('base64'))
        expect(hidden, `seed 13 round ${round}: ${secret}`).toContain(mask)
      }
    }
  })
})

const http = (headers: Record<string, string>, url = 'https://hook.example.org/'): Effect => ({
  ...{ kind: 'http', method: 'POST', url, body: '' },
  headers: Object.entries(headers)
})
const service: Effect = {
  ...{ kind: 'misp-modules', family: 'Enrichment', timeoutSeconds: 10 },
  body: { module: 'asn', text: '1.1.1.1', config: { apikey: simple, host: 'asn.example.org' } }
}

describe('an answer that repeats a key', () => {
  it.each([
    ['in a header', http({ 'X-Api-Key': simple }), { status: 200, headers: [['X-Echo', `got ${simple}`]], body: '' }],
    [
      'in its body',
      http({ Authorization: `Bearer ${simple}` }),
      { status: 401, body: Buffer.from(simple).toString('base64') }
    ],
    ['of the URL', http({}, `https://me:${simple}@h.example/`), { status: 401, body: `user me, password ${simple}` }],
    [
      'of the query',
      http({}, `https://h.example/?token=${simple}`),
      { failure: 'refused', message: `cannot GET /?t=${simple}` }
    ],
    ['of a service', service, { json: { error: `invalid key ${simple}` } }],
    ['of a service, in its text', service, { status: 500, body: `Traceback: KeyError("${simple}")` }],
    ['of a service that fails', service, { failure: 'refused', message: `config ${simple.slice(0, 14)}` }]
  ] as readonly (readonly [string, Effect, EffectAnswer])[])('is shown without it, %s', (_name, effect, answer) => {
    const shown = JSON.stringify(maskAnswer(effect, answer))
    expect(shown).toContain(mask)
    expect(leaks(shown, simple), shown).toBe(false)
    expect(secretsOfEffect(effect).length).toBeGreaterThan(0)
  })

  it('does not bring it into the errors, notes and log lines of a run', () => {
    const hide = createMask()
    const base = { runId: 'r', seq: 1, at: 1, nodeId: 2 }
    hide({
      ...base,
      type: 'effect',
      data: { nodeId: 2, effect: service, answer: { status: 500, body: '' }, by: 'live' }
    } as RunEvent)
    const node = {
      nodeId: 2,
      moduleId: 'enrich-event',
      moduleType: 'action',
      result: 'error',
      params: {},
      errors: [`asn: ${simple}`]
    }
    for (const event of [
      { ...base, type: 'node.finished', data: node },
      { ...base, type: 'log', data: { line: `Error. ${Buffer.from(simple).toString('base64')}` } },
      { ...base, type: 'note', data: { nodeId: 2, code: 'X', text: encodeURIComponent(simple) } }
    ])
      expect(leaks(JSON.stringify(hide(event as unknown as RunEvent)), simple), event.type).toBe(false)
  })
})

describe('a live run whose peer repeats the key in every form', () => {
  it('shows it nowhere: not in steps, effects, values, log and summaries', async () => {
    const host = await open()
    const { url } = await peer((_seen, response) =>
      response.writeHead(500, { 'X-Echo': simple }).end(Object.values(echoes(simple)).join('\n'))
    )
    await ask(host, 'live.configure', { http: { allow: ['127.0.0.1'] } })
    const params = { url, content_type: 'json', request_method: 'post', payload: '{}', headers: `X-Api-Key: ${simple}` }
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'webhook', params }
    })
    const start = { workflow: { json: workflow as Json }, data: { json: eventOf(1) as Json } }
    const effects = { policy: 'live' as const }
    const { token } = await ask(host, 'run.plan', { ...start, options: { effects } })
    const { runId } = await ask(host, 'run.start', { ...start, options: { effects: { ...effects, confirm: token } } })
    const detail = await finished(host, runId)
    const shown: unknown[] = [
      detail,
      await ask(host, 'run.effects', { runId }),
      await ask(host, 'runs.list', {}),
      await ask(host, 'log.list', {})
    ]
    for (const which of ['errors', 'effects', 'post', 'params'] as const)
      shown.push(
        await host.call('run.text', { runId, step: 1, which }),
        await host.call('run.value', { runId, step: 1, which })
      )
    for (const one of shown) expect(leaks(JSON.stringify(one), simple), JSON.stringify(one).slice(0, 2000)).toBe(false)
    expect(JSON.stringify(detail.steps)).toContain(mask)
  })
})

describe('what is told of', () => {
  it('a post whose address holds the secret of its source, however it is written', () => {
    const secret = 'S3cret-ä/1'
    const percent = (text: string, times = 1): string => {
      const once = [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('')
      return times === 1 ? once : percent(once, times - 1)
    }
    const forms = [
      secret,
      encodeURIComponent(secret),
      percent(secret),
      percent(secret).toUpperCase(),
      percent(secret, 2),
      `%53${encodeURIComponent(secret.slice(1))}`
    ]
    for (const form of forms)
      for (const target of [
        `/x/${form}/event-publish/init?type=blocking`,
        `/?key=${form}/event-publish/init`,
        `/event-publish/init/a${form}b?c=d`
      ]) {
        const shown = maskTarget(target, [secret])
        let read = shown
        for (let i = 0; i < 3; i++) read = decodeURIComponent(read)
        expect(read, target).not.toContain(secret)
        expect(shown).toContain('event-publish/init')
      }
    const plain = '/event-publish/exec/webhook?result=error&message=100%25 of %C3%A4 and 5% %zz'
    expect(maskTarget(plain, [secret])).toBe(plain)
  })

  it('a MISP that repeats the key it was asked with', async () => {
    for (const body of [
      JSON.stringify({ message: `bad key ${simple}` }),
      `<h1>${'x'.repeat(190)} ${simple}</h1>`,
      Buffer.from(simple).toString('base64')
    ]) {
      const { url } = await peer((_seen, response) => response.writeHead(403).end(body))
      const instance = {
        ...{ address: url, key: simple, selfSigned: false, signal: new AbortController().signal },
        idsIn: () => Promise.resolve([]),
        keep: (text: string) => Promise.resolve({ text })
      }
      const error: Error = await fetchKind(instance, 'tags', undefined).then(
        () => new Error('none'),
        (thrown: Error) => thrown
      )
      expect(error.message).toContain('MISP responds with 403')
      for (let length = 8; length < simple.length; length++)
        expect(error.message, body).not.toContain(simple.slice(0, length))
      expect(leaks(error.message, simple)).toBe(false)
    }
  })

  it('a mail server that repeats the password', async () => {
    const { createServer: createSocketServer } = await import('node:net')
    const server = createSocketServer((socket) => {
      socket.write('220 mail\r\n')
      socket.on('error', () => undefined)
      socket.on('data', (data) => {
        const line = data.toString()
        if (/^EHLO/.test(line)) socket.write('250-mail\r\n250 AUTH PLAIN\r\n')
        else socket.write(`535 no: ${line.trim()} (${simple})\r\n`)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    later(() => server.close())
    const { port } = server.address() as AddressInfo
    const smtp = {
      host: '127.0.0.1',
      port,
      secure: false,
      selfSigned: true,
      user: 'me',
      password: simple,
      from: 'a@b.c'
    }
    const answer = await performMail({ kind: 'mail', to: 'x@y.z', subject: 's', text: 't' }, smtp)
    expect(answer).toMatchObject({ failure: 'refused' })
    expect(JSON.stringify(answer)).toContain('535')
    expect(leaks(JSON.stringify(answer), simple), JSON.stringify(answer)).toBe(false)
  })

  it('mistakes, in retrace.log', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'retrace-log-')), 'retrace.log')
    const settings: JsonMap = {
      'Plugin.Enrichment_asn_api_key': simple,
      capture: { sources: [{ name: 's', secret: 'a-source-secret-1' }] },
      'MISP.baseurl': 'https://misp.example.org'
    }
    const log = createMistakeLog(file, () => settingsSecrets(settings))
    for (const text of Object.values(echoes(simple))) log('worker', new Error(text))
    log('listener', 'https://me:pass-word@misp.example.org/ with a-source-secret-1')
    const written = readFileSync(file, 'utf8')
    expect(written).toContain('misp.example.org')
    expect(leaks(written, simple), written).toBe(false)
    for (const secret of ['pass-word', 'a-source-secret-1']) expect(written).not.toContain(secret)
  })
})

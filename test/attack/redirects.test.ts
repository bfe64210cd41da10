// A peer of a live run tries to send it somewhere else, to get its keys, or to use a confirmation for something else.
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { Params } from '../../src/contract/operations.ts'
import type { HttpEffect } from '../../src/contract/run.ts'
import type { Host } from '../../src/host/host.ts'
import { AddressGuard, plainHost, privateKind, serviceGuard } from '../../src/host/ports/guard.ts'
import { performHttp } from '../../src/host/ports/http.ts'
import { queryModules } from '../../src/host/ports/misp-modules.ts'
import { testMail } from '../../src/host/ports/mail.ts'
import { fetchKind } from '../../src/host/takeover/fetch.ts'
import { ask, finished, hosting } from '../unit/host/hosting.ts'
import { eventOf, workflowOf } from '../unit/host/samples.ts'
import { repeat, seeded } from './scale.ts'
import { anywhere } from '../unit/host/ports/anywhere.ts'

const { open, folder, later } = hosting()

interface Request {
  readonly method: string
  readonly url: string
  /** Names in small letters. */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
  readonly body: string
}

async function peer(answer: (request: Request, response: ServerResponse) => void, address = '127.0.0.1') {
  const seen: Request[] = []
  const server = createServer((incoming, response) => {
    let body = ''
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
    incoming.on('end', () => {
      const request = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body }
      seen.push(request)
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, address, () => resolve()))
  later(() => server.close())
  later(() => server.closeAllConnections())
  const { port } = server.address() as AddressInfo
  return { seen, port, url: `http://${address}:${port}` }
}

const fine = (_request: Request, response: ServerResponse) => void response.end('reached')
const to = (status: number, where: () => string) => (_request: Request, response: ServerResponse) =>
  void response.writeHead(status, { Location: where() }).end()

const secrets = {
  authorization: 'Bearer k3y-of-the-first-host',
  cookie: 'session=k3y-cookie',
  'x-api-key': 'k3y-api',
  'x-auth-token': 'abc',
  'x-vault': 'k3y-vault-value'
}
const effect = (url: string, more: Partial<HttpEffect> = {}): HttpEffect => ({
  kind: 'http',
  method: 'POST',
  url,
  headers: [['Content-Type', 'application/json'], ['User-Agent', 'MISP 2.5.1'], ...Object.entries(secrets)],
  body: '{"event":1}',
  ...more
})
const anyPlan = { guard: anywhere, timeoutSeconds: 5, mayRedirect: () => null }

describe('keys of a request that is redirected', () => {
  it.each([301, 302, 303, 307, 308])('stay with their host, scheme and port (%i)', async (status) => {
    const other = await peer(fine)
    const first = await peer(to(status, () => `${other.url}/x`))
    const answer = await performHttp(effect(first.url), anyPlan)
    expect(answer).toMatchObject({ status: 200, body: 'reached' })
    expect(JSON.stringify(first.seen)).toContain('k3y-api')
    expect(JSON.stringify(other.seen)).not.toContain('k3y')
    expect(other.seen[0]?.headers).not.toHaveProperty('x-auth-token')
    expect(other.seen[0]).toMatchObject({ method: 'POST', body: status > 303 ? '{"event":1}' : '' })
    expect('redirects' in answer ? answer.redirects : []).toEqual([
      `${status} to ${other.url}, without authorization, cookie, x-api-key, x-auth-token, x-vault`
    ])
  })

  it('do not come back once they were left behind: a host may not choose where another one is asked with its key', async () => {
    const home = await peer((request, response) =>
      request.url === '/start' ? to(302, () => other.url)(request, response) : fine(request, response)
    )
    const other = await peer(to(302, () => `${home.url}/delete-everything`))
    await performHttp(effect(`${home.url}/start`), anyPlan)
    expect(home.seen.map(({ url }) => url)).toEqual(['/start', '/delete-everything'])
    expect(JSON.stringify(home.seen[1])).not.toContain('k3y')
  })

  it('are not carried in the URL, as user and password or in its query', async () => {
    const other = await peer(fine)
    const home = await peer((request, response) =>
      to(307, () => (request.url === '/again' ? `${other.url}/` : '/again'))(request, response)
    )
    const url = `http://me:k3y-password@127.0.0.1:${home.port}/?token=k3y-token`
    await performHttp(effect(url, { headers: [] }), anyPlan)
    const login = `Basic ${Buffer.from('me:k3y-password').toString('base64')}`
    expect(home.seen.map(({ headers }) => headers['authorization'])).toEqual([login, login])
    expect(other.seen).toHaveLength(1)
    expect(other.seen[0]?.headers).not.toHaveProperty('authorization')
    expect(other.seen[0]?.url).toBe('/')
  })

  it.each([
    ['as it is', 'k3y-api'],
    ['percent-encoded', encodeURIComponent('Bearer k3y-of-the-first-host')],
    ['in base64', encodeURIComponent(Buffer.from('k3y-vault-value').toString('base64'))]
  ])('are not carried by an address that the host wrote them into, %s', async (_name, written) => {
    const other = await peer(fine)
    const first = await peer(to(302, () => `${other.url}/?got=${written}`))
    const answer = await performHttp(effect(first.url), anyPlan)
    expect(other.seen).toEqual([])
    expect(answer).toMatchObject({ failure: 'unavailable', message: expect.stringContaining('key') as string })
    expect(JSON.stringify(answer)).not.toContain('k3y')
  })

  it.each([307, 308])('are not carried in a body that is sent again (%i)', async (status) => {
    const other = await peer(fine)
    const first = await peer(to(status, () => other.url))
    const answer = await performHttp(effect(first.url, { body: '{"auth":"k3y-api","event":1}' }), anyPlan)
    expect(other.seen).toEqual([])
    expect(answer).toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining('contains a key of the first host') as string
    })
  })

  it('do not travel in chains of any length', async () => {
    const random = seeded(71)
    for (let round = 0; round < repeat(4, 200); round++) {
      const length = 1 + Math.floor(random() * 9)
      const hops: Awaited<ReturnType<typeof peer>>[] = [await peer(fine)]
      for (let i = 0; i < length; i++) {
        const next = hops[0]!.url
        const status = [301, 302, 303, 307, 308][Math.floor(random() * 5)]!
        hops.unshift(await peer(to(status, () => `${next}/${i}`)))
      }
      expect(await performHttp(effect(hops[0]!.url), anyPlan), `seed 71 round ${round}`).toMatchObject({ status: 200 })
      expect(JSON.stringify(hops.slice(1).map(({ seen }) => seen)), `seed 71 round ${round}`).not.toContain('k3y')
    }
  })
})

describe('a redirect', () => {
  it('goes to no other host unless somebody allows that', async () => {
    const other = await peer(fine)
    const first = await peer(to(302, () => other.url))
    expect(await performHttp(effect(first.url), { guard: anywhere, timeoutSeconds: 5 })).toEqual({
      failure: 'unavailable',
      message: `${first.url} responds with 302 and redirects to ${other.url}, which is not the given address; it was not followed`
    })
    expect(other.seen).toEqual([])
  })

  it('ends after ten, in a loop over two hosts too', async () => {
    const urls: string[] = []
    const [a, b] = [await peer(to(308, () => urls[1]!)), await peer(to(308, () => urls[0]!))]
    urls.push(a.url, b.url)
    const answer = await performHttp(effect(a.url), anyPlan)
    expect(answer).toMatchObject({ message: expect.stringContaining('Maximum (10) redirects followed') as string })
    expect(a.seen.length + b.seen.length).toBe(11)
  })

  it.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'gopher://127.0.0.1/',
    'javascript:alert(1)',
    'http://',
    'http://a b/'
  ])('to %s is not followed, and says so', async (where) => {
    const first = await peer(to(302, () => where))
    expect(await performHttp(effect(first.url), anyPlan)).toMatchObject({ failure: 'unavailable' })
    expect(first.seen).toHaveLength(1)
  })

  it('does not reach this machine or its networks, however they are written', async () => {
    const inside = await peer(fine)
    const guard = new AddressGuard({ allow: ['127.0.0.2'], onlyAllowed: false })
    const names = [
      ...[
        '127.0.0.1',
        '127.1',
        '0177.0.0.1',
        '0x7f.0.0.1',
        '2130706433',
        '0',
        '127.0.0.1.',
        '①②⑦.⓪.⓪.①',
        '１２７.0.0.1'
      ],
      ...[
        'localhost',
        'LOCALHOST.',
        'a.localhost',
        'ⓛocalhost',
        '[::1]',
        '[::]',
        '[::ffff:127.0.0.1]',
        '[0:0:0:0:0:ffff:7f00:1]'
      ],
      ...[
        '[64:ff9b::7f00:1]',
        '[2002:7f00:1::]',
        '[::127.0.0.1]',
        '169.254.169.254',
        '100.64.0.1',
        '[fe80::1]',
        '[fd00:ec2::254]'
      ]
    ]
    for (const name of names) {
      const first = await peer(
        to(302, () => `http://${encodeURI(name).replace(/%5B|%5D/g, decodeURIComponent)}:${inside.port}/`),
        '127.0.0.2'
      )
      const answer = await performHttp(effect(first.url), { ...anyPlan, guard })
      expect(answer, name).toMatchObject({ failure: 'unavailable' })
      expect(first.seen, name).toHaveLength(1)
    }
    expect(inside.seen).toEqual([])
  })
})

describe('the guard', () => {
  afterEach(() => vi.restoreAllMocks())

  it('takes every address of this machine for its own, also one that the world can reach', () => {
    const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
    for (const { address } of all) expect(privateKind(address), address).not.toBeNull()
  })

  it('does not reach the metadata of a cloud through a name that was allowed', () => {
    const guard = new AddressGuard({ allow: ['hook.lab', '*.lan'], onlyAllowed: false })
    for (const address of ['169.254.169.254', 'fd00:ec2::254', '::ffff:169.254.169.254'])
      for (const name of ['hook.lab', 'a.lan']) expect(guard.refusal(name, 80, address), address).toContain('metadata')
    expect(guard.refusal('hook.lab', 80, '10.0.0.1')).toBeNull()
    expect(serviceGuard('169.254.169.254').refusal('169.254.169.254', 80, '169.254.169.254')).toContain('metadata')
  })

  it('reads one host in all its spellings as the same', () => {
    for (const name of ['bücher.example', 'xn--bcher-kva.example', 'BÜCHER.example.', 'bücher。example'])
      expect(plainHost(name), name).toBe('xn--bcher-kva.example')
    const guard = new AddressGuard({ allow: ['bücher.example'], onlyAllowed: true })
    expect(guard.refusal('xn--bcher-kva.example', 80, '93.184.216.34')).toBeNull()
  })

  it('allows no more than an entry says', () => {
    for (const entry of ['', '*', '*.', '/', '10.0.0.0/', '0.0.0.0/99', '127.0.0.1/-1', 'localhost/8', '[::1', 'a b'])
      expect(
        new AddressGuard({ allow: [entry], onlyAllowed: false }).refusal('127.0.0.1', 80, '127.0.0.1'),
        entry
      ).not.toBeNull()
  })

  it('is asked for mail, misp-modules and taking over, too: none is led to another host, and no metadata is asked', async () => {
    const other = await peer(fine)
    const turning = await peer(to(307, () => other.url))
    const query = { kind: 'misp-modules', family: 'Enrichment', body: { module: 'dns' }, timeoutSeconds: 5 } as const
    expect(await queryModules(query, turning.url)).toMatchObject({ failure: 'unavailable' })
    const instance = {
      address: turning.url,
      key: 'k3y-of-misp',
      selfSigned: false,
      signal: new AbortController().signal,
      idsIn: () => Promise.resolve([]),
      keep: (text: string) => Promise.resolve({ text })
    }
    const refused = await fetchKind(instance, 'tags', undefined).catch((error: Error) => error)
    expect(String(refused)).toContain(`redirects to ${other.url}`)
    expect(String(refused)).not.toContain('k3y')
    expect(other.seen).toEqual([])
    expect(await queryModules(query, 'http://169.254.169.254')).toMatchObject({ failure: 'unavailable' })
    const smtp = {
      host: '169.254.169.254',
      port: 25,
      secure: false,
      selfSigned: true,
      user: '',
      password: null,
      from: 'a@b.c'
    }
    expect(await testMail(smtp)).toMatchObject({ failure: 'unavailable' })
  })
})

const hook = (url: string, more: JsonMap = {}): JsonMap =>
  workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: {
      type: 'action',
      module: 'webhook',
      params: {
        url,
        content_type: 'json',
        request_method: 'post',
        payload: '{"a":1}',
        headers: 'X-Api-Key: k3y-api',
        ...more
      }
    }
  })
const data = { json: eventOf(1) as Json }
type Start = Params<'run.start'>

async function goLive(host: Host, start: Start, edit: (start: Start) => Promise<Start> | Start = (same) => same) {
  const effects = { policy: 'live' as const }
  const planned = { ...start, options: { ...start.options, effects } }
  const plan = await ask(host, 'run.plan', planned as Params<'run.plan'>)
  const edited = await edit(planned)
  const confirmed = { ...edited, options: { ...edited.options, effects: { ...effects, confirm: plan.token } } }
  return { plan, confirmed, answer: await host.call('run.start', confirmed) }
}
const notConfirmed = { ok: false, error: { code: 'LIVE_NOT_CONFIRMED' } }

describe('a live run', () => {
  it('is not redirected to another host that is allowed, when its plan does not have it', async () => {
    const host = await open()
    await ask(host, 'live.configure', { http: { allow: ['127.0.0.0/8'] } })
    const other = await peer(fine, '127.0.0.2')
    const first = await peer(to(307, () => other.url))
    const { answer, plan } = await goLive(host, { workflow: { json: hook(first.url) }, data })
    expect(plan.entries).toMatchObject([{ nodeId: 2, method: 'POST', target: first.url }])
    const { runId } = (answer as { data: { runId: string } }).data
    const { steps } = await finished(host, runId)
    expect(other.seen).toEqual([])
    expect(JSON.stringify(steps[0]?.errors)).toContain(
      `responds with 307 and redirects to ${other.url}, which is not in the plan`
    )
    const { effects } = await ask(host, 'run.effects', { runId })
    expect(effects[0]?.answer).toMatchObject({ failure: 'unavailable' })
  })

  it('is not redirected to what only another node, or another method, was confirmed for', async () => {
    const host = await open()
    await ask(host, 'live.configure', { http: { allow: ['127.0.0.0/8'] } })
    const other = await peer(fine, '127.0.0.2')
    const first = await peer(to(302, () => `${other.url}/other`))
    const params = (url: string, method: string) => ({
      url,
      content_type: 'json',
      request_method: method,
      payload: '{}'
    })
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'webhook', params: params(first.url, 'post'), to: { output_1: [3] } },
      3: { type: 'action', module: 'webhook', params: params(`${other.url}/own`, 'get') }
    })
    const { answer } = await goLive(host, { workflow: { json: workflow }, data })
    await finished(host, (answer as { data: { runId: string } }).data.runId)
    expect(other.seen.map(({ url }) => url)).not.toContain('/other')
  })
})

describe('a token', () => {
  const module = (text: string) => `export default defineModule({
    kind: 'action', id: 'own', name: 'Own', params: [],
    async execute(ctx) { await ctx.http({ url: ctx.params.url ?? '${text}' }); return true }
  })`

  it('is good once, and only for what was planned', async () => {
    const workspace = folder()
    mkdirSync(join(workspace, 'modules'), { recursive: true })
    const target = await peer(fine)
    writeFileSync(join(workspace, 'modules', 'own.js'), module(`${target.url}/planned`))
    const host = await open(workspace)
    await ask(host, 'live.configure', { http: { allow: ['127.0.0.1'] } })
    await ask(host, 'customModules.switch', { file: 'own.js', on: true })
    const { id: workflowId } = await ask(host, 'workflows.save', { workflow: hook(target.url) as Json })
    const { id: dataId } = await ask(host, 'data.import', { name: 'e.json', text: JSON.stringify(eventOf(1)) })
    const { id: mockSet } = await ask(host, 'mocks.save', { name: 'm', mocks: {} })
    const start: Start = { workflow: { workflowId }, data: { dataId }, options: { mockSet } }
    const once = await goLive(host, start)
    expect(once.answer).toMatchObject({ ok: true })
    await finished(host, (once.answer as { data: { runId: string } }).data.runId)
    expect(target.seen).toHaveLength(1)
    expect(await host.call('run.start', once.confirmed)).toMatchObject(notConfirmed)
    const other = hook(target.url, { payload: '{"a":2}' })
    const edits: { readonly [name: string]: (start: Start) => Promise<Start> | Start } = {
      'the workflow that is stored': async (same) => {
        await ask(host, 'workflows.save', { workflowId, workflow: other as Json })
        return same
      },
      'another workflow': (same) => ({ ...same, workflow: { json: hook(target.url, { payload: '{"a":3}' }) as Json } }),
      'the code of a custom module': async (same) => {
        writeFileSync(join(workspace, 'modules', 'own.js'), module(`${target.url}/edited`))
        await ask(host, 'customModules.switch', { file: 'own.js', on: true })
        return same
      },
      'a custom module that is switched off': async (same) => {
        await ask(host, 'customModules.switch', { file: 'own.js', on: false })
        return same
      },
      'the data set that is stored': (same) => {
        writeFileSync(host.workspace.data.fileOf(dataId), JSON.stringify(eventOf(3)))
        return same
      },
      'the data': (same) => ({ ...same, data: { json: eventOf(2) as Json } }),
      'the options': (same) => ({ ...same, options: { ...same.options, now: '2024-01-01T00:00:00Z' } }),
      'the world of the options': (same) => ({ ...same, options: { ...same.options, world: { users: [] } } }),
      'the world of the workspace': (same) => {
        mkdirSync(join(workspace, 'world'), { recursive: true })
        writeFileSync(join(workspace, 'world', 'users.json'), JSON.stringify([{ id: '9', email: 'x@example.org' }]))
        return same
      },
      'the mocks': async (same) => {
        await ask(host, 'mocks.save', { id: mockSet, name: 'm', mocks: { 2: { status: 500 } } })
        return same
      },
      'the list of allowed hosts': async (same) => {
        await ask(host, 'live.configure', { http: { allow: ['127.0.0.0/8'] } })
        return same
      },
      'the mail server': async (same) => {
        await ask(host, 'live.configure', { smtp: { host: 'mail.example.org' } })
        return same
      },
      'a setting of MISP': async (same) => {
        await ask(host, 'workspace.set', { settings: { 'MISP.baseurl': 'http://edited.example.org' } })
        return same
      }
    }
    const before = target.seen.length
    for (const [name, edit] of Object.entries(edits))
      expect((await goLive(host, start, edit)).answer, name).toMatchObject(notConfirmed)
    expect(target.seen).toHaveLength(before)
  })

  it('of a module alone is void after an edit of its parameters, its filters or its code', async () => {
    const workspace = folder()
    mkdirSync(join(workspace, 'modules'), { recursive: true })
    const target = await peer(fine)
    writeFileSync(join(workspace, 'modules', 'own.js'), module(`${target.url}/planned`))
    const host = await open(workspace)
    await ask(host, 'live.configure', { http: { allow: ['127.0.0.1'] } })
    await ask(host, 'customModules.switch', { file: 'own.js', on: true })
    const alone = { moduleId: 'own', params: {}, data }
    const effects = { policy: 'live' as const }
    const execute = async (edit: () => JsonMap) => {
      const { token } = await ask(host, 'module.plan', { ...alone, options: { effects } })
      const changed = edit()
      return host.call('module.execute', { ...alone, ...changed, options: { effects: { ...effects, confirm: token } } })
    }
    expect(await execute(() => ({}))).toMatchObject({ ok: true })
    expect(target.seen.map(({ url }) => url)).toEqual(['/planned'])
    expect(await execute(() => ({ params: { url: `${target.url}/edited` } }))).toMatchObject(notConfirmed)
    const edited = () => (writeFileSync(join(workspace, 'modules', 'own.js'), module(`${target.url}/edited`)), {})
    expect(await execute(edited)).toMatchObject(notConfirmed)
    expect(target.seen).toHaveLength(1)
  })

  it('is too old after ten minutes of a clock that nobody sets', async () => {
    const host = await open()
    const target = await peer(fine)
    await ask(host, 'live.configure', { http: { allow: ['127.0.0.1'] } })
    const real = performance.now.bind(performance)
    let ahead = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => real() + ahead)
    const wall = vi.spyOn(Date, 'now')
    const start: Start = { workflow: { json: hook(target.url) }, data }
    const late = await goLive(host, start, (same) => ((ahead = 10 * 60_000 + 1), same))
    expect(late.answer).toMatchObject(notConfirmed)
    // Somebody sets the clock back: no token lives longer by that.
    const day = 86_400_000
    const setBack = await goLive(host, start, (same) => {
      ahead += 10 * 60_000 + 1
      wall.mockReturnValue(new Date().getTime() - day)
      return same
    })
    expect(setBack.answer).toMatchObject(notConfirmed)
    wall.mockRestore()
    clock.mockRestore()
    expect(target.seen).toEqual([])
  })
})

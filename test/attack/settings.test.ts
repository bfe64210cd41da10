// Hostile settings, by every way in and under every name of Retrace's own settings: nothing is sent, opened or deleted, also after a restart.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { Host } from '../../src/host/host.ts'
import { ask, hosting, peer } from '../unit/host/hosting.ts'
import { eventOf, workflowOf } from '../unit/host/samples.ts'
import { scale, seeded } from './scale.ts'

const { folder, open } = hosting()
const stranger = 'http://203.0.113.9:8080'

const hostile = {
  capture: { enabled: true, host: '0.0.0.0', port: 0, sources: [{ name: 'a', secret: 's' }], forward: `${stranger}/` },
  live: {
    http: { allow: ['127.0.0.1', '10.0.0.0/8'], onlyAllowed: false },
    smtp: { host: '203.0.113.9', port: 2525, user: 'x', selfSigned: true },
    zmq: { host: '0.0.0.0', port: 5555 },
    mispModules: { url: stranger }
  },
  retention: {
    rules: { maxAgeDays: null, maxRuns: 0, maxBytes: null },
    announced: { at: '2020-01-01T00:00:00.000Z', until: '2099-01-01T00:00:00.000Z' }
  },
  templateLimits: { steps: 1e12, milliseconds: 1e9 }
} as const

const own = Object.entries(hostile) as [string, Json][]
const valueOf = (name: string): Json =>
  own.find(([known]) => name.toLowerCase().includes(known.toLowerCase()))?.[1] ?? (hostile as unknown as Json)

/** Every own name as it stands in a catalogue of today or of 0.1.0, and how somebody might write it to get there. */
const names: readonly string[] = [...own.map(([name]) => name), 'Retrace.template_limits', 'own', 'id', 'settings']
  .flatMap((name) => [
    ...[name, name.toUpperCase(), `${name[0]?.toUpperCase()}${name.slice(1)}`, ` ${name}`, `${name}\u0000`],
    ...[
      `own.${name}`,
      `Retrace.${name}`,
      `MISP.${name}`,
      `Plugin.${name}`,
      `${name}.http`,
      `${name}.forward`,
      `${name}.rules`
    ],
    ...[`__proto__.${name}`, `constructor.prototype.${name}`, `${name}[0]`]
  ])
  .concat(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', ''])

/** As JSON text, so that `__proto__` is a name like others. */
const textOf = (entries: readonly (readonly [string, Json])[]): string =>
  `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`
const all = (): string =>
  textOf([
    ['MISP.host_org_id', 1],
    ...names.map((name): [string, Json] => [name, valueOf(name)]),
    ['__proto__', hostile as unknown as Json]
  ])
const rows = (): string =>
  `[${names.map((name) => JSON.stringify({ setting: name, value: valueOf(name), level: 0 })).join(',')},{"setting":"MISP.host_org_id","value":1}]`

/** As MISP does it: without the headers of a browser. */
const post = (url: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST' }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject).end('{}')
  })

/** Nothing of Retrace's own says another thing than on the first day. */
async function isHarmless(host: Host): Promise<void> {
  expect(await ask(host, 'capture.settings', {})).toEqual({
    ...{ enabled: true, host: '127.0.0.1', port: 27_051, sources: [], maxBodyBytes: 1024 ** 3, forward: null }
  })
  const live = await ask(host, 'live.settings', {})
  expect(live.http).toEqual({ allow: [], onlyAllowed: false, timeoutSeconds: 300 })
  expect(live.smtp).toMatchObject({ host: 'localhost', port: 25, user: '', selfSigned: false })
  expect(live.zmq).toEqual({ host: '127.0.0.1', port: 50_000 })
  expect(live.mispModules).toEqual({ url: '', set: false })
  expect(await ask(host, 'storage.info', {})).toMatchObject({ rules: null, next: null })
  expect(await ask(host, 'template.limits', {})).toEqual({ limits: {} })
  expect(({} as Record<string, unknown>).capture).toBeUndefined()
  expect((await ask(host, 'capture.status', {})).forward).toBeNull()
  const asked = await host.call('modules.fromService', {})
  expect(asked.ok ? null : asked.error.code).toBe('SERVICE_NOT_SET')
}

type WayIn = (host: Host, workspace: string, text: string, list: string) => Promise<unknown>
const workflow = workflowOf({ 1: { type: 'trigger', module: 'event-publish' } }) as unknown as Json
const waysIn: Readonly<Record<string, WayIn>> = {
  'settings.json of the workspace’s world': async (host, workspace, text) => {
    mkdirSync(join(workspace, 'world'), { recursive: true })
    writeFileSync(join(workspace, 'world', 'settings.json'), text)
    return ask(host, 'run.start', { workflow: { json: workflow }, data: { json: eventOf(1) as Json } })
  },
  'an answer of MISP that is taken over': async (host, _workspace, _text, list) => {
    const misp = await peer((_seen, response) => response.end(`{"finalSettings":${list}}`))
    return ask(host, 'takeover.fetch', { address: misp.url, key: 'k', what: [{ kind: 'settings' }] })
  },
  'a saved answer': (host, _workspace, _text, list) =>
    ask(host, 'takeover.import', { name: 'answer.json', text: list }),
  'a file of settings': (host, _workspace, text) => ask(host, 'takeover.import', { name: 'settings.json', text }),
  'the operation that sets them': async (host, _workspace, text) => {
    const settings = JSON.parse(text) as JsonMap
    const answer = await host.call('workspace.set', { settings })
    const isRefused = Object.keys(settings).some((name) => name !== 'MISP.host_org_id')
    expect(answer.ok ? null : answer.error.code).toBe(isRefused ? 'SETTING_INVALID' : null)
  },
  'options of a run': (host, _workspace, text) =>
    ask(host, 'run.start', {
      ...{ workflow: { json: workflow }, data: { json: eventOf(1) as Json } },
      options: { settings: JSON.parse(text) as JsonMap }
    }),
  'a question about a trigger': (host, _workspace, text) =>
    ask(host, 'triggers.whyNot', { trigger: 'event-publish', settings: JSON.parse(text) as JsonMap })
}

describe('settings that come in as MISP’s', () => {
  for (const [way, take] of Object.entries(waysIn)) {
    it(`by ${way} set nothing of Retrace’s own`, async () => {
      const [workspace, user] = [folder(), folder()]
      const host = await open(workspace, { userFolder: user })
      await take(host, workspace, all(), rows())
      await isHarmless(host)
      expect((await ask(host, 'trust.list', {})).waiting).toBe(0)
      await host.close()
      const again = await open(workspace, { userFolder: user })
      await isHarmless(again)
      // Each name by itself, so that one that is refused does not hide another.
      const random = seeded(12)
      const some = names.filter(() => random() < scale(0.05, 1))
      for (const name of some) {
        const text = textOf([
          [name, valueOf(name)],
          ['MISP.host_org_id', 1]
        ])
        const row = `[${JSON.stringify({ setting: name, value: valueOf(name) })},{"setting":"MISP.host_org_id","value":1}]`
        await take(again, workspace, text, row)
      }
      await isHarmless(again)
      const kept = JSON.parse(readFileSync(join(workspace, 'catalogue.json'), 'utf8')) as {
        own: object
        settings: object
      }
      expect(kept.own).toEqual({})
      expect(Object.keys(kept.settings).filter((name) => name !== 'MISP.host_org_id')).toEqual([])
    })
  }

  it('are reported where they are not taken', async () => {
    const host = await open()
    const [taken] = await ask(host, 'takeover.import', { name: 'a.json', text: rows() })
    expect(taken).toMatchObject({ to: 'settings', count: 1 })
    expect(taken?.note).toMatch(/ignored, not MISP settings: "capture"/)
  })

  it('may name services, which are off until a person allows them', async () => {
    const [workspace, user] = [folder(), folder()]
    const service = await peer((_seen, response) => response.end('[]'))
    const [, port] = /:(\d+)$/.exec(service.url) ?? []
    const host = await open(workspace, { userFolder: user })
    const values = { url: 'http://127.0.0.1', port: Number(port) }
    const list = ['Enrichment', 'Action'].flatMap((family) =>
      Object.entries(values).map(([name, value]) => ({ setting: `Plugin.${family}_services_${name}`, value }))
    )
    await ask(host, 'takeover.import', {
      name: 'a.json',
      text: JSON.stringify([...list, { setting: 'Plugin.ZeroMQ_host', value: '0.0.0.0' }])
    })
    const refused = await host.call('modules.fromService', {})
    expect(refused.ok ? null : refused.error.code).toBe('SERVICE_NOT_SET')
    expect((await ask(host, 'live.settings', {})).zmq.host).toBe('127.0.0.1')
    expect(service.seen).toEqual([])
    const { items } = await ask(host, 'trust.list', {})
    expect(items.map(({ key }) => key)).toEqual(['zmq', 'service:Enrichment', 'service:Action'])
    // The port that a person gives does not allow the address that came along.
    await ask(host, 'live.configure', { zmq: { port: 5555 } })
    expect((await ask(host, 'live.settings', {})).zmq.host).toBe('127.0.0.1')
    await ask(host, 'trust.allow', { items: items.slice(1).map(({ key, hash }) => ({ key, hash })) })
    await ask(host, 'modules.fromService', {})
    expect(service.seen.map(({ url }) => url)).toEqual(['/modules'])
  })
})

const versions: Readonly<Record<string, (text: string) => string>> = {
  'as 0.1.0 wrote it': (text) => `{"version":1,"name":"w","createdAt":"2024-10-21T08:00:00.000Z","settings":${text}}`,
  'among MISP’s settings': (text) =>
    `{"version":2,"id":"11111111-2222","name":"w","createdAt":"2024-10-21T08:00:00.000Z","settings":${text},"own":{}}`,
  'in its own place': (text) =>
    `{"version":2,"id":"11111111-2222","name":"w","createdAt":"2024-10-21T08:00:00.000Z","settings":{},"own":${text}}`
}

describe('a catalogue that came from elsewhere', () => {
  for (const [where, write] of Object.entries(versions)) {
    it(`with own settings ${where} does nothing until a person allows it`, async () => {
      const [workspace, user] = [folder(), folder()]
      writeFileSync(join(workspace, 'catalogue.json'), write(all()))
      for (let start = 0; start < 2; start++) {
        const host = await open(workspace, { userFolder: user, listen: false })
        const { enabled, host: address, forward } = await ask(host, 'capture.settings', {})
        expect([enabled, address, forward]).toEqual([true, '127.0.0.1', null])
        const live = await ask(host, 'live.settings', {})
        expect([live.http.allow, live.smtp.host, live.zmq.host, live.mispModules.set]).toEqual([
          [],
          'localhost',
          '127.0.0.1',
          false
        ])
        expect((await ask(host, 'storage.info', {})).rules).toBeNull()
        expect((await ask(host, 'template.limits', {})).limits).toEqual({})
        await host.close()
      }
    })
  }

  it('says exactly what it would do, and does it once it was allowed, and stops when it is edited', async () => {
    const [workspace, user] = [folder(), folder()]
    const write = (forward: string): void =>
      writeFileSync(
        join(workspace, 'catalogue.json'),
        versions['in its own place']!(JSON.stringify({ capture: { port: 0, forward } }))
      )
    const [wanted, other] = [await peer((_s, r) => r.end()), await peer((_s, r) => r.end())]
    write(wanted.url)
    const posting = async (): Promise<Host> => {
      const host = await open(workspace, { userFolder: user, listen: true })
      const { url } = await ask(host, 'capture.status', {})
      expect(await post(`${url}/event-publish/init`)).toBe(200)
      return host
    }
    const forwardOf = async (host: Host) => (await ask(host, 'capture.settings', {})).forward
    const first = await posting()
    expect(await forwardOf(first)).toBeNull()
    const { items, waiting } = await ask(first, 'trust.list', {})
    expect(items).toMatchObject([{ key: 'forward', kind: 'sends', state: 'waiting', reason: 'came' }])
    expect([items[0]?.text, waiting]).toEqual([`Forward every post to ${wanted.url}.`, 1])
    // A queue that came along is not sent either.
    writeFileSync(
      join(workspace, 'capture', 'forward.json'),
      JSON.stringify({ version: 1, url: wanted.url, cursor: 0 })
    )
    await ask(first, 'trust.allow', { items: items.map(({ key, hash }) => ({ key, hash })) })
    expect(await forwardOf(first)).toBe(wanted.url)
    await first.close()
    expect(wanted.seen).toEqual([])
    const second = await posting()
    await vi.waitFor(() => expect(wanted.seen.map(({ url }) => url)).toEqual(['/event-publish/init']))
    await second.close()
    write(other.url)
    const third = await posting()
    expect(await forwardOf(third)).toBeNull()
    expect((await ask(third, 'trust.list', {})).items).toMatchObject([{ key: 'forward', reason: 'changed' }])
    await third.close()
    expect([wanted.seen.length, other.seen.length]).toEqual([1, 0])
  })

  it('with an address that cannot be posted to costs no post', async () => {
    const [workspace, user] = [folder(), folder()]
    for (const forward of ['http://u:Pass-w0rd@[none', 'ftp://u:Pass-w0rd@127.0.0.1/', 'none']) {
      const capture = JSON.stringify({ capture: { port: 0, forward } })
      writeFileSync(join(workspace, 'catalogue.json'), versions['in its own place']!(capture))
      const before = await open(workspace, { userFolder: user, listen: false })
      const { items } = await ask(before, 'trust.list', {})
      await ask(before, 'trust.allow', { items: items.map(({ key, hash }) => ({ key, hash })) })
      await before.close()
      const host = await open(workspace, { userFolder: user, listen: true })
      const { url, state, message, forward: told } = await ask(host, 'capture.status', {})
      expect([state, message]).toEqual(['listening', null])
      expect(told?.problem).toMatch(/is not an http:\/\/ address/)
      expect(JSON.stringify(told)).not.toContain('Pass-w0rd')
      expect(await post(`${url}/event-publish/init`)).toBe(200)
      const refused = await host.call('capture.configure', { forward: `${forward}2` })
      expect(refused.ok ? null : refused.error.code).toBe('PARAMS_INVALID')
      await host.close()
    }
  })

  it('is not trusted where it was copied, moved or put in place of the one that was', async () => {
    const [workspace, user, elsewhere] = [folder(), folder(), folder()]
    const copy = join(elsewhere, 'copy')
    const forwardOf = async (at: string): Promise<string | null> => {
      const host = await open(at, { userFolder: user })
      const { forward } = await ask(host, 'capture.settings', {})
      await host.close()
      return forward
    }
    const mine = await open(workspace, { userFolder: user, listen: false })
    await ask(mine, 'capture.configure', { port: 0, forward: 'http://127.0.0.1:1/' })
    await mine.close()
    expect(await forwardOf(workspace)).toBe('http://127.0.0.1:1/')
    cpSync(workspace, copy, { recursive: true })
    expect(await forwardOf(copy)).toBeNull()
    renameSync(copy, `${copy}-moved`)
    const held = `${workspace}-held`
    renameSync(workspace, held)
    cpSync(`${copy}-moved`, workspace, { recursive: true })
    expect(await forwardOf(workspace)).toBeNull()
    rmSync(workspace, { recursive: true })
    renameSync(held, workspace)
    expect(await forwardOf(workspace)).toBe('http://127.0.0.1:1/')
  })

  it('keeps what it cannot take, says so, and keeps what a person did not decide', async () => {
    const [workspace, user] = [folder(), folder()]
    const capture = { forward: stranger }
    const text = JSON.stringify({ capture, retention: { rules: 'all' }, other: 1 })
    writeFileSync(join(workspace, 'catalogue.json'), versions['in its own place']!(text))
    const host = await open(workspace, { userFolder: user })
    expect(host.workspace.problems.map(({ message }) => message)).toEqual([
      'catalogue.json: unreadable settings, ignored: "retention", "other".'
    ])
    await ask(host, 'capture.configure', { port: 0 })
    const kept = JSON.parse(readFileSync(join(workspace, 'catalogue.json'), 'utf8')) as {
      own: JsonMap
      unknown: JsonMap
    }
    expect(kept.own.capture).toMatchObject({ port: 0, forward: stranger })
    expect(kept.unknown).toEqual({ 'own.retention': { rules: 'all' }, 'own.other': 1 })
    expect((await ask(host, 'capture.settings', {})).forward).toBeNull()
  })

  it('does not loosen a list of hosts that a person made strict', async () => {
    const [workspace, user] = [folder(), folder()]
    const host = await open(workspace, { userFolder: user })
    await ask(host, 'live.configure', { http: { allow: ['a.example.org'], onlyAllowed: true } })
    await host.close()
    const file = join(workspace, 'catalogue.json')
    const { own: _own, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as { own: object }
    writeFileSync(file, JSON.stringify({ ...rest, own: {} }))
    const again = await open(workspace, { userFolder: user })
    expect((await ask(again, 'live.settings', {})).http).toMatchObject({ allow: [], onlyAllowed: true })
    expect((await ask(again, 'trust.list', {})).items[0]).toMatchObject({ key: 'hosts', reason: 'changed' })
  })

  it('is asked about for exactly what was shown', async () => {
    const [workspace, user] = [folder(), folder()]
    writeFileSync(join(workspace, 'catalogue.json'), versions['in its own place']!(JSON.stringify(hostile)))
    const host = await open(workspace, { userFolder: user })
    const { items } = await ask(host, 'trust.list', {})
    const stale = await host.call('trust.allow', { items: items.map(({ key }) => ({ key, hash: 'another' })) })
    expect(stale.ok ? null : stale.error.code).toBe('TRUST_CHANGED')
    await ask(host, 'trust.decline', { items: items.map(({ key, hash }) => ({ key, hash })) })
    expect(await ask(host, 'trust.list', {})).toMatchObject({ waiting: 0 })
    expect((await ask(host, 'capture.settings', {})).forward).toBeNull()
    expect(existsSync(join(user, 'trust'))).toBe(true)
  })
})

describe('a record of trust', () => {
  it('that cannot be read allows nothing and is kept', async () => {
    const [workspace, user] = [folder(), folder()]
    const host = await open(workspace, { userFolder: user })
    await ask(host, 'capture.configure', { port: 0, forward: 'http://127.0.0.1:1/' })
    await host.close()
    const [name = ''] = readdirSync(join(user, 'trust'))
    for (const text of ['', '[]', 'null', '{"version":1,"allowed":true}', '\u0000']) {
      writeFileSync(join(user, 'trust', name), text)
      const again = await open(workspace, { userFolder: user })
      expect((await ask(again, 'capture.settings', {})).forward).toBeNull()
      await again.close()
    }
    const last = await open(workspace, { userFolder: user })
    await ask(last, 'template.setLimits', { limits: { steps: 1e12 } })
    expect(readdirSync(join(user, 'trust')).sort()).toEqual([name, `${name}.bad`].sort())
  })
})

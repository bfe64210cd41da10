import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { KnownWorkflow } from '../../../../src/contract/effects.ts'
import type { JsonMap } from '../../../../src/contract/json.ts'
import { sniff } from '../../../../src/host/takeover/sniff.ts'
import { ask, hosting } from '../hosting.ts'
import { guard } from '../samples.ts'
import { answers, startMisp } from './stand-in.ts'

const { folder, open, later } = hosting()

async function misp() {
  const started = await startMisp('KEY')
  later(() => started.close())
  return started
}

describe('taking over from MISP', () => {
  it('puts saved answers where they belong, told by their shape', async () => {
    const host = await open()
    const take = async (path: string) =>
      (await ask(host, 'takeover.import', { name: path, text: JSON.stringify(answers[path]) })).map(
        ({ to, count, name }) => [to, name, count]
      )
    expect(await take('/workflows/view/4.json')).toEqual([['workflows', 'guard', 1]])
    expect(await take('/workflows/triggers.json')).toEqual([['settings', 'triggers', 1]])
    expect(await take('/workflows/moduleIndex/type:all.json')).toEqual([['settings', 'modules', 1]])
    expect(await take('/events/view/7.json')).toEqual([['data', '/events/view/7.json', 1]])
    expect(await take('/tags/index.json')).toEqual([['world', 'tags', 2]])
    expect(await take('/admin/users/index.json')).toEqual([
      ['world', 'users', 1],
      ['world', 'roles', 1],
      ['world', 'organisations', 1]
    ])
    expect(await take('/warninglists/view/9.json')).toEqual([['world', 'warninglists', 1]])
    expect(await take('/servers/serverSettings.json')).toEqual([['settings', 'settings', 2]])
    const settings = await ask(host, 'workspace.settings', {})
    expect(settings).toMatchObject({
      enabled_triggers: ['event-publish'],
      enabled_modules: ['tag-if'],
      'MISP.host_org_id': 1
    })
    expect(JSON.stringify(settings)).not.toContain('secret')
    const parts = await ask(host, 'world.list', {})
    expect(parts.map(({ part, rows }) => [part, rows])).toEqual([
      ['organisations', 1],
      ['users', 1],
      ['roles', 1],
      ['tags', 2],
      ['warninglists', 1]
    ])
  })

  it('replaces a row that is there', async () => {
    const host = await open()
    const tags = (name: string): string => JSON.stringify({ Tag: [{ id: '1', name, colour: '#000000' }] })
    await ask(host, 'takeover.import', { name: 'tags', text: tags('old') })
    await ask(host, 'takeover.import', { name: 'tags', text: tags('new') })
    const page = await ask(host, 'world.value', { part: 'tags', path: [0] })
    expect(page.entries.find(({ key }) => key === 'name')?.preview).toBe('new')
  })

  it('asks what becomes of a workflow that is there: by its uuid, by its name only when one has no uuid', async () => {
    const host = await open()
    const row = (guard as { Workflow: JsonMap }).Workflow
    const uuid = '7e570001-0000-4000-8000-000000000001'
    const take = async (change: JsonMap) => {
      const text = JSON.stringify({ Workflow: { ...row, ...change } })
      return (await ask(host, 'takeover.import', { name: 'w', text }))[0]
    }
    const versions = async () => (await ask(host, 'workflows.list', {})).map(({ id, version }) => `${id} ${version}`)
    expect(await take({ uuid })).toMatchObject({ to: 'workflows', count: 1, id: 'guard' })
    // The same again is nothing new.
    expect(await take({ uuid })).toMatchObject({
      to: 'nothing',
      count: 0,
      id: 'guard',
      note: 'Version 1 of “guard” is the same.'
    })
    const renamed = await take({ uuid: uuid.toUpperCase(), name: 'renamed' })
    expect(renamed).toMatchObject({
      count: 0,
      asks: { workflowId: 'guard', workflow: { Workflow: { name: 'renamed' } } }
    })
    // An export of an old MISP has no uuid: nobody can tell.
    expect(await take({ description: 'old' })).toMatchObject({ count: 0, asks: { workflowId: 'guard' } })
    expect(await versions()).toEqual(['guard 1'])
    // Another workflow of that name is another workflow.
    const other = await take({ uuid: uuid.replace('1-', '2-') })
    expect(other).toMatchObject({ to: 'workflows', count: 1 })
    expect(other?.asks).toBeUndefined()
    expect(await versions()).toHaveLength(2)
    // What was asked for is saved as said.
    const { workflowId, workflow } = renamed?.asks as KnownWorkflow
    await ask(host, 'workflows.save', { workflowId, workflow })
    expect(await versions()).toContain('guard 2')
    await ask(host, 'workflows.save', { workflow, ifKnown: 'copy' })
    expect(await versions()).toContain('renamed-copy 1')
  })

  it('begins a new world when asked to, with the first rows that come, and loses nothing', async () => {
    const host = await open()
    const tags = (name: string): string => JSON.stringify({ Tag: [{ name, colour: '#000000' }] })
    const world = async () => (await ask(host, 'world.list', {})).map(({ part, rows }) => `${part} ${rows}`)
    await ask(host, 'takeover.import', { name: 'tags', text: tags('demo') })
    await ask(host, 'takeover.import', {
      name: 'users',
      text: JSON.stringify(answers['/admin/users/index.json'])
    })
    // A workflow is no part of the world.
    await ask(host, 'takeover.import', { name: 'w', text: JSON.stringify(guard), newWorld: true })
    expect(await world()).toContain('users 1')
    await ask(host, 'takeover.import', { name: 'tags', text: tags('own'), newWorld: true })
    expect(await world()).toEqual(['tags 1'])
    await ask(host, 'takeover.import', { name: 'tags', text: tags('second') })
    expect(await world()).toEqual(['tags 2'])
    await ask(host, 'world.restore', { part: 'users' })
    expect(await world()).toContain('users 1')
  })

  it('fetches with address and key, reading only, and keeps the key out of the workspace', async () => {
    const workspace = folder()
    const [host, { address, seen }] = [await open(workspace), await misp()]
    const what = ['workflows', 'triggers', 'modules', 'tags', 'organisations', 'users', 'warninglists', 'settings'].map(
      (kind) => ({ kind })
    )
    const taken = await ask(host, 'takeover.fetch', {
      address,
      key: 'KEY',
      keepKey: true,
      what: [...what, { kind: 'event', id: '7' }, { kind: 'events' }]
    })
    expect(taken.map(({ kind, to }) => `${kind} ${to}`)).toEqual([
      'workflow workflows',
      'triggers settings',
      'modules settings',
      'tags world',
      'organisations world',
      'users world',
      'roles world',
      'organisations world',
      'warninglists world',
      'settings settings',
      'event data',
      'events data'
    ])
    // An event is called what people call it.
    const info = (answers['/events/view/7.json'] as { Event: { info: string } }).Event.info
    expect(taken.find(({ kind }) => kind === 'event')?.name).toBe(info)
    expect(seen.every((request) => request.startsWith('GET '))).toBe(true)
    // The kept key is used the next time.
    expect(await ask(host, 'takeover.fetch', { address, what: [{ kind: 'tags' }] })).toHaveLength(1)
    expect(await ask(host, 'keys.list', {})).toEqual({ names: [`misp ${address}`], kept: 'memory' })
    const files = readdirSync(workspace, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    for (const file of files) {
      const text = readFileSync(join(file.parentPath, file.name), 'utf8')
      expect(text.includes('"KEY"') || text.includes('SECRETKEY'), file.name).toBe(false)
    }
  })

  it('says what MISP answered when it refuses, and when it is not there', async () => {
    const [host, { address }] = [await open(), await misp()]
    const wrong = await host.call('takeover.fetch', { address, key: 'WRONG', what: [{ kind: 'tags' }] })
    expect(wrong).toMatchObject({
      ok: false,
      error: { code: 'TAKE_OVER_FAILED', message: '/tags/index.json: MISP responds with 403: Authentication failed.' }
    })
    const gone = await host.call('takeover.fetch', {
      address: 'http://127.0.0.1:1',
      key: 'KEY',
      what: [{ kind: 'tags' }]
    })
    const message =
      /^\/tags\/index\.json: Failed to connect to 127\.0\.0\.1 port 1 after \d+ ms: Couldn't connect to server$/
    expect(gone).toMatchObject({
      ok: false,
      error: { code: 'TAKE_OVER_FAILED', message: expect.stringMatching(message) }
    })
    const unknown = await host.call('takeover.import', { name: 'x.json', text: '{"a":1}' })
    expect(unknown).toMatchObject({ ok: false, error: { code: 'TAKE_OVER_UNKNOWN' } })
  })

  it('says of what cannot be kept what it is, and what to bring instead', async () => {
    const host = await open()
    const take = (name: string, text: string) => host.call('takeover.import', { name, text })
    const list = await take('index.json', JSON.stringify(answers['/workflows/index.json']))
    const note = 'This list has no nodes. Save each workflow by its own URL: /workflows/view/4.json'
    expect(list).toMatchObject({ ok: true, data: [{ kind: 'list of workflows', to: 'nothing', count: 0, note }] })
    const refusal = { name: 'Authentication failed.', message: 'Authentication failed.', url: '/tags/index.json' }
    expect(await take('tags.json', JSON.stringify(refusal))).toMatchObject({
      ok: true,
      data: [{ kind: 'error', to: 'nothing', note: 'MISP answered with an error: Authentication failed.' }]
    })
    expect(await take('page.html', '<!doctype html><html><title>Users - MISP</title></html>')).toMatchObject({
      ok: false,
      error: { code: 'INPUT_NOT_JSON', message: expect.stringContaining('It is a web page') as string }
    })
  })

  it('says which URL to save for what', async () => {
    const sources = await ask(await open(), 'takeover.sources', { address: 'misp.example.org/' })
    expect(sources[0]).toMatchObject({ kind: 'workflow', url: 'https://misp.example.org/workflows/view/ID.json' })
    expect(sources.map(({ kind }) => kind)).toContain('modules')
  })
})

describe('files of MISP’s repositories', () => {
  it('become warninglists, clusters and tags', () => {
    const list = {
      name: 'L',
      type: 'cidr',
      description: '',
      version: 1,
      list: ['10.0.0.0/8'],
      matching_attributes: ['ip-src']
    }
    expect(sniff(list, 'list.json')).toMatchObject([{ part: 'warninglists', rows: [{ name: 'L', enabled: true }] }])
    const clusters = { type: 'country', name: 'Country', values: [{ value: 'belgium', uuid: 'u' }] }
    expect(sniff(clusters, 'country.json')).toMatchObject([
      { part: 'galaxy_clusters', rows: [{ tag_name: 'misp-galaxy:country="belgium"' }] }
    ])
    const taxonomy = { namespace: 'tlp', predicates: [{ value: 'red', colour: '#ff0000' }], values: [] }
    expect(sniff(taxonomy, 'machinetag.json')).toMatchObject([
      { part: 'tags', rows: [{ name: 'tlp:red', colour: '#ff0000' }] }
    ])
    const service = [
      {
        name: 'dns',
        type: 'expansion',
        mispattributes: { input: ['hostname'] },
        meta: { 'module-type': ['expansion'] }
      }
    ]
    expect(sniff(service, 'modules')).toMatchObject([{ part: 'service_modules', rows: [{ name: 'dns' }] }])
  })
})

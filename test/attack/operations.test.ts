// Random operations whose params fit their schemas, four at a time, against a real host with a real workspace: each is answered, by a result or
// a code, none is a mistake of Retrace's, and the listener takes posts meanwhile. Nothing is sent to anybody but closed ports of this machine.
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { operations } from '../../src/contract/operations.ts'
import type { OperationName } from '../../src/contract/operations.ts'
import { createHost } from '../../src/host/host.ts'
import type { Host } from '../../src/host/host.ts'
import { builtWorker } from '../unit/host/built-worker.ts'
import { talk } from '../unit/host/capture/raw-client.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { repeat, seeded } from './scale.ts'
import { createParams } from './valid-params.ts'
import type { Pools } from './valid-params.ts'

const folder = temporaryFolders()
const demo = fileURLToPath(new URL('../../resources/workspaces/blocked-publish', import.meta.url))
let workspace = ''
let host: Host

beforeEach(async () => {
  workspace = join(folder(), 'demo')
  cpSync(demo, workspace, { recursive: true })
  const catalogue = join(workspace, 'catalogue.json')
  const saved = JSON.parse(readFileSync(catalogue, 'utf8')) as { own: object }
  writeFileSync(catalogue, JSON.stringify({ ...saved, own: { ...saved.own, capture: { port: 0 } } }))
  host = await createHost({ workspace, shell: 'browser', version: '0', workerUrl: builtWorker() })
  // The host does not wait for its listener.
  await vi.waitUntil(
    async () => ((await host.call('capture.status', {})) as { data: { url: string | null } }).data.url !== null,
    { timeout: 60_000 }
  )
}, 120_000)
// What is still running gets its time.
afterEach(() => host.close(), 120_000)

const nobody = 'http://127.0.0.1:9/'
const event = {
  Event: { id: '7', info: 'random', Attribute: [{ id: '1', type: 'ip-dst', value: '192.0.2.1', to_ids: true }] }
}

const upload = (text: string): Promise<string> => host.uploads.receive(Readable.from([Buffer.from(text)]))

/** Values by the name of their field. Those of the workspace are looked up anew now and then. */
async function poolsOf(): Promise<Pools> {
  const list = async (name: OperationName, key: string, from?: string): Promise<string[]> => {
    const answer = (await host.call(name, {})) as { ok: boolean; data: Record<string, unknown> }
    const rows = (from ? answer.data?.[from] : answer.data) as Record<string, unknown>[] | undefined
    return (answer.ok ? (rows ?? []) : []).slice(0, 50).map((row) => String(row[key]))
  }
  const data = JSON.parse(readFileSync(join(demo, 'data', 'invoice-phishing.json'), 'utf8')) as unknown
  if ((await list('data.list', 'id')).length < 3)
    await host.call('data.import', { name: 'event', text: JSON.stringify(data) })
  const runId = await list('runs.list', 'id', 'runs')
  const workflowId = await list('workflows.list', 'id')
  const workflows = readdirSync(join(demo, 'workflows')).map(
    (id) => JSON.parse(readFileSync(join(demo, 'workflows', id, '1.json'), 'utf8')) as { workflow?: unknown }
  )
  const moduleId = (await list('modules.list', 'id')).concat('nothing')
  const part = await list('world.list', 'part')
  const dataId = await list('data.list', 'id')
  const postId = await list('posts.list', 'id', 'posts')
  const workflow = workflows.map((one) => one.workflow ?? one)
  const nodes = {
    '1': { id: 1, name: 'x', data: { id: 'stop-execution', params: {} }, class: 'block', inputs: {}, outputs: {} }
  }
  const paths = [
    'Event',
    'Event.Attribute',
    'Event.Attribute.{n}',
    'Event.Attribute.{n}.value',
    'Event._AttributeFlattened.{n}',
    '{s}',
    ''
  ]
  const posts =
    '{"at": "2024-10-21T12:00:00.000Z", "source": "a", "method": "POST", "target": "/init?type=log", "headers": {}, "body": "{}"}\n'
  return {
    ...{
      runId,
      runIds: runId,
      parent: runId,
      workflowId,
      workflowIds: workflowId,
      moduleId,
      part,
      dataId,
      dataIds: dataId,
      postId,
      postIds: postId
    },
    ...{
      uuid: await list('blueprints.list', 'uuid'),
      file: await list('customModules.list', 'file'),
      id: ['a', 'one', ...(await list('mocks.list', 'id')), ...(await list('answers.list', 'id'))]
    },
    ...{
      trigger: ['event-publish', 'event-after-save', 'post-after-save', 'none'],
      callId: ['a', 'b'],
      mockSet: await list('mocks.list', 'id')
    },
    ...{
      undoId: ['1', '2', '3'],
      uploadId: [
        await upload(JSON.stringify(data)),
        await upload(JSON.stringify([event, event])),
        await upload(posts),
        await upload('\u0000')
      ],
      profile: ['2.5.1', 'newest'],
      cursor: ['0', '1', '5', 'x'],
      address: [nobody],
      url: [nobody],
      key: ['k']
    },
    ...{
      json: [data, event, ...workflow, [event, event], nodes],
      workflow,
      nodes: [nodes, Object.values(nodes)],
      data: [data, event]
    },
    ...{
      text: [
        JSON.stringify(event),
        ...workflow.map((one) => JSON.stringify(one)),
        posts,
        posts + posts,
        '{',
        '[]',
        'null',
        '5',
        ''
      ]
    },
    ...{
      path: paths,
      base: paths,
      template: [
        '{{ Event.info }}',
        '{% for a in Event.Attribute %}{{ a.value | upper }}{% endfor %}',
        '{{',
        '{% if %}',
        '{{ x.y.z }}'
      ]
    },
    ...{
      name: ['One', 'two.json', 'posts.ndjson', 'workflow-execution.log'],
      search: ['ip', 'Event'],
      query: ['ip', 'Event.Attribute.{n}', '(']
    },
    ...{
      params: [{}, { condition: 'equals', value: 'x', hash_path: 'Event.info' }],
      filters: [{ selector: 'Event.Attribute.{n}', value: 'x', path: 'type', operator: 'equals' }]
    },
    ...{
      settings: [{}, { 'Security.rest_client_enable_arbitrary_urls': true }, { theme: 'dark' }],
      mocks: [{}, { '3': { status: 500 } }],
      world: [{}, { events: [event] }]
    }
  }
}

/** Contacts nobody, keeps the listener, and loses nothing of the machine. */
function tame(name: OperationName, params: unknown): unknown {
  return JSON.parse(JSON.stringify(params), (key, value: unknown) => {
    if (value === 'live') return 'record'
    if (key === 'confirm') return 'none'
    if (key === 'host' || key === 'allow') return key === 'host' ? '127.0.0.1' : []
    if (key === 'port') return name === 'capture.configure' ? 0 : 9
    if (key === 'url' || key === 'address') return nobody
    if (key === 'enabled') return true
    if (key === 'forward' || key === 'user' || key === 'password') return key === 'forward' ? null : 'x'
    return value
  }) as unknown
}

/** Everything that takes long by nature comes less often. */
const seldom: Partial<Record<OperationName, number>> = {
  'live.test': 0.02,
  'takeover.fetch': 0.1,
  'capture.configure': 0.02,
  'storage.compact': 0.05,
  'storage.remove': 0.05,
  'template.renderLive': 0.02,
  'modules.fromService': 0.02,
  'run.start': 0.7,
  'workflows.delete': 0.2,
  'data.delete': 0.2,
  'runs.delete': 0.2,
  'world.remove': 0.2
}

const log = (): string => {
  const file = join(workspace, 'retrace.log')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

async function post(): Promise<number> {
  const status = (await host.call('capture.status', {})) as { data: { url: string | null } }
  const port = Number(new URL(String(status.data.url)).port)
  return (await talk(port, 'POST /default/init?type=log HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}')).status
}

const uncoded = ['INTERNAL', 'WORKER_STOPPED']

describe('random operations with params that fit', () => {
  const seed = Number(process.env.RETRACE_SEED ?? 20241021)

  it(`are answered, each of them (seed ${seed})`, async () => {
    const random = seeded(seed)
    let pools = await poolsOf()
    const params = createParams(random, () => pools)
    const names = Object.keys(operations) as OperationName[]
    const found: string[] = []
    const codes = new Map<string, number>()
    const next = async (): Promise<void> => {
      const name = names[Math.floor(random() * names.length)] as OperationName
      if (random() > (seldom[name] ?? 1)) return next()
      const given = tame(name, params(name))
      const answer = await host.call(name, given, random() < 0.1 ? 'a' : undefined)
      const code = answer.ok ? 'ok' : answer.error.code
      codes.set(code, (codes.get(code) ?? 0) + 1)
      if (uncoded.includes(code)) found.push(`${name} ${code} ${JSON.stringify(given).slice(0, 500)}`)
    }
    for (let i = 0; i < repeat(200, 100_000) && found.length < 20; i += 4) {
      await Promise.all([next(), next(), next(), next()])
      if (i % 100 === 0) expect([i, await post()]).toEqual([i, 200])
      if (i % 400 === 0) pools = await poolsOf()
    }
    expect([found, log().slice(0, 4000)]).toEqual([[], ''])
    // They did reach the handlers.
    expect(codes.get('ok')).toBeGreaterThan(repeat(40, 20_000))
    expect(await post()).toBe(200)
  }, 7_200_000)
})

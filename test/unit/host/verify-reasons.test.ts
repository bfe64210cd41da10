// Why nobody can tell whether Retrace does what MISP did: each reason by what really leads to it, from the posts to the answer.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import type { RunEvent } from '../../../src/contract/run.ts'
import type { VerifyReport } from '../../../src/contract/verify.ts'
import type { Host } from '../../../src/host/host.ts'
import { runAll, workflow } from '../engine/run/builders.ts'
import { ask, hosting } from './hosting.ts'

const { open } = hosting()

interface Line {
  readonly target: string
  readonly body: string
}

/** As MISP posted them, those of jobs behind the run's. */
const linesOf = (events: readonly RunEvent[]): Line[] =>
  events.flatMap((event): Line[] => {
    if (event.type !== 'post') return []
    const { path, query, body } = event.data.post
    return [{ target: query === '' ? path : `${path}?${query}`, body: JSON.stringify(body) }]
  })

interface Situation {
  /** What MISP posted. */
  readonly posts: readonly Line[]
  /** What the workspace has. */
  readonly workflows?: readonly JsonMap[]
  readonly settings?: JsonMap
  readonly profile?: string
  /** What World has. */
  readonly world?: JsonMap
  /** Damages the first post whose target has it, once it is on disk. */
  readonly damaged?: string
}

const known = {
  'MISP.host_org_id': 1,
  'MISP.baseurl': 'http://misp.example.org',
  'Security.rest_client_enable_arbitrary_urls': true
}

async function captured({
  posts,
  workflows = [],
  settings = known,
  profile = '2.5.1',
  world = {},
  damaged
}: Situation): Promise<Host> {
  const host = await open()
  const parts = join(host.workspace.folder, 'world')
  mkdirSync(parts, { recursive: true })
  for (const [part, rows] of Object.entries(world)) writeFileSync(join(parts, `${part}.json`), JSON.stringify(rows))
  await ask(host, 'profiles.choose', { for: 'workspace', profile })
  for (const own of workflows) await ask(host, 'workflows.save', { workflow: { Workflow: own }, ifKnown: 'copy' })
  await ask(host, 'workspace.set', { settings })
  const text = posts.map(({ target, body }, i) =>
    JSON.stringify({
      at: `2024-10-21T12:00:${String(i % 60).padStart(2, '0')}.000Z`,
      source: '',
      method: 'POST',
      target,
      headers: {},
      body
    })
  )
  await ask(host, 'capture.import', { name: 'posts.ndjson', text: text.join('\n') })
  return damaged === undefined ? host : reopened(host, damaged)
}

/** Opened again after a byte of a post was lost. */
async function reopened(host: Host, target: string): Promise<Host> {
  await host.close()
  const capture = join(host.workspace.folder, 'capture')
  const segment = join(capture, readdirSync(capture).find((name) => name.endsWith('.seg')) ?? '')
  const bytes = readFileSync(segment)
  bytes[bytes.indexOf(target) + 3] = 0
  writeFileSync(segment, bytes)
  return open(host.workspace.folder)
}

async function verified(situation: Situation): Promise<VerifyReport> {
  const host = await captured(situation)
  const reports = await ask(host, 'runs.verify', {})
  const told = reports.find(({ verdict }) => verdict !== 'equal') ?? reports[0]
  if (told === undefined) throw new Error('nothing was captured')
  return told
}

const zmq = (path = 'Event.info') => ({ id: 'push-zmq', params: { data_extraction_path: path } })
/** Nothing that leaves MISP. */
const filter = (label: string) => ({
  id: 'generic-filter-data',
  params: { 'filtering-label': label, selector: 'Event.Tag', operator: 'in', value: 'x', hash_path: 'name' }
})
const line = workflow([{ ...filter('A'), to: [[3]] }, { ...filter('B'), to: [[4]] }, filter('C')])
const linePosts = linesOf(runAll({ workflow: line }))
const replaced = (posts: readonly Line[], from: string, to: string): Line[] =>
  posts.map(({ target, body }) => ({ target, body: body.replaceAll(from, to) }))
const without = (posts: readonly Line[], ...places: readonly number[]): Line[] =>
  posts.filter((_, i) => !places.includes(i < posts.length ? i : -1))

const event: JsonMap = {
  Event: {
    ...{ id: '7', uuid: 'c99506a6-1255-4b71-afa5-7b8ba48c3b1b', info: 'Test', distribution: '1', published: false },
    Tag: [{ id: '1', name: 'ab' }],
    Attribute: [
      {
        ...{ id: '1', event_id: '7', object_id: '0', uuid: 'c99506a6-1255-4b71-afa5-7b8ba48c3b1c', to_ids: true },
        ...{ type: 'ip-dst', value: '198.51.100.20', category: 'Network activity', distribution: '5', deleted: false }
      }
    ]
  }
}
const warned = workflow([{ id: 'attach-warninglist', params: { warninglists: ['ALL'] }, to: [[3]] }, zmq()])
const lists = {
  warninglists: [
    {
      ...{ id: '1', name: 'Ours', type: 'cidr', enabled: true, default: true, category: 'false_positive' },
      ...{ list: ['198.51.100.0/24'], matching_attributes: ['ip-dst'] }
    }
  ]
}
const hook = workflow([
  {
    id: 'webhook',
    params: { url: 'http://hook.example.org/', content_type: 'json', request_method: 'post', payload: '' }
  }
])
const publishing = workflow([{ id: 'publish-event', to: [[3]] }, zmq()], {}, 'event-after-save')
const blocking = workflow([{ id: 'stop-execution', params: { message: 'no' } }], { id: '2', name: 'blocking' })
const unread = String.raw`Event.Tag.{n}[name=/a(*SKIP)b/].name`
const condition = workflow([
  { id: 'generic-if', params: { operator: 'in', value: 'x', hash_path: 'Event.Tag.{n}.name' }, to: [[3], [3]] },
  zmq()
])
const tags = {
  tags: [{ id: '9', name: 'tlp:red', colour: '#f00', exportable: '1' }],
  organisations: [{ id: '1', name: 'ORGNAME' }]
}
const tagging = workflow([
  {
    id: 'tag_operation',
    params: { scope: 'event', action: 'add', locality: 'global', tags: ['tlp:red'], relationship_type: '' },
    to: [[3]]
  },
  filter('A')
])
const reloading = ((): JsonMap => {
  const made = workflow([{ id: 'reload-full-event', to: [[3]] }, filter('A')], {}, 'tag-attached-after-save')
  const nodes = made['data'] as { readonly [id: string]: JsonMap }
  const data = {
    ...(nodes['1']?.['data'] as JsonMap),
    misp_core_format: true,
    indexed_params: { scope: 'any', locality: 'any', tag: '' }
  }
  return { ...made, data: { ...nodes, 1: { ...nodes['1'], data } } }
})()
const asText = (value: Json): string => JSON.stringify(value).slice(1, -1)
const withPath = (flow: JsonMap): JsonMap =>
  JSON.parse(JSON.stringify(flow).replaceAll('Event.Tag.{n}.name', asText(unread))) as JsonMap

const reasons: readonly (readonly [what: string, text: RegExp, situation: () => Situation])[] = [
  ['workflow', /no workflow for the trigger .event-publish./, () => ({ posts: linePosts })],
  [
    'workflow',
    /No version of the workspace’s workflows has node 3/,
    () => ({ posts: linePosts, workflows: [workflow([{ ...filter('A'), to: [[3]] }, { id: 'stop-execution' }])] })
  ],
  ['posts', /first post of the run is missing/, () => ({ posts: linePosts.slice(1), workflows: [line] })],
  ['posts', /posts end before the run does/, () => ({ posts: linePosts.slice(0, 3), workflows: [line] })],
  ['posts', /post of a node is missing/, () => ({ posts: without(linePosts, 2), workflows: [line] })],
  [
    'world',
    /No warninglists/i,
    () => ({ posts: linesOf(runAll({ workflow: warned, data: event, world: lists as never })), workflows: [warned] })
  ],
  [
    'settings',
    /Security.rest_client_enable_arbitrary_urls/,
    () => ({
      posts: linesOf(
        runAll({
          workflow: hook,
          settings: { 'MISP.host_org_id': 1, 'Security.rest_client_enable_arbitrary_urls': false }
        })
      ),
      workflows: [hook],
      settings: {}
    })
  ],
  [
    'answer',
    /What .* to node 2 is not known/,
    () => ({
      posts: linesOf(runAll({ workflow: hook, mocks: { webhook: { status: 403 } } })),
      workflows: [hook]
    })
  ],
  [
    'trigger',
    /Whether MISP had a workflow for the trigger event-publish is not known/,
    () => ({
      posts: linesOf(
        runAll({
          workflow: publishing,
          workflows: [blocking],
          data: event,
          world: { events: [event] } as never,
          options: { cascade: 2 }
        }).filter(({ runId }) => runId === 'run')
      ),
      workflows: [publishing]
    })
  ],
  [
    'version',
    /posts are as MISP `2.5-newest` writes them, not `2.5.1`/,
    () => ({
      posts: linesOf(
        runAll({ workflow: tagging, data: event, world: tags as never, options: { profile: '2.5-newest' } })
      ),
      workflows: [tagging],
      world: tags
    })
  ],
  [
    'posts',
    /Posts of the run cannot be read/,
    () => ({ posts: linePosts, workflows: [line], damaged: '/exec/generic-filter-data' })
  ],
  [
    'world',
    /World does not have the event as it was when the trigger fired/,
    () => {
      const then = { events: [{ Event: { ...(event['Event'] as JsonMap), info: 'as it was' } }] }
      const data = { Tag: { event_id: '7', attribute_id: null, tag_id: '1', name: 'ab', local: false } }
      return {
        posts: linesOf(runAll({ workflow: reloading, data, world: then as never })),
        workflows: [reloading],
        world: { events: [event] }
      }
    }
  ],
  [
    'limit',
    /verbs such as \(\*SKIP\) are not supported/,
    () => ({
      posts: replaced(linesOf(runAll({ workflow: condition, data: event })), 'Event.Tag.{n}.name', asText(unread)),
      workflows: [withPath(condition)]
    })
  ]
]

describe('verify cannot tell', () => {
  it.each(reasons)('for want of %s: %s', async (what, text, situation) => {
    const { verdict, missing, first } = await verified(situation())
    expect([verdict, first?.cause.text ?? null]).toEqual(['cannot tell', null])
    expect(missing.map((one) => `${one.what}: ${one.text.text}`).join('\n')).toMatch(
      new RegExp(`${what}: .*${text.source}`, text.flags)
    )
  })

  it('nothing of all this where all is known', async () => {
    expect((await verified({ posts: linePosts, workflows: [line] })).verdict).toBe('equal')
  })
})

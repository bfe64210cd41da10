// Debug posts and logs in the forms in which people have them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import { PythonReader } from '../../../../src/host/capture/import/foreign/python-literal.ts'
import { timeOf } from '../../../../src/host/capture/import/foreign/bins.ts'
import { readImport } from '../../../../src/host/capture/import/source.ts'
import { lookIntoFile } from '../../../../src/host/operations/import-posts.ts'
import { temporaryFolders } from '../temporary.ts'

const cases = join(import.meta.dirname, '../../../fixtures/cases')
const folder = temporaryFolders()

const written = (text: string, name = 'given.json'): string => {
  const file = join(folder(), name)
  writeFileSync(file, text)
  return file
}

const event = { Event: { id: '7', uuid: '6a2f4c1e-5b1d-4c53-9f0e-0d1c2b3a4f5e', info: 'it’s “new”', published: false } }
const none = { node_id: '', module_id: '', filters: '', parameters: '' }
const webhook = { node_id: 2, module_id: 'webhook', filters: [], parameters: { url: 'http://hook.example/' } }
const at = (second: number): string => `2026-10-21T08:30:0${second}+00:00`

/** A run of one node as MISP posts it. */
const bodies: readonly JsonMap[] = [
  { source: none, timestamp: at(0), data: { original: event, normalized: event } },
  { source: webhook, timestamp: at(1), data: event, errors: [] },
  { source: none, timestamp: at(2), data: { blocking_nodes: [], executed_nodes: [{ id: 2 }], blocked_paths: [] } }
]
const paths = [
  '/event-publish/init?type=blocking',
  '/event-publish/exec/webhook?result=success&message=',
  '/event-publish/end?outcome=success'
]
const texts = bodies.map((body) => JSON.stringify(body))

async function postsOf(file: string, trigger?: string) {
  const posts = []
  for await (const batch of readImport(file, 'given', trigger)) if (batch.kind !== 'log') posts.push(...batch.posts)
  return posts.map(({ meta, body }) => ({ target: meta.target, at: meta.at, body: body.toString('utf8') }))
}

async function entriesOf(file: string) {
  for await (const batch of readImport(file, 'given')) return batch.kind === 'log' ? batch.entries : null
  return null
}

const webhookSite = paths.map((path, i) => ({
  ...{ uuid: `r${i}`, type: 'web', method: 'POST', url: `https://webhook.site/t${path}`, content: texts[i] },
  ...{ created_at: `2026-10-21 08:30:0${i}`, headers: { 'content-type': ['application/x-www-form-urlencoded'] } }
}))

const forms: Record<string, string> = {
  'webhook.site, a page of its API': JSON.stringify({ data: webhookSite.toReversed(), total: 3, is_last_page: true }),
  'webhook.site, a list': JSON.stringify(webhookSite, null, 2),
  HAR: JSON.stringify({
    log: {
      version: '1.2',
      entries: paths.map((path, i) => ({
        startedDateTime: at(i),
        request: {
          method: 'POST',
          url: `http://10.0.0.1:27051${path}`,
          headers: [{ name: 'Host', value: 'x' }],
          postData: { mimeType: '', text: texts[i] }
        },
        response: { status: 200, content: { text: '{}' } }
      }))
    }
  }),
  'HAR with base64': JSON.stringify({
    log: {
      entries: paths.map((path, i) => ({
        startedDateTime: at(i),
        request: {
          method: 'POST',
          url: `http://h${path}`,
          headers: [],
          postData: { encoding: 'base64', text: Buffer.from(texts[i]!).toString('base64') }
        }
      }))
    }
  }),
  'a request bin with the query apart': JSON.stringify(
    paths.map((path, i) => ({
      ...{
        id: i,
        method: 'post',
        path: path.split('?')[0],
        query: Object.fromEntries(new URLSearchParams(path.split('?')[1]))
      },
      ...{ headers: [['Content-Type', 'x']], body: bodies[i], time: Date.parse(at(i)) / 1000 }
    }))
  ),
  'webhook-tester': JSON.stringify(
    paths
      .map((path, i) => ({
        ...{ uuid: String(i), client_address: '10.0.0.2', method: 'POST', url: `http://h/session${path}` },
        ...{
          request_payload_base64: Buffer.from(texts[i]!).toString('base64'),
          captured_at_unix_milli: Date.parse(at(i))
        },
        headers: [{ name: 'Host', value: 'h' }]
      }))
      .reverse()
  ),
  'ngrok’s inspector': JSON.stringify({
    uri: '/api/requests/http',
    requests: paths
      .map((path, i) => ({
        start: at(i),
        request: {
          ...{ method: 'POST', proto: 'HTTP/1.1', uri: path, headers: { Host: ['h'] } },
          raw: Buffer.from(`POST ${path} HTTP/1.1\r\nHost: h\r\n\r\n${texts[i]}`).toString('base64')
        }
      }))
      .reverse()
  }),
  'requests, one a line': webhookSite.map((one) => JSON.stringify(one)).join('\n'),
  'a mark of the byte order first': `\ufeff${JSON.stringify(webhookSite)}`
}

describe('posts in the files of other tools', () => {
  it.each(Object.entries(forms))('are read: %s', async (_, text) => {
    const file = written(text)
    const posts = await postsOf(file)
    expect(posts.map(({ target }) => target.replace(/^.*?(?=\/event-publish)/, ''))).toEqual(
      paths.map((path) => expect.stringMatching(new RegExp(`^${path.replace(/[?.]/g, '\\$&')}$`)) as unknown)
    )
    expect(posts.map(({ body }) => JSON.parse(body) as unknown)).toEqual(bodies)
    expect(posts.map((post) => post.at)).toEqual([0, 1, 2].map((second) => Date.parse(at(second))))
    const { runs, unassigned } = await lookIntoFile({ file, name: file }, [])
    expect({ runs: runs.map((run) => [run.trigger, run.posts]), unassigned }).toEqual({
      runs: [['event-publish', [1, 2, 3]]],
      unassigned: []
    })
  })

  it.each([
    ['one text', JSON.stringify(bodies)],
    ['one a line', texts.join('\n')],
    ['one after the other, on many lines', bodies.map((body) => JSON.stringify(body, null, 4)).join('\n\n')]
  ])('are read as bare bodies, %s: the path is worked out, but for the trigger', async (_, text) => {
    const file = written(text)
    expect((await postsOf(file)).map(({ target }) => target)).toEqual([
      '/unknown/init',
      '/unknown/exec/webhook',
      '/unknown/end'
    ])
    expect((await lookIntoFile({ file, name: file }, [], 'event-publish')).runs).toMatchObject([
      { trigger: 'event-publish', posts: [1, 2, 3] }
    ])
  })

  it('are the debug posts of a HAR, and nothing else that a browser sent', async () => {
    const har = JSON.parse(forms['HAR'] ?? '') as { readonly log: { readonly entries: unknown[] } }
    const login = { method: 'POST', url: 'https://bank.example/login', headers: [{ name: 'Cookie', value: 's=1' }] }
    har.log.entries.push({ startedDateTime: at(3), request: { ...login, postData: { text: 'password=x' } } })
    expect(await postsOf(written(JSON.stringify(har)))).toHaveLength(3)
    har.log.entries.splice(0, 3)
    await expect(postsOf(written(JSON.stringify(har)))).rejects.toMatchObject({ code: 'INPUT_WRONG_TYPE' })
  })

  it('are one post for one body', async () => {
    expect(await postsOf(written(texts[1]!))).toMatchObject([
      { target: '/unknown/exec/webhook', at: Date.parse(at(1)) }
    ])
  })

  it.each([
    ['F15-webhook-site-export/requests.json', 7],
    ['F15-misp-listener-output/output.txt', 7]
  ])('are all of one run: %s', async (file, count) => {
    const { runs, unassigned } = await lookIntoFile({ file: join(cases, file), name: file }, [])
    expect(runs).toMatchObject([{ trigger: 'event-publish' }])
    expect([runs[0]?.posts.length, unassigned]).toEqual([count, []])
  })

  it('are read of MISP’s listener also where the lines of the server went elsewhere', async () => {
    const text = readFileSync(join(cases, 'F15-misp-listener-output/output.txt'), 'utf8')
    const posts = await postsOf(written(text.replace(/^127.*\n/gm, '')), 'event-publish')
    expect(posts.map(({ target }) => target.split('/').slice(0, 3).join('/'))).toEqual([
      '/event-publish/init',
      ...Array.from({ length: 5 }, () => '/event-publish/exec'),
      '/event-publish/end'
    ])
  })

  it.each([
    ['a picture', '\x89PNG\r\n\x1a\n'],
    ['a table', 'a,b\n1,2\n'],
    ['an event', JSON.stringify(event)],
    ['words', '# read me'],
    ['broken JSON', '{"a": '],
    ['a list of words', '["a"]'],
    ['HAR without posts', '{"log": {"entries": []}}']
  ])('are refused with what is read: %s', async (_, text) => {
    await expect(postsOf(written(text))).rejects.toMatchObject({
      code: expect.stringMatching(/^INPUT_(?:NOT_JSON|WRONG_TYPE)$/) as unknown,
      message: expect.stringContaining('webhook.site') as unknown
    })
  })
})

describe('Python’s print', () => {
  it.each<[string, unknown]>([
    ["{'a': 1, 'b': [True, False, None]}", { a: 1, b: [true, false, null] }],
    [`{'a': "it's", 'b': 'a\\'"\\\\\\n'}`, { a: "it's", b: 'a\'"\\\n' }],
    ["{'long': 'one '\n         'two'}", { long: 'one two' }],
    ["{'long': ('one '\n          'two'),\n 'next': -1.5e-3}", { long: 'one two', next: -0.0015 }],
    ["'\\x00\\u00e9\\U0001f600'", '\0é😀'],
    ['[]', []],
    ['{1: {}, 2: []}', { 1: {}, 2: [] }],
    ["{'__proto__': 1}", JSON.parse('{"__proto__": 1}')]
  ])('%s', (text, value) => {
    expect(new PythonReader(text).value()).toEqual(value)
  })
  it.each(['', "'", "{'a'", '[1', '{[]: 1}', 'nope', '(1', "'\\uzzzz'", `${'['.repeat(2000)}`])(
    '%s is none',
    (text) => {
      expect(() => new PythonReader(text).value()).toThrow()
    }
  )
})

it('times are read as tools write them', () => {
  const time = Date.UTC(2026, 9, 21, 8, 30, 1)
  for (const written of [
    at(1),
    '2026-10-21 08:30:01',
    '2026-10-21T08:30:01',
    time,
    time / 1000,
    time * 1e3,
    time * 1e6,
    String(time)
  ])
    expect(timeOf(written)).toBe(time)
  expect([timeOf('soon'), timeOf(null), timeOf({})]).toEqual([null, null, null])
})

describe('MISP’s log', () => {
  const entry = (second: number, text: string) => `[2024-10-20 10:00:0${second}] Workflow(event-publish:1). ${text}`
  const lines = [
    entry(0, 'Started executing workflow for trigger `event-publish` (1)'),
    entry(1, 'Executed node `tag-if`'),
    'Node `tag-if` (2) from Workflow `Workflow for trigger event-publish` (1) executed successfully with status: success',
    entry(1, 'Finished executing workflow for trigger `event-publish` (1). Outcome: success')
  ]
  const before = (prefix: (i: number) => string) => lines.map((line, i) => prefix(i) + line).join('\n')
  const whole = lines.join('\n')

  it.each<[string, string]>([
    ['a mark of the byte order', `\ufeff${whole}`],
    ['docker compose', before(() => 'misp-core-1  | ')],
    ['docker compose with colours', before(() => '\x1b[36mmisp-core-1  | \x1b[0m')],
    [
      'docker compose, between lines of other services',
      lines.flatMap((line) => ['db-1         | ready', `misp-core-1  | ${line}`, 'redis-1 | [1] ok']).join('\n')
    ],
    ['docker logs -t', before((i) => `2024-10-20T10:00:0${i}.12345678${i}Z `)],
    [
      'docker’s json-file',
      lines
        .map((line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2024-10-20T10:00:00Z' }))
        .join('\n')
    ],
    ['journald', before((i) => `Oct ${i === 0 ? 9 : 20} 10:00:0${i} misp apache2[${100 + i}]: `)],
    ['journalctl -o short-iso', before((i) => `2024-10-20T10:00:0${i}+0200 misp misp[7]: `)],
    ['journalctl -o json', lines.map((line) => JSON.stringify({ __CURSOR: 's=1', MESSAGE: line })).join('\n')],
    ['grep -n', lines.map((line, i) => `${i + 1}:${line}`).join('\n')],
    ['kubectl logs --prefix', before(() => '[pod/misp-0/core] ')],
    ['Windows', lines.join('\r\n')],
    ['lines before the first', `Attaching to misp-core-1\n${whole}`]
  ])('is read with what was put before its lines: %s', async (_, text) => {
    const plain = await entriesOf(written(whole, 'plain.log'))
    expect(plain).toHaveLength(3)
    expect(await entriesOf(written(text, 'given.log'))).toEqual(plain)
  })

  it.each(['F15-log-bom/workflow-execution.log', 'F15-log-docker-prefix/compose.log'])(
    'has all entries: %s',
    async (file) => {
      expect(await entriesOf(join(cases, file))).toHaveLength(3)
    }
  )
})

describe('a file that begins as a list', () => {
  it.each([
    ['requests', JSON.stringify(webhookSite, null, 1)],
    ['what nobody knows', JSON.stringify([{ a: 1 }], null, 1)]
  ])('is parsed once, whatever it turns out to be: %s', async (_, text) => {
    const file = written(text)
    const parse = vi.spyOn(JSON, 'parse')
    await postsOf(file).catch(() => [])
    const times = parse.mock.calls.filter(([given]) => given === text).length
    parse.mockRestore()
    expect(times).toBe(1)
  })
})

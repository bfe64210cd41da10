import { createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import type { RunDetail } from '../../../src/contract/run-views.ts'
import type { Host } from '../../../src/host/host.ts'
import { ask, finished, hosting } from './hosting.ts'
import { eventOf, workflowOf } from './samples.ts'

const { later, open } = hosting()

async function serve(status = 200): Promise<{ url: string; origin: string; seen: string[] }> {
  const seen: string[] = []
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${body}`)
      response.writeHead(status).end(`status ${status}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  later(() => server.close())
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, url: `${origin}/hook`, seen }
}

const hook = (url: string): JsonMap =>
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
        headers: 'Authorization: secret'
      },
      to: { output_1: [3] }
    },
    3: { type: 'action', module: 'push-zmq', params: { data_extraction_path: 'Event.info' } }
  })

const data = { json: eventOf(1) as Json }

/** The hook, live, after its plan was confirmed. */
async function live(host: Host, url: string): Promise<RunDetail> {
  await ask(host, 'live.configure', { http: { allow: ['127.0.0.1'] } })
  const workflow = { json: hook(url) as Json }
  const effects = { nodes: { 2: 'live' as const } }
  const { token } = await ask(host, 'run.plan', { workflow, data, options: { effects } })
  const options = { effects: { ...effects, confirm: token } }
  const { runId } = await ask(host, 'run.start', { workflow, data, options })
  return finished(host, runId)
}

describe('effects of a run', () => {
  it('records by default: nothing leaves', async () => {
    const [host, { url, seen }] = [await open(), await serve()]
    const { runId } = await ask(host, 'run.start', { workflow: { json: hook(url) }, data })
    const detail = await finished(host, runId)
    const { effects } = await ask(host, 'run.effects', { runId })
    expect(effects.map(({ by, effect }) => [effect.kind, by])).toEqual([
      ['http', 'record'],
      ['zmq', 'record']
    ])
    expect(seen).toEqual([])
    expect(detail.assumptions).toContain('HTTP requests without a mock get status 200; nothing leaves this machine.')
  })

  it('goes live only with the token of its own plan, once, and reaches what was planned', async () => {
    const [host, { url, origin, seen }] = [await open(), await serve(403)]
    await ask(host, 'live.configure', { http: { allow: ['127.0.0.1'] } })
    const workflow = { json: hook(url) as Json }
    const live = { nodes: { 2: 'live' as const } }
    const refused = await host.call('run.start', { workflow, data, options: { effects: live } })
    expect(refused).toMatchObject({ ok: false, error: { code: 'LIVE_NOT_CONFIRMED' } })
    const plan = await ask(host, 'run.plan', { workflow, data, options: { effects: live } })
    const entry = { nodeId: 2, moduleId: 'webhook', kind: 'http', method: 'POST', target: origin, count: 1 }
    expect(plan.entries).toEqual([entry])
    expect(seen).toEqual([])
    const options = { effects: { ...live, confirm: plan.token } }
    const other = await host.call('run.start', { workflow, data: { json: eventOf(2) }, options })
    expect(other).toMatchObject({ ok: false, error: { code: 'LIVE_NOT_CONFIRMED' } })
    const again = await ask(host, 'run.plan', { workflow, data, options: { effects: live } })
    const confirmed = { effects: { ...live, confirm: again.token } }
    const { runId } = await ask(host, 'run.start', { workflow, data, options: confirmed })
    const detail = await finished(host, runId)
    expect(seen).toEqual(['POST /hook {"a":1}'])
    expect(detail.steps[0]).toMatchObject({ success: false, errors: ['Authentication failed.'] })
    expect(detail.assumptions).toContain('Side effects of node 2: live.')
    const { effects } = await ask(host, 'run.effects', { runId })
    expect(effects.map(({ by }) => by)).toEqual(['live', 'record'])
    expect(await host.call('run.start', { workflow, data, options: confirmed })).toMatchObject({ ok: false })
  })

  it('does not reach this machine unless it is allowed, and the plan says so', async () => {
    const [host, { url, seen }] = [await open(), await serve()]
    const workflow = { json: hook(url) as Json }
    const plan = await ask(host, 'run.plan', { workflow, data, options: { effects: { policy: 'live' } } })
    expect(plan.entries[0]?.refused).toContain('127.0.0.1 is this machine')
    expect(plan.entries[1]).toMatchObject({ kind: 'zmq', target: 'misp_json_workflow' })
    const options = { effects: { nodes: { 2: 'live' as const }, confirm: '' } }
    const only = await ask(host, 'run.plan', { workflow, data, options })
    const { runId } = await ask(host, 'run.start', {
      workflow,
      data,
      options: { effects: { ...options.effects, confirm: only.token } }
    })
    const detail = await finished(host, runId)
    expect(seen).toEqual([])
    expect(JSON.stringify(detail.steps[0]?.errors)).toContain('127.0.0.1 is this machine')
  })

  it('answers by mocks of a set, by a list in order, with failures and delays', async () => {
    const host = await open()
    const set = await ask(host, 'mocks.save', { name: 'Failing hook', mocks: { 2: { status: 500, body: 'down' } } })
    const options = { mockSet: set.id, effects: { policy: 'mock' as const } }
    const { runId } = await ask(host, 'run.start', {
      workflow: { json: hook('http://hook.example.org') },
      data,
      options
    })
    const detail = await finished(host, runId)
    expect(detail.steps[0]?.errors).toEqual([
      'Something went wrong with the request or the remote side is having issues. Body returned: down'
    ])
    const late = { mocks: { webhook: { status: 200, delayMs: 301_000 } } }
    const slow = await ask(host, 'run.start', {
      workflow: { json: hook('http://hook.example.org') },
      data,
      options: late
    })
    expect(JSON.stringify((await finished(host, slow.runId)).steps[0]?.errors)).toContain('Timeout was reached')
  })

  it('takes answers of an earlier run, and turns them into mocks', async () => {
    const host = await open()
    const workflow = { json: hook('http://hook.example.org') as Json }
    const first = await ask(host, 'run.start', { workflow, data, options: { mocks: { 2: { status: 401 } } } })
    await finished(host, first.runId)
    const options = { effects: { policy: 'recorded' as const, recordedFrom: first.runId } }
    const { runId } = await ask(host, 'run.start', { workflow, data, options })
    expect((await finished(host, runId)).steps[0]?.errors).toEqual(['Authentication failed.'])
    const { effects } = await ask(host, 'run.effects', { runId })
    expect(effects.map(({ by }) => by)).toEqual(['recorded', 'record'])
    expect(await ask(host, 'run.mocks', { runId, effects: [0] })).toEqual({ mocks: { 2: { status: 401, body: '' } } })
  })

  it('uses a pinned output instead of the node, and says so on step and run', async () => {
    const host = await open()
    const pins = { 2: { data: { Event: { info: 'pinned' } }, success: true, errors: [] } }
    const workflow = { json: hook('http://hook.example.org') as Json }
    const set = await ask(host, 'mocks.save', { name: 'Pinned', pins })
    const { runId } = await ask(host, 'run.start', { workflow, data, options: { mockSet: set.id } })
    const detail = await finished(host, runId)
    expect(detail.steps[0]?.derived).toContain('mocked')
    expect(detail.assumptions).toContain('Not executed, output pinned: node 2.')
    const { effects } = await ask(host, 'run.effects', { runId })
    expect(effects.map(({ effect }) => effect)).toEqual([
      { kind: 'zmq', topic: 'misp_json_workflow', message: ['pinned'] }
    ])
    expect((await ask(host, 'mocks.unpin', { id: set.id })).pins).toEqual({})
  })

  it('shows an effect as curl with its secrets masked, and sends one again when it is confirmed', async () => {
    const [host, { url, origin, seen }] = [await open(), await serve()]
    await ask(host, 'live.configure', { http: { allow: ['127.0.0.0/8'] } })
    const { runId } = await ask(host, 'run.start', { workflow: { json: hook(url) }, data })
    await finished(host, runId)
    const { text } = await ask(host, 'run.curl', { runId, effect: 0 })
    expect(text).toContain(`curl --location --request POST '${url}'`)
    expect(text).toContain("--header 'Authorization: ••••••'")
    expect(text).toContain(`--data-binary '{"a":1}'`)
    expect((await ask(host, 'run.curl', { runId, effect: 0, unmasked: true })).text).toContain('Authorization: secret')
    const asked = await ask(host, 'run.resend', { runId, effect: 0 })
    expect(asked).toMatchObject({ target: origin, refused: null, answer: null })
    const sent = await ask(host, 'run.resend', { runId, effect: 0, confirm: asked.token ?? '' })
    expect(sent.answer).toMatchObject({ status: 200 })
    expect(seen).toEqual(['POST /hook {"a":1}'])
  })

  it('runs a module that nobody knows as a placeholder with its chosen result', async () => {
    const host = await open()
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'our-own', to: { output_1: [3] } },
      3: { type: 'action', module: 'push-zmq', params: {} }
    })
    const needs = await ask(host, 'run.needs', { workflow: { json: workflow } })
    expect(needs.map(({ part, missing }) => [part, missing])).toEqual([['modules', ['our-own']]])
    const options = { placeholders: { 'our-own': { success: false, errors: ['chosen'], blocking: true } } }
    const { runId } = await ask(host, 'run.start', { workflow: { json: workflow }, data, options })
    const detail = await finished(host, runId)
    expect(detail.steps.map(({ moduleId }) => moduleId)).toEqual(['our-own'])
    expect(detail.steps[0]?.errors).toEqual(['chosen'])
  })

  it.each([
    [200, []],
    [206, []],
    [401, ['Authentication failed.']],
    [403, ['Authentication failed.']],
    [500, ['Something went wrong with the request or the remote side is having issues. Body returned: status 500']]
  ])('gives MISP’s error text for a live answer of %i', async (status, errors) => {
    const [host, { url }] = [await open(), await serve(status)]
    const [step] = (await live(host, url)).steps
    expect(step?.errors).toEqual(errors)
    expect(step?.success).toBe(errors.length === 0)
  })

  it.each([
    [
      'refused',
      'http://127.0.0.1:1/',
      "curl error 7 'Couldn't connect to server': Failed to connect to 127.0.0.1 port 1 after"
    ],
    [
      'unresolved',
      'http://nowhere.invalid/',
      "curl error 6 'Couldn't resolve host name': Could not resolve host: nowhere.invalid"
    ]
  ])('gives MISP’s error text for a live connection that is %s', async (_name, url, text) => {
    const [step] = (await live(await open(), url)).steps
    const said = `Something went wrong while sending the request. Error returned: ${text}`
    expect((step?.errors as readonly string[])[0]?.startsWith(said)).toBe(true)
  })

  it('gives MISP’s error text for a live server that does not answer in time', async () => {
    const server: Server = createServer(() => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    later(() => server.close())
    const host = await open()
    await ask(host, 'live.configure', { http: { timeoutSeconds: 0.2 } })
    const [step] = (await live(host, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).steps
    expect((step?.errors as readonly string[])[0]).toMatch(
      /^Something went wrong while sending the request\. Error returned: curl error 28 'Timeout was reached': Operation timed out after \d+ milliseconds with 0 bytes received$/
    )
  })

  it('derives answers of enrichment modules from what the data holds', async () => {
    const host = await open()
    const event = eventOf(1) as { Event: { Attribute: JsonMap[] } }
    const attribute = event.Event.Attribute[0] as JsonMap
    const enriched = {
      Event: { ...event.Event, Attribute: [{ ...attribute, enrichment: [[{ types: ['text'], values: ['AS1'] }]] }] }
    }
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'attach-enrichment', params: { modules: ['asn'] } }
    })
    const service = {
      name: 'asn',
      type: 'expansion',
      mispattributes: { input: ['ip-dst'] },
      meta: { 'module-type': ['expansion'] }
    }
    const options = { effects: { policy: 'recorded' as const }, world: { service_modules: [service] } }
    const { runId } = await ask(host, 'run.start', {
      workflow: { json: workflow },
      data: { json: enriched as Json },
      options
    })
    await finished(host, runId)
    const { effects } = await ask(host, 'run.effects', { runId })
    expect(effects.map(({ by, answer }) => [by, answer])).toEqual([
      ['recorded, derived', { json: { results: [{ types: ['text'], values: ['AS1'] }] } }]
    ])
  })
})

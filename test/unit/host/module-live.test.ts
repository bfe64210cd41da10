// One module alone under the policies of a run, and how long a mock takes.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { ask, finished, hosting, peer } from './hosting.ts'
import { eventOf, workflowOf } from './samples.ts'

const { open, folder } = hosting()
const data = { json: eventOf(1) as Json }
const params = (url: string) => ({ url, content_type: 'json', request_method: 'post', payload: '{"a":1}' })

describe('a module alone', () => {
  it('is live only with the token of its plan, good once and for that module', async () => {
    const { url, seen } = await peer((_seen, response) => response.writeHead(500).end('down'))
    const host = await open()
    await ask(host, 'live.configure', { http: { allow: ['127.0.0.1'] } })
    const alone = { moduleId: 'webhook', params: params(url), data }
    const live = { effects: { policy: 'live' as const } }
    const bare = await host.call('module.execute', { ...alone, options: live })
    expect(bare).toMatchObject({ ok: false, error: { code: 'LIVE_NOT_CONFIRMED' } })
    const plan = await ask(host, 'module.plan', { ...alone, options: live })
    expect(plan.entries).toMatchObject([{ nodeId: 1, moduleId: 'webhook', kind: 'http', target: url, count: 1 }])
    expect(seen).toEqual([])
    const confirmed = { effects: { ...live.effects, confirm: plan.token } }
    const other = { ...alone, params: params('http://127.0.0.1:1/'), options: confirmed }
    expect(await host.call('module.execute', other)).toMatchObject({ ok: false })
    const again = await ask(host, 'module.plan', { ...alone, options: live })
    const options = { effects: { ...live.effects, confirm: again.token } }
    const result = await ask(host, 'module.execute', { ...alone, options })
    expect(result.errors).toEqual([
      'Something went wrong with the request or the remote side is having issues. Body returned: down'
    ])
    expect(result.effects.map(({ by }) => by)).toEqual(['live'])
    expect(seen.map(({ method, body }) => [method, body])).toEqual([['POST', '{"a":1}']])
    expect(await host.call('module.execute', { ...alone, options })).toMatchObject({ ok: false })
  })

  it('is answered by a set of mocks and by an earlier run', async () => {
    const host = await open()
    const alone = { moduleId: 'webhook', params: params('http://hook.example.org/'), data }
    const set = await ask(host, 'mocks.save', { name: 'down', workflowId: null, mocks: { webhook: { status: 403 } } })
    const mocked = await ask(host, 'module.execute', { ...alone, options: { mockSet: set.id } })
    expect(mocked).toMatchObject({ success: false, errors: ['Authentication failed.'], effects: [{ by: 'mock' }] })
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'webhook', params: alone.params }
    })
    const run = { workflow: { json: workflow as Json }, data, options: { mockSet: set.id } }
    const { runId } = await ask(host, 'run.start', run)
    await finished(host, runId)
    const options = { effects: { policy: 'recorded' as const, recordedFrom: runId } }
    const recorded = await ask(host, 'module.execute', { ...alone, options })
    expect(recorded).toMatchObject({ errors: ['Authentication failed.'], effects: [{ by: 'recorded' }] })
  })
})

describe('modules of newer versions that talk to something', () => {
  const vulnerable = {
    json: {
      Event: {
        ...(eventOf(1)['Event'] as JsonMap),
        Attribute: [
          {
            id: '1',
            type: 'vulnerability',
            category: 'External analysis',
            value: 'CVE-2024-0001',
            uuid: '00000000-0000-4000-8000-000000000001'
          }
        ]
      }
    } as Json
  }
  const live = { effects: { policy: 'live' as const }, profile: '2.5-newest' }
  const lookUp = { type: 'action', module: 'tag_cve_from_enrichment', params: { locality: 'local' } } as const

  it('says in the plan what tag_cve_from_enrichment asks, also where the dry run does not come to it', async () => {
    const host = await open()
    await ask(host, 'live.configure', { http: { allow: ['vulnerability.circl.lu'] } })
    const asked = { kind: 'http', method: 'GET', target: expect.stringMatching(/^https:\/\/vulnerability\.circl\.lu/) }
    const alone = { moduleId: lookUp.module, params: lookUp.params, data: vulnerable, convert: true, options: live }
    expect((await ask(host, 'module.plan', alone)).entries).toMatchObject([{ ...asked, count: 1 }])
    const behind = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: {
        type: 'logic',
        module: 'tag-if',
        params: { scope: 'event', condition: 'in_or', tags: ['x'] },
        to: { output_1: [3] }
      },
      3: lookUp
    })
    const plan = await ask(host, 'run.plan', { workflow: { json: behind as Json }, data: vulnerable, options: live })
    expect(plan.entries).toMatchObject([{ nodeId: 3, ...asked, count: 0 }])
  })

  it('sends nothing where MISP could not be read, and says so', async () => {
    const { url, seen } = await peer((_seen, response) => response.end('{}'))
    const host = await open()
    await ask(host, 'live.configure', { http: { allow: ['127.0.0.1'] } })
    const alone = { moduleId: 'flowintel-create-case', params: { url, apikey: 'k', 'case-name': 'x' }, data }
    const { entries, token } = await ask(host, 'module.plan', { ...alone, options: live })
    expect(entries).toEqual([])
    const options = { ...live, effects: { ...live.effects, confirm: token } }
    const { cannotTell } = await ask(host, 'module.execute', { ...alone, options })
    expect(cannotTell).toMatchObject({ code: 'FLOWINTEL_UNKNOWN' })
    expect(seen).toEqual([])
  })
})

describe('the time that a mock takes', () => {
  const started = async (mock: Json) => {
    const host = await open()
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: { type: 'action', module: 'webhook', params: params('http://hook.example.org/') }
    })
    const began = performance.now()
    const run = { workflow: { json: workflow as Json }, data, options: { mocks: { 2: mock } } }
    const { runId } = await ask(host, 'run.start', run)
    const detail = await finished(host, runId)
    const { effects } = await ask(host, 'run.effects', { runId })
    return { step: detail.steps[0], summary: detail.summary, effects, took: performance.now() - began }
  }

  it('is in the times of the run and its node, and nobody waits for it', async () => {
    const { step, summary, effects, took } = await started({ status: 200, delayMs: 20_000 })
    expect(step?.ms).toBeGreaterThanOrEqual(20_000)
    expect(summary.durationMs).toBeGreaterThanOrEqual(20_000)
    expect(effects[0]).toMatchObject({ by: 'mock', takes: 20_000 })
    expect(took).toBeLessThan(10_000)
  })

  it.each([
    ['that says so', { failure: 'timeout' }],
    ['that takes longer than MISP waits', { status: 200, delayMs: 400_000 }]
  ])('is all that MISP waits for a timeout %s, with MISP’s error text', async (_name, mock) => {
    const { step, effects } = await started(mock)
    expect(effects[0]).toMatchObject({ takes: 300_000, answer: { failure: 'timeout' } })
    expect(step?.errors).toEqual([
      "Something went wrong while sending the request. Error returned: curl error 28 'Timeout was reached': Operation timed out after 300000 milliseconds with 0 bytes received"
    ])
  })
})

describe('an encrypted mail', () => {
  it('is refused on the plan of a live run, with the reason', async () => {
    const host = await open()
    const users = [{ id: '1', email: 'a@example.org', role_id: '1', org_id: '1', gpgkey: 'KEY', disabled: false }]
    const workflow = workflowOf({
      1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
      2: {
        type: 'action',
        module: 'send-mail',
        params: { recipients: ['a@example.org'], mail_template_subject: 'S', mail_template_body: 'B' }
      }
    })
    const options = { effects: { policy: 'live' as const }, world: { users } }
    const plan = await ask(host, 'run.plan', { workflow: { json: workflow as Json }, data, options })
    expect(plan.entries).toMatchObject([
      {
        target: 'a@example.org',
        refused:
          'MISP would encrypt the mail to a@example.org with GnuPG; Retrace does not encrypt and will not send it unencrypted.'
      }
    ])
  })
})

describe('a new custom module', () => {
  it('has the types for the editor beside it, once', async () => {
    const workspace = folder()
    const host = await open(workspace)
    await ask(host, 'customModules.create', { id: 'first', kind: 'action', language: 'ts' })
    await ask(host, 'customModules.create', { id: 'second', kind: 'logic', language: 'js' })
    expect(readdirSync(join(workspace, 'modules')).sort()).toEqual(['first.ts', 'retrace-module.d.ts', 'second.js'])
    expect((await ask(host, 'customModules.list', {})).map(({ file, error }) => [file, error])).toEqual([
      ['first.ts', null],
      ['second.js', null]
    ])
  })
})

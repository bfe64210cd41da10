// What is said of a node of a run is made of what was executed: the node's own filter, settings that come first, nodes that were not executed,
// payloads as they went out; and why an action came out as it did, for every action module.
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { StepReason } from '../../../../src/contract/run-views.ts'
import { modulesOf } from '../../../../src/engine/modules/table.ts'
import { profileIds } from '../../../../src/engine/profiles/profiles.ts'
import { RunFold } from '../../../../src/engine/replay/fold.ts'
import type { RunInput } from '../../../../src/engine/run/input.ts'
import { deriveEvents } from '../../../../src/host/capture/derive/derive.ts'
import { explainerOf } from '../../../../src/host/worker/values/explain-node.ts'
import { reasonOf } from '../../../../src/host/worker/values/reason.ts'
import { postsOf } from '../../../conformance/posts-of.ts'
import { node, runAll, workflow } from '../../engine/run/builders.ts'

const attribute = (id: number, type: string, more: JsonMap = {}): JsonMap => ({
  ...{ id: String(id), type, value: `v${id}`, uuid: `00000000-0000-4000-8000-00000000000${id}`, to_ids: true },
  ...{ category: 'Network activity', distribution: '5', object_id: '0', timestamp: '1', comment: '', event_id: '7' },
  ...more
})
const data: JsonMap = {
  Event: {
    ...{ id: '7', info: 'Say "hi"', published: false, uuid: 'c99506a6-1255-4b71-afa5-7b8ba48c3b1b', distribution: '1' },
    Attribute: [attribute(1, 'ip-dst'), attribute(2, 'hostname')],
    Tag: []
  }
}
const url = 'https://h.example.org'
const settings = { 'MISP.host_org_id': 1, 'Security.rest_client_enable_arbitrary_urls': true }

function foldOf(graph: JsonMap, more: Partial<RunInput> = {}): RunFold {
  const fold = new RunFold({ explain: explainerOf(graph) })
  for (const event of runAll({ workflow: graph, data, settings, ...more })) fold.apply(event)
  return fold
}

const explained = (graph: JsonMap, more: Partial<RunInput> = {}): string =>
  foldOf(graph, more).steps.at(-1)?.explain ?? ''
const why = (graph: JsonMap, more: Partial<RunInput> = {}): StepReason | null => {
  const fold = foldOf(graph, more)
  return reasonOf({ fold, workflow: graph }, fold.steps.length)
}

const one = (id: string, params: JsonMap = {}): JsonMap => workflow([{ id, params }])
const filtered = (id: string, params: JsonMap, filters: JsonMap): JsonMap => {
  const graph = one(id, params)
  const own = node(2, { id, params })
  const saved = { ...(own['data'] as JsonMap), saved_filters: filters }
  return { ...graph, data: { ...(graph['data'] as JsonMap), '2': { ...own, data: saved } } as Json }
}
const hostnames = { selector: 'Event._AttributeFlattened.{n}', path: 'type', operator: 'equals', value: 'hostname' }
const none = { ...hostnames, value: 'sha256' }
const behind = (id: string, params: JsonMap, value = 'sha256'): JsonMap =>
  workflow([
    {
      id: 'generic-filter-data',
      params: {
        'filtering-label': 'A',
        selector: 'Event._AttributeFlattened.{n}',
        operator: 'in',
        value,
        hash_path: 'type'
      },
      to: [[3]]
    },
    { id, params }
  ])

describe('what a node of a run did', () => {
  it.each([
    ['attribute_ids_flag_operation', { action: 'remove' }],
    ['Module_attribute_comment_operation', { comment: 'x' }],
    ['tag_operation', { scope: 'attribute', tags: ['a:b'] }],
    ['attach-warninglist', { warninglists: 'ALL' }],
    ['attach-decay-score', { decayingmodels: ['1'] }]
  ])('is told with its own filter: %s', (id, params) => {
    expect(explained(filtered(id, params, hostnames))).toMatch(/where `type` equals `hostname`/)
  })

  it('is told of what it read, not of what it left', () => {
    const graph = workflow([
      {
        id: 'generic-filter-data',
        params: {
          'filtering-label': 'A',
          selector: 'Event._AttributeFlattened.{n}',
          operator: 'equals',
          value: '1',
          hash_path: 'to_ids'
        },
        to: [[3]]
      },
      { id: 'attribute_ids_flag_operation', params: { action: 'remove' } }
    ])
    expect(explained(graph)).toContain('Clears the IDS flag of 2 attributes (filter A)')
  })

  it.each([
    ['attribute_ids_flag_operation', { action: 'remove' }, /Clears the IDS flag/],
    ['webhook', { url }, /Sends POST to `https:\/\/h.example.org`/],
    ['stop-execution', { message: 'no' }, /with the message `no`/],
    ['send-mail', { recipients: ['a@b'], mail_template_subject: 'S' }, /Mails the subject `S`/],
    ['generic-if', { hash_path: 'Event.info', operator: 'equals', value: 'x' }, /True when the value at `Event.info`/]
  ])('is not told of a module that is disabled: %s', (id, params, told) => {
    const said = explained(one(id, params), { enabledModules: [] })
    expect(said).toMatch(/^Not executed, because the module is disabled\. If it were enabled: /)
    expect(said).toMatch(told)
  })

  it.each([
    ['webhook', { url }, /Sends POST to/],
    ['attribute_ids_flag_operation', { action: 'remove' }, /Clears the IDS flag/],
    ['tag-if', { scope: 'event', condition: 'in_or', tags: ['a:b'] }, /`a:b` is among/]
  ])('is not told of a node that is pinned: %s', (id, params, told) => {
    const more = { pins: { '2': { success: true, errors: [] } } }
    const graph = workflow([{ id, params }])
    const typed =
      id === 'tag-if'
        ? { ...graph, data: { ...(graph['data'] as JsonMap), '2': node(2, { id, params }, 'logic') } as Json }
        : graph
    expect(explained(typed, more)).toMatch(/^Not executed: its pinned output was used\. Otherwise: /)
    expect(explained(typed, more)).toMatch(told)
    expect(why(typed, more)?.text).toBe('Not executed: its pinned output was used.')
  })

  it.each([
    ['webhook', { url, payload: '{{ Event.info }}' }],
    ['ms-teams-webhook', { url }],
    ['splunk-hec-export', { url, hec_token: 'x' }]
  ])('is nothing where a setting is off that comes before the parameters: %s', (id, params) => {
    const off = { 'MISP.host_org_id': 1, 'Security.rest_client_enable_arbitrary_urls': false }
    const said = explained(one(id, params), { settings: off })
    expect(said).toMatch(
      /^Sends nothing and fails: `Security.rest_client_enable_arbitrary_urls` is off, which MISP looks at first/
    )
    expect(said).not.toMatch(/no (HEC )?URL is set/)
  })

  it.each([
    [{ payload: '{"text": "{{Event.info}}"}' }, /as one JSON string, because it is no valid JSON \(character 15\)/],
    [{ payload: 'hello' }, /as one JSON string, because it is no valid JSON \(character 0\)/],
    [{ payload: '{"text": {{Event.info|tojson}}}' }, /with the payload as JSON;/],
    [
      { payload: '{{ Event.nope }}' },
      /with the whole roaming data as JSON \(the payload is empty: its template renders to nothing\)/
    ],
    [
      { payload: '{{ Event.a.b }}' },
      /\(the payload is empty: its template failed \(UndefinedError: .*\), for which MISP uses an empty text\)/
    ],
    [{ payload: '' }, /with the whole roaming data as JSON;/],
    [{ payload: 'a=b', content_type: 'form' }, /with the payload declared as a form/],
    [
      { payload: '{{ Event.a.b }}', content_type: 'form' },
      /the whole roaming data as multipart form data \(the payload is empty/
    ],
    [{ url: 'https://{{ Event.a.b }}' }, /Sends nothing and fails: no URL is set \(its template failed/]
  ])('tells the payload as it went out: %j', (params, told) => {
    expect(explained(one('webhook', { url, ...params }))).toMatch(told)
  })

  it('tells of other templates that came out empty', () => {
    const mail = { recipients: ['a@b'], mail_template_subject: '{{ Event.a.b }}' }
    expect(explained(one('send-mail', mail))).toMatch(/no subject is set \(its template failed \(UndefinedError/)
    expect(
      explained(one('telegram-send-alert', { bot_token: 'b', chat_id: '1', message_body_template: '{{ x }}' }))
    ).toMatch(/an empty message \(its template renders to nothing\)/)
    expect(explained(one('stop-execution', { message: '{{ x }}' }))).toMatch(
      /`Execution stopped` \(its template renders to nothing\)/
    )
  })

  it('is told of posts with the parameters that are saved', () => {
    const graph = one('webhook', { url, payload: '{"text": "{{Event.info}}"}' })
    const posts = postsOf(
      runAll({ workflow: graph, data, settings: { ...settings, 'Plugin.Workflow_debug_url': 'http://127.0.0.1:1' } })
    )
    const fold = new RunFold({ explain: explainerOf(graph) })
    for (const event of deriveEvents(posts, { runId: 'c', workflow: graph })) fold.apply(event)
    expect(fold.steps[0]?.explain).toContain('with the rendered payload as JSON')
    expect(reasonOf({ fold, workflow: graph }, 1)?.text).toBe(
      'It worked; MISP does not report what it sent or what it changed in the database.'
    )
  })
})

describe('why an action came out as it did', () => {
  it.each([
    ['attribute_ids_flag_operation', { action: 'remove' }, 'saved'],
    ['Module_attribute_comment_operation', { comment: 'x' }, 'saved'],
    ['tag_operation', { scope: 'attribute', tags: ['a:b'] }, 'tagged']
  ])('names the filter that left nothing, which MISP counts as failed: %s', (id, params, done) => {
    const so = 'MISP counts that as failed (`partial-success`).'
    expect(why(behind(id, params))).toMatchObject({
      verdict: 'failure',
      text: `No item is left by filter A, so nothing was ${done}; ${so}`
    })
    expect(why(filtered(id, params, none))?.text).toBe(
      `No item is left by its own filter, so nothing was ${done}; ${so} Its own filter: None of 2 items passes.`
    )
  })

  it.each([
    ['attach-warninglist', { warninglists: 'ALL' }],
    ['attach-decay-score', { decayingmodels: ['1'] }],
    ['attach-enrichment', { modules: ['dns'] }],
    ['Module_event_distribution_operation', { distribution: '0' }]
  ])('names it where MISP counts that as a success: %s', (id, params) => {
    const said = why(behind(id, params), { serviceModules: [] })
    expect(said?.verdict).toBe('success')
    if (!said?.text.startsWith('It worked'))
      expect(said?.text).toMatch(/^No item is left by filter A, .* counts that as a success\.$/)
  })

  it('says that there is nothing in the data', () => {
    const empty = { Event: { id: '7', info: 'x', uuid: 'c99506a6-1255-4b71-afa5-7b8ba48c3b1b' } }
    expect(why(one('attribute_ids_flag_operation', {}), { data: empty })?.text).toMatch(
      /^There is no attribute in the data, so nothing was saved/
    )
  })

  it.each([
    ['send-mail', { recipients: [] }, 'Failed: No recipient set.'],
    ['webhook', {}, 'Failed: URL not provided.'],
    ['attach-enrichment', {}, 'Failed: No enrichmnent module selected.'],
    ['stop-execution', { message: 'too red' }, 'Failed: too red.']
  ])('repeats what MISP says: %s', (id, params, text) => {
    expect(why(one(id, params))).toMatchObject({ verdict: 'failure', text })
  })

  it('says what was sent and what changed', () => {
    expect(why(one('webhook', { url }))?.text).toBe('It worked: 1 request. Nothing was really sent.')
    expect(why(one('push-zmq'))?.text).toBe('It worked: 1 message over ZMQ. Nothing was really sent.')
    expect(why(one('attribute_ids_flag_operation', { action: 'remove' }))?.text).toBe(
      'None of 2 attributes was saved; MISP counts that as failed (`partial-success`) and gives no reason.'
    )
  })

  it('names errors inside answers', () => {
    expect(why(one('webhook', { url, payload: '{{ Event.a.b }}' }))?.text).toMatch(
      /^It worked: 1 request\. What MISP takes no notice of: template of payload failed \(UndefinedError: .*\)\./
    )
  })

  it('is told for every action module of every version', () => {
    for (const profile of profileIds) {
      for (const { id } of modulesOf(profile).list().modules_action) {
        for (const more of [{}, { enabledModules: [] }, { pins: { '2': { success: false, errors: [] } } }]) {
          const graph = one(id)
          const fold = foldOf(graph, { ...more, options: { runId: 'run', profile } })
          if (fold.steps.length === 0) expect(fold.finished?.outcome, id).toMatch(/aborted|cannot tell/)
          else expect(reasonOf({ fold, workflow: graph }, 1)?.text, `${profile} ${id}`).toMatch(/\w.*\.?$/)
        }
      }
    }
  })
})

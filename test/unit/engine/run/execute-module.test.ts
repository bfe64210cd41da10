import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { Effect, EffectAnswer, RunEvent } from '../../../../src/contract/run.ts'
import { createModuleRun } from '../../../../src/engine/run/execute-module.ts'
import type { ModuleInput, ModuleResult } from '../../../../src/engine/run/execute-module.ts'
import { runToEnd } from '../../../../src/engine/run/walk/driver.ts'

const organisations = [{ id: '1', name: 'ORGNAME', uuid: '56ef3277-1ad4-42f6-b90b-04e5c0a83832' }]
const settings = { 'Security.rest_client_enable_arbitrary_urls': true, 'MISP.host_org_id': 1 }

interface Executed extends ModuleResult {
  readonly effects: readonly Effect[]
  readonly events: readonly RunEvent[]
}

function execute(input: ModuleInput, answer?: (effect: Effect) => EffectAnswer | undefined): Executed {
  const events: RunEvent[] = []
  const ports = {
    clock: { now: () => 0, monotonic: () => 0 },
    uuid: () => '00000000-0000-4000-8000-000000000001',
    answer: ({ effect }: { effect: Effect }) => {
      const given = answer?.(effect)
      return given && { answer: given, by: 'test' }
    }
  }
  const run = createModuleRun({ settings, world: { organisations }, ...input }, ports, (event) => events.push(event))
  runToEnd(run.stepper)
  const result = run.result()
  if (!result) throw new Error('the module did not come to its end')
  const effects = events.flatMap((event) => (event.type === 'effect' ? [event.data.effect] : []))
  return { ...result, effects, events }
}

const event: JsonMap = {
  Event: {
    id: '7',
    info: 'x',
    Attribute: [
      { id: '1', type: 'ip-dst', value: '198.51.100.20' },
      { id: '2', type: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e' }
    ],
    _AttributeFlattened: [
      { id: '1', type: 'ip-dst', value: '198.51.100.20' },
      { id: '2', type: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e' }
    ]
  }
}
const lookup: JsonMap = {
  name: 'lookup',
  mispattributes: { input: ['ip-dst'], format: 'misp_standard' },
  meta: { 'module-type': ['expansion'] }
}
const post: JsonMap = {
  name: 'poster',
  mispattributes: {},
  meta: { 'module-type': ['action'], config: { support_filters: true, params: { note: { type: 'string' } } } }
}

describe('execution of one module', () => {
  it('answers success and errors, and leaves the input alone', () => {
    const result = execute({ moduleId: 'stop-execution', data: event })
    expect(result.answer).toEqual({ success: false, errors: ['Execution stopped'] })
    expect(result.before).toBe(event)
    expect(result.after).toBe(event)
    expect(result.params).toEqual({ message: 'Execution stopped' })
  })

  it('tells the start and the end of the node', () => {
    const { events } = execute({ moduleId: 'published-if', data: { Event: { published: true } } })
    expect(events.map(({ type }) => type)).toEqual(['node.started', 'node.finished'])
    expect(events.at(-1)?.data).toMatchObject({ result: 'success', success: true, branch: 'output_1' })
  })

  it('throws as MISP does for an unknown module', () => {
    for (const moduleId of ['nope', '__proto__', 'constructor']) {
      expect(execute({ moduleId, data: event }).throwable).toMatchObject({ class: 'Error', error: true })
    }
  })

  it('answers an error without a user to run as', () => {
    const { answer } = execute({ moduleId: 'tag-if', data: event, settings: {}, world: { users: [], roles: [] } })
    expect(answer).toEqual({ error: [expect.stringContaining('Could not find a valid user')] })
  })

  it('executes a module that is disabled', () => {
    const { answer } = execute({ moduleId: 'published-if', data: {}, enabledModules: [] })
    expect(answer).toEqual({ success: false, errors: [] })
  })

  it('converts to core format when asked to', () => {
    const raw = { Event: { id: '7', info: 'x' }, Attribute: [{ id: '1', type: 'ip-dst', value: '198.51.100.20' }] }
    const { before } = execute({ moduleId: 'published-if', data: raw, convert: true })
    expect(before).toHaveProperty('Event._AttributeFlattened')
  })

  it('gives the node the filter that it was asked to use', () => {
    const filters = { selector: 'Event._AttributeFlattened.{n}', value: 'md5', operator: 'equals', path: 'type' }
    const { effects } = execute({ moduleId: 'poster', data: event, filters, serviceModules: [post] })
    expect(effects).toMatchObject([
      { kind: 'misp-modules', family: 'Action', body: { filteredItems: { 1: { id: '2' } }, params: { note: '' } } }
    ])
  })
})

describe('templates', () => {
  const message = (text: Json, answer?: EffectAnswer): Executed =>
    execute({ moduleId: 'stop-execution', data: event, params: { message: text } }, () => answer)

  it('renders a text without markup without a renderer', () => {
    expect(message('a\r\nb\n').answer).toEqual({ success: false, errors: ['a\nb'] })
  })

  it('renders markup with the engine’s own renderer', () => {
    expect(message('{{ Event.info }}').answer).toEqual({ success: false, errors: ['x'] })
  })

  it('cannot tell what markup beyond the limits would render to', () => {
    expect(message("{{ 'x' * 11000000 }}")).toMatchObject({
      answer: null,
      cannotTell: { code: 'NO_TEMPLATE_RENDERER' }
    })
  })

  it('takes a list for a TypeError', () => {
    expect(message(['x']).throwable).toMatchObject({ class: 'TypeError', error: true })
  })

  it.each([
    [{ json: { results: [{ values: ['text'] }] } }, 'text'],
    [{ json: { results: [{ values: 'text' }] } }, 't'],
    [{ json: { results: [{ values: [5] }] } }, '5']
  ])('reads the reply %j', (answer, text) => {
    expect(message('{{ x }}', answer).answer).toEqual({ success: false, errors: [text] })
  })

  it('takes an error of the service for an empty text', () => {
    expect(message('{{ x }}', { json: { error: 'no' } }).answer).toEqual({
      success: false,
      errors: ['Execution stopped']
    })
  })

  it.each([
    { json: false },
    { json: null },
    { json: 'text' },
    { status: 500, body: '{}' },
    { status: 200, body: 'no' }
  ])('takes the reply %j for a TypeError', (answer) => {
    expect(message('{{ x }}', answer).throwable).toMatchObject({ class: 'TypeError' })
  })

  it('takes a service that is switched off for a TypeError, without asking it', () => {
    const off = { ...settings, 'Plugin.Enrichment_services_enable': false }
    const result = execute({ moduleId: 'stop-execution', data: event, params: { message: 'x' }, settings: off })
    expect(result.throwable).toMatchObject({ class: 'TypeError' })
    expect(result.effects).toEqual([])
  })
})

describe('requests of webhooks', () => {
  const webhook = (params: JsonMap, answer?: EffectAnswer): Executed =>
    execute({ moduleId: 'webhook', data: event, params }, (effect) => (effect.kind === 'http' ? answer : undefined))

  it('sends JSON, with the headers of the node over those of MISP', () => {
    const headers = 'X-Key: a:b\nno colon\nContent-Type: text/plain\nEmpty:'
    const { effects } = webhook({ url: 'http://127.0.0.1/a', payload: '{"a":{}}', headers, self_signed: 'allow' })
    expect(effects.at(-1)).toEqual({
      kind: 'http',
      method: 'POST',
      url: 'http://127.0.0.1/a',
      headers: [
        ['Accept', 'application/json'],
        ['Content-Type', 'text/plain'],
        ['User-Agent', 'MISP 2.5.1'],
        ['X-Key', 'a:b']
      ],
      body: '{"a":[]}',
      selfSigned: true
    })
  })

  it('sends a body that PHP calls empty as none', () => {
    expect(webhook({ url: 'http://127.0.0.1', payload: '0' }).effects.at(-1)).toMatchObject({ body: '' })
  })

  it('sends structured data of a form as multipart, one level deep', () => {
    const { effects } = execute(
      { moduleId: 'webhook', data: { a: [1, [2]], b: 'c' }, params: { url: 'http://127.0.0.1', content_type: 'form' } },
      () => undefined
    )
    const effect = effects.at(-1) as Effect & { kind: 'http' }
    const boundary = /boundary=(.*)$/.exec(effect.headers.at(-1)?.[1] ?? '')?.[1]
    const part = (name: string, value: string) => `Content-Disposition: attachment; name="${name}"\r\n\r\n${value}`
    expect(effect.body.split(`--${boundary}`).map((text) => text.trim())).toEqual([
      '',
      part('a', '1'),
      part('a', 'Array'),
      part('b', 'c'),
      '--'
    ])
  })

  it.each([
    ['refused', "curl error 7 'Couldn't connect to server': Failed to connect to 127.0.0.1 port 1 after 0 ms"],
    ['unresolved', "curl error 6 'Couldn't resolve host name': Could not resolve host: 127.0.0.1"],
    ['timeout', 'curl error 28'],
    ['reset', 'curl error 56']
  ] as const)('words a connection that is %s as curl does', (failure, text) => {
    const { answer } = webhook({ url: 'http://127.0.0.1:1/closed' }, { failure, message: '' })
    expect(answer).toEqual({ success: false, errors: [expect.stringContaining(text)] })
  })

  it('refuses a URL that curl refuses, and sends nothing', () => {
    for (const url of ['http://a b/', 'ftp://127.0.0.1/']) {
      const { answer, effects } = webhook({ url })
      expect(answer).toEqual({ success: false, errors: [expect.stringContaining('curl error')] })
      expect(effects.filter(({ kind }) => kind === 'http')).toEqual([])
    }
  })

  it('ends the run for a method that the module does not know', () => {
    expect(webhook({ url: 'http://127.0.0.1', request_method: 'patch' }).throwable).toMatchObject({ class: 'Error' })
  })
})

describe('enrichment', () => {
  const attach = (answer: EffectAnswer): Executed =>
    execute(
      { moduleId: 'attach-enrichment', data: event, params: { modules: ['lookup'] }, serviceModules: [lookup] },
      () => answer
    )

  it('adds the results in both places and shares the rest of the data', () => {
    const { after } = attach({ json: { results: ['found'] } })
    const [before, changed] = [event, after] as unknown as Record<'Event', Record<string, JsonMap[]>>[]
    for (const key of ['Attribute', '_AttributeFlattened']) {
      expect(changed?.Event[key]?.[0]?.['enrichment']).toEqual([['found']])
      expect(changed?.Event[key]?.[1]).toBe(before?.Event[key]?.[1])
    }
  })

  it('adds an error as if it were a result', () => {
    const { after } = attach({ json: { error: 'no' } })
    expect(after).toHaveProperty('Event.Attribute.0.enrichment', [{ error: 'no' }])
  })

  it('cannot tell what a service that nobody asks would answer', () => {
    const { cannotTell } = attach({ failure: 'unavailable', message: 'offline' })
    expect(cannotTell).toMatchObject({ code: 'NO_MODULE_ANSWER' })
  })
})

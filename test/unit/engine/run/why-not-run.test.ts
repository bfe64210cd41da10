import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { WhyNotState } from '../../../../src/contract/authoring.ts'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { RawWorkflow } from '../../../../src/contract/workflow.ts'
import { jobArgumentLimit } from '../../../../src/engine/run/why-not/data.ts'
import type { ProfileId } from '../../../../src/engine/profiles/profiles.ts'
import { whyNotRun } from '../../../../src/engine/run/why-not/run.ts'

interface Node {
  readonly type: string
  readonly id: string
  readonly params?: JsonMap
}

/** A chain of nodes, the trigger first. */
function chain(nodes: readonly Node[], extra: JsonMap = {}): RawWorkflow {
  const data = Object.fromEntries(
    nodes.map((node, i) => [
      String(i + 1),
      {
        id: i + 1,
        data: { id: node.id, module_type: node.type, indexed_params: node.params ?? {} },
        inputs: {},
        outputs: i + 1 < nodes.length ? { output_1: { connections: [{ node: String(i + 2), output: 'input_1' }] } } : {}
      }
    ])
  )
  return { ...extra, data: data as Json } as unknown as RawWorkflow
}

const publish = chain([
  { type: 'trigger', id: 'event-publish' },
  { type: 'logic', id: 'tag-if' }
])
const event: JsonMap = { Event: { id: '1', info: 'x', Attribute: [] } }

const stateOf = (
  id: string,
  question: {
    trigger?: string
    data?: JsonMap | null
    workflow?: RawWorkflow | null
    settings?: JsonMap
    profile?: ProfileId
  }
): WhyNotState | undefined =>
  whyNotRun({
    trigger: question.trigger ?? 'event-publish',
    data: question.data === undefined ? event : question.data,
    workflow: question.workflow === undefined ? publish : question.workflow,
    settings: question.settings ?? {},
    ...(question.profile ? { profile: question.profile } : {})
  }).checks.find((check) => check.id === id)?.state

describe('why a trigger did not run', () => {
  it('asks the version whether background jobs are needed', () => {
    const off = (trigger: string, profile: ProfileId): WhyNotState | undefined =>
      stateOf('background-jobs', { trigger, profile, settings: { 'MISP.background_jobs': false } })
    expect(off('attribute-after-save', '2.5.1')).toBe('problem')
    expect(off('attribute-after-save', '2.5.19')).toBe('ok')
    expect(off('event-publish', '2.5.19')).toBe('problem')
  })

  it('does not know what nobody said, and says what is assumed', () => {
    const { checks } = whyNotRun({ trigger: 'event-publish', data: event, workflow: publish, settings: {} })
    const check = checks.find((one) => one.id === 'workflow-enable')
    expect([check?.state, check?.assumed]).toEqual(['unknown', 'on'])
    expect(check?.lookUp.setting).toBe('Plugin.Workflow_enable')
  })

  it('reads settings, as texts too', () => {
    expect(stateOf('workflow-enable', { settings: { 'Plugin.Workflow_enable': true } })).toBe('ok')
    expect(stateOf('workflow-enable', { settings: { 'Plugin.Workflow_enable': '0' } })).toBe('problem')
    expect(stateOf('background-jobs', { settings: { 'MISP.background_jobs': false } })).toBe('problem')
  })

  it('asks for workers and job size only where a job runs', () => {
    const after = { trigger: 'event-after-save', workflow: chain([{ type: 'trigger', id: 'event-after-save' }]) }
    expect(stateOf('workers', {})).toBeUndefined()
    expect(stateOf('job-size', {})).toBeUndefined()
    expect(stateOf('workers', after)).toBe('unknown')
    expect(stateOf('job-size', after)).toBe('ok')
  })

  it('finds data that no job can carry, to the byte', () => {
    const shell = JSON.stringify({ Event: { info: '' } }).length
    const sized = (bytes: number): JsonMap => ({ Event: { info: 'x'.repeat(bytes - shell) } })
    const size = (bytes: number) => stateOf('job-size', { trigger: 'event-after-save', data: sized(bytes) })
    expect(size(jobArgumentLimit)).toBe('ok')
    expect(size(jobArgumentLimit + 1)).toBe('problem')
  })

  it('knows whether the trigger is enabled from either setting', () => {
    expect(stateOf('trigger-enabled', { settings: { enabled_triggers: ['event-publish'] } })).toBe('ok')
    expect(stateOf('trigger-enabled', { settings: { enabled_triggers: [] } })).toBe('problem')
    expect(stateOf('trigger-enabled', { settings: { 'Plugin.Workflow_triggers_event-publish': false } })).toBe(
      'problem'
    )
  })

  it('finds that there is no workflow, that it is another trigger’s, and that nothing is connected', () => {
    expect(stateOf('workflow', { workflow: null })).toBe('problem')
    expect(stateOf('workflow', { workflow: chain([{ type: 'trigger', id: 'event-after-save' }]) })).toBe('problem')
    expect(stateOf('workflow', { workflow: chain([{ type: 'trigger', id: 'event-publish' }]) })).toBe('problem')
    expect(stateOf('workflow', {})).toBe('ok')
  })

  it('finds data that the trigger cannot use', () => {
    const sighting = chain([
      { type: 'trigger', id: 'sighting-after-save' },
      { type: 'logic', id: 'tag-if' }
    ])
    expect(stateOf('normalise', { trigger: 'sighting-after-save', workflow: sighting, data: {} })).toBe('problem')
    expect(stateOf('normalise', {})).toBe('ok')
  })

  describe('for tags', () => {
    const tagged = (params: JsonMap) =>
      chain([
        { type: 'trigger', id: 'tag-attached-after-save', params },
        { type: 'logic', id: 'tag-if' }
      ])
    const tag = (fields: JsonMap): JsonMap => ({ Tag: { name: 'tlp:red', event_id: '1', local: false, ...fields } })
    const condition = (params: JsonMap, fields: JsonMap) =>
      stateOf('condition', { trigger: 'tag-attached-after-save', workflow: tagged(params), data: tag(fields) })

    it('compares scope, locality and tag, with MISP’s defaults', () => {
      expect(condition({}, { local: true })).toBe('ok')
      expect(condition({}, {})).toBe('problem')
      expect(condition({ locality: 'any' }, { attribute_id: '3' })).toBe('problem')
      expect(condition({ scope: 'attribute', locality: 'global' }, { attribute_id: '3' })).toBe('ok')
      expect(condition({ locality: 'any', tag: 'tlp:amber' }, {})).toBe('problem')
    })

    it('needs ZMQ or Kafka notifications', () => {
      const notifications = (settings: JsonMap) =>
        stateOf('tag-notifications', { trigger: 'tag-attached-after-save', workflow: tagged({}), settings })
      expect(notifications({})).toBe('unknown')
      expect(notifications({ 'Plugin.ZeroMQ_enable': true, 'Plugin.ZeroMQ_tag_notifications_enable': true })).toBe('ok')
      expect(notifications({ 'Plugin.ZeroMQ_enable': false, 'Plugin.Kafka_enable': false })).toBe('problem')
    })
  })

  describe('for modules', () => {
    it('finds disabled ones', () => {
      expect(stateOf('modules', { settings: { enabled_modules: [] } })).toBe('problem')
      expect(stateOf('modules', { settings: { enabled_modules: ['tag-if'] } })).toBe('ok')
      // tag-if is one of those that MISP enables by itself.
      expect(stateOf('modules', {})).toBe('ok')
    })

    it('asks for the services and settings that they need, and only for those', () => {
      const workflow = chain([
        { type: 'trigger', id: 'event-publish' },
        { type: 'action', id: 'webhook', params: { url: 'https://example.org' } },
        { type: 'action', id: 'mattermost' }
      ])
      const settings = {
        'Security.rest_client_enable_arbitrary_urls': false,
        'Plugin.Action_services_enable': false,
        'Plugin.Enrichment_services_enable': false
      }
      for (const id of ['arbitrary-urls', 'action-services', 'enrichment-services']) {
        expect(stateOf(id, { workflow, settings })).toBe('problem')
        expect(stateOf(id, { settings })).toBeUndefined()
      }
    })
  })

  it('F11: says what becomes of MISP’s own operation while nobody listens to its debug posts', () => {
    const input = JSON.parse(
      readFileSync(new URL('../../../fixtures/cases/F11-debug-url-down/triggers.whyNot.json', import.meta.url), 'utf8')
    ) as { trigger: string; workflow: { json: { Workflow: RawWorkflow } }; settings: JsonMap }
    const of = (trigger: string, settings: JsonMap) =>
      whyNotRun({ trigger, data: null, workflow: input.workflow.json.Workflow, settings }).checks.find(
        ({ id }) => id === 'debug'
      )
    const told = of(input.trigger, input.settings)
    expect(told?.state).toBe('note')
    expect(told?.text).toMatch(/MISP posts to http:\/\/127\.0\.0\.1:9\. While nobody listens there, .*SocketException/)
    expect(told?.text).toMatch(
      /with it fails what fired the trigger \(a publish, .*Switch debug mode off in MISP before/
    )
    // Where the URL is not known, too; a job is what a trigger that does not block takes down.
    expect(of(input.trigger, {})?.text).toContain('SocketException')
    expect(of('event-after-save', {})?.text).toMatch(/with it fails the job /)
  })

  it('says that it may have run unseen', () => {
    expect(stateOf('debug', {})).toBe('note')
    expect(stateOf('debug', { workflow: { ...publish, debug_enabled: true } as RawWorkflow })).toBe('unknown')
  })

  it('refuses unknown triggers', () => {
    expect(stateOf('trigger', { trigger: 'nonsense' })).toBe('problem')
  })

  describe('of an ad-hoc workflow', () => {
    const adHoc = (params: JsonMap): RawWorkflow =>
      chain([
        { type: 'trigger', id: 'adhoc_1', params: { scope: 'passed_event_ids', filters: '{}', ...params } },
        { type: 'logic', id: 'tag-if' }
      ])
    const ask = (question: { params?: JsonMap; data?: JsonMap | null; settings?: JsonMap; profile?: ProfileId }) => {
      const { params = {}, data = null, settings = {}, profile = '2.5-newest' } = question
      const told = whyNotRun({ trigger: 'adhoc_1', data, workflow: adHoc(params), settings, profile })
      return (id: string) => told.checks.find((check) => check.id === id)
    }

    it('asks whether it is enabled, not whether an event fires it', () => {
      expect(ask({})('trigger-enabled')?.state).toBe('unknown')
      expect(ask({ settings: { enabled_adhoc: ['adhoc_1'] } })('trigger-enabled')?.state).toBe('ok')
      const off = ask({ settings: { enabled_adhoc: ['adhoc_2'], enabled_triggers: ['adhoc_1'] } })('trigger-enabled')
      expect(off).toMatchObject({ state: 'problem', text: expect.stringContaining('TypeError') })
      const told = ask({})
      for (const id of ['workers', 'normalise', 'job-size']) expect(told(id)).toBeUndefined()
      expect(told('redis')?.lookUp.command).toContain('workflow:adhoc_workflow_enabled')
      expect(told('workflow')?.state).toBe('ok')
    })

    it('says who starts it, and where an event’s page does not offer it', () => {
      expect(ask({})('start')?.text).toContain('on an event’s page or in the list of ad-hoc workflows')
      expect(ask({ params: { scope: 'events' } })('start')?.text).toContain('offers only those with the scope')
      expect(ask({ params: { scope: 'attributes' } })('start')?.state).toBe('problem')
    })

    it('says what ends it before its first node', () => {
      expect(ask({ params: { filters: '{' } })('filters')?.state).toBe('problem')
      expect(ask({ params: { scope: 'events', filters: '3' } })('filters')?.state).toBe('problem')
      expect(ask({ params: { scope: 'events' } })('filters')?.state).toBe('unknown')
      expect(ask({ data: event })('data')).toMatchObject({
        state: 'problem',
        text: expect.stringContaining('No data collected.')
      })
      expect(ask({ data: { eventid: '1' } })('data')?.state).toBe('ok')
      expect(ask({ data: {} })('data')?.state).toBe('note')
    })

    it('is unknown to a version without such workflows', () => {
      expect(ask({ profile: '2.5.1' })('trigger')?.state).toBe('problem')
    })
  })
})

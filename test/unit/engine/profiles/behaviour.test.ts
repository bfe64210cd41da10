// What versions of MISP do differently, by cases of our own; test/conformance has the recorded ones.
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { Effect, HttpEffect, RunEvent } from '../../../../src/contract/run.ts'
import { modulesOf } from '../../../../src/engine/modules/table.ts'
import type { ProfileId } from '../../../../src/engine/profiles/profiles.ts'
import { runToEnd } from '../../../../src/engine/run/walk/driver.ts'
import { createModuleRun } from '../../../../src/engine/run/execute-module.ts'
import { createRun } from '../../../../src/engine/run/start.ts'

const settings = { 'Security.rest_client_enable_arbitrary_urls': true, 'MISP.host_org_id': 1 }
const ports = {
  clock: { now: () => 0, monotonic: () => 0 },
  uuid: () => '00000000-0000-4000-8000-000000000001',
  answer: ({ effect }: { effect: Effect }) =>
    effect.kind === 'http' ? { answer: { status: 200, body: 'ok' }, by: 'test' } : undefined
}

function moduleIn(profile: ProfileId, moduleId: string, params: JsonMap, data: JsonMap) {
  const events: RunEvent[] = []
  const run = createModuleRun({ settings, moduleId, params, data, options: { profile } }, ports, (event) =>
    events.push(event)
  )
  runToEnd(run.stepper)
  const http = events.flatMap((one) => (one.type === 'effect' ? [one.data.effect as HttpEffect] : []))
  return { answer: run.result()?.answer, after: run.result()?.after, http, events }
}

interface Node {
  readonly type: string
  readonly id: string
  readonly params?: JsonMap
}

function workflow(nodes: readonly Node[]): JsonMap {
  const data = nodes.map((node, i): [string, Json] => [
    String(i + 1),
    {
      id: i + 1,
      data: { id: node.id, module_type: node.type, indexed_params: node.params ?? {} },
      inputs: {},
      outputs: i + 1 < nodes.length ? { output_1: { connections: [{ node: String(i + 2), output: 'input_1' }] } } : {}
    }
  ])
  const trigger = nodes[0]?.id ?? ''
  return { id: '9', uuid: ports.uuid(), name: 'w', trigger_id: trigger, counter: '0', data: Object.fromEntries(data) }
}

function runIn(profile: ProfileId, nodes: readonly Node[], data: JsonMap): RunEvent[] {
  const events: RunEvent[] = []
  const input = { workflow: workflow(nodes), data, settings, options: { runId: 'r', profile } }
  runToEnd(createRun(input, ports, (event) => events.push(event)))
  return events
}

const outcomes = (events: readonly RunEvent[]): string[] =>
  events.flatMap((one) => (one.type === 'run.finished' ? [`${one.data.outcome}: ${one.data.outcomeText}`] : []))

const tagged: JsonMap = { Event: { id: '7', info: 'a', Attribute: [], Tag: [{ name: 'x' }] } }

describe('what a version does differently', () => {
  it('sends a form as fields in 2.4.177', () => {
    const params = { url: 'http://127.0.0.1:9/', content_type: 'form', data_extraction_path: 'Event.info' }
    const old = moduleIn('2.4.177', 'webhook', params, { Event: { info: 'a b&é' } })
    expect(old.http[0]?.body).toBe('0=a+b%26%C3%A9')
    expect(old.answer?.success).toBe(true)
  })

  it('has in 2.4.177 no webhook parameter of a later version', () => {
    const { http } = moduleIn('2.4.177', 'webhook', { url: 'u', request_method: 'put', headers: 'X: 1' }, tagged)
    expect(http[0]?.method).toBe('POST')
    expect(http[0]?.headers.map(([name]) => name)).not.toContain('X')
  })

  it.each(['2.4.198', '2.5.1', '2.5-newest'] as const)('stops with its message in %s', (profile) => {
    expect(moduleIn(profile, 'stop-execution', { message: 'no' }, tagged).answer?.errors).toEqual(['no'])
  })

  it('stops without a message in 2.4.177', () => {
    expect(moduleIn('2.4.177', 'stop-execution', { message: 'no' }, tagged).answer?.errors).toEqual([
      'Execution stopped'
    ])
  })

  it('knows a module only where it came, and no more where it is missing', () => {
    const knows = (profile: ProfileId, id: string): boolean => modulesOf(profile).find('logic', id) !== undefined
    expect([knows('2.5.1', 'filter-timestamp'), knows('2.5-newest', 'filter-timestamp')]).toEqual([false, true])
    expect([knows('2.4.177', 'count-if'), knows('2.4.198', 'count-if')]).toEqual([false, true])
  })

  it('does not guess how the newest one compares', () => {
    const nodes = [
      { type: 'trigger', id: 'event-publish' },
      { type: 'logic', id: 'filter-timestamp', params: { target: 'attribute', operator: 'greater', value: '3d' } }
    ]
    const data: JsonMap = {
      Event: { id: '7', Attribute: [{ id: '1', timestamp: '1729500001', type: 'md5', value: 'v' }] }
    }
    expect(outcomes(runIn('2.5-newest', nodes, data))[0]).toMatch(/^cannot tell: .*greater/)
  })

  it('knows workflows that are started by hand only where they came', () => {
    const nodes: Node[] = [
      { type: 'trigger', id: 'adhoc_9', params: { scope: 'passed_roaming_data', filters: '{}' } },
      { type: 'action', id: 'stop-execution', params: { message: 'no' } }
    ]
    expect(outcomes(runIn('2.5.19', nodes, tagged))[0]).toMatch(/^blocked/)
    expect(outcomes(runIn('2.5.1', nodes, tagged))[0]).toMatch(/^aborted/)
  })
})

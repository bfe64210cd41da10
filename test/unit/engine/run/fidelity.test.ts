// Small things that MISP does its own way, each read in its source or tried with curl.
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { Effect, RunEvent } from '../../../../src/contract/run.ts'
import type { CustomModule } from '../../../../src/engine/run/environment.ts'
import { createModuleRun } from '../../../../src/engine/run/execute-module.ts'
import type { ModuleInput } from '../../../../src/engine/run/execute-module.ts'
import { createRun } from '../../../../src/engine/run/start.ts'
import { runToEnd } from '../../../../src/engine/run/walk/driver.ts'
import { defineAction } from '../../../../src/engine/modules/define.ts'
import { extract } from '../../../../src/engine/hash/hash.ts'
import type { WorldData } from '../../../../src/engine/world/world.ts'
import { eventOf, workflowOf } from '../../host/samples.ts'

const settings = { 'Security.rest_client_enable_arbitrary_urls': true, 'MISP.host_org_id': 1 }
const organisations = [{ id: '1', name: 'ORGNAME', uuid: '56ef3277-1ad4-42f6-b90b-04e5c0a83832' }]
const ports = {
  clock: { now: () => 0, monotonic: () => 0 },
  uuid: () => '00000000-0000-4000-8000-000000000001'
}

function execute(input: ModuleInput) {
  const events: RunEvent[] = []
  const world = { organisations, ...input.world }
  const run = createModuleRun({ settings, ...input, world }, ports, (event) => events.push(event))
  runToEnd(run.stepper)
  const result = run.result()
  if (!result) throw new Error('the module did not come to its end')
  const effects = events.flatMap((event): Effect[] => (event.type === 'effect' ? [event.data.effect] : []))
  return { ...result, effects, events }
}

const full = (over: JsonMap = {}): JsonMap => {
  const event = { ...(eventOf(2)['Event'] as JsonMap), ...over } as JsonMap
  return { Event: { ...event, _AttributeFlattened: event['Attribute'] as Json } }
}

describe('parameters', () => {
  it.each([undefined, null, ''])('a stop without a message of its own (%s) asks no renderer', (message) => {
    const params: JsonMap = message === undefined ? {} : { message }
    const { answer, effects } = execute({ moduleId: 'stop-execution', data: full(), params })
    expect(answer).toEqual({ success: false, errors: ['Execution stopped'] })
    expect(effects).toEqual([])
  })

  it.each([5, 0, 1.5, true])('a template that is no text (%s) is sent as it is', (message) => {
    const { effects, answer } = execute({ moduleId: 'stop-execution', data: full(), params: { message } })
    expect(effects).toMatchObject([{ kind: 'template', param: 'message', sent: message }])
    expect(answer).toEqual({ success: false, errors: ['Execution stopped'] })
  })

  it('false is no template: PHP measures it as empty', () => {
    const { effects } = execute({ moduleId: 'stop-execution', data: full(), params: { message: false } })
    expect(effects).toEqual([])
  })

  it('go to an action module of the service as they are', () => {
    const params = { note: { type: 'string' }, count: { type: 'string' } }
    const module: JsonMap = {
      name: 'poster',
      mispattributes: {},
      meta: { 'module-type': ['action'], config: { params } }
    }
    const given = { note: 7, count: true }
    const { effects } = execute({ moduleId: 'poster', data: full(), params: given, serviceModules: [module] })
    expect(effects).toMatchObject([{ kind: 'misp-modules', body: { params: given } }])
  })
})

it.each([': value', ' : value', ':'])('a header line %j has no name, and curl does not send it', (line) => {
  const params = {
    url: 'https://x.example',
    headers: `A: 1\n${line}\nB: 2`,
    content_type: 'json',
    request_method: 'post'
  }
  const { effects } = execute({ moduleId: 'webhook', data: full(), params })
  const headers = effects.flatMap((effect) => (effect.kind === 'http' ? effect.headers.map(([name]) => name) : []))
  expect(headers).toEqual(['Accept', 'Content-Type', 'User-Agent', 'A', 'B'])
})

describe('the database', () => {
  it.each([0, '0', false])('answers flags as booleans after a reload (published %j)', (published) => {
    const [first] = (eventOf(1)['Event'] as JsonMap)['Attribute'] as JsonMap[]
    const attribute = { ...first, to_ids: 1, deleted: 0, distribution: 5 }
    const data = full({ published, locked: 1, threat_level_id: 2, Attribute: [attribute] as unknown as Json })
    const trigger = { id: 1, data: { module_type: 'trigger', misp_core_format: true } }
    const { after } = execute({ moduleId: 'reload-full-event', data, workflow: { data: { 1: trigger } } })
    expect((after as JsonMap)['Event']).toMatchObject({ published: false, locked: true, threat_level_id: '2' })
    expect(extract(after, 'Event.Attribute.{n}.to_ids')).toEqual([true])
    expect(extract(after, 'Event.Attribute.{n}.distribution')).toEqual(['5'])
  })

  const model: JsonMap = {
    id: '1',
    name: 'NIDS',
    enabled: true,
    formula: 'Polynomial',
    parameters: { lifetime: 120, decay_speed: 2, threshold: 30 }
  }

  it.each([undefined, null, '', '0'])('gives an attribute with the uuid %j the first row of all', (uuid) => {
    const event = full()
    const stored = { Event: { ...(event['Event'] as JsonMap) } }
    const list = ((event['Event'] as JsonMap)['Attribute'] as JsonMap[]).map((one) => {
      const { uuid: _uuid, ...rest } = one
      return uuid === undefined ? rest : { ...rest, uuid }
    })
    const data = { Event: { ...(event['Event'] as JsonMap), Attribute: list, _AttributeFlattened: list } } as JsonMap
    const world = { organisations, events: [stored], decaying_models: [model] } as unknown as WorldData
    const { after } = execute({ moduleId: 'attach-decay-score', data, world, params: { decayingmodels: ['1'] } })
    const first = (list[0] as JsonMap)['value'] as Json
    expect(extract(after, 'Event._AttributeFlattened.{n}.value')).toEqual([first, first])
  })

  it('refuses a list of sharing groups as a column, and an empty one as NULL', () => {
    const of = (sharing_group_id: Json): JsonMap => ({ distribution: '4', sharing_group_id })
    const told = (group: Json) =>
      execute({ moduleId: 'Module_event_distribution_operation', data: full({ analysis: '0' }), params: of(group) })
        .throwable
    expect(told(['1'])?.message).toContain("Unknown column 'Array'")
    expect(told([])?.message).toContain("Column 'sharing_group_id' cannot be null")
    expect(told('1')).toBeNull()
  })

  it('refuses a list as the relationship of a tag, and takes an empty one for none', () => {
    const told = (relationship_type: Json) =>
      execute({ moduleId: 'tag_operation', data: full(), params: { scope: 'event', tags: ['x'], relationship_type } })
    expect(told(['a']).throwable?.message).toContain("Unknown column 'Array'")
    const added = told([]).events.flatMap((one) =>
      one.type === 'world.changed' && one.data.change.table === 'event_tags' && one.data.change.op === 'added'
        ? [one.data.change.row['relationship_type']]
        : []
    )
    expect(added).toEqual([null])
  })

  it('keeps a relationship that reads 0 when an attribute is saved with its tags', () => {
    const tag = { id: '3', name: 'x', relationship_type: '0', local: false }
    const event = full()
    const list = ((event['Event'] as JsonMap)['Attribute'] as JsonMap[]).map((one) => ({
      ...one,
      to_ids: true,
      Tag: [tag]
    }))
    const data = {
      Event: { ...(event['Event'] as JsonMap), Attribute: list, _AttributeFlattened: list }
    } as unknown as JsonMap
    const world = { organisations, events: [full()], tags: [{ id: '3', name: 'x' }] } as unknown as WorldData
    const { events } = execute({ moduleId: 'attribute_ids_flag_operation', data, world, params: { action: 'remove' } })
    const rows = events.flatMap((one) =>
      one.type === 'world.changed' && one.data.change.table === 'attribute_tags' && one.data.change.op === 'added'
        ? [one.data.change.row]
        : []
    )
    expect(rows.map((row) => row['relationship_type'])).toEqual(['0', '0'])
  })
})

it('joins errors under names and numbers in the order in which they came', () => {
  const fails: CustomModule = {
    definition: {
      ...defineAction({ id: 'fails', name: 'fails', description: '', inputs: 1, outputs: 1 }),
      is_custom: true
    },
    execute: (ctx) => {
      ctx.setError('b', 'first')
      ctx.setError('7', 'second')
      ctx.setError('1', 'third')
      ctx.addError('fourth')
      return false
    }
  }
  const workflow = workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'action', module: 'fails' }
  })
  const events: RunEvent[] = []
  const row = workflow['Workflow'] as JsonMap
  const input = { workflow: row, data: eventOf(1), settings, world: { organisations }, customModules: [fails] }
  runToEnd(createRun(input, ports, (event) => events.push(event)))
  const ended = events.find((event) => event.type === 'run.finished')
  expect(ended?.type === 'run.finished' && ended.data.blockingErrors.join()).toContain(
    'returned the following error: first, second, third, fourth'
  )
})

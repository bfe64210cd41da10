// What modules say of themselves (engine/modules/facts.ts), against what MISP's recorded modules and runs did: whatever one did, its facts
// allow.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import { modulesOf } from '../../src/engine/modules/table.ts'
import type { ActionFacts, LogicFacts } from '../../src/engine/modules/facts.ts'
import { createAdapter, eventsOf } from './adapter.ts'

interface ModuleCase extends JsonMap {
  readonly id: string
  readonly module_id: string
  readonly input_data: Json
  readonly params: JsonMap
}
const read = (name: string): JsonMap =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8')) as JsonMap

const factsOfNode = (id: string): LogicFacts | ActionFacts | undefined =>
  modulesOf('2.5.1').facts('logic', id) ?? modulesOf('2.5.1').facts('action', id)
const { inputs, cases, ...around } = read('modules') as unknown as { inputs: JsonMap; cases: readonly ModuleCase[] }

/** What the saving of rows makes MISP fire. */
const firedBySaving: Readonly<Record<string, string>> = {
  events: 'event-after-save',
  attributes: 'attribute-after-save',
  objects: 'object-after-save',
  shadow_attributes: 'shadow-attribute-after-save'
}

const paramsOf = (workflow: JsonMap, nodeId: number): JsonMap => {
  const { data } = (workflow['Workflow'] ?? workflow) as JsonMap
  const nodes = Object.values((data ?? {}) as JsonMap) as readonly JsonMap[]
  const node = nodes.find((one) => String(one['id']) === String(nodeId))
  return ((node?.['data'] as JsonMap | undefined)?.['indexed_params'] ?? {}) as JsonMap
}

describe('the facts of a module', () => {
  it('allow what its recorded executions did', async () => {
    const execute = (await createAdapter()).module as unknown as (input: JsonMap) => JsonMap
    const wrong: string[] = []
    const changing = new Set<string>()
    for (const { id, module_id: moduleId, ...given } of cases) {
      const facts = factsOfNode(moduleId)
      if (!facts) continue
      const input = typeof given.input_data === 'string' ? (inputs[given.input_data] as Json) : given.input_data
      const got = execute({ ...given, id, module_id: moduleId, input_data: input, ...around } as JsonMap)
      const expected = given['expected'] as JsonMap
      // A module that changed data in the recording has its own `after` there, and not "(input)" or the data before.
      const { after } = expected
      const isChange = typeof after === 'object' && after !== null && JSON.stringify(after) !== '[]'
      // The walker gives a concurrent task the node to go on with, in the data, and the task takes it out again.
      if (isChange && moduleId !== 'concurrent-task') changing.add(moduleId)
      const sent = (name: string): boolean => Object.keys((got[name] ?? {}) as object).length > 0
      const sends = 'sends' in facts ? facts.sends.map(({ to }) => to) : []
      if (sent('http') && !sends.includes('url') && !sends.includes('origin'))
        wrong.push(`${id}: ${moduleId} sent a request`)
      // Other topics are MISP's own notifications of what was saved.
      if (Object.hasOwn((got['zmq'] ?? {}) as object, 'mispq:data:misp_json_workflow') && !sends.includes('topic'))
        wrong.push(`${id}: ${moduleId} sent a ZMQ message`)
      if (sent('mail') && !sends.includes('mail')) wrong.push(`${id}: ${moduleId} sent a mail`)
      const fires = 'fires' in facts ? facts.fires(given.params).map(({ trigger }) => trigger) : []
      for (const [table, changes] of Object.entries((expected['db'] ?? {}) as JsonMap)) {
        const trigger = firedBySaving[table]
        if (trigger !== undefined && JSON.stringify(changes) !== '{}' && !fires.includes(trigger))
          wrong.push(`${id}: ${moduleId} saved ${table}, which fires ${trigger}`)
      }
    }
    expect(wrong).toEqual([])
    expect([...changing].filter((id) => factsOfNode(id)?.changesData !== true)).toEqual([])
  })

  it('allow what recorded runs fired', () => {
    const runs = read('runs') as unknown as {
      readonly shared: readonly Json[]
      readonly cases: readonly (JsonMap & { readonly workflow: JsonMap })[]
    }
    const filled = (value: Json): Json => {
      const found = typeof value === 'string' ? /^\(shared (\d+)\)$/.exec(value) : null
      return found ? (runs.shared[Number(found[1])] as Json) : value
    }
    const { shared: _shared, cases: all, ...rest } = runs
    const wrong: string[] = []
    let fired = 0
    for (const one of all) {
      const input = Object.fromEntries(Object.entries(one).map(([key, value]) => [key, filled(value)]))
      const events = eventsOf({ ...rest, ...input } as unknown as Parameters<typeof eventsOf>[0])
      for (const event of events) {
        if (event.type !== 'trigger.fired') continue
        fired++
        const by = events.findLast(
          (other) => other.type === 'node.started' && other.nodeId === event.data.nodeId && other.seq < event.seq
        )
        if (by?.type !== 'node.started') continue
        const params = paramsOf(one.workflow, event.data.nodeId)
        const fires = modulesOf('2.5.1').facts('action', by.data.moduleId)?.fires(params) ?? []
        if (!fires.some(({ trigger }) => trigger === event.data.triggerId))
          wrong.push(`${by.data.moduleId} fired ${event.data.triggerId}`)
      }
    }
    expect(wrong).toEqual([])
    expect(fired).toBeGreaterThan(0)
  })
})

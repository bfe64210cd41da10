// Small workflows and runs for the tests of the walk. Graphs are MISP's own shape; nothing is stubbed.
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { RunEvent, RunEventMap, RunEventType } from '../../../../src/contract/run.ts'
import { runToEnd } from '../../../../src/engine/run/walk/driver.ts'
import type { RunInput } from '../../../../src/engine/run/input.ts'
import type { Ports } from '../../../../src/engine/effects/ports.ts'
import { createRun } from '../../../../src/engine/run/start.ts'
import type { Stepper } from '../../../../src/engine/run/walk/stepper.ts'

const logic = new Set([
  'generic-if',
  'concurrent-task',
  'tag-if',
  'generic-filter-data',
  'generic-filter-reset',
  'published-if',
  'count-if'
])

export interface NodeInput {
  readonly id: string
  readonly params?: JsonMap
  /** Ids of the nodes behind output_1 and output_2. */
  readonly to?: readonly (readonly number[])[]
}

export function node(id: number, { id: moduleId, params = {}, to = [] }: NodeInput, type?: string): JsonMap {
  const outputs = to.map((targets, i): [string, Json] => [
    `output_${i + 1}`,
    { connections: targets.map((target) => ({ node: String(target), output: 'input_1' })) }
  ])
  return {
    id,
    name: moduleId,
    data: {
      id: moduleId,
      module_type: type ?? (logic.has(moduleId) ? 'logic' : 'action'),
      indexed_params: params,
      saved_filters: { selector: '', value: '', operator: '', path: '' }
    },
    inputs: [],
    outputs: Object.fromEntries(outputs)
  }
}

/** A workflow whose trigger is node 1 and leads to node 2. */
export const workflow = (nodes: readonly NodeInput[], row: JsonMap = {}, trigger = 'event-publish'): JsonMap => ({
  ...{ id: '1', name: 'test', trigger_id: trigger, debug_enabled: true, counter: '0', ...row },
  data: Object.fromEntries([
    ['1', node(1, { id: trigger, to: [[2]] }, 'trigger')],
    ...nodes.map((input, i): [string, Json] => [String(i + 2), node(i + 2, input)])
  ])
})

export const event: JsonMap = {
  Event: { id: '7', info: 'Test', published: false, distribution: '1', uuid: 'c99506a6-1255-4b71-afa5-7b8ba48c3b1b' },
  Attribute: [],
  Object: [],
  Orgc: { id: '1', name: 'ORGNAME' },
  Org: { id: '1', name: 'ORGNAME' }
}

function testPorts(more: Partial<Ports> = {}): Ports {
  let ticks = 0
  let ids = 0
  const clock = { now: () => 1729512000000, monotonic: () => ++ticks }
  return { clock, uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`, ...more }
}

const settings: JsonMap = { 'MISP.host_org_id': 1, 'Security.rest_client_enable_arbitrary_urls': true }

export interface Started {
  readonly run: Stepper
  readonly events: RunEvent[]
}

export function start(input: Partial<RunInput> & Pick<RunInput, 'workflow'>, ports: Partial<Ports> = {}): Started {
  const events: RunEvent[] = []
  const { options, ...rest } = input
  const full: RunInput = { data: event, settings, ...rest, options: { runId: 'run', ...options } }
  return { run: createRun(full, testPorts(ports), (happened) => events.push(happened)), events }
}

export function runAll(input: Partial<RunInput> & Pick<RunInput, 'workflow'>, ports: Partial<Ports> = {}): RunEvent[] {
  const { run, events } = start(input, ports)
  runToEnd(run)
  return events
}

/** The data of all events of a type. */
export const dataOf = <T extends RunEventType>(events: readonly RunEvent[], type: T): RunEventMap[T][] =>
  events.filter((happened) => happened.type === type).map((happened) => happened.data as RunEventMap[T])

export const finish = (events: readonly RunEvent[]): RunEventMap['run.finished'] => {
  const end = events.find((happened) => happened.type === 'run.finished' && happened.runId === 'run')
  if (!end) throw new Error('the run has no end')
  return end.data as RunEventMap['run.finished']
}

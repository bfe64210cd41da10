// Graphs for tests, through the real parser.
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { RawGraph, RawWorkflow } from '../../../../src/contract/workflow.ts'
import { parseWorkflow } from '../../../../src/engine/graph/parse.ts'

export interface NodeSpec {
  readonly module: string
  readonly type?: 'trigger' | 'logic' | 'action'
  /** Targets by output. */
  readonly to?: readonly (readonly number[])[]
  readonly params?: JsonMap
  readonly id?: Json
}

const logic = /-if$|^generic-|^concurrent-task$/
const trigger = /-(save|publish|query|new|pull)$/

const typeOf = (module: string): 'trigger' | 'logic' | 'action' =>
  logic.test(module) ? 'logic' : trigger.test(module) ? 'trigger' : 'action'

/** Nodes by key as MISP's editor saves them; inputs are written from the outputs. */
export function graph(nodes: { readonly [key: number]: NodeSpec }): RawGraph {
  const all = Object.entries(nodes)
  const incoming = new Map<string, Json[]>()
  for (const [from, { to = [] }] of all)
    for (const [i, targets] of to.entries())
      for (const target of targets) {
        const known = incoming.get(String(target)) ?? []
        incoming.set(String(target), known)
        known.push({ node: from, input: `output_${i + 1}` })
      }
  const inputs = (key: string): Json[] => incoming.get(key) ?? []
  return Object.fromEntries(
    all.map(([key, { module, type, to = [], params = {}, id = Number(key) }]) => [
      key,
      {
        id,
        name: module,
        data: {
          id: module,
          name: module,
          module_type: type ?? typeOf(module),
          multiple_output_connection: module === 'concurrent-task',
          indexed_params: params,
          saved_filters: { selector: '', value: '', operator: '', path: '' }
        },
        inputs: { input_1: { connections: inputs(key) } },
        outputs: Object.fromEntries(
          to.map((targets, i) => [
            `output_${i + 1}`,
            { connections: targets.map((t) => ({ node: String(t), output: 'input_1' })) }
          ])
        )
      }
    ])
  ) as RawGraph
}

export const workflow = (nodes: { readonly [key: number]: NodeSpec }, name = 'test'): RawWorkflow =>
  parseWorkflow({ Workflow: { id: '1', name, data: graph(nodes) as Json } }, 'test.json')

/** A chain of `length` nodes behind a trigger, the last one connected to `end`. */
export function chain(length: number, end: readonly number[] = [], module = 'webhook'): { [key: number]: NodeSpec } {
  return Object.fromEntries(
    Array.from({ length }, (_, i) => [
      i + 1,
      { module: i === 0 ? 'event-publish' : module, to: [i === length - 1 ? end : [i + 2]] }
    ])
  )
}

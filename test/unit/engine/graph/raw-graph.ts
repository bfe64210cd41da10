// Graphs as MISP's editor saves them, without the parser: browser tests write them into files.
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { RawGraph } from '../../../../src/contract/workflow.ts'

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

// Graphs for tests, through the real parser.
import type { Json } from '../../../../src/contract/json.ts'
import type { RawWorkflow } from '../../../../src/contract/workflow.ts'
import { parseWorkflow } from '../../../../src/engine/graph/parse.ts'
import { graph } from './raw-graph.ts'
import type { NodeSpec } from './raw-graph.ts'

export { graph }
export type { NodeSpec }

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

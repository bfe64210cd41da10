// What a workflow needs of its world is looked for once, however many nodes ask for it.
import { expectLinear } from './work.ts'
import { describe, it } from 'vitest'
import type { JsonMap } from '../../src/contract/json.ts'
import type { RawWorkflow } from '../../src/contract/workflow.ts'
import { modulesOf } from '../../src/engine/modules/table.ts'
import { needsOf } from '../../src/host/worker/effects/needs.ts'

const workflowOf = (size: number, id: string, params: JsonMap): RawWorkflow =>
  ({
    data: Object.fromEntries(
      Array.from({ length: size }, (_, i) => [
        String(i + 1),
        { id: i + 1, data: { id, module_type: 'action', indexed_params: params } }
      ])
    )
  }) as unknown as RawWorkflow

const serviceOf = (size: number): JsonMap[] =>
  Array.from({ length: size }, (_, i) => ({ name: `m${i}`, meta: { 'module-type': ['action'], config: {} } }))

const none = new Set<string>()
const modules = modulesOf('2.5.1')

describe('what a workflow needs', () => {
  it('of a service costs what nodes and modules are together', () => {
    expectLinear(
      (size) => [workflowOf(size, 'm1', {}), { service_modules: serviceOf(size) }] as const,
      ([workflow, world]) => needsOf(workflow, world, none, modules),
      100
    )
  })
  it('of the world costs what nodes and rows are together', () => {
    const tags = (size: number): JsonMap[] => Array.from({ length: size }, (_, i) => ({ id: String(i), name: `t${i}` }))
    expectLinear(
      (size) => [workflowOf(size, 'tag_operation', { tags: ['t0', 'none'] }), { tags: tags(size) }] as const,
      ([workflow, world]) => needsOf(workflow, world, none, modules),
      500
    )
  })
})

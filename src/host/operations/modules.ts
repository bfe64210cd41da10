import type { ModuleUse } from '../../contract/authoring.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { field, moduleOf, nodesOf } from '../../engine/graph/nodes.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

export const moduleHandlers = ({ workspace }: Services): Handlers<'modules.usage'> => ({
  'modules.usage': () =>
    workspace.workflows.list().flatMap(({ id, name }) => usesOf(id, name, workspace.workflows.get(id).workflow))
})

function usesOf(workflowId: string, workflowName: string, workflow: Json): ModuleUse[] {
  const nodes = new Map<string, (string | number)[]>()
  for (const { node, key } of nodesOf(graphOf(workflow))) {
    // What is no node (a text, a number) has no module.
    if (typeof node !== 'object' || node === null) continue
    const module = moduleOf(node).id
    if (module === '') continue
    const id = field(node, 'id')
    nodes.set(module, [...(nodes.get(module) ?? []), typeof id === 'string' || typeof id === 'number' ? id : key])
  }
  return [...nodes].map(([moduleId, nodeIds]) => ({ moduleId, workflowId, workflowName, nodeIds }))
}

function graphOf(workflow: Json): RawGraph {
  const outer = (workflow ?? {}) as JsonMap
  const row = (outer['Workflow'] ?? outer) as JsonMap
  const data = row['data']
  return typeof data === 'object' && data !== null ? (data as RawGraph) : []
}

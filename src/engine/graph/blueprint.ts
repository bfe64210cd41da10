// A blueprint is a piece of a workflow: a list of nodes, mostly without trigger. MISP's editor drops it into a workflow and wires
// it by hand; to run one alone it needs keys and a trigger.
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { RawGraph, RawWorkflow } from '../../contract/workflow.ts'
import type { ModuleTable } from '../modules/table.ts'
import { connectionsOf, field, nodesOf } from './nodes.ts'
import { phpInt } from '../php/cast.ts'
import { extractTriggerId } from './walk-helpers.ts'

/** The trigger that the description names in brackets (`[event-publish] …`), as the published blueprints do. */
function namedTrigger(description: Json | undefined, modules: ModuleTable): string {
  const named = typeof description === 'string' ? /\[([a-z-]+)\]/.exec(description)?.[1] : undefined
  return named !== undefined && modules.find('trigger', named) ? named : 'event-publish'
}

function triggerNode(triggerId: string, id: number, roots: readonly number[], modules: ModuleTable): JsonMap {
  const definition = modules.find('trigger', triggerId)
  const { extra = {}, ...data } = definition ?? { id: triggerId, module_type: 'trigger', name: triggerId }
  return {
    class: 'block-type-trigger',
    data: { ...(data as unknown as JsonMap), ...(extra as JsonMap), indexed_params: [] },
    id,
    name: definition?.name ?? triggerId,
    inputs: [],
    outputs: { output_1: { connections: roots.map((root) => ({ node: String(root), output: 'input_1' })) } },
    pos_x: 0,
    pos_y: 0,
    typenode: false
  }
}

/**
 * A workflow of a blueprint's nodes under their ids. Without a trigger it gets one: the trigger that the description names (else
 * `event-publish`), connected to the nodes that nothing in the blueprint leads to.
 * @param blueprint `WorkflowBlueprint` with checked `data`
 */
export function workflowFromBlueprint(blueprint: JsonMap, modules: ModuleTable): RawWorkflow {
  const graph = blueprint.data as Json & RawGraph
  const nodes = nodesOf(graph).map(({ node }) => [phpInt(field(node, 'id')), node] as const)
  const ids = new Set(nodes.map(([id]) => id))
  const targets = new Set(nodes.flatMap(([, node]) => connectionsOf(node).map(({ target }) => target)))
  const existing = extractTriggerId(graph)
  const triggerId = existing === null ? namedTrigger(blueprint.description, modules) : plainText(existing)
  const free = ids.has(1) ? [...ids].reduce((a, b) => Math.max(a, b), 0) + 1 : 1
  const roots = [...ids].filter((id) => !targets.has(id))
  const added = existing === null ? [[free, triggerNode(triggerId, free, roots, modules)] as const] : []
  return {
    id: '0',
    name: blueprint.name ?? 'Blueprint',
    description: blueprint.description ?? '',
    ...(blueprint.uuid === undefined ? {} : { uuid: blueprint.uuid }),
    trigger_id: triggerId,
    counter: '0',
    debug_enabled: true,
    data: Object.fromEntries([...added, ...nodes]) as unknown as Json & RawGraph
  }
}

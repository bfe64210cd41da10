// A workflow as if it listened to another trigger: for one that this version of MISP does not have, or to see what it would do there.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RawGraph, RawWorkflow } from '../../../contract/workflow.ts'
import { dataOf, nodesOf } from '../../graph/nodes.ts'
import { isList, isMap, withKey } from '../../php/values.ts'

/** Only its trigger node differs. The parameters of the other trigger are not this one's. */
export function asTrigger(workflow: RawWorkflow, trigger: string): RawWorkflow {
  const found = nodesOf(workflow.data).find(({ node }) => dataOf(node, 'module_type') === 'trigger')
  if (!found || !isMap(found.node)) return workflow
  const data = found.node.data as JsonMap
  const node: JsonMap = {
    ...found.node,
    name: trigger,
    data: { ...data, id: trigger, name: trigger, indexed_params: [] }
  }
  return { ...workflow, trigger_id: trigger, data: withNode(workflow.data, String(found.key), node) }
}

function withNode(graph: RawGraph, key: string, node: Json): RawGraph {
  const nodes = graph as Json
  if (isList(nodes)) return nodes.map((one, i) => (String(i) === key ? node : one)) as unknown as RawGraph
  return withKey(nodes as JsonMap, key, node) as RawGraph
}

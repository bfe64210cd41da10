import { mapOrNull, type Json, type JsonMap } from '../../contract/json.ts'
import { field, nodesOf } from '../../engine/graph/nodes.ts'
import { phpInt } from '../../engine/php/cast.ts'
import { workflowGraph } from '../../engine/graph/document.ts'

export interface SavedNode {
  readonly params: JsonMap
  readonly filters: JsonMap
  readonly version: string | null
}

/** Parameters and filters as they are saved in the workflow. */
export function savedNode(workflow: Json, nodeId: number | null): SavedNode {
  const found = nodesOf(workflowGraph(workflow)).find(({ node }) => phpInt(field(node, 'id')) === nodeId)?.node
  const data = mapOrNull(field(found, 'data')) ?? {}
  const version = data['module_version']
  return {
    params: mapOrNull(data['indexed_params']) ?? {},
    filters: mapOrNull(data['saved_filters']) ?? {},
    version: typeof version === 'string' ? version : null
  }
}

export const showValue = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 1)

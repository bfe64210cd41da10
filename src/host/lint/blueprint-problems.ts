// A blueprint mostly has no trigger; to be checked it gets one (workflowFromBlueprint). What is only about that one is no problem of the blueprint.
import { isMap } from '../../engine/php/values.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RawGraph, RawWorkflow } from '../../contract/workflow.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import { field, phpKey } from '../../engine/graph/nodes.ts'
import { extractTrigger, extractTriggerId } from '../../engine/graph/walk-helpers.ts'

const nodesIn = (data: Json | undefined): Json => {
  if (typeof data !== 'string') return data ?? []
  return JSON.parse(data) as Json
}

/** @param source as it came; @param workflow as it was checked */
export function ofBlueprint(
  source: Json,
  workflow: RawWorkflow,
  problems: readonly WorkflowProblem[]
): readonly WorkflowProblem[] {
  if (!isMap(source) || !isMap(source.WorkflowBlueprint)) return problems
  const blueprint: JsonMap = source.WorkflowBlueprint
  if (extractTriggerId(nodesIn(blueprint.data) as Json & RawGraph) !== null) return problems
  const added = phpKey(field(extractTrigger(workflow.data) ?? undefined, 'id'))
  const isNamed = String(blueprint.description ?? '').includes(`[${String(workflow.trigger_id)}]`)
  return problems.flatMap((one): WorkflowProblem[] => {
    // Which trigger it will hang under nobody knows, unless its description says so.
    if (one.code === 'RECURSION' && !isNamed) return []
    // All that nothing leads to hangs under it; what is left is a cycle, which is told as one.
    if (one.code === 'UNREACHABLE') return []
    if (!one.nodeIds.some((id) => phpKey(id) === added)) return [one]
    const nodeIds = one.nodeIds.filter((id) => phpKey(id) !== added)
    const edges = one.edges.filter((edge) => !Array.isArray(edge) || phpKey(edge[0] as Json) !== added)
    return nodeIds.length === 0 ? [] : [{ ...one, nodeIds, edges }]
  })
}

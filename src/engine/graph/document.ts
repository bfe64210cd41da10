// A workflow in whichever wrapping it came: MISP's export (`{Workflow}`, also alone in a list), a blueprint, the row without its model's
// name, or the bare nodes. Here nothing is refused: what is none of them has no row and no nodes.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { entries, isMap } from '../php/values.ts'

const wrappers = ['Workflow', 'WorkflowBlueprint'] as const

/** One for all, so that nothing looks changed that has none. */
const noNodes: RawGraph = {}

const looksLikeNode = (value: Json | undefined): boolean => isMap(value) && isMap(value.data) && 'id' in value

/** Is it a bare map or list of nodes? An empty one is a graph too: MISP stores new workflows so. */
export const looksLikeGraph = (value: JsonMap | readonly Json[]): boolean => {
  const nodes = entries(value as Json).filter(([key]) => key !== '_frames')
  return nodes.length === 0 ? Array.isArray(value) : nodes.some(([, node]) => looksLikeNode(node))
}

/** A row has `data` too: the nodes, which are no texts. */
const isNode = ({ data }: JsonMap): boolean => isMap(data) && typeof data.id === 'string'

const wrapperOf = (workflow: JsonMap): (typeof wrappers)[number] | undefined =>
  wrappers.find((name) => isMap(workflow[name]))

/** MISP's lists hold `{Workflow}` for each; one that holds a single workflow is that workflow. */
function aloneIn(workflow: Json): JsonMap | null {
  const [only, ...more] = Array.isArray(workflow) ? (workflow as readonly Json[]) : []
  return more.length === 0 && isMap(only) && wrapperOf(only) !== undefined ? only : null
}

/** Its own row: name, description, data. Null for bare nodes and for what is no workflow. */
export function workflowRow(workflow: unknown): JsonMap | null {
  const json = workflow as Json
  const map = aloneIn(json) ?? json
  if (!isMap(map)) return null
  const wrapper = wrapperOf(map)
  if (wrapper !== undefined) return map[wrapper] as JsonMap
  return looksLikeGraph(map) || isNode(map) ? null : map
}

/** Its nodes by id, or as a list; empty where it has none, or has them as the database's text. */
export function workflowGraph(workflow: unknown): RawGraph {
  const row = workflowRow(workflow)
  const graph = row ? row.data : workflow
  return typeof graph === 'object' && graph !== null ? (graph as RawGraph) : noNodes
}

/** With other fields in its row. Bare nodes become a workflow by it. */
export function withWorkflowFields(workflow: Json, fields: JsonMap): Json {
  const alone = aloneIn(workflow)
  if (alone) return [withWorkflowFields(alone, fields)]
  const row = workflowRow(workflow)
  if (row === null) return { Workflow: { ...fields, data: workflow } }
  const changed = { ...row, ...fields }
  const wrapper = wrapperOf(workflow as JsonMap)
  return wrapper === undefined ? changed : { ...(workflow as JsonMap), [wrapper]: changed }
}

/** With other nodes; the same workflow where they are its own. */
export function withWorkflowGraph(workflow: Json, graph: RawGraph): Json {
  if (workflowGraph(workflow) === graph) return workflow
  return workflowRow(workflow) === null ? (graph as Json) : withWorkflowFields(workflow, { data: graph as Json })
}

/** The database keeps the nodes as a text; here they are what it says. */
export function withReadableGraph(workflow: Json): Json {
  const data = workflowRow(workflow)?.data
  if (typeof data !== 'string') return workflow
  try {
    return withWorkflowFields(workflow, { data: JSON.parse(data) as Json })
  } catch {
    return workflow
  }
}

/** As MISP imports it: `{Workflow}`. */
export const asExported = (workflow: Json): JsonMap => ({
  Workflow: workflowRow(workflow) ?? { data: workflowGraph(workflow) as Json }
})

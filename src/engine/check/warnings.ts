// Paths from a concurrent task to a blocking module, which cannot block there any more (Workflow::hasPathWarnings).
import type { Json } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import type { ModuleLookup } from '../modules/table.ts'
import { field, moduleOf, nodeAt, nodesOf, phpKey } from '../graph/nodes.ts'
import type { PhpKey } from '../graph/nodes.ts'
import { leadingTo, outgoingOf, requireStart, walkTrails } from '../graph/trails.ts'
import { extractConcurrentTasks, parsePathList } from '../graph/walk-helpers.ts'

export const pathWarningText = 'This path leads to a blocking node from a non-blocking context'

/** MISP's tuple: the edge, the text, whether and which module blocks, the blocking node's id. Ids of edges are texts. */
type PathWarning = readonly [
  source: string,
  next: string,
  text: string,
  blocking: boolean,
  moduleId: string,
  nodeId: Json
]

export interface PathWarnings {
  readonly edges: readonly PathWarning[]
  /** False when the graph has more paths than the limit, so edges are missing. */
  readonly complete: boolean
}

/**
 * Every edge of every path from a concurrent task to a blocking module, once per path, as MISP lists them.
 * @param limit edges and steps after which the list is cut (MISP itself would go on for ever)
 * @throws PhpThrow Exception for a concurrent task whose id is no key of the graph
 */
export function pathWarnings(graph: RawGraph, lookup: ModuleLookup, limit = 100_000): PathWarnings {
  const edges: PathWarning[] = []
  let complete = true
  const outgoing = outgoingOf(graph)
  const blockingOf = (node: Json | undefined): ModuleDefinition | undefined => {
    const { type, id } = moduleOf(node)
    const definition = lookup(type, id)
    return definition?.blocking ? definition : undefined
  }
  const keys = nodesOf(graph).map(({ key }) => key)
  const goals = keys.filter((key) => blockingOf(nodeAt(graph, key)) !== undefined)
  // Once for all tasks: a chain of them would look at the whole chain for each.
  const useful = leadingTo(graph, keys, goals, outgoing)
  const budget = { steps: 4 * limit }
  for (const task of extractConcurrentTasks(graph)) {
    const start: PhpKey = phpKey(field(task, 'id'))
    requireStart(graph, start)
    if (!useful.has(start)) continue
    const visit = (node: Json | undefined, path: readonly string[]): boolean => {
      const module = blockingOf(node)
      if (!module) return true
      if (edges.length + path.length > limit) return false
      for (const { source_id, next_node_id } of parsePathList(path))
        edges.push([source_id, next_node_id, pathWarningText, true, module.id, field(node, 'id') ?? null])
      return true
    }
    complete = walkTrails(graph, start, visit, { limit, budget, enter: (key) => useful.has(key) }) && complete
  }
  return { edges, complete }
}

// Which of the workspace's workflows a captured run's posts come from. MISP has one workflow for a trigger; a workspace may hold several, of
// demonstrations or of other instances, and a run must not be drawn on one that it never went through.
import type { Json } from '../../contract/json.ts'
import { isMap } from './maps.ts'
import type { ParsedPost } from './post-parse.ts'
import { structuralHash } from './structural-hash.ts'

interface Node {
  readonly moduleId: string
  readonly parameters: number
}

const emptyHash = structuralHash([])

function nodesOf(workflow: Json): Map<string, Node> {
  const row = isMap(workflow) && isMap(workflow['Workflow']) ? workflow['Workflow'] : workflow
  const data = isMap(row) ? row['data'] : null
  const list = typeof data === 'object' && data !== null ? Object.values(data) : []
  return new Map(
    list.flatMap((node): [string, Node][] => {
      if (!isMap(node) || !isMap(node['data'])) return []
      const { id, indexed_params: parameters } = node['data']
      return [[String(node['id']), { moduleId: String(id), parameters: structuralHash(parameters ?? []) }]]
    })
  )
}

/** How many posts show a node's own parameters; null when a post shows a node that is not there. */
function fitOf(workflow: Json, posts: readonly ParsedPost[]): number | null {
  const nodes = nodesOf(workflow)
  let equal = 0
  for (const { nodeId, moduleId, parameters } of posts) {
    const node = nodes.get(nodeId)
    if (node?.moduleId !== moduleId) return null
    if (node.parameters === structuralHash(parameters ?? []) || node.parameters === emptyHash) equal++
  }
  return equal
}

/** The workflow that has all nodes of the posts, and most of their parameters; undefined when none has half of them. */
export function fittingWorkflow(workflows: readonly Json[], posts: readonly ParsedPost[]): Json | undefined {
  const executed = posts.filter(({ kind }) => kind === 'exec')
  // Nothing to tell several apart by.
  if (executed.length === 0) return workflows.length === 1 ? workflows[0] : undefined
  let best: Json | undefined
  let most = 0
  for (const workflow of workflows) {
    const fit = fitOf(workflow, executed)
    if (fit !== null && fit * 2 >= executed.length && fit > most) [best, most] = [workflow, fit]
  }
  return best
}

// Which version of which workflow a captured run went through: the one whose nodes are most as they were posted.
import { isUnknownMap } from '../../../contract/json.ts'
import type { Json } from '../../../contract/json.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import type { LaneBook } from '../../../engine/replay/verify/posts.ts'
import type { WorkflowVersion } from '../thread/protocol.ts'
import { nodeKeyOf, savedNodeKey } from '../../capture/group/graph.ts'

export interface Fit {
  readonly version: WorkflowVersion
  /** A node that was posted and that it does not have. */
  readonly lacks: { readonly nodeId: number; readonly moduleId: string } | null
}

interface PostedNode {
  readonly nodeId: number
  readonly moduleId: string
  readonly key: string
}

/** The best of the versions, the newest of those that are equally good; null: there are none. */
export function bestFit(versions: readonly WorkflowVersion[], seen: LaneBook): Fit | null {
  const posted = postedNodes(seen)
  let best: (Fit & { readonly score: number }) | null = null
  for (const version of versions) {
    const nodes = savedNodes(version.workflow)
    const lacks = posted.find(({ nodeId, moduleId }) => nodes.get(`${nodeId}`)?.moduleId !== moduleId) ?? null
    const here = posted.filter(({ nodeId, moduleId }) => nodes.get(`${nodeId}`)?.moduleId === moduleId)
    const exact = posted.filter(({ nodeId, key }) => nodes.get(`${nodeId}`)?.key === key)
    const score = (lacks === null ? 1e9 : 0) + 1e4 * here.length + exact.length
    if (best === null || score > best.score) best = { version, lacks, score }
  }
  return best
}

/** Each node once, as its first post shows it. */
function postedNodes(seen: LaneBook): readonly PostedNode[] {
  const found = new Map<string, PostedNode>()
  for (const { posts } of seen.lanes.values()) {
    for (const { kind, nodeId, moduleId, filters, parameters } of posts) {
      if (kind !== 'exec' || nodeId === null) continue
      const name = `${nodeId} ${moduleId}`
      if (!found.has(name))
        found.set(name, { nodeId, moduleId, key: nodeKeyOf(String(nodeId), moduleId, filters, parameters) })
    }
  }
  return [...found.values()]
}

function savedNodes(workflow: Json): ReadonlyMap<string, { readonly moduleId: string; readonly key: string }> {
  const found = new Map<string, { readonly moduleId: string; readonly key: string }>()
  for (const node of Object.values(workflowGraph(workflow))) {
    if (!isUnknownMap(node) || !isUnknownMap(node['data'])) continue
    found.set(String(node['id'] as Json), { moduleId: String(node['data']['id'] as Json), key: savedNodeKey(node) })
  }
  return found
}

// A workflow's graph as grouping reads it. One that was given is exact and drives positions; what posts show without one is in learned.ts.
import { isUnknownMap, type UnknownMap } from '../../../contract/json.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { structuralHash } from '../understand/structural-hash.ts'

export type NodeType = 'trigger' | 'logic' | 'action' | 'unknown'

export interface GraphNode {
  readonly id: string
  readonly moduleId: string
  readonly type: NodeType
  /** Ids of the nodes behind each output, in MISP's order; null: not known. */
  readonly outputs: readonly (readonly string[])[] | null
  readonly key: string
  /** Hash of the whole node as it is saved. */
  readonly print: number
}

/** A whole graph. */
export interface GraphIndex {
  readonly nodes: Map<string, GraphNode>
  /** Id of the trigger's node. */
  readonly start: string
  readonly prints: ReadonlySet<number>
}

const text = (value: unknown): string => (typeof value === 'number' || typeof value === 'string' ? String(value) : '')
export const entries = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : []

/** What a node is, in its posts and as it is saved: nodes of two workflows are mostly told apart by their parameters. */
export const nodeKeyOf = (nodeId: string, moduleId: string, filters: unknown, parameters: unknown): string =>
  `${nodeId}:${moduleId}:${structuralHash([filters, parameters]).toString(36)}`

/** The same of a saved node; MISP posts `""` for what is missing (Workflow::sendRequestToDebugEndpoint). */
export function savedNodeKey(node: unknown): string {
  if (!isUnknownMap(node)) return ''
  const data = isUnknownMap(node['data']) ? node['data'] : {}
  return nodeKeyOf(text(node['id']), text(data['id']), data['saved_filters'] ?? '', data['indexed_params'] ?? '')
}

const connectionsOf = (socket: unknown): unknown[] =>
  isUnknownMap(socket) ? entries(socket['connections']).map(([, connection]) => connection) : []

/** Ids of the nodes that lead to a saved node. */
export const inputsOf = (node: unknown): string[] =>
  isUnknownMap(node)
    ? entries(node['inputs']).flatMap(([, socket]) =>
        connectionsOf(socket).flatMap((connection) => (isUnknownMap(connection) ? [text(connection['node'])] : []))
      )
    : []

function outputsOf(node: UnknownMap): string[][] | null {
  if (node['outputs'] === undefined) return null
  const sockets = entries(node['outputs'])
  const list: string[][] = []
  sockets.forEach(([name, socket], i) => {
    const number = /^output_(\d+)$/.exec(name)
    const at = number === null ? i : Number(number[1]) - 1
    if (at < 0 || at > 50) return
    while (list.length <= at) list.push([])
    list[at] = connectionsOf(socket).flatMap((connection) =>
      isUnknownMap(connection) ? [text(connection['node'])] : []
    )
  })
  return list
}

function typeOf(data: UnknownMap): NodeType {
  const type = data['module_type']
  return type === 'trigger' || type === 'logic' || type === 'action' ? type : 'unknown'
}

export function parseNode(node: unknown): GraphNode | null {
  if (!isUnknownMap(node) || !isUnknownMap(node['data'])) return null
  return {
    id: text(node['id']),
    moduleId: text(node['data']['id']),
    type: typeOf(node['data']),
    outputs: outputsOf(node),
    key: savedNodeKey(node),
    print: structuralHash(node)
  }
}

/** The graph of a workflow in any of MISP's shapes: `{Workflow}`, the row, or the bare nodes. Null when it is none. */
export function buildGraph(workflow: unknown): { readonly trigger: string; readonly graph: GraphIndex } | null {
  const nodes = new Map<string, GraphNode>()
  let start: GraphNode | null = null
  const graph = workflowGraph(workflow)
  for (const [key, raw] of entries(graph)) {
    const node = key === '_frames' ? null : parseNode(raw)
    if (node === null) continue
    // MISP finds a node by its key in the map, also in a list; connections and posts name its id.
    const id = Array.isArray(graph) ? node.id : key
    const outputs = node.outputs ?? []
    nodes.set(id, { ...node, id, outputs })
    if (node.type === 'trigger' && start === null) start = { ...node, id, outputs }
  }
  if (start === null) return null
  const prints = new Set([...nodes.values()].map(({ print }) => print))
  return { trigger: start.moduleId, graph: { nodes, start: start.id, prints } }
}

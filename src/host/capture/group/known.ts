// The known workflows of one trigger, by what a post tells: thousands of them must not make every post dear.
import type { GraphIndex, NodeType } from './graph.ts'

/** Graphs of which alone a post can be. */
export interface Meant {
  has(graph: GraphIndex): boolean
}

interface KnownIndex {
  /** By a node's id and key, parameters included. */
  readonly byKey: ReadonlyMap<string, ReadonlySet<GraphIndex>>
  /** By a node's id and module. */
  readonly byModule: ReadonlyMap<string, readonly GraphIndex[]>
  /** Of such a node: what the first graph says that knows it. */
  readonly types: ReadonlyMap<string, NodeType>
  readonly byPrint: ReadonlyMap<number, ReadonlySet<GraphIndex>>
  /** Of posts that were asked about. */
  readonly meant: WeakMap<object, { readonly meant: Meant | null }>
}

const indexes = new WeakMap<readonly GraphIndex[], KnownIndex>()

function indexOf(graphs: readonly GraphIndex[]): KnownIndex {
  const known = indexes.get(graphs)
  if (known !== undefined) return known
  const byKey = new Map<string, Set<GraphIndex>>()
  const byModule = new Map<string, GraphIndex[]>()
  const types = new Map<string, NodeType>()
  const byPrint = new Map<number, Set<GraphIndex>>()
  const into = <K>(map: Map<K, Set<GraphIndex>>, key: K, graph: GraphIndex): void => {
    const found = map.get(key)
    if (found === undefined) map.set(key, new Set([graph]))
    else found.add(graph)
  }
  for (const graph of graphs) {
    for (const print of graph.prints) into(byPrint, print, graph)
    for (const [id, { key, moduleId, type }] of graph.nodes) {
      into(byKey, `${id}\n${key}`, graph)
      const node = `${id}\n${moduleId}`
      const found = byModule.get(node)
      if (found === undefined) byModule.set(node, [graph])
      else found.push(graph)
      if (type !== 'unknown' && !types.has(node)) types.set(node, type)
    }
  }
  const index = { byKey, byModule, types, byPrint, meant: new WeakMap() }
  indexes.set(graphs, index)
  return index
}

interface Posted {
  readonly nodeId: string
  readonly key: string
  readonly prints: readonly number[] | null
}

/**
 * The graphs that hold a node as it was posted, parameters included; of an end post those that hold all its nodes. Null when none does: the
 * workflow was changed since, and any may be meant.
 */
export function graphsMeant(graphs: readonly GraphIndex[], post: Posted): Meant | null {
  if (graphs.length < 2) return null
  const index = indexOf(graphs)
  const known = index.meant.get(post)
  if (known !== undefined) return known.meant
  const meant = post.prints === null ? byNode(index, post) : byPrints(index, graphs, post.prints)
  index.meant.set(post, { meant })
  return meant
}

const byNode = ({ byKey }: KnownIndex, { nodeId, key }: Posted): Meant | null => byKey.get(`${nodeId}\n${key}`) ?? null

/** More that share their rarest node are not told apart. */
const mostCompared = 256

function byPrints({ byPrint }: KnownIndex, graphs: readonly GraphIndex[], prints: readonly number[]): Meant | null {
  const holds = (graph: GraphIndex): boolean => prints.every((print) => graph.prints.has(print))
  let fewest: ReadonlySet<GraphIndex> | readonly GraphIndex[] = graphs
  let size = graphs.length
  for (const print of prints) {
    const found = byPrint.get(print)
    if (found === undefined) return null
    if (found.size < size) [fewest, size] = [found, found.size]
  }
  let left = mostCompared
  for (const graph of fewest) {
    if (holds(graph)) return { has: holds }
    if (--left === 0) return null
  }
  return null
}

/** One of the graphs has the node as it was posted. */
export const isKnownNode = (graphs: readonly GraphIndex[], { nodeId, key }: Pick<Posted, 'nodeId' | 'key'>): boolean =>
  graphs.length > 0 && indexOf(graphs).byKey.has(`${nodeId}\n${key}`)

/** The first type that a graph knows of the node; undefined when none does. */
export const typeInGraphs = (graphs: readonly GraphIndex[], nodeId: string, moduleId: string): NodeType | undefined =>
  graphs.length === 0 ? undefined : indexOf(graphs).types.get(`${nodeId}\n${moduleId}`)

/** The graphs that have the node. */
export const graphsWith = (graphs: readonly GraphIndex[], nodeId: string, moduleId: string): readonly GraphIndex[] =>
  graphs.length === 0 ? [] : (indexOf(graphs).byModule.get(`${nodeId}\n${moduleId}`) ?? [])

// Which nodes of two workflows are the same node: first by id and module; what is left by its settings, its neighbours and its place, as after an
// import that gave new numbers.
import type { Json, JsonMap } from '../../../contract/json.ts'
import { workflowGraph } from '../../graph/document.ts'
import { connectionsOf, dataOf, field, moduleOf, nodesOf, phpInt } from '../../graph/nodes.ts'

export interface PlainNode {
  readonly id: number
  readonly module: string
  readonly name: string
  /** As saved: parameters by id, and the node's own filter where it has one. */
  readonly settings: JsonMap
  readonly place: string
  /** Nodes that lead here and where it leads, by id. */
  readonly from: { readonly id: number; readonly output: string }[]
  readonly to: readonly { readonly id: number; readonly output: string }[]
}

/** The nodes of a workflow in whichever wrapping; none for what is no graph. */
export function plainNodes(workflow: Json): ReadonlyMap<number, PlainNode> {
  const nodes = new Map<number, PlainNode>()
  try {
    const raw = nodesOf(workflowGraph(workflow))
    const idOf = new Map(raw.map(({ key, node }) => [String(key), phpInt(field(node, 'id'))]))
    for (const { node } of raw) {
      const { type, id: moduleId } = moduleOf(node)
      const id = phpInt(field(node, 'id'))
      const to = connectionsOf(node).map(({ output, target }) => ({ output, id: idOf.get(String(target)) ?? target }))
      const name = String(field(node, 'name') ?? '')
      const place = `${String(field(node, 'pos_x') ?? '')} ${String(field(node, 'pos_y') ?? '')}`
      nodes.set(id, { ...{ id, module: `${type} ${moduleId}`, name, place, to, from: [] }, settings: settingsOf(node) })
    }
  } catch {
    // MISP itself dies on such a graph.
  }
  for (const { id, to } of nodes.values())
    for (const { id: target, output } of to) nodes.get(target)?.from.push({ id, output })
  return nodes
}

function settingsOf(node: Json): JsonMap {
  const params = dataOf(node, 'indexed_params')
  const filters = dataOf(node, 'saved_filters')
  const isMap = (value: Json | undefined): value is JsonMap =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  const hasFilter = isMap(filters) && Object.values(filters).some((value) => value !== '' && value !== null)
  return { ...(isMap(params) ? params : {}), ...(hasFilter ? { [filterName]: filters } : {}) }
}

/** Under which name the node's own filter stands among its settings. */
export const filterName = 'saved_filters'

export interface NodeMatch {
  /** Ids of B by those of A. */
  readonly toB: ReadonlyMap<number, number>
  readonly a: ReadonlyMap<number, PlainNode>
  readonly b: ReadonlyMap<number, PlainNode>
}

type Naming = (node: PlainNode) => string

export function matchNodes(a: ReadonlyMap<number, PlainNode>, b: ReadonlyMap<number, PlainNode>): NodeMatch {
  const toB = new Map<number, number>()
  const toA = new Map<number, number>()
  const settings = new Map([...a.values(), ...b.values()].map((node) => [node, JSON.stringify(node.settings)]))
  const matchBy = (name: Naming, nameOfB: Naming = name): boolean => {
    const [mine, theirs] = [onlyOnes(a, toB, name), onlyOnes(b, toA, nameOfB)]
    let found = false
    for (const [key, one] of mine) {
      const other = theirs.get(key)
      if (one === null || other === null || other === undefined) continue
      toB.set(one, other)
      toA.set(other, one)
      found = true
    }
    return found
  }
  const full: Naming = (node) => `${node.module}\n${node.name}\n${settings.get(node)}`
  // A number that went to another node of the same module would be taken for a changed node: what is alike in everything else counts more.
  matchBy((node) => `${node.id}\n${full(node)}`)
  matchBy((node) => `${node.place}\n${full(node)}`)
  matchBy((node) => `${node.id}\n${node.place}\n${node.module}`)
  matchBy(full)
  matchBy((node) => `${node.id}\n${node.module}`)
  const around =
    (map: (id: number) => number | undefined): Naming =>
    (node) => {
      const known = (links: readonly { readonly id: number; readonly output: string }[]): string =>
        links
          .map(({ id, output }) => `${output}:${map(id) ?? '?'}`)
          .sort()
          .join()
      return `${node.module}\n${known(node.from)}\n${known(node.to)}`
    }
  for (let rounds = 0; rounds < 3; rounds++)
    if (
      !matchBy(
        around((id) => toB.get(id)),
        around((id) => (toA.has(id) ? id : undefined))
      )
    )
      break
  matchBy((node) => `${node.place}\n${node.module}`)
  return { toB, a, b }
}

/** Nodes without a partner by a name that only one of them has; null where several have it. */
function onlyOnes(
  nodes: ReadonlyMap<number, PlainNode>,
  matched: ReadonlyMap<number, number>,
  name: Naming
): ReadonlyMap<string, number | null> {
  const found = new Map<string, number | null>()
  for (const node of nodes.values()) {
    if (matched.has(node.id)) continue
    const key = name(node)
    found.set(key, found.has(key) ? null : node.id)
  }
  return found
}

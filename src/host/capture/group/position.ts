// Where a run stands in its graph: the nodes that MISP's walk (GraphWalker::_walk) still has before it. Depth first, every
// output's connections in order; logic nodes choose; a path never takes the same connection twice. When a branch is not
// known, both are followed; when the graph ends in the unknown, the position is open (`null`).
import type { GraphIndex } from './graph.ts'
import { graphsWith, type Meant } from './known.ts'
import { valueOf, withEntry, type PersistentMap } from './persistent-map.ts'

/** The connections that were taken. */
type Path = PersistentMap<true>

interface Frame {
  readonly from: string
  readonly output: number
  readonly children: readonly string[]
  readonly index: number
  /** Actions below a failed action of a non-blocking workflow are passed without running. */
  readonly blocked: boolean
  /** The same node once more (concurrent tasks post once per connection). */
  readonly repeat: boolean
  readonly path: Path
  readonly next: Frame | null
}

/** One way to go on: the node whose post comes next (`end` at the end of the walk), and how the walk stands at it. */
interface Stop {
  readonly graph: GraphIndex
  readonly node: string
  readonly blocked: boolean
  readonly repeat: boolean
  readonly path: Path
  readonly rest: Frame | null
}

/** Alternatives; null: anything may come. */
export type Position = readonly Stop[] | null

const maxAlternatives = 16
const maxSteps = 5000

const endStop = (graph: GraphIndex): Stop => ({
  graph,
  node: 'end',
  blocked: false,
  repeat: false,
  path: null,
  rest: null
})

/** The next node with a post from a frame on; null when it cannot be told. */
function nextStop(graph: GraphIndex, from: Frame | null): Stop | null {
  let frame = from
  for (let steps = 0; steps < maxSteps; steps++) {
    if (frame === null) return endStop(graph)
    const child = frame.children[frame.index]
    if (child === undefined) {
      frame = frame.next
      continue
    }
    const rest: Frame = { ...frame, index: frame.index + 1 }
    if (frame.repeat) return { graph, node: child, blocked: false, repeat: true, path: frame.path, rest }
    const edge = `${frame.from}:${frame.output}:${frame.index}:${child}`
    frame = rest
    if (valueOf(rest.path, edge) === true) continue
    const path = withEntry(rest.path, edge, true)
    const node = graph.nodes.get(child)
    if (node === undefined) continue
    const silent = node.type === 'trigger' || (node.type === 'action' && rest.blocked)
    const idle = node.moduleId === 'concurrent-task' && node.outputs !== null && (node.outputs[0]?.length ?? 0) === 0
    if (!silent && !idle) return { graph, node: child, blocked: rest.blocked, repeat: false, path, rest }
    if (node.outputs === null) return null
    if (!idle) frame = pushOutputs(child, node.outputs, path, rest.blocked, rest)
  }
  return null
}

function pushOutputs(
  from: string,
  outputs: readonly (readonly string[])[],
  path: Path,
  blocked: boolean,
  next: Frame | null
): Frame | null {
  let frame = next
  for (let output = outputs.length - 1; output >= 0; output--) {
    const children = outputs[output]!
    if (children.length > 0) frame = { from, output, children, index: 0, blocked, repeat: false, path, next: frame }
  }
  return frame
}

/** The position after init, in every graph that may be meant. */
export function startPosition(graphs: readonly GraphIndex[]): Position {
  if (graphs.length === 0) return null
  // The same for every run.
  const known = starts.get(graphs)
  if (known !== undefined) return known
  const start = collect(
    graphs.map((graph) =>
      nextStop(graph, pushOutputs(graph.start, graph.nodes.get(graph.start)?.outputs ?? [], null, false, null))
    )
  )
  starts.set(graphs, start)
  return start
}

const starts = new WeakMap<readonly GraphIndex[], Position>()

/** The position of a concurrent branch that begins at a node. */
export function jobPosition(graphs: readonly GraphIndex[], { nodeId: node, moduleId, meant }: NodeSeen): Position {
  const found: GraphIndex[] = []
  for (const graph of graphsWith(graphs, node, moduleId)) {
    if (meant !== null && !meant.has(graph)) continue
    found.push(graph)
    if (found.length === maxAlternatives) break
  }
  if (found.length === 0) return null
  return found.map((graph) => ({ graph, node, blocked: false, repeat: false, path: null, rest: null }))
}

const collect = (stops: readonly (Stop | null)[]): Position =>
  stops.includes(null) ? null : (stops as readonly Stop[]).slice(0, maxAlternatives)

export interface Visit extends NodeSeen {
  readonly result: string
  readonly branch: 'output_1' | 'output_2' | null
  /** The walk's path type. */
  readonly nonBlocking: boolean
  /** The module ends the walk when it fails; null: not known. */
  readonly blockingModule: boolean | null
}

/** What identifies a node to a graph, or the end of a run (node id `end`); `meant`: the graphs of which alone it can be. */
export interface NodeSeen {
  readonly nodeId: string
  readonly moduleId: string
  readonly meant: Meant | null
}

/** True when the position allows this node next; null when it cannot tell. */
export const allows = (position: Position, seen: NodeSeen): boolean | null =>
  position === null ? null : position.some((stop) => isAt(stop, seen))

/** True when one of the graphs has this very node, parameters included, where the position is. */
export const holds = (position: Position, seen: NodeSeen, key: string): boolean =>
  position !== null && position.some((stop) => isAt(stop, seen) && stop.graph.nodes.get(seen.nodeId)?.key === key)

const isAt = (stop: Stop, { nodeId, moduleId, meant }: NodeSeen): boolean =>
  stop.node === nodeId &&
  (nodeId === 'end' || stop.graph.nodes.get(nodeId)?.moduleId === moduleId) &&
  (meant === null || meant.has(stop.graph))

/** The position after a node's post. */
export function advance(position: Position, visit: Visit): Position {
  if (position === null) return null
  const stops = position.filter((stop) => isAt(stop, visit))
  if (stops.length === 0) return null
  const next = stops.flatMap((stop): (Stop | null)[] => {
    if (stop.repeat) return [nextStop(stop.graph, stop.rest)]
    const node = stop.graph.nodes.get(visit.nodeId)!
    return node.type === 'logic'
      ? afterLogic(stop, visit, node.outputs ?? [])
      : afterAction(stop, visit, node.outputs ?? [])
  })
  return collect(next)
}

function afterLogic(stop: Stop, visit: Visit, outputs: readonly (readonly string[])[]): (Stop | null)[] {
  const take = (output: number): Stop | null => {
    const children = outputs[output] ?? []
    const frame: Frame = {
      from: visit.nodeId,
      output,
      children,
      index: 0,
      blocked: stop.blocked,
      repeat: false,
      path: stop.path,
      next: stop.rest
    }
    return nextStop(stop.graph, children.length > 0 ? frame : stop.rest)
  }
  if (visit.moduleId === 'concurrent-task') {
    const more = new Array<string>(Math.max(0, (outputs[0]?.length ?? 0) - 1)).fill(visit.nodeId)
    const frame: Frame = {
      ...{ from: visit.nodeId, output: 0, children: more, index: 0, blocked: false },
      ...{ repeat: true, path: stop.path, next: stop.rest }
    }
    return [nextStop(stop.graph, more.length > 0 ? frame : stop.rest)]
  }
  if (visit.moduleId === 'generic-filter-data' || visit.moduleId === 'generic-filter-reset') return [take(0)]
  // A disabled, unknown or throwing logic module is false (GraphWalker::_evaluateCustomLogicCondition).
  if (visit.result !== 'success') return [take(1)]
  if (visit.branch !== null) return [take(visit.branch === 'output_1' ? 0 : 1)]
  return [take(0), take(1)]
}

function afterAction(stop: Stop, visit: Visit, outputs: readonly (readonly string[])[]): (Stop | null)[] {
  const failed = visit.result !== 'success'
  const go = (blocked: boolean): Stop | null =>
    nextStop(stop.graph, pushOutputs(visit.nodeId, outputs, stop.path, blocked, stop.rest))
  if (!failed) return [go(stop.blocked)]
  const onward = go(visit.nonBlocking || stop.blocked)
  if (visit.blockingModule === true) return [endStop(stop.graph)]
  return visit.blockingModule === null ? [onward, endStop(stop.graph)] : [onward]
}

/** Where the branch begins that a concurrent task's `n`th post (from 0) queued; null when no graph tells. */
export function branchStart(position: Position, { nodeId, meant }: NodeSeen, n: number): string | null {
  const stop = position?.find(({ graph }) => meant === null || meant.has(graph))
  const node = stop?.graph.nodes.get(nodeId)
  return node?.moduleId === 'concurrent-task' ? (node.outputs?.[0]?.[n] ?? null) : null
}

// MISP's walk with GraphWalker::PATH_TYPE_INCLUDE_LOGIC: every path from a node, an edge at most once per path. The number of paths
// can be exponential (MISP then hangs), so a walk here has a limit and says when it was reached.
import type { Json } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { phpException } from '../php/exceptions.ts'
import { connectionsOf, nodeAt } from './nodes.ts'
import { isEmpty } from '../php/values.ts'
import type { Connection, PhpKey } from './nodes.ts'
import { pathEdge } from './walk-helpers.ts'

/** Outgoing connections by key, read once per node. */
export type Outgoing = (key: PhpKey) => readonly Connection[]

export function outgoingOf(graph: RawGraph): Outgoing {
  const known = new Map<PhpKey, readonly Connection[]>()
  return (key) => {
    let connections = known.get(key)
    if (!connections) {
      connections = connectionsOf(nodeAt(graph, key))
      known.set(key, connections)
    }
    return connections
  }
}

/** @throws PhpThrow Exception when there is no node under that key (GraphWalker::__construct) */
export function requireStart(graph: RawGraph, start: PhpKey): void {
  if (isEmpty(nodeAt(graph, start))) throw phpException('Exception', `Could not find start node ${start}`)
}

export interface TrailOptions {
  /** Steps after which the walk gives up. */
  readonly limit: number
  /** Steps that several walks share. */
  readonly budget?: { steps: number }
  /** Leaves out branches that nobody asks for. */
  readonly enter?: (key: number) => boolean
}

interface Frame {
  readonly key: PhpKey
  readonly connections: readonly Connection[]
  next: number
}

/**
 * Calls `visit` for each node of each path, in MISP's order, with the edges that led there (valid during the call only).
 * @returns false when the limit was reached
 */
export function walkTrails(
  graph: RawGraph,
  start: PhpKey,
  visit: (node: Json | undefined, path: readonly string[]) => boolean | void,
  options: TrailOptions
): boolean {
  requireStart(graph, start)
  const outgoing = outgoingOf(graph)
  const path: string[] = []
  const used = new Set<string>()
  const stack: Frame[] = [{ key: start, connections: outgoing(start), next: 0 }]
  let steps = 0
  if (visit(nodeAt(graph, start), path) === false) return false
  while (stack.length > 0) {
    const frame = stack[stack.length - 1] as Frame
    const step = frame.connections[frame.next++]
    if (!step) {
      stack.pop()
      const edge = path.pop()
      if (edge !== undefined) used.delete(edge)
      continue
    }
    if (options.enter && !options.enter(step.target)) continue
    const edge = pathEdge(frame.key, step.output, step.connection, step.target)
    if (used.has(edge)) continue
    if (++steps > options.limit || (options.budget !== undefined && --options.budget.steps < 0)) return false
    path.push(edge)
    used.add(edge)
    if (visit(nodeAt(graph, step.target), path) === false) return false
    stack.push({ key: step.target, connections: outgoing(step.target), next: 0 })
  }
  return true
}

/** Keys reachable from `start`, itself included. */
export function reachableFrom(graph: RawGraph, start: PhpKey, outgoing: Outgoing = outgoingOf(graph)): Set<PhpKey> {
  const seen = new Set<PhpKey>([start])
  const queue: PhpKey[] = [start]
  for (let key = queue.pop(); key !== undefined; key = queue.pop())
    for (const { target } of outgoing(key))
      if (!seen.has(target)) {
        seen.add(target)
        queue.push(target)
      }
  return seen
}

/** Keys from which one of `goals` can be reached, the goals included. */
export function leadingTo(
  graph: RawGraph,
  keys: Iterable<PhpKey>,
  goals: Iterable<PhpKey>,
  outgoing: Outgoing
): Set<PhpKey> {
  const incoming = new Map<PhpKey, PhpKey[]>()
  for (const key of keys)
    for (const { target } of outgoing(key)) {
      const sources = incoming.get(target)
      if (sources) sources.push(key)
      else incoming.set(target, [key])
    }
  const seen = new Set<PhpKey>(goals)
  const queue = [...seen]
  for (let key = queue.pop(); key !== undefined; key = queue.pop())
    for (const source of incoming.get(key) ?? [])
      if (!seen.has(source)) {
        seen.add(source)
        queue.push(source)
      }
  return seen
}

// The three validations that MISP makes before it saves a workflow (GraphUtil in WorkflowGraphTool.php, rules of Workflow.php).
import type { Json } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { badArgument } from '../php/bad-argument.ts'
import { connectionsOf, dataOf, field, nodesOf, arrayByKey, phpKey } from './nodes.ts'
import { phpInt } from '../php/cast.ts'
import { entries, isEmpty } from '../php/values.ts'
import type { PhpKey } from './nodes.ts'
import { extractTriggers } from './walk-helpers.ts'

export type CycleEdge = readonly [from: PhpKey, to: number, label: string]

/** Targets by node id (not key), in MISP's order (GraphUtil::_buildEdgeList). */
export function buildEdgeList(graph: RawGraph): Map<PhpKey, number[]> {
  const list = new Map<PhpKey, number[]>()
  for (const { node } of nodesOf(graph)) {
    const id = field(node, 'id')
    list.set(phpInt(id), [])
    const connections = connectionsOf(node)
    if (connections.length === 0) continue
    // An id that is no integer has a second entry under itself: MISP casts it only in the first of two places.
    const key = phpKey(id)
    const targets = list.get(key) ?? []
    for (const connection of connections) targets.push(connection.target)
    list.set(key, targets)
  }
  return list
}

interface Frame {
  readonly id: PhpKey
  readonly targets: readonly number[]
  next: number
}

/** Unwinds the recursion: the edges of the cycle, last first; behind a self-loop every edge up to the root (as MISP reports). */
function unwind(stack: readonly Frame[], target: number): CycleEdge[] {
  const top = stack[stack.length - 1] as Frame
  const edges: CycleEdge[] = [[top.id, target, 'Cycle']]
  for (let i = stack.length - 2; i >= 0; i--) {
    const parent = (stack[i] as Frame).id
    edges.push([parent, (stack[i + 1] as Frame).id as number, 'Cycle'])
    if (Number(parent) === target) break
  }
  return edges
}

/**
 * The first cycle that MISP's depth-first search meets, or none (GraphUtil::isCyclic). Connections to missing nodes are ignored.
 * @throws PhpThrow TypeError where MISP's reading of a malformed graph would be one
 */
export function findCycle(graph: RawGraph): readonly CycleEdge[] {
  const edges = buildEdgeList(graph)
  const color = new Map<PhpKey, 'GRAY' | 'BLACK'>()
  for (const root of edges.keys()) {
    if (color.has(root)) continue
    const stack: Frame[] = [{ id: root, targets: edges.get(root) ?? [], next: 0 }]
    color.set(root, 'GRAY')
    while (stack.length > 0) {
      const frame = stack[stack.length - 1] as Frame
      const target = frame.targets[frame.next++]
      if (target === undefined) {
        color.set(frame.id, 'BLACK')
        stack.pop()
        continue
      }
      const state = color.get(target)
      if (state === 'GRAY') return unwind(stack, target)
      const targets = edges.get(target)
      if (state === undefined && targets !== undefined) {
        color.set(target, 'GRAY')
        stack.push({ id: target, targets, next: 0 })
      }
    }
  }
  return []
}

export const isAcyclic = (graph: RawGraph): boolean => findCycle(graph).length === 0

/**
 * Outputs with more than one connection whose module does not allow it: targets by node id. Of a node with two such outputs only
 * the last is reported (GraphUtil::hasMultipleOutputConnection).
 */
export function findMultipleOutputs(graph: RawGraph): ReadonlyMap<PhpKey, Json> {
  const found = new Map<PhpKey, Json>()
  for (const { node } of nodesOf(graph)) {
    for (const [, lists] of entries(field(node, 'outputs'))) {
      for (const [, list] of entries(lists)) {
        if (typeof list !== 'object' || list === null)
          badArgument('count(): Argument #1 ($value) must be of type Countable|array')
        const connections = entries(list)
        if (connections.length <= 1 || !isEmpty(dataOf(node, 'multiple_output_connection'))) continue
        const targets = connections.map(([key, item]) => [phpKey(key), phpInt(field(item, 'node'))] as const)
        found.set(phpKey(field(node, 'id')), arrayByKey(new Map(targets)))
      }
    }
  }
  return found
}

export const hasOneTrigger = (graph: RawGraph): boolean => extractTriggers(graph).length === 1

/** What MISP says when a workflow cannot be saved; its validation stops at the first rule that fails. */
export function saveErrors(graph: RawGraph): readonly string[] {
  if (!isAcyclic(graph)) return ['Cannot save a workflow containing a cycle']
  if (!hasOneTrigger(graph)) return ['Cannot save a workflow containing no or more than one trigger']
  if (findMultipleOutputs(graph).size > 0) return ['Cannot save a workflow having more than one connection per output']
  return []
}

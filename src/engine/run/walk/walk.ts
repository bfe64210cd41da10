// The walk over a graph (GraphWalker::_walk), depth first from a node. Written with an explicit stack: a chain of thousands of
// nodes must not become as many nested generators.
import type { Json, JsonMap } from '../../../contract/json.ts'
import type { RawGraph } from '../../../contract/workflow.ts'
import { dataOf, field, nodeAt } from '../../graph/nodes.ts'
import { phpInt } from '../../php/cast.ts'
import { goesOnAnyway, pathEdge } from '../../graph/walk-helpers.ts'
import { phpError, phpException } from '../../php/exceptions.ts'
import { entries, isArray, phpType, withKey } from '../../php/values.ts'
import type { Scope } from '../environment.ts'
import { executeNode } from './execute-node.ts'
import type { PathType } from '../jobs/job-queue.ts'
import type { RoamingData } from '../roaming-data.ts'
import type { Gen } from '../../effects/signals.ts'

/** The edges walked so far, newest first; paths share their beginnings. */
export interface Path {
  readonly parent: Path | null
  readonly edge: string
  readonly length: number
}

/** A node that the walk hands out: an action, or what is left of a node that does not exist. */
export interface HandedOut {
  readonly node: Json
  readonly path: Path | null
  readonly pathType: PathType
}

interface Edge {
  readonly next: number
  readonly path: Path
  readonly pathType: PathType
}

export interface WalkInput {
  readonly scope: Scope
  readonly graph: RawGraph
  readonly roaming: RoamingData
  readonly start: number
  readonly forPath: PathType
}

/** Executes a node that the walk hands out; false ends the walk. */
export type Visit = (node: HandedOut) => Gen<boolean>

/** @returns false when `visit` ended the walk */
export function* walk(input: WalkInput, visit: Visit): Gen<boolean> {
  const { graph, start, forPath } = input
  if (isNothing(nodeAt(graph, start))) throw phpException('Exception', `Could not find start node ${start}`)
  const first = yield* enter(input, start, null, forPath, visit)
  if (first === null) return false
  const stack: Iterator<Edge>[] = [first]
  for (;;) {
    const edges = stack.at(-1)
    if (edges === undefined) return true
    const edge = edges.next()
    if (edge.done === true) {
      stack.pop()
      continue
    }
    const { next, path, pathType } = edge.value
    const below = yield* enter(input, next, path, pathType, visit)
    if (below === null) return false
    stack.push(below)
  }
}

/** PHP's empty() of a node. */
const isNothing = (node: Json | undefined): boolean =>
  !node || node === '0' || (isArray(node) && Object.keys(node).length === 0)

/** Enters a node: hands it out or executes its logic. Answers its outgoing edges, null when the walk is over. */
function* enter(
  input: WalkInput,
  id: number,
  path: Path | null,
  pathType: PathType,
  visit: Visit
): Gen<Iterator<Edge> | null> {
  const node = nodeAt(input.graph, id) ?? null
  const type = dataOf(node, 'module_type')
  if (type !== 'trigger' && type !== 'logic' && !(yield* visit({ node, path, pathType }))) return null
  const outputs = type === 'logic' ? yield* executeLogic(input, node, path) : (plainOutputs(node) ?? [])
  const isConcurrent = type === 'logic' && dataOf(node, 'id') === 'concurrent-task'
  return edgesOf(outputs, id, path, isConcurrent ? 'non-blocking' : pathType, input.forPath)
}

/** `$node['outputs'] ?? []`: never complains. */
const plainOutputs = (node: Json): Json | undefined => (typeof node === 'string' ? undefined : field(node, 'outputs'))

/** GraphWalker::_executeModuleLogic: the outputs that are open after the node has run. */
function* executeLogic(input: WalkInput, node: Json, path: Path | null): Gen<Json> {
  const outputs = plainOutputs(node) ?? []
  const id = dataOf(node, 'id')
  if (id === 'concurrent-task') {
    yield* queueBranches(input, node, field(outputs, 'output_1') ?? null, path)
    return []
  }
  const isFilter = goesOnAnyway(node, input.scope.env.profile.filtersKnownBySavedNode)
  // The output of a filter is read before it runs, those of others after it.
  const open = isFilter ? (field(outputs, 'output_1') ?? null) : null
  const { success } = yield* executeNode(input.scope, input.roaming, node, lastEdges(path))
  if (isFilter) return { output_1: open }
  const name = success ? 'output_1' : 'output_2'
  return { [name]: field(outputs, name) ?? null }
}

/** GraphWalker::_evaluateConcurrentTask: the node executes once per connection, each a job. */
function* queueBranches({ scope, roaming }: WalkInput, node: Json, output: Json, path: Path | null): Gen<void> {
  if (!isArray(output)) {
    const where = 'GraphWalker::_evaluateConcurrentTask(): Argument #3 ($connections)'
    throw phpError('TypeError', `${where} must be of type array, ${phpType(output)} given`)
  }
  for (const [, connection] of entries(field(output, 'connections'))) {
    const next = phpInt(field(connection, 'node'))
    roaming.setData(withKey(roaming.getData(), '__node_id_to_exec', next) as JsonMap)
    yield* executeNode(scope, roaming, node, lastEdges(path))
  }
}

/** Edges in MISP's order, read when the walk comes to them: a broken one stops the walk only there. */
function* edgesOf(
  outputs: Json,
  source: number,
  path: Path | null,
  pathType: PathType,
  forPath: PathType
): Generator<Edge, void, undefined> {
  if (pathType !== forPath) return
  for (const [output, lists] of entries(outputs)) {
    for (const [, list] of entries(lists)) {
      for (const [connection, item] of entries(list)) {
        const next = phpInt(field(item, 'node'))
        const edge = pathEdge(source, output, connection, next)
        if (!contains(path, edge))
          yield { next, path: { parent: path, edge, length: (path?.length ?? 0) + 1 }, pathType }
      }
    }
  }
}

/** An edge is walked once per path: so a cycle ends. */
function contains(path: Path | null, edge: string): boolean {
  for (let here = path; here !== null; here = here.parent) if (here.edge === edge) return true
  return false
}

/** The edges of a path from its beginning. */
export function edgesTo(path: Path | null): string[] {
  const edges = new Array<string>(path?.length ?? 0)
  for (let here = path; here !== null; here = here.parent) edges[here.length - 1] = here.edge
  return edges
}

/** What the event of a node tells of its path: all of it would make a long chain's run grow with the square of its length. */
const toldEdges = 16

/** The last edges of a path, in walking order. */
export function lastEdges(path: Path | null): string[] {
  const edges: string[] = []
  for (let here = path; here !== null && edges.length < toldEdges; here = here.parent) edges.push(here.edge)
  return edges.reverse()
}

/** True when `path` begins with `prefix` (`$prefix == array_slice($path, 0, count($prefix))`). */
export function startsWith(path: Path | null, prefix: Path | null): boolean {
  if (prefix === null) return true
  let here = path
  while (here !== null && here.length > prefix.length) here = here.parent
  for (let other: Path | null = prefix; here !== other; here = here.parent, other = other.parent) {
    if (here === null || other === null || here.edge !== other.edge) return false
  }
  return true
}

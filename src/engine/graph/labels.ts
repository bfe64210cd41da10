// Labels of filters on the connections behind them (Workflow::getLabelsForConnections, attachLabelToConnections).
import type { Json, JsonMap } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { variable } from '../php/inflector.ts'
import { phpError, phpException } from '../php/exceptions.ts'
import { field, nodeAt, nodesOf, arrayByKey, phpKey } from './nodes.ts'
import { entries, isEmpty, isMap } from '../php/values.ts'
import type { PhpKey } from './nodes.ts'
import { outgoingOf, requireStart, walkTrails } from './trails.ts'
import {
  extractFilterNodes,
  extractResetNodes,
  extractTriggerId,
  getNodeIdForTrigger,
  parsePathList
} from './walk-helpers.ts'
import type { LabelRules } from '../modules/table.ts'

type Labels = readonly string[]

/** Steps of a walk in a graph with cycles; MISP has no limit there and does not come back from a large one. */
const trailLimit = 100_000

/** Labels by the id of the node behind a connection, then by the key of the node before it. */
export type ConnectionLabels = ReadonlyMap<PhpKey, ReadonlyMap<PhpKey, Labels>>

const text = (value: Json): string => (typeof value === 'object' ? 'Array' : value === true ? '1' : String(value))

/** Hash::combine over `{n}.id` and `{n}.data.indexed_params.filtering-label`; refuses when only some nodes have a label. */
function labelsById(nodes: readonly Json[]): ReadonlyMap<PhpKey, Json> {
  const keys: PhpKey[] = []
  const values: Json[] = []
  for (const node of nodes) {
    if (isMap(node) && Object.hasOwn(node, 'id')) keys.push(phpKey(node.id))
    const params = isMap(node) && isMap(node.data) ? node.data.indexed_params : undefined
    if (isMap(params) && Object.hasOwn(params, 'filtering-label')) values.push(params['filtering-label'] ?? null)
  }
  if (values.length === 0) return new Map()
  if (keys.length !== values.length)
    throw phpException('CakeException', 'Hash::combine() needs an equal number of keys + values.')
  return new Map(keys.map((key, i) => [key, values[i] as Json]))
}

/** What passing a node does to the labels that arrived there. */
function labelEffect(graph: RawGraph, { isFilter }: LabelRules): (key: PhpKey, labels: Labels) => Labels {
  const filters = labelsById(extractFilterNodes(graph, isFilter))
  const resets = labelsById(extractResetNodes(graph))
  return (key, labels) => {
    const added = filters.get(key)
    const removed = resets.get(key)
    let after = labels
    if (added !== undefined && !isEmpty(added)) after = [...after, text(added)]
    if (removed !== undefined && !isEmpty(removed))
      after = removed === 'all' || removed === true ? [] : after.filter((label) => label !== text(removed))
    return after
  }
}

/**
 * The labels that arrive at each key on the LAST path that MISP's walk takes there; null when the graph has a cycle. In a graph
 * without cycles that path is the first one of a depth-first search that takes connections from the last to the first.
 */
function arrivals(
  graph: RawGraph,
  start: PhpKey,
  effect: (key: PhpKey, labels: Labels) => Labels
): Map<PhpKey, Labels> | null {
  const outgoing = outgoingOf(graph)
  const after = new Map<PhpKey, Labels>([[start, effect(start, [])]])
  const open = new Set<PhpKey>([start])
  const stack = [{ key: start, next: outgoing(start).length }]
  while (stack.length > 0) {
    const frame = stack[stack.length - 1] as { key: PhpKey; next: number }
    const step = outgoing(frame.key)[--frame.next]
    if (!step) {
      open.delete(frame.key)
      stack.pop()
    } else if (open.has(step.target)) return null
    else if (!after.has(step.target)) {
      after.set(step.target, effect(step.target, after.get(frame.key) ?? []))
      open.add(step.target)
      stack.push({ key: step.target, next: outgoing(step.target).length })
    }
  }
  return after
}

function collect(graph: RawGraph, start: PhpKey, rules: LabelRules): Map<PhpKey, Map<PhpKey, Labels>> {
  const found = new Map<PhpKey, Map<PhpKey, Labels>>()
  const set = (node: Json | undefined, source: PhpKey, labels: Labels): void => {
    const id = phpKey(field(node, 'id'))
    const sources = found.get(id)
    if (sources) sources.set(source, labels)
    else found.set(id, new Map([[source, labels]]))
  }
  const effect = labelEffect(graph, rules)
  const after = arrivals(graph, start, effect)
  if (after) {
    const outgoing = outgoingOf(graph)
    for (const [key, labels] of after) for (const { target } of outgoing(key)) set(nodeAt(graph, target), key, labels)
    return found
  }
  // In a graph with cycles the paths are walked one by one; `leaving[d]` is what leaves the node at depth d of the current one.
  const leaving: Labels[] = [effect(start, [])]
  const visit = (node: Json | undefined, path: readonly string[]): void => {
    const last = parsePathList(path.slice(-1))[0]
    if (!last) return
    const labels = leaving[path.length - 1] ?? []
    set(node, phpKey(last.source_id), labels)
    leaving[path.length] = effect(phpKey(last.next_node_id), labels)
  }
  walkTrails(graph, start, visit, { limit: trailLimit })
  return found
}

/**
 * Labels of connections behind filters; nodes without any label are left out.
 * @throws PhpThrow TypeError (no trigger), CakeException (some filters without label), Exception (trigger under another key)
 */
export function labelsForConnections(graph: RawGraph, triggerId: string | null, rules: LabelRules): ConnectionLabels {
  const start = getNodeIdForTrigger(graph, triggerId)
  if (start === -1) return new Map()
  const labelled = [...labelsById(extractFilterNodes(graph, rules.isFilter)).values()].some((label) => !isEmpty(label))
  labelsById(extractResetNodes(graph))
  requireStart(graph, start)
  if (!labelled) return new Map()
  return new Map(
    [...collect(graph, start, rules)].filter(([, sources]) => [...sources.values()].some((l) => l.length > 0))
  )
}

/** The same as MISP encodes it: a map, `[]` when empty. */
export const labelsJson = (labels: ConnectionLabels): Json =>
  arrayByKey(new Map([...labels].map(([id, sources]) => [id, arrayByKey(sources)])))

interface ConnectionLabel extends JsonMap {
  readonly id: string
  readonly name: string
  readonly variant: 'info'
}

export interface LabelledConnection {
  readonly key: PhpKey
  /** The node's id as saved. */
  readonly node: Json
  readonly input: string
  readonly connection: PhpKey
  /** The node before, as saved. */
  readonly from: Json
  readonly labels: readonly ConnectionLabel[]
}

/**
 * The input connections that get labels (of the graph's own trigger when none is named), in MISP's order. A labelled node with an input from a node that the walk does not
 * reach is a TypeError, as in MISP.
 */
export function labelledConnections(
  graph: RawGraph,
  triggerId: string | null | undefined,
  rules: LabelRules
): readonly LabelledConnection[] {
  const own = triggerId === undefined ? textOrNull(extractTriggerId(graph)) : triggerId
  const byNode = labelsForConnections(graph, own, rules)
  // Labels add up along a chain of filters: each list of them is made once, not for each connection.
  const shown = new Map<Labels, readonly ConnectionLabel[]>()
  const byName = new Map<string, ConnectionLabel>()
  const shownLabel = (name: string): ConnectionLabel => {
    const label = byName.get(name) ?? { id: variable(name), name, variant: 'info' as const }
    byName.set(name, label)
    return label
  }
  const found: LabelledConnection[] = []
  for (const { key, node } of nodesOf(graph)) {
    const sources = byNode.get(phpKey(field(node, 'id')))
    if (!sources) continue
    for (const [input, socket] of entries(field(node, 'inputs')))
      for (const [index, connection] of entries(field(socket, 'connections'))) {
        const from = field(connection, 'node') ?? null
        const labels = sources.get(phpKey(from))
        if (rules.unlabelledInputsAllowed && isEmpty(labels as Json | undefined)) continue
        if (!labels) throw phpError('TypeError', 'array_map(): Argument #2 ($array) must be of type array, null given')
        const made = shown.get(labels) ?? labels.map(shownLabel)
        shown.set(labels, made)
        found.push({
          key,
          node: field(node, 'id') ?? null,
          input,
          connection: phpKey(index),
          from,
          labels: made
        })
      }
  }
  return found
}

const textOrNull = (value: Json): string | null => (value === null ? null : String(value))

const put = (value: Json | undefined, changes: ReadonlyMap<string, (old: Json) => Json>): Json => {
  const changed = (key: string, item: Json): Json => changes.get(key)?.(item) ?? item
  if (Array.isArray(value)) return value.map((item: Json, i) => changed(String(i), item))
  return Object.fromEntries(entries(value).map(([key, item]) => [key, changed(key, item)]))
}

/**
 * The graph as MISP's editor gets it: with labels on the input connections behind filters. Nodes without labels are shared.
 * @throws PhpThrow as labelledConnections
 */
export function attachLabels(graph: RawGraph, rules: LabelRules, triggerId?: string | null): RawGraph {
  const labelled = labelledConnections(graph, triggerId, rules)
  const byKey = new Map<string, LabelledConnection[]>()
  for (const item of labelled) {
    const known = byKey.get(String(item.key)) ?? []
    byKey.set(String(item.key), known)
    known.push(item)
  }
  const change = (node: Json, key: string): Json => labelNode(node, byKey.get(key) ?? [])
  const result = Array.isArray(graph)
    ? graph.map((node: Json, i) => change(node, String(i)))
    : Object.fromEntries(entries(graph as Json).map(([key, node]) => [key, change(node, key)]))
  return result as RawGraph
}

/** All labels of a node at once: a node may have as many connections as the graph has nodes. */
function labelNode(node: Json, labelled: readonly LabelledConnection[]): Json {
  if (labelled.length === 0) return node
  const byInput = new Map<string, Map<string, (old: Json) => Json>>()
  for (const { input, connection, labels } of labelled) {
    const connections = byInput.get(input) ?? new Map<string, (old: Json) => Json>()
    byInput.set(input, connections)
    connections.set(String(connection), (old) => ({ ...(isMap(old) ? old : {}), labels: labels as readonly Json[] }))
  }
  const sockets = new Map(
    [...byInput].map(([input, connections]) => [
      input,
      (socket: Json) => put(socket, new Map([['connections', (list: Json) => put(list, connections)]]))
    ])
  )
  return put(node, new Map([['inputs', (inputs: Json) => put(inputs, sockets)]]))
}

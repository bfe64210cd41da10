// Changes of a graph as MISP's editor makes them. every function returns a new graph that shares what it did not touch, so that an
// export differs only where somebody changed something, and undo is keeping the old one.
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { CodedError } from '../../contract/errors.ts'
import { field, nodeAt, nodesOf, phpKey } from './nodes.ts'
import { phpInt } from '../php/cast.ts'
import { entries, isMap } from '../php/values.ts'

/** A connection by the keys of its nodes. */
export interface Link {
  readonly from: string
  readonly output: string
  readonly to: string
  /** `input_1`; MISP's modules have one input. */
  readonly input?: string
}

export interface Position {
  readonly x: number
  readonly y: number
}

const asMap = (value: Json | undefined): JsonMap => (isMap(value) ? value : {})
const asList = (value: Json | undefined): readonly Json[] => entries(value).map(([, item]) => item)

/**
 * The graph as a map by key. A list (as in blueprints) is keyed by the nodes' own ids, as MISP's editor does when it saves one.
 * @throws CodedError WORKFLOW_INVALID when two nodes of a list have the same id
 */
export function mapOf(graph: RawGraph): JsonMap {
  if (!Array.isArray(graph)) return graph as JsonMap
  const nodes = nodesOf(graph).map(({ node }) => [String(phpInt(field(node, 'id'))), node] as const)
  if (new Set(nodes.map(([key]) => key)).size !== nodes.length)
    throw new CodedError('WORKFLOW_INVALID', 'Two nodes of this list have the same id; MISP cannot tell them apart.')
  return Object.fromEntries(nodes)
}

/** The key that a node of a list gets when the list becomes a map (see `mapOf`); of a map the key itself. */
export const keyAfterEdit = (graph: RawGraph, key: string): string =>
  Array.isArray(graph) ? String(phpInt(field(graph[Number(key)] as Json | undefined, 'id'))) : key

const withNode = (graph: RawGraph, key: string, change: (node: JsonMap) => JsonMap): RawGraph => {
  const node = nodeAt(graph, phpKey(key))
  if (!isMap(node)) return graph
  const changed = change(node)
  if (changed === node) return graph
  if (Array.isArray(graph)) return graph.map((item: Json, i) => (String(i) === key ? changed : item))
  return { ...(graph as JsonMap), [key]: changed }
}

/** Changes fields of a node's `data`; a field that gets the same value leaves the node as it is. */
export const withNodeData = (graph: RawGraph, key: string, data: JsonMap): RawGraph =>
  withNode(graph, key, (node) => {
    const old = asMap(node.data)
    return Object.entries(data).every(([name, value]) => old[name] === value)
      ? node
      : { ...node, data: { ...old, ...data } }
  })

/** Sets one parameter. An empty `indexed_params` is PHP's `[]`. */
export const withParam = (graph: RawGraph, key: string, name: string, value: Json): RawGraph =>
  withNode(graph, key, (node) => {
    const data = asMap(node.data)
    const params = asMap(data.indexed_params)
    if (Object.hasOwn(params, name) && params[name] === value) return node
    return { ...node, data: { ...data, indexed_params: { ...params, [name]: value } } }
  })

export const withFilters = (graph: RawGraph, key: string, filters: JsonMap): RawGraph =>
  withNode(graph, key, (node) => {
    const data = asMap(node.data)
    return { ...node, data: { ...data, saved_filters: { ...asMap(data.saved_filters), ...filters } } }
  })

export const withName = (graph: RawGraph, key: string, name: string): RawGraph =>
  withNode(graph, key, (node) => (node.name === name ? node : { ...node, name }))

export function moveNodes(graph: RawGraph, to: ReadonlyMap<string, Position>): RawGraph {
  let isMoved = false
  const moved = (key: string, node: Json): Json => {
    const place = to.get(key)
    if (place === undefined || key === '_frames' || !isMap(node)) return node
    if (node.pos_x === place.x && node.pos_y === place.y) return node
    isMoved = true
    return { ...node, pos_x: place.x, pos_y: place.y }
  }
  const all = Array.isArray(graph)
    ? graph.map((node: Json, i) => moved(String(i), node))
    : Object.fromEntries(Object.entries(graph as JsonMap).map(([key, node]) => [key, moved(key, node)]))
  return isMoved ? (all as RawGraph) : graph
}

/** The next free id: MISP's nodes count up, ids of removed ones are not used again. */
export function nextId(graph: RawGraph): number {
  let highest = 0
  for (const { key, node } of nodesOf(graph))
    highest = Math.max(highest, typeof key === 'number' ? key : 0, phpInt(field(node, 'id')))
  return highest + 1
}

/** Adds nodes under their ids. `_frames` stays last, where MISP has it. */
export function addNodes(graph: RawGraph, news: readonly JsonMap[]): RawGraph {
  const { _frames, ...nodes } = mapOf(graph)
  const added = { ...nodes, ...Object.fromEntries(news.map((node) => [String(phpInt(node.id)), node])) }
  return _frames === undefined ? added : { ...added, _frames }
}

export const addNode = (graph: RawGraph, node: JsonMap): RawGraph => addNodes(graph, [node])

type Side = 'inputs' | 'outputs'

/** Changes the connections of one socket; a socket that is missing is made where `create` says so. */
function withSocket(
  graph: RawGraph,
  key: string,
  side: Side,
  name: string,
  change: (connections: readonly Json[]) => readonly Json[]
): RawGraph {
  return withNode(graph, key, (node) => {
    const sockets = node[side]
    const socket = field(sockets, name)
    const before = asList(field(socket, 'connections'))
    const after = change(before)
    if (after === before || (after.length === before.length && after.every((item, i) => item === before[i])))
      return node
    return { ...node, [side]: { ...asMap(sockets), [name]: { ...asMap(socket), connections: after } } }
  })
}

const leadsTo = (item: Json, key: string): boolean => String(phpInt(field(item, 'node'))) === key

/** Both ends of a connection, as MISP writes them: the target's input names the output and the other way round. */
export function connect(graph: RawGraph, { from, output, to, input = 'input_1' }: Link): RawGraph {
  const out = withSocket(graph, from, 'outputs', output, (list) => [...list, { node: to, output: input }])
  return withSocket(out, to, 'inputs', input, (list) => [...list, { node: from, input: output }])
}

/** Takes one connection away; of two equal ones the last. */
export function disconnect(graph: RawGraph, { from, output, to, input = 'input_1' }: Link): RawGraph {
  const dropLast = (list: readonly Json[], isIt: (item: Json) => boolean): readonly Json[] => {
    const at = list.findLastIndex(isIt)
    return at < 0 ? list : list.filter((_, i) => i !== at)
  }
  const out = withSocket(graph, from, 'outputs', output, (list) => dropLast(list, (item) => leadsTo(item, to)))
  return withSocket(out, to, 'inputs', input, (list) =>
    dropLast(list, (item) => leadsTo(item, from) && (field(item, 'input') ?? output) === output)
  )
}

/** Takes nodes away, with every connection from and to them; frames forget them, and go when they are empty. */
export function removeNodes(graph: RawGraph, keys: Iterable<string>): RawGraph {
  const gone = new Set([...keys].map((key) => keyAfterEdit(graph, key)))
  const kept: [string, Json][] = []
  for (const [key, value] of Object.entries(mapOf(graph))) {
    if (gone.has(key)) continue
    kept.push([key, key === '_frames' ? withoutInFrames(value, gone) : withoutLinksTo(value, gone)])
  }
  return Object.fromEntries(kept)
}

function withoutLinksTo(node: Json, gone: ReadonlySet<string>): Json {
  if (!isMap(node)) return node
  const side = (sockets: Json | undefined): Json | undefined => {
    let changed = false
    const next = entries(sockets).map(([name, socket]) => {
      const list = asList(field(socket, 'connections'))
      const kept = list.filter((item) => !gone.has(String(phpInt(field(item, 'node')))))
      if (kept.length === list.length) return [name, socket] as const
      changed = true
      return [name, { ...asMap(socket), connections: kept }] as const
    })
    return changed ? Object.fromEntries(next) : sockets
  }
  const inputs = side(node.inputs)
  const outputs = side(node.outputs)
  if (inputs === node.inputs && outputs === node.outputs) return node
  return {
    ...node,
    ...(inputs === undefined ? {} : { inputs }),
    ...(outputs === undefined ? {} : { outputs })
  }
}

function withoutInFrames(frames: Json, gone: ReadonlySet<string>): Json {
  let changed = false
  const kept = entries(frames).flatMap(([id, frame]) => {
    const members = asList(field(frame, 'nodes'))
    const left = members.filter((member) => !gone.has(plainText(member as string)))
    if (left.length === members.length) return [[id, frame] as const]
    changed = true
    return left.length === 0 ? [] : [[id, { ...asMap(frame), nodes: left }] as const]
  })
  return changed ? framesJson(kept) : frames
}

const framesJson = (frames: readonly (readonly [string, Json])[]): Json =>
  frames.length === 0 ? [] : Object.fromEntries(frames)

/** Adds a frame around nodes, or changes the one with that id. No nodes: takes it away. */
export function withFrame(
  graph: RawGraph,
  id: string,
  { title, nodes }: { readonly title: string; readonly nodes: readonly string[] }
): RawGraph {
  const { _frames, ...map } = mapOf(graph)
  const others = entries(_frames).filter(([known]) => known !== id)
  const old = entries(_frames).find(([known]) => known === id)?.[1]
  const frame = { id, ...asMap(old), text: title, nodes: nodes.map((key) => keyAfterEdit(graph, key)) }
  const changed: (readonly [string, Json])[] =
    nodes.length === 0
      ? others
      : old === undefined
        ? [...others, [id, frame]]
        : entries(_frames).map(([known, value]) => [known, known === id ? frame : value] as const)
  return { ...map, _frames: framesJson(changed) }
}

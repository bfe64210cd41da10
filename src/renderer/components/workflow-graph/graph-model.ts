// From MISP's graph to what the drawing needs, and from a run's steps to what it marks. Pure.
import { Graph, layout as layOut } from '@dagrejs/dagre'
import { plainNumber, plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import type { RawGraph } from '../../../contract/workflow.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { labelledConnections } from '../../../engine/graph/labels.ts'
import { connectionsOf, dataOf, field, moduleOf, nodesOf } from '../../../engine/graph/nodes.ts'
import { phpInt } from '../../../engine/php/cast.ts'
import { entries } from '../../../engine/php/values.ts'
import { addedNow, modulesNow } from '../../stores/added-modules.ts'
import { isLarge, layersOf } from './layers.ts'

/** Room for three lines of a name and the line below. */
export const nodeWidth = 172

export const nodeHeight = 62

export interface GraphNode {
  readonly id: string
  readonly nodeId: number
  readonly moduleId: string
  readonly moduleType: string
  readonly name: string
  readonly icon: string
  readonly blocking: boolean
  readonly known: boolean
  readonly outputs: readonly string[]
  readonly inputs: boolean
  readonly x: number
  readonly y: number
  /** In which row it is, where a long chain is shown in rows. */
  readonly row?: number
  /** Shown instead of the id. */
  readonly number?: string
  /** What MISP calls the module, where the node has a name of its own; else empty. */
  readonly moduleName: string
}

interface GraphEdge {
  readonly id: string
  readonly source: string
  readonly output: string
  readonly target: string
  readonly labels: readonly string[]
}

interface GraphFrame {
  readonly id: string
  readonly title: string
  readonly nodes: readonly string[]
}

export interface GraphDrawing {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly frames: readonly GraphFrame[]
}

const text = (value: Json | undefined, fallback: string): string =>
  typeof value === 'string' && value !== '' ? value : fallback

/** The filter labels of each connection, by the ids of its nodes: `1>2`. */
export function labelsByEdge(graph: RawGraph): Map<string, Set<string>> {
  const labels = new Map<string, Set<string>>()
  try {
    for (const one of labelledConnections(graph, undefined, modulesNow().labelRules)) {
      const key = `${phpInt(one.from)}>${phpInt(one.node)}`
      const known = labels.get(key) ?? new Set<string>()
      labels.set(key, known)
      for (const { name } of one.labels) known.add(name)
    }
  } catch {
    // MISP itself dies on such a graph's labels (a TypeError); the drawing goes without them.
  }
  return labels
}

export function drawingOf(workflow: Json, automatic = false): GraphDrawing {
  const graph = workflowGraph(workflow)
  const labels = labelsByEdge(graph)
  const raw = nodesOf(graph)
  const nodes = raw.map(({ key, node }): GraphNode => {
    const module = moduleOf(node)
    const definition = modulesNow().definition(module.type, module.id, addedNow())
    const outputs = entries(field(node, 'outputs')).map(([output]) => output)
    const name = text(field(node, 'name'), text(dataOf(node, 'name'), definition?.name ?? module.id))
    const moduleName = definition?.name ?? module.id
    return {
      id: String(key),
      nodeId: phpInt(field(node, 'id')),
      moduleId: module.id,
      moduleType: module.type,
      name,
      moduleName: moduleName.toLowerCase() === name.toLowerCase() ? '' : moduleName,
      icon: definition?.icon ?? text(dataOf(node, 'icon'), 'cube'),
      blocking: definition?.blocking ?? dataOf(node, 'blocking') === true,
      known: definition !== undefined || dataOf(node, 'is_misp_module') === true,
      outputs:
        outputs.length > 0 ? outputs : Array.from({ length: definition?.outputs ?? 0 }, (_, i) => `output_${i + 1}`),
      inputs: module.type !== 'trigger',
      x: plainNumber(field(node, 'pos_x') ?? Number.NaN),
      y: plainNumber(field(node, 'pos_y') ?? Number.NaN)
    }
  })
  const ids = new Set(nodes.map((node) => node.id))
  const edges = raw.flatMap(({ key, node }) =>
    connectionsOf(node)
      .filter(({ target }) => ids.has(String(target)))
      .map(({ output, connection, target }) => ({
        id: `${String(key)}:${output}:${connection}:${target}`,
        source: String(key),
        output,
        target: String(target),
        labels: [...new Set(labels.get(`${String(key)}>${target}`) ?? [])]
      }))
  )
  const frames = entries(field(graph as JsonMap, '_frames')).map(([id, frame]) => ({
    id,
    title: text(field(frame, 'text'), ''),
    nodes: entries(field(frame, 'nodes')).map(([, one]) => plainText(one as string))
  }))
  const placed = !automatic && nodes.every((node) => Number.isFinite(node.x) && Number.isFinite(node.y))
  return { nodes: placed ? nodes : arrange(nodes, edges), edges, frames }
}

/** What two nodes leave between them for labels, badges and, where there are some, the borders of frames. */
export const least = { x: 52, y: 30, framed: 40 }

/**
 * MISP's nodes are larger than these: the same picture with less between them, so that it can be read in a small pane. Nodes that are apart
 * stay apart, and everything stays where it is relative to the rest.
 */
export function tighten(drawing: GraphDrawing): GraphDrawing {
  const { nodes, frames } = drawing
  const extra = frames.length > 0 ? least.framed : 0
  const scale = scaleOf(nodes, { x: nodeWidth + least.x + extra, y: nodeHeight + least.y + extra })
  if (scale.x >= 1 && scale.y >= 1) return drawing
  return { ...drawing, nodes: nodes.map((node) => ({ ...node, x: node.x * scale.x, y: node.y * scale.y })) }
}

interface Room {
  readonly x: number
  readonly y: number
}

/**
 * What nodes can be drawn at so that each two that are apart keep `room` between them in the direction in which they are apart, at least
 * a quarter; 1 when they are as close already.
 */
function scaleOf(nodes: readonly GraphNode[], room: Room): Room {
  const scale = { x: 1 / 4, y: 1 / 4 }
  // Only nodes within four times the room count: those of the same square and of the eight around it.
  const squares = new Map<string, GraphNode[]>()
  for (const one of nodes) {
    const [column, row] = [Math.floor(one.x / room.x / 4), Math.floor(one.y / room.y / 4)]
    for (const [dx, dy] of around)
      for (const other of squares.get(`${column + dx},${row + dy}`) ?? []) {
        const apart = { x: Math.abs(one.x - other.x) / room.x, y: Math.abs(one.y - other.y) / room.y }
        const axis = apart.x >= apart.y ? 'x' : 'y'
        scale[axis] = Math.min(1, Math.max(scale[axis], 1 / apart[axis]))
        if (scale.x >= 1 && scale.y >= 1) return scale
      }
    const square = squares.get(`${column},${row}`)
    if (square) square.push(one)
    else squares.set(`${column},${row}`, [one])
  }
  return scale
}

const around = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y] as const))

/** Left to right in layers. */
export function arrange(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): readonly GraphNode[] {
  if (isLarge(nodes.length, edges.length)) {
    const boxes = new Map(nodes.map(({ id }) => [id, { width: nodeWidth, height: nodeHeight }]))
    const links = edges.map(({ source, target }) => ({ from: source, to: target }))
    const places = layersOf(boxes, links, { node: 26, layer: 52 })
    return nodes.map((node) => ({ ...node, ...places.get(node.id) }))
  }
  const graph = new Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 26, ranksep: 52, marginx: 10, marginy: 10 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const node of nodes) graph.setNode(node.id, { width: nodeWidth, height: nodeHeight })
  for (const edge of edges) graph.setEdge(edge.source, edge.target)
  layOut(graph)
  return nodes.map((node) => {
    const at = graph.node(node.id) as { x: number; y: number } | undefined
    return at ? { ...node, x: at.x - nodeWidth / 2, y: at.y - nodeHeight / 2 } : { ...node, x: 0, y: 0 }
  })
}

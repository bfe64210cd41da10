import { Graph, layout } from '@dagrejs/dagre'
import type { RawGraph } from '../../../contract/workflow.ts'
import { linksOf } from '../../../engine/graph/edit-links.ts'
import { moveNodes } from '../../../engine/graph/edit.ts'
import { isLarge, layersOf, type Link } from '../../components/workflow-graph/layers.ts'
import type { Box } from '../../stores/editor-model.ts'
import { keysOf } from '../../stores/editor-model.ts'

/** Whether more false branches than true ones lie on top, which nobody expects. dagre does not know one output from the other. */
function upsideDown(graph: RawGraph, tops: ReadonlyMap<string, number>): boolean {
  let balance = 0
  const links = linksOf(graph)
  const others = new Map<string, string>()
  for (const { from, output, to } of links) if (output === 'output_2' && !others.has(from)) others.set(from, to)
  for (const { from, output, to } of links) {
    if (output !== 'output_1') continue
    const [top, below] = [tops.get(to), tops.get(others.get(from) ?? '')]
    if (top !== undefined && below !== undefined) balance += Math.sign(top - below)
  }
  return balance > 0
}

const gaps = { node: 32, layer: 72 }

/** Upper left corners. */
function drawnByDagre(boxes: ReadonlyMap<string, Box>, links: readonly Link[]): Map<string, { x: number; y: number }> {
  const drawing = new Graph()
  drawing.setGraph({ rankdir: 'LR', nodesep: gaps.node, ranksep: gaps.layer })
  drawing.setDefaultEdgeLabel(() => ({}))
  for (const [key, { width, height }] of boxes) drawing.setNode(key, { width, height })
  for (const { from, to } of links) drawing.setEdge(from, to)
  layout(drawing)
  return new Map(
    [...boxes].map(([key, { width, height }]) => {
      const at = drawing.node(key) as { readonly x: number; readonly y: number }
      return [key, { x: at.x - width / 2, y: at.y - height / 2 }]
    })
  )
}

/** Layers from left to right. Of `boxes` (all nodes, or some) only these move; they stay around where they were. */
export function layOut(graph: RawGraph, boxes: ReadonlyMap<string, Box>): RawGraph {
  const links = linksOf(graph).filter(({ from, to }) => boxes.has(from) && boxes.has(to))
  const corners = isLarge(boxes.size, links.length) ? layersOf(boxes, links, gaps) : drawnByDagre(boxes, links)
  const drawn = [...boxes.keys()].map((key) => [key, corners.get(key)!] as const)
  const turned = upsideDown(graph, new Map(drawn.map(([key, { y }]) => [key, y])))
  const placed = turned
    ? drawn.map(([key, { x, y }]) => [key, { x, y: -y - (boxes.get(key)?.height ?? 0) }] as const)
    : drawn
  const some = boxes.size < keysOf(graph).length
  const corner = (axis: 'x' | 'y', from: readonly { readonly x: number; readonly y: number }[]): number =>
    from.reduce((least, one) => Math.min(least, one[axis]), Infinity)
  const before = [...boxes.values()]
  const after = placed.map(([, at]) => at)
  const shift = some
    ? { x: corner('x', before) - corner('x', after), y: corner('y', before) - corner('y', after) }
    : { x: -corner('x', after), y: -corner('y', after) }
  return moveNodes(
    graph,
    new Map(placed.map(([key, { x, y }]) => [key, { x: Math.round(x + shift.x), y: Math.round(y + shift.y) }]))
  )
}

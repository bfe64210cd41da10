import { Graph, layout } from '@dagrejs/dagre'
import type { RawGraph } from '../../../contract/workflow.ts'
import { linksOf } from '../../../engine/graph/edit-links.ts'
import { moveNodes } from '../../../engine/graph/edit.ts'
import type { Box } from '../../stores/editor-model.ts'
import { keysOf } from '../../stores/editor-model.ts'

/** Layers from left to right. Of `boxes` (all nodes, or some) only these move; they stay around where they were. */
export function layOut(graph: RawGraph, boxes: ReadonlyMap<string, Box>): RawGraph {
  const drawing = new Graph()
  drawing.setGraph({ rankdir: 'LR', nodesep: 32, ranksep: 72 })
  drawing.setDefaultEdgeLabel(() => ({}))
  for (const [key, { width, height }] of boxes) drawing.setNode(key, { width, height })
  for (const { from, to } of linksOf(graph)) if (boxes.has(from) && boxes.has(to)) drawing.setEdge(from, to)
  layout(drawing)
  const placed = [...boxes].map(([key, { width, height }]) => {
    const at = drawing.node(key) as { readonly x: number; readonly y: number }
    return [key, { x: at.x - width / 2, y: at.y - height / 2 }] as const
  })
  const some = boxes.size < keysOf(graph).length
  const corner = (axis: 'x' | 'y', from: readonly { readonly x: number; readonly y: number }[]): number =>
    Math.min(...from.map((one) => one[axis]))
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

// How a graph is first shown in its pane: at a size that can be read, long chains turned into rows. Pure.
import type { GraphDrawing, GraphNode } from './graph-model.ts'
import { least, nodeHeight, nodeWidth } from './graph-model.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Bounds extends Size {
  readonly x: number
  readonly y: number
}

/** At this zoom the smallest texts of a node have 11 pixels: nothing is shown smaller before somebody asks for it. */
export const leastZoom = 1
const mostZoom = 1.25

/** Around the graph: names of outputs stand right of it, badges hang out above and below. */
const margin = { left: 26, right: 32, top: 24, bottom: 24 }

/** Graphs of so many nodes have a map in the lower right corner; its size and the space beside it are those of the style sheet. */
export const mapFrom = 9
const mapSize: Size = { width: 140, height: 96 }
const mapMargin = 8

/** Between two rows, for the connections that lead back to the left and for labels of steps. */
export const rowGap = 46

export function boundsOf(nodes: readonly Place[], size: Size = { width: nodeWidth, height: nodeHeight }): Bounds {
  const most = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (const { x, y } of nodes) {
    most.left = Math.min(most.left, x)
    most.top = Math.min(most.top, y)
    most.right = Math.max(most.right, x + size.width)
    most.bottom = Math.max(most.bottom, y + size.height)
  }
  if (most.left === Infinity) return { x: 0, y: 0, width: 0, height: 0 }
  return { x: most.left, y: most.top, width: most.right - most.left, height: most.bottom - most.top }
}

const room = (pane: Size): Size => ({
  width: pane.width - margin.left - margin.right,
  height: pane.height - margin.top - margin.bottom
})

/**
 * The same picture in rows, one below the other, when it is a chain that is too wide for its pane: each row as many of its columns, from left
 * to right, as fit. A graph that is also high stays as it is.
 */
export function inRows(drawing: GraphDrawing, pane: Size): GraphDrawing {
  const { nodes } = drawing
  const whole = boundsOf(nodes)
  const { width, height } = room(pane)
  if (whole.width <= width || whole.height > Math.max(height, 3 * nodeHeight)) return drawing
  const each = nodeWidth + least.x + (drawing.frames.length > 0 ? least.framed : 0)
  const fitting = Math.max(2, Math.floor((width - nodeWidth) / each) + 1)
  const rows: GraphNode[][] = []
  for (const [node, column] of columnsOf(nodes)) {
    const row = Math.floor(column / fitting)
    const placed = { ...node, row, x: whole.x + (column % fitting) * each }
    ;(rows[row] ??= []).push(placed)
  }
  const places = new Map<string, GraphNode>()
  let top = whole.y
  for (const row of rows.map(apart)) {
    const box = boundsOf(row)
    for (const node of row) places.set(node.id, { ...node, y: node.y - box.y + top })
    top += box.height + rowGap
  }
  return { ...drawing, nodes: nodes.map((node) => places.get(node.id) ?? node) }
}

/** Nodes from left to right, each in the column behind all that are left of it as a whole. */
function columnsOf(nodes: readonly GraphNode[]): readonly (readonly [GraphNode, number])[] {
  const order = nodes.toSorted((a, b) => a.x - b.x)
  const columns: number[] = []
  let passed = 0
  let next = 0
  return order.map((node, i) => {
    for (; passed < order.length && order[passed]!.x + nodeWidth <= node.x; passed++)
      next = Math.max(next, columns[passed]! + 1)
    columns[i] = next
    return [node, next] as const
  })
}

/** Of each column none over another. */
function apart(row: readonly GraphNode[]): readonly GraphNode[] {
  const bottoms = new Map<number, number>()
  return row
    .toSorted((a, b) => a.y - b.y)
    .map((node) => {
      const y = Math.max(node.y, bottoms.get(node.x) ?? -Infinity)
      bottoms.set(node.x, y + nodeHeight + least.y)
      return { ...node, y }
    })
}

export interface Viewport {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

/** Along one axis: in the middle where all fits, else around the focus, without empty space beside the graph. */
function along(from: number, length: number, focus: number, free: number, before: number): number {
  if (length <= free) return before + (free - length) / 2 - from
  return before - Math.min(Math.max(focus - free / 2, from), from + length - free)
}

interface Place {
  readonly x: number
  readonly y: number
}

const middleOf = ({ x, y }: Place): Place => ({ x: x + nodeWidth / 2, y: y + nodeHeight / 2 })

/** The whole node is shown, and the map is not over it. */
export function isInSight({ x, y, zoom }: Viewport, pane: Size, node: Place, hasMap: boolean): boolean {
  const [left, top] = [node.x * zoom + x, node.y * zoom + y]
  const [right, bottom] = [left + nodeWidth * zoom, top + nodeHeight * zoom]
  if (left < 0 || top < 0 || right > pane.width || bottom > pane.height) return false
  return (
    !hasMap || right <= pane.width - mapSize.width - mapMargin || bottom <= pane.height - mapSize.height - mapMargin
  )
}

/** The node in the middle of the pane. */
export function centred(pane: Size, node: Place, zoom: number): Viewport {
  const { x, y } = middleOf(node)
  return { zoom, x: pane.width / 2 - x * zoom, y: pane.height / 2 - y * zoom }
}

/** As much of the graph as can be read, with one node of it in sight. */
export function firstView(nodes: readonly Place[], pane: Size, focus: Place): Viewport {
  const view = viewOf(boundsOf(nodes), pane, middleOf(focus))
  return isInSight(view, pane, focus, nodes.length >= mapFrom) ? view : centred(pane, focus, view.zoom)
}

/** As much of what is drawn as can be read, around the focus. */
export function viewOf(
  bounds: Bounds,
  pane: Size,
  focus: Place,
  zooms: readonly [least: number, most: number] = [leastZoom, mostZoom]
): Viewport {
  const { width, height } = room(pane)
  const fit = Math.min(width / Math.max(bounds.width, 1), height / Math.max(bounds.height, 1))
  const zoom = Math.min(Math.max(fit, zooms[0]), zooms[1])
  return {
    zoom,
    x: along(bounds.x * zoom, bounds.width * zoom, focus.x * zoom, width, margin.left),
    y: along(bounds.y * zoom, bounds.height * zoom, focus.y * zoom, height, margin.top)
  }
}

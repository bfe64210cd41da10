import { describe, expect, it } from 'vitest'
import {
  boundsOf,
  centred,
  firstView,
  inRows,
  isInSight,
  viewOf
} from '../../../../../src/renderer/components/workflow-graph/first-view.ts'
import type { GraphDrawing, GraphNode } from '../../../../../src/renderer/components/workflow-graph/graph-model.ts'
import { nodeHeight, nodeWidth, tighten } from '../../../../../src/renderer/components/workflow-graph/graph-model.ts'

const node = (id: number, x: number, y = 0): GraphNode => ({
  id: String(id),
  nodeId: id,
  moduleId: 'm',
  moduleName: '',
  moduleType: 'action',
  name: `Node ${id}`,
  icon: 'cube',
  blocking: false,
  known: true,
  outputs: [],
  inputs: true,
  x,
  y
})
const drawing = (nodes: readonly GraphNode[]): GraphDrawing => ({ nodes, edges: [], frames: [] })
const chain = (count: number, wobble = 0): GraphDrawing =>
  drawing(Array.from({ length: count }, (_, i) => node(i + 1, i * 240, i % 2 === 0 ? 0 : wobble)))
const pane = { width: 700, height: 340 }

const overlaps = (nodes: readonly GraphNode[]): number =>
  nodes.flatMap((a, i) =>
    nodes.slice(i + 1).filter((b) => Math.abs(a.x - b.x) < nodeWidth && Math.abs(a.y - b.y) < nodeHeight)
  ).length

describe('the first view of a graph', () => {
  it('leaves a graph that fits as it is', () => {
    const fits = chain(2)
    expect(inRows(fits, pane)).toBe(fits)
  })

  it('turns a long chain into rows that fit, in reading order, without overlaps', () => {
    for (const count of [4, 7, 12, 40]) {
      const { nodes } = inRows(chain(count, 80), pane)
      expect(boundsOf(nodes).width).toBeLessThanOrEqual(pane.width)
      expect(overlaps(nodes)).toBe(0)
      const read = nodes.toSorted((a, b) => (a.row ?? 0) - (b.row ?? 0) || a.x - b.x)
      expect(read.map(({ nodeId }) => nodeId)).toEqual(nodes.map(({ nodeId }) => nodeId))
    }
  })

  it('keeps nodes of a row where they are to each other', () => {
    const { nodes } = inRows(chain(5, 80), pane)
    const second = nodes.filter(({ row }) => row === 1)
    expect(second[1]!.x).toBeGreaterThanOrEqual(second[0]!.x + nodeWidth)
    expect(Math.abs(second[1]!.y - second[0]!.y)).toBe(80)
  })

  it('brings nodes as close as they can be read, in each direction for itself', () => {
    const far = drawing([node(1, 0), node(2, 500), node(3, 500, 400), node(4, 1000, 400)])
    const { nodes } = tighten(far)
    expect(overlaps(nodes)).toBe(0)
    expect(nodes[1]!.x).toBeLessThan(300)
    expect(nodes[2]!.y).toBeLessThan(150)
  })

  it('leaves a graph that is high as well as wide as it is', () => {
    const large = drawing(Array.from({ length: 100 }, (_, i) => node(i, (i % 10) * 240, Math.floor(i / 10) * 100)))
    expect(inRows(large, pane)).toBe(large)
  })

  it('is never smaller than can be read, and shows the chosen node without empty space beside the graph', () => {
    const { nodes } = chain(40)
    for (const at of [0, 20, 39]) {
      const chosen = nodes[at]!
      const view = firstView(nodes, pane, chosen)
      expect(view.zoom).toBeGreaterThanOrEqual(1)
      const left = chosen.x * view.zoom + view.x
      expect(left).toBeGreaterThanOrEqual(0)
      expect(left + nodeWidth * view.zoom).toBeLessThanOrEqual(pane.width)
    }
    expect(firstView(nodes, pane, { x: 0, y: 0 }).x).toBeGreaterThan(0)
  })

  it('uses the room of a large pane, within reason', () => {
    const bounds = boundsOf(chain(3).nodes)
    const view = viewOf(bounds, { width: 2000, height: 1000 }, { x: 0, y: 0 })
    expect(view.zoom).toBe(1.25)
    expect(view.x + bounds.width * view.zoom * 0.5).toBeCloseTo(997, 0)
  })
  it('shows the chosen node whole, wherever it is, and not under the map', () => {
    const wide = drawing(Array.from({ length: 60 }, (_, i) => node(i, (i % 12) * 240, Math.floor(i / 12) * 100)))
    for (const { nodes } of [wide, chain(3), chain(9, 80), inRows(chain(40), pane)])
      for (const size of [pane, { width: 480, height: 190 }, { width: 1200, height: 500 }])
        for (const chosen of nodes)
          expect(isInSight(firstView(nodes, size, chosen), size, chosen, nodes.length >= 9), chosen.name).toBe(true)
    const last = wide.nodes[59]!
    expect(isInSight(centred(pane, last, 1), pane, last, true)).toBe(true)
    // Right in the corner, where the map is.
    expect(isInSight({ x: 700 - nodeWidth, y: 340 - nodeHeight, zoom: 1 }, pane, { x: 0, y: 0 }, true)).toBe(false)
    expect(isInSight({ x: 700 - nodeWidth, y: 340 - nodeHeight, zoom: 1 }, pane, { x: 0, y: 0 }, false)).toBe(true)
  })
})

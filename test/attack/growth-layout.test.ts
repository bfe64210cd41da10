// Thousands of nodes without positions are laid out while somebody waits: in work that grows with nodes and links. Work is counted, see
// work.ts, which comes first.
import { describe, expect, it } from 'vitest'
import { expectLinear } from './work.ts'
import { sample, seeded } from './scale.ts'
import { graph, type NodeSpec } from '../unit/engine/graph/build.ts'
import type { JsonMap } from '../../src/contract/json.ts'
import { drawingOf } from '../../src/renderer/components/workflow-graph/graph-model.ts'
import { layOut } from '../../src/renderer/views/editor/layout.ts'

type Nodes = { [key: number]: NodeSpec }
const list = <T>(n: number, part: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => part(i))
const nodes = (n: number, to: (i: number) => number[]): Nodes =>
  Object.fromEntries(
    list(n, (i) => [i + 1, { module: i === 0 ? 'event-publish' : 'webhook', to: [to(i).map((one) => one + 1)] }])
  )

const shapes: Readonly<Record<string, (n: number) => Nodes>> = {
  'a chain': (n) => nodes(n, (i) => (i + 1 < n ? [i + 1] : [])),
  'a fan': (n) => nodes(n, (i) => (i === 0 ? list(n - 1, (k) => k + 1) : [])),
  'a funnel': (n) => nodes(n, (i) => (i === 0 ? list(n - 2, (k) => k + 1) : i < n - 1 ? [n - 1] : [])),
  'a cycle': (n) => nodes(n, (i) => [(i + 1) % n]),
  alone: (n) => nodes(n, () => []),
  'everything to everything': (n) => {
    const side = Math.ceil(Math.sqrt(n))
    return nodes(side, (i) => list(side, (k) => k).filter((k) => k !== i))
  },
  'at random': (n) => {
    const random = seeded(5)
    return nodes(n, () => list(3, () => Math.floor(random() * n)))
  }
}

/** As MISP saves it, without places. */
const bare = (of: Nodes): JsonMap =>
  Object.fromEntries(
    Object.entries(graph(of)).map(([key, node]) => [key, { ...(node as JsonMap), pos_x: null, pos_y: null }])
  ) as JsonMap

describe('a graph without places', () => {
  it.each(sample(Object.entries(shapes), 3))('is laid out in work that grows with it: %s', (name, make) => {
    const size = name.startsWith('everything') ? 2500 : 700
    expectLinear(
      (n) => bare(make(n)),
      (given) => drawingOf(given, true),
      size
    )
    const boxes = (n: number): Map<string, { x: number; y: number; width: number; height: number }> =>
      new Map(Object.keys(make(n)).map((key) => [key, { x: 0, y: 0, width: 200, height: 80 }]))
    expectLinear(
      (n) => [graph(make(n)), boxes(n)] as const,
      ([given, all]) => layOut(given, all),
      size
    )
  })
  it.each(Object.entries(shapes))('has no node upon another, and later nodes to the right: %s', (name, make) => {
    const drawing = drawingOf(bare(make(name.startsWith('everything') ? 2500 : 1000)), true)
    const taken = new Set(drawing.nodes.map(({ x, y }) => `${x} ${y}`))
    expect(taken.size).toBe(drawing.nodes.length)
    if (!/chain|fan|funnel/.test(name)) return
    const at = new Map(drawing.nodes.map((node) => [node.id, node]))
    for (const { source, target } of drawing.edges) expect(at.get(target)!.x).toBeGreaterThan(at.get(source)!.x)
  })
})

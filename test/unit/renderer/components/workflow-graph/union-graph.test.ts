// Two workflows as one drawing: nodes that both have once, what one has alone beside them, and which run went where.
import { describe, expect, it } from 'vitest'
import type { ComparedStep } from '../../../../../src/contract/comparison.ts'
import type { Json, JsonMap } from '../../../../../src/contract/json.ts'
import type { RunDetail, RunStep } from '../../../../../src/contract/run-views.ts'
import { drawingOf, nodeHeight, nodeWidth } from '../../../../../src/renderer/components/workflow-graph/graph-model.ts'
import { comparedMarks, unionOf } from '../../../../../src/renderer/components/workflow-graph/union-graph.ts'

interface Spec {
  readonly id: number
  readonly module: string
  readonly to?: readonly number[]
  readonly x?: number
}

const workflow = (specs: readonly Spec[]): Json => ({
  Workflow: {
    ...{ id: '1', name: 'w', trigger_id: 'event-publish' },
    data: Object.fromEntries(
      specs.map(({ id, module, to = [], x = id * 250 }) => [
        String(id),
        {
          ...{ id, name: module, pos_x: x, pos_y: 100, inputs: {} },
          data: { id: module, name: module, module_type: id === 1 ? 'trigger' : 'action', indexed_params: {} },
          outputs: { output_1: { connections: to.map((node) => ({ node: String(node), output: 'input_1' })) } }
        }
      ])
    ) as JsonMap
  }
})

const a = drawingOf(
  workflow([
    { id: 1, module: 'event-publish', to: [2] },
    { id: 2, module: 'push-zmq', to: [3] },
    { id: 3, module: 'stop-execution' }
  ])
)
const b = drawingOf(
  workflow([
    { id: 1, module: 'event-publish', to: [2] },
    { id: 2, module: 'push-zmq', to: [4] },
    { id: 4, module: 'webhook', x: 750 }
  ])
)

const step = (number: number, nodeId: number, path: readonly string[]): RunStep =>
  ({
    step: number,
    nodeId,
    path,
    job: null,
    moduleType: 'action',
    result: 'success',
    success: true,
    derived: [],
    notes: []
  }) as never
const detail = (steps: readonly RunStep[]): RunDetail => ({ steps, unreached: [] }) as never

describe('unionOf', () => {
  it('has what both have once, and what only B has under a number of its own', () => {
    const union = unionOf(a, b, [])!
    expect(union.drawing.nodes.map(({ id, nodeId, number, moduleId }) => [id, nodeId, number, moduleId])).toEqual([
      ['1', 1, undefined, 'event-publish'],
      ['2', 2, undefined, 'push-zmq'],
      ['3', 3, undefined, 'stop-execution'],
      ['b 4', -5, '4', 'webhook']
    ])
    expect([...union.edges.values()]).toEqual([
      { a: '1:output_1:0:2', b: '1:output_1:0:2' },
      { a: '2:output_1:0:3', b: null },
      { a: null, b: '2:output_1:0:4' }
    ])
  })

  it('never draws one node over another', () => {
    const { nodes } = unionOf(a, b, [])!.drawing
    for (const [i, one] of nodes.entries())
      for (const other of nodes.slice(i + 1))
        expect(
          Math.abs(one.x - other.x) >= nodeWidth || Math.abs(one.y - other.y) >= nodeHeight,
          `${one.id} and ${other.id}`
        ).toBe(true)
  })

  it('knows nodes that only got another number', () => {
    const moved = drawingOf(
      workflow([
        { id: 1, module: 'event-publish', to: [12] },
        { id: 12, module: 'push-zmq', to: [3] },
        { id: 3, module: 'stop-execution' }
      ])
    )
    const union = unionOf(a, moved, [[2, 12]])!
    expect(union.drawing.nodes.map(({ number }) => number)).toEqual([undefined, '2 → 12', undefined])
    expect(union.ofB.get(12)).toBe(2)
    expect([...union.edges.values()].every((edge) => edge.a !== null && edge.b !== null)).toBe(true)
  })

  it('is the one workflow that is known, or none', () => {
    expect(unionOf(null, null, [])).toBeNull()
    expect(unionOf(null, b, [])?.drawing.nodes).toHaveLength(3)
    expect(unionOf(a, null, [])?.drawing.nodes).toHaveLength(3)
  })
})

describe('comparedMarks', () => {
  it('tells each node’s state and which run went along an edge', () => {
    const union = unionOf(a, b, [])!
    const runA = detail([step(1, 2, ['1:output_1:0:2']), step(2, 3, ['2:output_1:0:3'])])
    const runB = detail([step(1, 2, ['1:output_1:0:2']), step(2, 4, ['2:output_1:0:4'])])
    const rows: readonly ComparedStep[] = [
      { state: 'different', a: 1, b: 1, cause: 'before', in: ['input'] },
      { state: 'only a', a: 2, b: null, cause: 'before', in: [] },
      { state: 'only b', a: null, b: 2, cause: 'before', in: [] }
    ]
    const { nodes, taken } = comparedMarks(union, [runA, runB], [a, b], { rows, isStartSame: false })
    expect([...nodes].map(([id, { compared }]) => [id, compared])).toEqual([
      [1, { is: 'different', a: [], b: [] }],
      [2, { is: 'before', a: [1], b: [1] }],
      [3, { is: 'only a', a: [2], b: [] }],
      [-5, { is: 'only b', a: [], b: [2] }]
    ])
    expect(Object.fromEntries(taken ?? [])).toEqual({
      '1:output_1:0:2': 'both',
      '2:output_1:0:3': 'a',
      'b 2:output_1:0:4': 'b'
    })
  })

  it('calls a node different that both came to and one came to again', () => {
    const union = unionOf(a, a, [])!
    const run = detail([step(1, 2, []), step(2, 2, [])])
    const rows: readonly ComparedStep[] = [
      { state: 'same', a: 1, b: 1, cause: null, in: [] },
      { state: 'only a', a: 2, b: null, cause: 'itself', in: [] }
    ]
    const { nodes } = comparedMarks(union, [run, run], [a, a], { rows, isStartSame: true })
    expect(nodes.get(2)?.compared).toEqual({ is: 'different', a: [1, 2], b: [1] })
    expect(nodes.get(3)?.compared?.is).toBe('none')
  })
})

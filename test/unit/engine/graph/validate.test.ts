import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import { attachLabels, labelledConnections, labelsForConnections } from '../../../../src/engine/graph/labels.ts'
import { findCycle, findMultipleOutputs } from '../../../../src/engine/graph/validate.ts'
import { getNodeIdForTrigger, parsePathList } from '../../../../src/engine/graph/walk-helpers.ts'
import { pathWarnings } from '../../../../src/engine/check/warnings.ts'
import { modulesOf } from '../../../../src/engine/modules/table.ts'
import { chain, graph } from './build.ts'

describe('findCycle', () => {
  it('walks a chain of 10,000 nodes without a stack of its own', () => {
    expect(findCycle(graph(chain(10_000)))).toEqual([])
    const cycle = findCycle(graph(chain(10_000, [9_000])))
    expect(cycle).toHaveLength(1_001)
    expect(cycle[0]).toEqual([10_000, 9_000, 'Cycle'])
    expect(cycle.at(-1)).toEqual([9_000, 9_001, 'Cycle'])
  })

  it('ignores connections to nodes that are not there', () => {
    expect(findCycle(graph({ 1: { module: 'event-publish', to: [[7]] } }))).toEqual([])
  })
})

describe('findMultipleOutputs', () => {
  it('throws where MISP counts what is no list', () => {
    const nodes = { 1: { id: 1, data: {}, outputs: { output_1: { connections: 'x' } } } }
    expect(() => findMultipleOutputs(nodes)).toThrow('count()')
  })
})

describe('pathWarnings', () => {
  /** 60 diamonds in a row: 2^60 paths. */
  const diamonds = (last: string): ReturnType<typeof graph> => {
    const nodes: Record<number, { module: string; to?: number[][] }> = { 1: { module: 'event-publish', to: [[2]] } }
    for (let i = 0; i < 60; i++) {
      const a = 2 + i * 3
      nodes[a] = { module: i === 0 ? 'concurrent-task' : 'generic-if', to: [[a + 1], [a + 2]] }
      nodes[a + 1] = { module: 'webhook', to: [[a + 3]] }
      nodes[a + 2] = { module: 'push-zmq', to: [[a + 3]] }
    }
    nodes[182] = { module: last }
    return graph(nodes)
  }

  it('is cut at its limit where MISP would list paths without end', () => {
    const { edges, complete } = pathWarnings(diamonds('stop-execution'), modulesOf('2.5.1').find, 1_000)
    expect(complete).toBe(false)
    expect(edges.length).toBeLessThanOrEqual(1_000)
    expect(edges[0]?.slice(0, 2)).toEqual(['2', '3'])
  })

  it('walks no path that leads to no blocking node', () => {
    expect(pathWarnings(diamonds('webhook'), modulesOf('2.5.1').find, 1_000)).toEqual({ edges: [], complete: true })
  })
})

describe('labels of filters', () => {
  const filter = (label: string, to: number[]): { module: string; to: number[][]; params: JsonMap } => ({
    module: 'generic-filter-data',
    to: [to],
    params: { 'filtering-label': label }
  })

  it('are those of the last path that reaches a connection', () => {
    const nodes = graph({
      1: { module: 'event-publish', to: [[2]] },
      2: { module: 'generic-if', to: [[3], [4]] },
      3: filter('A', [5]),
      4: { module: 'webhook', to: [[5]] },
      5: { module: 'push-zmq', to: [[6]] },
      6: { module: 'webhook' }
    })
    const labels = labelsForConnections(nodes, 'event-publish', modulesOf('2.5.1').labelRules)
    expect(labels).toEqual(
      new Map([
        [
          5,
          new Map([
            [3, ['A']],
            [4, []]
          ])
        ]
      ])
    )
  })

  it('are put on input connections without touching the graph given', () => {
    const nodes = graph({ 1: { module: 'event-publish', to: [[2]] }, 2: filter('B', [3]), 3: { module: 'webhook' } })
    const before = JSON.stringify(nodes)
    const labelled = attachLabels(nodes, modulesOf('2.5.1').labelRules) as JsonMap
    expect(JSON.stringify(nodes)).toBe(before)
    expect(labelled['3']).toMatchObject({
      inputs: { input_1: { connections: [{ node: '2', labels: [{ id: 'b', name: 'B', variant: 'info' }] }] } }
    })
    expect(labelled['1']).toBe((nodes as JsonMap)['1'])
  })

  it('are a CakeException when only some filters have one', () => {
    const nodes = graph({
      1: { module: 'event-publish', to: [[2]] },
      2: filter('A', [3]),
      3: { module: 'generic-filter-data', params: { value: 'x' } }
    })
    expect(() => labelledConnections(nodes, undefined, modulesOf('2.5.1').labelRules)).toThrow(
      expect.objectContaining({ phpClass: 'CakeException' })
    )
  })
})

describe('walk helpers', () => {
  it('answer the id of the first trigger as an integer', () => {
    const nodes = graph({ 4: { module: 'event-publish', id: '4' } })
    expect(getNodeIdForTrigger(nodes, 'event-publish')).toBe(4)
    expect(getNodeIdForTrigger(nodes, 'event-after-save')).toBe(-1)
    expect(() => getNodeIdForTrigger(graph({}), null)).toThrow(expect.objectContaining({ phpClass: 'TypeError' }))
  })

  it('split paths', () => {
    expect(parsePathList(['1:output_1:0:2'])).toEqual([
      { source_id: '1', output_id: 'output_1', connection_id: '0', next_node_id: '2' }
    ])
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../src/contract/json.ts'
import { writePreserving } from '../../../src/engine/format/preserve-text.ts'
import { buildWorkflow } from '../../../src/engine/graph/edit-node.ts'
import { linksOf } from '../../../src/engine/graph/edit-links.ts'
import { connectionsOf, nodeAt, nodesOf } from '../../../src/engine/graph/nodes.ts'
import { modulesOf } from '../../../src/engine/modules/table.ts'
import {
  withReadableGraph,
  withWorkflowFields,
  withWorkflowGraph,
  workflowGraph
} from '../../../src/engine/graph/document.ts'
import { align, freeOutputs, nodeInfo, problemsIn } from '../../../src/renderer/stores/editor-model.ts'
import { flowEdges, flowNodes } from '../../../src/renderer/views/editor/flow-model.ts'
import { layOut } from '../../../src/renderer/views/editor/layout.ts'
import { svgOf } from '../../../src/renderer/views/editor/svg.ts'
import { graph } from '../engine/graph/build.ts'

const everything = { settings: {}, enabledModules: null }
const actions = { insert: () => undefined, remove: () => undefined }
const draw = (document: Json) => {
  const sources = {
    document,
    problems: problemsIn(document, everything),
    comparison: null,
    selection: new Set<string>(),
    disabled: new Set<string>(),
    unfolded: new Set<string>(),
    marks: null
  }
  return { nodes: flowNodes(sources), edges: flowEdges(sources, null, actions), problems: sources.problems }
}

const sample = graph({
  1: { module: 'event-publish', to: [[2]] },
  2: { module: 'tag-if', to: [[3], []] },
  3: { module: 'stop-execution' }
})

describe('the document of the editor', () => {
  it('keeps its wrapping', () => {
    for (const document of [
      { Workflow: { name: 'a', data: sample as Json } },
      { name: 'a', data: sample as Json },
      sample as Json
    ]) {
      expect(workflowGraph(document)).toBe(sample)
      expect(withWorkflowGraph(document, sample)).toBe(document)
      expect(workflowGraph(withWorkflowGraph(document, {}))).toEqual({})
    }
    expect(withWorkflowFields(sample as Json, { name: 'b' })).toEqual({ Workflow: { name: 'b', data: sample } })
    expect(workflowGraph(withReadableGraph({ Workflow: { data: JSON.stringify(sample) } }))).toEqual(sample)
  })

  it('knows which outputs are free', () => {
    expect(freeOutputs(sample, '2')).toEqual(['output_2'])
    expect(freeOutputs(sample, '3')).toEqual([])
    expect(nodeInfo(sample, '9')).toBeNull()
  })

  it('lines nodes up and lays them out', () => {
    const boxes = new Map(
      ['1', '2', '3'].map((key, i) => [key, { x: i * 7, y: i * 100, width: 200, height: 80 }] as const)
    )
    const left = align(sample, boxes, 'left')
    expect([nodeInfo(left, '1'), nodeInfo(left, '3')].map((info) => info?.node.pos_x)).toEqual([0, 0])
    const spread = align(sample, boxes, 'rows')
    expect(nodeInfo(spread, '2')?.node.pos_y).toBe(100)
    const laid = layOut(sample, boxes)
    const xs = ['1', '2', '3'].map((key) => Number(nodeInfo(laid, key)?.node.pos_x))
    expect(xs).toEqual([...xs].sort((a, b) => a - b))
    expect(new Set(xs).size).toBe(3)
  })

  it('is drawn with problems at their nodes and edges', () => {
    const { nodes, edges } = draw({
      Workflow: {
        data: graph({ 1: { module: 'event-publish', to: [[2]] }, 2: { module: 'webhook', to: [[2]] } }) as Json
      }
    })
    expect((nodes[1]?.data as { errors: string[] }).errors).toEqual(['Cannot save a workflow containing a cycle'])
    expect(edges.map((edge) => (edge.data as { problem: string | null }).problem)).toContain('error')
    const trigger = modulesOf('2.5.1').find('trigger', 'event-publish')
    if (!trigger) throw new Error('no trigger')
    const fresh = buildWorkflow(trigger, { uid: 'u', uuid: 'x', now: 1, name: 'A <b> & "c"' })
    expect(svgOf(fresh).text).toContain('Event Publish')
  })
})

const vectors = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'vectors', 'graphs.json')

describe.skipIf(!existsSync(vectors))('every recorded graph', () => {
  interface Case {
    readonly id: string
    readonly graph: Json
    readonly results: Readonly<Record<string, { readonly expected?: Json }>>
  }
  const cases = existsSync(vectors)
    ? (JSON.parse(readFileSync(vectors, 'utf8')) as { cases: readonly Case[] }).cases
    : []
  const edgesIn = (value: Json | undefined, name: string): string[] => {
    const list = (value as JsonMap | undefined)?.[name]
    return (Array.isArray(list) ? (list as readonly (readonly Json[])[]) : []).map((edge) => `${edge[0]}>${edge[1]}`)
  }

  it('opens, and shows the problems that MISP reports, at the same edges', () => {
    for (const { id, graph: recorded, results } of cases) {
      const { nodes, edges, problems } = draw({ Workflow: { name: id, data: recorded } })
      expect([id, nodes.length]).toEqual([id, nodesOf(recorded as never).length])
      const targets = linksOf(recorded as never).filter(({ to }) => nodeAt(recorded as never, Number(to)) !== undefined)
      expect([id, edges.length]).toEqual([
        id,
        new Set(targets.map(({ from, output, to }) => `${from}:${output}:${to}`)).size
      ])
      const shown = (code: string): string[] =>
        problems
          .filter((one) => one.code === code)
          .flatMap((one) => one.edges.map((edge) => `${(edge as Json[])[0]}>${(edge as Json[])[1]}`))
      expect([id, shown('CYCLE')]).toEqual([id, edgesIn(results.isAcyclic?.expected, 'cycles')])
      const recordedPaths = results.hasPathWarnings?.expected
      if (recordedPaths !== undefined)
        expect([id, [...new Set(shown('BLOCKING_PATH'))].sort()]).toEqual([
          id,
          [...new Set(edgesIn(recordedPaths, 'edges'))].sort()
        ])
      const saved = results.addWorkflow?.expected as { readonly saved?: boolean } | undefined
      if (saved?.saved !== undefined)
        expect([id, problems.every(({ severity }) => severity !== 'error')]).toEqual([id, saved.saved])
    }
  })

  it('is exported as it came', () => {
    for (const { id, graph: recorded } of cases) {
      const text = JSON.stringify({ Workflow: { name: id, data: recorded } }, null, 4)
      const document = withReadableGraph(JSON.parse(text) as Json)
      expect(writePreserving(text, withWorkflowGraph(document, workflowGraph(document)))).toBe(text)
      expect(connectionsOf(undefined)).toEqual([])
    }
  })
})

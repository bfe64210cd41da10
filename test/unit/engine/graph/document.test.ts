import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import {
  asExported,
  withReadableGraph,
  withWorkflowFields,
  withWorkflowGraph,
  workflowGraph,
  workflowRow
} from '../../../../src/engine/graph/document.ts'
import { graph } from './build.ts'

const nodes = graph({ 1: { module: 'event-publish', to: [[2]] }, 2: { module: 'stop-execution' } }) as JsonMap
const list = Object.values(nodes)
const row: JsonMap = { id: '1', name: 'guard', data: nodes }
/** A row whose nodes are keyed like fields of a row. */
const named = { data: nodes['1']!, name: nodes['2']! }

describe('a workflow in whichever wrapping', () => {
  it.each<readonly [string, Json, JsonMap | null, Json]>([
    ['an export', { Workflow: row }, row, nodes],
    ['an export with other models', { Organisation: { id: '1' }, Workflow: row }, row, nodes],
    ['an export alone in a list', [{ Workflow: row }], row, nodes],
    ['a blueprint', { WorkflowBlueprint: row }, row, nodes],
    ['a row', row, row, nodes],
    ['a row with a list of nodes', { ...row, data: list }, { ...row, data: list }, list],
    ['bare nodes', nodes, null, nodes],
    ['bare nodes with frames', { _frames: {}, ...nodes }, null, { _frames: {}, ...nodes }],
    ['a list of nodes', list, null, list],
    ['bare nodes named as a row’s fields', named, null, named],
    ['a node', nodes['1']!, null, nodes['1']!],
    ['two exports', [{ Workflow: row }, { Workflow: row }], null, [{ Workflow: row }, { Workflow: row }]],
    ['a row that MISP has just made', { Workflow: { name: 'new', data: [] } }, { name: 'new', data: [] }, []],
    ['a row without nodes', { Workflow: { name: 'x' } }, { name: 'x' }, {}],
    ['nodes as the database’s text', { name: 'x', data: '{}' }, { name: 'x', data: '{}' }, {}],
    ['a wrapper around nothing', { Workflow: null, name: 'x' }, { Workflow: null, name: 'x' }, {}],
    ['a wrapper around a text', { Workflow: 'x' }, { Workflow: 'x' }, {}],
    ['an empty map', {}, {}, {}],
    ['an empty list', [], null, []],
    ['null', null, null, {}],
    ['a text', 'x', null, {}]
  ])('finds row and nodes of %s', (_, workflow, wantedRow, wantedGraph) => {
    expect(workflowRow(workflow)).toEqual(wantedRow)
    expect(workflowGraph(workflow)).toEqual(wantedGraph)
    expect(withWorkflowGraph(workflow, workflowGraph(workflow))).toBe(workflow)
  })

  it.each<readonly [string, Json, Json]>([
    ['an export', { Workflow: row, Organisation: {} }, { Workflow: { ...row, name: 'b' }, Organisation: {} }],
    ['an export alone in a list', [{ Workflow: row }], [{ Workflow: { ...row, name: 'b' } }]],
    ['a row', row, { ...row, name: 'b' }],
    ['bare nodes', nodes, { Workflow: { name: 'b', data: nodes } }],
    ['a list of nodes', list, { Workflow: { name: 'b', data: list } }]
  ])('names %s', (_, workflow, wanted) => {
    expect(withWorkflowFields(workflow, { name: 'b' })).toEqual(wanted)
    expect(workflowGraph(withWorkflowFields(workflow, { name: 'b' }))).toBe(workflowGraph(workflow))
  })

  it('gives other nodes to what has a row, and is them otherwise', () => {
    expect(withWorkflowGraph({ Workflow: row }, {})).toEqual({ Workflow: { ...row, data: {} } })
    expect(withWorkflowGraph(nodes, {})).toEqual({})
  })

  it('exports with one wrapper', () => {
    for (const workflow of [row, { Workflow: row }, [{ Workflow: row }]])
      expect(asExported(workflow)).toEqual({ Workflow: row })
    expect(asExported(list)).toEqual({ Workflow: { data: list } })
  })

  it('reads nodes that are a text, and leaves what is no JSON', () => {
    const stored = { Workflow: { ...row, data: JSON.stringify(nodes) } }
    expect(withReadableGraph(stored)).toEqual({ Workflow: row })
    expect(withReadableGraph({ data: '{' })).toEqual({ data: '{' })
  })
})

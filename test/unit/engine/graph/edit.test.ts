import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { RawGraph } from '../../../../src/contract/workflow.ts'
import { diffWorkflows } from '../../../../src/engine/graph/diff-workflows.ts'
import { buildNode, buildWorkflow } from '../../../../src/engine/graph/edit-node.ts'
import { insertOn, linksOf, reconnect, refusalOf } from '../../../../src/engine/graph/edit-links.ts'
import {
  addNode,
  connect,
  disconnect,
  moveNodes,
  nextId,
  removeNodes,
  withFrame,
  withParam
} from '../../../../src/engine/graph/edit.ts'
import { fragmentOf, parseFragment, paste } from '../../../../src/engine/graph/fragment.ts'
import { modulesOf } from '../../../../src/engine/modules/table.ts'
import { checkWorkflow } from '../../../../src/engine/check/check.ts'
import { parseWorkflow } from '../../../../src/engine/graph/parse.ts'
import { graph } from './build.ts'

const uid = (n = 0): string => `uid${n}`
const fresh = (type: string, module: string, id: number): JsonMap => {
  const definition = modulesOf('2.5.1').find(type, module)
  if (!definition) throw new Error(module)
  return buildNode(definition, { id, position: { x: 0, y: 0 }, uid: uid() })
}
const sample = (): RawGraph =>
  graph({
    1: { module: 'event-publish', to: [[2]] },
    2: { module: 'tag-if', to: [[3], [4]] },
    3: { module: 'stop-execution' },
    4: { module: 'webhook', to: [[]] }
  })
const at = (from: RawGraph, key: string): JsonMap => (from as JsonMap)[key] as JsonMap

describe('a new node', () => {
  it('has the shape of the nodes that MISP saves', () => {
    expect(fresh('logic', 'tag-if', 6)).toEqual({
      id: 6,
      name: 'IF :: Tag',
      data: {
        indexed_params: { scope: 'event', condition: 'in_or', tags: '', clusters: '' },
        saved_filters: { selector: '', value: '', operator: '', path: '' },
        node_uid: 'uid0',
        module_type: 'logic',
        id: 'tag-if',
        name: 'IF :: Tag',
        multiple_output_connection: false,
        previous_module_version: '?',
        module_version: '0.4'
      },
      class: 'block-type-if block-type-logic expect-misp-core-format',
      typenode: false,
      inputs: { input_1: { connections: [] } },
      outputs: { output_1: { connections: [] }, output_2: { connections: [] } },
      pos_x: 0,
      pos_y: 0
    })
    expect(fresh('action', 'stop-execution', 2)).toMatchObject({ class: 'block-type-default', outputs: [] })
    expect(fresh('trigger', 'event-publish', 1)).toMatchObject({
      class: 'block-type-trigger',
      inputs: [],
      data: { params: [], indexed_params: [], blocking: true, html_template: 'trigger', disabled: false }
    })
  })

  it('of every module makes a workflow that parses and that MISP would save', () => {
    const { modules_logic: logic, modules_action: actions, modules_trigger: triggers } = modulesOf('2.5.1').list()
    for (const trigger of triggers) {
      const made = buildWorkflow(trigger, { uid: 'u', uuid: 'x', now: 1 })
      expect(checkWorkflow(parseWorkflow(made, 'w')).errors).toEqual([])
    }
    const start = fresh('trigger', 'event-publish', 1)
    for (const definition of [...logic, ...actions]) {
      const node = buildNode(definition, { id: 2, position: { x: 1, y: 2 }, uid: 'u' })
      const made = connect(addNode({ '1': start }, node), { from: '1', output: 'output_1', to: '2' })
      expect(checkWorkflow(parseWorkflow({ data: made }, 'w')).errors).toEqual([])
    }
  })
})

describe('editing a graph', () => {
  it('shares what it does not touch', () => {
    const before = sample()
    const after = withParam(before, '2', 'scope', 'attribute')
    expect(at(after, '2')).not.toBe(at(before, '2'))
    for (const key of ['1', '3', '4']) expect(at(after, key)).toBe(at(before, key))
    expect(withParam(after, '2', 'scope', 'attribute')).toBe(after)
    expect(moveNodes(after, new Map([['9', { x: 1, y: 1 }]]))).toBe(after)
  })

  it('connects both ends and takes both away', () => {
    const before = addNode(sample(), fresh('action', 'push-zmq', nextId(sample())))
    const link = { from: '4', output: 'output_1', to: '5' }
    const joined = connect(before, link)
    expect(at(joined, '5').inputs).toEqual({ input_1: { connections: [{ node: '4', input: 'output_1' }] } })
    expect(at(joined, '4').outputs).toEqual({ output_1: { connections: [{ node: '5', output: 'input_1' }] } })
    expect(disconnect(joined, link)).toEqual(before)
  })

  it('removes a node with every connection from and to it, and from its frame', () => {
    const framed = withFrame(sample(), 'f', { title: 'Guard', nodes: ['2', '3'] })
    const after = removeNodes(framed, ['3'])
    expect(linksOf(after)).toEqual([
      { from: '1', output: 'output_1', to: '2' },
      { from: '2', output: 'output_2', to: '4' }
    ])
    expect((after as JsonMap)._frames).toEqual({ f: { id: 'f', text: 'Guard', nodes: ['2'] } })
    expect((removeNodes(after, ['2']) as JsonMap)._frames).toEqual([])
  })

  it('keys a list by the ids of its nodes once it gets another node', () => {
    const list = [at(sample(), '3'), at(sample(), '4')] as unknown as RawGraph
    expect(Object.keys(addNode(list, fresh('action', 'push-zmq', nextId(list))))).toEqual(['3', '4', '5'])
    expect(Array.isArray(withParam(list, '1', 'url', 'x'))).toBe(true)
  })
})

describe('connections that MISP refuses', () => {
  it('are refused with the reason', () => {
    const before = sample()
    const why = (from: string, output: string, to: string) => refusalOf(before, { from, output, to })
    expect(why('4', 'output_1', '2')).toMatch(/create a cycle/)
    expect(why('4', 'output_1', '4')).toMatch(/itself/)
    expect(why('2', 'output_1', '4')).toMatch(/one connection per output/)
    expect(why('4', 'output_1', '1')).toMatch(/no input/)
    expect(why('1', 'output_1', '2')).toMatch(/already connected/)
    expect(why('3', 'output_1', '4')).toMatch(/no output/)
    expect(why('4', 'output_1', '3')).toBeNull()
  })

  it('lets a concurrent task lead to several nodes', () => {
    const before = graph({
      1: { module: 'event-publish', to: [[2]] },
      2: { module: 'concurrent-task', to: [[3]] },
      3: { module: 'webhook', to: [[]] },
      4: { module: 'webhook', to: [[]] }
    })
    expect(refusalOf(before, { from: '2', output: 'output_1', to: '4' })).toBeNull()
  })

  it('moves an end, and puts a node into a connection', () => {
    const before = addNode(sample(), fresh('action', 'push-zmq', 5))
    const link = { from: '2', output: 'output_2', to: '4' }
    expect(reconnect(before, link, { ...link, to: '5' })).toEqual(
      connect(disconnect(before, link), { ...link, to: '5' })
    )
    expect(reconnect(before, link, { ...link, to: '2' })).toMatch(/itself/)
    const inserted = insertOn(before, link, '5')
    expect(typeof inserted === 'string' ? inserted : linksOf(inserted)).toEqual([
      { from: '1', output: 'output_1', to: '2' },
      { from: '2', output: 'output_1', to: '3' },
      { from: '2', output: 'output_2', to: '5' },
      { from: '5', output: 'output_1', to: '4' }
    ])
  })
})

describe('a piece of a workflow', () => {
  it('is pasted under new ids with its inner connections', () => {
    const before = sample()
    const piece = parseFragment(JSON.parse(JSON.stringify(fragmentOf(before, ['2', '3'])))) ?? fragmentOf(before, [])
    const { graph: after, keys } = paste(before, piece, { uid, at: { x: 40, y: 60 } })
    expect(keys).toEqual(['5', '6'])
    expect(at(after, '5')).toMatchObject({ id: 5, pos_x: 40, inputs: { input_1: { connections: [] } } })
    expect(linksOf(after).slice(3)).toEqual([{ from: '5', output: 'output_1', to: '6' }])
    expect(at(after, '2')).toBe(at(before, '2'))
  })

  it('leaves the trigger of a blueprint out where the workflow has one', () => {
    const piece = parseFragment({ WorkflowBlueprint: { data: Object.values(sample() as JsonMap) } })
    const { keys } = paste(sample(), piece ?? fragmentOf([], []), { uid, triggers: false })
    expect(keys).toEqual(['5', '6', '7'])
    expect(parseFragment({ Event: {} })).toBeNull()
  })
})

describe('the difference of two versions', () => {
  it('is told in words', () => {
    const before = { Workflow: { name: 'a', data: sample() as Json } }
    let changed = withParam(sample(), '2', 'scope', 'attribute')
    changed = disconnect(changed, { from: '2', output: 'output_2', to: '4' })
    changed = addNode(changed, fresh('action', 'push-zmq', 5))
    const after = { Workflow: { name: 'b', data: moveNodes(changed, new Map([['3', { x: 5, y: 5 }]])) as Json } }
    expect(diffWorkflows(before, after).map(({ text }) => text)).toEqual([
      'Workflow: name: “a” → “b”',
      'Added: Push to ZMQ (5)',
      'tag-if (2): scope: nothing → “attribute”',
      'Disconnected: tag-if (2) output_2 → webhook (4)',
      'stop-execution (3): moved'
    ])
    expect(diffWorkflows(before, before)).toEqual([])
  })
})

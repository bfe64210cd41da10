import { describe, expect, it } from 'vitest'
import { CodedError } from '../../../../src/contract/errors.ts'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import { maxNodes } from '../../../../src/engine/graph/count-nodes.ts'
import { assertRunnable, parseWorkflow } from '../../../../src/engine/graph/parse.ts'
import { chain, graph, workflow } from './build.ts'

const two = graph({ 1: { module: 'event-publish', to: [[2]] }, 2: { module: 'webhook' } }) as JsonMap

function refusal(json: unknown): { code: string; place: unknown; message: string } {
  try {
    const parsed = parseWorkflow(json, 'w.json')
    assertRunnable(parsed, 'w.json')
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    expect(error.details?.file).toBe('w.json')
    return { code: error.code, place: error.details?.place, message: error.message }
  }
  return { code: 'none', place: undefined, message: '' }
}

/** `two` with a value put at a path of the second node. */
function broken(path: readonly string[], value: unknown): Json {
  const put = (at: unknown, [key, ...rest]: readonly string[]): unknown => ({
    ...(at as object),
    [key as string]: rest.length === 0 ? value : put((at as Record<string, unknown>)[key as string], rest)
  })
  return { Workflow: { id: '1', name: 'x', data: put(two, ['2', ...path]) } } as Json
}

describe('parseWorkflow', () => {
  it('accepts the export, the object in it, the bare map, the bare list, and data as text', () => {
    const row = { id: '7', name: 'mine', trigger_id: 'event-publish', data: two }
    expect(parseWorkflow({ Workflow: row }, 'f')).toEqual(row)
    expect(parseWorkflow(row, 'f')).toEqual(row)
    expect(parseWorkflow([{ Workflow: row }], 'f')).toEqual(row)
    expect(parseWorkflow({ Workflow: { ...row, data: JSON.stringify(two) } }, 'f')).toEqual(row)
    expect(parseWorkflow(two, 'f')).toMatchObject({ name: 'f', trigger_id: 'event-publish', data: two })
    expect(parseWorkflow({ ...two, _frames: [] }, 'f').data).toEqual({ ...two, _frames: [] })
    expect(parseWorkflow(Object.values(two), 'f').data).toEqual(Object.values(two))
    expect(parseWorkflow({ Workflow: { name: 'empty', data: [] } }, 'f').data).toEqual([])
    const saved = { format: 'retrace.workflow', version: 1, id: 'mine', number: 3, workflow: { Workflow: row } }
    expect(parseWorkflow(saved, 'f')).toEqual(row)
  })

  it('says what something else looks like', () => {
    expect(() => parseWorkflow({ Event: { id: '1' } }, 'f')).toThrow(
      /it looks like an event, which --data takes;.*export/
    )
    expect(() => parseWorkflow({ format: 'retrace.run' }, 'f')).toThrow(/another file of Retrace/)
  })

  it('accepts ids as texts, and missing inputs and outputs', () => {
    const bare = { 1: { id: '1', data: { id: 'event-publish', module_type: 'trigger' } } }
    expect(parseWorkflow(bare, 'f').trigger_id).toBe('event-publish')
  })

  it.each([
    ['text', 'INPUT_NOT_OBJECT', undefined],
    [null, 'INPUT_NOT_OBJECT', undefined],
    [{ Event: { id: '1' } }, 'WORKFLOW_INVALID', undefined],
    [{}, 'WORKFLOW_INVALID', undefined],
    [{ Workflow: [] }, 'INPUT_WRONG_TYPE', 'Workflow'],
    [{ Workflow: { name: 'x' } }, 'WORKFLOW_INVALID', 'Workflow.data'],
    [{ Workflow: { data: '{' } }, 'INPUT_NOT_JSON', 'Workflow.data'],
    [{ Workflow: { name: {}, data: two } }, 'INPUT_WRONG_TYPE', 'Workflow.name'],
    [broken(['id'], 'two'), 'INPUT_WRONG_TYPE', 'Workflow.data[2].id'],
    [broken(['data'], 'x'), 'INPUT_WRONG_TYPE', 'Workflow.data[2].data'],
    [broken(['data', 'id'], 5), 'INPUT_WRONG_TYPE', 'Workflow.data[2].data.id'],
    [broken(['data', 'indexed_params'], 'x'), 'INPUT_WRONG_TYPE', 'Workflow.data[2].data.indexed_params'],
    [broken(['outputs'], 3), 'INPUT_WRONG_TYPE', 'Workflow.data[2].outputs'],
    [broken(['outputs'], { o: { connections: null } }), 'INPUT_WRONG_TYPE', 'Workflow.data[2].outputs.o.connections'],
    [
      broken(['outputs'], { o: { connections: [{ node: [] }] } }),
      'INPUT_WRONG_TYPE',
      'Workflow.data[2].outputs.o.connections[0].node'
    ]
  ])('refuses %j with a code and a place', (json, code, place) => {
    expect(refusal(json)).toMatchObject({ code, place })
  })

  it('takes foreign keys for what they are', () => {
    const json = JSON.parse(`{"__proto__": ${JSON.stringify(two['2'])}, "1": ${JSON.stringify(two['1'])}}`) as Json
    const parsed = parseWorkflow(json, 'f')
    expect(Object.keys(parsed.data)).toEqual(['1', '__proto__'])
    expect(({} as JsonMap).id).toBeUndefined()
  })

  it('takes as many nodes as the limit and no more', () => {
    expect(Object.keys(workflow(chain(maxNodes)).data)).toHaveLength(maxNodes)
    expect(refusal(graph(chain(maxNodes + 1))).code).toBe('WORKFLOW_TOO_LARGE')
  })

  it('does not care how deep parameters nest', () => {
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as Json
    expect(refusal(broken(['data', 'indexed_params'], { a: deep })).code).toBe('none')
  })
})

describe('assertRunnable', () => {
  it('refuses what MISP could not have saved', () => {
    expect(refusal(graph({ 1: { module: 'webhook' } }))).toMatchObject({ code: 'WORKFLOW_NO_TRIGGER', place: 'data' })
    const cycle = refusal(graph({ 1: { module: 'event-publish', to: [[2]] }, 2: { module: 'webhook', to: [[1]] } }))
    expect(cycle.code).toBe('WORKFLOW_CYCLE')
    expect(cycle.message).toBe('w.json at data: a cycle over the connections 1 -> 2, 2 -> 1')
    expect(refusal(graph({ 1: { module: 'event-publish' }, 2: { module: 'event-publish' } })).code).toBe(
      'WORKFLOW_INVALID'
    )
  })

  it('refuses a dangling connection and names its place', () => {
    expect(refusal(graph({ 1: { module: 'event-publish', to: [[99]] } }))).toMatchObject({
      code: 'WORKFLOW_DANGLING_CONNECTION',
      place: 'data[1].outputs.output_1.connections[0]'
    })
  })
})

describe('a blueprint', () => {
  const nodes = Object.values(graph({ 12: { module: 'tag-if', to: [[13]] }, 13: { module: 'webhook' } }) as JsonMap)

  it('gets keys, and the trigger that its description names', () => {
    const blueprint = { WorkflowBlueprint: { name: 'b', description: '[event-after-save]\r\nText', data: nodes } }
    const parsed = parseWorkflow(blueprint, 'f')
    expect(parsed).toMatchObject({ name: 'b', trigger_id: 'event-after-save' })
    expect(Object.keys(parsed.data)).toEqual(['1', '12', '13'])
    expect((parsed.data as JsonMap)['1']).toMatchObject({ outputs: { output_1: { connections: [{ node: '12' }] } } })
    assertRunnable(parsed, 'f')
  })
})

import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { RunEvent } from '../../../../src/contract/run.ts'
import { blame } from '../../../../src/engine/replay/blame.ts'
import { RunIndex } from '../../../../src/engine/replay/run-index.ts'
import { valueAt } from '../../../../src/engine/format/values.ts'
import { diff, isSame } from '../../../../src/engine/replay/diff.ts'
import { RunFold } from '../../../../src/engine/replay/fold.ts'
import { insert } from '../../../../src/engine/hash/hash.ts'
import { defineAction } from '../../../../src/engine/modules/define.ts'
import type { CustomModule } from '../../../../src/engine/run/environment.ts'
import { runAll, workflow } from '../run/builders.ts'

/** Writes `Event.info`. */
const write: CustomModule = {
  definition: defineAction({
    id: 'write',
    name: 'write',
    description: 'write',
    inputs: 1,
    outputs: 1,
    params: [{ id: 'info', label: 'Info', type: 'input' }]
  }),
  execute: function* (ctx) {
    const { info = null } = yield* ctx.params()
    ctx.setData(insert(ctx.getData(), 'Event.info', info) as never)
    return true
  }
}
const zmq = { id: 'push-zmq', params: { match_condition: 'Event.info' } }
const writing = workflow([
  { id: 'write', params: { info: 'A' }, to: [[3]] },
  { ...zmq, to: [[4]] },
  { id: 'write', params: { info: 'B' } }
])
const folded = (events: readonly RunEvent[]): RunFold => {
  const fold = new RunFold()
  for (const event of events) fold.apply(event)
  return fold
}

describe('the fold of a run', () => {
  const fold = folded(runAll({ workflow: writing, customModules: [write] }))

  it('has a step for each node with its snapshots, effects and post', () => {
    expect(fold.steps.map(({ step, nodeId, result, effects }) => [step, nodeId, result, effects])).toEqual([
      [1, 2, 'success', 0],
      [2, 3, 'success', 1],
      [3, 4, 'success', 0]
    ])
    expect(fold.effects.map(({ step, effect }) => [step, effect.kind])).toEqual([[2, 'zmq']])
    expect(fold.data.map(({ post }) => (post as JsonMap)['path'])).toEqual([
      '/event-publish/exec/write',
      '/event-publish/exec/push-zmq',
      '/event-publish/exec/write'
    ])
    expect(fold.finished?.outcome).toBe('success')
  })

  it('keeps the branches of jobs apart', () => {
    const forked = workflow([{ id: 'concurrent-task', to: [[3, 4]] }, zmq, zmq])
    const { steps, jobs } = folded(runAll({ workflow: forked }))
    expect(steps.map(({ nodeId, job }) => [nodeId, job])).toContainEqual([3, 'job-1'])
    expect(jobs).toEqual(['job-1', 'job-2'])
  })

  it('gives a node that fired a workflow what it did itself, and the run its own end', () => {
    const at = (type: string, runId: string, nodeId: number | null, data: JsonMap): RunEvent =>
      ({ type, runId, nodeId, seq: 0, at: 0, data: { nodeId, ...data } }) as never
    const ends = { result: 'success', before: {}, after: {}, view: {}, params: {}, errors: [], success: true }
    const post = (path: string): JsonMap => ({ post: { method: 'POST', path, query: '', body: {} } })
    const sent = { effect: { kind: 'zmq', topic: 'outer', message: null }, answer: { sent: true }, by: 'record' }
    const outer = [
      at('run.started', 'outer', null, {}),
      at('post', 'outer', null, post('/event-publish/init')),
      at('node.started', 'outer', 2, { path: ['1-2'] }),
      at('effect', 'outer', 2, sent)
    ]
    const inner = [
      at('run.started', 'inner', null, {}),
      at('post', 'inner', null, post('/event-after-save/init')),
      at('node.started', 'inner', 2, { path: [] }),
      at('node.finished', 'inner', 2, ends),
      at('post', 'inner', 2, post('/event-after-save/exec/inner')),
      at('run.finished', 'inner', null, { outcome: 'blocked' })
    ]
    const fold = folded([...outer, ...inner, at('node.finished', 'outer', 2, ends)])
    expect(fold.finished).toBeNull()
    expect(fold.steps.map(({ effects, path }) => [effects, path])).toEqual([
      [0, []],
      [1, ['1-2']]
    ])
    expect((fold.triggerPost as JsonMap)['path']).toBe('/event-publish/init')
    fold.apply(at('post', 'outer', 2, post('/event-publish/exec/outer')))
    expect(fold.data.map(({ post }) => (post as JsonMap)['path'])).toEqual([
      '/event-after-save/exec/inner',
      '/event-publish/exec/outer'
    ])
  })

  it('says who wrote a value, newest first, back to the input', () => {
    const index = new RunIndex(fold.steps, writing)
    const path = ['Event', 'info']
    const told = (at: number) =>
      blame(fold, index, path, { at }).map(({ step, before, after, from }) => [step, before, after, from])
    expect(told(2)).toEqual([
      [3, 'A', 'B', 'parameter info'],
      [1, 'Test', 'A', 'parameter info'],
      [0, null, 'Test', null]
    ])
    expect(told(1)).toEqual(told(2).slice(1))
    expect(blame(fold, index, ['Event', 'id'], { at: 2 })).toMatchObject([{ step: 0, after: '7' }])
    expect(blame(fold, index, ['Event', 'nowhere'], { at: 2 })).toEqual([])
  })
})

describe('the difference of two values', () => {
  const ops = (before: Json, after: Json): Json => diff(before, after).map(({ op, path }) => [op, path.join('.')])

  it('does not look into what is the same object', () => {
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('looked into')
        }
      }
    ) as Json
    expect(ops({ a: trap, b: 1 }, { a: trap, b: 2 })).toEqual([['changed', 'b']])
  })
  it('names added, removed and changed keys', () => {
    expect(ops({ a: 1, b: { c: 1 } }, { b: { c: 2 }, d: 1 })).toEqual([
      ['removed', 'a'],
      ['added', 'd'],
      ['changed', 'b.c']
    ])
  })
  it('recognises items by identity and by id when a list shifts', () => {
    const [x, y, z] = [
      { id: '1', v: 1 },
      { id: '2', v: 1 },
      { id: '3', v: 1 }
    ]
    expect(ops([x, y, z], [y, z])).toEqual([['removed', '0']])
    expect(ops([x, y], [{ id: '2', v: 2 }, x])).toEqual([['changed', '0.v']])
    expect(ops(['a', 'b'], ['b', 'c'])).toEqual([
      ['removed', '0'],
      ['added', '1']
    ])
  })
  it('shows what a filter drops from a list as removals', () => {
    expect(ops([{ id: '1' }, { id: '2' }], { 1: { id: '2' } })).toEqual([['removed', '0']])
  })
  it('compares by value, whatever the order of keys', () => {
    expect(isSame({ a: [1, { b: 2 }], c: null }, { c: null, a: [1, { b: 2 }] })).toBe(true)
    expect(isSame({ a: 1 }, { a: '1' })).toBe(false)
    expect(isSame(undefined, null)).toBe(false)
  })
  it('stops one after the limit', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, i]))
    expect(
      diff({ a: many }, { a: Object.fromEntries(Object.keys(many).map((key) => [key, -1])) }, { limit: 5 })
    ).toHaveLength(6)
  })
  it('reads values at paths', () => {
    expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1)
    expect(valueAt({ a: 1 }, ['a', 'b'])).toBeUndefined()
    expect(valueAt({}, ['constructor'])).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/contract/json.ts'
import { blame, history, stepsOfWalk } from '../../../../src/engine/replay/blame.ts'
import { diff, isSame, valueAt } from '../../../../src/engine/replay/diff.ts'
import { applyRunEvent, emptyReplay, foldRunEvents } from '../../../../src/engine/replay/fold.ts'
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
const events = runAll({ workflow: writing, customModules: [write] })

describe('the fold of a run', () => {
  const state = foldRunEvents(events)

  it('has a step for each node with its snapshots, effects and post', () => {
    expect(state.steps.map(({ nodeId, state: at, result }) => [nodeId, at, result])).toEqual([
      [2, 'finished', 'success'],
      [3, 'finished', 'success'],
      [4, 'finished', 'success']
    ])
    expect(state.steps[1]?.effects.map(({ effect }) => effect.kind)).toEqual(['zmq'])
    expect(state.steps.map(({ post }) => post?.path)).toEqual([
      '/event-publish/exec/write',
      '/event-publish/exec/push-zmq',
      '/event-publish/exec/write'
    ])
    expect(state.runs).toMatchObject([{ runId: 'run', outcome: 'success' }])
  })

  it('is the same event by event', () => {
    let step = emptyReplay
    for (const event of events) step = applyRunEvent(step, event)
    expect(step).toEqual(state)
    expect(emptyReplay.steps).toEqual([])
  })

  it('keeps the branches of jobs apart and marks what did not finish', () => {
    const forked = workflow([{ id: 'concurrent-task', to: [[3, 4]] }, zmq, zmq])
    const crashed = foldRunEvents(runAll({ workflow: forked, options: { crash: true } }))
    expect(crashed.steps.map(({ nodeId, job, state: at }) => [nodeId, job, at])).toEqual([
      [2, undefined, 'finished'],
      [2, undefined, 'finished'],
      [3, 'job-1', 'aborted'],
      [4, 'job-2', 'aborted']
    ])
    expect(crashed.jobs.map(({ state: at }) => at)).toEqual(['finished', 'finished'])
  })

  it('says who wrote a value', () => {
    const steps = stepsOfWalk(state, 'run')
    const path = ['Event', 'info']
    expect(blame(steps, path)).toMatchObject({ step: { nodeId: 4 }, before: 'A', after: 'B' })
    expect(blame(steps, path, 1)).toMatchObject({ step: { nodeId: 2 }, before: 'Test', after: 'A' })
    expect(blame(steps, ['Event', 'id'])).toEqual({ step: null, before: undefined, after: '7' })
    expect(history(steps, path).map(({ nodeId }) => nodeId)).toEqual([2, 4])
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

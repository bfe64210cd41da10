import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import type { EffectAnswer } from '../../../../src/contract/run.ts'
import { drive, runToEnd } from '../../../../src/engine/run/walk/driver.ts'
import { dataOf, event, finish, start, workflow } from './builders.ts'

const isPublished = { id: 'published-if', params: { condition: 'equals' }, to: [[3], [4]] }
const branching = workflow([isPublished, { id: 'push-zmq' }, { id: 'stop-execution' }])
const zmq = { id: 'push-zmq', params: { match_condition: 'Event.info' } }

describe('the stepper', () => {
  it('stops before every node and executes one a step', () => {
    const { run, events } = start({ workflow: branching })
    expect(run.next({ type: 'step' })).toMatchObject({ state: 'before node', step: { nodeId: 2 } })
    expect(dataOf(events, 'node.finished')).toEqual([])
    expect(run.next({ type: 'step' })).toMatchObject({
      state: 'before node',
      step: { nodeId: 4, path: ['1:output_1:0:2', '2:output_2:0:4'] }
    })
    expect(dataOf(events, 'node.finished').map(({ nodeId, branch }) => [nodeId, branch])).toEqual([[2, 'output_2']])
    expect(run.next({ type: 'step' })).toEqual({ state: 'finished' })
    expect(finish(events)).toMatchObject({ outcome: 'blocked', success: false })
  })

  it('runs to a node and to breakpoints', () => {
    const { run } = start({ workflow: workflow([{ ...zmq, to: [[3]] }, { ...zmq, to: [[4]] }, zmq]) })
    expect(run.next({ type: 'run to', nodeId: 3 })).toMatchObject({ step: { nodeId: 3 } })
    run.setBreakpoints(new Set([4]))
    expect(run.next({ type: 'run' })).toMatchObject({ step: { nodeId: 4 } })
    expect(run.next({ type: 'run' })).toEqual({ state: 'finished' })
  })

  it('goes on with edited data', () => {
    const { run, events } = start({ workflow: branching })
    const pause = run.next({ type: 'step' })
    if (pause.state !== 'before node') throw new Error('not before a node')
    const data = pause.step.data as { readonly Event: JsonMap }
    run.next({ type: 'set data', data: { ...data, Event: { ...data.Event, published: true } } })
    run.next({ type: 'run' })
    expect(dataOf(events, 'node.finished').map(({ nodeId }) => nodeId)).toEqual([2, 3])
    expect(finish(events).outcome).toBe('success')
  })

  it('waits for an answer that nobody has ready', () => {
    const hook = { id: 'webhook', params: { url: 'http://h/', content_type: 'json', request_method: 'post' } }
    const { run, events } = start({ workflow: workflow([hook]), options: { perform: true } })
    const pause = run.next({ type: 'run' })
    expect(pause).toMatchObject({ state: 'asking', ask: { nodeId: 2, moduleId: 'webhook', effect: { kind: 'http' } } })
    const answer: EffectAnswer = { status: 200, body: 'ok' }
    expect(run.next({ type: 'answer', answer, by: 'live' })).toEqual({ state: 'finished' })
    expect(dataOf(events, 'effect').map(({ answer, by }) => [answer, by])).toContainEqual([answer, 'live'])
  })

  it('ends when its user stops it, and does nothing after', () => {
    const { run, events } = start({ workflow: branching })
    run.next({ type: 'step' })
    expect(run.next({ type: 'stop' })).toEqual({ state: 'finished' })
    const count = events.length
    expect(run.next({ type: 'run' })).toEqual({ state: 'finished' })
    expect(events.length).toBe(count)
    expect(finish(events)).toMatchObject({ outcome: 'cannot tell', outcomeText: 'The run was stopped.' })
  })

  it('stands before the first node when a command comes too early', () => {
    const { run } = start({ workflow: branching })
    expect(run.next({ type: 'set data', data: [] })).toMatchObject({ state: 'before node', step: { nodeId: 2 } })
    expect(run.next({ type: 'answer', answer: { sent: true }, by: 'x' })).toMatchObject({ state: 'before node' })
  })

  it('numbers its events and never goes back in time', () => {
    const { run, events } = start({ workflow: branching })
    runToEnd(run)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i))
    expect(events.every(({ at }, i) => i === 0 || at >= (events[i - 1]?.at ?? 0))).toBe(true)
  })

  it('shares the snapshots of what did not change', () => {
    const { run, events } = start({ workflow: workflow([{ ...zmq, to: [[3]] }, zmq]) })
    runToEnd(run)
    const [first, second] = dataOf(events, 'node.finished')
    expect(first?.after).toBe(first?.before)
    expect(second?.before).toBe(first?.after)
  })
})

describe('the asynchronous driver', () => {
  const hook = { id: 'webhook', params: { url: 'http://h/', content_type: 'json', request_method: 'post' } }

  it('performs effects and lets others run', async () => {
    const { run, events } = start({ workflow: workflow([{ ...hook, to: [[3]] }, hook]), options: { perform: true } })
    let breaths = 0
    const breathe = async (): Promise<void> => void breaths++
    await drive(run, { perform: async () => ({ status: 204, body: '' }), breathe, stepsPerBreath: 1 })
    expect(finish(events).outcome).toBe('success')
    expect(breaths).toBe(2)
    expect(dataOf(events, 'effect').filter(({ by }) => by === 'live')).toHaveLength(2)
  })

  it('makes a rejected promise a failed answer', async () => {
    const { run, events } = start({ workflow: workflow([hook]), options: { perform: true } })
    const perform = async () => Promise.reject(new Error('no network'))
    await drive(run, { perform, breathe: async () => undefined })
    expect(dataOf(events, 'effect').at(-1)?.answer).toEqual({ failure: 'unavailable', message: 'no network' })
    expect(dataOf(events, 'node.finished').map(({ success }) => success)).toEqual([false])
  })

  it('stops between two nodes', async () => {
    const { run, events } = start({ workflow: workflow([{ ...zmq, to: [[3]] }, zmq]), data: event })
    await drive(run, { perform: async () => ({ sent: true }), breathe: async () => undefined, stopped: () => true })
    expect(finish(events).outcomeText).toBe('The run was stopped.')
  })
})

import { describe, expect, it } from 'vitest'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import { defineAction } from '../../../../src/engine/modules/define.ts'
import { phpError } from '../../../../src/engine/php/exceptions.ts'
import { CannotTell } from '../../../../src/engine/effects/cannot-tell.ts'
import type { CustomModule } from '../../../../src/engine/run/environment.ts'
import { dataOf, event, finish, node, runAll, start, workflow } from './builders.ts'

const zmq = { id: 'push-zmq', params: { match_condition: 'Event.info' } }
const custom = (id: string, execute: CustomModule['execute']): CustomModule => ({
  definition: defineAction({ id, name: id, description: id, inputs: 1, outputs: 1, is_custom: true }),
  execute
})
const executed = (events: ReturnType<typeof runAll>): number[] =>
  dataOf(events, 'node.finished').map(({ nodeId }) => nodeId)

describe('jobs', () => {
  const forked = workflow([{ id: 'concurrent-task', to: [[3, 4]] }, { ...zmq, to: [[5]] }, zmq, zmq])

  it('walk the branches of a concurrent task after the run', () => {
    const events = runAll({ workflow: forked })
    const order = events.map(({ type }) => type).filter((type) => type === 'run.finished' || type.startsWith('job.'))
    expect(order).toEqual([
      'job.queued',
      'job.queued',
      'run.finished',
      'job.started',
      'job.finished',
      'job.started',
      'job.finished'
    ])
    const steps = dataOf(events, 'node.finished').map(({ nodeId, job, branch }) => [nodeId, job, branch])
    expect(steps).toEqual([
      [2, undefined, 'none'],
      [2, undefined, 'none'],
      [3, 'job-1', undefined],
      [5, 'job-1', undefined],
      [4, 'job-2', undefined]
    ])
    expect(dataOf(events, 'job.finished').map(({ message }) => message)).toEqual([
      'Workflow concurrent task executed 2 nodes starting from node 3.',
      'Workflow concurrent task executed 1 nodes starting from node 4.'
    ])
  })

  it('say once what the worker of 2.5.1 would do', () => {
    const notes = dataOf(runAll({ workflow: forked }), 'note').filter(({ code }) => code === 'CONCURRENT_WORKER_DIES')
    expect(notes.map(({ job, nodeId }) => [job, nodeId])).toEqual([
      ['job-1', 3],
      ['job-2', 4]
    ])
    expect(dataOf(runAll({ workflow: { ...forked, debug_enabled: false } }), 'note')).toEqual([])
  })

  it('die as in 2.5.1 when that is asked for: after the effect, before the post', () => {
    const events = runAll({ workflow: forked, options: { crash: true } })
    expect(dataOf(events, 'job.finished').map(({ throwable }) => throwable?.class)).toEqual(['Error', 'Error'])
    expect(dataOf(events, 'effect').filter(({ job }) => job !== undefined)).toHaveLength(2)
    expect(dataOf(events, 'post').filter(({ job }) => job !== undefined)).toEqual([])
  })

  it('are noted when their data is too long for a command line', () => {
    const data = { ...event, Event: { ...(event['Event'] as JsonMap), info: 'x'.repeat(131_072) } }
    const codes = (crash: boolean): readonly Json[] =>
      dataOf(runAll({ workflow: forked, data, options: { crash } }), 'note').map(({ code }) => code)
    expect(codes(false)).toContain('JOB_ARGUMENT_TOO_LONG')
    const crashed = runAll({ workflow: forked, data, options: { crash: true } })
    expect(dataOf(crashed, 'job.finished').map(({ success }) => success)).toEqual([false, false])
    expect(executed(crashed)).toEqual([2, 2])
  })
})

describe('fired workflows', () => {
  const publishing = workflow([{ id: 'publish-event', to: [[3]] }, zmq])

  it('are only named without a cascade', () => {
    const fired = dataOf(runAll({ workflow: publishing }), 'trigger.fired')
    expect(fired[0]).toMatchObject({
      triggerId: 'event-publish',
      nodeId: 2,
      runId: null,
      reason: 'running fired workflows is off'
    })
  })

  it('run inside up to the depth, and a cycle is named', () => {
    const events = runAll({ workflow: publishing, options: { cascade: 2 } })
    expect(dataOf(events, 'run.started').map(({ parent }) => parent?.nodeId)).toEqual([undefined, 2, 2])
    const texts = dataOf(events, 'note').filter(({ code }) => code === 'TRIGGER_CYCLE')
    expect(texts[0]?.text).toContain('event-publish -> node 2 -> event-publish')
    expect(dataOf(events, 'trigger.fired').map(({ reason }) => reason)).toContain('fired workflows run up to depth 2')
    expect(finish(events).outcome).toBe('success')
  })

  it('say why nothing runs', () => {
    const trigger = {
      ...publishing,
      trigger_id: 'event-after-save',
      id: '5',
      data: { 1: node(1, { id: 'event-after-save', to: [[2]] }, 'trigger'), 2: node(2, { id: 'publish-event' }) }
    }
    const fired = dataOf(runAll({ workflow: trigger, options: { cascade: 3 } }), 'trigger.fired')
    expect(fired.map(({ reason }) => reason)).toContain('no workflow uses this trigger')
  })
})

describe('ends of a run', () => {
  it('is aborted by a PHP Error, with its node', () => {
    const boom = custom('boom', () => {
      throw phpError('TypeError', 'boom')
    })
    const events = runAll({ workflow: workflow([{ id: 'boom' }]), customModules: [boom] })
    expect(finish(events)).toMatchObject({
      outcome: 'aborted',
      throwable: { class: 'TypeError', message: 'boom', error: true, nodeId: 2 }
    })
    expect(dataOf(events, 'post').map(({ post }) => post.path)).toEqual(['/event-publish/init'])
  })

  it('cannot tell what a template beyond the limits would render to', () => {
    const events = runAll({
      workflow: workflow([{ id: 'stop-execution', params: { message: "{{ 'x' * 11000000 }}" } }])
    })
    expect(finish(events)).toMatchObject({ outcome: 'cannot tell', success: false })
    expect(finish(events).outcomeText).toContain('message')
  })

  it('renders with the renderer that it is given', () => {
    const render = (template: string) => ({ text: `<${template}>` })
    const events = runAll(
      { workflow: workflow([{ id: 'stop-execution', params: { message: '{{ x }}' } }]) },
      { render }
    )
    expect(finish(events).blockingErrors).toEqual([
      'Node `stop-execution` (2) from Workflow `test` (1) returned the following error: <{{ x }}>'
    ])
  })

  it('does not start with a disabled trigger', () => {
    const events = runAll({ workflow: workflow([zmq]), enabledTriggers: [], mode: 'executeWorkflowForTrigger' })
    expect(finish(events)).toMatchObject({ outcome: 'not started', success: true })
  })

  it('stops a graph of diamonds at the step limit', () => {
    const diamonds = workflow(Array.from({ length: 40 }, (_, i) => ({ ...zmq, to: i < 39 ? [[i + 3, i + 3]] : [] })))
    const events = runAll({ workflow: diamonds, options: { limits: { steps: 500 } } })
    expect(finish(events).outcome).toBe('cannot tell')
    expect(executed(events)).toHaveLength(500)
  })

  it('walks a chain of thousands of nodes', () => {
    const chain = workflow(Array.from({ length: 2_000 }, (_, i) => ({ ...zmq, to: i < 1_999 ? [[i + 3]] : [] })))
    expect(executed(runAll({ workflow: { ...chain, debug_enabled: false } }))).toHaveLength(2_000)
  })

  it('lets what nobody can know end the run', () => {
    const unknown = custom('unknown', () => {
      throw new CannotTell('WHO_KNOWS', 'Nobody knows.')
    })
    const events = runAll({ workflow: workflow([{ id: 'unknown' }]), customModules: [unknown] })
    expect(finish(events)).toMatchObject({ outcome: 'cannot tell', outcomeText: 'Nobody knows.' })
  })

  it('passes on a mistake of Retrace', () => {
    const bug = custom('bug', () => {
      throw new RangeError('ours')
    })
    expect(() => runAll({ workflow: workflow([{ id: 'bug' }]), customModules: [bug] })).toThrow('ours')
  })
})

describe('the input of a run', () => {
  const coded = (code: string) => expect.objectContaining({ code })
  const wrong = (input: JsonMap) => () => start(input as never)

  it('rejects data and workflows of other types', () => {
    expect(wrong({ workflow: workflow([]), data: 'text' })).toThrow(coded('INPUT_NOT_OBJECT'))
    expect(wrong({ workflow: 'text' })).toThrow(coded('WORKFLOW_INVALID'))
    expect(wrong({ workflow: { id: '1', data: 5 } })).toThrow(coded('WORKFLOW_INVALID'))
    expect(wrong({ workflow: { ...workflow([]), name: [] } })).toThrow(coded('INPUT_WRONG_TYPE'))
  })

  it('rejects a workflow with too many nodes', () => {
    const data = Object.fromEntries(Array.from({ length: 5_001 }, (_, i) => [String(i), 0]))
    expect(wrong({ workflow: { id: '1', data } })).toThrow(coded('WORKFLOW_TOO_LARGE'))
  })

  it('treats __proto__ as any key', () => {
    const data = JSON.parse('{"Event": {"id": "7", "__proto__": {"polluted": true}}}') as JsonMap
    runAll({ workflow: workflow([zmq]), data })
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})

describe('mocks', () => {
  const hook = { id: 'webhook', params: { url: 'http://h/', content_type: 'json', request_method: 'post' } }
  const answers = (mocks: JsonMap): Json[] =>
    dataOf(runAll({ workflow: workflow([{ ...hook, to: [[3]] }, hook]), mocks }), 'effect')
      .filter(({ effect }) => effect.kind === 'http')
      .map(({ answer, by }) => [('status' in answer ? answer.status : null) ?? null, by])

  it('answer by node before module, one after the other, and else 200', () => {
    expect(answers({ 3: { status: 500 }, webhook: { status: 404 } })).toEqual([
      [404, 'mock'],
      [500, 'mock']
    ])
    expect(answers({ webhook: [{ status: 500 }, { status: 201 }] })).toEqual([
      [500, 'mock'],
      [201, 'mock']
    ])
    expect(answers({})).toEqual([
      [200, 'record'],
      [200, 'record']
    ])
  })
})

describe('endless runs', () => {
  it('stop at the limit of runs', () => {
    const publishing = workflow([{ id: 'publish-event', to: [[3]] }, { id: 'publish-event' }])
    const events = runAll({ workflow: publishing, options: { cascade: 100, limits: { runs: 30 } } })
    expect(finish(events)).toMatchObject({ outcome: 'cannot tell' })
    expect(dataOf(events, 'run.started').length).toBeLessThanOrEqual(31)
  })
})

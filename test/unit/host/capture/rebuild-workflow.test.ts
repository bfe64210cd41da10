// What is saved as a workflow of a captured run runs as that run did, and names what posts do not tell.
import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import type { RunEvent } from '../../../../src/contract/run.ts'
import { rebuildWorkflow } from '../../../../src/host/capture/derive/rebuild-workflow.ts'
import { computeBranch } from '../../../../src/host/capture/understand/branch.ts'
import { postsOf } from '../../../conformance/posts-of.ts'
import { event, node, runAll, workflow } from '../../engine/run/builders.ts'

const own = (events: readonly RunEvent[]): RunEvent[] => events.filter(({ runId }) => runId === 'run')
const walkOf = (events: readonly RunEvent[]): readonly string[] =>
  own(events).flatMap((one) =>
    one.type === 'node.finished' ? [`${one.data.job ?? ''} ${one.data.nodeId} ${one.data.branch ?? ''}`] : []
  )
const rebuilt = (events: readonly RunEvent[], trigger = 'event-publish'): JsonMap =>
  rebuildWorkflow(
    trigger,
    postsOf(own(events)).map(({ post, job }) => ({
      ...{ post, job },
      branch: post.kind === 'exec' ? computeBranch(post) : null
    }))
  )
const zmq = (to: readonly (readonly number[])[] = []) => ({ id: 'push-zmq', to })
const told = (made: JsonMap): string => String(made['description'])

describe('a workflow made of posts', () => {
  it('has every branch of a concurrent task', () => {
    const was = runAll({ workflow: workflow([{ id: 'concurrent-task', to: [[3, 4]] }, zmq([[5]]), zmq(), zmq()]) })
    const made = rebuilt(was)
    expect(walkOf(runAll({ workflow: made }))).toEqual(walkOf(was))
    expect(told(made)).not.toContain('Unknown')
  })

  it('says that branches are unknown whose posts are not there', () => {
    const disabled = ['push-zmq']
    const was = runAll({ workflow: workflow([{ id: 'concurrent-task', to: [[3]] }, zmq()]), enabledModules: disabled })
    expect(told(rebuilt(was))).toContain('Unknown is what is behind: a branch of Concurrent Task (node 2).')
    const jobs = runAll({ workflow: workflow([{ id: 'concurrent-task', to: [[3, 4, 5]] }, zmq(), zmq(), zmq()]) })
    const lost = jobs.filter((one) => one.type !== 'post' || one.data.job === undefined || one.data.job === 'job-1')
    expect(told(rebuilt(lost))).toContain('2 branches of Concurrent Task (node 2)')
  })

  it('takes a module that nobody knows for a logic one where MISP’s end does not name it among the actions', () => {
    const logic = { ...node(2, { id: 'unknown-if', to: [[3], [4]] }, 'logic') }
    const made = workflow([zmq(), zmq(), zmq()])
    const was = runAll({ workflow: { ...made, data: { ...(made['data'] as JsonMap), 2: logic } } })
    expect(walkOf(was)).toEqual([' 2 output_2', ' 4 '])
    expect(walkOf(runAll({ workflow: rebuilt(was) }))).toEqual(walkOf(was))
    expect(told(rebuilt(was))).toContain('Unknown is what is behind: true of unknown-if (node 2).')
  })

  it('runs though MISP would not save it, and says so', () => {
    const was = runAll({ workflow: workflow([zmq([[3, 4]]), zmq(), zmq()]) })
    const made = rebuilt(was)
    expect(walkOf(was)).toHaveLength(3)
    expect(walkOf(runAll({ workflow: made }))).toEqual(walkOf(was))
    expect(told(made)).toContain(
      'MISP would not save it as it is (Cannot save a workflow having more than one connection'
    )
  })

  it('says that the conditions of its trigger are unknown, and starts', () => {
    const tags = [{ id: '4', name: 'red' }]
    const world = { events: [event], tags } as never
    const data = { Tag: { event_id: '7', attribute_id: null, tag_id: '4', name: 'red', local: false } }
    const params = { scope: 'event', locality: 'global', tag: 'red' }
    const made = workflow([zmq()], {}, 'tag-attached-after-save')
    const trigger = node(1, { id: 'tag-attached-after-save', to: [[2]], params }, 'trigger')
    const was = runAll({ workflow: { ...made, data: { ...(made['data'] as JsonMap), 1: trigger } }, data, world })
    expect(walkOf(was)).toEqual([' 2 '])
    const again = rebuilt(was, 'tag-attached-after-save')
    expect(walkOf(runAll({ workflow: again, data, world }))).toEqual(walkOf(was))
    expect(told(again)).toContain('Unknown is when Tag Attached After Save starts it: here it always does.')
  })

  it('has of its trigger what modules read there', () => {
    const trigger = { ...node(1, { id: 'event-publish', to: [[2]] }, 'trigger') }
    const core = { ...trigger, data: { ...(trigger['data'] as JsonMap), misp_core_format: true } }
    const made = workflow([{ id: 'reload-full-event' }])
    const with7 = { events: [{ Event: { ...(event['Event'] as JsonMap), info: 'as it is in the database' } }] } as never
    const was = runAll({ workflow: { ...made, data: { ...(made['data'] as JsonMap), 1: core } }, world: with7 })
    const infoOf = (events: readonly RunEvent[]): string =>
      JSON.stringify(events.flatMap((one) => (one.type === 'node.finished' ? [one.data.after] : [])))
    expect(infoOf(was)).toContain('in the database')
    expect(infoOf(runAll({ workflow: rebuilt(was), world: with7 }))).toEqual(infoOf(was))
  })
})

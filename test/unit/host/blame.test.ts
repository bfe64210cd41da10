// Who wrote a value, asked of a whole run: in its walk and in its jobs.
import { expect, it } from 'vitest'
import { ask, finished, hosting } from './hosting.ts'
import { eventOf, workflowOf } from './samples.ts'

const { open } = hosting()
const asked = workflowOf({
  1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
  2: { type: 'action', module: 'attach-enrichment', params: { modules: ['our_own'] } }
})

it('leads to the answer that a value came from, or to several that have it', async () => {
  const host = await open()
  for (const [attributes, from] of [
    [1, 'the answer'],
    [2, 'one of 2 answers']
  ] as const) {
    const { runId } = await ask(host, 'run.start', {
      ...{ workflow: { json: asked }, data: { json: eventOf(attributes) } },
      options: { mocks: { 'attach-enrichment': { results: [{ types: ['text'], values: ['seen in France'] }] } } }
    })
    await finished(host, runId)
    const { hits } = await ask(host, 'runs.find', { question: { text: 'seen in France' }, runIds: [runId] })
    expect(hits).toMatchObject([{ step: 1, nodeId: 2, which: 'output' }])
    const [told] = await ask(host, 'run.blame', { runId, path: [...hits[0]!.path] })
    expect(told).toMatchObject({ step: 1, nodeId: 2, op: 'added', after: 'seen in France', from })
  }
})

const filter = { 'filtering-label': 'A', selector: 'Event._AttributeFlattened.{n}', operator: 'in', hash_path: 'type' }

it('finds what a background job wrote, whichever step comes last', async () => {
  const host = await open()
  const graph = workflowOf({
    1: { type: 'trigger', module: 'event-publish', to: { output_1: [2] } },
    2: { type: 'logic', module: 'concurrent-task', to: { output_1: [3, 4] } },
    3: { type: 'logic', module: 'generic-filter-data', params: { ...filter, value: 'first job' } },
    4: { type: 'action', module: 'push-zmq', params: { match_condition: 'Event.info' } }
  })
  const { runId } = await ask(host, 'run.start', { workflow: { json: graph }, data: { json: eventOf(1) } })
  await finished(host, runId)
  const told = await ask(host, 'run.blame', { runId, path: 'enabledFilters.A.value' })
  expect(told.map(({ nodeId, op, after, from }) => [nodeId, op, after, from])).toEqual([
    [3, 'added', 'first job', 'parameter value']
  ])
  const [came] = await ask(host, 'run.blame', { runId, path: 'Event.info' })
  expect(came).toMatchObject({ step: 0, op: 'added' })
  expect(await ask(host, 'run.blame', { runId, path: 'Event.nowhere' })).toEqual([])
  await expect(ask(host, 'run.blame', { runId, path: 'Event.nowhere.{n}' })).rejects.toThrow(/PARAMS_INVALID/)
})

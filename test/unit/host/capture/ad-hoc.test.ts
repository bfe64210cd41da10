// Captured ad-hoc runs: under the node of run-workflow that started them, or side by side under one start by hand.
import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import { groupPosts } from '../../../../src/host/capture/group/all.ts'
import { ask, hosting } from '../hosting.ts'
import { summariesOf } from './scoring.ts'

const { open } = hosting()

const event = (id: number): JsonMap => ({ Event: { id: String(id), uuid: `event-${id}`, info: `Event ${id}` } })

interface Line {
  readonly target: string
  readonly at: number
  readonly body: JsonMap
}

const post = (trigger: string, what: string, at: number, data: JsonMap, node?: [id: number, module: string]): Line => ({
  at,
  target:
    what === 'exec'
      ? `/${trigger}/exec/${node?.[1]}?result=success`
      : `/${trigger}/${what}?${what === 'init' ? 'type=blocking' : 'outcome=success'}`,
  body: {
    source: {
      node_id: node?.[0] ?? '',
      module_id: node?.[1] ?? '',
      filters: node ? [] : '',
      parameters: node ? [] : ''
    },
    timestamp: '2026-01-01T12:00:00+00:00',
    data: what === 'init' ? { original: data, normalized: data } : data
  }
})
const ended = (...nodes: readonly (readonly [id: number, module: string])[]): JsonMap => ({
  executed_nodes: nodes.map(([id, module]) => ({ id, data: { id: module, module_type: 'action' } })),
  ...{ blocking_nodes: [], blocked_paths: [] }
})

/** A complete run of an ad-hoc workflow on one event, of a second. */
const run = (trigger: string, id: number, at: number): Line[] => [
  post(trigger, 'init', at, event(id)),
  post(trigger, 'exec', at + 200, event(id), [2, 'push-zmq']),
  post(trigger, 'end', at + 300, ended([2, 'push-zmq']))
]

const group = (lines: readonly Line[]) => {
  const { summaries, ends } = summariesOf(
    lines.map(({ target, at, body }) => ({ target, at, body: JSON.stringify(body) }))
  )
  const { runs, parents } = groupPosts(summaries, new Map(), (seq) => ends.get(seq))
  return runs.map(({ id, trigger }) => [id, trigger, parents.get(id)?.runId ?? null, parents.get(id)?.nodeId ?? null])
}

describe('captured ad-hoc runs', () => {
  it('stand under the node of run-workflow that started them, also on other events', () => {
    const lines = [
      post('event-publish', 'init', 0, event(1)),
      post('event-publish', 'exec', 50, event(1), [2, 'push-zmq']),
      ...run('adhoc_4', 7, 100),
      ...run('adhoc_4', 8, 500),
      post('event-publish', 'exec', 1000, event(1), [3, 'run-workflow']),
      post('event-publish', 'end', 1100, ended([2, 'push-zmq'], [3, 'run-workflow']))
    ]
    expect(group(lines)).toEqual([
      [1, 'event-publish', null, null],
      [3, 'adhoc_4', 1, '3'],
      [6, 'adhoc_4', 1, '3']
    ])
  })

  it('of one start by hand stand side by side under its first', () => {
    const lines = [
      ...run('adhoc_4', 1, 0),
      ...run('adhoc_4', 2, 400),
      ...run('adhoc_4', 3, 800),
      ...run('adhoc_4', 4, 60_000)
    ]
    expect(group(lines)).toEqual([
      [1, 'adhoc_4', null, null],
      [4, 'adhoc_4', 1, 'start'],
      [7, 'adhoc_4', 1, 'start'],
      [10, 'adhoc_4', null, null]
    ])
    expect(group([...run('adhoc_4', 1, 0), ...run('adhoc_5', 2, 400)]).map(([, , parent]) => parent)).toEqual([
      null,
      null
    ])
  })

  it('are shown so in the list, post by post and imported', async () => {
    const lines = [...run('adhoc_4', 1, 0), ...run('adhoc_4', 2, 400), ...run('adhoc_4', 3, 800)]
    const host = await open()
    const text = lines
      .map(({ at, target, body }) =>
        JSON.stringify({
          ...{
            at: new Date(Date.UTC(2026, 0, 1, 12) + at).toISOString(),
            source: '',
            method: 'POST',
            target,
            headers: {}
          },
          body: JSON.stringify(body)
        })
      )
      .join('\n')
    await ask(host, 'capture.import', { name: 'posts.ndjson', text })
    const { runs, children } = await ask(host, 'runs.list', { filter: { roots: true } })
    expect(runs).toHaveLength(1)
    expect(children?.[runs[0]!.id]).toBe(2)
    const below = await ask(host, 'runs.list', { filter: { parent: runs[0]!.id } })
    expect(below.runs.map(({ parent }) => parent)).toEqual([
      { runId: runs[0]!.id, nodeId: null, relation: 'start' },
      { runId: runs[0]!.id, nodeId: null, relation: 'start' }
    ])
  })
})

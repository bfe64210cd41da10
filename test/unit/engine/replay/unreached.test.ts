// What MISP skips behind an action that did not succeed: listed with its reason, executed here and as captured from its posts.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chainText } from '../../../../src/contract/chain.ts'
import type { Json, JsonMap } from '../../../../src/contract/json.ts'
import type { RunEvent } from '../../../../src/contract/run.ts'
import type { RunInput } from '../../../../src/engine/run/input.ts'
import { RunFold } from '../../../../src/engine/replay/fold.ts'
import { notReachedChain, unreachedOf } from '../../../../src/engine/replay/unreached.ts'
import { deriveEvents } from '../../../../src/host/capture/derive/derive.ts'
import { computeBranch } from '../../../../src/host/capture/understand/branch.ts'
import { rebuildWorkflow } from '../../../../src/host/capture/derive/rebuild-workflow.ts'
import { postsOf } from '../../../conformance/posts-of.ts'
import { runAll, workflow } from '../run/builders.ts'

const fixture = (name: string): JsonMap =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/cases/${name}`, import.meta.url), 'utf8')) as JsonMap

const foldOf = (events: readonly RunEvent[]): RunFold => {
  const fold = new RunFold()
  for (const event of events) if (event.runId === events[0]?.runId) fold.apply(event)
  return fold
}

const groupsOf = (events: readonly RunEvent[], graph: Json): readonly string[] =>
  unreachedOf(foldOf(events), graph).map(
    ({ skipped, nodes, chain }) =>
      `${skipped ? 'skipped' : 'not reached'} ${nodes.map(({ nodeId }) => nodeId).join(' ')}: ${chainText(chain)}`
  )

const quiet = { id: 'push-zmq', params: {} }
/** Fails without a recipient. */
const failing = { id: 'send-mail', params: { recipients: [] } }
const inBackground = (nodes: Parameters<typeof workflow>[0]): JsonMap => workflow(nodes, {}, 'event-after-save')

interface Case {
  readonly what: string
  readonly graph: JsonMap
  readonly more?: Partial<RunInput>
  readonly told: readonly RegExp[]
}

const noFurther = 'in a workflow that does not block, MISP goes no further behind an action that did not succeed'
const cases: readonly Case[] = [
  {
    what: 'a failed action',
    graph: inBackground([{ ...failing, to: [[3]] }, { ...quiet, to: [[4]] }, quiet]),
    told: [
      new RegExp(
        `^skipped 3 4: .* and .* were skipped, because they are behind .*\\(node 2\\), which failed \\(No recipient set\\); ${noFurther}\\.$`
      )
    ]
  },
  {
    what: 'a disabled action',
    graph: inBackground([{ ...quiet, to: [[3]] }, failing]),
    more: { enabledModules: ['send-mail'] },
    told: [/^skipped 3: Send Mail was skipped, because it is behind Push to ZMQ \(node 2\), which is disabled;/]
  },
  {
    what: 'an action that MISP does not know',
    graph: inBackground([{ id: 'nope', to: [[3]] }, quiet]),
    told: [/^skipped 3: .*behind nope \(node 2\), whose module MISP does not know;/]
  },
  {
    what: 'an action whose pinned output failed',
    graph: inBackground([{ ...quiet, to: [[3]] }, failing]),
    more: { pins: { '2': { success: false, errors: [] } } },
    told: [/^skipped 3: .*whose pinned output failed;/]
  },
  {
    what: 'a logic node, which is executed on a blocked path',
    graph: inBackground([
      { ...failing, to: [[3]] },
      { id: 'published-if', params: { condition: 'equals' }, to: [[4], [5]] },
      { id: 'telegram-send-alert' },
      quiet
    ]),
    told: [
      /^skipped 5: Push to ZMQ was skipped, because it is behind Send Mail \(node 2\), which failed/,
      /^not reached 4: Telegram Send Alert was not reached, because IF :: Published was false/
    ]
  },
  {
    what: 'stop-execution in the background',
    graph: inBackground([{ id: 'stop-execution', to: [[3]] }, quiet]),
    told: [/^(not reached|skipped) 3: /]
  },
  {
    what: 'two of three ways that fail',
    graph: inBackground([
      { id: 'published-if', params: { condition: 'equals' }, to: [[], [3, 4]] },
      { ...failing, to: [[5]] },
      { ...failing, to: [[6]] },
      quiet,
      quiet
    ]),
    told: [/^skipped 5: .*\(node 3\), which failed/, /^skipped 6: .*\(node 4\), which failed/]
  },
  {
    what: 'a concurrent branch of a workflow that blocks',
    graph: workflow([{ id: 'concurrent-task', to: [[3]] }, { ...failing, to: [[4]] }, quiet]),
    told: [/^skipped 4: .*\(node 3\), which failed \(No recipient set\); in a background job MISP goes no further/]
  },
  {
    what: 'an action that fails without a text',
    graph: inBackground([{ id: 'attribute_ids_flag_operation', params: { action: 'remove' }, to: [[3]] }, quiet]),
    told: [/^skipped 3: .*\(node 2\), which failed without an error text;/]
  },
  {
    what: 'a mail without a subject, three nodes deep',
    graph: inBackground([
      { id: 'send-mail', params: { recipients: ['a@example.org'] }, to: [[3]] },
      { ...quiet, to: [[4]] },
      { id: 'published-if', params: {}, to: [[5], [5]] },
      quiet
    ]),
    told: [/^skipped 3 5: .*which failed \(The mail template is empty\);/]
  },
  {
    what: 'a tag that is not chosen, on another trigger',
    graph: workflow([{ id: 'tag_operation', params: { tags: [] }, to: [[3]] }, quiet], {}, 'event-after-save-new'),
    told: [/^skipped 3: .*Tag operation \(node 2\), which failed/]
  }
]

describe('what a run did not come to', () => {
  it('names what is behind a failed action (F04)', () => {
    const graph = fixture('F04-skipped-nodes-silent/workflow.json')
    const data = fixture('F04-skipped-nodes-silent/event.json')
    const row = graph['Workflow'] as JsonMap
    expect(groupsOf(runAll({ workflow: row, data }), graph)).toEqual([
      `skipped 3 4: Tag operation and Reload full Event were skipped, because they are behind Send Mail (node 2), which failed (The mail template is empty); ${noFurther}.`
    ])
  })

  for (const { what, graph, more = {}, told } of cases)
    it(`is behind ${what}`, () => {
      const events = runAll({ workflow: graph, ...more })
      const groups = groupsOf(events, graph)
      expect(groups.length, groups.join('\n')).toBe(told.length)
      for (const [i, expected] of told.entries()) expect(groups[i]).toMatch(expected)
    })

  for (const { what, graph, more = {} } of cases)
    it(`is told of the posts alone, behind ${what}`, () => {
      const events = runAll({
        workflow: graph,
        ...more,
        settings: { 'Plugin.Workflow_debug_url': 'http://127.0.0.1:1' }
      })
      const posts = postsOf(events)
      const skippedIn = (of: readonly RunEvent[], own: Json): readonly number[] =>
        unreachedOf(foldOf(of), own).flatMap(({ skipped, nodes }) => (skipped ? nodes.map(({ nodeId }) => nodeId) : []))
      // Pinned nodes are ours: posts know them as nodes that failed.
      const known = skippedIn(deriveEvents(posts, { runId: 'c', workflow: graph }), graph)
      expect(known).toEqual(skippedIn(events, graph))
      const seen = posts.map(({ post, job }) => ({
        post,
        job,
        branch: post.kind === 'exec' ? computeBranch(post) : null
      }))
      const rebuilt = rebuildWorkflow('event-after-save', seen)
      const fold = foldOf(deriveEvents(posts, { runId: 'c', workflow: rebuilt }))
      const reported = (fold.finished?.walk?.blocked_paths ?? []).map((path) => Number(path.at(-1)?.split(':')[3]))
      for (const nodeId of reported) {
        if (fold.steps.some((step) => step.nodeId === nodeId)) continue
        expect(chainText(notReachedChain(fold, rebuilt, nodeId)!)).toMatch(/was skipped, because it is behind/)
        expect(unreachedOf(fold, rebuilt).some(({ nodes }) => nodes.some((node) => node.nodeId === nodeId))).toBe(true)
      }
    })

  it('is the node that threw, and what is behind it', () => {
    const graph = workflow([{ id: 'attach-enrichment', params: { modules: ['dns'] }, to: [[3]] }, quiet])
    const events = runAll({
      workflow: graph,
      data: { Event: { id: '7', Attribute: [{ id: '1', type: 'ip-dst', value: '1.2.3.4' }] } }
    })
    expect(foldOf(events).finished?.outcome).toBe('aborted')
    expect(groupsOf(events, graph)).toEqual([
      expect.stringMatching(
        /^not reached 3: Push to ZMQ was not reached, because the run ended at .*, which threw TypeError: /
      )
    ])
    const own = notReachedChain(foldOf(events), graph, 2)!
    expect(chainText(own)).toMatch(
      /was executed and threw TypeError: .*; MISP had the data that the workflow began with\.$/
    )
    expect(own.links.at(-1)?.at).toEqual({ step: 0, nodeId: null, which: 'normalized', path: [] })
  })

  it('looks at each node of a long chain a few times only', () => {
    const length = 1500
    const graph = inBackground(
      Array.from({ length: length + 1 }, (_, i) =>
        i === 0 ? { ...failing, to: [[3]] } : { ...quiet, to: i === length ? [] : [[i + 3]] }
      )
    )
    const [group] = unreachedOf(foldOf(runAll({ workflow: graph })), graph)
    expect([group?.skipped, group?.total, group?.nodes.length]).toEqual([true, length, 500])
  })
})

import { describe, expect, it } from 'vitest'
import type { WorkflowProblem } from '../../../../src/contract/workspace.ts'
import { checkWorkflow } from '../../../../src/engine/check/check.ts'
import type { CheckOptions } from '../../../../src/engine/check/check.ts'
import { dot } from '../../../../src/engine/graph/dot.ts'
import { modulesOf } from '../../../../src/engine/modules/table.ts'
import { mermaid } from '../../../../src/engine/graph/mermaid.ts'
import { chain, graph, workflow } from '../graph/build.ts'
import type { NodeSpec } from '../graph/build.ts'

type Nodes = { readonly [key: number]: NodeSpec }
const all = (nodes: Nodes, options?: CheckOptions): readonly WorkflowProblem[] => {
  const { errors, warnings } = checkWorkflow(workflow(nodes), options)
  return [...errors, ...warnings]
}
const codes = (nodes: Nodes, options?: CheckOptions): string[] => all(nodes, options).map(({ code }) => code)
const hook = { module: 'webhook', params: { url: 'https://example.org' } }

describe('checkWorkflow', () => {
  it('finds nothing in a sound workflow', () => {
    expect(checkWorkflow(workflow({ 1: { module: 'event-publish', to: [[2]] }, 2: hook }))).toEqual({
      errors: [],
      warnings: []
    })
  })

  it("says in MISP's words what cannot be saved, all of it", () => {
    const { errors } = checkWorkflow(
      workflow({
        1: { module: 'webhook', to: [[2, 3]] },
        2: { module: 'push-zmq', to: [[1]] },
        3: { module: 'push-zmq' }
      })
    )
    expect(errors).toMatchObject([
      {
        severity: 'error',
        code: 'CYCLE',
        message: 'Cannot save a workflow containing a cycle',
        nodeIds: [2, 1],
        edges: [
          [2, 1],
          [1, 2]
        ]
      },
      {
        severity: 'error',
        code: 'NO_TRIGGER',
        message: 'Cannot save a workflow containing no or more than one trigger',
        nodeIds: [],
        edges: []
      },
      {
        severity: 'error',
        code: 'MANY_CONNECTIONS',
        message: 'Cannot save a workflow having more than one connection per output',
        nodeIds: [1],
        edges: [
          [1, 2],
          [1, 3]
        ]
      }
    ])
  })

  it('warns of connections that lead nowhere and nodes that are not reached', () => {
    const problems = all({ 1: { module: 'event-publish', to: [[9]] }, 2: hook, 3: hook })
    expect(problems.map(({ code, nodeIds }) => [code, nodeIds])).toEqual([
      ['DANGLING_CONNECTION', [1]],
      ['UNREACHABLE', [2, 3]]
    ])
  })

  it('warns of a list whose positions are not its ids', () => {
    const list = { 0: { module: 'event-publish', to: [[2]], id: 1 }, 1: { ...hook, id: 2 } }
    expect(codes(list)).toContain('NODE_KEY_DIFFERS')
  })

  it('warns of a blocking module behind a concurrent task', () => {
    const nodes = {
      1: { module: 'event-publish', to: [[2]] },
      2: { module: 'concurrent-task', to: [[3]] },
      3: { module: 'stop-execution' }
    }
    const text = 'This path leads to a blocking node from a non-blocking context'
    expect(all(nodes)).toMatchObject([
      {
        severity: 'warning',
        code: 'BLOCKING_PATH',
        message: text,
        nodeIds: [3],
        edges: [['2', '3', text, true, 'stop-execution', 3]]
      }
    ])
  })

  it("repeats MISP's notices with the nodes they concern", () => {
    const nodes = {
      1: { module: 'log-after-save', to: [[2]] },
      2: { module: 'tag-if', params: { tags: ['a'] }, to: [[3], [4]] },
      3: hook,
      4: { module: 'stop-execution' }
    }
    const options = {
      enabledModules: ['tag-if', 'stop-execution'],
      settings: { 'Security.rest_client_enable_arbitrary_urls': false }
    }
    expect(all(nodes, options).map(({ code, nodeIds }) => [code, nodeIds])).toEqual([
      ['DATA_FORMAT', [2]],
      ['MODULE_DISABLED', [3]],
      ['ARBITRARY_URLS_OFF', [3]],
      ['MODULE_BLOCKING', [4]]
    ])
  })

  it('warns of modules, parameters and values that MISP does not have', () => {
    const nodes = {
      1: { module: 'event-publish', to: [[2]] },
      2: { module: 'my-module', to: [[3]] },
      3: { module: 'webhook', params: { url: 'u', content_type: 'xml', retries: 3 } }
    }
    expect(codes(nodes)).toEqual(['MODULE_UNKNOWN', 'PARAM_VALUE_UNKNOWN', 'PARAM_UNKNOWN'])
    const service = { name: 'my-module', meta: { 'module-type': ['action'], config: {} } }
    expect(codes(nodes, { serviceModules: [service] })).not.toContain('MODULE_UNKNOWN')
  })

  it('warns of conditions that can never hold', () => {
    const params = { operator: 'equals', hash_path: 'Event.Tag.{n}.name', value: 'tlp:red' }
    const nodes = {
      1: { module: 'event-publish', to: [[2]] },
      2: { module: 'generic-if', params, to: [[3], []] },
      3: hook
    }
    expect(all(nodes)).toMatchObject([
      { code: 'CONDITION_NEVER', nodeIds: [2], message: expect.stringContaining('the path has {n}') }
    ])
  })

  it('warns of a filter that is removed and was never set', () => {
    const reset = (label: string, to: number[]): NodeSpec => ({
      module: 'generic-filter-reset',
      params: { 'filtering-label': label },
      to: [to]
    })
    const filter = {
      'filtering-label': 'A',
      selector: 'Event.Attribute.{n}',
      operator: 'in',
      hash_path: 'type',
      value: 'md5'
    }
    const nodes = {
      1: { module: 'event-publish', to: [[2]] },
      2: { module: 'generic-filter-data', params: filter, to: [[3]] },
      3: reset('B', [4]),
      4: reset('A', [5]),
      5: reset('all', [])
    }
    const problems = all(nodes)
    expect(problems.map(({ code, nodeIds }) => [code, nodeIds])).toEqual([
      ['FILTER_NEVER_SET', [3]],
      ['FILTER_NEVER_SET', [4]],
      ['FILTER_NEVER_SET', [5]]
    ])
    expect(problems[0]?.message).toContain('removes `A` anyway')
    expect(problems[1]?.message).toContain('TypeError')
    expect(problems[2]?.message).toContain('all data is lost')
  })

  it('checks 10,000 nodes, cycle included, without a limit of the stack', () => {
    const { errors, warnings } = checkWorkflow(workflow(chain(10_000, [1], 'publish-event')))
    expect(errors).toHaveLength(1)
    expect(warnings.length).toBeGreaterThan(9_000)
  })
})

describe('recursion', () => {
  const publishes = { 1: { module: 'event-publish', to: [[2]] }, 2: { module: 'publish-event' } }

  it('is found in one workflow', () => {
    expect(all(publishes)).toMatchObject([{ code: 'RECURSION', nodeIds: [2] }])
    expect(codes(publishes, { enabledModules: [] })).not.toContain('RECURSION')
  })

  it('is found across workflows, and names the way', () => {
    const saves = { 1: { module: 'event-after-save', to: [[2]] }, 2: { module: 'publish-event' } }
    const shares = { 1: { module: 'event-publish', to: [[2]] }, 2: { module: 'Module_event_distribution_operation' } }
    expect(codes(shares)).toEqual([])
    const [problem] = all(shares, { workflows: [workflow(saves, 'other')] })
    expect(problem?.message).toBe(
      'The workflow can trigger itself: node 2 (Module_event_distribution_operation) can fire `event-after-save`, then node 2 (publish-event) of workflow `other` can fire `event-publish`, which runs it immediately, inside this run, without any limit in MISP.'
    )
  })

  it('goes over tags only with tag notifications on', () => {
    const tags = {
      1: { module: 'tag-attached-after-save', type: 'trigger' as const, to: [[2]] },
      2: { module: 'tag_operation', params: { tags: ['a'] } }
    }
    expect(codes(tags)).toEqual([])
    const settings = { 'Plugin.ZeroMQ_enable': true, 'Plugin.ZeroMQ_tag_notifications_enable': true }
    expect(codes(tags, { settings })).toEqual(['RECURSION'])
  })
})

describe('drawings', () => {
  const nodes = graph({
    1: { module: 'event-publish', to: [[2]] },
    2: { module: 'tag-if', to: [[3], [7]] },
    3: { module: 'webhook' }
  })

  it("are MISP's in mermaid", () => {
    expect(mermaid(nodes, modulesOf('2.5.1').find)).toBe(
      'flowchart LR\n' +
        '    1{{"fas:fa-upload  event-publish"}} --> 2[/"fas:fa-code-branch  tag-if"/]\n' +
        '    2[/"fas:fa-code-branch  tag-if"/] --> 3["webhook"]\n'
    )
  })

  it('tell then from else in DOT, and quote names', () => {
    expect(dot(nodes, 'a "b"')).toContain('label="a \\"b\\"";')
    expect(dot(nodes)).toContain('"2" -> "3" [label="then"];')
    expect(dot(nodes)).toContain('"2" -> "7" [label="else"];')
    expect(dot(nodes)).toContain('"1" -> "2";')
  })
})

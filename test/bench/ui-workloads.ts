// What the app is measured on: workflows of many nodes or steps, and a file of many captured runs.
import type { JsonMap } from '../../src/contract/json.ts'

const node = (id: number, type: string, module: string, next: readonly number[], params: JsonMap = {}): JsonMap => ({
  id,
  name: module,
  class: 'block',
  data: { id: module, module_type: type, name: module, indexed_params: params, saved_filters: {} },
  inputs:
    type === 'trigger' ? [] : { input_1: { connections: id > 1 ? [{ node: String(id - 1), input: 'output_1' }] : [] } },
  outputs: { output_1: { connections: next.map((to) => ({ node: String(to), output: 'input_1' })) } },
  pos_x: (id % 40) * 240,
  pos_y: Math.floor(id / 40) * 90
})

/** A trigger and a row of actions. */
export const chain = (length: number): JsonMap => ({
  Workflow: {
    id: '1',
    name: `chain of ${length}`,
    trigger_id: 'event-publish',
    debug_enabled: true,
    data: Object.fromEntries(
      Array.from({ length: length + 1 }, (_, i) => {
        const id = i + 1
        const next = i < length ? [id + 1] : []
        return [String(id), i === 0 ? node(id, 'trigger', 'event-publish', next) : node(id, 'action', 'push-zmq', next)]
      })
    )
  }
})

/** Every level runs all behind it twice: few nodes, many steps. */
export const diamonds = (levels: number): JsonMap => {
  const nodes: JsonMap[] = [node(1, 'trigger', 'event-publish', [2])]
  for (let level = 0, id = 2; level < levels; level++, id += 3) {
    const join = id + 3
    nodes.push(node(id, 'action', 'push-zmq', [id + 1, id + 2]))
    nodes.push(node(id + 1, 'action', 'push-zmq', level < levels - 1 ? [join] : []))
    nodes.push(node(id + 2, 'action', 'push-zmq', level < levels - 1 ? [join] : []))
  }
  return {
    Workflow: {
      id: '2',
      name: 'diamonds',
      trigger_id: 'event-publish',
      debug_enabled: true,
      data: Object.fromEntries(nodes.map((one) => [String(one['id']), one]))
    }
  }
}

/** The posts of `count` short runs, one NDJSON line a post. */
export function postsFile(count: number): string {
  const lines: string[] = []
  const empty = { node_id: '', module_id: '', filters: '', parameters: '' }
  for (let i = 0; i < count; i++) {
    const at = new Date(Date.UTC(2024, 9, 1) + i * 2000).toISOString()
    const data = {
      Event: { id: String(i), uuid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`, info: `event ${i}` }
    }
    const post = (target: string, body: JsonMap) =>
      lines.push(
        JSON.stringify({ at, source: 'bench', method: 'POST', target, headers: {}, body: JSON.stringify(body) })
      )
    post('/event-publish/init?type=blocking', {
      source: empty,
      timestamp: at,
      data: { original: data, normalized: data }
    })
    post('/event-publish/end?outcome=success', {
      source: empty,
      timestamp: at,
      data: { blocking_nodes: [], executed_nodes: [], blocked_paths: [] }
    })
  }
  return lines.join('\n')
}

/** The posts that MISP sends of a run of `diamonds(levels)`: depth first, every node once per way to it. */
export function longRunFile(levels: number): string {
  const { data: nodes } = (diamonds(levels) as { readonly Workflow: { readonly data: JsonMap } } & JsonMap).Workflow
  const start = Date.UTC(2024, 9, 1)
  const data = { Event: { id: '1', uuid: '00000000-0000-4000-8000-000000000001', info: 'a long run' } }
  const lines: string[] = []
  const post = (target: string, source: JsonMap, body: JsonMap) => {
    const at = new Date(start + lines.length * 3).toISOString()
    const text = JSON.stringify({ source, timestamp: at, data: body })
    lines.push(JSON.stringify({ at, source: 'bench', method: 'POST', target, headers: {}, body: text }))
  }
  const none = { node_id: '', module_id: '', filters: '', parameters: '' }
  const executed: JsonMap[] = []
  const visit = (id: string): void => {
    const one = nodes[id] as JsonMap
    if (id !== '1') {
      executed.push(one)
      const source = { node_id: Number(id), module_id: 'push-zmq', filters: [], parameters: [] }
      post('/event-publish/exec/push-zmq?result=success&message=', source, data)
    }
    const { connections } = (one['outputs'] as { readonly output_1: { readonly connections: readonly JsonMap[] } })
      .output_1
    for (const { node: next } of connections) visit(String(next))
  }
  post('/event-publish/init?type=blocking', none, { original: data, normalized: data })
  visit('1')
  post('/event-publish/end?outcome=success', none, { blocking_nodes: [], executed_nodes: executed, blocked_paths: [] })
  return lines.join('\n')
}

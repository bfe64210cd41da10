// A workflow made of a run's posts: what they show of nodes, parameters, filters and order. Action nodes come whole out of the end post;
// of logic nodes the connections are those that were seen, by their branch.
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import { anyModule } from '../understand/module-facts.ts'
import type { Branch } from '../understand/branch.ts'
import type { ParsedPost } from '../understand/post-parse.ts'
import { isUnknownMap, type UnknownMap } from '../../../contract/json.ts'

export interface SeenPost {
  readonly post: ParsedPost
  readonly branch: Branch | null
  readonly job: number
}

interface Node {
  readonly id: string
  readonly moduleId: string
  readonly type: string
  readonly saved: UnknownMap | null
  readonly parameters: unknown
  readonly filters: unknown
  readonly outputs: Map<string, Set<string>>
}

const triggerNode = 'trigger'

/** Rebuilds as much as posts of one trigger show. The trigger's node gets the id that connections name, else a free one. */
export function rebuildWorkflow(trigger: string, posts: readonly SeenPost[]): JsonMap {
  const nodes = new Map<string, Node>()
  for (const { post } of posts) if (post.kind === 'exec') addSeen(nodes, post)
  for (const { post } of posts) if (post.kind === 'end') addSaved(nodes, post.data)
  const parents = new Map<string, { readonly node: string; readonly output: string }[]>()
  for (const node of nodes.values()) readConnections(node, parents)
  const triggerId = findTriggerId(nodes, parents, posts.find(({ post }) => post.kind === 'exec')?.post.nodeId)
  const start: Node = blank(triggerId, trigger, 'trigger')
  const all = new Map([[triggerId, start], ...nodes])
  for (const [child, list] of parents)
    for (const { node, output } of list) if (nodes.has(child)) connect(all.get(node), output, child)
  connectByOrder(all, posts, triggerId, parents)
  return workflowOf(trigger, all)
}

const blank = (id: string, moduleId: string, type: string): Node => ({
  ...{ id, moduleId, type, saved: null, parameters: [], filters: [] },
  outputs: new Map()
})

function addSeen(nodes: Map<string, Node>, post: ParsedPost): void {
  const known = nodes.get(post.nodeId)
  const type = anyModule(post.moduleId)?.module_type ?? 'action'
  const node = known ?? blank(post.nodeId, post.moduleId, type)
  nodes.set(post.nodeId, { ...node, parameters: post.parameters, filters: post.filters })
}

function addSaved(nodes: Map<string, Node>, data: unknown): void {
  for (const key of ['executed_nodes', 'blocking_nodes']) {
    const list = isUnknownMap(data) ? data[key] : null
    for (const saved of Array.isArray(list) ? (list as unknown[]) : []) {
      if (!isUnknownMap(saved) || !isUnknownMap(saved['data'])) continue
      const id = plainText(saved['id'])
      nodes.set(id, { ...(nodes.get(id) ?? blank(id, plainText(saved['data']['id']), 'action')), saved })
    }
  }
}

const connections = (socket: unknown): UnknownMap[] => {
  const list = isUnknownMap(socket) ? socket['connections'] : null
  return (Array.isArray(list) ? list : isUnknownMap(list) ? Object.values(list) : []).filter(isUnknownMap)
}

function readConnections(node: Node, parents: Map<string, { node: string; output: string }[]>): void {
  if (node.saved === null) return
  for (const [output, socket] of Object.entries(isUnknownMap(node.saved['outputs']) ? node.saved['outputs'] : {})) {
    for (const connection of connections(socket)) connect(node, output, plainText(connection['node']))
  }
  for (const socket of Object.values(isUnknownMap(node.saved['inputs']) ? node.saved['inputs'] : {})) {
    for (const connection of connections(socket)) {
      const list = parents.get(node.id) ?? []
      list.push({ node: plainText(connection['node']), output: plainText(connection['input'] ?? 'output_1') })
      parents.set(node.id, list)
    }
  }
}

function connect(node: Node | undefined, output: string, child: string): void {
  if (node === undefined) return
  node.outputs.set(output, (node.outputs.get(output) ?? new Set()).add(child))
}

/** The parent of the first node that never posted is the trigger's node; other nodes that never posted were not executed. */
function findTriggerId(
  nodes: Map<string, Node>,
  parents: ReadonlyMap<string, readonly { readonly node: string }[]>,
  first: string | undefined
): string {
  const list = first === undefined ? [] : (parents.get(first) ?? [])
  for (const { node } of list) if (!nodes.has(node)) return node
  const named = new Set([...parents.values()].flatMap((some) => some.map(({ node }) => node)))
  for (let id = 1; ; id++) if (!nodes.has(String(id)) && !named.has(String(id))) return String(id)
}

/** What no saved node tells follows from the order of posts: a node runs behind the one before it. */
function connectByOrder(
  all: Map<string, Node>,
  posts: readonly SeenPost[],
  triggerId: string,
  parents: ReadonlyMap<string, unknown>
): void {
  const last = new Map<number, { readonly id: string; readonly output: string }>([
    [0, { id: triggerId, output: 'output_1' }]
  ])
  const tasks: string[] = []
  for (const { post, branch, job } of posts) {
    if (post.kind !== 'exec') continue
    const task = tasks[job - 1] ?? tasks[0]
    const before = last.get(job) ?? (task === undefined ? undefined : { id: task, output: 'output_1' })
    if (before !== undefined && before.id !== post.nodeId && !parents.has(post.nodeId)) {
      const from = all.get(before.id)
      const taken = [...(from?.outputs.values() ?? [])].some((children) => children.has(post.nodeId))
      const free = from?.saved === null || from?.type === triggerNode
      if (!taken && free && (from?.outputs.get(before.output)?.size ?? 0) === 0)
        connect(from, before.output, post.nodeId)
    }
    if (post.moduleId === 'concurrent-task') tasks.push(post.nodeId)
    last.set(job, { id: post.nodeId, output: branch ?? 'output_1' })
  }
}

const mostNamed = 12

/** Branches of which no run has shown what is behind them, in words. */
function unknownParts(nodes: ReadonlyMap<string, Node>): string {
  const open = [...nodes.values()].flatMap((node) => {
    const definition = anyModule(node.moduleId)
    if (node.saved !== null || node.type !== 'logic' || definition?.outputs !== 2) return []
    const unseen = [1, 2].filter((n) => (node.outputs.get(`output_${n}`)?.size ?? 0) === 0)
    return unseen.map((n) => `${n === 1 ? 'true' : 'false'} of ${definition.name} (node ${node.id})`)
  })
  if (open.length === 0) return ''
  const more = open.length > mostNamed ? ` and ${open.length - mostNamed} more` : ''
  return ` Unknown is what is behind: ${open.slice(0, mostNamed).join(', ')}${more}.`
}

/** MISP's modules have two outputs at most; a number that a post makes up is none. */
const mostOutputs = 16

function workflowOf(trigger: string, nodes: ReadonlyMap<string, Node>): JsonMap {
  const inputs = new Map<string, { node: string; input: string }[]>()
  for (const node of nodes.values()) {
    for (const [output, children] of node.outputs) {
      for (const child of children) {
        const list = inputs.get(child)
        if (list) list.push({ node: node.id, input: output })
        else inputs.set(child, [{ node: node.id, input: output }])
      }
    }
  }
  let x = 0
  const data = [...nodes.values()].map((node): [string, Json] => {
    const definition = anyModule(node.moduleId)
    const named = [...node.outputs.keys()].map((name) => Number(name.slice(7)) || 1)
    const outputs = named.reduce((most, n) => (n > mostOutputs ? most : Math.max(most, n)), definition?.outputs ?? 1)
    const built = {
      ...(node.saved ?? {}),
      ...{ id: Number.isNaN(Number(node.id)) ? node.id : Number(node.id), name: definition?.name ?? node.moduleId },
      class: 'block-type-default',
      typenode: false,
      data: {
        ...(isUnknownMap(node.saved?.['data']) ? node.saved['data'] : {}),
        ...{
          id: node.moduleId,
          name: definition?.name ?? node.moduleId,
          module_type: definition?.module_type ?? node.type
        },
        indexed_params: isUnknownMap(node.parameters) ? node.parameters : [],
        saved_filters: isUnknownMap(node.filters) ? node.filters : []
      },
      inputs: node.type === 'trigger' ? [] : { input_1: { connections: inputs.get(node.id) ?? [] } },
      outputs: Object.fromEntries(
        Array.from({ length: outputs }, (_, i) => [
          `output_${i + 1}`,
          {
            connections: [...(node.outputs.get(`output_${i + 1}`) ?? [])].map((child) => ({
              node: child,
              output: 'input_1'
            }))
          }
        ])
      ),
      ...{ pos_x: 250 * ++x, pos_y: 100 }
    }
    return [node.id, built as unknown as Json]
  })
  return {
    name: `Rebuilt from posts of ${trigger}`,
    description: `Rebuilt by Retrace from captured posts; nodes that were never executed are missing.${unknownParts(nodes)}`,
    ...{ trigger_id: trigger, debug_enabled: true, data: Object.fromEntries(data) }
  }
}

// A workflow made of a run's posts: what they show of nodes, parameters, filters and order. Action nodes come whole out of the end post;
// of logic nodes the connections are those that were seen, by their branch.
import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import { saveErrors } from '../../../engine/graph/validate.ts'
import { graphOf } from '../../../engine/run/walk/walk-graph.ts'
import { anyModule, widestParams } from '../understand/module-facts.ts'
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
  const end = posts.find(({ post }) => post.kind === 'end' && namesActions(post.data))
  for (const { post } of posts) if (post.kind === 'end') addSaved(nodes, post.data)
  if (end !== undefined) for (const node of nodes.values()) nodes.set(node.id, withType(node, end, posts))
  const parents = new Map<string, { readonly node: string; readonly output: string }[]>()
  for (const node of nodes.values()) readConnections(node, parents)
  const triggerId = findTriggerId(nodes, parents, posts.find(({ post }) => post.kind === 'exec')?.post.nodeId)
  const start: Node = blank(triggerId, trigger, 'trigger')
  const all = new Map([[triggerId, start], ...nodes])
  for (const [child, list] of parents)
    for (const { node, output } of list) if (nodes.has(child)) connect(all.get(node), output, child)
  connectByOrder(all, posts, triggerId, parents)
  return withId(workflowOf(trigger, all, visitsOf(posts)))
}

/** MISP saves no such graph, and ran it: that it is there already is known. A workflow without an id is one that is still to be saved. */
function withId(workflow: JsonMap): JsonMap {
  const refused = saveErrors(graphOf(workflow))
  if (refused.length === 0) return workflow
  const said = `MISP would not save it as it is (${refused.join('; ')}): it was there before.`
  return { id: '1', ...workflow, description: `${plainText(workflow['description'])} ${said}` }
}

const namesActions = (data: unknown): boolean => isUnknownMap(data) && Array.isArray(data['executed_nodes'])

/** MISP’s end names every action of the walk: a module that nobody knows and that it does not name is a logic one. */
function withType(node: Node, end: SeenPost, posts: readonly SeenPost[]): Node {
  if (node.saved !== null || node.type !== 'action' || anyModule(node.moduleId) !== undefined) return node
  const inWalk = posts.some(({ post, job }) => post.kind === 'exec' && post.nodeId === node.id && job === end.job)
  return inWalk ? { ...node, type: 'logic' } : node
}

/** How often each node was executed. */
function visitsOf(posts: readonly SeenPost[]): ReadonlyMap<string, number> {
  const visits = new Map<string, number>()
  for (const { post } of posts) if (post.kind === 'exec') visits.set(post.nodeId, (visits.get(post.nodeId) ?? 0) + 1)
  return visits
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
      // Each branch of a concurrent task is a job of its own.
      const isBranch = from?.moduleId === 'concurrent-task' && !last.has(job)
      if (!taken && free && (isBranch || (from?.outputs.get(before.output)?.size ?? 0) === 0))
        connect(from, before.output, post.nodeId)
    }
    if (post.moduleId === 'concurrent-task') tasks.push(post.nodeId)
    // A module that MISP does not know counts as false.
    const isFalse = all.get(post.nodeId)?.type === 'logic' && anyModule(post.moduleId) === undefined
    last.set(job, { id: post.nodeId, output: branch ?? (isFalse ? 'output_2' : 'output_1') })
  }
}

const mostNamed = 12

/** Branches of which no run has shown what is behind them, in words. */
function unknownParts(nodes: ReadonlyMap<string, Node>, visits: ReadonlyMap<string, number>): string {
  const open = [...nodes.values()].flatMap((node) => {
    if (node.saved !== null || node.type !== 'logic') return []
    const definition = anyModule(node.moduleId)
    const behind = (n: number): number => node.outputs.get(`output_${n}`)?.size ?? 0
    const named = `${definition?.name ?? node.moduleId} (node ${node.id})`
    if (node.moduleId === 'concurrent-task') {
      // It is executed once for each of its connections.
      const more = (visits.get(node.id) ?? 0) - behind(1)
      return more > 0 ? [`${more === 1 ? 'a branch' : `${more} branches`} of ${named}`] : []
    }
    if (definition !== undefined && definition.outputs !== 2) return []
    return [1, 2].filter((n) => behind(n) === 0).map((n) => `${n === 1 ? 'true' : 'false'} of ${named}`)
  })
  if (open.length === 0) return ''
  const more = open.length > mostNamed ? ` and ${open.length - mostNamed} more` : ''
  return ` Unknown is what is behind: ${open.slice(0, mostNamed).join(', ')}${more}.`
}

/** Posts have no parameters of the trigger: only that they were met. */
const conditionsOf = (trigger: string, widest: JsonMap | null): string =>
  widest === null ? '' : ` Unknown is when ${anyModule(trigger)?.name ?? trigger} starts it: here it always does.`

/** What MISP’s editor saves of a trigger, and modules read there. */
function triggerData(definition: ReturnType<typeof anyModule>): JsonMap {
  const { scope, blocking, misp_core_format: core } = definition ?? {}
  const own = Object.entries({ scope, blocking, misp_core_format: core }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(own) as JsonMap
}

/** MISP's modules have two outputs at most; a number that a post makes up is none. */
const mostOutputs = 16

function workflowOf(trigger: string, nodes: ReadonlyMap<string, Node>, visits: ReadonlyMap<string, number>): JsonMap {
  const widest = widestParams(trigger)
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
        ...(node.type === 'trigger' ? triggerData(definition) : {}),
        indexed_params: node.type === 'trigger' ? (widest ?? []) : isUnknownMap(node.parameters) ? node.parameters : [],
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
    description: `Rebuilt by Retrace from captured posts; nodes that were never executed are missing.${unknownParts(nodes, visits)}${conditionsOf(trigger, widest)}`,
    ...{ trigger_id: trigger, debug_enabled: true, data: Object.fromEntries(data) }
  }
}

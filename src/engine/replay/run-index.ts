// A run's steps by node and by walk, so that whoever goes back from a step need not look at all of them again and again.
import type { RunStep } from '../../contract/run-views.ts'
import type { Json } from '../../contract/json.ts'
import { workflowGraph } from '../graph/document.ts'
import { connectionsOf, dataOf, field, nodesOf } from '../graph/nodes.ts'
import { phpInt } from '../php/cast.ts'

import { countLeading } from '../../contract/lists.ts'

export interface GraphNodeInfo {
  readonly nodeId: number
  readonly moduleId: string
  readonly moduleType: string
  readonly name: string
  /** As saved: templates are not rendered. */
  readonly params: Json
  /** The whole node as saved. */
  readonly saved: Json
  readonly outgoing: readonly { readonly output: string; readonly to: number }[]
  readonly incoming: { readonly output: string; readonly from: number }[]
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The nodes of a workflow (as MISP exports it, or only its row) by their ids. What is no graph has none. */
function graphInfo(workflow: Json): ReadonlyMap<number, GraphNodeInfo> {
  const nodes = new Map<number, GraphNodeInfo>()
  try {
    const raw = nodesOf(workflowGraph(workflow))
    const idOf = new Map(raw.map(({ key, node }) => [String(key), phpInt(field(node, 'id'))]))
    const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
    for (const { node } of raw) {
      const outgoing = connectionsOf(node).map(({ output, target }) => ({
        output,
        to: idOf.get(String(target)) ?? target
      }))
      const nodeId = phpInt(field(node, 'id'))
      const moduleId = text(dataOf(node, 'id'))
      const name = text(field(node, 'name')) || text(dataOf(node, 'name')) || moduleId
      nodes.set(nodeId, {
        nodeId,
        moduleId,
        moduleType: text(dataOf(node, 'module_type')),
        name,
        params: dataOf(node, 'indexed_params') ?? null,
        saved: node,
        outgoing,
        incoming: []
      })
    }
  } catch {
    // MISP itself dies on such a graph; what came out of it before is told without it.
  }
  for (const { nodeId, outgoing } of nodes.values())
    for (const { output, to } of outgoing) nodes.get(to)?.incoming.push({ output, from: nodeId })
  return nodes
}

const keyOf = (job: string | null, nodeId: number | null): string => `${job ?? ''} ${nodeId}`

export class RunIndex {
  readonly graph: ReadonlyMap<number, GraphNodeInfo>
  readonly #byNode = new Map<string, number[]>()
  readonly #previous: Mutable<(number | null)[]> = []
  readonly #lastOf = new Map<string | null, number>()
  readonly #firstOf = new Map<string | null, number>()
  readonly #tasks: number[] = []
  readonly #seen = new Map<number, number>()
  readonly #named = new Map<string, number>()

  constructor(
    readonly steps: readonly RunStep[],
    workflow: Json
  ) {
    this.graph = graphInfo(workflow)
    for (const { name } of this.graph.values()) this.#named.set(name, (this.#named.get(name) ?? 0) + 1)
    for (const [i, { job, nodeId, moduleId }] of steps.entries()) {
      const key = keyOf(job, nodeId)
      const known = this.#byNode.get(key)
      if (known) known.push(i)
      else this.#byNode.set(key, [i])
      this.#previous.push(this.#lastOf.get(job) ?? null)
      this.#lastOf.set(job, i)
      if (!this.#firstOf.has(job)) this.#firstOf.set(job, i)
      if (moduleId === 'concurrent-task') this.#tasks.push(i)
      if (nodeId !== null) this.#seen.set(nodeId, i)
    }
  }

  /** Whether several nodes of the graph have that name. */
  isNamedAgain = (name: string): boolean => (this.#named.get(name) ?? 0) > 1
  /** Position of the last step of a node; undefined when it was not executed. */
  lastOfNode = (nodeId: number): number | undefined => this.#seen.get(nodeId)
  /** Position of the last step of a walk (null: the run outside of jobs). */
  lastOfWalk = (job: string | null): number | undefined => this.#lastOf.get(job)
  firstOfWalk = (job: string | null): number | undefined => this.#firstOf.get(job)
  jobs = (): readonly string[] => [...this.#lastOf.keys()].filter((job) => job !== null)

  /** The step whose output a step got: the one before it in its walk, or the concurrent task that started its job. */
  beforeInWalk(position: number): number | null {
    const previous = this.#previous[position] ?? null
    if (previous !== null) return previous
    return this.steps[position]?.job ? this.#taskOf(position) : null
  }

  /** The step that led to a step along the graph; null when the trigger did, or nobody can tell. */
  parentOf(position: number): number | null {
    const step = this.steps[position]
    if (step === undefined || step.nodeId === null) return null
    const edge = step.path.at(-1)
    const source = edge === undefined ? null : Number(edge.split(':')[0])
    if (source !== null) return this.#latest(step.job, source, position)
    const found = this.sourceOf(step.nodeId, step.job, position)
    if (found !== null) return found
    return step.job !== null && this.#firstOf.get(step.job) === position ? this.#taskOf(position) : null
  }

  /** The latest step before `upTo` that has a connection to the node on the branch that it took. */
  sourceOf(nodeId: number, job: string | null, upTo: number): number | null {
    let best: number | null = null
    for (const { from, output } of this.graph.get(nodeId)?.incoming ?? []) {
      const at = this.#latest(job, from, upTo)
      if (at === null || (best !== null && at <= best)) continue
      const branch = this.steps[at]?.branch
      if (branch === null || branch === undefined || branch === output) best = at
    }
    return best
  }

  #latest(job: string | null, nodeId: number, upTo: number): number | null {
    const positions = this.#byNode.get(keyOf(job, nodeId)) ?? []
    return positions[countLeading(positions, (at) => at < upTo) - 1] ?? null
  }

  /** The concurrent task that started a job, of its first step. One that has no connection to it did not. */
  #taskOf(position: number): number | null {
    const nodeId = this.steps[position]?.nodeId
    const leads = (at: number): boolean => {
      const from = this.steps[at]?.nodeId
      return typeof from === 'number' && (this.graph.get(from)?.outgoing ?? []).some(({ to }) => to === nodeId)
    }
    const earlier = this.#tasks.filter((at) => at < position)
    return earlier.findLast(leads) ?? (this.graph.size === 0 ? (earlier.at(-1) ?? null) : null)
  }
}

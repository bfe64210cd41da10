// What a run did, on the drawing of its workflow: marks of nodes and edges, lanes of its jobs.
import { chainText } from '../../../contract/chain.ts'
import type { RunStep, Unreached } from '../../../contract/run-views.ts'
import type { GraphDrawing } from './graph-model.ts'

export interface NodeMarks {
  /** Step numbers in this run. */
  readonly steps: readonly number[]
  readonly state: 'done' | 'failed' | 'blocked' | 'running' | 'skipped' | 'idle'
  /** Why MISP skipped it. */
  readonly why?: string
  readonly changed: boolean
  readonly effects: number
  readonly worldChanges: number
  readonly mocked: boolean
  /** Its pinned output was used instead of executing it. */
  readonly pinned: boolean
  readonly live: boolean
  /** Lane of a concurrent branch; 0 is the main walk. */
  readonly lane: number
  /** Of two runs that are compared: how the node came out in both, and its steps in each. */
  readonly compared?: {
    readonly is: 'none' | 'same' | 'different' | 'before' | 'only a' | 'only b'
    readonly a: readonly number[]
    readonly b: readonly number[]
  }
}

export interface RunMarks {
  readonly nodes: ReadonlyMap<number, NodeMarks>
  /** Edges that the run went along, with their lane. */
  readonly edges: ReadonlyMap<string, number>
  /** Of two runs that are compared: which of them went along an edge. */
  readonly taken?: ReadonlyMap<string, 'both' | 'a' | 'b'>
}

/** Of a node that no step came to. */
export const noMarks: NodeMarks = {
  steps: [],
  state: 'idle',
  changed: false,
  effects: 0,
  worldChanges: 0,
  mocked: false,
  pinned: false,
  live: false,
  lane: 0
}

const stateOf = (step: RunStep): NodeMarks['state'] => {
  if (step.result === 'running') return 'running'
  if (step.moduleType === 'logic') return step.result === 'success' ? 'done' : 'failed'
  return step.success ? 'done' : step.moduleId === 'stop-execution' ? 'blocked' : 'failed'
}

/** Connections of concurrent tasks by the node at their end. */
function edgesOfConcurrentTasks(drawing: GraphDrawing): ReadonlyMap<number, readonly string[]> {
  const byId = new Map(drawing.nodes.map((node) => [node.id, node]))
  const found = new Map<number, string[]>()
  for (const edge of drawing.edges) {
    const target = byId.get(edge.target)
    if (!target || byId.get(edge.source)?.moduleId !== 'concurrent-task') continue
    found.set(target.nodeId, [...(found.get(target.nodeId) ?? []), edge.id])
  }
  return found
}

/** Nodes that MISP skipped, each with its reason. */
export const skippedOf = (unreached: readonly Unreached[]): readonly (Unreached['nodes'][number] & { why: string })[] =>
  unreached.flatMap(({ skipped, nodes, chain }) =>
    skipped ? nodes.map((node) => ({ ...node, why: chainText(chain) })) : []
  )

/** What a run did to each node and edge. */
export function marksOf(
  steps: readonly RunStep[],
  drawing: GraphDrawing,
  unreached: readonly Unreached[] = [],
  upTo = Infinity
): RunMarks {
  const nodes = new Map<number, NodeMarks>()
  const edges = new Map<string, number>()
  const numbersOf = new Map<number, number[]>()
  const lanes = lanesOf(steps)
  const jobEdges = edgesOfConcurrentTasks(drawing)
  for (const step of steps) {
    if (step.step > upTo || step.nodeId === null) continue
    const lane = step.job === null ? 0 : (lanes.get(step.job) ?? 0)
    const was = nodes.get(step.nodeId) ?? noMarks
    const numbers = numbersOf.get(step.nodeId) ?? []
    numbersOf.set(step.nodeId, numbers)
    numbers.push(step.step)
    nodes.set(step.nodeId, {
      steps: numbers,
      state: stateOf(step),
      changed: was.changed || step.changed,
      effects: was.effects + step.effects,
      worldChanges: was.worldChanges + step.worldChanges,
      mocked:
        was.mocked ||
        step.derived.includes('mocked') ||
        (step.answeredBy ?? []).some((by) => by === 'mock' || by.startsWith('recorded')),
      pinned: was.pinned || step.notes.some((note) => note.code === 'NODE_PINNED'),
      live: was.live || (step.answeredBy ?? []).includes('live'),
      lane
    })
    for (const edge of step.path) edges.set(edge, lane)
    // The walk of a job starts at its node: what led there is the concurrent task's connection.
    if (step.job !== null)
      for (const edge of jobEdges.get(step.nodeId) ?? []) if (!edges.has(edge)) edges.set(edge, lane)
  }
  for (const { nodeId, why } of skippedOf(unreached))
    if (!nodes.has(nodeId)) nodes.set(nodeId, { ...noMarks, state: 'skipped', why })
  // A captured run reports no paths: an edge was taken when the node at its end ran behind the one at its start.
  if (steps.every(({ path }) => path.length === 0)) {
    const trigger = drawing.nodes.find((node) => node.moduleType === 'trigger')
    const branches = new Map(steps.map((step) => [step.nodeId, step.branch]))
    const at = new Map(drawing.nodes.map((node) => [node.id, node.nodeId]))
    for (const edge of drawing.edges) {
      const from = at.get(edge.source)
      const to = nodes.get(at.get(edge.target) ?? NaN)
      const branch = from === undefined ? null : branches.get(from)
      const passed = edge.source === trigger?.id || (from !== undefined && nodes.has(from))
      if (to && to.state !== 'skipped' && passed && (!branch || branch === edge.output) && !edges.has(edge.id))
        edges.set(edge.id, to.lane)
    }
  }
  return { nodes, edges }
}

/** Concurrent branches in the order of their first step; the main walk is 0. */
export function lanesOf(steps: readonly RunStep[]): ReadonlyMap<string, number> {
  const lanes = new Map<string, number>()
  for (const { job } of steps) if (job !== null && !lanes.has(job)) lanes.set(job, lanes.size + 1)
  return lanes
}

export const laneColour = (lane: number): string => `var(--lane-${lane % 6})`

// Why nodes of a workflow were not executed in a run: what the run came to instead, on the way to each.
import type { RunStep } from '../../contract/run-views.ts'
import type { GraphNodeInfo, RunIndex } from './run-index.ts'

type NotReachedCause =
  /** A condition before it took the other branch. */
  | 'branch'
  /** An action before it did not succeed, and its path ends there: in a walk that does not block MISP skips what is behind, in one that blocks the walk is over. */
  | 'failed'
  /** The run ended at a node that has no step: PHP threw, or nobody can tell what it does. */
  | 'threw'
  /** It is in a background job of which no step is there. */
  | 'job'
  /** The run ended somewhere else before it came there. */
  | 'ended'
  /** No step of the run is before it. */
  | 'not started'
  /** Nothing leads to it from the trigger. */
  | 'unconnected'

export interface NotReached {
  readonly cause: NotReachedCause
  /** The step that decided; null where no step did. */
  readonly step: RunStep | null
}

/** How the run went, beside its steps. */
export interface RunEnd {
  readonly isBlocking: boolean
  /** The node without a step that the run ended at. */
  readonly endedAt: number | null
  /** What MISP reported as blocked: edges as its walker writes them. */
  readonly blockedPaths: readonly (readonly string[])[]
}

/** What a failed action cut off would have been reached otherwise; behind another branch that is not sure. */
const order: readonly NotReachedCause[] = ['failed', 'branch', 'threw', 'job', 'ended', 'not started', 'unconnected']
const strong = order.slice(0, 3)

/** Of all nodes that were not executed. What several ways lead to has the reason that says most, of those the nearest. */
export function notReached(index: RunIndex, end: RunEnd): ReadonlyMap<number, NotReached> {
  const judge = new Judge(index, end)
  const missed = [...index.graph.values()].filter(
    ({ nodeId, moduleType }) => moduleType !== 'trigger' && index.lastOfNode(nodeId) === undefined
  )
  const direct = missed.map((node) => [node.nodeId, judge.direct(node)] as const)
  const found = new Map<number, NotReached>()
  const isMissed = new Set(missed.map(({ nodeId }) => nodeId))
  for (const causes of [strong, ...order.slice(strong.length).map((cause) => [cause])]) {
    for (const [nodeId, why] of direct)
      if (why !== null && causes.includes(why.cause) && !found.has(nodeId)) found.set(nodeId, why)
    // A map goes on to what is added meanwhile: the nearest first.
    for (const [nodeId, why] of found)
      for (const { to } of index.graph.get(nodeId)?.outgoing ?? [])
        if (isMissed.has(to) && !found.has(to)) found.set(to, why)
  }
  for (const { nodeId } of missed) if (!found.has(nodeId)) found.set(nodeId, { cause: 'unconnected', step: null })
  for (const [nodeId, why] of judge.reported()) if (!found.has(nodeId)) found.set(nodeId, why)
  return found
}

/** The node at the end of an edge as MISP's walker writes it. */
function targetOf(edge: string): number | null {
  const id = Number(String(edge).split(':')[3] ?? NaN)
  return Number.isNaN(id) ? null : id
}

class Judge {
  readonly #failedBefore: (number | null)[] = []

  constructor(
    private readonly index: RunIndex,
    private readonly end: RunEnd
  ) {}

  /** What the nodes right before it came to; null when none of them was executed either. */
  direct({ nodeId, incoming }: GraphNodeInfo): NotReached | null {
    const { endedAt } = this.end
    if (nodeId === endedAt) return { cause: 'threw', step: null }
    const found = incoming.flatMap(({ from, output }): NotReached[] => {
      const at = this.index.lastOfNode(from)
      if (at !== undefined) return [this.#judge(at, output)]
      if (from === endedAt) return [{ cause: 'threw', step: null }]
      return this.index.graph.get(from)?.moduleType === 'trigger' ? [this.#ended(null)] : []
    })
    return order.flatMap((cause) => found.find((one) => one.cause === cause) ?? [])[0] ?? null
  }

  /** Nodes that only MISP's report of blocked paths names: the workflow is not known. */
  reported(): readonly (readonly [number, NotReached])[] {
    return this.end.blockedPaths.flatMap((path) => {
      const nodeId = targetOf(path.at(-1) ?? '')
      // What the graph has is judged by it: paths are as long as it is deep, and there are as many.
      if (nodeId === null || this.index.graph.has(nodeId) || this.index.lastOfNode(nodeId) !== undefined) return []
      const step = path.flatMap((edge) => {
        const target = targetOf(edge) ?? NaN
        const at = this.index.lastOfNode(target)
        return at !== undefined && this.#isFailure(at) ? [this.index.steps[at] as RunStep] : []
      })[0]
      return [[nodeId, { cause: 'failed', step: step ?? null }] as const]
    })
  }

  #judge(at: number, output: string): NotReached {
    const step = this.index.steps[at] as RunStep
    if (step.moduleId === 'concurrent-task') return { step, cause: step.result === 'success' ? 'job' : 'failed' }
    if (step.moduleType === 'logic' && step.branch !== null && step.branch !== output) return { step, cause: 'branch' }
    // Logic nodes are executed on a blocked path too; the actions behind them are not.
    const failed = this.#failedUpTo(at)
    if (failed !== null) return { step: this.index.steps[failed] as RunStep, cause: 'failed' }
    const isLast = this.index.lastOfWalk(step.job) === at
    if (this.#isFailure(at) && isLast && this.end.endedAt === null) return { step, cause: 'failed' }
    return this.#ended(step.job)
  }

  #isFailure(at: number): boolean {
    const step = this.index.steps[at]
    return step !== undefined && step.moduleType !== 'logic' && !step.success
  }

  /** The action of a walk that does not block which failed on the way to this step, itself included. */
  #failedUpTo(position: number): number | null {
    const way: number[] = []
    let found: number | null = null
    for (let at: number | null = position; at !== null;) {
      const step = this.index.steps[at] as RunStep
      if (step.job === null && this.end.isBlocking) break
      const known = this.#failedBefore[at]
      if (known !== undefined) {
        found = known
        break
      }
      way.push(at)
      if (this.#isFailure(at)) {
        found = at
        break
      }
      const parent: number | null = this.index.parentOf(at) ?? this.#throughSkipped(at)
      // A job has a walk of its own.
      at = parent !== null && this.index.steps[parent]?.job === step.job ? parent : null
    }
    for (const at of way) this.#failedBefore[at] = found
    return found
  }

  /** The last step before a logic node that was executed behind actions which were not. */
  #throughSkipped(at: number): number | null {
    const { nodeId, job } = this.index.steps[at] as RunStep
    const seen = new Set([nodeId])
    for (const missed of seen)
      for (const { from } of (missed === null ? undefined : this.index.graph.get(missed))?.incoming ?? []) {
        const found = this.index.lastOfNode(from)
        if (found === undefined) seen.add(from)
        else if (found < at && this.index.steps[found]?.job === job) return found
      }
    return null
  }

  /** The walk was over before it came to the node. */
  #ended(job: string | null): NotReached {
    if (job === null && this.end.endedAt !== null) return { cause: 'threw', step: null }
    const last = this.index.lastOfWalk(job)
    const step = last === undefined ? null : (this.index.steps[last] ?? null)
    return { step, cause: step === null ? 'not started' : 'ended' }
  }
}

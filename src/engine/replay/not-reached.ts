// Why a node of a workflow was not executed in a run: what the run came to instead, on the way to it.
import type { RunStep } from '../../contract/run-views.ts'
import type { RunIndex } from './run-index.ts'

type NotReachedCause =
  /** A condition before it took the other branch. */
  | 'branch'
  /** The node before it ended the walk or its path. */
  | 'failed'
  /** The run ended somewhere else before it came there. */
  | 'ended'
  /** It is in a background job of which no step is there. */
  | 'job'
  /** No step of the run is before it. */
  | 'not started'
  /** Nothing leads to it from the trigger. */
  | 'unconnected'

export interface NotReached {
  readonly cause: NotReachedCause
  /** The step that decided; null where no step did. */
  readonly step: RunStep | null
  /** The output that would have led to it. */
  readonly output: string | null
  /** The node behind that output: the one that was asked about, or one before it. */
  readonly through: number
}

const order: readonly NotReachedCause[] = ['branch', 'failed', 'job', 'ended', 'not started', 'unconnected']

/** Null when the node was executed. Of several ways to it, the one that says most. */
export function whyNotReached(index: RunIndex, nodeId: number): NotReached | null {
  if (index.lastOfNode(nodeId) !== undefined) return null
  const seen = new Set([nodeId])
  const queue = [nodeId]
  const found: NotReached[] = []
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const { from, output } of index.graph.get(node)?.incoming ?? []) {
      const at = index.lastOfNode(from)
      if (at !== undefined) found.push(judge(index, at, output, node))
      else if (index.graph.get(from)?.moduleType === 'trigger') found.push(behindTrigger(index, node))
      else if (!seen.has(from)) {
        seen.add(from)
        queue.push(from)
      }
    }
    // The nearest way says it: further ones only lead to it.
    if (found.some(({ cause }) => cause === 'branch' || cause === 'failed')) break
  }
  return (
    order.flatMap((cause) => found.find((one) => one.cause === cause) ?? [])[0] ?? {
      ...{ cause: 'unconnected', step: null, output: null, through: nodeId }
    }
  )
}

function judge(index: RunIndex, at: number, output: string, through: number): NotReached {
  const step = index.steps[at] as RunStep
  const told = { step, output, through }
  if (step.moduleId === 'concurrent-task') return { ...told, cause: step.result === 'success' ? 'job' : 'failed' }
  if (step.moduleType === 'logic')
    return step.branch !== null && step.branch !== output ? { ...told, cause: 'branch' } : ended(index, step, told)
  return step.success ? ended(index, step, told) : { ...told, cause: 'failed' }
}

/** The walk of the step was over before it came to the node. */
function ended(index: RunIndex, { job }: RunStep, told: Omit<NotReached, 'cause'>): NotReached {
  const last = index.lastOfWalk(job)
  return { ...told, cause: 'ended', step: last === undefined ? null : (index.steps[last] ?? null) }
}

function behindTrigger(index: RunIndex, through: number): NotReached {
  const last = index.lastOfWalk(null)
  const step = last === undefined ? null : (index.steps[last] ?? null)
  return { cause: step === null ? 'not started' : 'ended', step, output: 'output_1', through }
}

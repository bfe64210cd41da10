// How the engine speaks with whoever drives it. Engine code that may wait (actions, the walk) is a generator: it yields
// signals and is resumed with replies. So the same code runs synchronously over mocks, asynchronously over live services,
// and stops between two nodes, without knowing which.
import type { Effect, EffectAnswer, RunEventMap, RunEventType } from '../../contract/run.ts'
import type { Json } from '../../contract/json.ts'

/** Which of the runs inside one stepper a signal belongs to (an action may start another run, a concurrent task a job). */
interface SignalScope {
  /** Absent: the run that was started. */
  readonly runId?: string
  readonly job?: string
}

/** Something happened. The reply is ignored. */
export interface EventSignal extends SignalScope {
  readonly kind: 'event'
  readonly type: RunEventType
  readonly nodeId: number | null
  readonly data: RunEventMap[RunEventType]
}

/** An effect wants an answer: the driver's policy records, mocks or performs it. The reply is the answer. */
export interface AskSignal extends SignalScope {
  readonly kind: 'ask'
  readonly nodeId: number
  readonly moduleId: string
  readonly workflowId: string
  readonly isFired: boolean
  readonly effect: Effect
}

/** A place where a stepper may stop: before a node runs. The reply may replace the roaming data. */
export interface StepSignal extends SignalScope {
  readonly kind: 'step'
  readonly nodeId: number
  readonly path: readonly string[]
  readonly data: Json
  readonly moduleId: string
}

/** A node with much to do stands between two parts of it; whoever drives the run may leave it here. */
interface BreathSignal extends SignalScope {
  readonly kind: 'breath'
}

export type Signal = EventSignal | AskSignal | StepSignal | BreathSignal
export type Reply = { readonly answer?: EffectAnswer; readonly data?: Json } | undefined
export type Gen<T> = Generator<Signal, T, Reply>

// How the engine speaks with whoever drives it. Engine code that may wait (actions, the walk) is a generator: it yields
// signals and is resumed with replies. So the same code runs synchronously over mocks, asynchronously over live services,
// and stops between two nodes, without knowing which.
import type { Effect, EffectAnswer, RunEventMap, RunEventType } from '../../contract/run.ts'
import type { Json } from '../../contract/json.ts'

/** Something happened. The reply is ignored. */
export interface EventSignal {
  readonly kind: 'event'
  readonly type: RunEventType
  readonly nodeId: number | null
  readonly data: RunEventMap[RunEventType]
}

/** An effect wants an answer: the driver's policy records, mocks or performs it. The reply is the answer. */
export interface AskSignal {
  readonly kind: 'ask'
  readonly nodeId: number
  readonly moduleId: string
  readonly effect: Effect
}

/** A place where a stepper may stop: before a node runs. The reply may replace the roaming data. */
export interface StepSignal {
  readonly kind: 'step'
  readonly nodeId: number
  readonly path: readonly string[]
  readonly data: Json
  readonly job?: string
}

export type Signal = EventSignal | AskSignal | StepSignal
export type Reply = { readonly answer?: EffectAnswer; readonly data?: Json } | undefined
export type Gen<T> = Generator<Signal, T, Reply>

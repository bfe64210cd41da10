// What a run needs from whoever starts it: everything that is not in the input and not computed.
import type { Json } from '../../contract/json.ts'
import type { Limits } from '../jinja/python/limits.ts'
import type { DebugPost, Effect, EffectAnswer, EffectFailure } from '../../contract/run.ts'

export interface Clock {
  /** Milliseconds since 1970. Read once per run when the run is not given a time. */
  now(): number
  /** Milliseconds from any start, never going back. */
  monotonic(): number
  /** Lets so many milliseconds have passed without waiting: what a mock says that it takes. Absent: mocks take no time. */
  skip?(ms: number): void
}

/** Jinja, as misp-modules renders it. */
export type Render = (
  template: string,
  data: Json
) =>
  | { readonly text: string }
  | { readonly error: { readonly type: string; readonly message: string; readonly line?: number } }

export interface EffectRequest {
  readonly nodeId: number
  readonly moduleId: string
  /** The workflow that the node is of, by MISP's id; absent where nobody asks. */
  readonly workflowId?: string
  /** The node is of a workflow that an action fired: it may have the number of a node of the one that was started. */
  readonly isFired?: boolean
  readonly effect: Effect
}

/** An answer and who gave it (`mock`, `recorded`, `default`, `performed`, …). */
export interface Answered {
  readonly answer: EffectAnswer
  readonly by: string
  /** Milliseconds that MISP would have waited for it. */
  readonly takes?: number
  /** The request as it was recorded, where a secret is missing in this one. */
  readonly effect?: Effect
}

export interface Ports {
  readonly clock: Clock
  /** A new version 4 UUID. */
  uuid(): string
  /** Another renderer of templates than the engine's own. */
  readonly render?: Render
  /** Bounds of the engine's own renderer where they are not the usual ones. */
  readonly templateLimits?: Partial<Limits>
  /** Answers at once (mocks, a captured run); undefined leaves the effect to the next answerer. */
  readonly answer?: (request: EffectRequest) => Answered | undefined
  /** What is known of earlier answers; asked under the policy `recorded`. */
  readonly recorded?: (request: EffectRequest) => Answered | undefined
  /** What the debug endpoint does with a post. Absent: it takes every post. */
  readonly debugEndpoint?: (post: DebugPost) => EffectFailure | undefined
  /** Called within nodes that work on many things; may throw to leave the run there, which is then stopped. */
  readonly breath?: () => void
}

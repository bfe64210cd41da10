// What a run says about itself. A run is its list of events; everything that a shell shows is folded from them.
import type { ErrorCode } from './errors.ts'
import type { Json, JsonMap } from './json.ts'
import type { ModuleType } from './workflow.ts'

export const outcomes = ['success', 'blocked', 'failure', 'aborted', 'not started', 'cannot tell', 'no end'] as const
export type Outcome = (typeof outcomes)[number]

export const nodeResults = ['success', 'partial-success', 'disabled_module', 'loading_error', 'error'] as const
export type NodeResult = (typeof nodeResults)[number]

/** What a PHP throwable was. `error` is true for PHP's Error family (TypeError…), which MISP does not survive. */
export interface Throwable {
  readonly class: string
  readonly message: string
  readonly error: boolean
  /** In Retrace’s words: why MISP comes to throw it. */
  readonly hint?: string
}

/** Something that leaves the engine. `world` changes are not effects but WorldChange. */
export type Effect =
  | HttpEffect
  | {
      readonly kind: 'mail'
      readonly to: string
      readonly subject: string
      readonly text: string
      readonly extra?: JsonMap
    }
  | { readonly kind: 'zmq'; readonly topic: string; readonly message: Json }
  | {
      readonly kind: 'misp-modules'
      readonly family: 'Enrichment' | 'Action'
      /** What is posted to /query. */
      readonly body: JsonMap
      /** MISP's limit for the whole transfer. */
      readonly timeoutSeconds: number
    }
  | {
      readonly kind: 'template'
      readonly template: string
      readonly data: Json
      readonly param: string
      /** What misp-modules is sent in its place where the parameter is no text (a number, true). */
      readonly sent?: Json
    }

export interface HttpEffect {
  readonly kind: 'http'
  readonly method: string
  readonly url: string
  /** In the order that MISP sends them, without those that the transport adds (Host, Content-Length…). */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The body as sent; multipart boundaries are written BOUNDARY. */
  readonly body: string
  /** True when MISP is told to accept self-signed certificates. */
  readonly selfSigned?: boolean
}

export type EffectFailure = {
  /** `unresolved`: the name has no address. `unavailable`: whoever drives the run cannot do it. */
  readonly failure: 'refused' | 'unresolved' | 'timeout' | 'reset' | 'unavailable'
  readonly message: string
  /** Where a person can do something about it. */
  readonly code?: ErrorCode
}
/** HTTP and misp-modules answer status and body; a template its text, or why there is none. */
export type EffectAnswer =
  | {
      readonly status: number
      readonly headers?: readonly (readonly [string, string])[]
      readonly body: string
      /** Where a live request was redirected to, in order, and what did not go there with it. */
      readonly redirects?: readonly string[]
    }
  | { readonly json: Json; readonly status?: number }
  | {
      readonly text: string
      readonly error?: { readonly type: string; readonly message: string; readonly line?: number }
    }
  | { readonly sent: true }
  | EffectFailure

/** A change of the database, in MISP's tables and columns. Values are as the database shows them (strings). */
export type WorldChange =
  | { readonly table: string; readonly op: 'added' | 'removed'; readonly row: JsonMap }
  | {
      readonly table: string
      readonly op: 'changed'
      readonly id: string
      readonly fields: { readonly [column: string]: readonly [before: Json, after: Json] }
    }

/** A debug post as MISP sends it. `body` is the JSON value; its text is engine/php/encode. */
export interface DebugPost {
  readonly method: 'POST'
  readonly path: string
  readonly query: string
  /** Scheme, host and port of the debug URL, as MISP's HTTP client reads them. */
  readonly origin?: string
  /** `Basic …`, when the debug URL holds a user and a password. */
  readonly authorization?: string
  readonly body: JsonMap
}

export interface NodeRef {
  readonly nodeId: number
  readonly moduleId: string
  readonly moduleType: ModuleType | string
  readonly name?: string
}

export interface WalkResult {
  readonly executed_nodes: readonly Json[]
  readonly blocking_nodes: readonly Json[]
  readonly blocked_paths: readonly (readonly string[])[]
}

/** Every event type with its data. */
export interface RunEventMap {
  'run.started': {
    readonly workflowId: string
    readonly workflowName: string
    readonly triggerId: string
    readonly pathType: 'blocking' | 'non-blocking'
    readonly profile: string
    readonly assumptions: readonly string[]
    /** The workflow's own trigger, where it was run as if another one had fired it. */
    readonly insteadOf?: string
    readonly parent?: { readonly runId: string; readonly nodeId: number }
    readonly job?: string
  }
  'run.normalized': { readonly original: Json; readonly normalized: Json; readonly job?: string }
  /** `path`: the last edges that led here, at most 16. */
  'node.started': NodeRef & { readonly path: readonly string[]; readonly job?: string }
  'node.finished': NodeRef & {
    readonly result: NodeResult
    /** What the module returned; for logic modules true is output_1. */
    readonly success: boolean
    readonly branch?: 'output_1' | 'output_2' | 'none'
    readonly errors: Json
    /** Text of the Exception, of a disabled or of an unknown module. */
    readonly message?: string
    /** The roaming data as stored, before and after. `view` is what getData() shows through the filters. */
    readonly before: Json
    readonly after: Json
    readonly view: Json
    /** Parameters after defaults and templates, by id. */
    readonly params: JsonMap
    readonly job?: string
    readonly ms?: number
    /** Captured runs: what of this MISP did not report (`input`, `branch`, `duration`, `changes`). */
    readonly derived?: readonly string[]
  }
  effect: {
    readonly nodeId: number
    readonly effect: Effect
    readonly answer: EffectAnswer
    readonly by: string
    /** What went wrong by what the answer says, where MISP takes no notice of it: a template that fails, a module that answers an error. */
    readonly error?: string
    /** Milliseconds that a mock says it takes; the run's times have them, and nobody waited. */
    readonly takes?: number
    readonly job?: string
  }
  'world.changed': { readonly nodeId: number | null; readonly change: WorldChange; readonly job?: string }
  log: { readonly line: string; readonly error: boolean; readonly job?: string }
  post: { readonly post: DebugPost; readonly job?: string }
  'path.blocked': { readonly path: readonly string[]; readonly job?: string }
  'job.queued': {
    readonly job: string
    readonly command: 'walkGraph' | 'executeWorkflowForTrigger'
    readonly workflowId: string
    readonly nodeId?: number
    readonly triggerId?: string
    readonly data: Json
    readonly pathType?: 'blocking' | 'non-blocking'
    readonly by: number | null
    /** The job that queued it. */
    readonly parentJob?: string
  }
  'job.started': { readonly job: string }
  'job.finished': {
    readonly job: string
    readonly success: boolean
    /** MISP's message in its list of jobs, or why there is none. */
    readonly message: string
    /** What PHP threw in the worker. */
    readonly throwable?: Throwable & { readonly nodeId: number | null }
    /** The reason, when Retrace cannot tell how the job would go on. */
    readonly cannotTell?: string
  }
  /** An action would fire a workflow. `ran`: the run that it started (cascade), null when it was only noted. */
  'trigger.fired': {
    readonly triggerId: string
    readonly nodeId: number
    readonly runId: string | null
    readonly reason?: string
    readonly job?: string
  }
  /** Something that 2.5.1 does and this run does not, or that Retrace had to assume. */
  note: { readonly nodeId: number | null; readonly code: string; readonly text: string; readonly job?: string }
  'run.finished': {
    readonly outcome: Outcome
    /** MISP's outcomeText, where it has one. */
    readonly outcomeText: string
    readonly success: boolean
    readonly walk: WalkResult | null
    readonly blockingErrors: readonly string[]
    readonly throwable?: Throwable & { readonly nodeId: number | null }
    readonly job?: string
  }
}

export type RunEventType = keyof RunEventMap
export type RunEvent = {
  [T in RunEventType]: {
    readonly runId: string
    readonly seq: number
    /** Milliseconds since the run started, monotonic. */
    readonly at: number
    readonly nodeId: number | null
    readonly type: T
    readonly data: RunEventMap[T]
  }
}[RunEventType]

/** Codes of notes of a run that was run again: what is another thing than it was. */
export const againCodes: readonly string[] = ['REPEAT_DIFFERS', 'CHANGED_SINCE']

/** Codes of notes that say why something of a run is not there: whoever shows it shows them, too. */
export const incompleteCodes: readonly string[] = [
  'POST_UNREADABLE',
  'WORKER_STOPPED',
  'INTERNAL',
  'STORE_WRITE_FAILED'
]

// What shells show of a run: the summary in lists, the steps without their data.
import type { Chain } from './chain.ts'
import type { WorldDiff } from './effects.ts'
import type { Json, JsonMap } from './json.ts'
import type {
  DebugPost,
  Effect,
  EffectAnswer,
  NodeResult,
  Outcome,
  RunEventMap,
  Throwable,
  WorldChange
} from './run.ts'
import type { Sentence } from './sentence.ts'
import type { ValueChanges } from './values.ts'
import type { RunVerified } from './verify.ts'

export const runOrigins = ['captured', 'local', 'imported'] as const
export type RunOrigin = (typeof runOrigins)[number]

/** What a list of runs can be sorted by. */
export const runSortings = [
  'started',
  'outcome',
  'trigger',
  'workflow',
  'name',
  'event',
  'steps',
  'time',
  'errors',
  'size',
  'origin',
  'verdict'
] as const
export type RunSorting = (typeof runSortings)[number]

/** How a run came out of another one. */
export interface RunParent {
  readonly runId: string
  readonly nodeId: number | null
  /**
   * nested: fired inside it; job: a branch of a concurrent task; start: another event of the same start of an ad-hoc workflow; again: run
   * again by a person.
   */
  readonly relation: 'nested' | 'job' | 'start' | 'again'
}

/** A run as lists show it. `state` is about our side; `outcome` is MISP's and null until the run ended. */
export interface RunSummary {
  readonly id: string
  readonly origin: RunOrigin
  /** URL prefix of the listener, or the imported file. */
  readonly source: string | null
  readonly state: 'running' | 'paused' | 'done' | 'cancelled' | 'unreadable'
  readonly outcome: Outcome | null
  readonly outcomeText: string
  readonly trigger: string
  readonly workflowId: string | null
  readonly workflowName: string | null
  readonly event: { readonly id: string | null; readonly uuid: string | null; readonly info: string } | null
  /** ISO 8601 with milliseconds. */
  readonly startedAt: string
  readonly durationMs: number | null
  readonly steps: number
  readonly errors: number
  readonly effects: number
  readonly worldChanges: number
  /** Bytes on disk. */
  readonly size: number
  /** Given by a person. */
  readonly name: string | null
  readonly pinned: boolean
  readonly parent: RunParent | null
  /** Captured runs: how sure the grouping is, 0..1, and why. */
  readonly confidence: number | null
  readonly reason?: string
  /** Captured runs: what verifying it last answered; absent before the first time. */
  readonly verified?: RunVerified
  /** ISO; in the bin until the workspace is cleaned up. */
  readonly deletedAt: string | null
  /** Module ids and error texts, for search. */
  readonly words: string
}

/** What a run is called: as a person named it, or by what started it and on what; a module that was run on its own has only its own name. */
export function runTitle(run: Pick<RunSummary, 'name' | 'trigger' | 'event' | 'workflowName'>): string {
  const { name, trigger, event, workflowName } = run
  return name ?? ([trigger, event?.info].filter(Boolean).join(' · ') || (workflowName ?? ''))
}

/** One of a module that was run on its own: nothing triggered it. */
export const isModuleRun = ({ trigger, origin }: Pick<RunSummary, 'trigger' | 'origin'>): boolean =>
  origin === 'local' && trigger === ''

/** A step of a run: one node that was executed. Its data is asked for with `run.value`. */
export interface RunStep {
  /** Position in the run, from 1; 0 is the trigger. */
  readonly step: number
  readonly nodeId: number | null
  readonly moduleId: string
  readonly moduleType: string
  readonly name: string
  readonly result: NodeResult | 'running'
  readonly success: boolean
  readonly branch: 'output_1' | 'output_2' | 'none' | null
  readonly message: string | null
  readonly errors: Json
  readonly path: readonly string[]
  /** Lane: the concurrent branch, null for the main walk. */
  readonly job: string | null
  /** Milliseconds since the start of the run. */
  readonly at: number
  readonly ms: number | null
  /** Whether the roaming data is another value after the node than before. */
  readonly changed: boolean
  readonly effects: number
  /** Who answered its effects, each once: record, mock, recorded, live… */
  readonly answeredBy?: readonly string[]
  readonly worldChanges: number
  /** Errors inside the answers that it got, which MISP takes no notice of; absent without any. */
  readonly answerErrors?: readonly string[]
  /** Notes, log lines. */
  readonly notes: readonly { readonly code: string; readonly text: string }[]
  /** One sentence on what the node does. */
  readonly explain: string | null
  /** What was computed and not reported by MISP: input, branch, duration… */
  readonly derived: readonly string[]
}

/** What was given for it was taken as its output, instead of executing it. */
export const isPinned = ({ derived }: Pick<RunStep, 'derived'>): boolean => derived.includes('mocked')

/** Nodes that a run did not execute, for one reason. */
export interface Unreached {
  /** MISP left them out, because an action before them did not succeed in a walk that does not block. */
  readonly skipped: boolean
  /** The first ones of `total`. */
  readonly nodes: readonly { readonly nodeId: number; readonly moduleId: string; readonly name: string }[]
  readonly total: number
  readonly chain: Chain
}

/** A run with its steps, without data. */
export interface RunDetail {
  readonly summary: RunSummary
  readonly pathType: 'blocking' | 'non-blocking' | null
  readonly profile: string | null
  readonly assumptions: readonly string[]
  /** The workflow's own trigger, where it was run as if another one had fired it. */
  readonly insteadOf?: string
  readonly steps: readonly RunStep[]
  readonly blockingErrors: readonly string[]
  readonly throwable: (Throwable & { readonly nodeId: number | null }) | null
  /** What the outcome meant for MISP's user. */
  readonly consequence: string | null
  /** What MISP keeps and shows all the same; null where that is as everybody thinks. */
  readonly aftermath: string | null
  /** Why it ended so; null while it goes on. */
  readonly chain: Chain | null
  /** What it did not execute; nothing while it goes on. */
  readonly unreached: readonly Unreached[]
  readonly notes: readonly { readonly nodeId: number | null; readonly code: string; readonly text: string }[]
  readonly jobs: readonly RunEventMap['job.queued']['job'][]
  /** What it was run with, without large data; absent where nobody knows. */
  readonly options?: JsonMap
}

/** What is told first of a step: as `run.why`, `run.changes` and `run.worldChanges` answer. */
export interface FirstLook {
  readonly step: number
  readonly why: StepReason | null
  /** As many as the inspector's summary asks for (`firstChanges`); null for the trigger. */
  readonly changes: ValueChanges | null
  /** Null where the step changed nothing in the world, or the world has to be read first. */
  readonly world: WorldDiff | null
}

/** `limit` of the questions that a first look answers. */
export const firstChanges = 100
export const firstWorldChanges = 1000

/** A run as a list shows it beside it. */
export interface RunPreview {
  readonly consequence: string | null
  readonly blockingErrors: readonly string[]
  /** The first ones and the last ones. */
  readonly steps: readonly Pick<
    RunStep,
    'step' | 'name' | 'moduleType' | 'result' | 'success' | 'branch' | 'message' | 'changed' | 'effects'
  >[]
  readonly total: number
}

/** Where a paused run stands. */
export interface PausedAt {
  readonly nodeId: number
  readonly moduleId: string
  readonly text: string | null
}

export interface RunFacet {
  /** What the filter takes; for workflows their name, or the id of one that has none. */
  readonly value: string
  readonly runs: number
}

/** What the runs of the workspace have that a list can be narrowed to. */
export interface RunFacets {
  readonly trigger: readonly RunFacet[]
  readonly workflow: readonly RunFacet[]
  readonly source: readonly RunFacet[]
  readonly verdict: readonly RunFacet[]
}

/** An effect with its answer, in the order of the run. */
export interface RunEffect {
  readonly step: number | null
  readonly nodeId: number
  readonly effect: Effect
  readonly answer: EffectAnswer
  /** The policy that answered: record, mock, recorded, live. */
  readonly by: string
  /** Milliseconds that a mock says it takes. */
  readonly takes?: number
}

/** Answers of one module executed alone. */
export interface ModuleExecution {
  /** Set when it was kept as a run of its own, so that its values can be looked at. */
  readonly runId: string
  readonly success: boolean
  readonly result: NodeResult
  readonly branch: 'output_1' | 'output_2' | 'none' | null
  readonly errors: Json
  readonly message: string | null
  readonly throwable: Throwable | null
  readonly effects: readonly RunEffect[]
  readonly worldChanges: readonly WorldChange[]
  readonly posts: readonly DebugPost[]
  readonly params: JsonMap
  readonly ms: number
  /** Why nobody can tell what MISP would do, when nobody can. */
  readonly cannotTell: { readonly code: string; readonly reason: string } | null
  readonly assumptions: readonly string[]
  /** When they were asked for. */
  readonly before?: Json
  readonly after?: Json
  readonly view?: Json
}

/** Why a step did what it did, in one sentence and in the values that decided it. */
export interface StepReason extends Sentence {
  readonly facts: readonly { readonly name: string; readonly value: string }[]
}

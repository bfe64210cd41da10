// Who answers the effects of a run: policies, mocks, pinned outputs, and what a run would contact if it were live.
import { z } from 'zod'
import { anyJson } from './any-json.ts'
import type { ErrorCode } from './errors.ts'
import type { Json } from './json.ts'
import type { WorldChange } from './run.ts'

/**
 * record: nothing leaves, MISP's module gets an assumed answer. mock: a mock answers. recorded: what an earlier run, an imported service
 * or the data itself tells. live: it is really done.
 */
export const effectPolicies = ['record', 'mock', 'recorded', 'live'] as const
export type EffectPolicy = (typeof effectPolicies)[number]

const policy = z.enum(effectPolicies)
const name = z.string().min(1).max(200)

/** A node's choice wins over its module's, and that one over the run's. */
export const effectOptions = z.strictObject({
  policy: policy.optional(),
  modules: z.record(name, policy).optional(),
  nodes: z.record(name, policy).optional(),
  /** The run whose effects and answers `recorded` uses; absent: the run that this one runs again. */
  recordedFrom: name.optional(),
  /** What `run.plan` answered; nothing is live without it. */
  confirm: z.string().max(200).optional()
})
export type EffectOptions = z.output<typeof effectOptions>
export type EffectChoices = Pick<EffectOptions, 'policy' | 'modules' | 'nodes'>

/** A node's output that is used instead of executing it. */
export const pinnedOutput = z.strictObject({
  /** The roaming data after the node; absent: as it came. */
  data: (anyJson as z.ZodType<Json>).optional(),
  /** What the module would return: for logic modules true is output_1. */
  success: z.boolean().default(true),
  errors: z.array(z.string().max(10_000)).max(1000).default([])
})
export type PinnedOutput = z.output<typeof pinnedOutput>

/** The result of a module that nobody has the code of. */
export const placeholder = z.strictObject({
  type: z.enum(['action', 'logic']).default('action'),
  success: z.boolean().default(true),
  errors: z.array(z.string().max(10_000)).max(1000).default([]),
  /** MISP stops the walk after a blocking module that fails. */
  blocking: z.boolean().default(false)
})
export type Placeholder = z.output<typeof placeholder>

/** One thing that a live run would contact. */
export interface PlanEntry {
  readonly nodeId: number
  readonly moduleId: string
  readonly kind: 'http' | 'mail' | 'zmq' | 'misp-modules'
  /** Of HTTP. */
  readonly method?: string
  /** Absent: the workflow that is started. Else the id of the one that it fires. */
  readonly firedWorkflowId?: string
  /** `https://example.org:8443`, a mail address, a ZMQ topic, `module at http://127.0.0.1:6666`. */
  readonly target: string
  /** Requests of the dry run that go there; 0: it is on the node, and the dry run did not come to it. */
  readonly count: number
  /** The server of the settings that it goes through: `SMTP at localhost:25`, `tcp://127.0.0.1:50000`. */
  readonly via?: string
  /** Why it would not be reached. */
  readonly refused?: string
}

export interface RunPlan {
  readonly entries: readonly PlanEntry[]
  /** Nodes whose target is only known when their template is rendered: confirming allows them any public address. */
  readonly open: readonly { readonly nodeId: number; readonly moduleId: string; readonly text: string }[]
  /** Give it as `options.effects.confirm`; good once, for ten minutes, while nothing that it was made of changes. */
  readonly token: string
  readonly warnings: readonly string[]
}

/** Mocks and pins of a workflow under a name. */
export interface MockSet {
  readonly id: string
  readonly name: string
  /** Null: for every workflow. */
  readonly workflowId: string | null
  readonly savedAt: string
  /** Answers by node id or module id: see docs/effects.md. */
  readonly mocks: { readonly [nodeOrModule: string]: Json }
  readonly pins: { readonly [nodeId: string]: PinnedOutput }
  readonly placeholders: { readonly [moduleId: string]: Placeholder }
}

/** A mail as its reader would see it. */
export interface RenderedMail {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly encrypted: string | null
}

/** A change of the world, by whom. */
export interface RunWorldChange {
  readonly step: number | null
  readonly nodeId: number | null
  readonly change: WorldChange
  /** What ids in the row stand for, by column: the tag's name, the attribute's type and value, the event's info. */
  readonly names?: { readonly [column: string]: string }
  readonly job: string | null
}

/** All changes of one row, before and after the run. `before` null: it was added; `after` null: removed. */
export interface RowDiff {
  readonly id: string | null
  readonly label: string
  readonly before: { readonly [column: string]: Json } | null
  readonly after: { readonly [column: string]: Json } | null
}

export interface WorldDiff {
  /** In the order in which they happened. */
  readonly changes: readonly RunWorldChange[]
  /** `rows`: the first of them, as many as changes were asked for; `total` of each table counts all. */
  readonly tables: readonly { readonly table: string; readonly rows: readonly RowDiff[]; readonly total: number }[]
  readonly total: number
}

/** A part of the world, as the list of parts shows it. */
export interface WorldPart {
  readonly part: string
  readonly rows: number
  readonly size: number
  readonly changedAt: string
  /** Why its file cannot be read. */
  readonly problem?: string
}

/** What a workflow mentions and the world does not hold. */
export interface WorldNeed {
  readonly part: string
  readonly nodeId: number
  readonly moduleId: string
  readonly missing: readonly string[]
  readonly text: string
}

export interface CustomModuleInfo {
  /** The file in modules/. */
  readonly file: string
  readonly id: string | null
  readonly name: string | null
  readonly kind: 'logic' | 'action' | null
  readonly description: string
  /** It runs in workflows. */
  readonly on: boolean
  /** It is another one than was switched on, and therefore off. */
  readonly changed: boolean
  /** Of the file, in hex; null when it cannot be read. */
  readonly sha256: string | null
  /** Why it cannot be used: message, file and line. */
  readonly error: {
    /** `MODULE_STOPPED`: it used up a limit. Absent: `MODULE_FILE_INVALID`. */
    readonly code?: 'MODULE_FILE_INVALID' | 'MODULE_STOPPED'
    readonly message: string
    readonly file: string
    readonly line: number | null
  } | null
}

/** What a saved answer of MISP's API turned out to be, and where it went. */
export interface TakenOver {
  readonly kind: string
  readonly name: string
  /** Rows, or 1. */
  readonly count: number
  readonly to: 'workflows' | 'data' | 'world' | 'settings' | 'nothing'
  readonly id?: string
  readonly note?: string
  /** The workspace has this workflow already: nothing was saved, and a person says what becomes of it. */
  readonly asks?: KnownWorkflow
}

export interface KnownWorkflow {
  /** The one of the workspace. */
  readonly workflowId: string
  /** What came. */
  readonly workflow: Json
}

/** Which URL to save for what. */
export interface TakeOverSource {
  readonly kind: string
  readonly url: string
  readonly text: string
}

export interface ConnectionTest {
  readonly ok: boolean
  readonly message: string
  /** Of what went wrong, where a person can do something about it. */
  readonly code?: ErrorCode
  readonly ms: number
}

/** Answers of services that were imported. */
export interface AnswerSet {
  readonly id: string
  readonly name: string
  readonly answers: number
  readonly importedAt: string
}

/** How live effects are performed. Passwords never leave the host: `hasPassword` says that there is one. */
export interface LiveSettings {
  readonly http: {
    /** Hosts (`*.example.org`), `host:port` and networks that may be reached although they are private. */
    readonly allow: readonly string[]
    /** Nothing else may be reached, public or not. */
    readonly onlyAllowed: boolean
    readonly timeoutSeconds: number
  }
  readonly smtp: {
    readonly host: string
    readonly port: number
    readonly secure: boolean
    readonly selfSigned: boolean
    readonly user: string
    readonly from: string
    /** The password may go to a server beyond this machine that offers no TLS. */
    readonly plain: boolean
    /** For this very server and user, in this workspace. */
    readonly hasPassword: boolean
  }
  /** Where the publisher listens, as MISP's does. */
  readonly zmq: { readonly host: string; readonly port: number }
  /** `url` empty: as MISP's settings say. `set`: they or it name one. */
  readonly mispModules: { readonly url: string; readonly set: boolean }
}

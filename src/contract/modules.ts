import type { JsonMap } from './json.ts'
import type { Sentence } from './sentence.ts'
import type { ModuleType } from './workflow.ts'

/** A parameter of a module as MISP's editor shows it. `type`: input, textarea, select, checkbox, radio, picker, hashpath. */
/** How the ID of a custom module may read. */
export const customModuleId = /^[a-z][a-z0-9_-]{1,60}$/

export interface ParamDefinition extends JsonMap {
  readonly id: string
  /** `label` is a text where MISP gives one (IF :: Organisation's picker has none). */
  readonly type: string
}

/**
 * What a module is: pure data, the public properties of MISP's module class (vectors/catalog.json). The renderer shows and
 * edits a module from this alone; the implementation is elsewhere (execute.ts beside the definition).
 */
export interface ModuleDefinition {
  readonly id: string
  readonly module_type: ModuleType
  readonly name: string
  readonly version: string
  readonly description: string
  readonly icon: string
  readonly icon_class: string
  readonly inputs: number
  readonly outputs: number
  readonly blocking: boolean
  readonly expect_misp_core_format: boolean
  readonly support_filters: boolean
  readonly multiple_output_connection: boolean
  readonly is_misp_module: boolean
  readonly is_custom: boolean
  readonly saved_filters: readonly { readonly text: string; readonly value: string }[]
  readonly params: readonly ParamDefinition[]
  /** Only triggers. */
  readonly scope?: string
  readonly misp_core_format?: boolean
  readonly trigger_overhead?: number
  readonly trigger_overhead_message?: string
  /** Other public properties that MISP lists (`html_template`, …). */
  readonly extra?: JsonMap
}

/** What `explain` is given: the node's parameters as saved (`indexed_params`), and its saved filters. */
export interface ExplainInput {
  readonly params: JsonMap
  readonly filters?: JsonMap
  /** Of a node of a run, when filters before it narrow what it sees. */
  readonly seen?: Seen
  /** Of a node of a run, where `params` are what the module read: the parameters as saved, templates not rendered. */
  readonly saved?: JsonMap
  /** Of a node of a run: templates of its parameters that failed, by the parameter. */
  readonly failedTemplates?: { readonly [param: string]: string }
  /** Where the workflow is known: what the data is that its trigger starts with. */
  readonly data?: TriggerData
}

/** The data that a workflow starts with. */
export interface TriggerData {
  readonly trigger: string
  /** An event in core format: nothing stands beside `Event`. */
  readonly isCore: boolean
  /** What the trigger is fired with and does not hand on, and its own parameter that compares it. */
  readonly withheld?: { readonly key: string; readonly param: string }
}

/** How many attributes a node sees through the filters with these labels, out of how many; null where nobody knows of more. */
export interface Seen {
  readonly attributes: number
  readonly of: number | null
  readonly labels: readonly string[]
}

export type Explain = (input: ExplainInput) => Sentence

/** Parameters that hold secrets, in lower case. Masked in views and exports unless somebody asks for them. */
const secretParams: ReadonlySet<string> = new Set([
  'bot_token',
  'hec_token',
  'headers',
  'authorization',
  'token',
  'password',
  'api_key',
  'apikey',
  'authkey',
  'secret'
])

/** Parameters of misp-modules are named after labels: `slack_bot_token`, "API Key" becomes `a_p_i_key`. */
const secretName = /(token|password|passwd|secret|auth_?key|a_?p_?i_?key|access_?key|private_?key)$/i

export const isSecretParam = (id: string): boolean => secretParams.has(id.toLowerCase()) || secretName.test(id)

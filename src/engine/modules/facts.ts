// What the rest of Retrace must know about a module beyond its definition: capture (does its post hold other data than the one before, what
// does it make MISP run), the worker (what would it contact, what does it look up), the editor and the checklist. Each module's facts stand
// in its folder; nothing else names modules by id to know these things. Measured by test/conformance/facts.test.ts.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { WorldChange } from '../../contract/run.ts'
import type { TriggerData } from '../../contract/modules.ts'
import type { Selects } from './describe/selects.ts'

/** Rows of the world that a parameter names. */
interface WorldQuestion {
  /** The part of the world, by its name in a world folder (`tags`, `users`, …). */
  readonly part: string
  /** What its rows are called in a sentence, in the plural. */
  readonly what: string
  readonly param: string
  /** Columns that a value of the parameter may stand in. */
  readonly columns: readonly string[]
  /** Stands before the parameter's value in the column. */
  readonly prefix?: string
  /** MISP asks those only that its settings enable (`Plugin.Enrichment_X_enabled`). */
  readonly onlyEnabled?: true
}

/** How a module reaches what is outside of MISP. */
export type Sends =
  /** An HTTP request to the URL in a parameter, by the method in another one, else POST. */
  | { readonly to: 'url'; readonly param: string; readonly methodParam?: string }
  /** To one place, by POST unless it says otherwise. */
  | { readonly to: 'origin'; readonly origin: string; readonly method?: 'GET' }
  | { readonly to: 'topic'; readonly topic: string }
  | { readonly to: 'mail'; readonly param: string }
  /** Queries to modules of misp-modules. */
  | { readonly to: 'service' }

/** A trigger that a module makes MISP fire. */
export interface Fired {
  readonly trigger: string
  /** Fired only where MISP also sends tag notifications over ZMQ or Kafka (EventTag::afterSave in 2.5.1). */
  readonly needs?: 'tag notifications'
}

interface NodeFacts {
  /** Workflow::enableDefaultModules: MISP enables it by itself. */
  readonly enabledByDefault: boolean
  /** It may store roaming data (WorkflowRoamingData::setData), so that the next post holds other data. */
  readonly changesData: boolean
  readonly needs: readonly WorldQuestion[]
  /** All of the data that it stores comes from there: MISP's database, or the copy that was made before the first filter. */
  readonly restores?: 'database' | 'unfiltered copy'
}

export interface LogicFacts extends NodeFacts {
  /** `condition`: output_1 or output_2; `always`: output_1; `none`: it goes nowhere itself. */
  readonly branches: 'condition' | 'always' | 'none'
  /** Its id in older versions, as old posts have it. */
  readonly formerId?: string
}

/** A parameter whose text MISP decodes. */
export interface JsonParam {
  readonly param: string
  /** It does so only then. */
  readonly when?: { readonly param: string; readonly value: string }
  /** What happens with a text that is no JSON. */
  readonly then: 'MISP sends it as one JSON string' | 'the node fails'
}

export interface ActionFacts extends NodeFacts {
  readonly sends: readonly Sends[]
  /**
   * The triggers that it can make MISP fire with these parameters (`indexed_params`), each once. Whether it does depends on the data:
   * nothing changed, nothing fired.
   */
  readonly fires: (params: JsonMap) => readonly Fired[]
  /** It runs ad-hoc workflows that its parameters name, inside its own run. */
  readonly startsAdHoc?: true
  /** Keys that it adds to the data. */
  readonly adds: readonly string[]
  /**
   * `Security.rest_client_enable_arbitrary_urls`: `obeyed`, or `shown` only: the editor warns although the module sends whatever the setting
   * says (Telegram inherits Module_webhook's diagnostic).
   */
  readonly arbitraryUrls: 'obeyed' | 'shown' | null
  readonly json?: readonly JsonParam[]
  /** What it does when the template in a parameter comes out empty, by the parameter. */
  readonly whenEmpty?: { readonly [param: string]: 'the whole roaming data is sent' | 'the node fails' }
  /** The things in the data that it works on, each; absent or null: none that could be missing. */
  readonly selects?: Selects
  /** Where the hash paths of its parameters are read when not in the whole data. */
  readonly readsPathsIn?: string
}

interface Refused {
  /** What was not done, in one sentence; true of an abort, too. */
  readonly not: string
  /** What MISP keeps and shows all the same. `changes`: of the world by the workflow; null where nobody knows them (captured runs). */
  readonly but: (data: Json, changes: readonly WorldChange[] | null) => string | null
}

export interface TriggerFacts {
  /**
   * What a blocked or failed workflow means: what MISP keeps, and what it shows to whoever did the thing. Of the data that the trigger was
   * called with. Null for triggers that are not blocking.
   */
  readonly refused: Refused | null
  /** Saves that MISP makes without asking the trigger. */
  readonly silent: string | null
  readonly withheld?: TriggerData['withheld']
  /** Parameters with which its workflow runs on whatever comes; absent where it has none. */
  readonly widest?: JsonMap
}

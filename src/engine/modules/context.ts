import type { Json, JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { Effect, EffectAnswer } from '../../contract/run.ts'
import type { RawNode } from '../../contract/workflow.ts'
import type { Gen } from '../effects/signals.ts'
import type { Profile } from '../profiles/profile.ts'
import type { World } from '../world/world.ts'

/** MISP settings by name (`Security.rest_client_enable_arbitrary_urls`, `Plugin.Action_services_enable`, …). */
export type Settings = JsonMap

/** What MISP hands to `exec($node, $roamingData, &$errors)`, and what module code reaches through its models. */
export interface ModuleContext {
  readonly node: RawNode
  readonly definition: ModuleDefinition
  /** The version of MISP. */
  readonly profile: Profile
  /** getUserForWorkflow(): the user MISP runs workflows as. */
  readonly user: JsonMap
  readonly settings: Settings
  /** The `Workflow` row (id, name, trigger_id, debug_enabled, data…). */
  readonly workflow: JsonMap
  readonly world: World
  /** Unix seconds; frozen for a run under test. */
  now(): number
  uuid(): string
  /** WorkflowRoamingData::getData: through the enabled filters. */
  getData(): JsonMap
  /** WorkflowRoamingData::setData. */
  setData(data: JsonMap): void
  /** `$errors[] = $text`. */
  addError(text: Json): void
  /** `$errors[$key] = $value` for modules that key their errors. */
  setError(key: string, value: Json): void
  /** Parameters with defaults, Jinja rendered (WorkflowBaseModule::getParamsWithValues), by id. */
  params(): Gen<Record<string, Json>>
  /** An effect and its answer. */
  ask(effect: Effect): Gen<EffectAnswer>
  /** WorkflowBaseModule::render_jinja_template. */
  render(template: Json, data: Json, param: string): Gen<string>
  /**
   * An action makes MISP fire a trigger (AppModel::executeTrigger): runs the listening workflow when the run cascades, else only
   * says so. Returns what MISP's caller sees.
   */
  fire(
    triggerId: string,
    data: JsonMap
  ): Gen<{ readonly success: boolean; readonly errors: readonly string[]; readonly ran: boolean }>
  /** Workflow::fetchAdHocWorkflows: rows of workflows that somebody starts by hand. */
  adHocWorkflows(): readonly JsonMap[]
  /**
   * Workflow::executeWorkflow: runs a workflow inside this run. What it answers is not looked at; throws what MISP throws where there is
   * no such workflow or its trigger is off.
   */
  runWorkflow(workflowId: string | null, data: JsonMap): Gen<void>
  /** WorkflowRoamingData::getInitiatorUser: the row of the user who caused the run; null when nobody is known to have. */
  initiator(): JsonMap | null
  /** Whether a workflow listens to a trigger that is enabled. */
  isListenedTo(triggerId: string): boolean
  /** Module_concurrent_task::exec: queues a job that walks the graph from `nodeId` (non-blocking) with `data`, after the run. */
  queueWalk(nodeId: number, data: JsonMap): Gen<void>
  /** WorkflowBaseModule::debug: a post to /debug/<module>, debug mode on or off. */
  debug(data: Json): Gen<void>
  /** Sends a message in the name of Retrace: what it had to assume, what it cannot know. */
  note(code: string, text: string): Gen<void>
  /** Modules of the misp-modules service (GET /modules) as the service lists them; null when it is down. */
  serviceModules(family: 'Enrichment' | 'Action'): readonly JsonMap[] | null
}

/** A module's implementation: what exec() returns. Logic modules: true takes output_1, false output_2. */
export type Execute = (ctx: ModuleContext) => Gen<boolean> | boolean

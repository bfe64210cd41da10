// The code of every module, by type and id; the ids are those of the definitions. Of the triggers only tag-attached-after-save
// has a condition of its own.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import { asMap } from '../php/values.ts'
import { underPhp } from '../php/version.ts'
import type { Profile } from '../profiles/profile.ts'
import { profiles } from '../profiles/profiles.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import type { World } from '../world/world.ts'
import { asIn } from './by-profile.ts'
import type { Execute } from './context.ts'
import type { ByProfile } from './define.ts'
import type { ActionId, LogicId, TriggerId } from './definitions.ts'
import type { Reasoning } from './describe/reason.ts'
import { asGiven, toCore } from './shared/trigger-data.ts'
import type { Normalize } from './shared/trigger-data.ts'
import * as addEventblocklistEntry from './action/add_eventblocklist_entry/execute.ts'
import * as addToWarninglist from './action/add_to_warninglist/execute.ts'
import * as assignCountry from './action/assign_country/execute.ts'
import * as attachDecayScore from './action/attach-decay-score/execute.ts'
import * as attachEnrichment from './action/attach-enrichment/execute.ts'
import * as attachWarninglist from './action/attach-warninglist/execute.ts'
import * as attributeCommentOperation from './action/Module_attribute_comment_operation/execute.ts'
import * as attributeEditionOperation from './action/attribute_edition_operation/execute.ts'
import * as attributeIdsFlagOperation from './action/attribute_ids_flag_operation/execute.ts'
import * as blueprintActionModule from './action/blueprint-action-module/execute.ts'
import * as blueprintLogicModule from './logic/blueprint-logic-module/execute.ts'
import * as concurrentTask from './logic/concurrent-task/execute.ts'
import * as countIf from './logic/count-if/execute.ts'
import * as distributionIf from './logic/distribution-if/execute.ts'
import * as enrichEvent from './action/enrich-event/execute.ts'
import * as eventDistributionOperation from './action/Module_event_distribution_operation/execute.ts'
import * as genericFilterData from './logic/generic-filter-data/execute.ts'
import * as genericFilterReset from './logic/generic-filter-reset/execute.ts'
import * as genericIf from './logic/generic-if/execute.ts'
import { execute as mispModule } from './service/execute.ts'
import * as msTeamsWebhook from './action/ms-teams-webhook/execute.ts'
import * as organisationIf from './logic/organisation-if/execute.ts'
import * as proposalAction from './action/proposal-action/execute.ts'
import * as publishEvent from './action/publish-event/execute.ts'
import * as publishedIf from './logic/published-if/execute.ts'
import * as pushZmq from './action/push-zmq/execute.ts'
import * as reloadFullEvent from './action/reload-full-event/execute.ts'
import * as sendLogMail from './action/send-log-mail/execute.ts'
import * as sendMail from './action/send-mail/execute.ts'
import * as splunkHecExport from './action/splunk-hec-export/execute.ts'
import * as stopExecution from './action/stop-execution/execute.ts'
import * as tagIf from './logic/tag-if/execute.ts'
import * as tagOperation from './action/tag_operation/execute.ts'
import * as tagReplacementGeneric from './action/tag_replacement_generic/execute.ts'
import * as tagReplacementPap from './action/tag_replacement_pap/execute.ts'
import * as tagReplacementTlp from './action/tag_replacement_tlp/execute.ts'
import * as telegramSendAlert from './action/telegram-send-alert/execute.ts'
import * as threatLevelIf from './logic/threat-level-if/execute.ts'
import * as webhook from './action/webhook/execute.ts'
import * as analystDataAfterSave from './trigger/analyst-data-after-save/execute.ts'
import * as eventBeforeDelete from './trigger/event-before-delete/execute.ts'
import * as aggregateComparatorIf from './logic/aggregate_comparator_if/execute.ts'
import * as filterTag from './logic/filter-tag/execute.ts'
import * as filterTimestamp from './logic/filter-timestamp/execute.ts'
import * as addAnalystData from './action/add_analyst_data/execute.ts'
import * as aiExtractIndicators from './action/ai-extract-indicators/execute.ts'
import * as attributeDistributionOperation from './action/attribute_distribution_operation/execute.ts'
import * as flowintelCreateCase from './action/flowintel-create-case/execute.ts'
import * as notifyUserToast from './action/notify-user-toast/execute.ts'
import * as runWorkflow from './action/run-workflow/execute.ts'
import * as sendReport from './action/send-report-to-cti-info-extractor/execute.ts'
import * as tagCountryAsn from './action/tag_country_asn_from_enrichment/execute.ts'
import * as tagCve from './action/tag_cve_from_enrichment/execute.ts'
import * as attributeAfterSave from './trigger/attribute-after-save/execute.ts'
import * as enrichmentBeforeQuery from './trigger/enrichment-before-query/execute.ts'
import * as eventAfterSave from './trigger/event-after-save/execute.ts'
import * as eventAfterSaveNew from './trigger/event-after-save-new/execute.ts'
import * as eventAfterSaveNewFromPull from './trigger/event-after-save-new-from-pull/execute.ts'
import * as eventBeforeSave from './trigger/event-before-save/execute.ts'
import * as eventPublish from './trigger/event-publish/execute.ts'
import * as eventReportAfterSave from './trigger/event-report-after-save/execute.ts'
import * as logAfterSave from './trigger/log-after-save/execute.ts'
import * as objectAfterSave from './trigger/object-after-save/execute.ts'
import * as postAfterSave from './trigger/post-after-save/execute.ts'
import * as shadowAttributeAfterSave from './trigger/shadow-attribute-after-save/execute.ts'
import * as shadowAttributeBeforeSave from './trigger/shadow-attribute-before-save/execute.ts'
import * as sightingAfterSave from './trigger/sighting-after-save/execute.ts'
import * as tagAttachedAfterSave from './trigger/tag-attached-after-save/execute.ts'
import * as userAfterSave from './trigger/user-after-save/execute.ts'
import * as userBeforeSave from './trigger/user-before-save/execute.ts'

/** What versions of MISP do otherwise, keyed as in definition.ts. */
interface Versioned<T> {
  readonly versions?: ByProfile<Partial<T>>
}

/** What a trigger does itself: it massages its input before a run, and may refuse to go on. */
interface TriggerCode {
  readonly normalize: Normalize
  readonly execute?: Execute
}

type CodeTable<T> = { readonly [id: string]: T & Versioned<T> }

const trigger: CodeTable<TriggerCode> = {
  'analyst-data-after-save': analystDataAfterSave,
  'event-before-delete': eventBeforeDelete,
  'attribute-after-save': attributeAfterSave,
  'enrichment-before-query': enrichmentBeforeQuery,
  'event-after-save': eventAfterSave,
  'event-after-save-new': eventAfterSaveNew,
  'event-after-save-new-from-pull': eventAfterSaveNewFromPull,
  'event-before-save': eventBeforeSave,
  'event-publish': eventPublish,
  'event-report-after-save': eventReportAfterSave,
  'log-after-save': logAfterSave,
  'object-after-save': objectAfterSave,
  'post-after-save': postAfterSave,
  'shadow-attribute-after-save': shadowAttributeAfterSave,
  'shadow-attribute-before-save': shadowAttributeBeforeSave,
  'sighting-after-save': sightingAfterSave,
  'tag-attached-after-save': tagAttachedAfterSave,
  'user-after-save': userAfterSave,
  'user-before-save': userBeforeSave
} satisfies Record<TriggerId, TriggerCode & Versioned<TriggerCode>>

/** What a logic module does itself, and why it took its branch, for those with a condition. */
interface LogicCode {
  readonly execute: Execute
  readonly reason?: Reasoning
}

const logic: CodeTable<LogicCode> = {
  aggregate_comparator_if: aggregateComparatorIf,
  'filter-tag': filterTag,
  'filter-timestamp': filterTimestamp,
  'blueprint-logic-module': blueprintLogicModule,
  'concurrent-task': concurrentTask,
  'count-if': countIf,
  'distribution-if': distributionIf,
  'generic-filter-data': genericFilterData,
  'generic-filter-reset': genericFilterReset,
  'generic-if': genericIf,
  'organisation-if': organisationIf,
  'published-if': publishedIf,
  'tag-if': tagIf,
  'threat-level-if': threatLevelIf
} satisfies Record<LogicId, LogicCode & Versioned<LogicCode>>

interface ActionCode {
  readonly execute: Execute
}

const action: CodeTable<ActionCode> = {
  add_analyst_data: addAnalystData,
  'ai-extract-indicators': aiExtractIndicators,
  attribute_distribution_operation: attributeDistributionOperation,
  'flowintel-create-case': flowintelCreateCase,
  'notify-user-toast': notifyUserToast,
  'run-workflow': runWorkflow,
  'send-report-to-cti-info-extractor': sendReport,
  tag_country_asn_from_enrichment: tagCountryAsn,
  tag_cve_from_enrichment: tagCve,
  add_eventblocklist_entry: addEventblocklistEntry,
  add_to_warninglist: addToWarninglist,
  assign_country: assignCountry,
  'attach-decay-score': attachDecayScore,
  'attach-enrichment': attachEnrichment,
  'attach-warninglist': attachWarninglist,
  Module_attribute_comment_operation: attributeCommentOperation,
  attribute_edition_operation: attributeEditionOperation,
  attribute_ids_flag_operation: attributeIdsFlagOperation,
  'blueprint-action-module': blueprintActionModule,
  'enrich-event': enrichEvent,
  Module_event_distribution_operation: eventDistributionOperation,
  'ms-teams-webhook': msTeamsWebhook,
  'proposal-action': proposalAction,
  'publish-event': publishEvent,
  'push-zmq': pushZmq,
  'reload-full-event': reloadFullEvent,
  'send-log-mail': sendLogMail,
  'send-mail': sendMail,
  'splunk-hec-export': splunkHecExport,
  'stop-execution': stopExecution,
  tag_operation: tagOperation,
  tag_replacement_generic: tagReplacementGeneric,
  tag_replacement_pap: tagReplacementPap,
  tag_replacement_tlp: tagReplacementTlp,
  'telegram-send-alert': telegramSendAlert,
  webhook
} satisfies Record<ActionId, ActionCode & Versioned<ActionCode>>

const codeIn = <T extends object>(profile: ProfileId, table: CodeTable<T>): ReadonlyMap<string, T> =>
  new Map(Object.entries(table).map(([id, code]) => [id, asIn<T>(profile, code, code.versions)]))

/** WorkflowBaseModule::exec. */
const nothing: Execute = () => true

/** The code of the modules of one version of MISP; `codeOf` keeps one of each. */
export class ModuleCode {
  readonly #profile: Profile
  readonly #trigger: ReadonlyMap<string, TriggerCode>
  readonly #logic: ReadonlyMap<string, LogicCode>
  readonly #action: ReadonlyMap<string, ActionCode>

  constructor(profile: ProfileId) {
    this.#profile = profiles[profile]
    this.#trigger = codeIn<TriggerCode>(profile, trigger)
    this.#logic = codeIn<LogicCode>(profile, logic)
    this.#action = codeIn<ActionCode>(profile, action)
  }

  /** Why a shipped logic module took a branch; undefined for modules without a condition. */
  reason(logicId: string): Reasoning | undefined {
    return this.#logic.get(logicId)?.reason
  }

  /**
   * A trigger's normalizeData: the data that its workflow starts with, false when the trigger cannot use it. Look-ups are the world's.
   * Throws PhpThrow where PHP throws. `data` may be a PHP list.
   */
  normalize(
    triggerId: string,
    data: Json,
    world: World,
    rules: Profile = this.#profile
  ): JsonMap | readonly Json[] | false {
    const normalize = this.#trigger.get(triggerId)?.normalize ?? toCore
    if (normalize === asGiven) return data as JsonMap
    return underPhp(rules.php, () => normalize(asMap(data), world, rules))
  }

  /** Whether another version executes a shipped module by the same code, or normalises by the same code for a trigger. */
  isSame(type: string, id: string, other: ModuleCode): boolean {
    if (type === 'trigger') {
      const [one, two] = [this.#trigger.get(id), other.#trigger.get(id)]
      return one?.normalize === two?.normalize && one?.execute === two?.execute
    }
    const table = type === 'logic' ? 'logic' : 'action'
    const of = (code: ModuleCode) => (table === 'logic' ? code.#logic : code.#action).get(id)?.execute
    return of(this) === of(other)
  }

  /** The code of a module that MISP ships or that a misp-modules service adds; undefined for a module that nobody knows. */
  execute({ module_type: type, id, is_misp_module }: ModuleDefinition): Execute | undefined {
    if (is_misp_module) return mispModule
    if (type === 'trigger') return this.#trigger.get(id)?.execute ?? nothing
    return (type === 'logic' ? this.#logic : this.#action).get(id)?.execute
  }
}

const known = new Map<ProfileId, ModuleCode>()

/** What executes the modules of a profile (their definitions: modulesOf). */
export function codeOf(profile: ProfileId): ModuleCode {
  const found = known.get(profile) ?? new ModuleCode(profile)
  known.set(profile, found)
  return found
}

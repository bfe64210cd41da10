// The code of every module, by type and id; the ids are those of the definitions. Of the triggers only tag-attached-after-save
// has a condition of its own.
import type { Json, JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import { asMap } from '../php/values.ts'
import type { World } from '../world/world.ts'
import type { Execute } from './context.ts'
import type { ActionId, LogicId, TriggerId } from './definitions.ts'
import type { Explanation } from './describe/reason.ts'
import { asGiven, toCore } from './shared/trigger-data.ts'
import type { Normalize } from './shared/trigger-data.ts'
import { execute as addEventblocklistEntry } from './action/add_eventblocklist_entry/execute.ts'
import { execute as addToWarninglist } from './action/add_to_warninglist/execute.ts'
import { execute as assignCountry } from './action/assign_country/execute.ts'
import { execute as attachDecayScore } from './action/attach-decay-score/execute.ts'
import { execute as attachEnrichment } from './action/attach-enrichment/execute.ts'
import { execute as attachWarninglist } from './action/attach-warninglist/execute.ts'
import { execute as attributeCommentOperation } from './action/Module_attribute_comment_operation/execute.ts'
import { execute as attributeEditionOperation } from './action/attribute_edition_operation/execute.ts'
import { execute as attributeIdsFlagOperation } from './action/attribute_ids_flag_operation/execute.ts'
import { execute as blueprintActionModule } from './action/blueprint-action-module/execute.ts'
import * as blueprintLogicModule from './logic/blueprint-logic-module/execute.ts'
import * as concurrentTask from './logic/concurrent-task/execute.ts'
import * as countIf from './logic/count-if/execute.ts'
import * as distributionIf from './logic/distribution-if/execute.ts'
import { execute as enrichEvent } from './action/enrich-event/execute.ts'
import { execute as eventDistributionOperation } from './action/Module_event_distribution_operation/execute.ts'
import * as genericFilterData from './logic/generic-filter-data/execute.ts'
import * as genericFilterReset from './logic/generic-filter-reset/execute.ts'
import * as genericIf from './logic/generic-if/execute.ts'
import { execute as mispModule } from './service/execute.ts'
import { execute as msTeamsWebhook } from './action/ms-teams-webhook/execute.ts'
import * as organisationIf from './logic/organisation-if/execute.ts'
import { execute as proposalAction } from './action/proposal-action/execute.ts'
import { execute as publishEvent } from './action/publish-event/execute.ts'
import * as publishedIf from './logic/published-if/execute.ts'
import { execute as pushZmq } from './action/push-zmq/execute.ts'
import { execute as reloadFullEvent } from './action/reload-full-event/execute.ts'
import { execute as sendLogMail } from './action/send-log-mail/execute.ts'
import { execute as sendMail } from './action/send-mail/execute.ts'
import { execute as splunkHecExport } from './action/splunk-hec-export/execute.ts'
import { execute as stopExecution } from './action/stop-execution/execute.ts'
import * as tagIf from './logic/tag-if/execute.ts'
import { execute as tagOperation } from './action/tag_operation/execute.ts'
import { execute as tagReplacementGeneric } from './action/tag_replacement_generic/execute.ts'
import { execute as tagReplacementPap } from './action/tag_replacement_pap/execute.ts'
import { execute as tagReplacementTlp } from './action/tag_replacement_tlp/execute.ts'
import { execute as telegramSendAlert } from './action/telegram-send-alert/execute.ts'
import * as threatLevelIf from './logic/threat-level-if/execute.ts'
import { execute as webhook } from './action/webhook/execute.ts'
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

/** What a trigger does itself: it massages its input before a run, and may refuse to go on. */
interface TriggerCode {
  readonly normalize: Normalize
  readonly execute?: Execute
}

const trigger: { readonly [id: string]: TriggerCode } = {
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
} satisfies Record<TriggerId, TriggerCode>

/** What a logic module does itself, and why it took its branch, for those with a condition. */
interface LogicCode {
  readonly execute: Execute
  readonly reason?: Explanation
}

const logic: { readonly [id: string]: LogicCode } = {
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
} satisfies Record<LogicId, LogicCode>

const action: { readonly [id: string]: Execute } = {
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
} satisfies Record<ActionId, Execute>

const own = <T>(table: { readonly [id: string]: T }, id: string): T | undefined =>
  Object.hasOwn(table, id) ? table[id] : undefined

/** Why a shipped logic module took a branch; undefined for modules without a condition. */
export const findReason = (logicId: string): Explanation | undefined => own(logic, logicId)?.reason

/**
 * A trigger's normalizeData: the data that its workflow starts with, false when the trigger cannot use it. Look-ups are the world's.
 * Throws PhpThrow where PHP throws. `data` may be a PHP list.
 */
export function normalizeData(triggerId: string, data: Json, world: World): JsonMap | readonly Json[] | false {
  const normalize = own(trigger, triggerId)?.normalize ?? toCore
  return normalize === asGiven ? (data as JsonMap) : normalize(asMap(data), world)
}

/** WorkflowBaseModule::exec. */
const nothing: Execute = () => true

/** The code of a module that MISP ships or that a misp-modules service adds; undefined for a module that nobody knows. */
export function findExecute(definition: ModuleDefinition): Execute | undefined {
  const { module_type: type, id } = definition
  if (definition.is_misp_module) return mispModule
  if (type === 'trigger') return own(trigger, id)?.execute ?? nothing
  return type === 'logic' ? own(logic, id)?.execute : own(action, id)
}

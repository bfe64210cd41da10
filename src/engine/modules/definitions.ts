// Every module that a version of MISP ships, by type and id. The types of ids come from this table, so a table of implementations
// (`satisfies Record<ActionId, Execute>`) does not compile when one is missing.
import type { ModuleType } from '../../contract/workflow.ts'
import type { ModuleEntry } from './define.ts'
import * as analystDataAfterSave from './trigger/analyst-data-after-save/definition.ts'
import * as eventBeforeDelete from './trigger/event-before-delete/definition.ts'
import * as aggregateComparatorIf from './logic/aggregate_comparator_if/definition.ts'
import * as filterTag from './logic/filter-tag/definition.ts'
import * as filterTimestamp from './logic/filter-timestamp/definition.ts'
import * as addAnalystData from './action/add_analyst_data/definition.ts'
import * as aiExtractIndicators from './action/ai-extract-indicators/definition.ts'
import * as attributeDistributionOperation from './action/attribute_distribution_operation/definition.ts'
import * as flowintelCreateCase from './action/flowintel-create-case/definition.ts'
import * as notifyUserToast from './action/notify-user-toast/definition.ts'
import * as runWorkflow from './action/run-workflow/definition.ts'
import * as sendReport from './action/send-report-to-cti-info-extractor/definition.ts'
import * as tagCountryAsn from './action/tag_country_asn_from_enrichment/definition.ts'
import * as tagCve from './action/tag_cve_from_enrichment/definition.ts'
import * as attributeAfterSave from './trigger/attribute-after-save/definition.ts'
import * as enrichmentBeforeQuery from './trigger/enrichment-before-query/definition.ts'
import * as eventAfterSave from './trigger/event-after-save/definition.ts'
import * as eventAfterSaveNew from './trigger/event-after-save-new/definition.ts'
import * as eventAfterSaveNewFromPull from './trigger/event-after-save-new-from-pull/definition.ts'
import * as eventBeforeSave from './trigger/event-before-save/definition.ts'
import * as eventPublish from './trigger/event-publish/definition.ts'
import * as eventReportAfterSave from './trigger/event-report-after-save/definition.ts'
import * as logAfterSave from './trigger/log-after-save/definition.ts'
import * as objectAfterSave from './trigger/object-after-save/definition.ts'
import * as postAfterSave from './trigger/post-after-save/definition.ts'
import * as shadowAttributeAfterSave from './trigger/shadow-attribute-after-save/definition.ts'
import * as shadowAttributeBeforeSave from './trigger/shadow-attribute-before-save/definition.ts'
import * as sightingAfterSave from './trigger/sighting-after-save/definition.ts'
import * as tagAttachedAfterSave from './trigger/tag-attached-after-save/definition.ts'
import * as userAfterSave from './trigger/user-after-save/definition.ts'
import * as userBeforeSave from './trigger/user-before-save/definition.ts'
import * as blueprintLogicModule from './logic/blueprint-logic-module/definition.ts'
import * as concurrentTask from './logic/concurrent-task/definition.ts'
import * as countIf from './logic/count-if/definition.ts'
import * as distributionIf from './logic/distribution-if/definition.ts'
import * as genericFilterData from './logic/generic-filter-data/definition.ts'
import * as genericFilterReset from './logic/generic-filter-reset/definition.ts'
import * as genericIf from './logic/generic-if/definition.ts'
import * as organisationIf from './logic/organisation-if/definition.ts'
import * as publishedIf from './logic/published-if/definition.ts'
import * as tagIf from './logic/tag-if/definition.ts'
import * as threatLevelIf from './logic/threat-level-if/definition.ts'
import * as addEventblocklistEntry from './action/add_eventblocklist_entry/definition.ts'
import * as addToWarninglist from './action/add_to_warninglist/definition.ts'
import * as assignCountry from './action/assign_country/definition.ts'
import * as attachDecayScore from './action/attach-decay-score/definition.ts'
import * as attachEnrichment from './action/attach-enrichment/definition.ts'
import * as attachWarninglist from './action/attach-warninglist/definition.ts'
import * as attributeCommentOperation from './action/Module_attribute_comment_operation/definition.ts'
import * as attributeEditionOperation from './action/attribute_edition_operation/definition.ts'
import * as attributeIdsFlagOperation from './action/attribute_ids_flag_operation/definition.ts'
import * as blueprintActionModule from './action/blueprint-action-module/definition.ts'
import * as enrichEvent from './action/enrich-event/definition.ts'
import * as eventDistributionOperation from './action/Module_event_distribution_operation/definition.ts'
import * as msTeamsWebhook from './action/ms-teams-webhook/definition.ts'
import * as proposalAction from './action/proposal-action/definition.ts'
import * as publishEvent from './action/publish-event/definition.ts'
import * as pushZmq from './action/push-zmq/definition.ts'
import * as reloadFullEvent from './action/reload-full-event/definition.ts'
import * as sendLogMail from './action/send-log-mail/definition.ts'
import * as sendMail from './action/send-mail/definition.ts'
import * as splunkHecExport from './action/splunk-hec-export/definition.ts'
import * as stopExecution from './action/stop-execution/definition.ts'
import * as tagOperation from './action/tag_operation/definition.ts'
import * as tagReplacementGeneric from './action/tag_replacement_generic/definition.ts'
import * as tagReplacementPap from './action/tag_replacement_pap/definition.ts'
import * as tagReplacementTlp from './action/tag_replacement_tlp/definition.ts'
import * as telegramSendAlert from './action/telegram-send-alert/definition.ts'
import * as webhook from './action/webhook/definition.ts'

/** Makes sure that each module stands under its own id, with the facts of its type. */
const table =
  <Type extends ModuleType>() =>
  <T extends { readonly [K in keyof T]: ModuleEntry<Type, K & string> }>(entries: T): T =>
    entries

export const triggerModules = table<'trigger'>()({
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
})

export const logicModules = table<'logic'>()({
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
})

export const actionModules = table<'action'>()({
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
  webhook: webhook
})

export type TriggerId = keyof typeof triggerModules
export type LogicId = keyof typeof logicModules
export type ActionId = keyof typeof actionModules

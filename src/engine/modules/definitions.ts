// Every module that MISP 2.5.1 ships, by type and id. The types of ids come from this table, so a table of implementations
// (`satisfies Record<ActionId, Execute>`) does not compile when one is missing.
import type { ModuleEntry } from './definitions/define.ts'
import * as attributeAfterSave from './definitions/trigger/attribute-after-save.ts'
import * as enrichmentBeforeQuery from './definitions/trigger/enrichment-before-query.ts'
import * as eventAfterSave from './definitions/trigger/event-after-save.ts'
import * as eventAfterSaveNew from './definitions/trigger/event-after-save-new.ts'
import * as eventAfterSaveNewFromPull from './definitions/trigger/event-after-save-new-from-pull.ts'
import * as eventBeforeSave from './definitions/trigger/event-before-save.ts'
import * as eventPublish from './definitions/trigger/event-publish.ts'
import * as eventReportAfterSave from './definitions/trigger/event-report-after-save.ts'
import * as logAfterSave from './definitions/trigger/log-after-save.ts'
import * as objectAfterSave from './definitions/trigger/object-after-save.ts'
import * as postAfterSave from './definitions/trigger/post-after-save.ts'
import * as shadowAttributeAfterSave from './definitions/trigger/shadow-attribute-after-save.ts'
import * as shadowAttributeBeforeSave from './definitions/trigger/shadow-attribute-before-save.ts'
import * as sightingAfterSave from './definitions/trigger/sighting-after-save.ts'
import * as tagAttachedAfterSave from './definitions/trigger/tag-attached-after-save.ts'
import * as userAfterSave from './definitions/trigger/user-after-save.ts'
import * as userBeforeSave from './definitions/trigger/user-before-save.ts'
import * as blueprintLogicModule from './definitions/logic/blueprint-logic-module.ts'
import * as concurrentTask from './definitions/logic/concurrent-task.ts'
import * as countIf from './definitions/logic/count-if.ts'
import * as distributionIf from './definitions/logic/distribution-if.ts'
import * as genericFilterData from './definitions/logic/generic-filter-data.ts'
import * as genericFilterReset from './definitions/logic/generic-filter-reset.ts'
import * as genericIf from './definitions/logic/generic-if.ts'
import * as organisationIf from './definitions/logic/organisation-if.ts'
import * as publishedIf from './definitions/logic/published-if.ts'
import * as tagIf from './definitions/logic/tag-if.ts'
import * as threatLevelIf from './definitions/logic/threat-level-if.ts'
import * as addEventblocklistEntry from './definitions/action/add-eventblocklist-entry.ts'
import * as addToWarninglist from './definitions/action/add-to-warninglist.ts'
import * as assignCountry from './definitions/action/assign-country.ts'
import * as attachDecayScore from './definitions/action/attach-decay-score.ts'
import * as attachEnrichment from './definitions/action/attach-enrichment.ts'
import * as attachWarninglist from './definitions/action/attach-warninglist.ts'
import * as attributeCommentOperation from './definitions/action/attribute-comment-operation.ts'
import * as attributeEditionOperation from './definitions/action/attribute-edition-operation.ts'
import * as attributeIdsFlagOperation from './definitions/action/attribute-ids-flag-operation.ts'
import * as blueprintActionModule from './definitions/action/blueprint-action-module.ts'
import * as enrichEvent from './definitions/action/enrich-event.ts'
import * as eventDistributionOperation from './definitions/action/event-distribution-operation.ts'
import * as msTeamsWebhook from './definitions/action/ms-teams-webhook.ts'
import * as proposalAction from './definitions/action/proposal-action.ts'
import * as publishEvent from './definitions/action/publish-event.ts'
import * as pushZmq from './definitions/action/push-zmq.ts'
import * as reloadFullEvent from './definitions/action/reload-full-event.ts'
import * as sendLogMail from './definitions/action/send-log-mail.ts'
import * as sendMail from './definitions/action/send-mail.ts'
import * as splunkHecExport from './definitions/action/splunk-hec-export.ts'
import * as stopExecution from './definitions/action/stop-execution.ts'
import * as tagOperation from './definitions/action/tag-operation.ts'
import * as tagReplacementGeneric from './definitions/action/tag-replacement-generic.ts'
import * as tagReplacementPap from './definitions/action/tag-replacement-pap.ts'
import * as tagReplacementTlp from './definitions/action/tag-replacement-tlp.ts'
import * as telegramSendAlert from './definitions/action/telegram-send-alert.ts'
import * as webhook from './definitions/action/webhook.ts'

/** Makes sure that each module stands under its own id. */
const table = <T extends { readonly [K in keyof T]: ModuleEntry<K & string> }>(entries: T): T => entries

export const triggerModules = table({
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

export const logicModules = table({
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

export const actionModules = table({
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

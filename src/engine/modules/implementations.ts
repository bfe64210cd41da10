// The code of every module, by type and id; the ids are those of the definitions. Of the triggers only tag-attached-after-save
// has a condition of its own.
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { Execute } from './context.ts'
import type { ActionId, LogicId } from './definitions.ts'
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
import { execute as blueprintLogicModule } from './logic/blueprint-logic-module/execute.ts'
import { execute as concurrentTask } from './logic/concurrent-task/execute.ts'
import { execute as countIf } from './logic/count-if/execute.ts'
import { execute as distributionIf } from './logic/distribution-if/execute.ts'
import { execute as enrichEvent } from './action/enrich-event/execute.ts'
import { execute as eventDistributionOperation } from './action/Module_event_distribution_operation/execute.ts'
import { execute as genericFilterData } from './logic/generic-filter-data/execute.ts'
import { execute as genericFilterReset } from './logic/generic-filter-reset/execute.ts'
import { execute as genericIf } from './logic/generic-if/execute.ts'
import { execute as mispModule } from './service/execute.ts'
import { execute as msTeamsWebhook } from './action/ms-teams-webhook/execute.ts'
import { execute as organisationIf } from './logic/organisation-if/execute.ts'
import { execute as proposalAction } from './action/proposal-action/execute.ts'
import { execute as publishEvent } from './action/publish-event/execute.ts'
import { execute as publishedIf } from './logic/published-if/execute.ts'
import { execute as pushZmq } from './action/push-zmq/execute.ts'
import { execute as reloadFullEvent } from './action/reload-full-event/execute.ts'
import { execute as sendLogMail } from './action/send-log-mail/execute.ts'
import { execute as sendMail } from './action/send-mail/execute.ts'
import { execute as splunkHecExport } from './action/splunk-hec-export/execute.ts'
import { execute as stopExecution } from './action/stop-execution/execute.ts'
import { execute as tagIf } from './logic/tag-if/execute.ts'
import { execute as tagOperation } from './action/tag_operation/execute.ts'
import { execute as tagReplacementGeneric } from './action/tag_replacement_generic/execute.ts'
import { execute as tagReplacementPap } from './action/tag_replacement_pap/execute.ts'
import { execute as tagReplacementTlp } from './action/tag_replacement_tlp/execute.ts'
import { execute as telegramSendAlert } from './action/telegram-send-alert/execute.ts'
import { execute as threatLevelIf } from './logic/threat-level-if/execute.ts'
import { execute as tagAttachedAfterSave } from './shared/triggers.ts'
import { execute as webhook } from './action/webhook/execute.ts'

const logic = {
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
} satisfies Record<LogicId, Execute>

const action = {
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

const tables: { readonly [type: string]: { readonly [id: string]: Execute } } = { logic, action }

/** WorkflowBaseModule::exec. */
const nothing: Execute = () => true

/** The code of a module that MISP ships or that a misp-modules service adds; undefined for a module that nobody knows. */
export function findExecute(definition: ModuleDefinition): Execute | undefined {
  const { module_type: type, id } = definition
  if (definition.is_misp_module) return mispModule
  if (type === 'trigger') return id === 'tag-attached-after-save' ? tagAttachedAfterSave : nothing
  const table = tables[type]
  return table !== undefined && Object.hasOwn(table, id) ? table[id] : undefined
}

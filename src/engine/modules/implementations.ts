// The code of every module, by type and id; the ids are those of the definitions. Of the triggers only tag-attached-after-save
// has a condition of its own.
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { Execute } from './context.ts'
import type { ActionId, LogicId } from './definitions.ts'
import { execute as addEventblocklistEntry } from './impls/add-eventblocklist-entry.ts'
import { execute as addToWarninglist } from './impls/add-to-warninglist.ts'
import { execute as assignCountry } from './impls/assign-country.ts'
import { execute as attachDecayScore } from './impls/attach-decay-score.ts'
import { execute as attachEnrichment } from './impls/attach-enrichment.ts'
import { execute as attachWarninglist } from './impls/attach-warninglist.ts'
import { execute as attributeCommentOperation } from './impls/attribute-comment-operation.ts'
import { execute as attributeEditionOperation } from './impls/attribute-edition-operation.ts'
import { execute as attributeIdsFlagOperation } from './impls/attribute-ids-flag-operation.ts'
import { execute as blueprintActionModule } from './impls/blueprint-action-module.ts'
import { execute as blueprintLogicModule } from './impls/blueprint-logic-module.ts'
import { execute as concurrentTask } from './impls/concurrent-task.ts'
import { execute as countIf } from './impls/count-if.ts'
import { execute as distributionIf } from './impls/distribution-if.ts'
import { execute as enrichEvent } from './impls/enrich-event.ts'
import { execute as eventDistributionOperation } from './impls/event-distribution-operation.ts'
import { execute as genericFilterData } from './impls/generic-filter-data.ts'
import { execute as genericFilterReset } from './impls/generic-filter-reset.ts'
import { execute as genericIf } from './impls/generic-if.ts'
import { execute as mispModule } from './impls/misp-module.ts'
import { execute as msTeamsWebhook } from './impls/ms-teams-webhook.ts'
import { execute as organisationIf } from './impls/organisation-if.ts'
import { execute as proposalAction } from './impls/proposal-action.ts'
import { execute as publishEvent } from './impls/publish-event.ts'
import { execute as publishedIf } from './impls/published-if.ts'
import { execute as pushZmq } from './impls/push-zmq.ts'
import { execute as reloadFullEvent } from './impls/reload-full-event.ts'
import { execute as sendLogMail } from './impls/send-log-mail.ts'
import { execute as sendMail } from './impls/send-mail.ts'
import { execute as splunkHecExport } from './impls/splunk-hec-export.ts'
import { execute as stopExecution } from './impls/stop-execution.ts'
import { execute as tagIf } from './impls/tag-if.ts'
import { execute as tagOperation } from './impls/tag-operation.ts'
import { execute as tagReplacementGeneric } from './impls/tag-replacement-generic.ts'
import { execute as tagReplacementPap } from './impls/tag-replacement-pap.ts'
import { execute as tagReplacementTlp } from './impls/tag-replacement-tlp.ts'
import { execute as telegramSendAlert } from './impls/telegram-send-alert.ts'
import { execute as threatLevelIf } from './impls/threat-level-if.ts'
import { execute as tagAttachedAfterSave } from './impls/trigger-exec.ts'
import { execute as webhook } from './impls/webhook.ts'

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

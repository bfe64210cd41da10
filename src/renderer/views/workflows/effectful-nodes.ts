// Which nodes of a workflow can contact anyone: those are the ones that a policy is worth choosing for. Pure.
import type { Json } from '../../../contract/json.ts'
import { findBuiltIn } from '../../../engine/modules/table.ts'
import { drawingOf } from '../../components/workflow-graph/graph-model.ts'

/** Of MISP's own actions, those that send something. Modules of the service and custom ones may as well. */
const sending = new Set([
  'attach-enrichment',
  'enrich-event',
  'ms-teams-webhook',
  'push-zmq',
  'send-log-mail',
  'send-mail',
  'splunk-hec-export',
  'telegram-send-alert',
  'webhook'
])

/** Whether a policy is worth choosing for a module. */
export const canSend = (moduleType: string, moduleId: string): boolean =>
  moduleType === 'action' && (sending.has(moduleId) || findBuiltIn('action', moduleId) === undefined)

export interface EffectfulNode {
  readonly nodeId: number
  readonly moduleId: string
  readonly name: string
}

export const effectfulNodes = (workflow: Json): readonly EffectfulNode[] =>
  workflow === null
    ? []
    : drawingOf(workflow)
        .nodes.filter(({ moduleType, moduleId }) => canSend(moduleType, moduleId))
        .map(({ nodeId, moduleId, name }) => ({ nodeId, moduleId, name }))
        .sort((a, b) => a.moduleId.localeCompare(b.moduleId) || a.nodeId - b.nodeId)

// Which nodes of a workflow can contact anyone: those are the ones that a policy is worth choosing for. Pure.
import type { Json } from '../../../contract/json.ts'
import { drawingOf } from '../../components/workflow-graph/graph-model.ts'

/** Actions of MISP that only change the roaming data or the database. */
const quiet = new Set([
  'stop-execution',
  'add-eventblocklist-entry',
  'assign-country-from-enrichment',
  'attribute-comment-operation',
  'attribute-edition-operation',
  'attribute-ids-flag-operation',
  'blueprint-action-module',
  'event-distribution-operation',
  'generic-filter-reset',
  'publish-event',
  'push-to-splunk-modal',
  'reload-full-event',
  'remove-entity-operation',
  'tag-operation',
  'tag-replacement-generic',
  'tag-replacement-pap',
  'tag-replacement-tlp'
])

export interface EffectfulNode {
  readonly nodeId: number
  readonly moduleId: string
  readonly name: string
}

export const effectfulNodes = (workflow: Json): readonly EffectfulNode[] =>
  workflow === null
    ? []
    : drawingOf(workflow)
        .nodes.filter((node) => node.moduleType === 'action' && !quiet.has(node.moduleId))
        .map(({ nodeId, moduleId, name }) => ({ nodeId, moduleId, name }))
        .sort((a, b) => a.moduleId.localeCompare(b.moduleId) || a.nodeId - b.nodeId)

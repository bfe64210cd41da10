// Which nodes of a workflow can contact anyone: those are the ones that a policy is worth choosing for. Pure.
import type { Json } from '../../../contract/json.ts'
import { drawingOf } from '../workflow-graph/graph-model.ts'
import { modulesNow } from '../../stores/added-modules.ts'

/** Whether a policy is worth choosing for a module. Modules of the service and custom ones may send, too. */
export const canSend = (moduleType: string, moduleId: string): boolean =>
  moduleType === 'action' && modulesNow().facts('action', moduleId)?.sends.length !== 0

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

import type { Json } from '../../../../contract/json.ts'
import { dig, isEmpty } from '../../../php/values.ts'
import type { Execute, ModuleContext } from '../../context.ts'
import { rememberAttributes } from '../../shared/attributes.ts'
import { each } from '../../shared/params.ts'
import { reloadRoamingData } from '../../shared/reload.ts'

/** WorkflowGraphTool::extractTriggerFromWorkflow: the first trigger of the workflow; null when there is no workflow. */
const triggerNode = (ctx: ModuleContext): Json =>
  each(ctx.workflow.data).find(
    ([key, node]) => key !== '_frames' && dig(node, 'data', 'module_type') === 'trigger'
  )?.[1] ?? null

/** Module_reload_full_event::exec: nothing happens when the trigger's node does not say that it gives core format. */
export const execute: Execute = (ctx) => {
  rememberAttributes(ctx)
  if (!isEmpty(dig(triggerNode(ctx), 'data', 'misp_core_format'))) reloadRoamingData(ctx)
  return true
}

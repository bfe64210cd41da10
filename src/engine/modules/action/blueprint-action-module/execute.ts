import type { Execute } from '../../context.ts'

/** Module_blueprint_action_module::exec: the example for authors of modules. */
export const execute: Execute = (ctx) => {
  ctx.getData()
  ctx.addError('Execution stopped')
  return false
}

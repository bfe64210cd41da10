import type { Execute } from '../../context.ts'

/** Module_blueprint_logic_module::exec: the example for authors of modules. */
export const execute: Execute = function* (ctx) {
  ctx.getData()
  yield* ctx.params()
  return true
}
